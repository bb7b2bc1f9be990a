//! What is removed from a session on request, and what is left of it in lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::vitals::Millis;

/// That something was removed, by whom and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Removal {
    /// When.
    pub at: Millis,
    /// By initials; `null` when the program did it, as configured.
    #[schema(required)]
    pub by: Option<String>,
    /// Why, as they wrote it.
    pub reason: String,
}

/// What was removed of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemovedPart {
    /// Personal details: who it was, and what staff wrote in their own words.
    Personal,
    /// All of it.
    Session,
}

type Fields = BTreeMap<String, Box<RawValue>>;

/// What a list shows in place of a text that was removed; initials are left empty.
const NOTHING: &str = "";
/// Lists and facts of a session that leave with it.
const LISTS: [&str; 11] = [
    "addenda",
    "adverse_events",
    "doses",
    "events",
    "gates",
    "medications",
    "personal_limits",
    "scores",
    "symptoms",
    "tasks",
    "waived",
];
const FACTS: [&str; 6] = ["baseline", "given", "order", "oxygen", "peak", "stated"];

/// A session as `GET sessions/{id}` shows it, without who it was and without what staff wrote.
///
/// # Errors
/// It is not a session.
pub fn without_personal(session: &str) -> serde_json::Result<String> {
    let mut fields: Fields = serde_json::from_str(session)?;
    unnamed(&mut fields)?;
    let each = |fields: &mut Fields, list: &str, change: &dyn Fn(&mut Fields)| {
        let Some(raw) = fields.get(list) else { return Ok(()) };
        let mut items: Vec<Fields> = serde_json::from_str(raw.get())?;
        items.iter_mut().for_each(change);
        fields.insert(list.to_owned(), to_raw_value(&items)?);
        Ok::<_, serde_json::Error>(())
    };
    let emptied = |item: &mut Fields, key: &str| {
        if item.contains_key(key) {
            item.extend(to_raw_value(NOTHING).map(|raw| (key.to_owned(), raw)));
        }
    };
    each(&mut fields, "events", &|event| {
        // The text may hold staff's words; what kind of event it was stays.
        let kind = event.get("type").and_then(|raw| serde_json::from_str(raw.get()).ok());
        let kind: String = kind.unwrap_or_default();
        let mut words = kind.replace('_', " ");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        event.extend(to_raw_value(&words).map(|raw| ("text".to_owned(), raw)));
    })?;
    each(&mut fields, "personal_limits", &|limit| {
        limit.extend(to_raw_value(&()).map(|raw| ("reason".to_owned(), raw)));
    })?;
    each(&mut fields, "adverse_events", &|event| {
        emptied(event, "text");
        event.remove("action");
        event.remove("outcome");
    })?;
    each(&mut fields, "medications", &|given| drop(given.remove("note")))?;
    each(&mut fields, "waived", &|waived| emptied(waived, "reason"))?;
    each(&mut fields, "addenda", &|added| emptied(added, "text"))?;
    if let Some(raw) = fields.get("stated")
        && let Some(mut stated) = serde_json::from_str::<Option<Fields>>(raw.get())?
    {
        for key in ["allergies", "escort"] {
            stated.insert(key.to_owned(), to_raw_value(&())?);
        }
        fields.insert("stated".to_owned(), to_raw_value(&stated)?);
    }
    serde_json::to_string(&fields)
}

/// What is left of a session that was deleted: that there was one, where, when and under which
/// profile.
///
/// # Errors
/// It is not a session.
pub fn stub(session: &str) -> serde_json::Result<String> {
    let mut fields: Fields = serde_json::from_str(session)?;
    unnamed(&mut fields)?;
    for list in LISTS {
        fields.insert(list.to_owned(), to_raw_value(&[(); 0])?);
    }
    for fact in FACTS {
        fields.insert(fact.to_owned(), to_raw_value(&())?);
    }
    for of_now in ["limits", "cadence_s", "next_nibp_due"] {
        fields.remove(of_now);
    }
    serde_json::to_string(&fields)
}

/// The same session, saying what was removed of it.
///
/// # Errors
/// It is not a session.
pub fn marked(session: &str, part: RemovedPart) -> serde_json::Result<String> {
    let mut fields: Fields = serde_json::from_str(session)?;
    fields.insert("removed".to_owned(), to_raw_value(&part)?);
    serde_json::to_string(&fields)
}

fn unnamed(fields: &mut Fields) -> serde_json::Result<()> {
    fields.insert("initials".to_owned(), to_raw_value(NOTHING)?);
    fields.insert("patient".to_owned(), to_raw_value(&json!({"initials": NOTHING}))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn session() -> String {
        json!({
            "id": "s", "room": "3", "phase": "discharged", "opened_at": 1, "initials": "WORDS",
            "title": "Ketamine", "limits": {}, "baseline": {"spo2": 97}, "planned_s": 2400,
            "personal_limits": [{"condition": "hr_low", "reason": "WORDS", "by": "KM"}],
            "events": [{"n": 1, "at": 2, "type": "rate_change", "by": "KM", "text": "WORDS"},
                {"n": 2, "at": 3, "type": "note", "by": "KM", "text": "WORDS"}],
            "stated": {"series": null, "escort": {"name": "WORDS", "phone": "WORDS"},
                "allergies": "WORDS", "weight_kg": 70.50},
            "medications": [{"at": 4, "by": "KM", "drug": "ondansetron", "note": "WORDS"}],
            "adverse_events": [{"at": 5, "by": "KM", "text": "WORDS", "severity": "mild",
                "action": "WORDS", "outcome": "WORDS"}],
            "waived": [{"gate": "start", "reason": "WORDS", "by": "KM"}],
            "addenda": [{"n": 7, "at": 6, "by": "KM", "text": "WORDS", "after_sign_off": true}],
            "patient": {"initials": "WORDS", "age": 44, "id": "WORDS", "course": "WORDS",
                "last": {"remarks": [{"text": "WORDS"}]}},
            "doses": [{"at": 8, "mg": 5}], "given": {"mg": 12}, "signed_off": null,
        })
        .to_string()
    }

    #[test]
    fn who_it_was_and_what_staff_wrote_go_and_what_was_measured_and_done_stays() {
        let left = without_personal(&session()).unwrap();
        assert!(!left.contains("WORDS"), "{left}");
        let left: Value = serde_json::from_str(&left).unwrap();
        assert_eq!(left["events"][0]["text"], "Rate change");
        assert_eq!(left["patient"], json!({"initials": ""}));
        assert_eq!(left["stated"]["weight_kg"], 70.5);
        assert_eq!(left["medications"][0]["drug"], "ondansetron");
        assert_eq!(left["adverse_events"][0]["severity"], "mild");
        assert_eq!((&left["given"]["mg"], &left["waived"][0]["by"]), (&json!(12), &json!("KM")));
    }

    #[test]
    fn of_a_deleted_session_it_is_left_that_there_was_one() {
        let left = stub(&session()).unwrap();
        let left = marked(&left, RemovedPart::Session).unwrap();
        assert!(!left.contains("WORDS") && !left.contains("KM"), "{left}");
        let left: Value = serde_json::from_str(&left).unwrap();
        assert_eq!((&left["id"], &left["room"]), (&json!("s"), &json!("3")));
        assert_eq!((&left["removed"], &left["events"]), (&json!("session"), &json!([])));
        assert_eq!(left["given"], Value::Null);
    }

    #[test]
    fn what_is_no_session_is_refused() {
        for bad in ["", "[]", "nonsense", r#"{"events":5}"#] {
            assert!(without_personal(bad).is_err(), "{bad}");
        }
        assert!(stub("[]").is_err() && marked("7", RemovedPart::Personal).is_err());
    }
}
