//! What a monitor says of earlier times: values that came too late to be judged, and those that it
//! corrects or takes back.

use super::Assembly;
use super::kept::{MOST_OTHERS, MOST_SAMPLES};
use super::observe::numbers;
use super::signal::{Said, Sample, Why};
use crate::report::words::vital_name;
use crate::report::{Correction, LateReading};
use crate::vitals::{Frame, Millis, Observation, Quality, Reading, Revision, Source, Value, Vital};

/// A value is the one that a correction means if it was heard so near to its time.
const SAME_MS: i64 = 600;

/// What the room said of one reading of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FromMonitor {
    /// It came too late to be live.
    Late(usize),
    /// It corrects or takes back what was heard at this time.
    Revised(usize, Millis),
}

impl Assembly {
    pub(super) fn note_monitor_changes(&mut self, frame: &Frame, noted: &[FromMonitor]) {
        for said in noted {
            let (FromMonitor::Late(index) | FromMonitor::Revised(index, _)) = *said;
            let Some(reading) = frame.readings.get(index) else { continue };
            match *said {
                FromMonitor::Revised(_, at) => self.revised(frame, reading, at),
                // A correction of an older value is late as well.
                FromMonitor::Late(_) if reading.revision == Revision::New => {
                    self.late(frame, reading)
                }
                FromMonitor::Late(_) => {
                    let is_known = |other: &FromMonitor| matches!(other, FromMonitor::Revised(n, _) if *n == index);
                    let at = self.room.as_ref().map(|room| room.taken_at(frame, reading));
                    if let Some(at) = at.filter(|_| !noted.iter().any(is_known)) {
                        self.revised(frame, reading, at);
                    }
                }
            }
        }
    }

    fn late(&mut self, frame: &Frame, reading: &Reading) {
        let Some(room) = &self.room else { return };
        let at = room.taken_at(frame, reading);
        let Some(opened_at) = room.session().map(|session| session.opened_at) else { return };
        if at < opened_at || matches!(reading.source, Source::Demo | Source::Manual) {
            return;
        }
        let Observation::Measured(value, Quality::Good) = reading.observation else { return };
        let mut late = LateReading {
            at,
            heard_at: self.at,
            vital: reading.vital,
            device: frame.device.clone(),
            value: None,
            systolic: None,
            diastolic: None,
            mean: None,
        };
        match value {
            Value::Number(value) => late.value = Some(value),
            Value::Pressure(pressure) => {
                late.systolic = pressure.systolic;
                late.diastolic = pressure.diastolic;
                late.mean = pressure.mean;
            }
        }
        self.kept.keep(|kept| &mut kept.late, MOST_SAMPLES, "late readings", late);
    }

    /// A continuous value of `at` has another number, or none.
    fn revised(&mut self, frame: &Frame, reading: &Reading, at: Millis) {
        let new = match (reading.revision, reading.observation) {
            (Revision::Corrects, Observation::Measured(Value::Number(value), Quality::Good)) => {
                Some(value)
            }
            _ => None,
        };
        let said = new.map_or(Said::Missing(Why::TakenBack), Said::Good);
        let Some(samples) = self.kept.samples.get_mut(&reading.vital) else { return };
        let Some(known) = nearest(&mut samples.all, at) else { return };
        let before = std::mem::replace(&mut known.said, said);
        let of = known.at;
        if let Some(last) = samples.last.as_mut().filter(|last| last.at == of) {
            last.said = said;
        }
        // The same correction sent again changes nothing.
        let (Said::Good(original), true) = (before, before != said) else { return };
        let words = |value| format!("{} {value}", vital_name(reading.vital));
        let correction = Correction {
            at: self.at,
            by: format!("monitor {}", frame.device),
            of,
            original: words(original),
            now: new.map(words),
            pressure: None,
            reason: None,
        };
        self.kept.keep(|kept| &mut kept.corrections, MOST_OTHERS, "corrections", correction);
    }

    /// What came late and was judged after all, when the clock of its monitor was known, is a
    /// pressure like any other.
    pub(super) fn without_judged(&self, late: Vec<LateReading>) -> Vec<LateReading> {
        let is_judged = |one: &LateReading| {
            self.kept.pressures.iter().any(|pressure| {
                let has_same = numbers(pressure) == one.pressure();
                has_same && pressure.at.since(one.at).abs() < 60_000
            })
        };
        late.into_iter().filter(|one| one.vital != Vital::Nibp || !is_judged(one)).collect()
    }
}

fn nearest(samples: &mut [Sample], at: Millis) -> Option<&mut Sample> {
    let first = samples.partition_point(|sample| sample.at < at.plus(-SAME_MS));
    let near = samples[first..].iter_mut().take_while(|sample| sample.at <= at.plus(SAME_MS));
    near.min_by_key(|sample| sample.at.since(at).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Header;
    use crate::report::{About, SessionRecord, csv, page};

    const HEADER: &str =
        r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult"}"#;
    const START_MS: i64 = 1_795_262_400_000;

    /// A session with a value of SpO2 each second, taken when it comes, and these lines.
    fn record(seconds: i64, others: &[(i64, String)]) -> SessionRecord {
        let mut assembly = Assembly::new(Header::read(HEADER).unwrap(), About::default());
        let mut number = 2;
        let mut take = |second: i64, rest: &str| {
            let line = format!(r#"{{"at":{},{rest}}}"#, START_MS + second * 1_000);
            assembly.line(number, &line).unwrap();
            number += 1;
        };
        take(0, r#""staff":"KM","event":{"type":"start"}"#);
        for second in 1..=seconds {
            let of_now: Vec<_> = others.iter().filter(|(at, _)| *at == second).collect();
            if of_now.is_empty() {
                take(second, &frame(second, "", r#"{"vital":"spo2","value":97}"#));
            }
            of_now.into_iter().for_each(|(_, rest)| take(second, rest));
        }
        assembly.finish()
    }

    /// A frame whose readings were taken at `second`.
    fn frame(second: i64, of_frame: &str, readings: &str) -> String {
        format!(
            r#""device":"m","frame":{{"type":"readings","taken_at":{},{of_frame}"readings":[{readings}]}}"#,
            START_MS + second * 1_000
        )
    }

    fn value_at(record: &SessionRecord, second: i64) -> Option<String> {
        let at = Millis(START_MS + second * 1_000);
        let found = record.trend(Vital::Spo2).unwrap().points().find(|(time, _)| *time == at);
        found.map(|(_, value)| value.to_string())
    }

    #[test]
    fn a_value_that_a_monitor_corrects_has_its_new_number_and_its_original_is_kept() {
        let correction = |second: i64, of: i64| {
            (second, frame(of, "", r#"{"vital":"spo2","value":94,"corrects":true}"#))
        };
        for (when, what) in [(40, 38), (59, 31)] {
            let record = record(120, &[correction(when, what)]);
            assert_eq!(value_at(&record, what).as_deref(), Some("94"), "{when} of {what}");
            assert_eq!(value_at(&record, what + 1).as_deref(), Some("97"));
            let [one] = &*record.corrections else { panic!("{:?}", record.corrections) };
            assert_eq!((one.original.as_str(), one.now.as_deref()), ("SpO₂ 97", Some("SpO₂ 94")));
            assert_eq!(one.of, Millis(START_MS + what * 1_000));
            assert_eq!(one.by, "monitor m");
            assert!(page(&record).contains("SpO₂ 97</bdi></s> → SpO₂ 94"));
        }
    }

    #[test]
    fn a_value_that_a_monitor_takes_back_is_gone_and_listed_once() {
        let gone = |second: i64| (second, frame(38, "", r#"{"vital":"spo2","withdrawn":true}"#));
        let record = record(120, &[gone(40), gone(44)]);
        assert_eq!(value_at(&record, 38), None);
        assert_eq!(record.corrections.len(), 1, "{:?}", record.corrections);
        assert_eq!(record.corrections[0].now, None);
        let absences = &record.trend(Vital::Spo2).unwrap().absences;
        assert!(absences.iter().any(|gap| gap.text == "Taken back by the monitor"), "{absences:?}");
    }

    #[test]
    fn a_backlog_is_charted_as_late_and_counts_for_nothing() {
        // Connected again after five minutes, the monitor first sends what it kept, but for the last
        // minute: that would be live.
        let low = r#"{"vital":"spo2","value":71}"#;
        let mut assembly = Assembly::new(Header::read(HEADER).unwrap(), About::default());
        let mut number = 2;
        let mut take = |ms: i64, rest: &str| {
            assembly.line(number, &format!(r#"{{"at":{},{rest}}}"#, START_MS + ms)).unwrap();
            number += 1;
        };
        take(0, r#""staff":"KM","event":{"type":"start"}"#);
        for second in 1..=60 {
            take(second * 1_000, &frame(second, "", r#"{"vital":"spo2","value":97}"#));
        }
        for kept in 61..290 {
            take(360_000 + kept, &frame(kept, "", low));
        }
        let cuff = r#"{"vital":"nibp","systolic":141,"diastolic":90}"#;
        take(360_400, &frame(200, "", cuff));
        for second in 361..=420 {
            take(second * 1_000, &frame(second, "", r#"{"vital":"spo2","value":97}"#));
        }
        let record = assembly.finish();
        let late: Vec<_> = record.late.iter().filter(|late| late.vital == Vital::Spo2).collect();
        assert!(late.len() > 200, "{}", late.len());
        assert!(late.iter().all(|late| late.value.is_some_and(|value| value.to_string() == "71")));
        let second_at = late.iter().filter(|late| late.at == Millis(START_MS + 200_000));
        assert_eq!(second_at.count(), 1, "by when it was taken");
        assert!(record.trend(Vital::Spo2).unwrap().points().all(|(_, v)| v.to_string() == "97"));
        assert!(record.alerts.iter().all(|alert| alert.condition.name() != "spo2_low"));
        let lowest = record.summary.spo2.lowest.unwrap();
        assert_eq!(lowest.value.to_string(), "97");
        let table = csv(&record, crate::report::Table::Record);
        assert_eq!(table.matches(",late,spo2,71,%,monitor m,").count(), late.len());
        let html = page(&record);
        assert!(
            html.contains("Came late")
                && html.contains(&format!("71 to 71, {} values", late.len()))
        );
    }
}
