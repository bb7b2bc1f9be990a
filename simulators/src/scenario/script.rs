//! A scenario's file, as it is written: who, how long, and step by step what happens.

use serde::Deserialize;
use toml::Spanned;

use super::about::About;
use super::step::Step;
use super::within::{Minutes, Within};
use crate::patient::{Amplitudes, Traits};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// One line that says what it shows.
    pub(super) shows: String,
    /// Its number in clinical.md#scenarios.
    pub(super) clinical: Within<1, 35>,
    pub(super) lasting_min: Minutes,
    #[serde(default = "default_room")]
    pub(super) room: String,
    #[serde(default = "default_device")]
    pub(super) device: String,
    #[serde(default = "default_profile")]
    pub(super) profile: String,
    /// Who acts, if a step does not say.
    #[serde(default = "default_staff")]
    pub(super) staff: String,
    #[serde(default)]
    pub(super) seed: u64,
    /// Noise of body and instruments: 0 none, 1 as in clinical.md#instruments.
    #[serde(default)]
    pub(super) noise: Within<0, 1>,
    /// Whether frames carry `seq`, `sent_at` and `taken_at`.
    #[serde(default)]
    pub(super) timed: bool,
    /// The monitor has a thermometer, and sends its value this often.
    pub(super) temp_every_min: Option<Within<1, 60>>,
    pub(super) patient: Person,
    #[serde(default)]
    rise: Rise,
    pub(super) regimen: Option<Regimen>,
    #[serde(default)]
    pub(super) cadence: Cadence,
    /// What the alerts are about that staff act on.
    #[serde(default)]
    pub(super) alerts: About,
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

/// How far a standard infusion raises the patient's values (clinical.md#pressor-effect).
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

/// How often the cuff measures by itself: from `start` on, and from `stop` on
/// (clinical.md#cadence). 0: only when staff press its button.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cadence {
    pub(super) infusing_min: Within<0, 60>,
    pub(super) recovery_min: Within<0, 60>,
}

impl Default for Cadence {
    fn default() -> Self {
        let minutes = |n| Within::try_from(n).expect("5 and 10 are between 0 and 60");
        Self { infusing_min: minutes(5.0), recovery_min: minutes(10.0) }
    }
}
