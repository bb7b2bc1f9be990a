//! A scenario's file, as it is written: who, how long, and step by step what happens.

use serde::Deserialize;
use toml::Spanned;

use super::staff::{AlertName, Event, Outcome, Silence};
use super::within::{Minutes, Seconds, Within};
use crate::instruments::Nibp;
use crate::patient::{self, Amplitudes, Change, Obstruction, Shift, Traits};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// A line for the person who chooses.
    pub(super) shows: String,
    /// Its number in CLINICAL 6.
    pub(super) clinical: Within<1, 35>,
    pub(super) lasting_min: Minutes,
    #[serde(default = "default_room")]
    pub(super) room: String,
    #[serde(default = "default_device")]
    pub(super) device: String,
    #[serde(default = "default_profile")]
    pub(super) profile: String,
    /// Who acts, where a step does not say.
    #[serde(default = "default_staff")]
    pub(super) staff: String,
    #[serde(default)]
    pub(super) seed: u64,
    /// Of body and instruments: 0 none, 1 as CLINICAL 4.5.
    #[serde(default)]
    pub(super) noise: Within<0, 1>,
    /// Whether frames carry `seq`, `sent_at` and `taken_at`.
    #[serde(default)]
    pub(super) timed: bool,
    /// The monitor has a thermometer, and says so often what it shows.
    pub(super) temp_every_min: Option<Within<1, 60>>,
    pub(super) patient: Person,
    #[serde(default)]
    rise: Rise,
    pub(super) regimen: Option<Regimen>,
    #[serde(default)]
    pub(super) cadence: Cadence,
    pub(super) steps: Vec<Spanned<Step>>,
}

fn default_room() -> String {
    "3".to_owned()
}

fn default_device() -> String {
    "mon-3".to_owned()
}

fn default_profile() -> String {
    "ketamine-iv-adult".to_owned()
}

fn default_staff() -> String {
    "KM".to_owned()
}

/// The patient at rest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    #[serde(default = "default_initials")]
    pub(super) initials: String,
    #[serde(default = "default_age")]
    pub(super) age: Within<18, 110>,
    #[serde(default = "default_weight")]
    pub(super) weight_kg: Within<30, 250>,
    systolic: Within<60, 220>,
    diastolic: Within<30, 130>,
    heart_rate: Within<30, 150>,
    spo2: Within<70, 100>,
    temp: Option<Within<34, 42>>,
}

fn default_initials() -> String {
    "J.T.".to_owned()
}

fn default_age() -> Within<18, 110> {
    Within::try_from(44.0).expect("44 is between 18 and 110")
}

fn default_weight() -> Within<30, 250> {
    Within::try_from(70.0).expect("70 is between 30 and 250")
}

/// How far a standard infusion drives the patient up (CLINICAL 4.2: A).
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rise {
    systolic: Within<-20, 100>,
    diastolic: Within<-20, 60>,
    heart_rate: Within<-20, 60>,
}

impl Script {
    /// What the patient is like.
    pub(super) fn traits(&self) -> Traits {
        let typical = Traits::typical();
        let Person { age, weight_kg, systolic, diastolic, heart_rate, spo2, temp, .. } =
            self.patient;
        Traits {
            age: age.whole().unsigned_abs(),
            weight_kg: weight_kg.get(),
            systolic: systolic.get(),
            diastolic: diastolic.get(),
            heart_rate: heart_rate.get(),
            spo2: spo2.get(),
            temp: temp.map_or(typical.temp, Within::get),
            amplitudes: Amplitudes {
                systolic: self.rise.systolic.get(),
                diastolic: self.rise.diastolic.get(),
                heart_rate: self.rise.heart_rate.get(),
            },
            restlessness: self.noise.get(),
            ..typical
        }
    }
}

/// What the pump gives, from `start` on, unless staff pause or stop it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Regimen {
    pub(super) mg_per_kg: Within<0, 10>,
    pub(super) over_min: Within<1, 240>,
}

/// How often the cuff measures by itself: from `start` on, and from `stop` on (CLINICAL 2.3).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cadence {
    pub(super) infusing_min: Within<1, 60>,
    pub(super) recovery_min: Within<1, 60>,
}

impl Default for Cadence {
    fn default() -> Self {
        let minutes = |n| Within::try_from(n).expect("5 and 10 are between 1 and 60");
        Self { infusing_min: minutes(5.0), recovery_min: minutes(10.0) }
    }
}

/// One step: when, and one thing that happens then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    at_s: Option<Seconds>,
    at_min: Option<Minutes>,
    /// Which of the staff; only with what staff do.
    by: Option<String>,
    event: Option<Event>,
    acknowledge: Option<AlertName>,
    outcome: Option<Outcome>,
    silence: Option<Silence>,
    patient: Option<PatientEvent>,
    probe: Option<ProbeEvent>,
    cuff: Option<CuffEvent>,
    monitor: Option<MonitorFault>,
    program: Option<ProgramFault>,
    /// So much of the session is left out of the recording: the body lives it, nobody sees it.
    skip_min: Option<Minutes>,
}

/// The one thing that happens in a step.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Event(Event),
    Acknowledge(AlertName),
    Outcome(Outcome),
    Silence(Silence),
    Patient(PatientEvent),
    Probe(ProbeEvent),
    Cuff(CuffEvent),
    Monitor(MonitorFault),
    Program(ProgramFault),
    Skip(Minutes),
}

/// What one step may hold besides its time.
const ACTIONS: &str =
    "event, acknowledge, outcome, silence, patient, probe, cuff, monitor, program or skip_min";

impl Step {
    /// When it happens, in ms after the beginning.
    pub(super) fn at_ms(&self) -> Result<i64, String> {
        match (self.at_s, self.at_min) {
            (Some(at_s), None) => Ok(at_s.ms()),
            (None, Some(at_min)) => Ok(at_min.seconds() * 1000),
            _ => Err("a step has either at_s (seconds) or at_min (minutes)".to_owned()),
        }
    }

    pub(super) fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }

    pub(super) fn action(self) -> Result<Action, String> {
        let mut actions = [
            self.event.map(Action::Event),
            self.acknowledge.map(Action::Acknowledge),
            self.outcome.map(Action::Outcome),
            self.silence.map(Action::Silence),
            self.patient.map(Action::Patient),
            self.probe.map(Action::Probe),
            self.cuff.map(Action::Cuff),
            self.monitor.map(Action::Monitor),
            self.program.map(Action::Program),
            self.skip_min.map(Action::Skip),
        ]
        .into_iter()
        .flatten();
        match (actions.next(), actions.next()) {
            (Some(action), None) => Ok(action),
            (first, _) => {
                let found = if first.is_some() { "several" } else { "nothing" };
                Err(format!("a step has exactly one of {ACTIONS}, here is {found}"))
            }
        }
    }
}

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
