//! Profiles: what alarms during one kind of treatment and how often pressure is measured, as data
//! (clinical.md#rules), in versions that a person approves. [`crate::rules`] knows the shapes of
//! rules; everything about a drug is here.

mod builtin;
mod cadence;
mod change;
mod check;
mod escalation;
mod lines;
mod pulse_gate;
mod text;
mod wait;
mod words;

use serde::{Deserialize, Serialize};

pub use builtin::{DEFAULT_PROFILE, builtin, builtin_names};
pub use cadence::{Cadence, CadenceStep, FixedReading, every_s};
pub use change::Change;
pub use escalation::{Escalation, HighEscalation, MediumEscalation};
pub use pulse_gate::PulseGate;
pub use wait::{Wait, WaitTest};
pub use words::{Rules, RulesText};

use crate::dose::DosePlan;
use crate::gates::{Gate, Step};
use crate::rules::Vocabulary;
pub use crate::rules::{
    Condition, ConditionRow, ContinuousVital, Kind, Priority, Problem, ScoreChoice, Section, Sign,
    Span, Stage, SymptomChoice,
};

/// A monitoring profile: one version of what alarms during one kind of treatment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, such as `ketamine-iv-adult`.
    pub name: String,
    /// Grows with every change; given by whoever keeps it, so that a text may leave it out.
    #[serde(default)]
    pub version: u32,
    /// What staff call it.
    pub title: String,
    /// Usual length of the infusion, seconds.
    pub planned_s: u32,
    /// How often pressure is measured.
    pub cadence: Cadence,
    /// A rise over the baseline that is shown and recorded, and never an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked_rise: Option<MarkedRise>,
    /// What a jumping pulse means for SpO2 and heart rate.
    #[serde(default)]
    pub pulse_gate: PulseGate,
    /// How people are called to an alert that nobody has taken.
    #[serde(default)]
    pub escalation: Escalation,
    /// Values before the start that ask for another look; never alerts
    /// (clinical.md#holds-before-the-start).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Sign>,
    /// What the start waits for after a fall; a start before its end is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// The symptoms that staff may tick.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symptoms: Vec<SymptomChoice>,
    /// The scores that staff may enter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<ScoreChoice>,
    /// What must be there before a session goes on (clinical.md#gates).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// What may be ordered (clinical.md#dose).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<DosePlan>,
    /// Who approved this version, if anybody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
    /// The conditions that raise alerts, in the order in which they are judged.
    pub conditions: Vec<ConditionRow>,
}

/// How a profile is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As `GET profiles/{name}` gives it.
    Json,
    /// For people to edit.
    Toml,
}

/// How far over the baseline, mmHg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkedRise {
    /// Of the systolic pressure.
    pub systolic: f64,
    /// Of the diastolic pressure.
    pub diastolic: f64,
}

/// A medical director's signature under a profile version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who signed.
    pub by: String,
    /// When they signed, milliseconds since 1970.
    pub at: i64,
}

impl Profile {
    /// Reads a profile from TOML and checks it; every problem names its line.
    ///
    /// # Errors
    /// It is no profile, or not one that may be used.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Problem>> {
        Self::read(text, Form::Toml, None)
    }

    /// Reads a profile and checks it. With `name`, the profile must have that name.
    ///
    /// # Errors
    /// It is no profile, or not one that may be used: everything that is wrong with it, each with
    /// the line where it is known.
    pub fn read(text: &str, form: Form, name: Option<&str>) -> Result<Self, Vec<Problem>> {
        let written = match form {
            Form::Toml => lines::toml(text),
            Form::Json => lines::json(text),
        };
        let profile = written.map_err(|problem| vec![problem])?;
        let mut problems = check::problems(&profile);
        if let Some(name) = name.filter(|name| *name != profile.name) {
            problems.insert(0, check::named_otherwise(name, &profile.name));
        }
        match (problems.is_empty(), form) {
            (true, _) => Ok(profile),
            (false, Form::Toml) => Err(lines::with_lines(problems, text)),
            (false, Form::Json) => Err(problems),
        }
    }

    /// The profile as TOML, to be edited; [`Self::from_toml`] reads it again.
    #[must_use]
    pub fn to_toml(&self) -> String {
        text::of(self)
    }

    /// The profile, when every row is one that the room can judge and no limit is beyond its
    /// floor or ceiling.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn checked(self) -> Result<Self, Vec<Problem>> {
        let problems = check::problems(&self);
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// The row of a condition, when this profile has it.
    #[must_use]
    pub fn row(&self, condition: Condition) -> Option<&ConditionRow> {
        self.conditions.iter().find(|row| row.condition == condition)
    }

    /// What must be there before staff do this; nothing when the profile asks for nothing.
    #[must_use]
    pub fn gate(&self, step: Step) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.step == step)
    }

    /// `name@version`, as alerts name it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// The words that it uses.
    pub(crate) fn words(&self) -> Vocabulary<'_> {
        let Self { conditions: rows, symptoms, scores, .. } = self;
        Vocabulary { rows, symptoms, scores }
    }

    /// What staff call a symptom.
    #[must_use]
    pub fn symptom_text<'a>(&'a self, name: &'a str) -> &'a str {
        self.words().symptom_text(name)
    }
}
