use std::collections::HashMap;

use serde::Deserialize;

use crate::contract::Battery;
use crate::room::ScreenKind;
use crate::vitals::{RoomId, ScreenName};
use crate::ward::{Hello, Introduction, Presence};

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
    /// Whether it is seen and heard, and what it is.
    Presence(Presence, Option<ScreenKind>, Option<Battery>),
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
        screen: Option<ScreenKind>,
        screen_id: Option<ScreenName>,
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
        screen: Option<ScreenKind>,
        battery: Option<RawBattery>,
    },
    Received {
        alert: String,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct RawBattery {
    percent: f64,
    #[serde(default)]
    charging: bool,
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
        Raw::Hello { version: _, rooms, epoch, revs, screen, screen_id } => {
            let rooms = match rooms {
                RawRooms::None | RawRooms::Word(All::All) => None,
                RawRooms::These(rooms) => Some(rooms),
            };
            let introduction = Introduction { name: screen_id, kind: screen };
            Word::Hello(Hello { rooms, epoch, revs, introduction })
        }
        Raw::Ping { sent_at } => Word::Ping(sent_at),
        Raw::Presence { audible, visible, quiet, screen, battery } => {
            let battery = battery.map(|RawBattery { percent, charging }| Battery {
                // Whatever it is, it fits.
                percent: percent.clamp(0.0, 100.0).round() as u8,
                charging,
            });
            Word::Presence(Presence { audible, visible, quiet }, screen, battery)
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
        let introduction = Introduction { kind: Some(ScreenKind::Station), name: None };
        let station = Hello { introduction, ..Hello::default() };
        assert_eq!(all, Ok(Word::Hello(station)));
        assert_eq!(read(r#"{"type":"hello"}"#), Ok(Word::Hello(Hello::default())));
        let newer = read(r#"{"type":"hello","version":2,"rooms":"all"}"#);
        assert_eq!(newer, Ok(Word::UnknownVersion(2.into())));
        let some = read(r#"{"type":"hello","rooms":["3"],"epoch":"k2f9","revs":{"3":8812}}"#);
        let room = RoomId::new("3").unwrap();
        let hello = Hello {
            rooms: Some(vec![room.clone()]),
            epoch: Some("k2f9".into()),
            revs: [(room, 8_812)].into(),
            ..Hello::default()
        };
        assert_eq!(some, Ok(Word::Hello(hello)));
    }

    #[test]
    fn a_screen_says_what_it_is_and_how_full_its_battery_is() {
        let named = read(r#"{"type":"hello","screen":"phone","screen_id":"k3f9"}"#);
        let Ok(Word::Hello(Hello { introduction, .. })) = named else { panic!("{named:?}") };
        assert_eq!(introduction.kind, Some(ScreenKind::Phone));
        assert_eq!(introduction.name, Some(ScreenName::new("k3f9").unwrap()));
        let newer = read(r#"{"type":"hello","screen":"watch"}"#);
        let Ok(Word::Hello(Hello { introduction, .. })) = newer else { panic!("{newer:?}") };
        assert_eq!(introduction.kind, Some(ScreenKind::Other), "a kind of a newer version");
        assert!(read(r#"{"type":"hello","screen_id":"a name of words"}"#).is_err());
        let battery = |json: &str| {
            let line = format!(r#"{{"type":"presence","screen":"phone","battery":{json}}}"#);
            let Ok(Word::Presence(_, Some(ScreenKind::Phone), battery)) = read(&line) else {
                panic!("{line}")
            };
            battery.map(|battery| (battery.percent, battery.charging))
        };
        assert_eq!(battery(r#"{"percent":82.6,"charging":true}"#), Some((83, true)));
        assert_eq!(battery(r#"{"percent":-4}"#), Some((0, false)));
        assert_eq!(battery(r#"{"percent":1e9}"#), Some((100, false)));
        assert_eq!(battery("null"), None);
    }

    #[test]
    fn presence_and_receipts_are_read() {
        let presence =
            read(r#"{"type":"presence","audible":true,"visible":true,"quiet":false,"lag_ms":12}"#);
        let expected = Presence { audible: true, visible: true, quiet: false };
        assert_eq!(presence, Ok(Word::Presence(expected, None, None)));
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
