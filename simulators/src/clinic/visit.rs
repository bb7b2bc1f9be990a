//! One patient's visit: what staff do and what happens to the patient, and when.

use crate::Draws;
use crate::control::Trouble;
use crate::monitors::Fault;
use crate::patient::{Event, Obstruction, Traits};

/// Something that happens at a simulated second without staff doing it (or that only the monitor
/// sees them do).
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Happening {
    Patient(Event),
    ProbeSlips,
    ProbeResited,
    /// The hand moves.
    Motion {
        lasting_s: i64,
    },
    Trouble(Trouble, bool),
    Fault(Fault, bool),
    /// Cuff readings are wanted at these seconds, then one each `cadence_s`.
    Cuff {
        due_s: Vec<i64>,
        cadence_s: i64,
    },
}

/// Simulated seconds after the patient's arrival, and seconds of running pump.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) check_in_s: i64,
    pub(super) baseline_s: i64,
    pub(super) start_s: i64,
    /// After so long on the pump it is paused, for so long.
    pub(super) pause: Option<(i64, i64)>,
}

pub(super) const INFUSION_S: i64 = 2400;
pub(super) const RECOVERY_S: i64 = 2100;
/// clinical.md#ketamine-iv-adult
pub(super) const CADENCE_S: i64 = 300;
pub(super) const RECOVERY_CADENCE_S: i64 = 600;

impl Plan {
    pub(super) const ORDINARY: Self =
        Self { check_in_s: 60, baseline_s: 300, start_s: 360, pause: None };
}

/// Where a room stands when the clinic starts (simulated second 0).
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
    /// The probe is off from about 20 s until staff put it back at 200 s.
    ProbeOff,
    /// Being measured before the start.
    Baseline,
    /// Eight minutes after the end.
    Recovery,
    /// The pump stands still for ten minutes.
    Paused,
    /// On the monitor, not yet checked in.
    Waiting,
}

impl Part {
    pub(super) fn of_room(number: usize) -> Self {
        match number {
            1 => Self::Fine { infusing_min: 12 },
            2 => Self::Desaturation,
            3 => Self::Surge,
            4 => Self::ProbeOff,
            5 => Self::Baseline,
            6 => Self::Recovery,
            7 => Self::Paused,
            8 => Self::Waiting,
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
            Self::Baseline => 100,
            Self::Recovery => Plan::ORDINARY.start_s + INFUSION_S + 480,
            Self::Paused => Self::infusing(18),
            Self::Waiting => 120,
        }
    }

    fn plan(self) -> Plan {
        match self {
            Self::Paused => Plan { pause: Some((15 * 60, 10 * 60)), ..Plan::ORDINARY },
            Self::Waiting => {
                Plan { check_in_s: 1020, baseline_s: 1260, start_s: 1320, ..Plan::ORDINARY }
            }
            _ => Plan::ORDINARY,
        }
    }

    /// The first cuff readings after the start.
    fn cuff(self, first_s: i64) -> Happening {
        let (due_s, cadence_s) = match self {
            Self::Surge => (vec![12, 50, 90], CADENCE_S),
            // The second reading of the baseline comes two minutes after the first.
            Self::Baseline => (vec![first_s, first_s + 125], CADENCE_S),
            Self::Recovery => (vec![first_s], RECOVERY_CADENCE_S),
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
            _ => Vec::new(),
        }
    }

    /// The room as it stands at the start.
    pub(super) fn opening(self, number: usize, draws: &mut Draws) -> Opening {
        let traits = match self {
            Self::Surge => Traits::surge(draws),
            _ => Traits::fine(draws),
        };
        let mut happenings = vec![(-60, self.cuff(3 + number as i64 % 7))];
        happenings.extend(self.befalls());
        Opening { traits, plan: self.plan(), arrived_ago_s: self.arrived_ago_s(), happenings }
    }
}
