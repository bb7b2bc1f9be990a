//! The results of a session, each with a name that stays its own in every later message.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codes::Measure;
use crate::report::{PressureSource, RecordedPressure, SessionRecord};
use crate::room::{EventType, ListedType};
use crate::vitals::{Decimal, Millis, Vital};

/// The most results of one message; further ones are left out, and a comment says so.
pub(super) const MOST_RESULTS: usize = 10_000;

/// A result as it was sent: kept, so that a later message can say what of it is corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledResult {
    /// OBX-4: which measurement of the session it is of, such as `p1763726400000`.
    #[serde(rename = "of")]
    pub measurement: String,
    /// What was measured.
    pub what: Measure,
    /// When.
    pub at: Millis,
    /// The value, in the unit of the message.
    pub value: String,
}

impl FiledResult {
    /// By which a receiver knows it again.
    pub(super) fn key(&self) -> (&str, Measure) {
        (&self.measurement, self.what)
    }

    /// Whether it can be taken back: a median at a time of the table is true also when the table has
    /// no row of that time any more.
    pub(super) fn can_be_taken_back(&self) -> bool {
        !self.measurement.starts_with('t')
    }
}

/// A result, with how it was measured.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub(super) filed: FiledResult,
    /// Who measured it, by initials; empty for a monitor.
    pub(super) by: String,
    /// The monitor's id; empty when it is not certain.
    pub(super) device: String,
    pub(super) is_median: bool,
}

/// Results in the making.
#[derive(Default)]
struct Results {
    all: Vec<Measured>,
    /// Measurements by name, of which two may be of one time.
    names: BTreeMap<String, u32>,
}

/// Every result of the record, in order of time. What was withdrawn is not among them.
pub(super) fn results(record: &SessionRecord) -> Vec<Measured> {
    let mut results = Results::default();
    results.weight(record);
    for pressure in &record.pressures {
        results.pressure(pressure);
    }
    for measured in &record.by_hand {
        if let Some(what) = Measure::of(measured.vital) {
            let name = format!("h{}", measured.n);
            results.add((name, what, measured.at), measured.value, &measured.by, "", false);
        }
    }
    results.table(record);
    results.in_between(record);
    results.all.sort_by_key(|result| result.filed.at);
    results.all
}

impl Results {
    fn add(
        &mut self,
        (measurement, what, at): (String, Measure, Millis),
        value: Decimal,
        by: &str,
        device: &str,
        is_median: bool,
    ) {
        let filed = FiledResult { measurement, what, at, value: value.to_string() };
        let (by, device) = (by.to_owned(), device.to_owned());
        self.all.push(Measured { filed, by, device, is_median });
    }

    /// A name for a measurement of this time, which no other one has.
    fn name(&mut self, kind: char, at: Millis) -> String {
        let name = format!("{kind}{at}");
        let count = self.names.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name}.{count}") }
    }

    /// As check-in stated it.
    fn weight(&mut self, record: &SessionRecord) {
        let check_in = record.events.iter().rev().find(|event| {
            event.kind == ListedType::Event(EventType::CheckIn) && event.withdrawn.is_none()
        });
        let header = &record.header;
        let stated = record.stated.as_ref().and_then(|stated| stated.weight_kg);
        let (weight, at, by) = match (stated, check_in) {
            (Some(weight), Some(event)) => (Some(weight), event.at, event.by.as_str()),
            _ => (header.patient.weight_kg.map(Decimal::trimmed), header.opened_at, ""),
        };
        if let Some(weight) = weight {
            self.add(("w".to_owned(), Measure::Weight, at), weight, by, "", false);
        }
    }

    fn pressure(&mut self, pressure: &RecordedPressure) {
        let name = self.name('p', pressure.at);
        let (by, device) = match &pressure.source {
            PressureSource::Monitor { device } => ("", device.as_str()),
            PressureSource::ByHand { by, .. } => (by.as_str(), ""),
            PressureSource::Unknown => ("", ""),
        };
        let parts = [
            (Measure::Systolic, pressure.systolic),
            (Measure::Diastolic, pressure.diastolic),
            (Measure::Mean, pressure.mean),
        ];
        for (what, value) in parts {
            if let Some(value) = value {
                self.add((name.clone(), what, pressure.at), value, by, device, false);
            }
        }
    }

    /// What monitors gave at the times of the table, as medians.
    fn table(&mut self, record: &SessionRecord) {
        let device = only_monitor(record);
        for row in &record.table {
            let name = self.name('t', row.at);
            let columns = [
                (Vital::HeartRate, Measure::HeartRate, row.heart_rate),
                (Vital::Spo2, Measure::Spo2, row.spo2),
                (Vital::RespRate, Measure::RespRate, row.resp_rate),
            ];
            for (vital, what, value) in columns {
                // What a person measured is among the results already.
                let Some(value) = value.filter(|_| !row.by_hand.contains(&vital)) else { continue };
                self.add((name.clone(), what, row.at), value, "", device, true);
            }
        }
    }

    /// The last value up to each time of the table of what the table has no column for.
    fn in_between(&mut self, record: &SessionRecord) {
        let device = only_monitor(record);
        for (vital, what) in [(Vital::Temp, Measure::Temp), (Vital::Etco2, Measure::Etco2)] {
            let Some(trend) = record.trend(vital) else { continue };
            let mut before = None;
            for row in &record.table {
                let last = trend.at.partition_point(|at| *at <= row.at).checked_sub(1);
                let Some(last) = last.filter(|last| before != Some(*last)) else { continue };
                before = Some(last);
                let at = trend.at[last];
                self.add((format!("v{at}"), what, at), trend.values[last], "", device, false);
            }
        }
    }
}

/// The monitor, where the session had one alone.
fn only_monitor(record: &SessionRecord) -> &str {
    match record.header.devices.as_slice() {
        [one] => one.device.as_str(),
        _ => "",
    }
}
