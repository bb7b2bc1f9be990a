use serde_json::{Map, Value as Json};

use super::LineError;
use crate::json;
use crate::room::{Event, EventType};
use crate::vitals::Millis;
use crate::vitals::wire::parse_time;

/// An event as staff post it or a recording holds it, with the time at which it was done.
pub(crate) fn read_event(
    mut event: Map<String, Json>,
) -> Result<(Event, Option<Millis>), LineError> {
    let occurred_at = match event.remove("occurred_at") {
        None | Some(Json::Null) => None,
        Some(time) => Some(parse_time(&time).map_err(|problem| {
            LineError::of("occurred_at", format!("occurred_at {problem}, got {time}"))
        })?),
    };
    match event.get("type").and_then(Json::as_str) {
        Some(kind) if EventType::ALL.iter().any(|known| known.name() == kind) => {}
        other => {
            let got = other.map_or_else(|| "none".to_owned(), |kind| format!("{kind:?}"));
            let known = EventType::ALL.map(EventType::name).join(", ");
            let what = format!("event type must be one of {known}, got {got}");
            return Err(LineError::of("type", what));
        }
    }
    Ok((json::read_tagged(event, "type")?, occurred_at))
}
