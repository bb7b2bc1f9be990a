//! What of an entry is personal, and so is in its private part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use super::{Patient, write_checkpoint, write_input};
use crate::people::Person;
use crate::room::{EventWords, Input, Room, SessionWords};
use crate::vitals::Millis;

/// The private part of an entry, under the key that its body has for the rest.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys are those of the lines")]
pub enum Private {
    Open { patient: Patient },
    Event(EventWords),
    Outcome { note: String },
    Addendum { text: String },
    Removal { reason: String },
    Admission { message: String },
    Patient { person: Person },
    Checkpoint { state: PrivateState },
}

/// Where a checkpoint has the words of its session.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those of the state")]
pub struct PrivateState {
    pub stay: PrivateStay,
}

/// The stay of a [`PrivateState`].
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the key is that of the state")]
pub struct PrivateStay {
    pub session: SessionWords,
}

impl Private {
    /// As an entry has it.
    #[must_use]
    pub fn json(&self) -> String {
        json!(self).to_string()
    }
}

/// The line of an input and what of it is private.
#[must_use]
pub fn write_input_apart(at: Millis, input: &Input) -> (String, Option<Private>) {
    let Input::Staff { staff, event, occurred_at } = input else {
        return (write_input(at, input), None);
    };
    let (event, words) = event.parted();
    let public = Input::Staff { staff: staff.clone(), event, occurred_at: *occurred_at };
    (write_input(at, &public), words.map(Private::Event))
}

/// The line of a room's whole state and what of it is private.
#[must_use]
pub fn write_checkpoint_apart(at: Millis, room: &Room) -> (String, Option<Private>) {
    let (public, words) = room.parted();
    let private =
        |session| Private::Checkpoint { state: PrivateState { stay: PrivateStay { session } } };
    (write_checkpoint(at, &public), words.map(private))
}

/// The patient of an opening, from its private part. Once that was removed, nobody can tell.
///
/// # Errors
/// It is not that of an opening.
pub fn patient_of(private: Option<&str>) -> serde_json::Result<Patient> {
    #[derive(Deserialize)]
    struct Opened {
        open: Open,
    }
    #[derive(Deserialize)]
    struct Open {
        patient: Option<Patient>,
    }
    let opened = private.map(serde_json::from_str::<Opened>).transpose()?;
    Ok(opened.and_then(|opened| opened.open.patient).unwrap_or_default())
}

/// Puts the private part of an entry back into its body: objects are joined, anything else of the
/// private part takes the place of what the body has. Numbers keep every digit.
///
/// # Errors
/// One of them is not a JSON object.
pub fn merge_private(body: &str, private: &str) -> serde_json::Result<String> {
    let merged = joined(serde_json::from_str(body)?, serde_json::from_str(private)?)?;
    serde_json::to_string(&merged)
}

type Object = BTreeMap<String, Box<RawValue>>;

fn joined(mut body: Object, private: Object) -> serde_json::Result<Object> {
    let object = |value: &RawValue| serde_json::from_str::<Object>(value.get()).ok();
    for (key, value) in private {
        let both = body.get(&key).and_then(|public| Some((object(public)?, object(&value)?)));
        let value = match both {
            Some((public, private)) => serde_json::value::to_raw_value(&joined(public, private)?)?,
            None => value,
        };
        body.insert(key, value);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Line;

    /// Each thing that staff may write, with a word of it that nobody else writes.
    const WRITTEN: [&str; 20] = [
        r#"{"type":"note","text":"WORDS"}"#,
        r#"{"type":"start","override":{"reason":"WORDS"}}"#,
        r#"{"type":"accept_baseline","spo2":97,"override":{"reason":"WORDS"}}"#,
        r#"{"type":"pause","reason":"WORDS"}"#,
        r#"{"type":"stop","reason":"WORDS"}"#,
        r#"{"type":"abort","reason":"WORDS"}"#,
        r#"{"type":"transfer","reason":"WORDS"}"#,
        r#"{"type":"correct","event":1,"reason":"WORDS"}"#,
        r#"{"type":"limits","limits":{},"reason":"WORDS"}"#,
        r#"{"type":"symptom","symptom":"nausea","note":"WORDS"}"#,
        r#"{"type":"score","score":"moaa_s","value":4,"note":"WORDS"}"#,
        r#"{"type":"check_in","consent":true,"escort":{"name":"WORDS","phone":"WORDS"}}"#,
        r#"{"type":"check_in","consent":true,"allergies":"WORDS"}"#,
        r#"{"type":"check_in","consent":true,"override":{"reason":"WORDS"}}"#,
        r#"{"type":"screening","answers":{},"note":"WORDS"}"#,
        r#"{"type":"bolus","mg":5,"note":"WORDS"}"#,
        r#"{"type":"medication","drug":"ondansetron","note":"WORDS"}"#,
        r#"{"type":"spray","override":{"reason":"WORDS"}}"#,
        r#"{"type":"adverse_event","text":"WORDS","severity":"mild","action":"WORDS"}"#,
        r#"{"type":"discharge","override":{"reason":"WORDS"}}"#,
    ];

    #[test]
    fn what_staff_wrote_is_in_the_private_part_alone_and_both_together_are_the_line() {
        for event in WRITTEN {
            let line = format!(r#"{{"at":1000,"staff":"KM","event":{event}}}"#);
            let (at, Line::Input(input)) = Line::read(&line).unwrap() else { panic!("{line}") };
            let (body, private) = write_input_apart(at, &input);
            assert!(!body.contains("WORDS"), "{body}");
            assert!(
                Line::read(&body).is_ok(),
                "it is read also when the words were removed: {body}"
            );
            let private = private.unwrap().json();
            let whole = merge_private(&body, &private).unwrap();
            assert_eq!(Line::read(&whole).unwrap(), (at, Line::Input(input)), "{private}");
        }
    }

    #[test]
    fn an_event_without_words_has_no_private_part() {
        let line = r#"{"at":1000,"staff":"KM","event":{"type":"start"}}"#;
        let (at, Line::Input(input)) = Line::read(line).unwrap() else { panic!() };
        let (body, private) = write_input_apart(at, &input);
        assert_eq!(body, write_input(at, &input));
        assert!(private.is_none());
    }
}
