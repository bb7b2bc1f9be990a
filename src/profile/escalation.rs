use serde::{Deserialize, Serialize};

use crate::rules::Priority;
use crate::vitals::Millis;

/// How people are called to an alert that nobody has taken, from when it was raised, got worse,
/// came back or asked again (clinical.md#escalation). A silence changes nothing of it. A profile
/// that does not name it has these defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Escalation {
    /// Of alerts of high priority.
    pub high: HighEscalation,
    /// Of alerts of medium priority.
    pub medium: MediumEscalation,
}

/// Go now: repeated, and then others are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HighEscalation {
    /// It is said again this often, seconds.
    pub repeat_s: u32,
    /// The second nurse is called after this time, seconds.
    pub second_nurse_s: u32,
    /// The prescriber is called after this time, seconds.
    pub prescriber_s: u32,
}

impl Default for HighEscalation {
    fn default() -> Self {
        Self { repeat_s: 30, second_nurse_s: 60, prescriber_s: 120 }
    }
}

/// Look soon: pointed out, at the same priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediumEscalation {
    /// It is emphasised on screen after this time, seconds.
    pub emphasised_s: u32,
}

impl Default for MediumEscalation {
    fn default() -> Self {
        Self { emphasised_s: 180 }
    }
}

impl Escalation {
    /// When the stage after the first `reached` ones is reached, of an alert that nobody has had
    /// since then.
    pub(crate) fn next_stage(
        &self,
        priority: Priority,
        since: Millis,
        reached: usize,
    ) -> Option<Millis> {
        let HighEscalation { second_nurse_s, prescriber_s, .. } = self.high;
        let stages: &[u32] = match priority {
            Priority::High => &[second_nurse_s, prescriber_s],
            Priority::Medium => &[self.medium.emphasised_s],
            Priority::Low => &[],
        };
        stages.get(reached).map(|after_s| since.plus(i64::from(*after_s) * 1_000))
    }

    /// When it is said again, of an alert that nobody has had since `since` and that was last told
    /// at `told`.
    pub(crate) fn next_repeat(
        &self,
        priority: Priority,
        since: Millis,
        told: Millis,
    ) -> Option<Millis> {
        let every_ms = i64::from(self.high.repeat_s) * 1_000;
        // A state that was written by hand may say anything.
        if priority != Priority::High || every_ms == 0 {
            return None;
        }
        let times = told.since(since).max(0) / every_ms + 1;
        Some(since.plus(times * every_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_come_at_their_seconds_and_are_over_after_the_last() {
        let (escalation, since) = (Escalation::default(), Millis(7_000));
        let at = |priority, reached| {
            let at = escalation.next_stage(priority, since, reached);
            at.map(|at| at.since(since) / 1_000)
        };
        assert_eq!([0, 1, 2].map(|n| at(Priority::High, n)), [Some(60), Some(120), None]);
        assert_eq!([0, 1].map(|n| at(Priority::Medium, n)), [Some(180), None]);
        assert_eq!(at(Priority::Low, 0), None);
    }

    #[test]
    fn a_repeat_keeps_its_beat_however_late_the_last_was_said() {
        let (escalation, since) = (Escalation::default(), Millis(7_000));
        let after = |told_s: i64| {
            let told = since.plus(told_s * 1_000);
            escalation.next_repeat(Priority::High, since, told).unwrap().since(since) / 1_000
        };
        assert_eq!([0, 29, 30, 60, 61, 314].map(after), [30, 30, 60, 90, 90, 330]);
        assert_eq!(escalation.next_repeat(Priority::Medium, since, since), None);
    }
}
