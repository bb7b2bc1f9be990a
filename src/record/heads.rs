//! How far chains reach: the number and the hash of their last entries. Whoever keeps these can prove
//! that nothing before them has changed, and that nothing behind them is all there ever was.
//!
//! They are noted in the chain `clinic`, `{"at":…,"heads":{"room/3":{"seq":48210,"hash":"…"}}}`, for
//! each other chain that has grown since the note before, and kept in a file beside the database.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Chain, ChainHash, Entry};
use crate::vitals::Millis;

/// The last entry of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub hash: ChainHash,
}

/// Those of several chains.
pub type Heads = BTreeMap<Chain, Head>;

/// The entry of the chain `clinic` that notes them.
#[must_use]
pub fn note_of_heads(at: Millis, heads: &Heads) -> Entry {
    Entry { at, body: json!({"at": at, "heads": heads}).to_string(), ..Entry::default() }
}

/// The entry of the chain `clinic` that says which noted entries were not there when the record was
/// opened, and how far those chains reached then.
#[must_use]
pub fn note_of_missed(at: Millis, missed: &Heads, found: &BTreeMap<Chain, u64>) -> Entry {
    let body = json!({"at": at, "heads_missed": missed, "heads_found": found}).to_string();
    Entry { at, body, ..Entry::default() }
}

/// What an entry of the chain `clinic` says of how far chains reach.
#[derive(Debug, Default, Deserialize)]
pub struct HeadsNote {
    /// So far they reached.
    #[serde(default)]
    pub heads: Heads,
    /// So far they had reached, as was noted elsewhere, and this was not there any more.
    #[serde(default)]
    pub heads_missed: Heads,
    /// So far they reached then; not at all where there is no number.
    #[serde(default)]
    pub heads_found: BTreeMap<Chain, u64>,
    /// An administrator goes on without what is missing of these.
    #[serde(default)]
    pub heads_accepted: Accepted,
}

/// Chains with which somebody goes on as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The chains.
    #[serde(default)]
    pub chains: Vec<Chain>,
}

impl HeadsNote {
    /// What the body of an entry says; nothing for most.
    #[must_use]
    pub fn read(body: &str) -> Self {
        // Most bodies are about something else, and need not be parsed to see it.
        if !body.contains("\"heads") {
            return Self::default();
        }
        serde_json::from_str(body).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::RoomId;

    #[test]
    fn a_note_reads_back_as_it_is_written() {
        let room = Chain::Room(RoomId::new("3").unwrap());
        let head = Head { seq: 7, hash: ChainHash::root(&room) };
        let heads = Heads::from([(room.clone(), head)]);
        let entry = note_of_heads(Millis(5), &heads);
        let written =
            format!(r#"{{"at":5,"heads":{{"room/3":{{"hash":"{}","seq":7}}}}}}"#, head.hash);
        assert_eq!(entry.body, written);
        assert_eq!(HeadsNote::read(&entry.body).heads, heads);
        let found = BTreeMap::from([(room.clone(), 3)]);
        let missed = HeadsNote::read(&note_of_missed(Millis(5), &heads, &found).body);
        assert_eq!((missed.heads_missed, missed.heads_found), (heads, found));
        let accepted = r#"{"at":5,"heads_accepted":{"chains":["clinic","room/3"]}}"#;
        assert_eq!(HeadsNote::read(accepted).heads_accepted.chains, [Chain::Clinic, room]);
    }

    #[test]
    fn whatever_else_a_body_says_is_no_note() {
        for body in ["", "{}", r#"{"heads":3}"#, r#"{"heads":{"room/3":{"seq":7,"hash":"0"}}}"#] {
            let note = HeadsNote::read(body);
            assert!(note.heads.is_empty() && note.heads_accepted.chains.is_empty(), "{body}");
        }
    }
}
