use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::state::{ItemState, ListedValue};
use crate::rules::CuffPart;
use crate::rules::phrases::{both, part, time};
use crate::vitals::{Decimal, Millis, Pressure};

/// Cuff pressures: so many, so far apart, within these bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PressuresItem {
    /// Seconds from the first of the two to the second, at least.
    pub apart_s: u32,
    /// The newest is not older than so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_s: Option<u32>,
    /// Both at or below it, mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic_at_most: Option<f64>,
    /// Both at or below it, mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic_at_most: Option<f64>,
    /// The newest differs from the baseline by at most so many mmHg, or so many per cent of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near_baseline: Option<f64>,
    /// The newest systolic is at most so many mmHg above the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise_at_most: Option<f64>,
}

impl PressuresItem {
    pub(super) fn words(&self) -> String {
        let (systolic, diastolic) = (part(CuffPart::Systolic), part(CuffPart::Diastolic));
        let most = [(systolic, self.systolic_at_most), (diastolic, self.diastolic_at_most)];
        let most: Vec<String> = most
            .into_iter()
            .filter_map(|(part, most)| Some(format!("{} {}", part.name, part.value(most?))))
            .collect();
        let mut words = format!("two cuff readings at least {} apart", time(self.apart_s));
        if let Some(within) = self.within_s {
            words += &format!(", the newest not older than {}", time(within));
        }
        if !most.is_empty() {
            words += &format!(", in both at most {}", both(&most));
        }
        if let Some(near) = self.near_baseline {
            words += &format!(", the newest at most {near} mmHg or {near} % from the baseline");
        }
        if let Some(rise) = self.rise_at_most {
            words += &format!(", its systolic at most {rise} mmHg above that of the other");
        }
        words
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        let all = facts.pressures();
        let Some((newest_at, newest)) = all.first().copied() else {
            return ItemState::open("none measured yet");
        };
        let earlier = all.iter().copied().find(|(at, _)| self.are_apart(*at, newest_at));
        let used = earlier.into_iter().chain([(newest_at, newest)]);
        let listed =
            |(at, pressure): (Millis, Pressure)| ListedValue { at, text: pressure.to_string() };
        let state = match self.missing(facts, earlier, (newest_at, newest)) {
            None => ItemState::met(""),
            Some((words, until)) => ItemState { until, ..ItemState::open(words) },
        };
        ItemState { values: used.map(listed).collect(), ..state }
    }

    fn are_apart(&self, earlier: Millis, newest: Millis) -> bool {
        earlier < newest && newest.since(earlier) >= i64::from(self.apart_s) * 1_000
    }

    /// The first thing that is missing, and when it may be there.
    fn missing(
        &self,
        facts: &dyn Facts,
        earlier: Option<(Millis, Pressure)>,
        (newest_at, newest): (Millis, Pressure),
    ) -> Option<(String, Option<Millis>)> {
        let apart_ms = i64::from(self.apart_s) * 1_000;
        let Some((_, before)) = earlier else {
            let minutes = self.apart_s.div_ceil(60);
            let words = format!("one more, {minutes} min after the first");
            let first = facts.pressures().last().map_or(newest_at, |(at, _)| *at);
            return Some((words, Some(first.plus(apart_ms))));
        };
        let is_old = |within: u32| facts.now().since(newest_at) > i64::from(within) * 1_000;
        if let Some(within) = self.within_s.filter(|within| is_old(*within)) {
            let minutes = within.div_ceil(60);
            return Some((format!("the last is older than {minutes} min"), None));
        }
        let is_above = |value: Option<Decimal>, most: Option<f64>| {
            value.zip(most).is_some_and(|(value, most)| value.as_f64() > most)
        };
        let beyond = |pressure: &Pressure| {
            is_above(pressure.systolic, self.systolic_at_most)
                || is_above(pressure.diastolic, self.diastolic_at_most)
        };
        if let Some(high) = [newest, before].into_iter().find(beyond) {
            let most = [self.systolic_at_most, self.diastolic_at_most];
            let [systolic, diastolic] = most.map(|m| m.map_or("–".to_owned(), |m| m.to_string()));
            return Some((format!("{high} is above {systolic}/{diastolic}"), None));
        }
        if let Some(near) = self.near_baseline {
            let Some(baseline) = facts.baseline_pressure() else {
                return Some(("there is no baseline to compare with".to_owned(), None));
            };
            let is_far = |value: Option<Decimal>, baseline: Option<Decimal>| {
                value.zip(baseline).is_some_and(|(value, baseline)| {
                    let (value, baseline) = (value.as_f64(), baseline.as_f64());
                    (value - baseline).abs() > near.max(baseline * near / 100.0)
                })
            };
            if is_far(newest.systolic, baseline.systolic)
                || is_far(newest.diastolic, baseline.diastolic)
            {
                return Some((format!("{newest} is more than {near} from {baseline}"), None));
            }
        }
        if let Some(rise) = self.rise_at_most {
            let risen = newest.systolic.zip(before.systolic);
            let risen = risen.map(|(now, before)| now.as_f64() - before.as_f64());
            if let Some(risen) = risen.filter(|risen| *risen > rise) {
                return Some((format!("still rising: {risen:+.0} since the one before"), None));
            }
        }
        None
    }
}

/// A cuff pressure at its time after the start (clinical.md#esketamine-nasal-adult).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PressureAtItem {
    /// Seconds after the start.
    pub at_s: u32,
    /// So many seconds before or after it are near enough.
    pub near_s: u32,
}

impl PressureAtItem {
    pub(super) fn words(&self) -> String {
        let (at, near) = (time(self.at_s), time(self.near_s));
        format!("a cuff reading {at} after the start, up to {near} earlier or later")
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        let Some(started) = facts.started_at() else { return ItemState::open("not begun") };
        let due = started.plus(i64::from(self.at_s) * 1_000);
        let near_ms = i64::from(self.near_s) * 1_000;
        let pressures = facts.pressures();
        let nearest = pressures.into_iter().min_by_key(|(at, _)| at.since(due).abs());
        match nearest.filter(|(at, _)| at.since(due).abs() <= near_ms) {
            Some((at, pressure)) => {
                let listed = ListedValue { at, text: pressure.to_string() };
                ItemState { values: vec![listed], ..ItemState::met("") }
            }
            None if facts.now().since(due) > near_ms => ItemState::open("it was missed"),
            None => ItemState::open("not yet").until(due),
        }
    }
}
