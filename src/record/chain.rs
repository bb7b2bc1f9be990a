use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::vitals::RoomId;

/// One sequence of entries, numbered from 1 and linked by hashes. As JSON, its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

impl TryFrom<String> for Chain {
    type Error = NoSuchChain;

    fn try_from(text: String) -> Result<Self, NoSuchChain> {
        text.parse()
    }
}

impl From<Chain> for String {
    fn from(chain: Chain) -> Self {
        chain.to_string()
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
