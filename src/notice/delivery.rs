use serde::{Deserialize, Serialize};

use super::{Audience, Step};
use crate::room::AlertState;
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, RoomId};

/// What one channel is to say about one step of an alert. It is stored until it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The same each time it is tried, also after a restart: see [`delivery_id`].
    pub id: String,
    /// The channel.
    pub channel: String,
    /// The alert's public id.
    pub alert: String,
    /// The room; none for an alert of the ward.
    pub room: Option<RoomId>,
    /// The alert's priority at that step.
    pub priority: Priority,
    /// What the alert is about.
    pub condition: Condition,
    /// Whether its condition held.
    pub state: AlertState,
    /// What happened to it.
    pub step: Step,
    /// Who should hear of it.
    pub audience: Audience,
    /// The nurses among them, by initials; when it is empty, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// When it happened.
    pub at: Millis,
    /// How many times this step of the alert has happened, from 1.
    pub n: u32,
    /// The patient's initials, where the clinic wants them to leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
}

/// The id of a delivery: made of what it is about alone, so that a run that does not know that it
/// was said says it under the same id, and the receiver can tell that it is one.
#[must_use]
pub fn delivery_id(alert: &str, step: Step, channel: &str, n: u32) -> String {
    let about = [alert, step.name(), channel, &n.to_string()].join("\n");
    blake3::hash(about.as_bytes()).to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_what_it_is_about_and_of_nothing_else() {
        let id = delivery_id("s-a1", Step::Raised, "pager", 1);
        assert_eq!(id, delivery_id("s-a1", Step::Raised, "pager", 1));
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        for other in [
            delivery_id("s-a2", Step::Raised, "pager", 1),
            delivery_id("s-a1", Step::Repeat, "pager", 1),
            delivery_id("s-a1", Step::Raised, "email", 1),
            delivery_id("s-a1", Step::Raised, "pager", 2),
        ] {
            assert_ne!(id, other);
        }
    }
}
