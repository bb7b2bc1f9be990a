//! What was corrected or taken back: the original stays, marked, with who changed it and why.

use serde_json::{Value, json};

use super::codes::{category, hl7};
use super::document::{Document, Section, text};
use super::observations::OfVital;
use crate::report::{PressureSource, RecordedEvent, RecordedPressure, WithdrawnEntry};
use crate::room::{EventType, ListedType};
use crate::vitals::{Millis, Observation, Value as Reading, Vital};

/// Who changed something, when and why.
struct Change<'a> {
    at: Millis,
    by: &'a str,
    reason: Option<&'a str>,
}

/// Marks what counts no more.
const IN_ERROR: &str = "entered-in-error";

impl Document<'_> {
    pub(super) fn corrections(&mut self) -> Section {
        let record = self.record;
        let (mut entries, mut rows) = (Vec::new(), Vec::new());
        for (n, correction) in record.corrections.iter().enumerate() {
            let now = correction.now.as_deref().unwrap_or("taken back");
            let of = format!("of {}", self.clock.hms(correction.of));
            let cells = [
                Some(of.as_str()),
                Some(&correction.original),
                Some(now),
                correction.reason.as_deref(),
            ];
            rows.push(self.row(correction.at, &cells, &correction.by));
            let Some(original) = &correction.pressure else { continue };
            let is_entry = matches!(original.source, PressureSource::ByHand { .. });
            if is_entry && correction.now.is_none() {
                // An entry that was withdrawn: it is among the events.
                continue;
            }
            let resource = self.pressure(original, IN_ERROR);
            let original_is = self.add("Observation", &format!("original/{n}"), resource);
            let change = Change {
                at: correction.at,
                by: &correction.by,
                reason: correction.reason.as_deref(),
            };
            let now = correction.now.is_some().then(|| self.now(original)).flatten();
            self.changed(&format!("correction/{n}"), original_is.clone(), now, &change);
            entries.push(original_is);
        }
        for event in &record.events {
            if let Some(withdrawn) = &event.withdrawn {
                entries.extend(self.withdrawn(event, withdrawn));
            }
        }
        Section { title: "Corrected or taken back", code: None, rows, entries }
    }

    /// The pressure that has the place of this one.
    fn now(&self, original: &RecordedPressure) -> Option<Value> {
        let is_it = |p: &RecordedPressure| p.at == original.at && p.source == original.source;
        let n = self.record.pressures.iter().position(is_it)?;
        Some(self.reference("Observation", &format!("pressure/{n}")))
    }

    /// An entry of staff that was withdrawn.
    fn withdrawn(&mut self, event: &RecordedEvent, withdrawn: &WithdrawnEntry) -> Vec<Value> {
        let ListedType::Event(kind) = event.kind else { return Vec::new() };
        let key = format!("withdrawn/{}", event.n);
        let all = match kind {
            EventType::ManualVitals => self.withdrawn_values(event, &key),
            EventType::Medication | EventType::Bolus | EventType::Spray => {
                let performer = self.practitioner(&event.by).map(|who| json!([{"actor": who}]));
                let resource = json!({
                    "status": IN_ERROR,
                    "medicationCodeableConcept": text(&event.text),
                    "subject": self.patient(),
                    "context": self.encounter(),
                    "effectiveDateTime": self.instant(event.at),
                    "performer": performer,
                });
                vec![self.add("MedicationAdministration", &key, resource)]
            }
            kind => {
                let resource = json!({
                    "status": IN_ERROR,
                    "category": category("exam"),
                    "code": text(&kind.name().replace('_', " ")),
                    "subject": self.patient(),
                    "encounter": self.encounter(),
                    "effectiveDateTime": self.instant(event.at),
                    "performer": self.performer(&event.by),
                    "valueString": event.text,
                });
                vec![self.add("Observation", &key, resource)]
            }
        };
        let change =
            Change { at: withdrawn.at, by: &withdrawn.by, reason: withdrawn.reason.as_deref() };
        for (n, target) in all.iter().enumerate() {
            self.changed(&format!("{key}/{n}"), target.clone(), None, &change);
        }
        all
    }

    fn withdrawn_values(&mut self, event: &RecordedEvent, key: &str) -> Vec<Value> {
        let readings = event.values.map(|values| values.readings()).unwrap_or_default();
        let mut all = Vec::new();
        for reading in readings {
            let Observation::Measured(value, _) = reading.observation else { continue };
            let resource = match value {
                Reading::Pressure(pressure) => {
                    let source = PressureSource::ByHand { by: event.by.clone(), n: event.n };
                    let (at, heard_at) = (event.at, event.entered_at);
                    let (systolic, diastolic) = (pressure.systolic, pressure.diastolic);
                    let mean = pressure.mean;
                    let measured =
                        RecordedPressure { at, heard_at, systolic, diastolic, mean, source };
                    self.pressure(&measured, IN_ERROR)
                }
                Reading::Number(value) => {
                    let vital: Vital = reading.vital;
                    let mut resource = self.value(&OfVital { vital, value }, IN_ERROR);
                    resource["effectiveDateTime"] = json!(self.instant(event.at));
                    resource["performer"] = self.performer(&event.by);
                    resource
                }
            };
            let key = format!("{key}/{}", reading.vital.name());
            all.push(self.add("Observation", &key, resource));
        }
        all
    }

    /// Who changed `original`, and what has its place now.
    fn changed(&mut self, key: &str, original: Value, now: Option<Value>, change: &Change<'_>) {
        let who = match self.monitor(change.by) {
            Some(monitor) => monitor,
            // FHIR asks for somebody; the record may not know whom.
            None => {
                self.practitioner(change.by).unwrap_or_else(|| json!({"display": "not recorded"}))
            }
        };
        let entity = now.is_some().then(|| json!([{"role": "revision", "what": original.clone()}]));
        let operation = if now.is_some() { "UPDATE" } else { "NULLIFY" };
        let provenance = json!({
            "target": [now.unwrap_or(original)],
            "recorded": self.instant(change.at),
            "activity": hl7("v3-DataOperation", operation),
            "reason": change.reason.map(|reason| json!([text(reason)])),
            "agent": [{"who": who}],
            "entity": entity,
        });
        self.add("Provenance", key, provenance);
    }
}
