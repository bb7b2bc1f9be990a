//! What staff do in a session: type → fields. The one table of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::PartialSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, Schema, Type};

use super::event_type::EventType;
use super::given::{AdverseEvent, Bolus, Medication, Oxygen, Spray};
use super::phase::Phase;
use crate::dose::Order;
use crate::gates::{CheckIn, Override, Screening, Step};
use crate::profile::Profile;
use crate::rules::{Baseline, Condition, OwnLimits};
use crate::vitals::{
    Decimal, Observation, Pressure, Quality, Reading, RoomId, Source, Value, Vital,
};

/// What staff do in a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The patient is here. If staff state something, the session's paperwork begins and the
    /// screening follows; if they state nothing, the paperwork is kept elsewhere, and measuring of
    /// the baseline begins.
    CheckIn(CheckIn),
    /// What was answered in the screening.
    Screening(Screening),
    /// What a prescriber ordered.
    Order(Order),
    /// An item of a gate that a person has seen to, or no longer.
    Check {
        /// Its name in the profile, such as `call_button`.
        #[serde(deserialize_with = "name")]
        item: String,
        /// It no longer holds.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        over: bool,
    },
    /// These values are this patient's normal; what is left out is taken from what the room
    /// measured.
    AcceptBaseline(Acceptance),
    /// Measured by a person.
    ManualVitals(ManualVitals),
    /// The infusion runs.
    Start {
        /// The reason, if something spoke against it.
        #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
        overrides: Option<Override>,
    },
    /// The infusion runs at another rate.
    RateChange {
        /// The rate before, in `unit`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Decimal>,
        /// The rate from now on, in `unit`.
        to: Decimal,
        /// The unit, such as `mL/h`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// A single dose besides the running rate.
    Bolus(Bolus),
    /// One spray device was given. The first one is the start.
    Spray(Spray),
    /// A medicine was given.
    Medication(Medication),
    /// Oxygen is given, changed or stopped.
    Oxygen(Oxygen),
    /// Something went wrong, in a person's words.
    AdverseEvent(AdverseEvent),
    /// The infusion is held.
    Pause {
        /// The reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The infusion runs again.
    Resume {},
    /// The infusion has ended; recovery begins.
    Stop {
        /// The reason, if it ended before its time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The patient has a symptom, or no longer has it.
    Symptom {
        /// Its name in the profile, such as `chest_pain`.
        #[serde(deserialize_with = "name")]
        symptom: String,
        /// It has gone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        over: bool,
        /// Words for the record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A score that a person gave.
    Score {
        /// Its name in the profile, such as `moaa_s`.
        #[serde(deserialize_with = "name")]
        score: String,
        /// Within the score's range.
        value: i32,
        /// Words for the record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The patient's own limits; `null` removes a condition's own limits.
    Limits {
        /// The limits, by condition.
        #[schema(schema_with = limits_or_null)]
        limits: BTreeMap<Condition, Option<OwnLimits>>,
        /// The reason. Empty once it was removed from the record.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// The person who decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prescriber: Option<String>,
    },
    /// Words for the record.
    Note {
        /// At most 2,000 characters. Empty once it was removed from the record.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// Staff are asked for a cuff reading now. No monitor is told anything.
    BpNow {},
    /// An entry is withdrawn: it stays in the list, and counts as if it had never been made.
    Correct {
        /// Its number in the session's list.
        event: u32,
        /// The reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The patient moves to another room, with the whole session.
    Move {
        /// The room's id. It has no session, and its own monitors feed it.
        room: RoomId,
        /// The monitors of this room go along.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        with_monitor: bool,
    },
    /// Somebody signs off a session that is over. What is still open stays open, and is named.
    SignOff {},
    /// The patient leaves.
    Discharge {
        /// The reason, if something is missing.
        #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
        overrides: Option<Override>,
    },
    /// The session ends without treatment, or before its time.
    Abort {
        /// The reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The patient is handed over to others, as in an emergency.
    Transfer {
        /// The reason, and who takes over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// A baseline as staff accept it: mmHg, 1/min, %, °C.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names of the values say it")]
pub struct Acceptance {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temp: Option<Decimal>,
    /// A slow heart or a low saturation is usual for this patient.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub known_low: bool,
    /// The person who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescriber: Option<String>,
    /// The reason, if something spoke against it.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
}

impl Acceptance {
    /// The values that were given.
    #[must_use]
    pub fn values(&self) -> Baseline {
        let Self { systolic, diastolic, heart_rate, spo2, temp, .. } = *self;
        Baseline { systolic, diastolic, heart_rate, spo2, temp }
    }

    /// The same with these values.
    pub(super) fn with(&self, values: Baseline) -> Self {
        let Baseline { systolic, diastolic, heart_rate, spo2, temp } = values;
        Self { systolic, diastolic, heart_rate, spo2, temp, ..self.clone() }
    }
}

/// What a person measured: mmHg, 1/min, %, °C; at least one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ManualVitals {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resp_rate: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temp: Option<Decimal>,
}

impl From<Baseline> for ManualVitals {
    fn from(baseline: Baseline) -> Self {
        let Baseline { systolic, diastolic, heart_rate, spo2, temp } = baseline;
        Self { systolic, diastolic, heart_rate, spo2, temp, ..Self::default() }
    }
}

impl ManualVitals {
    /// The values as readings of a person.
    #[must_use]
    pub fn readings(&self) -> Vec<Reading> {
        let Self { systolic, diastolic, mean, heart_rate, spo2, resp_rate, temp } = *self;
        let number = |vital, value: Option<Decimal>| Some((vital, Value::Number(value?)));
        let has_pressure = systolic.or(diastolic).or(mean).is_some();
        let pressure = Value::Pressure(Pressure { systolic, diastolic, mean });
        let measured = [
            number(Vital::Spo2, spo2),
            number(Vital::HeartRate, heart_rate),
            number(Vital::RespRate, resp_rate),
            number(Vital::Temp, temp),
            has_pressure.then_some((Vital::Nibp, pressure)),
        ];
        let reading = |(vital, value)| Reading {
            source: Source::Manual,
            ..Reading::new(vital, Observation::Measured(value, Quality::Good))
        };
        measured.into_iter().flatten().map(reading).collect()
    }
}

/// Names may be written as people write them: `Chest pain` is `chest_pain`, `MOAA/S` is `moaa_s`.
fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() || text.chars().count() > 40 {
        return Err(serde::de::Error::custom("a name has 1..=40 characters"));
    }
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    Ok(text.chars().map(letter).collect())
}

/// What utoipa cannot write: a map whose values may be `null`.
fn limits_or_null() -> Object {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    let value = OneOfBuilder::new().item(OwnLimits::schema()).item(null).build();
    ObjectBuilder::new()
        .property_names(Some(Condition::schema()))
        .additional_properties(Some(Schema::OneOf(value)))
        .build()
}

impl Event {
    /// Its type.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::CheckIn(_) => EventType::CheckIn,
            Self::Screening(_) => EventType::Screening,
            Self::Order(_) => EventType::Order,
            Self::Check { .. } => EventType::Check,
            Self::Bolus(_) => EventType::Bolus,
            Self::Spray(_) => EventType::Spray,
            Self::Medication(_) => EventType::Medication,
            Self::Oxygen(_) => EventType::Oxygen,
            Self::AdverseEvent(_) => EventType::AdverseEvent,
            Self::AcceptBaseline(_) => EventType::AcceptBaseline,
            Self::ManualVitals(_) => EventType::ManualVitals,
            Self::Start { .. } => EventType::Start,
            Self::RateChange { .. } => EventType::RateChange,
            Self::Pause { .. } => EventType::Pause,
            Self::Resume {} => EventType::Resume,
            Self::Stop { .. } => EventType::Stop,
            Self::Symptom { .. } => EventType::Symptom,
            Self::Score { .. } => EventType::Score,
            Self::Limits { .. } => EventType::Limits,
            Self::Note { .. } => EventType::Note,
            Self::BpNow {} => EventType::BpNow,
            Self::Correct { .. } => EventType::Correct,
            Self::Move { .. } => EventType::Move,
            Self::SignOff {} => EventType::SignOff,
            Self::Discharge { .. } => EventType::Discharge,
            Self::Abort { .. } => EventType::Abort,
            Self::Transfer { .. } => EventType::Transfer,
        }
    }

    /// The phase that it leads to, if it is more than an entry.
    pub(super) fn leads_to(&self, from: Phase, profile: &Profile) -> Option<Phase> {
        Some(match self {
            Self::CheckIn(stated) if from == Phase::CheckedIn => {
                let is_screened = !stated.is_empty() && profile.gate(Step::Screening).is_some();
                if is_screened { Phase::Screening } else { Phase::Baseline }
            }
            Self::Screening(_) if from == Phase::Screening => Phase::Baseline,
            Self::Spray(_) if from.is_before_start() => Phase::Infusing,
            Self::AcceptBaseline(_) if from.is_before_start() => Phase::Ready,
            Self::Start { .. } | Self::Resume {} => Phase::Infusing,
            Self::Pause { .. } => Phase::Paused,
            Self::Stop { .. } => Phase::Recovery,
            Self::Discharge { .. } => Phase::Discharged,
            Self::Abort { .. } => Phase::Aborted,
            Self::Transfer { .. } => Phase::Transferred,
            Self::CheckIn(_)
            | Self::Screening(_)
            | Self::AcceptBaseline(_)
            | Self::ManualVitals(_)
            | Self::Order(_)
            | Self::Check { .. }
            | Self::RateChange { .. }
            | Self::Bolus(_)
            | Self::Spray(_)
            | Self::Medication(_)
            | Self::Oxygen(_)
            | Self::AdverseEvent(_)
            | Self::Symptom { .. }
            | Self::Score { .. }
            | Self::Limits { .. }
            | Self::Note { .. }
            | Self::BpNow {}
            | Self::Correct { .. }
            | Self::Move { .. }
            | Self::SignOff {} => return None,
        })
    }

    /// The same without the reason for which staff go on all the same; `None` if it has none.
    #[must_use]
    pub(crate) fn without_override(&self) -> Option<Self> {
        let mut bare = self.clone();
        let overrides = match &mut bare {
            Self::CheckIn(stated) => &mut stated.overrides,
            Self::Screening(answered) => &mut answered.overrides,
            Self::AcceptBaseline(given) => &mut given.overrides,
            Self::Spray(spray) => &mut spray.overrides,
            Self::Start { overrides } | Self::Discharge { overrides } => overrides,
            _ => return None,
        };
        overrides.take().map(|_| bare)
    }

    /// Why staff cannot do this in `phase`, in words that say what to do instead.
    #[must_use]
    pub(super) fn refusal_in(&self, phase: Phase) -> Option<String> {
        if phase.has_ended() && !matches!(self, Self::Note { .. }) {
            return Some(format!("The session is over ({}).", phase.words()));
        }
        let (allowed, remedy) = match self {
            Self::CheckIn(stated) if stated.is_empty() => {
                (phase == Phase::CheckedIn, "The patient is already checked in.")
            }
            Self::Screening(_) => (
                phase.is_before_start() && phase != Phase::CheckedIn,
                "The screening follows check-in, and ends with the start.",
            ),
            Self::Spray(_) => (
                phase.is_before_start() || phase == Phase::Infusing,
                "The dose is complete: no further device is given.",
            ),
            Self::Bolus(_) => {
                (matches!(phase, Phase::Infusing | Phase::Paused), "No infusion is running.")
            }
            Self::Start { .. } => (phase.is_before_start(), "The infusion has already started."),
            Self::Pause { .. } => (phase == Phase::Infusing, "Only a running infusion is paused."),
            Self::Resume {} => (phase == Phase::Paused, "Only a paused infusion is resumed."),
            Self::Stop { .. } | Self::RateChange { .. } => {
                (matches!(phase, Phase::Infusing | Phase::Paused), "No infusion is running.")
            }
            Self::Discharge { .. } => (
                phase == Phase::Recovery,
                "Stop the infusion first, or abort a session that was never started.",
            ),
            Self::SignOff {} => (false, "A session is signed off once it is over."),
            // A baseline that was forgotten is better accepted late than never; the same is true of
            // an order.
            Self::CheckIn(_)
            | Self::AcceptBaseline(_)
            | Self::ManualVitals(_)
            | Self::Order(_)
            | Self::Check { .. }
            | Self::Medication(_)
            | Self::Oxygen(_)
            | Self::AdverseEvent(_)
            | Self::Symptom { .. }
            | Self::Score { .. }
            | Self::Limits { .. }
            | Self::Note { .. }
            | Self::BpNow {}
            | Self::Correct { .. }
            | Self::Move { .. }
            | Self::Abort { .. }
            | Self::Transfer { .. } => (true, ""),
        };
        (!allowed).then(|| remedy.to_owned())
    }
}
