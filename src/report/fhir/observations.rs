//! Pressures, values at cadence, values by hand.

use serde_json::{Value, json};

use super::codes::{self, DIASTOLIC, Loinc, MEAN, PRESSURE, SYSTOLIC, absent, category, loinc};
use super::document::{Document, Section, quantity, text};
use crate::report::{PressureSource, RecordedPressure, TableRow};
use crate::vitals::{Decimal, Millis, Vital};

/// Values of the table are medians of so long before.
const MEDIAN_MS: i64 = 30_000;

/// A value that was measured, without who did and when.
pub(super) struct OfVital {
    pub(super) vital: Vital,
    pub(super) value: Decimal,
}

impl Document<'_> {
    /// Everything that was measured, with what was missing.
    pub(super) fn vitals(&mut self) -> Section {
        let record = self.record;
        let (mut entries, mut rows) = (Vec::new(), Vec::new());
        for key in ["weight", "age"] {
            if self.has("Observation", key) {
                entries.push(self.reference("Observation", key));
            }
        }
        for (n, pressure) in record.pressures.iter().enumerate() {
            let status = if self.is_corrected(pressure) { "amended" } else { "final" };
            let resource = self.pressure(pressure, status);
            entries.push(self.add("Observation", &format!("pressure/{n}"), resource));
        }
        for measured in &record.by_hand {
            let value = OfVital { vital: measured.vital, value: measured.value };
            let mut resource = self.value(&value, "final");
            resource["effectiveDateTime"] = json!(self.instant(measured.at));
            resource["performer"] = self.performer(&measured.by);
            let key = format!("by_hand/{}/{}", measured.n, measured.vital.name());
            entries.push(self.add("Observation", &key, resource));
        }
        let trends = self.trends();
        for row in &record.table {
            entries.extend(self.table_row(row, &trends));
            rows.push(self.words_of(row));
        }
        entries.extend(trends.into_iter().flat_map(|trend| trend.entries));
        Section { title: "Vital signs", code: Some(("8716-3", "Vital signs")), rows, entries }
    }

    /// Whether it has other numbers than it first had.
    pub(super) fn is_corrected(&self, pressure: &RecordedPressure) -> bool {
        self.record.corrections.iter().any(|correction| {
            correction.now.is_some()
                && correction.pressure.as_ref().is_some_and(|original| {
                    original.at == pressure.at && original.source == pressure.source
                })
        })
    }

    /// A pressure as FHIR's profile has it: systolic and diastolic are there, or said to be absent.
    pub(super) fn pressure(&mut self, pressure: &RecordedPressure, status: &str) -> Value {
        let component = |code: Loinc, name: &str, value: Option<Decimal>| {
            let absent = value.is_none().then(|| absent(None));
            let value = value.map(|value| quantity(value, "mmHg", "mm[Hg]"));
            json!({"code": loinc(&[code], name), "valueQuantity": value, "dataAbsentReason": absent})
        };
        let mut components = vec![
            component(SYSTOLIC, "Systolic", pressure.systolic),
            component(DIASTOLIC, "Diastolic", pressure.diastolic),
        ];
        if pressure.mean.is_some() {
            components.push(component(MEAN, "Mean", pressure.mean));
        }
        let (performer, device) = match &pressure.source {
            PressureSource::Monitor { device } => (json!([]), self.monitor(device.as_str())),
            PressureSource::ByHand { by, .. } => (self.performer(by), None),
            PressureSource::Unknown => (json!([]), None),
        };
        let heard = (pressure.heard_at != pressure.at).then(|| self.instant(pressure.heard_at));
        json!({
            "status": status,
            "category": category("vital-signs"),
            "code": loinc(&[PRESSURE], "Blood pressure"),
            "subject": self.patient(),
            "encounter": self.encounter(),
            "effectiveDateTime": self.instant(pressure.at),
            "issued": heard,
            "performer": performer,
            "device": device,
            "component": components,
        })
    }

    /// A value of a vital; when and by whom comes with the caller.
    pub(super) fn value(&self, measured: &OfVital, status: &str) -> Value {
        let mut resource = self.of_vital(measured.vital, status);
        let (_, ucum) = codes::vital(measured.vital);
        resource["valueQuantity"] = quantity(measured.value, measured.vital.unit(), ucum);
        resource
    }

    /// An observation of a vital that has no value yet.
    pub(super) fn of_vital(&self, vital: Vital, status: &str) -> Value {
        // FHIR's list of vital signs has neither.
        let is_sign = !matches!(vital, Vital::Etco2 | Vital::PerfusionIndex);
        json!({
            "status": status,
            "category": category(if is_sign { "vital-signs" } else { "exam" }),
            "code": loinc(codes::vital(vital).0, codes::vital_text(vital)),
            "subject": self.patient(),
            "encounter": self.encounter(),
        })
    }

    /// What a row of the table has of monitors, pressures apart.
    fn table_row(&mut self, row: &TableRow, trends: &[super::trends::Drawn]) -> Vec<Value> {
        let columns = [
            (Vital::HeartRate, row.heart_rate),
            (Vital::Spo2, row.spo2),
            (Vital::RespRate, row.resp_rate),
        ];
        let mut entries = Vec::new();
        for (vital, value) in columns {
            let Some(value) = value.filter(|_| !row.by_hand.contains(&vital)) else { continue };
            let mut resource = self.value(&OfVital { vital, value }, "final");
            let from = Millis(row.at.0 - MEDIAN_MS);
            resource["effectivePeriod"] = self.period(from, Some(row.at));
            resource["method"] = text("Median of the good values of the 30 s before");
            resource["device"] = json!(self.only_monitor());
            let is_of = |trend: &&super::trends::Drawn| {
                trend.vital == vital || (trend.vital, vital) == (Vital::PulseRate, Vital::HeartRate)
            };
            let of = trends.iter().filter(is_of).filter_map(|trend| trend.curve.clone());
            resource["derivedFrom"] = of.collect();
            let key = format!("table/{}/{}", row.at.0, vital.name());
            entries.push(self.add("Observation", &key, resource));
        }
        entries
    }

    fn words_of(&self, row: &TableRow) -> Vec<String> {
        let pressure = row.pressure.as_ref().map(super::super::pressure);
        let with =
            |value: Option<Decimal>, name: &str| value.map(|value| format!("{name} {value}"));
        let scores = row.scores.iter().map(|score| format!("{} {}", score.score, score.value));
        let cells = [
            pressure.map(|pressure| format!("BP {pressure}")),
            with(row.heart_rate, "HR"),
            with(row.spo2, "SpO2"),
            with(row.resp_rate, "RR"),
            Some(scores.collect::<Vec<_>>().join(", ")),
            Some(row.notes.join(", ")),
        ];
        let mut words = vec![self.clock.hms(row.at)];
        words.extend(cells.into_iter().map(Option::unwrap_or_default));
        words
    }
}
