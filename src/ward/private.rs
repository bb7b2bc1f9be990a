//! What of a line is personal, and so stands in the private part of its entry.

use serde_json::{Value as Json, json};

use crate::room::Input;

/// What staff wrote in their own words is personal: it stands in the private part.
pub(super) fn without_words(body: String, input: &Input) -> (String, Option<String>) {
    let Input::Staff { .. } = input else { return (body, None) };
    let Ok(mut line) = serde_json::from_str::<Json>(&body) else { return (body, None) };
    let mut words = serde_json::Map::new();
    if let Some(event) = line.get_mut("event").and_then(Json::as_object_mut) {
        for key in ["text", "reason", "note"] {
            words.extend(event.remove(key).map(|value| (key.to_owned(), value)));
        }
        // That staff went on all the same changes limits and stays; why they did is words.
        let overrides = event.get_mut("override").and_then(Json::as_object_mut);
        if let Some(reason) = overrides.and_then(|overrides| overrides.remove("reason")) {
            words.insert("override".to_owned(), json!({ "reason": reason }));
        }
    }
    if words.is_empty() {
        return (body, None);
    }
    (line.to_string(), Some(json!({ "event": words }).to_string()))
}

pub(super) fn without_words_of_session(checkpoint: &str) -> (String, Option<String>) {
    let Ok(mut line) = serde_json::from_str::<Json>(checkpoint) else {
        return (checkpoint.to_owned(), None);
    };
    let session = line.pointer_mut("/checkpoint/state/stay/session");
    let Some(session) = session.and_then(Json::as_object_mut) else {
        return (checkpoint.to_owned(), None);
    };
    let mut words = serde_json::Map::new();
    for (key, empty) in [("events", json!([])), ("reasons", json!({}))] {
        words.extend(session.insert(key.to_owned(), empty).map(|was| (key.to_owned(), was)));
    }
    let private = json!({"checkpoint": {"state": {"stay": {"session": words}}}});
    (line.to_string(), Some(private.to_string()))
}
