//! How often each rule alarms, how soon somebody comes, and how often there was something to do.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::room::Outcome;

/// A rule is named as one that deserves another limit only when this many of its alerts have an
/// outcome.
pub const LEAST_OUTCOMES: u64 = 5;
/// How many rules are named.
pub const DESERVING: usize = 3;

/// So many alerts that are alike in everything that the figures ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// What they were about.
    pub condition: String,
    /// `name@version` of the profile that they came from.
    pub profile: Option<String>,
    /// They were high at some time.
    pub was_high: bool,
    /// They are over.
    pub is_over: bool,
    /// They were raised in a session.
    pub in_session: bool,
    /// What came of them.
    pub outcome: Option<Outcome>,
    /// Whole seconds until somebody took them; none while nobody has.
    pub taken_after_s: Option<u64>,
    /// How many they are.
    pub count: u64,
}

/// What a rule did in a time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RuleFigures {
    /// What it is about, such as `spo2_low`.
    pub condition: String,
    /// The name of the profile that most of its alerts came from; `null` for the ward's own.
    #[schema(required)]
    pub profile: Option<String>,
    /// Alerts raised.
    pub count: u64,
    /// Of these, those that were high at some time.
    pub high: u64,
    /// Of these, those raised in a session.
    pub in_sessions: u64,
    /// `in_sessions` for each session that was opened in the time; `null` when none was.
    #[schema(required)]
    pub per_session: Option<f64>,
    /// How many had each outcome; those that none had are left out.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// How many have an outcome.
    pub with_outcome: u64,
    /// How many are over and have none.
    pub outcome_missing: u64,
    /// Of those with an outcome, the share whose outcome is neither `false_alert` nor
    /// `expected_effect`, 0 to 1; `null` when none has one.
    #[schema(required)]
    pub actionable_rate: Option<f64>,
    /// How many somebody has taken.
    pub taken: u64,
    /// How many were over before anybody took them.
    pub never_taken: u64,
    /// Half of those that were taken were taken within so many seconds (nearest rank).
    #[schema(required)]
    pub median_s: Option<u64>,
    /// 90 % of those that were taken were taken within so many seconds (nearest rank).
    #[schema(required)]
    pub centile_90_s: Option<u64>,
}

/// A rule that probably deserves another limit.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Deserving {
    /// What it is about, such as `spo2_low`.
    pub condition: String,
    /// The name of the profile that most of its alerts came from.
    pub profile: String,
    /// Alerts raised.
    pub count: u64,
    /// How many of these have an outcome: 5 or more.
    pub with_outcome: u64,
    /// Of those, how many were false alerts or expected effects.
    pub not_actionable: u64,
    /// How many of all its alerts needed nobody, if those without an outcome are like the others:
    /// `count` × `not_actionable` ÷ `with_outcome`.
    pub score: f64,
}

#[derive(Default)]
struct Sums {
    profiles: BTreeMap<String, u64>,
    count: u64,
    high: u64,
    in_sessions: u64,
    outcomes: BTreeMap<Outcome, u64>,
    outcome_missing: u64,
    never_taken: u64,
    taken_after_s: BTreeMap<u64, u64>,
}

/// The figures of each rule that alarmed, those that alarmed most first.
#[must_use]
pub fn rule_figures(tallies: &[Tally], sessions: u64) -> Vec<RuleFigures> {
    let mut rules: BTreeMap<&str, Sums> = BTreeMap::new();
    for tally in tallies {
        rules.entry(&tally.condition).or_default().add(tally);
    }
    let rules = rules.into_iter().map(|(condition, sums)| sums.figures(condition, sessions));
    let mut rules: Vec<RuleFigures> = rules.collect();
    rules.sort_by_key(|rule| Reverse(rule.count));
    rules
}

impl Sums {
    fn add(&mut self, tally: &Tally) {
        let Tally { profile, was_high, is_over, in_session, outcome, taken_after_s, count, .. } =
            tally;
        self.count += count;
        self.high += if *was_high { *count } else { 0 };
        self.in_sessions += if *in_session { *count } else { 0 };
        if let Some(label) = profile {
            let name = label.split_once('@').map_or(label.as_str(), |(name, _)| name);
            *self.profiles.entry(name.to_owned()).or_default() += count;
        }
        match outcome {
            Some(outcome) => *self.outcomes.entry(*outcome).or_default() += count,
            None if *is_over => self.outcome_missing += count,
            None => {}
        }
        match taken_after_s {
            Some(after_s) => *self.taken_after_s.entry(*after_s).or_default() += count,
            None if *is_over => self.never_taken += count,
            None => {}
        }
    }

    fn figures(self, condition: &str, sessions: u64) -> RuleFigures {
        // Of profiles with equally many, the first by name.
        let most = self.profiles.iter().rev().max_by_key(|(_, count)| **count);
        let with_outcome = self.outcomes.values().sum();
        let actionable = (self.outcomes.iter())
            .filter_map(|(outcome, count)| outcome.is_actionable().then_some(count))
            .sum();
        RuleFigures {
            condition: condition.to_owned(),
            profile: most.map(|(name, _)| name.clone()),
            count: self.count,
            high: self.high,
            in_sessions: self.in_sessions,
            per_session: ratio(self.in_sessions, sessions),
            with_outcome,
            outcome_missing: self.outcome_missing,
            actionable_rate: ratio(actionable, with_outcome),
            taken: self.taken_after_s.values().sum(),
            never_taken: self.never_taken,
            median_s: nearest_rank(&self.taken_after_s, 50),
            centile_90_s: nearest_rank(&self.taken_after_s, 90),
            outcomes: self.outcomes,
        }
    }
}

/// The rules that most deserve another limit: those of whose alerts the most needed nobody, as far
/// as staff said what came of them.
#[must_use]
pub fn most_deserving(rules: &[RuleFigures]) -> Vec<Deserving> {
    let mut deserving: Vec<Deserving> = rules.iter().filter_map(Deserving::of).collect();
    deserving.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.condition.cmp(&b.condition)));
    deserving.truncate(DESERVING);
    deserving
}

impl Deserving {
    /// None of a rule of the ward's own, which has no limit in a profile, and of one of which too
    /// little is known.
    fn of(rule: &RuleFigures) -> Option<Self> {
        let profile = rule.profile.clone()?;
        let of = |(outcome, count): (&Outcome, &u64)| (!outcome.is_actionable()).then_some(*count);
        let not_actionable: u64 = rule.outcomes.iter().filter_map(of).sum();
        if rule.with_outcome < LEAST_OUTCOMES || not_actionable == 0 {
            return None;
        }
        Some(Self {
            condition: rule.condition.clone(),
            profile,
            count: rule.count,
            with_outcome: rule.with_outcome,
            not_actionable,
            score: ratio(rule.count * not_actionable, rule.with_outcome)?,
        })
    }
}

/// To three digits behind the point: what people read, and equal where it reads equal.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of alerts are far below 2^53")]
    let ratio = (whole > 0).then(|| part as f64 / whole as f64);
    ratio.map(|ratio| (ratio * 1_000.0).round() / 1_000.0)
}

/// The smallest value that so many percent of all do not exceed; `counts` says how often each
/// value is there.
fn nearest_rank(counts: &BTreeMap<u64, u64>, percent: u64) -> Option<u64> {
    let all: u64 = counts.values().sum();
    let rank = (all * percent).div_ceil(100);
    let mut passed = 0;
    let at_rank = |(value, count): (&u64, &u64)| {
        passed += count;
        (passed >= rank).then_some(*value)
    };
    counts.iter().find_map(at_rank)
}
