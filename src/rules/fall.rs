//! A continuous value that falls fast and far.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::bounds::Bounds;
use super::clearing::{Clearing, Steady};
use super::condition::{Condition, Priority};
use super::finding::{Clears, Verdict, graver};
use super::found::Found;
use super::held::judge::finding;
use super::history::{History, Window};
use super::limit::{Compare, Limit, limit_makes_sense};
use super::patient::Patient;
use super::phrases::{beside, seconds, settled, vital};
use super::row::ConditionRow;
use super::section::Stage;
use super::shape::{AFTER_BAD_S, GAP_S, LONGEST_LOOK_S, Level, Shape, levels};
use super::vital::ContinuousVital;
use super::vocabulary::Vocabulary;

/// A continuous value that falls fast and far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fall {
    /// What falls.
    pub vital: ContinuousVital,
    /// Values before a gap of this length do not count, seconds.
    pub gap_s: u32,
    /// How far it falls.
    pub by: f64,
    /// Within this time, seconds.
    pub within_s: u32,
    /// To this limit; without a baseline the median of the last five minutes takes its place.
    pub to: Limit,
    /// Held for this long, seconds.
    pub held_s: u32,
    /// Not within this time after bad signal, seconds.
    pub after_bad_s: u32,
    /// From the mildest to the gravest.
    pub stages: Vec<FallStage>,
    /// When it is over.
    pub clearing: Clearing,
    /// A fall is an event: it is over too when the value no longer moves
    /// (clinical.md#falls-are-events). A profile of before has what [`Steady::usual`] says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steady: Option<Steady>,
}

/// One stage of a fall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FallStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only while one of these has an open alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Condition>,
}

impl Fall {
    fn steady(&self) -> Steady {
        self.steady.unwrap_or(Steady::usual(self.vital))
    }

    /// Judges at the newest sample. `fallen_to` is the limit of an alert that is active: it is over
    /// when the value is back above that, or no longer moves. A stage that counts only with another
    /// alert holds for as long as the fall's own alert is active.
    pub(crate) fn judge(
        &self,
        row: &ConditionRow,
        history: &History,
        patient: Patient<'_>,
        (fallen_to, clears): (Option<Option<f64>>, Clears),
        is_open: &dyn Fn(Condition) -> bool,
    ) -> Verdict {
        // By the baseline, else by what was usual in the last minutes.
        let limit = || self.to.value(patient.baseline_of(self.vital).or_else(|| history.usual()));
        let falls_now = self.falls(history, limit);
        let known = fallen_to.flatten().or(falls_now);
        let is_back = |for_s| {
            let window = Window { for_s, gap_s: self.gap_s, share: 1.0, is_confirmed: true };
            let margin = self.clearing.margin;
            let is_inside =
                |limit| history.is_back_inside(window, (Compare::AtOrBelow, limit), margin);
            known.is_some_and(is_inside) || history.is_steady(self.steady(), self.gap_s)
        };
        let clearing_s = clears.for_s(self.clearing.for_s);
        if fallen_to.is_some() && falls_now.is_none() && clearing_s.is_some_and(is_back) {
            return Verdict::over(true);
        }
        let holds = |stage: &&FallStage| match stage.with.is_empty() {
            true => falls_now.is_some(),
            false => stage.with.iter().any(|other| is_open(*other)),
        };
        let holding = self.stages.iter().filter(holds);
        let gravest = holding.filter_map(|s| Some((s.level, s.priority, known?))).reduce(graver);
        gravest
            .map_or_else(Verdict::default, |gravest| Verdict::found(finding(history, row, gravest)))
    }

    /// Whether the newest values have fallen, for as long as the rule asks, to a limit at or
    /// below which `limit` puts them. The limit is asked for only when something fell.
    pub(super) fn falls(
        &self,
        history: &History,
        limit: impl FnOnce() -> Option<f64>,
    ) -> Option<f64> {
        let samples = history.samples();
        let newest = samples.back()?;
        if !newest.is_settled(self.after_bad_s) || !self.has_fallen(history, samples.len() - 1) {
            return None;
        }
        let limit = limit()?;
        // As everywhere: at 1 Hz three seconds are three samples, and one is no run.
        let long_enough = i64::from(self.held_s) * 1_000 - history.rhythm().usual_ms();
        let gap_ms = history.gap_ms(self.gap_s);
        let mut later = newest.at();
        for (seen, (index, sample)) in samples.iter().enumerate().rev().enumerate() {
            let is_in_run = history.goes_on(later, sample.at(), gap_ms)
                && sample.value() <= limit
                && self.has_fallen(history, index);
            if !is_in_run {
                return None;
            }
            if seen > 0 && newest.at().since(sample.at()) >= long_enough {
                return Some(limit);
            }
            later = sample.at();
        }
        None
    }

    /// Whether the sample lies so much below one of the time before it, without a gap between.
    fn has_fallen(&self, history: &History, index: usize) -> bool {
        let samples = history.samples();
        let Some(sample) = samples.get(index) else { return false };
        let from = sample.at().plus(-i64::from(self.within_s) * 1_000);
        let gap_ms = history.gap_ms(self.gap_s);
        let wanted = sample.value() + self.by;
        let mut later = sample.at();
        for before in samples.range(..index).rev() {
            if before.at() < from || later.since(before.at()) >= gap_ms {
                return false;
            }
            if before.value() >= wanted {
                return true;
            }
            later = before.at();
        }
        false
    }
}

impl Shape for Fall {
    fn name(&self) -> &'static str {
        "fall"
    }

    fn of(&self) -> Option<(&'static str, Json)> {
        Some(("vital", json!(self.vital)))
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (s.level, s.priority))
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.within(format!("{place}.gap_s"), self.gap_s, GAP_S, " s");
        found.within(format!("{place}.by"), self.by, (1.0, 60.0), "");
        found.within(format!("{place}.within_s"), self.within_s, (5, LONGEST_LOOK_S), " s");
        found.within(format!("{place}.held_s"), self.held_s, (1, 30), " s");
        found.within(format!("{place}.after_bad_s"), self.after_bad_s, AFTER_BAD_S, " s");
        limit_makes_sense(&self.to, &format!("{place}.to"), found);
        self.clearing.check(self.vital, place, found);
        if let Some(steady) = &self.steady {
            steady.check(self.vital, place, found);
        }
    }

    fn keeps_to(&self, bounds: &Bounds, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        if let Some(range) = bounds.fall_by {
            found.within(format!("{place}.by"), self.by, range, "");
        }
        let usual = self.vital.usual();
        if let (Some((low, high)), Some(value)) = (bounds.fall_to, self.to.value(Some(usual)))
            && !(low..=high).contains(&value)
        {
            let what = format!("must be {low}..={high} with a baseline of {usual}, got {value}");
            found.add(format!("{place}.to"), what);
        }
    }

    fn stages(&self, words: Vocabulary<'_>) -> Vec<Stage> {
        let of = vital(self.vital);
        let fall = format!(
            "{} falls by {} or more within {}, to {}, for {}{}",
            of.name,
            self.by,
            seconds(self.within_s),
            of.limit(Compare::AtOrBelow, &self.to),
            seconds(self.held_s),
            settled(self.after_bad_s)
        );
        let stage = |s: &FallStage| {
            Stage::of_level(s.level, s.priority, &format!("{fall}{}", beside(words, &s.with)))
        };
        self.stages.iter().map(stage).collect()
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        let steady = self.steady();
        format!(
            "over when {} is at least {} above the value that it fell to or below, for {}, or has \
             stayed within {} of its newest value for {}",
            self.vital.words(),
            self.clearing.margin,
            seconds(self.clearing.for_s),
            steady.within,
            seconds(steady.for_s)
        )
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let usual =
            "Without an accepted baseline the median of the last 5 minutes takes its place.";
        vec![usual.to_owned()]
    }

    fn counts_with(&self, other: Condition) -> bool {
        self.stages.iter().any(|stage| stage.with.contains(&other))
    }
}

#[cfg(test)]
mod tests {
    use super::super::history::tests::at_1_hz;
    use super::*;
    use crate::vitals::{Decimal, Millis};

    fn fall() -> Fall {
        Fall {
            vital: ContinuousVital::Spo2,
            gap_s: 10,
            by: 5.0,
            within_s: 20,
            to: Limit { absolute: Some(93.0), offset: None, percent: None, at_least: None },
            held_s: 3,
            after_bad_s: 0,
            stages: Vec::new(),
            clearing: Clearing { margin: 1.0, for_s: 30 },
            steady: None,
        }
    }

    #[test]
    fn a_fall_must_be_far_and_fast_and_last() {
        let falls = |values: Vec<i32>| fall().falls(&at_1_hz(values), || Some(93.0)).is_some();
        let fallen = |to: i32, n: usize| [vec![97; 30], vec![to; n]].concat();
        assert!(!falls(fallen(92, 2)));
        assert!(falls(fallen(92, 3)), "it holds for 3 s on the third sample");
        assert!(!falls(fallen(93, 10)), "4 is not 5");
        let slowly: Vec<i32> = (0..30).map(|n| 97 - n / 6).chain([92; 4]).collect();
        assert!(!falls(slowly));
        assert!(fall().falls(&at_1_hz(fallen(92, 4)), || Some(91.0)).is_none(), "not to the limit");
    }

    #[test]
    fn a_fall_across_a_gap_or_just_after_bad_signal_is_none() {
        let after = |gap_s: i64| {
            let mut history = at_1_hz(vec![97; 10]);
            for n in 0..5 {
                history.push(Millis((9 + gap_s + n) * 1_000), Decimal::whole(90));
            }
            fall().falls(&history, || Some(93.0)).is_some()
        };
        assert!(after(9));
        assert!(!after(11));
        let mut history = at_1_hz(vec![97; 10]);
        history.note_bad(Millis(10_000));
        let careful = Fall { after_bad_s: 5, ..fall() };
        let mut first = None;
        for second in 11..20 {
            history.push(Millis(second * 1_000), Decimal::whole(90));
            if careful.falls(&history, || Some(93.0)).is_some() {
                first = first.or(Some(second));
            }
        }
        assert_eq!(first, Some(15));
    }
}
