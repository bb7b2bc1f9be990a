//! What may happen in a scenario besides what staff do, in the words of its file.

use serde::Deserialize;

use super::within::{Seconds, Within};
use crate::instruments::Nibp;
use crate::patient::{self, Change, Obstruction, Shift};

/// What befalls the patient.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PatientEvent {
    /// A needle, and a faint.
    Vasovagal,
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
    /// To elsewhere within `over_s`, there for `lasting_s`, and back.
    Shift(ShiftBy),
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
            Self::Vasovagal => patient::Event::Vasovagal,
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
        }
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

/// What becomes of the finger clip.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ProbeEvent {
    /// 3 to 8 s of garbage, and then no finger.
    Off,
    /// Put back.
    On,
    Motion {
        lasting_s: Seconds,
    },
    /// Whatever the patient has, the display says this; impossible values are allowed.
    Shows {
        spo2: Option<Within<0, 999>>,
        pulse_rate: Option<Within<0, 999>>,
        lasting_s: Seconds,
    },
}

/// What becomes of the cuff.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum CuffEvent {
    /// Staff press the button.
    Measure,
    /// So many measurements from now on fail.
    Fails(Within<1, 99>),
    /// The next measurement gives this, such as "204/122"; impossible values are allowed.
    Shows(Mmhg),
    /// It sits above the finger clip.
    SameArm,
    OtherArm,
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

/// What becomes of the monitor and of its line.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum MonitorFault {
    /// It says nothing, and the connection stays.
    Silent {
        lasting_s: Seconds,
    },
    /// The connection ends, until `link_up`.
    LinkDown,
    LinkUp,
    /// Frames are kept back for `lasting_s`, and then come all at once, or after `return_after_s`
    /// (counted from when the first was kept) while newer ones go on; so many times.
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
    /// Its clock is so far ahead of ours from now on; behind is negative.
    ClockAheadS(Within<-86_400, 86_400>),
}

/// What becomes of the program itself.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ProgramFault {
    /// It is killed, and is back after `blind_s`; what was sent in between is lost.
    Restart { blind_s: Within<1, 3600> },
    /// Whether a screen shows the room and somebody can hear it.
    Watched(bool),
}
