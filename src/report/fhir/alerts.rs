//! Alerts, with who took them and what came of them.

use serde_json::{Value, json};

use super::document::{Document, Section, text};
use crate::report::RecordedAlert;
use crate::room::{AlertState, Outcome};
use crate::rules::Priority;

impl Document<'_> {
    pub(super) fn alerts(&mut self) -> Section {
        let record = self.record;
        let (mut entries, mut rows) = (Vec::new(), Vec::new());
        for alert in &record.alerts {
            rows.push(self.alert_row(alert));
            let resource = self.alert(alert);
            entries.push(self.add("DetectedIssue", &alert.id, resource));
        }
        Section { title: "Alerts", code: None, rows, entries }
    }

    fn alert(&mut self, alert: &RecordedAlert) -> Value {
        let severity = match alert.priority {
            Priority::High => "high",
            Priority::Medium => "moderate",
            Priority::Low => "low",
        };
        let mut mitigations = Vec::new();
        let mut add = |document: &mut Self, words: &str, at, by: &str| {
            let author = document.practitioner(by);
            let date = document.instant(at);
            mitigations.push(json!({"action": text(words), "date": date, "author": author}));
        };
        for taken in &alert.taken {
            let words = format!("Taken after {} s", (taken.after_ms + 500) / 1_000);
            add(self, &words, taken.at, &taken.by);
        }
        for silence in &alert.silences {
            add(self, &format!("Silenced for {} s", silence.seconds), silence.at, &silence.by);
        }
        if let Some(outcome) = &alert.outcome {
            let note = outcome.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            add(self, &format!("{}{note}", words(outcome.outcome)), outcome.at, &outcome.by);
        }
        json!({
            "identifier": [{"value": alert.id}],
            "status": if alert.state == AlertState::Resolved { "final" } else { "preliminary" },
            // One word for each condition, the same in every language of the screens.
            "code": text(alert.condition.name()),
            "severity": severity,
            "patient": self.patient(),
            "identifiedPeriod": self.period(alert.raised_at, alert.ended_at),
            "author": self.program(),
            "implicated": [self.reference("Procedure", "")],
            "detail": alert.text,
            "mitigation": mitigations,
        })
    }

    fn alert_row(&self, alert: &RecordedAlert) -> Vec<String> {
        let ended = alert.ended_at.map(|at| format!("over at {}", self.clock.hms(at)));
        let taken = alert.taken.first().map(|taken| {
            format!("taken by {} after {} s", taken.by, (taken.after_ms + 500) / 1_000)
        });
        let outcome = alert.outcome.as_ref().map(|outcome| words(outcome.outcome));
        let cells = [Some(alert.text.as_str()), ended.as_deref(), taken.as_deref(), outcome];
        let mut row = vec![self.clock.hms(alert.raised_at)];
        row.extend(cells.iter().map(|cell| cell.unwrap_or_default().to_owned()));
        row
    }
}

const fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ExpectedEffect => "Expected effect",
        Outcome::SensorResited => "Sensor resited",
        Outcome::BpRepeated => "Pressure repeated",
        Outcome::ClinicianCalled => "Clinician called",
        Outcome::FalseAlert => "False alert",
        Outcome::Other => "Other",
    }
}
