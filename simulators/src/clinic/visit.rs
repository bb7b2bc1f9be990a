//! One patient's visit: what staff do and what happens to the patient, and when.

use super::action::StaffAction;
use super::happening::{Happening, LEAVES_AT_S};
use super::story;
use super::treatment::{INFUSION_S, Treatment};
use crate::Draws;
use crate::patient::{Event, Obstruction, Traits};

/// Longer than the stay of clinical.md#leaving.
pub(super) const RECOVERY_S: i64 = 2100;
/// Between two devices (clinical.md#dose), and a few breaths.
pub(super) const DEVICES_APART_S: i64 = 310;
/// Two hours from the first device (clinical.md#leaving), and what leaving takes.
const ESKETAMINE_RECOVERY_S: i64 = 7200 + 300 - DEVICES_APART_S;
/// From the end of the dose until scores are taken and the checklist is ticked: the stay of
/// clinical.md#leaving is over, and the scores are not too old.
pub(super) const READY_AFTER_S: i64 = 1860;

/// Simulated seconds after the patient's arrival, and seconds of running pump.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) treatment: Treatment,
    pub(super) check_in_s: i64,
    pub(super) baseline_s: i64,
    /// Later when the pressure holds the start.
    pub(super) start_s: i64,
    /// After so long on the pump it is paused, for so long.
    pub(super) pause: Option<(i64, i64)>,
    /// From the end of the dose until the patient leaves.
    pub(super) recovery_s: i64,
}

/// clinical.md#ketamine-iv-adult
pub(super) const CADENCE_S: i64 = 300;
pub(super) const RECOVERY_CADENCE_S: i64 = 600;

impl Plan {
    pub(super) const ORDINARY: Self = Self {
        treatment: Treatment::Ketamine,
        check_in_s: 60,
        baseline_s: 300,
        start_s: 360,
        pause: None,
        recovery_s: RECOVERY_S,
    };
}

/// How far a room is when the clinic starts (simulated second 0).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Opening {
    pub(super) traits: Traits,
    pub(super) plan: Plan,
    /// How long ago the patient arrived.
    pub(super) arrived_ago_s: i64,
    /// In order of their simulated second.
    pub(super) happenings: Vec<(i64, Happening)>,
}

/// The part that each room plays at the start, so that a minute shows what the product is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Infusing for so many minutes, and fine.
    Fine { infusing_min: i64 },
    /// Stops breathing for a minute: SpO2 ≤ 92 at about 20 s, ≤ 85 by 40 s, back at about 60 s.
    Desaturation,
    /// 172/104 at 12 s, 186/112 at 50 s, confirmed at 90 s.
    Surge,
    /// Infliximab; the probe is off from about 20 s until staff put it back at 200 s.
    ProbeOff,
    /// Held before the start by a pressure above 140/90, until it is down at 450 s.
    Held,
    /// Half an hour after the end, with nothing left to do.
    ReadyToLeave,
    /// 35 min after the first device: the pressure of the fortieth minute is due.
    Esketamine,
    /// On the monitor, checked in after four minutes.
    Waiting,
    /// The pump is stopped for ten minutes.
    Paused,
}

impl Part {
    pub(super) fn of_room(number: usize) -> Self {
        match number {
            1 => Self::Fine { infusing_min: 12 },
            2 => Self::Desaturation,
            3 => Self::Surge,
            4 => Self::ProbeOff,
            5 => Self::Held,
            6 => Self::ReadyToLeave,
            7 => Self::Esketamine,
            8 => Self::Waiting,
            9 => Self::Paused,
            // 7 and 36 share no factor: neighbours are far apart and phases spread evenly.
            _ => Self::Fine { infusing_min: 1 + (number as i64 * 7) % 36 },
        }
    }

    fn infusing(minutes: i64) -> i64 {
        Plan::ORDINARY.start_s + minutes * 60
    }

    fn arrived_ago_s(self) -> i64 {
        match self {
            Self::Fine { infusing_min } => Self::infusing(infusing_min),
            Self::Desaturation => Self::infusing(22),
            Self::Surge => Self::infusing(30),
            Self::ProbeOff => Self::infusing(16),
            Self::Held => 540,
            Self::ReadyToLeave => Plan::ORDINARY.start_s + INFUSION_S + READY_AFTER_S + 60,
            Self::Esketamine => Self::infusing(35),
            Self::Waiting => 120,
            Self::Paused => Self::infusing(18),
        }
    }

    fn plan(self) -> Plan {
        match self {
            Self::Paused => Plan { pause: Some((15 * 60, 10 * 60)), ..Plan::ORDINARY },
            Self::Waiting => {
                Plan { check_in_s: 360, baseline_s: 600, start_s: 660, ..Plan::ORDINARY }
            }
            // Leaves twelve minutes into the story, so that somebody else may let them go.
            Self::ReadyToLeave => {
                Plan { recovery_s: READY_AFTER_S + 60 + LEAVES_AT_S, ..Plan::ORDINARY }
            }
            Self::ProbeOff => Plan { treatment: Treatment::Infliximab, ..Plan::ORDINARY },
            Self::Esketamine => Plan {
                treatment: Treatment::Esketamine,
                recovery_s: ESKETAMINE_RECOVERY_S,
                ..Plan::ORDINARY
            },
            _ => Plan::ORDINARY,
        }
    }

    /// The first cuff readings after the start.
    fn cuff(self, first_s: i64) -> Happening {
        let (due_s, cadence_s) = match self {
            Self::Surge => (vec![12, 50, 90], CADENCE_S),
            Self::Held => (vec![first_s, 150, 450], CADENCE_S),
            Self::ReadyToLeave => (vec![first_s], RECOVERY_CADENCE_S),
            Self::Esketamine => (vec![first_s, 300], 1500),
            // The second reading of the baseline comes two minutes after the first.
            Self::Waiting => (vec![first_s, 240, 400], CADENCE_S),
            _ => (vec![first_s], CADENCE_S),
        };
        Happening::Cuff { due_s, cadence_s }
    }

    fn befalls(self) -> Vec<(i64, Happening)> {
        match self {
            // The finger clip shows 92 about 55 s after the breath stopped
            // (clinical.md#reference-runs).
            Self::Desaturation => {
                let apnoea =
                    Event::Obstructed { obstruction: Obstruction::Apnoea, lasting_s: 60.0 };
                vec![(-40, Happening::Patient(apnoea))]
            }
            // After the first reading has been taken, before the second.
            Self::Surge => {
                let surge = Event::Surge { systolic: 14.0, diastolic: 8.0, lasting_s: 420.0 };
                vec![(-12, Happening::Patient(surge))]
            }
            Self::ProbeOff => vec![(14, Happening::ProbeSlips), (200, Happening::ProbeResited)],
            // In the middle of the infusion, which is over by now.
            Self::ReadyToLeave => vec![
                (-2760, Happening::Patient(Event::Nauseated)),
                (-2700, Happening::Staff(StaffAction::ONDANSETRON)),
            ],
            // From the way to the clinic, gone after a rest.
            Self::Held => {
                let excited = Event::Surge { systolic: 22.0, diastolic: 14.0, lasting_s: 600.0 };
                vec![(-539, Happening::Patient(excited))]
            }
            _ => Vec::new(),
        }
    }

    /// Whether another patient was in the room before, whose session is over.
    pub(super) fn has_earlier(self) -> bool {
        matches!(self, Self::Fine { infusing_min: 12 } | Self::Held | Self::Waiting)
    }

    /// The room as it is at the start.
    pub(super) fn opening(self, number: usize, draws: &mut Draws) -> Opening {
        let traits = match self {
            Self::Surge => Traits::surge(draws),
            Self::Held => Traits {
                systolic: 130.0,
                diastolic: 80.0,
                restlessness: 0.12,
                white_coat: 0.0,
                ..Traits::fine(draws)
            },
            // No pressure of theirs is in the way of leaving.
            Self::ReadyToLeave => Traits { restlessness: 0.12, ..Traits::fine(draws) },
            _ => Traits::fine(draws),
        };
        let mut happenings = vec![(-60, self.cuff(3 + number as i64 % 7))];
        happenings.extend(self.befalls());
        happenings.extend(story::of_room(number));
        happenings.sort_by_key(|(at_s, _)| *at_s);
        Opening { traits, plan: self.plan(), arrived_ago_s: self.arrived_ago_s(), happenings }
    }
}
