//! The shapes of rules that the room knows. A profile says with what numbers.

use serde::{Deserialize, Serialize};

use super::condition::{Condition, Priority};
use super::limit::{Compare, Limit};
use super::suggestion::Suggestion;
use crate::vitals::Vital;

/// One condition of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRow {
    /// Which.
    pub condition: Condition,
    /// What staff read, before the value: `SpO2 low`.
    pub text: String,
    /// When it may alarm.
    pub during: Vec<Span>,
    /// Not raised while one of these has an open alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_by: Vec<Condition>,
    /// A medium alert that recurs within this time after it ended is the same alert, without a
    /// tone, unless it is worse; seconds (clinical.md#coming-back).
    pub realert_s: u32,
    /// Its alert asks for a cuff reading at once.
    #[serde(default, skip_serializing_if = "is_false")]
    pub asks_cuff: bool,
    /// What staff may think of while it stands: shown as a task, never as an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
    /// When it holds.
    pub rule: Rule,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A part of a patient's stay, or the time between patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A room with data but without a session.
    NoSession,
    /// In a session, before the infusion.
    BeforeStart,
    /// From the start on: infusing, paused, recovery.
    Treatment,
}

/// A continuous vital that limits are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContinuousVital {
    /// Saturation.
    Spo2,
    /// Heart rate by ECG, else pulse rate.
    HeartRate,
    /// Breaths.
    RespRate,
    /// Body temperature.
    Temp,
}

impl ContinuousVital {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Spo2, Self::HeartRate, Self::RespRate, Self::Temp];

    /// The vitals that give it, the preferred one first.
    #[must_use]
    pub const fn sources(self) -> &'static [Vital] {
        match self {
            Self::Spo2 => &[Vital::Spo2],
            Self::HeartRate => &[Vital::HeartRate, Vital::PulseRate],
            Self::RespRate => &[Vital::RespRate],
            Self::Temp => &[Vital::Temp],
        }
    }

    /// What the readings of a vital count for.
    #[must_use]
    pub fn of(vital: Vital) -> Option<Self> {
        Self::ALL.into_iter().find(|continuous| continuous.sources().contains(&vital))
    }
}

/// The shapes of rules that the room knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// A continuous value beyond a limit for a time.
    Held {
        /// What is compared.
        vital: ContinuousVital,
        /// A run starts anew after a gap without good values of this length, seconds.
        gap_s: u32,
        /// From the mildest to the gravest; rows of one level are alternatives.
        stages: Vec<HeldStage>,
        /// How much below a limit in how long a time, beside the stages.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deficits: Vec<DeficitStage>,
        /// When it is over.
        clearing: Clearing,
    },
    /// A continuous value that falls fast and far.
    Fall {
        /// What falls.
        vital: ContinuousVital,
        /// Values before a gap of this length do not count, seconds.
        gap_s: u32,
        /// By this much.
        by: f64,
        /// Within this time, seconds.
        within_s: u32,
        /// To this limit; without a baseline the median of the last five minutes stands for it.
        to: Limit,
        /// Held for this long, seconds.
        held_s: u32,
        /// Not within this time after bad signal, seconds.
        after_bad_s: u32,
        /// From the mildest to the gravest.
        stages: Vec<FallStage>,
        /// When it is over.
        clearing: Clearing,
        /// A fall is an event: it is over too when the value no longer moves
        /// (clinical.md#falls-are-events). A profile of before has what [`Steady::usual`] says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        steady: Option<Steady>,
    },
    /// Cuff readings beyond a limit, once, twice running, or confirmed.
    Cuff {
        /// The part whose value the alert shows.
        part: CuffPart,
        /// From the mildest to the gravest; rows of one level are alternatives.
        stages: Vec<CuffStage>,
        /// When it is over: one reading this far inside the caution limits, mmHg.
        clearing_margin: f64,
        /// From a high alert until two readings running are inside the limits, a reading is due
        /// this often, seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again_s: Option<u32>,
        /// The caution limit after staff have overridden a high baseline
        /// (clinical.md#limits-of-one-patient).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overridden: Option<Overridden>,
    },
    /// Signs of a reaction: the more of them together, the graver.
    Signs {
        /// Each of them.
        signs: Vec<Sign>,
        /// Entered by staff; one of them is enough for the gravest stage.
        symptoms: Vec<String>,
        /// From the mildest to the gravest.
        stages: Vec<SignsStage>,
    },
    /// What staff have entered: a score, or a symptom.
    Entered {
        /// The score that the stages' limits are for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<String>,
        /// From the mildest to the gravest; rows of one level are alternatives.
        stages: Vec<EnteredStage>,
    },
    /// A vital that should be there and is not.
    Absence {
        /// What is missing.
        vital: ContinuousVital,
        /// What staff read when the monitor says that the sensor is off.
        sensor_off_text: String,
        /// Alternatives; the gravest that holds counts.
        stages: Vec<AbsenceStage>,
    },
    /// Values that the monitor does not trust.
    Questionable {
        /// Any of these.
        vitals: Vec<ContinuousVital>,
        /// The gravest that holds counts.
        stages: Vec<TimedStage>,
    },
    /// A monitor that is no longer heard.
    Lost {
        /// The gravest that holds counts.
        stages: Vec<TimedStage>,
    },
    /// No screen that can be seen and heard shows the room.
    Unwatched {
        /// The gravest that holds counts.
        stages: Vec<TimedStage>,
    },
    /// Cuff readings that fail running.
    CuffFailed {
        /// So many; the ones before are tasks.
        failures: u8,
        /// Priority of the alert.
        priority: Priority,
        /// Or a cuff that has been inflated for too long.
        #[serde(default)]
        inflated: Inflated,
    },
    /// The cuff reading that is due does not come.
    CuffOverdue {
        /// The gravest that holds counts.
        stages: Vec<OverdueStage>,
    },
    /// Something that may happen, but not so often.
    Repeated {
        /// What.
        incident: Incident,
        /// So often.
        count: u8,
        /// Within this time, and over when it did not happen for as long; seconds.
        within_s: u32,
        /// Priority of the alert.
        priority: Priority,
    },
    /// A monitor's clock differs from ours.
    ClockDiffers {
        /// By more than this, seconds.
        by_s: u32,
        /// For this long, seconds.
        for_s: u32,
        /// Priority of the alert.
        priority: Priority,
    },
    /// Found by the ward, which tells the room.
    Reported {
        /// Priority of the alert.
        priority: Priority,
    },
}

/// What [`Rule::Repeated`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incident {
    /// A monitor's stream stood still for some seconds, and went on.
    LinkDropped,
    /// A value that no living patient has was refused.
    ValueRefused,
}

/// One stage of a held limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Direction.
    pub compare: Compare,
    /// Where.
    pub limit: Limit,
    /// For how long, seconds.
    pub for_s: u32,
    /// The share of the good samples of that time which must hold, `0.5..=1.0`.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: f64,
}

fn whole() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_whole(share: &f64) -> bool {
    *share >= 1.0
}

/// The area below a limit: `sum over over_s of min(most, max(0, limit − value))`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeficitStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// What the values are below.
    pub limit: Limit,
    /// No sample counts for more than this.
    pub most: f64,
    /// The time looked at, seconds.
    pub over_s: u32,
    /// The area, in the vital's unit times seconds.
    pub area: f64,
    /// Samples do not count within this time after bad signal, seconds.
    pub after_bad_s: u32,
}

/// One stage of a fall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FallStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only while one of these has an active alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Condition>,
}

/// Back inside the mildest limit by a margin, for a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearing {
    /// In the unit of the vital.
    pub margin: f64,
    /// Seconds.
    pub for_s: u32,
}

/// A cuff that inflates and gives no result (clinical.md#the-cuff-and-the-finger-clip).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inflated {
    /// For how long, seconds.
    pub after_s: u32,
    /// Priority of the alert.
    pub priority: Priority,
    /// What staff read.
    pub text: String,
}

impl Default for Inflated {
    fn default() -> Self {
        let text = "Cuff inflated for 3 min: check the arm".to_owned();
        Self { after_s: 180, priority: Priority::Medium, text }
    }
}

/// A value that no longer moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steady {
    /// No value lies farther than this from the newest, in the unit of the vital.
    pub within: f64,
    /// For this long, seconds.
    pub for_s: u32,
}

impl Steady {
    /// What a profile has that says nothing of it (clinical.md#falls-are-events).
    #[must_use]
    pub const fn usual(vital: ContinuousVital) -> Self {
        let within = match vital {
            ContinuousVital::Spo2 => 2.0,
            _ => 6.0,
        };
        Self { within, for_s: 120 }
    }
}

/// A part of a cuff reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CuffPart {
    Systolic,
    Diastolic,
}

/// How many readings a cuff stage needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CuffCount {
    /// This reading.
    One,
    /// This and the one before.
    Two,
    /// This and the next; without a next one in time, this alone.
    Confirmed {
        /// Seconds that the next one has.
        within_s: u32,
    },
}

/// One comparison of a cuff reading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffTest {
    /// Which part.
    pub part: CuffPart,
    /// Direction.
    pub compare: Compare,
    /// Where; a baseline-relative limit follows the baseline of the same part.
    pub limit: Limit,
}

/// One stage of a pressure condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// How many readings.
    pub readings: CuffCount,
    /// What each of them, or the first of a confirmed pair, must be.
    pub test: CuffTest,
    /// What may stand in for `test` in the reading that confirms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub or_confirmed_by: Option<CuffTest>,
    /// Only while one of these has an active alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Condition>,
}

/// What becomes of a caution limit when staff go on with a high baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overridden {
    /// With a baseline above this, mmHg.
    pub above: f64,
    /// The caution limit then.
    pub caution: Limit,
}

/// One sign of a reaction: any of its tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// What staff read: `BP fall`.
    pub text: String,
    /// Over when back inside by this much, in the vital's unit.
    #[serde(default)]
    pub margin: f64,
    /// As a hold: not for a patient whose low values were accepted as usual.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unless_known_low: bool,
    /// By the newest cuff reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuff: Vec<CuffTest>,
    /// By a continuous vital.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HeldTest>,
}

/// A continuous vital beyond a limit for a time, as a sign.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldTest {
    /// What is compared.
    pub vital: ContinuousVital,
    /// Direction.
    pub compare: Compare,
    /// Where.
    pub limit: Limit,
    /// For how long, seconds.
    pub for_s: u32,
    /// A run starts anew after a gap without good values of this length, and a value older than
    /// this says nothing; seconds.
    pub gap_s: u32,
}

/// One stage of a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignsStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// So many signs together.
    pub at_least: u8,
}

/// One stage of what staff enter: a score beyond a limit, or one of these symptoms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnteredStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// The score's limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<ScoreTest>,
    /// Symptoms by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symptoms: Vec<String>,
}

/// How a score stands to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreTest {
    /// Direction.
    pub compare: Compare,
    /// Where.
    pub limit: f64,
}

/// One stage of a missing value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only when the monitor says that the sensor is off.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sensor_off: bool,
    /// Only while infusing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub infusing: bool,
    /// For how long, seconds.
    pub after_s: u32,
}

/// One stage of what has lasted for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only while infusing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub infusing: bool,
    /// For how long, seconds.
    pub after_s: u32,
}

/// One stage of an overdue cuff reading: at `age > cadences × cadence + and_s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdueStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only while infusing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub infusing: bool,
    /// The age in cadences, at least 1.
    pub cadences: u8,
    /// And this many seconds.
    pub and_s: u32,
}
