use serde::Serialize;
use utoipa::ToSchema;

use crate::people::BirthDate;
use crate::vitals::{Decimal, Millis, SessionId};

/// The monitoring form of one esketamine treatment. `null` is what the record does not know, and
/// a person must fill in; minutes are whole ones since the first device.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RemsForm {
    /// The session.
    pub session: SessionId,
    /// When this was made: what happened later is not in it.
    pub made_at: Millis,
    /// IANA name of the zone of its days and clock times; `null` for UTC.
    #[schema(required)]
    pub time_zone: Option<String>,
    /// The session is over: the numbers do not change any more unless something is corrected.
    pub is_over: bool,
    /// The last day to submit it, seven days after the treatment; `null` before the first device.
    #[schema(required, format = Date)]
    pub submit_by: Option<String>,
    /// Whom it is about.
    pub patient: RemsPatient,
    /// Medicines that the patient takes beside it.
    pub concomitant: RemsConcomitant,
    /// Who conducted the monitoring.
    pub provider: RemsProvider,
    /// Where.
    pub setting: RemsSetting,
    /// What was given, and for how long the patient was monitored.
    pub treatment: RemsTreatment,
    /// Whether vital signs were acceptable.
    pub vital_signs: RemsVitals,
    /// Blood pressure at the three times that the form asks for.
    pub blood_pressure: RemsPressures,
    /// Sedation, by the score of MOAA/S: less than 5.
    pub sedation: RemsEffect,
    /// Dissociation, by the score of 0 to 10: more than 0.
    pub dissociation: RemsEffect,
    /// Respiratory depression: a person decides; `noted` has what speaks for it.
    pub respiratory_depression: RemsEffect,
    /// Serious adverse events.
    pub adverse_events: RemsEvents,
    /// What the form asks for and the record does not know, as staff read it.
    pub missing: Vec<String>,
}

/// Whom the form is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsPatient {
    /// Given names.
    #[schema(required)]
    pub first_name: Option<String>,
    /// The record does not tell a middle name from a first one.
    #[schema(required)]
    pub middle_initial: Option<String>,
    /// Family name.
    #[schema(required)]
    pub last_name: Option<String>,
    /// Day of birth.
    #[schema(required)]
    pub birth_date: Option<BirthDate>,
    /// `male`, `female` or `other`.
    #[schema(required)]
    pub sex: Option<String>,
    /// Whether it is the patient's first treatment, as stated at check-in.
    #[schema(required)]
    pub is_first_treatment: Option<bool>,
    /// Whether the patient is enrolled in the REMS. The record never knows.
    #[schema(required)]
    pub is_enrolled: Option<bool>,
}

/// Medicines beside it, of each kind yes or no. The record never knows: a person asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsConcomitant {
    /// Benzodiazepines.
    #[schema(required)]
    pub benzodiazepine: Option<bool>,
    /// Other sedatives and hypnotics.
    #[schema(required)]
    pub sedative_hypnotic: Option<bool>,
    /// Opioids.
    #[schema(required)]
    pub opioid: Option<bool>,
    /// Psychostimulants.
    #[schema(required)]
    pub psychostimulant: Option<bool>,
    /// Monoamine oxidase inhibitors.
    #[schema(required)]
    pub maoi: Option<bool>,
    /// What the record has of medicines: the screening's answer, what was given in the session.
    pub noted: Vec<String>,
}

/// Who conducted the monitoring. The record knows staff by their initials alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsProvider {
    /// Full name.
    #[schema(required)]
    pub name: Option<String>,
    /// Telephone.
    #[schema(required)]
    pub telephone: Option<String>,
    /// Email.
    #[schema(required)]
    pub email: Option<String>,
    /// Everybody who did something in the session, by initials.
    pub staff: Vec<String>,
}

/// Where it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsSetting {
    /// The clinic's name.
    #[schema(required)]
    pub name: Option<String>,
    /// Its address.
    #[schema(required)]
    pub address: Option<String>,
}

/// What was given, and for how long the patient was monitored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RemsTreatment {
    /// The day of the first device, in the clinic's time.
    #[schema(required, format = Date)]
    pub date: Option<String>,
    /// mg of all devices; `null` when one of them has no dose.
    #[schema(required)]
    pub dose_mg: Option<Decimal>,
    /// The form's box for it; `null` until the last device is given.
    #[schema(required)]
    pub dose: Option<RemsDose>,
    /// The devices, oldest first.
    pub devices: Vec<RemsDevice>,
    /// From the first device to the end of monitoring, minutes; `null` until the session is over.
    #[schema(required)]
    pub total_minutes: Option<i64>,
    /// The minute at which the patient could have left without the rule of two hours. The record
    /// does not know.
    #[schema(required)]
    pub ready_after_minutes: Option<i64>,
}

/// The form's boxes for the dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum RemsDose {
    /// 56 mg.
    #[serde(rename = "56")]
    Mg56,
    /// 84 mg.
    #[serde(rename = "84")]
    Mg84,
    /// Another.
    #[serde(rename = "other")]
    Other,
}

/// A spray device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsDevice {
    /// When it was given.
    pub at: Millis,
    /// mg.
    #[schema(required)]
    pub mg: Option<Decimal>,
    /// Its lot.
    #[schema(required)]
    pub lot: Option<String>,
}

/// Whether vital signs were in an acceptable range, by the checklists of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsVitals {
    /// Before the first device: there was no reason to hold.
    #[schema(required)]
    pub acceptable_before: Option<bool>,
    /// Before the patient left: pressures, SpO2 and heart rate were in range.
    #[schema(required)]
    pub acceptable_at_completion: Option<bool>,
}

/// Blood pressure at three times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsPressures {
    /// The last one before the first device.
    #[schema(required)]
    pub before: Option<RemsPressure>,
    /// The one nearest to minute 40, at most 5 minutes from it.
    #[schema(required)]
    pub at_40_minutes: Option<RemsPressure>,
    /// The last one of the session, once that is over.
    #[schema(required)]
    pub at_completion: Option<RemsPressure>,
}

/// A pressure, mmHg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsPressure {
    /// Systolic.
    pub systolic: Decimal,
    /// Diastolic.
    pub diastolic: Decimal,
    /// When it was measured.
    pub at: Millis,
    /// That minute since the first device; below 0 before it.
    pub minute: i64,
}

/// An effect of the drug.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsEffect {
    /// Whether the patient had it; no only when scores say so and the session is over.
    #[schema(required)]
    pub experienced: Option<bool>,
    /// When it was first scored.
    #[schema(required)]
    pub onset_at: Option<Millis>,
    /// That minute.
    #[schema(required)]
    pub onset_minute: Option<i64>,
    /// When it was first scored as gone, and was not scored again.
    #[schema(required)]
    pub resolved_at: Option<Millis>,
    /// That minute.
    #[schema(required)]
    pub resolved_minute: Option<i64>,
    /// The score that was furthest from normal.
    #[schema(required)]
    pub furthest: Option<i32>,
    /// What else the record has about it, as staff read it.
    pub noted: Vec<String>,
}

/// Serious adverse events. What is serious a person decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemsEvents {
    /// Whether there was a serious one.
    #[schema(required)]
    pub is_serious: Option<bool>,
    /// Adverse events of the session, as staff read them.
    pub noted: Vec<String>,
}
