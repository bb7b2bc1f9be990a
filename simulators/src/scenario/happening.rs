//! What may happen in a scenario besides what staff do, in the words of its file.

use serde::Deserialize;

use super::within::{Seconds, Within};
use crate::instruments::{CuffSize, Nibp, SensorStatus};
use crate::patient::{self, Aim, Change, Medicine, Obstruction, Raised, Shift, SprayDose};

/// What happens to the patient.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PatientEvent {
    /// The first spray into the nose.
    Spray {
        mg: SprayMg,
    },
    /// A cannula is placed, and it hurts.
    Needle,
    Talks {
        lasting_s: Seconds,
    },
    /// The hand with the clip and the arm with the cuff.
    Moves {
        lasting_s: Seconds,
    },
    /// A needle, and a faint.
    Vasovagal,
    /// The legs of a patient who fainted are raised: it passes in half the time.
    LegsUp,
    Nausea,
    /// Staff give it; they chart it with an `event`.
    Given(MedicineName),
    /// No breath: k = 1.0.
    Apnoea {
        lasting_s: Seconds,
    },
    /// Snoring: k = 0.5.
    Obstruction {
        lasting_s: Seconds,
    },
    /// k = 0.25.
    MildObstruction {
        lasting_s: Seconds,
    },
    Agitation {
        lasting_s: Seconds,
    },
    Allergy {
        lasting_s: Seconds,
    },
    /// Within 10 s; it fades with a tau of 3 min.
    Surge {
        systolic: Within<-100, 100>,
        diastolic: Within<-60, 60>,
        lasting_s: Seconds,
    },
    /// Changes by this within `over_s`, stays for `lasting_s`, and comes back.
    Shift(ShiftBy),
    /// To these values or above within `over_s`, there for `lasting_s`, and back with a tau of
    /// 3 min.
    Raised(RaisedTo),
}

/// Medicines, each in its usual single dose.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MedicineName {
    Labetalol,
    Clonidine,
    Hydralazine,
    Midazolam,
}

impl MedicineName {
    fn medicine(self) -> Medicine {
        match self {
            Self::Labetalol => Medicine::Labetalol,
            Self::Clonidine => Medicine::Clonidine,
            Self::Hydralazine => Medicine::Hydralazine,
            Self::Midazolam => Medicine::Midazolam,
        }
    }
}

/// A dose of spray: one, two or three devices of 28 mg.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "i64")]
pub(super) struct SprayMg(SprayDose);

impl TryFrom<i64> for SprayMg {
    type Error = String;

    fn try_from(mg: i64) -> Result<Self, String> {
        match mg {
            28 => Ok(Self(SprayDose::Mg28)),
            56 => Ok(Self(SprayDose::Mg56)),
            84 => Ok(Self(SprayDose::Mg84)),
            _ => Err(format!("a spray is 28, 56 or 84 mg, got {mg}")),
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RaisedTo {
    systolic: Option<Within<60, 260>>,
    diastolic: Option<Within<30, 180>>,
    heart_rate: Option<Within<30, 220>>,
    over_s: Seconds,
    lasting_s: Seconds,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShiftBy {
    #[serde(default)]
    systolic: Within<-100, 100>,
    #[serde(default)]
    diastolic: Within<-60, 60>,
    #[serde(default)]
    heart_rate: Within<-100, 100>,
    #[serde(default)]
    spo2: Within<-50, 10>,
    over_s: Seconds,
    lasting_s: Seconds,
    back_tau_s: Within<1, 3600>,
}

impl PatientEvent {
    pub(super) fn event(self) -> patient::Event {
        let obstructed = |obstruction, lasting_s: Seconds| patient::Event::Obstructed {
            obstruction,
            lasting_s: lasting_s.get(),
        };
        match self {
            Self::Spray { mg } => patient::Event::Sprayed(mg.0),
            Self::Needle => patient::Event::Needle,
            Self::Talks { lasting_s } => patient::Event::Talks { lasting_s: lasting_s.get() },
            Self::Moves { lasting_s } => patient::Event::Moves { lasting_s: lasting_s.get() },
            Self::Vasovagal => patient::Event::Vasovagal,
            Self::LegsUp => patient::Event::LegsUp,
            Self::Nausea => patient::Event::Nauseated,
            Self::Given(given) => patient::Event::Given(given.medicine()),
            Self::Apnoea { lasting_s } => obstructed(Obstruction::Apnoea, lasting_s),
            Self::Obstruction { lasting_s } => obstructed(Obstruction::Marked, lasting_s),
            Self::MildObstruction { lasting_s } => obstructed(Obstruction::Mild, lasting_s),
            Self::Agitation { lasting_s } => {
                patient::Event::Agitated { lasting_s: lasting_s.get() }
            }
            Self::Allergy { lasting_s } => patient::Event::Allergic { lasting_s: lasting_s.get() },
            Self::Surge { systolic, diastolic, lasting_s } => patient::Event::Surge {
                systolic: systolic.get(),
                diastolic: diastolic.get(),
                lasting_s: lasting_s.get(),
            },
            Self::Shift(by) => patient::Event::Shifted(by.shift()),
            Self::Raised(to) => patient::Event::Raised(to.raised()),
        }
    }
}

impl RaisedTo {
    fn raised(self) -> Raised {
        let aim = Aim {
            systolic: self.systolic.map(Within::get),
            diastolic: self.diastolic.map(Within::get),
            heart_rate: self.heart_rate.map(Within::get),
        };
        Raised::new(aim, self.over_s.get(), self.lasting_s.get())
    }
}

impl ShiftBy {
    fn shift(self) -> Shift {
        let by = Change {
            systolic: self.systolic.get(),
            diastolic: self.diastolic.get(),
            heart_rate: self.heart_rate.get(),
            spo2: self.spo2.get(),
            temp: 0.0,
        };
        Shift::new(by, self.over_s.get(), self.lasting_s.get(), self.back_tau_s.get())
    }
}

/// What happens to the finger clip.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ProbeEvent {
    /// 3 to 8 s of nonsense, and then no finger.
    Off,
    /// Put back.
    On,
    /// The hand moves. With `flagged = false` the monitor does not notice, and trusts the numbers.
    Motion {
        lasting_s: Seconds,
        #[serde(default = "noticed")]
        flagged: bool,
    },
    /// The finger is cold: the values stay what they were, and are doubted.
    Cold { lasting_s: Seconds },
    /// There is no value, and the monitor says why.
    Lost { status: LostStatus, lasting_s: Seconds },
    /// Whatever the patient's values are, the display shows this; impossible values are allowed.
    Shows { spo2: Option<Within<0, 999>>, pulse_rate: Option<Within<0, 999>>, lasting_s: Seconds },
}

fn noticed() -> bool {
    true
}

/// Why a clip on a finger has no value, in the words of the ingest frames.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LostStatus {
    Searching,
    NoPulse,
    LowPerfusion,
    NoSensor,
    Noisy,
    Erratic,
    Invalid,
    Malfunction,
    ExtendedUpdate,
}

impl LostStatus {
    pub(super) fn status(self) -> SensorStatus {
        match self {
            Self::Searching => SensorStatus::Searching,
            Self::NoPulse => SensorStatus::NoPulse,
            Self::LowPerfusion => SensorStatus::LowPerfusion,
            Self::NoSensor => SensorStatus::NoSensor,
            Self::Noisy => SensorStatus::Noisy,
            Self::Erratic => SensorStatus::Erratic,
            Self::Invalid => SensorStatus::Invalid,
            Self::Malfunction => SensorStatus::Malfunction,
            Self::ExtendedUpdate => SensorStatus::ExtendedUpdate,
        }
    }
}

/// What happens to the cuff.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum CuffEvent {
    /// Staff press the button.
    Measure,
    /// This many measurements from now on fail.
    Fails(Within<1, 99>),
    /// The next measurement gives this, such as "204/122"; impossible values are allowed.
    Shows(Mmhg),
    /// The arm is bent or leaned on: how far the next reading is off.
    BentBy(Within<-30, 30>),
    /// It has the wrong size for this arm, until it is changed.
    Size(Size),
    /// It is above the finger clip.
    SameArm,
    OtherArm,
}

/// How the cuff fits the arm.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Size {
    Right,
    TooSmall,
    TooLarge,
}

impl Size {
    pub(super) fn size(self) -> CuffSize {
        match self {
            Self::Right => CuffSize::Right,
            Self::TooSmall => CuffSize::TooSmall,
            Self::TooLarge => CuffSize::TooLarge,
        }
    }
}

/// Systolic over diastolic, as people write it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Mmhg(pub(super) Nibp);

impl TryFrom<String> for Mmhg {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let part = |digits: &str| digits.parse().ok().filter(|mmhg| (0..=400).contains(mmhg));
        let parts =
            text.split_once('/').map(|(systolic, diastolic)| (part(systolic), part(diastolic)));
        match parts {
            Some((Some(systolic), Some(diastolic))) => Ok(Self(Nibp::new(systolic, diastolic))),
            _ => Err(format!(
                "a pressure is two whole numbers of 0 to 400, such as \"204/122\", got {text:?}"
            )),
        }
    }
}

/// What happens to the monitor and its connection.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum MonitorFault {
    /// It sends nothing, and the connection stays.
    Silent {
        lasting_s: Seconds,
    },
    /// The connection ends, until `link_up`.
    LinkDown,
    LinkUp,
    /// Frames are held back for `lasting_s`, and then come all at once, or after `return_after_s`
    /// (counted from when the first was held back) while newer ones continue; this many times.
    Drops {
        times: Within<1, 1000>,
        every_s: Seconds,
        lasting_s: Seconds,
        return_after_s: Option<Seconds>,
    },
    /// Each frame comes twice.
    Repeats {
        lasting_s: Seconds,
    },
    /// Its clock is this far ahead of ours from now on; behind is negative.
    ClockAheadS(Within<-86_400, 86_400>),
}

/// What happens to the server.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ProgramFault {
    /// It is killed, and is back after `blind_s`; what was sent in between is lost.
    Restart { blind_s: Within<1, 3600> },
    /// Whether a screen that somebody can hear shows the room.
    Watched(bool),
}
