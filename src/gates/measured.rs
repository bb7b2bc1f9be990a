use serde::{Deserialize, Serialize};

use super::facts::{Facts, SymptomTime};
use super::state::ItemState;
use crate::rules::phrases::{self, both, time};
use crate::rules::{Compare, ContinuousVital, Limit, Vocabulary};
use crate::vitals::{Decimal, Millis};

/// From when a stay counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The start of the infusion, or the first spray.
    Start,
    /// The end of the infusion.
    End,
}

const MINUTE_MS: i64 = 60_000;

/// How many minutes have passed, and when it is one more.
fn whole_minutes(since: Millis, now: Millis) -> (i64, Millis) {
    let minutes = now.since(since).max(0) / MINUTE_MS;
    (minutes, since.plus((minutes + 1) * MINUTE_MS))
}

/// When the last minutes are judged again although no value comes: old ones have left them.
fn in_a_minute(facts: &dyn Facts) -> Millis {
    facts.now().plus(MINUTE_MS)
}

/// A time has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StayItem {
    /// Since.
    pub since: Since,
    /// Seconds.
    pub for_s: u32,
}

impl StayItem {
    pub(super) fn words(&self) -> String {
        let since = match self.since {
            Since::Start => "start",
            Since::End => "end",
        };
        format!("{} have passed since the {since}", time(self.for_s))
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        let since = match self.since {
            Since::Start => facts.started_at(),
            Since::End => facts.stopped_at(),
        };
        let Some(since) = since else { return ItemState::open("not begun") };
        let until = since.plus(i64::from(self.for_s) * 1_000);
        let whole_min = self.for_s.div_ceil(60);
        let (min, again_at) = whole_minutes(since, facts.now());
        let state = match until <= facts.now() {
            true => ItemState::met(format!("{min} of {whole_min} min")),
            false => ItemState::open(format!("{min} of {whole_min} min")).until(until),
        };
        state.again_at(again_at)
    }
}

/// A vital was on the right side of its limits for some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VitalItem {
    /// The vital that is measured.
    pub vital: ContinuousVital,
    /// Seconds; a room keeps 300 of them.
    pub for_s: u32,
    /// Not lower than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Limit>,
    /// Not higher than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Limit>,
    /// Or as far from the baseline at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near_baseline: Option<f64>,
}

impl VitalItem {
    pub(super) fn words(&self) -> String {
        let named = phrases::vital(self.vital);
        let least = self.at_least.iter().map(|limit| named.limit(Compare::Below, limit));
        let most = self.at_most.iter().map(|limit| named.limit(Compare::Above, limit));
        let beyond = phrases::either(&least.chain(most).collect::<Vec<_>>());
        let near = self.near_baseline.map_or_else(String::new, |near| {
            format!("; what is at most {} from the baseline is no such value", named.value(near))
        });
        let name = named.name;
        format!("{name} has good values in the last {}, none {beyond}{near}", time(self.for_s))
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        let Some(extremes) = facts.extremes(self.vital, self.for_s) else {
            return ItemState::open("no good value in this time");
        };
        let (lowest, highest) = (extremes.lowest, extremes.highest);
        let baseline = facts.baseline_of(self.vital);
        let limit = |limit: Option<&Limit>| limit.and_then(|limit| limit.value(baseline));
        let (least, most) = (limit(self.at_least.as_ref()), limit(self.at_most.as_ref()));
        let minutes = self.for_s.div_ceil(60);
        let values = match (least, most) {
            (Some(_), None) => format!("lowest of {minutes} min: {lowest}"),
            (None, Some(_)) => format!("highest of {minutes} min: {highest}"),
            _ => format!("{minutes} min: {lowest} to {highest}"),
        };
        let is_near = |value: Decimal| {
            let near = baseline.zip(self.near_baseline);
            near.is_some_and(|(baseline, near)| (value.as_f64() - baseline).abs() <= near)
        };
        let is_low = |least: &f64| Compare::Below.holds(lowest.as_f64(), *least);
        let is_high = |most: &f64| Compare::Above.holds(highest.as_f64(), *most);
        let too_low = least.filter(|least| is_low(least) && !is_near(lowest));
        let too_high = most.filter(|most| is_high(most) && !is_near(highest));
        let state = match (too_low, too_high) {
            (None, None) => ItemState::met(values),
            (Some(least), _) => {
                ItemState::open(format!("{values}, wanted {} or more", Decimal::trimmed(least)))
            }
            (None, Some(most)) => {
                ItemState::open(format!("{values}, wanted {} or less", Decimal::trimmed(most)))
            }
        };
        state.again_at(in_a_minute(facts))
    }
}

/// The signal was good over the last time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalItem {
    /// Of these vitals.
    pub vitals: Vec<ContinuousVital>,
    /// Seconds.
    pub for_s: u32,
}

/// Of a time with a good signal so much must be good: a cuff takes a few seconds away.
const GOOD_SHARE: f64 = 0.9;

/// Staff see a good signal grow in these steps, seconds: each step is a frame for every screen.
const SHOWN_STEP_S: u32 = 10;

impl SignalItem {
    pub(super) fn words(&self) -> String {
        let names: Vec<_> = self.vitals.iter().map(|vital| vital.words().to_owned()).collect();
        let (share, all) = (GOOD_SHARE * 100.0, time(self.for_s));
        format!("{} were good in {share} % of the last {all}", both(&names))
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        let good = self.vitals.iter().map(|vital| facts.good_s(*vital, self.for_s)).min();
        let good = good.unwrap_or(0).min(self.for_s);
        let words = format!("{} of {} s good", good - good % SHOWN_STEP_S, self.for_s);
        let state = match f64::from(good) >= GOOD_SHARE * f64::from(self.for_s) {
            true => ItemState::met(words),
            false => ItemState::open(words),
        };
        state.again_at(in_a_minute(facts))
    }
}

/// A symptom has been away for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreeItem {
    /// Its name in the profile.
    pub symptom: String,
    /// Seconds.
    pub for_s: u32,
}

impl FreeItem {
    pub(super) fn words(&self, words: Vocabulary<'_>) -> String {
        let symptom = words.symptom_text(&self.symptom);
        format!("“{symptom}” was never there, or has been over for {}", time(self.for_s))
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        match facts.symptom(&self.symptom) {
            SymptomTime::Never => ItemState::met("none this session"),
            SymptomTime::There => ItemState::open("still there"),
            SymptomTime::Last(at) => {
                let until = at.plus(i64::from(self.for_s) * 1_000);
                let (minutes, again_at) = whole_minutes(at, facts.now());
                let words = format!("none for {minutes} min");
                let state = match until <= facts.now() {
                    true => ItemState::met(words),
                    false => ItemState::open(words).until(until),
                };
                state.again_at(again_at)
            }
        }
    }
}

/// Every urgent alert of the session has its outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertsClosedItem {}

impl AlertsClosedItem {
    pub(super) fn words() -> String {
        "every urgent alert of the session has its outcome".to_owned()
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        match facts.urgent_alerts() {
            (_, 0) => ItemState::met("none this session"),
            (closed, all) if closed == all => ItemState::met(format!("{closed} of {all}")),
            (closed, all) => ItemState::open(format!("{closed} of {all} with an outcome")),
        }
    }
}

/// No urgent alert of the session is active.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoneActiveItem {}

impl NoneActiveItem {
    pub(super) fn words() -> String {
        "no urgent alert of the session is active (with one that is not about the patient, a \
         nurse lead or a prescriber may go on, with a reason)"
            .to_owned()
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        match facts.active_urgent() {
            None => ItemState::met(""),
            Some(alert) => ItemState::open(alert.text),
        }
    }
}
