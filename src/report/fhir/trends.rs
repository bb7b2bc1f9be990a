//! Curves of monitors, and the times without a value.

use serde_json::{Value, json};

use super::codes::{self, absent};
use super::document::{Document, quantity};
use crate::report::Trend;
use crate::vitals::{Decimal, Millis, Vital};

/// Samples of one curve: 55 hours at one a second. A longer curve has them further apart.
const MOST_CURVE_SAMPLES: i64 = 200_000;
/// Samples are no closer than this.
const SHORTEST_PERIOD_MS: i64 = 1_000;
/// No value, in FHIR's SampledData.
const NO_VALUE: &str = "E";

/// What there is of a vital.
pub(super) struct Drawn {
    pub(super) vital: Vital,
    /// The curve; `None` when there is no value.
    pub(super) curve: Option<Value>,
    /// The curve and its gaps.
    pub(super) entries: Vec<Value>,
}

impl Document<'_> {
    /// Each vital as one curve, and each time without a value as an observation that says why.
    pub(super) fn trends(&mut self) -> Vec<Drawn> {
        let record = self.record;
        record.trends.iter().map(|trend| self.trend(trend)).collect()
    }

    fn trend(&mut self, trend: &Trend) -> Drawn {
        let name = trend.vital.name();
        let mut entries = Vec::new();
        let device = self.only_monitor();
        let curve = samples(trend).map(|samples| {
            let (_, ucum) = codes::vital(trend.vital);
            let mut resource = self.of_vital(trend.vital, "final");
            resource["code"] = codes::curve(trend.vital);
            resource["category"] = Value::Null;
            resource["effectivePeriod"] = self.period(samples.from, Some(samples.to));
            resource["device"] = json!(device);
            resource["valueSampledData"] = json!({
                "origin": quantity(Decimal::whole(0), trend.vital.unit(), ucum),
                "period": samples.period_ms,
                "dimensions": 1,
                "data": samples.data,
            });
            self.add("Observation", &format!("curve/{name}"), resource)
        });
        entries.extend(curve.clone());
        for (n, absence) in trend.absences.iter().enumerate() {
            let mut resource = self.of_vital(trend.vital, "final");
            resource["effectivePeriod"] = self.period(absence.from, Some(absence.to));
            resource["device"] = json!(device);
            resource["dataAbsentReason"] = absent(Some(&absence.text));
            entries.push(self.add("Observation", &format!("gap/{name}/{n}"), resource));
        }
        Drawn { vital: trend.vital, curve, entries }
    }
}

/// A curve at even distances.
struct Samples {
    from: Millis,
    to: Millis,
    period_ms: i64,
    data: String,
}

/// At each step from the first value on the value nearest to it, at most half a step away; else the
/// one that was current; none while it was absent.
fn samples(trend: &Trend) -> Option<Samples> {
    let (from, last) = (*trend.at.first()?, *trend.at.last()?);
    let period_ms = period_ms(&trend.at);
    let half_ms = period_ms / 2;
    let mut words: Vec<String> = Vec::new();
    let (mut near, mut gap) = (0, 0);
    let (mut at, mut to) = (from, from);
    while at.since(last) <= half_ms {
        while trend.at.get(near + 1).is_some_and(|next| next.since(at) <= at.since(trend.at[near]))
        {
            near += 1;
        }
        while trend.absences.get(gap).is_some_and(|absence| absence.to <= at) {
            gap += 1;
        }
        let is_absent = trend.absences.get(gap).is_some_and(|absence| absence.from <= at);
        let away_ms = trend.at[near].since(at);
        let current = if away_ms > 0 { near.checked_sub(1) } else { Some(near) };
        let index = match away_ms.abs() <= half_ms {
            true => Some(near),
            false => current.filter(|_| !is_absent),
        };
        let value = index.and_then(|index| trend.values.get(index));
        words.push(value.map_or_else(|| NO_VALUE.to_owned(), Decimal::to_string));
        to = at;
        at = at.plus(period_ms);
    }
    Some(Samples { from, to, period_ms, data: words.join(" ") })
}

/// The usual distance of values, in whole seconds; more for a curve that would be too long.
fn period_ms(at: &[Millis]) -> i64 {
    let mut apart: Vec<i64> = at.windows(2).map(|two| two[1].since(two[0])).collect();
    apart.sort_unstable();
    let usual = apart.get(apart.len() / 2).copied().unwrap_or(0);
    let second = SHORTEST_PERIOD_MS;
    let usual = ((usual + second / 2) / second * second).max(second);
    let all = at.last().zip(at.first()).map_or(0, |(last, first)| last.since(*first));
    let least = all.div_euclid(MOST_CURVE_SAMPLES - 1) + 1;
    usual.max((least + second - 1) / second * second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Absence;

    fn trend(points: &[(i64, i32)], absences: &[(i64, i64)]) -> Trend {
        Trend {
            vital: Vital::Spo2,
            unit: "%".to_owned(),
            at: points.iter().map(|(at, _)| Millis(*at)).collect(),
            values: points.iter().map(|(_, value)| Decimal::whole(*value)).collect(),
            absences: absences
                .iter()
                .map(|(from, to)| Absence {
                    from: Millis(*from),
                    to: Millis(*to),
                    text: "sensor off".to_owned(),
                })
                .collect(),
        }
    }

    #[test]
    fn a_curve_has_no_value_where_there_was_none() {
        let all = [(0, 97), (1_000, 96), (2_010, 95), (6_000, 94), (7_000, 93)];
        let drawn = samples(&trend(&all, &[(3_000, 6_000)])).unwrap();
        assert_eq!(drawn.data, "97 96 95 E E E 94 93");
        assert_eq!((drawn.from, drawn.to, drawn.period_ms), (Millis(0), Millis(7_000), 1_000));
    }

    #[test]
    fn no_value_is_lost_or_there_twice_because_a_monitor_is_not_on_time() {
        let all = [(0, 97), (1_040, 96), (1_960, 88), (3_030, 95), (3_970, 96)];
        assert_eq!(samples(&trend(&all, &[])).unwrap().data, "97 96 88 95 96");
    }

    #[test]
    fn a_slow_monitor_is_not_made_faster_and_a_long_curve_has_a_bound() {
        let slow = [(0, 97), (5_020, 96), (9_990, 95)];
        let drawn = samples(&trend(&slow, &[])).unwrap();
        assert_eq!((drawn.data.as_str(), drawn.period_ms), ("97 96 95", 5_000));
        let long = [(0, 97), (1_000, 96), (2_000, 96), (MOST_CURVE_SAMPLES * 3_500, 95)];
        let drawn = samples(&trend(&long, &[])).unwrap();
        let count = drawn.data.split(' ').count() as i64;
        assert!((100_000..=MOST_CURVE_SAMPLES).contains(&count), "{count}");
        assert!(samples(&trend(&[], &[])).is_none());
    }
}
