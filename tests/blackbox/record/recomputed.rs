//! Every number of a record, computed once more from the lines of the recording by other means.

use dripwatch::report::{Return, SessionRecord};
use dripwatch::vitals::{Decimal, Millis, Vital};
use serde_json::Value;

use super::scenes::{NAMES, Scene, named};

const STALE_MS: i64 = 10_000;

/// The lines, read by nothing of the program.
struct Lines(Vec<Value>);

/// When a value was heard; nothing when there was none.
type Heard = (i64, Option<f64>);

impl Lines {
    fn of(scene: &Scene) -> Self {
        Self(scene.text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    fn last(&self) -> i64 {
        let ended = ["discharge", "abort"].into_iter().find_map(|kind| self.event(kind));
        ended.unwrap_or_else(|| at(self.0.last().unwrap()))
    }

    fn events(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Value> {
        self.0.iter().filter(move |line| line["event"]["type"] == kind)
    }

    fn event(&self, kind: &str) -> Option<i64> {
        self.events(kind).next().map(at)
    }

    fn started(&self) -> i64 {
        self.event("start").or_else(|| self.event("spray")).unwrap()
    }

    fn readings(&self, vital: &str) -> Vec<(i64, &Value)> {
        let mut all = Vec::new();
        for line in &self.0 {
            for reading in line["frame"]["readings"].as_array().into_iter().flatten() {
                if reading["vital"] == vital {
                    all.push((at(line), reading));
                }
            }
        }
        all
    }

    fn heard(&self, vital: &str) -> Vec<Heard> {
        let good = |reading: &Value| {
            let is_good = reading.get("quality").is_none_or(|quality| quality == "good");
            reading["value"].as_f64().filter(|_| is_good)
        };
        self.readings(vital).into_iter().map(|(at, reading)| (at, good(reading))).collect()
    }

    /// How long a value of this kind was there from a time to a time.
    fn ms(&self, vital: &str, span: (i64, i64), counts: impl Fn(f64) -> bool) -> i64 {
        let heard = self.heard(vital);
        let mut sum = 0;
        for (index, (at, value)) in heard.iter().enumerate() {
            let next = heard.get(index + 1).map_or(i64::MAX, |next| next.0);
            let end = next.min(at + STALE_MS);
            if value.is_some_and(&counts) {
                sum += (end.min(span.1) - at.max(&span.0).to_owned()).max(0);
            }
        }
        sum
    }

    /// Pressures, each measurement once: time, systolic, diastolic.
    fn pressures(&self) -> Vec<(i64, f64, f64)> {
        let mut all: Vec<(i64, f64, f64)> = Vec::new();
        for (at, reading) in self.readings("nibp") {
            let numbers = || Some((reading["systolic"].as_f64()?, reading["diastolic"].as_f64()?));
            let Some((systolic, diastolic)) = numbers() else { continue };
            let taken = reading["taken_at"].as_i64().unwrap_or(at);
            all.push((taken, systolic, diastolic));
        }
        for line in self.events("manual_vitals") {
            let event = &line["event"];
            if let (Some(systolic), Some(diastolic)) =
                (event["systolic"].as_f64(), event["diastolic"].as_f64())
            {
                all.push((at(line), systolic, diastolic));
            }
        }
        all.sort_by_key(|known| known.0);
        all.dedup_by_key(|known| (known.1 as i64, known.2 as i64, known.0 / 60_000));
        all
    }
}

fn at(line: &Value) -> i64 {
    line["at"].as_i64().unwrap()
}

fn number(value: Option<Decimal>) -> Option<f64> {
    value.map(Decimal::as_f64)
}

fn each(check: impl Fn(&str, &Lines, &SessionRecord)) {
    for name in NAMES {
        let scene = named(name);
        check(name, &Lines::of(&scene), &scene.record());
    }
}

#[test]
fn the_extremes_since_the_start_are_those_of_the_lines() {
    each(|name, lines, record| {
        let (start, end) = (lines.started(), lines.last());
        let since = |vital: &str| {
            let heard = lines.heard(vital).into_iter();
            heard
                .filter(|(at, _)| (start..=end).contains(at))
                .filter_map(|(_, v)| v)
                .collect::<Vec<_>>()
        };
        let spo2 = since("spo2");
        let summary = &record.summary;
        let lowest = spo2.iter().copied().min_by(f64::total_cmp);
        assert_eq!(summary.spo2.lowest.map(|e| e.value.as_f64()), lowest, "{name}");
        let mut rates = since("pulse_rate");
        rates.extend(since("heart_rate"));
        let by_hand =
            lines.events("manual_vitals").filter_map(|l| l["event"]["heart_rate"].as_f64());
        let highest = rates.iter().copied().max_by(f64::total_cmp);
        assert_eq!(summary.heart_rate.highest.map(|e| e.value.as_f64()), highest, "{name}");
        let slowest = rates.iter().copied().chain(by_hand).min_by(f64::total_cmp);
        assert_eq!(summary.heart_rate.lowest.map(|e| e.value.as_f64()), slowest, "{name}");
        let pressures = lines.pressures();
        let infused = pressures.iter().filter(|known| known.0 >= start);
        let top = infused.clone().map(|known| known.1).max_by(f64::total_cmp);
        assert_eq!(summary.systolic.highest.map(|e| e.value.as_f64()), top, "{name}");
        let top = infused.map(|known| known.2).max_by(f64::total_cmp);
        assert_eq!(summary.diastolic.highest.map(|e| e.value.as_f64()), top, "{name}");
        assert_eq!(record.pressures.len(), pressures.len(), "{name}: {pressures:?}");
    });
}

#[test]
fn changes_are_from_the_baseline_that_was_accepted() {
    each(|name, lines, record| {
        let summary = &record.summary;
        let accepted = lines.events("accept_baseline").next_back().unwrap();
        assert_eq!(summary.accepted_at, Some(Millis(at(accepted))), "{name}");
        if let Some(systolic) = accepted["event"]["systolic"].as_f64() {
            assert_eq!(number(summary.systolic.baseline), Some(systolic), "{name}");
        }
        let highest = summary.systolic.highest.unwrap();
        let change = highest.value.as_f64() - number(summary.systolic.baseline).unwrap();
        assert_eq!(number(highest.change), Some(change), "{name}");
    });
}

#[test]
fn seconds_below_a_limit_are_counted_value_by_value() {
    each(|name, lines, record| {
        let span = (lines.started(), lines.last());
        assert!(record.summary.spo2_low.len() >= 2, "{name}");
        for limit in [92.0, 89.0] {
            let of_it =
                record.summary.spo2_low.iter().find(|low| low.at_or_below.as_f64() == limit);
            assert!(of_it.is_some(), "{name}: {limit}");
        }
        for low in &record.summary.spo2_low {
            let limit = low.at_or_below.as_f64();
            let ms = lines.ms("spo2", span, |value| value <= limit);
            assert_eq!(low.ms, ms, "{name}: {limit}");
            assert!(low.longest_ms <= low.ms && (low.episodes == 0) == (ms == 0), "{name}");
        }
        let valid = lines.ms("spo2", span, |_| true);
        assert_eq!(record.summary.spo2_valid_ms, valid, "{name}");
    });
}

#[test]
fn coverage_is_of_the_baseline_until_20_min_after_the_end_or_of_the_whole_stay() {
    each(|name, lines, record| {
        let coverage = &record.coverage;
        // A recording begins in the baseline.
        let from = at(&lines.0[0]);
        let stopped = lines.event("stop").filter(|_| name != "esketamine");
        let to = stopped.map_or(lines.last(), |at| (at + 20 * 60_000).min(lines.last()));
        assert_eq!((coverage.from, coverage.to), (Some(Millis(from)), Some(Millis(to))), "{name}");
        assert_eq!(coverage.spo2.valid_ms, lines.ms("spo2", (from, to), |_| true), "{name}");
        for vital in [&coverage.spo2, &coverage.heart_rate] {
            let missing: i64 = vital.missing.iter().map(|reason| reason.ms).sum();
            assert_eq!(vital.valid_ms + missing, coverage.expected_ms, "{name}");
        }
        assert_eq!(coverage.watched_ms, coverage.expected_ms, "{name}: no line says otherwise");
    });
}

#[test]
fn what_was_given_is_the_rate_over_the_time_that_it_ran() {
    each(|name, lines, record| {
        if name == "esketamine" {
            let mg: f64 = record.infusion.doses.iter().filter_map(|d| number(d.mg)).sum();
            assert_eq!(mg, 56.0);
            return;
        }
        let order = lines.events("order").next().unwrap();
        let mut running = 0;
        let mut since = None;
        for line in &lines.0 {
            match line["event"]["type"].as_str() {
                Some("start" | "resume") => since = Some(at(line)),
                Some("pause" | "stop" | "abort") => {
                    running += since.take().map_or(0, |from| at(line) - from);
                }
                _ => {}
            }
        }
        assert_eq!(record.infusion.running_ms, running, "{name}");
        let minutes = order["event"]["minutes"].as_f64().unwrap_or(40.0);
        let ordered = order["event"]["mg"].as_f64().unwrap_or(35.0);
        let mg = (ordered / minutes * running as f64 / 60_000.0).min(ordered);
        let given = record.given.as_ref().unwrap();
        assert!((given.mg.as_f64() - mg).abs() < 0.01, "{name}: {} for {mg}", given.mg);
        assert!((given.not_given_mg.as_f64() - (ordered - mg)).abs() < 0.051, "{name}");
    });
}

#[test]
fn a_pressure_is_back_with_the_first_reading_within_10_and_a_heart_rate_when_it_stays() {
    each(|name, lines, record| {
        let summary = &record.summary;
        let baseline = number(summary.systolic.baseline).unwrap();
        let start = lines.started();
        let pressures: Vec<_> = lines.pressures().into_iter().filter(|p| p.0 >= start).collect();
        let highest =
            pressures.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a }).unwrap();
        let expected = if highest.1 - baseline <= 10.0 {
            "never".to_owned()
        } else {
            let back = pressures.iter().find(|p| p.0 > highest.0 && (p.1 - baseline).abs() <= 10.0);
            back.map_or("not".to_owned(), |p| (p.0 / 1_000).to_string())
        };
        let shown = match summary.systolic.back.unwrap() {
            Return::NeverLeft => "never".to_owned(),
            Return::NotBack => "not".to_owned(),
            Return::Back { at, after_ms } => {
                let peak = summary.systolic.highest.unwrap().at;
                assert_eq!(at.since(peak), after_ms, "{name}");
                (at.0 / 1_000).to_string()
            }
        };
        assert_eq!(shown, expected, "{name}");
        if let Some(Return::Back { at, .. }) = summary.heart_rate.back {
            let baseline = number(summary.heart_rate.baseline).unwrap();
            for second in 0..300 {
                let median = median(lines, at.0 + second * 1_000);
                assert!((median - baseline).abs() <= 10.0, "{name}: {second} s later {median}");
            }
            let before = median(lines, at.0 - 1_000);
            let peak = summary.heart_rate.highest.unwrap().at;
            assert!(at == peak || (before - baseline).abs() > 10.0, "{name}: it was so before");
        }
    });
}

fn median(lines: &Lines, at: i64) -> f64 {
    let heard = lines.heard("pulse_rate").into_iter();
    let recent = heard.filter(|known| known.0 <= at && at - known.0 < 30_000);
    let mut values: Vec<f64> = recent.filter_map(|known| known.1).collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
    f64::midpoint(low, high)
}

#[test]
fn the_table_has_each_pressure_with_the_median_of_the_30_s_before_it() {
    each(|name, lines, record| {
        let rows: Vec<_> = record.table.iter().filter(|row| row.pressure.is_some()).collect();
        assert_eq!(rows.len(), record.pressures.len(), "{name}");
        for row in rows.iter().filter(|row| !row.by_hand.contains(&Vital::HeartRate)) {
            let recent = lines.heard("spo2").into_iter();
            let recent = recent.filter(|h| h.0 <= row.at.0 && row.at.0 - h.0 < 30_000);
            let mut values: Vec<f64> = recent.filter_map(|heard| heard.1).collect();
            values.sort_by(f64::total_cmp);
            let expected = (!values.is_empty()).then(|| {
                f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2]).round()
            });
            assert_eq!(number(row.spo2), expected, "{name} at {}", row.at);
        }
    });
}

#[test]
fn an_alert_is_taken_so_long_after_it_asked() {
    each(|name, lines, record| {
        for line in &lines.0 {
            let Some(id) = line["acknowledge"].as_str() else { continue };
            let alert = record.alerts.iter().find(|alert| alert.id == id).unwrap();
            let taken = alert.taken.iter().find(|taken| taken.at.0 == at(line)).unwrap();
            assert_eq!(taken.by, line["staff"].as_str().unwrap(), "{name}");
            let mut asked = alert.log.iter().filter(|step| step.at < taken.at);
            let asked = asked.rfind(|step| step.acknowledged_by.is_none()).unwrap().at;
            assert!(taken.after_ms >= taken.at.since(asked), "{name}: {id}");
            assert!(taken.after_ms <= taken.at.since(alert.raised_at), "{name}: {id}");
        }
        for line in &lines.0 {
            let Some(id) = line["outcome"]["alert"].as_str() else { continue };
            let alert = record.alerts.iter().find(|alert| alert.id == id).unwrap();
            let outcome = alert.outcome.as_ref().unwrap();
            assert_eq!(outcome.at.0, at(line), "{name}");
            assert_eq!(outcome.note.as_deref(), line["outcome"]["note"].as_str(), "{name}");
        }
    });
}
