//! Scores, symptoms and adverse events.

use serde_json::json;

use super::codes::{SYMPTOM, category, hl7, loinc};
use super::document::{Document, Section, text};
use crate::report::words::severity;

impl Document<'_> {
    /// Scores that people gave. No code says what they are: a scale of 0 to 10 is the clinic's own.
    pub(super) fn scores(&mut self) -> Section {
        let record = self.record;
        let (mut entries, mut rows) = (Vec::new(), Vec::new());
        for score in &record.scores {
            let value = score.value.to_string();
            let note = score.note.as_deref();
            rows.push(self.row(score.at, &[Some(&score.text), Some(&value), note], &score.by));
            let resource = json!({
                "status": "final",
                "category": category("survey"),
                "code": text(&score.text),
                "subject": self.patient(),
                "encounter": self.encounter(),
                "effectiveDateTime": self.instant(score.at),
                "performer": self.performer(&score.by),
                "valueInteger": score.value,
                "note": note.map(|note| json!([text(note)])),
            });
            entries.push(self.add("Observation", &format!("score/{}", score.n), resource));
        }
        Section { title: "Scores", code: None, rows, entries }
    }

    /// Symptoms and adverse events.
    pub(super) fn adverse(&mut self) -> Section {
        let record = self.record;
        let (mut entries, mut rows) = (Vec::new(), Vec::new());
        for (n, symptom) in record.symptoms.iter().enumerate() {
            let to = symptom.to.map(|to| format!("to {}", self.clock.hms(to)));
            let note = symptom.note.as_deref();
            rows.push(self.row(
                symptom.from,
                &[Some(&symptom.text), to.as_deref(), note],
                &symptom.by,
            ));
            let resource = json!({
                "status": "final",
                "category": category("exam"),
                "code": loinc(&[SYMPTOM], "Symptom"),
                "subject": self.patient(),
                "encounter": self.encounter(),
                "effectivePeriod": self.period(symptom.from, symptom.to),
                "performer": self.performer(&symptom.by),
                "valueCodeableConcept": text(&symptom.text),
                "note": note.map(|note| json!([text(note)])),
            });
            entries.push(self.add("Observation", &format!("symptom/{n}"), resource));
        }
        for event in &record.adverse_events {
            let what = &event.what;
            let severity = severity(what.severity);
            let done = what.action.as_ref().map(|action| format!("Done: {action}"));
            let came = what.outcome.as_ref().map(|outcome| format!("Outcome: {outcome}"));
            let cells =
                [Some(what.text.as_str()), Some(severity), done.as_deref(), came.as_deref()];
            rows.push(self.row(event.at, &cells, &event.by));
            // FHIR has no place for what was done; its list of outcomes is not staff's words.
            let words = [Some(what.text.clone()), done, came];
            let words: Vec<_> = words.into_iter().flatten().filter(|w| !w.is_empty()).collect();
            let resource = json!({
                "actuality": "actual",
                "event": text(&words.join(". ")),
                "subject": self.patient(),
                "encounter": self.encounter(),
                "date": self.instant(event.at),
                "location": self.room_at(event.at),
                "severity": hl7("adverse-event-severity", severity),
                "recorder": self.practitioner(&event.by),
            });
            entries.push(self.add("AdverseEvent", &event.n.to_string(), resource));
        }
        Section { title: "Symptoms and adverse events", code: None, rows, entries }
    }
}
