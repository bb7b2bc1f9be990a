//! A document in the making: its resources, their ids, and how they refer to each other.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::SessionRecord;
use super::super::words::Clock;
use crate::vitals::{Decimal, Millis, SessionId};

/// A part of the document, as people read it and as programs do.
pub(super) struct Section {
    pub(super) title: &'static str,
    /// LOINC's code for such a section and its name there, when it has one.
    pub(super) code: Option<(&'static str, &'static str)>,
    /// Rows of a table for people: cells from left to right.
    pub(super) rows: Vec<Vec<String>>,
    /// References to what is in it.
    pub(super) entries: Vec<Value>,
}

/// A document in the making.
pub(super) struct Document<'a> {
    pub(super) record: &'a SessionRecord,
    pub(super) clock: Clock,
    entries: Vec<Value>,
    /// URNs of what is in it.
    known: BTreeSet<String>,
    /// What all of its ids are made of.
    seed: String,
}

impl<'a> Document<'a> {
    pub(super) fn new(record: &'a SessionRecord) -> Self {
        let header = &record.header;
        let seed = match header.session == SessionId::recording() {
            // Of recordings that name no session, room and time keep two apart.
            true => format!("{}/{}/{}", header.session, header.room, header.opened_at.0),
            // A session keeps its id wherever it moves, and when the clock is set.
            false => header.session.to_string(),
        };
        let clock = Clock::of(header);
        Self { record, clock, entries: Vec::new(), known: BTreeSet::new(), seed }
    }

    /// The URN of a resource of this session: always the same one.
    pub(super) fn urn(&self, kind: &str, key: &str) -> String {
        format!("urn:uuid:{}", self.id(kind, key))
    }

    fn id(&self, kind: &str, key: &str) -> String {
        let hash = blake3::hash(format!("{}\n{kind}\n{key}", self.seed).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        named(bytes)
    }

    /// A reference to a resource, which somebody adds.
    pub(super) fn reference(&self, kind: &str, key: &str) -> Value {
        json!({"reference": self.urn(kind, key)})
    }

    pub(super) fn has(&self, kind: &str, key: &str) -> bool {
        self.known.contains(&self.urn(kind, key))
    }

    /// Adds a resource once, and says how others refer to it.
    pub(super) fn add(&mut self, kind: &str, key: &str, resource: Value) -> Value {
        if self.known.insert(self.urn(kind, key)) {
            self.entries.push(self.entry(kind, key, resource));
        }
        self.reference(kind, key)
    }

    /// Adds a resource before all others.
    pub(super) fn add_first(&mut self, kind: &str, key: &str, resource: Value) {
        self.known.insert(self.urn(kind, key));
        self.entries.insert(0, self.entry(kind, key, resource));
    }

    fn entry(&self, kind: &str, key: &str, mut resource: Value) -> Value {
        resource["resourceType"] = json!(kind);
        resource["id"] = json!(self.id(kind, key));
        json!({"fullUrl": self.urn(kind, key), "resource": resource})
    }

    pub(super) fn into_entries(self) -> Vec<Value> {
        self.entries
    }

    /// A FHIR instant, or dateTime: to the millisecond, with the clinic's offset.
    pub(super) fn instant(&self, at: Millis) -> String {
        self.clock.iso(at)
    }

    /// A FHIR Period.
    pub(super) fn period(&self, from: Millis, to: Option<Millis>) -> Value {
        json!({"start": self.instant(from), "end": to.map(|to| self.instant(to))})
    }

    pub(super) fn patient(&self) -> Value {
        self.reference("Patient", "")
    }

    pub(super) fn encounter(&self) -> Value {
        self.reference("Encounter", "")
    }
}

/// A quantity with a unit of UCUM.
pub(super) fn quantity(value: Decimal, unit: &str, ucum: &str) -> Value {
    json!({"value": value, "unit": unit, "system": super::codes::UCUM, "code": ucum})
}

/// A concept that has words and no code.
pub(super) fn text(words: &str) -> Value {
    json!({"text": words})
}

/// Without what is empty: FHIR has no null, no empty text and no empty list.
pub(super) fn cleaned(value: Value) -> Value {
    match value {
        Value::Array(all) => {
            Value::Array(all.into_iter().map(cleaned).filter(|one| !is_empty(one)).collect())
        }
        Value::Object(all) => {
            let all = all.into_iter().map(|(key, value)| (key, cleaned(value)));
            Value::Object(all.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Bytes as an id of version 8, whose bits are those of whoever makes it.
fn named(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = |part: &[u8]| part.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let parts = [&bytes[..4], &bytes[4..6], &bytes[6..8], &bytes[8..10], &bytes[10..]];
    parts.map(hex).join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_a_uuid_of_version_8() {
        let bytes = std::array::from_fn(|n| (n * 17) as u8);
        assert_eq!(named(bytes), "00112233-4455-8677-8899-aabbccddeeff");
        assert_eq!(named([0xff; 16]), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    }

    #[test]
    fn what_is_empty_is_left_out_and_what_holds_only_that_too() {
        let all = json!({"a": null, "b": " ", "c": [{"d": []}, {"e": {"f": null}}], "g": 0, "h": [null, false]});
        assert_eq!(cleaned(all), json!({"g": 0, "h": [false]}));
    }
}
