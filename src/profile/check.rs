use std::fmt;

use serde::Serialize;

use super::{Limit, Profile, Rule};

/// Delays longer than this are mistakes, not medicine.
const LONGEST_DELAY_S: u32 = 600;

/// What is wrong with a profile, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The condition's name, or the key.
    pub place: String,
    /// What is wrong and what is allowed.
    pub what: String,
}

impl Problem {
    pub(super) fn whole(what: &str) -> Self {
        Self { place: "profile".to_owned(), what: what.to_owned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Every problem of a profile at once; none when the room can judge by it.
pub(super) fn problems(profile: &Profile) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, row) in profile.conditions.iter().enumerate() {
        let place = row.condition.name();
        let mut report = |what: String| {
            problems.push(Problem { place: place.to_owned(), what });
        };
        if profile.conditions[..index].iter().any(|other| other.condition == row.condition) {
            report("stands twice; a condition has one row".to_owned());
        }
        for what in rule_problems(&row.rule) {
            report(what);
        }
    }
    problems
}

fn rule_problems(rule: &Rule) -> Vec<String> {
    let mut found = Vec::new();
    let (levels, delays, limits): (Vec<u8>, Vec<u32>, Vec<Limit>) = match rule {
        Rule::Held { stages, clearing, gap_s, .. } => {
            let shares = stages.iter().map(|s| s.share);
            if let Some(share) = shares.into_iter().find(|s| !(0.5..=1.0).contains(s)) {
                found.push(format!("share must be 0.5..=1.0, got {share}"));
            }
            let delays = stages.iter().map(|s| s.for_s).chain([clearing.for_s, *gap_s]);
            (
                stages.iter().map(|s| s.level).collect(),
                delays.collect(),
                stages.iter().map(|s| s.limit).collect(),
            )
        }
        Rule::Cuff { stages, .. } => (
            stages.iter().map(|s| s.level).collect(),
            stages
                .iter()
                .filter_map(|s| match s.readings {
                    super::CuffCount::Confirmed { within_s } => Some(within_s),
                    _ => None,
                })
                .collect(),
            stages.iter().map(|s| s.test.limit).collect(),
        ),
        Rule::Absence { stages, .. } => {
            (vec![1; stages.len()], stages.iter().map(|s| s.after_s).collect(), vec![])
        }
        Rule::Reported { .. } => (vec![1], vec![], vec![]),
        Rule::Lost { stages } => {
            (vec![1; stages.len()], stages.iter().map(|s| s.after_s).collect(), vec![])
        }
    };
    if levels.is_empty() {
        found.push("needs at least one stage".to_owned());
    }
    if levels.windows(2).any(|pair| pair[0] > pair[1])
        || levels.iter().any(|l| !(1..=3).contains(l))
    {
        found.push("stages must run from level 1 to level 3".to_owned());
    }
    if let Some(delay) = delays.into_iter().find(|d| !(1..=LONGEST_DELAY_S).contains(d)) {
        found.push(format!("a delay must be 1..={LONGEST_DELAY_S} s, got {delay}"));
    }
    let given = |l: &Limit| l.absolute.or(l.offset).or(l.percent).is_some();
    if !limits.iter().all(given) {
        found.push("a limit needs absolute, offset or percent".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT_PROFILE, Rule, builtin};

    #[test]
    fn a_profile_that_the_room_cannot_judge_is_refused_with_every_problem() {
        let mut profile = builtin(DEFAULT_PROFILE).unwrap().as_ref().clone();
        let Rule::Held { stages, gap_s, .. } = &mut profile.conditions[0].rule else {
            panic!("the first row is a held limit");
        };
        stages.reverse();
        *gap_s = 3_600;
        let twice = profile.conditions[0].clone();
        profile.conditions.push(twice);
        let problems = profile.checked().unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said[0], "spo2_low: stages must run from level 1 to level 3");
        assert_eq!(said[1], "spo2_low: a delay must be 1..=600 s, got 3600");
        assert!(said.contains(&"spo2_low: stands twice; a condition has one row".to_owned()));
    }
}
