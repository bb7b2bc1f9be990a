//! The treatment, and everything that was given.

use serde_json::{Value, json};

use super::codes::{OXYGEN_FLOW, absent_extension, category, loinc, ucum_of};
use super::document::{Document, Section, quantity, text};
use crate::report::Run;
use crate::room::{EventType, ListedType, Phase};
use crate::vitals::{Decimal, Millis};

/// What was given at some time, or over some.
struct Administration<'a> {
    key: String,
    from: Millis,
    /// `None` for what was given at once.
    to: Option<Option<Millis>>,
    drug: Value,
    dose: Option<Value>,
    rate: Option<Value>,
    route: Option<&'a str>,
    by: &'a str,
    note: Option<&'a str>,
    status: &'static str,
}

impl Document<'_> {
    /// The treatment as a whole.
    pub(super) fn treatment(&mut self) -> Section {
        let record = self.record;
        let infusion = &record.infusion;
        let status = match (infusion.started_at, infusion.ended_at) {
            (None, _) if record.header.ended_at.is_some() => "not-done",
            (None, _) => "preparation",
            (Some(_), None) if record.header.phase == Phase::Paused => "on-hold",
            (Some(_), None) => "in-progress",
            (Some(_), Some(_)) if self.is_broken_off() => "stopped",
            (Some(_), Some(_)) => "completed",
        };
        let started_by = record.phases.iter().find(|span| span.phase == Phase::Infusing);
        let started_by = started_by.and_then(|span| self.practitioner(&span.by));
        let complications = record.adverse_events.iter().map(|event| text(&event.what.text));
        let monitors = record.header.devices.iter();
        let procedure = json!({
            "status": status,
            "statusReason": infusion.end_reason.as_deref().map(text),
            "code": text(&record.header.profile.title),
            "subject": self.patient(),
            "encounter": self.encounter(),
            "performedPeriod": infusion.started_at.map(|from| self.period(from, infusion.ended_at)),
            "performer": started_by.map(|who| json!([{"actor": who}])),
            "location": self.place(),
            "complication": complications.collect::<Vec<_>>(),
            "usedReference": monitors.filter_map(|m| self.monitor(m.device.as_str())).collect::<Vec<_>>(),
        });
        let entry = self.add("Procedure", "", procedure);
        Section {
            title: "Treatment",
            code: Some(("29554-3", "Procedure Narrative")),
            rows: self.treatment_rows(),
            entries: vec![entry],
        }
    }

    /// Infusion, devices, medicines and oxygen.
    pub(super) fn drugs(&mut self) -> Section {
        let record = self.record;
        let mut entries = Vec::new();
        let mut rows = Vec::new();
        let given_at_once = |n: u32| {
            record
                .events
                .iter()
                .any(|event| event.n == n && event.kind == ListedType::Event(EventType::Spray))
        };
        let is_spray = record.infusion.doses.iter().any(|dose| given_at_once(dose.n));
        if !is_spray {
            let mut before = 0.0;
            for run in &record.infusion.runs {
                let (entry, row) = self.run(run, &mut before);
                entries.push(entry);
                rows.push(row);
            }
        }
        let route = record.order.as_ref().and_then(|order| order.route.as_deref());
        for dose in &record.infusion.doses {
            let mut drug = self.study_drug();
            if let Some(lot) = dose.lot.as_deref().filter(|lot| !lot.trim().is_empty()) {
                let medication = json!({"code": drug["concept"], "batch": {"lotNumber": lot}});
                let key = format!("lot/{lot}");
                drug = json!({"reference": self.add("Medication", &key, medication)});
            }
            let mg = dose.mg.map(|mg| format!("{mg} mg"));
            rows.push(self.row(dose.at, &[mg.as_deref(), dose.lot.as_deref()], &dose.by));
            entries.push(self.administration(Administration {
                key: format!("dose/{}", dose.n),
                from: dose.at,
                to: None,
                drug,
                dose: dose.mg.map(|mg| quantity(mg, "mg", "mg")),
                rate: None,
                route,
                by: &dose.by,
                note: None,
                status: "completed",
            }));
        }
        for given in &record.medications {
            let what = &given.what;
            rows.push(self.row(given.at, &[Some(&what.words()), what.note.as_deref()], &given.by));
            entries.push(self.administration(Administration {
                key: format!("medication/{}", given.n),
                from: given.at,
                to: None,
                drug: json!({"concept": text(&what.drug)}),
                dose: what.dose.map(|dose| in_unit(dose, what.unit.as_deref())),
                rate: None,
                route: what.route.as_deref(),
                by: &given.by,
                note: what.note.as_deref(),
                status: "completed",
            }));
        }
        for oxygen in &record.oxygen {
            rows.push(self.row(oxygen.at, &[Some(&oxygen.what.words())], &oxygen.by));
            let observation = json!({
                "status": "final",
                "category": category("therapy"),
                "code": loinc(&[OXYGEN_FLOW], "Oxygen flow"),
                "subject": self.patient(),
                "encounter": self.encounter(),
                "effectiveDateTime": self.instant(oxygen.at),
                "performer": self.performer(&oxygen.by),
                "valueQuantity": quantity(oxygen.what.flow_l_min, "L/min", "L/min"),
                "method": oxygen.what.device.as_deref().map(text),
            });
            entries.push(self.add("Observation", &format!("oxygen/{}", oxygen.n), observation));
        }
        Section {
            title: "Given",
            code: Some(("29549-3", "Medication administered Narrative")),
            rows,
            entries,
        }
    }

    /// One stretch of the infusion at one rate. Its dose is its own: all of them make up what was
    /// given.
    fn run(&mut self, run: &Run, before_mg: &mut f64) -> (Value, Vec<String>) {
        let record = self.record;
        let by_hand = record
            .infusion
            .doses
            .iter()
            .filter(|dose| dose.at > run.from && run.to.is_none_or(|to| dose.at <= to));
        let by_hand: f64 = by_hand.filter_map(|dose| dose.mg).map(Decimal::as_f64).sum();
        let mg = run.mg_at_end.map(|end| {
            let own = end.as_f64() - *before_mg - by_hand;
            *before_mg = end.as_f64();
            own.max(0.0)
        });
        let dose = mg.and_then(|mg| Decimal::rounded(mg, 2));
        let begun = record.phases.iter().find(|span| span.from == run.from);
        let by = begun.map_or("", |span| span.by.as_str());
        let status = match run.to {
            None => "in-progress",
            Some(_) if record.infusion.runs.last() == Some(run) && self.is_broken_off() => {
                "stopped"
            }
            Some(_) => "completed",
        };
        let until = run.to.map_or_else(|| "running".to_owned(), |to| self.clock.hms(to));
        let rate = run.rate_ml_h.map(|rate| format!("{rate} mL/h"));
        let words = dose.map(|mg| format!("{mg} mg"));
        let row = self.row(run.from, &[Some(&until), rate.as_deref(), words.as_deref()], by);
        let drug = self.study_drug();
        let entry = self.administration(Administration {
            key: format!("run/{}", run.from.0),
            from: run.from,
            to: Some(run.to),
            drug,
            dose: dose.map(|mg| quantity(mg, "mg", "mg")),
            rate: run.rate_ml_h.map(|rate| quantity(rate, "mL/h", "mL/h")),
            route: record.order.as_ref().and_then(|order| order.route.as_deref()),
            by,
            note: None,
            status,
        });
        (entry, row)
    }

    /// What the session is for, as it was ordered or as the profile names it.
    fn study_drug(&self) -> Value {
        let ordered = self.record.order.as_ref().and_then(|order| order.order.drug.as_deref());
        let drug = ordered.or(self.record.header.profile.drug.as_deref());
        json!({"concept": drug.map_or_else(|| absent_extension("unknown"), text)})
    }

    fn administration(&mut self, given: Administration<'_>) -> Value {
        // A dosage without dose and rate would be none.
        let dosage = given.dose.is_some() || given.rate.is_some();
        let dosage = dosage.then(|| {
            json!({"route": given.route.map(text), "dose": given.dose, "rateQuantity": given.rate})
        });
        let performer = self.practitioner(given.by).map(|who| json!([{"actor": who}]));
        let mut resource = json!({
            "status": given.status,
            "partOf": [self.reference("Procedure", "")],
            "medicationCodeableConcept": given.drug["concept"],
            "medicationReference": given.drug["reference"],
            "subject": self.patient(),
            "context": self.encounter(),
            "performer": performer,
            "note": given.note.map(|note| json!([text(note)])),
            "dosage": dosage,
        });
        match given.to {
            None => resource["effectiveDateTime"] = json!(self.instant(given.from)),
            Some(to) => resource["effectivePeriod"] = self.period(given.from, to),
        }
        self.add("MedicationAdministration", &given.key, resource)
    }

    /// A row for people: when, what, who.
    pub(super) fn row(&self, at: Millis, cells: &[Option<&str>], by: &str) -> Vec<String> {
        let mut row = vec![self.clock.hms(at)];
        row.extend(cells.iter().map(|cell| cell.unwrap_or_default().to_owned()));
        row.push(by.to_owned());
        row
    }

    fn treatment_rows(&self) -> Vec<Vec<String>> {
        let record = self.record;
        let mut rows = vec![vec!["Profile".to_owned(), record.header.profile.title.clone()]];
        let mut add = |name: &str, words: String| rows.push(vec![name.to_owned(), words]);
        if let Some(order) = &record.order {
            let checked = order.checked_by.as_ref().map(|by| format!(", checked by {by}"));
            let ordered = order.order.ordered_by.as_ref().map(|by| format!(", ordered by {by}"));
            let words = [Some(order.order.words()), ordered, checked];
            add("Ordered", words.into_iter().flatten().collect());
        }
        if let Some(given) = &record.given {
            let percent = given.percent.map(|percent| format!(", {percent} % of the order"));
            add("Given", format!("{} mg{}", given.mg, percent.unwrap_or_default()));
        }
        for span in &record.phases {
            let to = span.to.map(|to| format!(" to {}", self.clock.hms(to))).unwrap_or_default();
            add(span.phase.words(), format!("{}{to}", self.clock.hms(span.from)));
        }
        for pause in &record.infusion.pauses {
            add(
                "Paused",
                format!("{} {}", self.clock.hms(pause.from), pause.reason.as_deref().unwrap_or("")),
            );
        }
        if let Some(reason) = &record.infusion.end_reason {
            add("Ended because", reason.clone());
        }
        rows
    }
}

/// A quantity in a unit as staff wrote it; of UCUM where that has it.
fn in_unit(value: Decimal, unit: Option<&str>) -> Value {
    match unit.and_then(|unit| Some((unit, ucum_of(unit)?))) {
        Some((unit, ucum)) => quantity(value, unit.trim(), ucum),
        None => json!({"value": value, "unit": unit}),
    }
}
