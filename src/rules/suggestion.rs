//! What staff may think of while an alert is active (clinical.md#wording).

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::condition::Priority;

/// Words that are shown as a task beside an alert, never as an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What staff read.
    pub text: String,
    /// Only while the alert has this priority or a higher one.
    #[serde(skip_serializing_if = "is_lowest")]
    pub from: Priority,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_lowest(priority: &Priority) -> bool {
    *priority == Priority::Low
}

/// Versions that clinics keep, and checkpoints, may hold the words alone: they are shown with every
/// alert of their condition.
impl<'de> Deserialize<'de> for Suggestion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Suggestion;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or { text = …, from = … }")
    }

    fn visit_str<E>(self, text: &str) -> Result<Suggestion, E> {
        Ok(Suggestion { text: text.to_owned(), from: Priority::Low })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Suggestion, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            text: String,
            #[serde(default = "lowest")]
            from: Priority,
        }
        let Table { text, from } = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Suggestion { text, from })
    }
}

fn lowest() -> Priority {
    Priority::Low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_alone_are_for_every_alert() {
        let words: Suggestion = serde_json::from_str(r#""Lie flat""#).unwrap();
        let table: Suggestion = serde_json::from_str(r#"{"text":"Lie flat"}"#).unwrap();
        assert_eq!(words, table);
        assert_eq!(words.from, Priority::Low);
        assert_eq!(serde_json::to_string(&words).unwrap(), r#"{"text":"Lie flat"}"#);
    }
}
