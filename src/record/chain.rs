use std::fmt;
use std::str::FromStr;

use crate::vitals::RoomId;

/// One sequence of entries, numbered from 1 and linked by hashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// What has no room: unbound readings, bindings, profiles, staff, tokens, audit.
    Clinic,
    /// What happened in a room.
    Room(RoomId),
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clinic => f.write_str("clinic"),
            Self::Room(room) => write!(f, "room/{room}"),
        }
    }
}

/// A text that names no chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no chain: write `clinic` or `room/` and the room's id")]
pub struct NoSuchChain(String);

impl FromStr for Chain {
    type Err = NoSuchChain;

    fn from_str(text: &str) -> Result<Self, NoSuchChain> {
        let room = || RoomId::new(text.strip_prefix("room/")?).ok();
        match text {
            "clinic" => Ok(Self::Clinic),
            _ => room().map(Self::Room).ok_or_else(|| NoSuchChain(text.chars().take(64).collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_reads_back_as_it_is_written() {
        for text in ["clinic", "room/3", "room/clinic"] {
            assert_eq!(text.parse::<Chain>().unwrap().to_string(), text);
        }
        for bad in ["", "3", "room/", "room/a b", "clinic/1"] {
            assert!(bad.parse::<Chain>().is_err(), "{bad}");
        }
    }
}
