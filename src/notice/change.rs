use super::Step;
use crate::room::{Alert, AlertState};
use crate::rules::Priority;
use crate::vitals::Millis;

/// What people were last told of an alert, as far as it decides what they are told next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAlert {
    priority: Priority,
    level: u8,
    state: AlertState,
    active_since: Millis,
    is_taken: bool,
}

impl From<&Alert> for KnownAlert {
    fn from(alert: &Alert) -> Self {
        Self {
            priority: alert.priority,
            level: alert.level,
            state: alert.state,
            active_since: alert.active_since,
            is_taken: alert.acknowledged.is_some(),
        }
    }
}

/// What happened to an alert between the two; nothing that people away from the screens would act
/// on when `None`.
#[must_use]
pub fn step_between(before: Option<&KnownAlert>, now: &KnownAlert) -> Option<Step> {
    let Some(before) = before else {
        return (now.state == AlertState::Active).then_some(Step::Raised);
    };
    if now.state == AlertState::Resolved {
        return (before.state != AlertState::Resolved).then_some(Step::Resolved);
    }
    if now.state != AlertState::Active {
        return (now.is_taken && !before.is_taken).then_some(Step::Acknowledged);
    }
    if before.state != AlertState::Active && now.active_since > before.active_since {
        return Some(Step::Raised);
    }
    if now.priority > before.priority || now.level > before.level {
        return Some(Step::Worse);
    }
    match (before.is_taken, now.is_taken) {
        (false, true) => Some(Step::Acknowledged),
        // It asks again.
        (true, false) => Some(Step::Repeat),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAISED: KnownAlert = KnownAlert {
        priority: Priority::Medium,
        level: 1,
        state: AlertState::Active,
        active_since: Millis(1),
        is_taken: false,
    };

    #[test]
    fn each_change_that_somebody_would_act_on_is_a_step() {
        let latched = KnownAlert { state: AlertState::Latched, ..RAISED };
        let resolved = KnownAlert { state: AlertState::Resolved, ..RAISED };
        let taken = KnownAlert { is_taken: true, ..RAISED };
        let fallen = KnownAlert { priority: Priority::Low, ..taken };
        let worse = KnownAlert { priority: Priority::High, level: 2, ..RAISED };
        let staged = KnownAlert { level: 2, ..RAISED };
        let again = KnownAlert { active_since: Millis(9), ..RAISED };
        let step = |before: &KnownAlert, now| step_between(Some(before), now);
        assert_eq!(step_between(None, &RAISED), Some(Step::Raised));
        assert_eq!(step_between(None, &latched), None);
        assert_eq!(step(&RAISED, &RAISED), None);
        assert_eq!(step(&RAISED, &worse), Some(Step::Worse));
        assert_eq!(step(&RAISED, &staged), Some(Step::Worse));
        assert_eq!(step(&taken, &worse), Some(Step::Worse));
        assert_eq!(step(&RAISED, &taken), Some(Step::Acknowledged));
        assert_eq!(step(&taken, &fallen), None);
        assert_eq!(step(&taken, &RAISED), Some(Step::Repeat));
        assert_eq!(step(&RAISED, &latched), None);
        assert_eq!(step(&latched, &again), Some(Step::Raised));
        assert_eq!(step(&latched, &resolved), Some(Step::Resolved));
        assert_eq!(step(&resolved, &resolved), None);
    }
}
