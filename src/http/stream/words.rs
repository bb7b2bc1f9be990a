use std::collections::HashMap;

use serde::Deserialize;

use crate::vitals::RoomId;
use crate::ward::{Hello, Presence};

/// The version of the stream that this server speaks.
const VERSION: u32 = 1;

/// What a screen sends (design.md#the-stream).
#[derive(Debug, PartialEq)]
pub(super) enum Word {
    /// What it wants to see.
    Hello(Hello),
    /// The same in a version of the stream that is not ours.
    UnknownVersion(serde_json::Value),
    /// Asks whether the server is there; the number is returned.
    Ping(serde_json::Number),
    /// Whether it is seen and heard.
    Presence(Presence),
    /// It shows this alert.
    Received(String),
    /// Something from a newer version.
    Unknown,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Raw {
    Hello {
        #[serde(default)]
        version: Option<serde_json::Value>,
        #[serde(default)]
        rooms: RawRooms,
        epoch: Option<String>,
        #[serde(default)]
        revs: HashMap<RoomId, u64>,
    },
    Ping {
        sent_at: serde_json::Number,
    },
    Presence {
        #[serde(default)]
        audible: bool,
        #[serde(default)]
        visible: bool,
        #[serde(default)]
        quiet: bool,
    },
    Received {
        alert: String,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Default, Deserialize)]
#[serde(untagged, expecting = "rooms must be \"all\" or a list of rooms' ids")]
enum RawRooms {
    #[default]
    None,
    Word(All),
    These(Vec<RoomId>),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum All {
    All,
}

/// Reads one line.
pub(super) fn read(line: &str) -> Result<Word, String> {
    let raw: Raw = serde_json::from_str(line).map_err(|error| {
        let text = error.to_string();
        text.split(" at line ").next().unwrap_or_default().to_owned()
    })?;
    Ok(match raw {
        Raw::Hello { version: Some(version), .. } if version != VERSION => {
            Word::UnknownVersion(version)
        }
        Raw::Hello { rooms, epoch, revs, .. } => {
            let rooms = match rooms {
                RawRooms::None | RawRooms::Word(All::All) => None,
                RawRooms::These(rooms) => Some(rooms),
            };
            Word::Hello(Hello { rooms, epoch, revs })
        }
        Raw::Ping { sent_at } => Word::Ping(sent_at),
        Raw::Presence { audible, visible, quiet } => {
            Word::Presence(Presence { audible, visible, quiet })
        }
        Raw::Received { alert } => Word::Received(alert),
        Raw::Unknown => Word::Unknown,
    })
}

/// The `hello` of this line; `Err` when it is not a message at all.
#[cfg(any(test, fuzzing))]
pub(super) fn hello(line: &str) -> Result<Option<Hello>, String> {
    read(line).map(|word| match word {
        Word::Hello(hello) => Some(hello),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_says_what_it_wants_and_what_it_has() {
        let all = read(r#"{"type":"hello","version":1,"rooms":"all","screen":"station"}"#);
        assert_eq!(all, Ok(Word::Hello(Hello::default())));
        assert_eq!(read(r#"{"type":"hello"}"#), Ok(Word::Hello(Hello::default())));
        let newer = read(r#"{"type":"hello","version":2,"rooms":"all"}"#);
        assert_eq!(newer, Ok(Word::UnknownVersion(2.into())));
        let some = read(r#"{"type":"hello","rooms":["3"],"epoch":"k2f9","revs":{"3":8812}}"#);
        let room = RoomId::new("3").unwrap();
        let hello = Hello {
            rooms: Some(vec![room.clone()]),
            epoch: Some("k2f9".into()),
            revs: [(room, 8_812)].into(),
        };
        assert_eq!(some, Ok(Word::Hello(hello)));
    }

    #[test]
    fn presence_and_receipts_are_read() {
        let presence =
            read(r#"{"type":"presence","audible":true,"visible":true,"quiet":false,"lag_ms":12}"#);
        let expected = Presence { audible: true, visible: true, quiet: false };
        assert_eq!(presence, Ok(Word::Presence(expected)));
        let received = read(r#"{"type":"received","alert":"s-a1"}"#);
        assert_eq!(received, Ok(Word::Received("s-a1".into())));
        let ping = read(r#"{"type":"ping","sent_at":1790000000123}"#);
        assert_eq!(ping, Ok(Word::Ping(1_790_000_000_123_i64.into())));
    }

    #[test]
    fn newer_words_are_ignored_and_nonsense_is_not() {
        assert_eq!(read(r#"{"type":"wave","hand":"left"}"#), Ok(Word::Unknown));
        for bad in [
            "",
            "nonsense",
            "[]",
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"hello","rooms":"some"}"#,
            r#"{"type":"hello","rooms":["a b"]}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
