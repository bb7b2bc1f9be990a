//! The figures against a calculation that takes one alert after the other.

use proptest::prelude::*;

use super::figures::*;
use crate::room::Outcome;

fn tally(condition: &str, outcome: Option<Outcome>, taken_after_s: Option<u64>) -> Tally {
    Tally {
        condition: condition.into(),
        profile: Some("ketamine-iv-adult@4".into()),
        was_high: false,
        is_over: true,
        in_session: true,
        outcome,
        taken_after_s,
        count: 1,
    }
}

#[test]
fn ten_alerts_worked_out_by_hand() {
    use Outcome::{ClinicianCalled, ExpectedEffect, FalseAlert, Other, SensorResited};
    let mut all: Vec<Tally> = [
        (Some(FalseAlert), Some(4)),
        (Some(FalseAlert), Some(8)),
        (Some(ExpectedEffect), Some(12)),
        (Some(SensorResited), Some(16)),
        (Some(ClinicianCalled), Some(20)),
        (Some(Other), Some(24)),
        (None, Some(28)),
        (None, None),
        (None, None),
    ]
    .map(|(outcome, taken_after_s)| tally("spo2_low", outcome, taken_after_s))
    .into();
    // The last one is still there, and nobody has come yet.
    all.push(Tally { is_over: false, was_high: true, ..tally("spo2_low", None, None) });
    let [rule] = &rule_figures(&all, 4)[..] else { panic!() };
    assert_eq!((rule.count, rule.high, rule.in_sessions), (10, 1, 10));
    assert_eq!(rule.per_session, Some(2.5));
    assert_eq!((rule.with_outcome, rule.outcome_missing), (6, 3));
    assert_eq!(rule.actionable_rate, Some(0.5), "3 of 6");
    assert_eq!((rule.taken, rule.never_taken), (7, 2));
    // Of seven the fourth (50 % of 7 is 3.5) and the seventh (90 % is 6.3).
    assert_eq!((rule.median_s, rule.centile_90_s), (Some(16), Some(28)));
    assert_eq!(rule.profile.as_deref(), Some("ketamine-iv-adult"));
    let [named] = &most_deserving(std::slice::from_ref(rule))[..] else { panic!() };
    assert_eq!((named.not_actionable, named.with_outcome, named.score), (3, 6, 5.0), "10 × 3 ÷ 6");
}

#[test]
fn a_time_without_sessions_outcomes_or_anybody_who_came_has_no_rates() {
    let all = [Tally { in_session: false, ..tally("monitor_lost", None, None) }];
    let [rule] = &rule_figures(&all, 0)[..] else { panic!() };
    assert_eq!((rule.per_session, rule.actionable_rate), (None, None));
    assert_eq!((rule.median_s, rule.centile_90_s), (None, None));
    assert_eq!(most_deserving(&rule_figures(&all, 0)), []);
    assert_eq!(rule_figures(&[], 3), []);
}

#[test]
fn a_rule_is_named_when_five_have_an_outcome_it_has_a_profile_and_some_needed_nobody() {
    let many = |condition: &str, outcome: Outcome, count: u64| Tally {
        count,
        ..tally(condition, Some(outcome), Some(1))
    };
    let named = |tallies: &[Tally]| -> Vec<String> {
        most_deserving(&rule_figures(tallies, 1)).into_iter().map(|one| one.condition).collect()
    };
    assert_eq!(named(&[many("hr_high", Outcome::FalseAlert, LEAST_OUTCOMES - 1)]), [""; 0]);
    assert_eq!(named(&[many("hr_high", Outcome::FalseAlert, LEAST_OUTCOMES)]), ["hr_high"]);
    assert_eq!(named(&[many("hr_high", Outcome::ClinicianCalled, 50)]), [""; 0], "each was needed");
    let of_the_ward = Tally { profile: None, ..many("disk_low", Outcome::FalseAlert, 50) };
    assert_eq!(named(&[of_the_ward]), [""; 0], "it has no limit in a profile");
    let four = [
        many("hr_high", Outcome::FalseAlert, 9),
        many("hr_low", Outcome::ExpectedEffect, 7),
        many("spo2_low", Outcome::FalseAlert, 8),
        many("systolic_high", Outcome::ExpectedEffect, 20),
    ];
    assert_eq!(named(&four), ["systolic_high", "hr_high", "spo2_low"]);
    // Weighted by the count: half of 40 is more than all of 9.
    let weighted = [
        many("hr_high", Outcome::FalseAlert, 9),
        many("systolic_high", Outcome::FalseAlert, 5),
        many("systolic_high", Outcome::BpRepeated, 5),
        Tally { outcome: None, ..many("systolic_high", Outcome::Other, 30) },
    ];
    assert_eq!(named(&weighted), ["systolic_high", "hr_high"]);
}

/// Alerts, with counts of one or more.
fn some() -> impl Strategy<Value = Vec<Tally>> {
    let conditions = prop::sample::select(vec!["spo2_low", "hr_high", "monitor_lost"]);
    let profiles = prop::sample::select(vec![None, Some("a@1"), Some("a@2"), Some("b@1")]);
    let outcomes = prop::option::of(prop::sample::select(Outcome::ALL.to_vec()));
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let times = prop::option::of(0_u64..40);
    let one = (conditions, profiles, flags, outcomes, times, 1_u64..5).prop_map(
        |(condition, profile, (was_high, is_over, in_session), outcome, taken_after_s, count)| {
            Tally {
                condition: condition.into(),
                profile: profile.map(str::to_owned),
                was_high,
                is_over,
                in_session,
                outcome,
                taken_after_s,
                count,
            }
        },
    );
    prop::collection::vec(one, 0..40)
}

/// One alert after the other, as somebody with paper would.
fn slow(tallies: &[Tally], condition: &str) -> Vec<Tally> {
    let of = tallies.iter().filter(|tally| tally.condition == condition);
    of.flat_map(|tally| vec![Tally { count: 1, ..tally.clone() }; tally.count as usize]).collect()
}

/// The value of nearest rank, in a list.
fn ranked(mut values: Vec<u64>, percent: usize) -> Option<u64> {
    values.sort_unstable();
    let below = |value: &u64| values.iter().filter(|other| *other <= value).count();
    values.iter().copied().find(|value| below(value) * 100 >= percent * values.len())
}

proptest! {
    #[test]
    fn figures_are_those_of_counting_one_by_one(tallies in some(), sessions in 0_u64..6) {
        let rules = rule_figures(&tallies, sessions);
        prop_assert!(rules.is_sorted_by(|a, b| a.count >= b.count));
        let known: std::collections::BTreeSet<&str> =
            tallies.iter().map(|tally| tally.condition.as_str()).collect();
        prop_assert_eq!(rules.len(), known.len());
        for rule in &rules {
            let alerts = slow(&tallies, &rule.condition);
            let count = |is: &dyn Fn(&Tally) -> bool| alerts.iter().filter(|a| is(a)).count() as u64;
            prop_assert_eq!(rule.count, alerts.len() as u64);
            prop_assert_eq!(rule.high, count(&|a| a.was_high));
            prop_assert_eq!(rule.in_sessions, count(&|a| a.in_session));
            prop_assert_eq!(rule.with_outcome, count(&|a| a.outcome.is_some()));
            prop_assert_eq!(rule.outcome_missing, count(&|a| a.outcome.is_none() && a.is_over));
            prop_assert_eq!(rule.never_taken, count(&|a| a.taken_after_s.is_none() && a.is_over));
            let times: Vec<u64> = alerts.iter().filter_map(|a| a.taken_after_s).collect();
            prop_assert_eq!(rule.taken, times.len() as u64);
            prop_assert_eq!(rule.median_s, ranked(times.clone(), 50));
            prop_assert_eq!(rule.centile_90_s, ranked(times, 90));
            for outcome in Outcome::ALL {
                let of = count(&|a| a.outcome == Some(outcome));
                prop_assert_eq!(rule.outcomes.get(&outcome).copied().unwrap_or(0), of);
            }
            let needed = count(&|a| {
                a.outcome.is_some_and(|o| o != Outcome::FalseAlert && o != Outcome::ExpectedEffect)
            });
            match rule.actionable_rate {
                None => prop_assert_eq!(rule.with_outcome, 0),
                Some(rate) => {
                    prop_assert!((rate * rule.with_outcome as f64 - needed as f64).abs() < 0.1);
                }
            }
            if let Some(per_session) = rule.per_session {
                prop_assert!((per_session * sessions as f64 - rule.in_sessions as f64).abs() < 0.01);
            }
        }
    }

    #[test]
    fn how_alerts_are_put_together_changes_nothing(tallies in some(), sessions in 0_u64..6) {
        let single: Vec<Tally> = tallies
            .iter()
            .flat_map(|tally| vec![Tally { count: 1, ..tally.clone() }; tally.count as usize])
            .collect();
        let mut back = single.clone();
        back.reverse();
        let rules = rule_figures(&tallies, sessions);
        prop_assert_eq!(&rules, &rule_figures(&single, sessions));
        prop_assert_eq!(&rules, &rule_figures(&back, sessions));
        let named = most_deserving(&rules);
        prop_assert!(named.len() <= DESERVING);
        prop_assert!(named.is_sorted_by(|a, b| a.score >= b.score));
    }
}
