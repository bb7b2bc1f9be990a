use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::{Decimal, DeviceId, Millis, Pressure, Vital};

/// One vital, as monitors gave it. A point is missing while there was no value that the monitor
/// vouched for: `absences` says why.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Trend {
    /// The vital.
    pub vital: Vital,
    /// The unit of its values.
    pub unit: String,
    /// When each value was heard, oldest first.
    pub at: Vec<Millis>,
    /// The values, in the order of `at`; all of them good.
    pub values: Vec<Decimal>,
    /// When it had no good value after it first had one, oldest first.
    pub absences: Vec<Absence>,
}

impl Trend {
    /// The values with their times, oldest first.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = (Millis, Decimal)> + '_ {
        self.at.iter().copied().zip(self.values.iter().copied())
    }
}

/// A period without a good value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Absence {
    /// Its beginning.
    pub from: Millis,
    /// Its end.
    pub to: Millis,
    /// Why, as staff read it.
    pub text: String,
}

/// Where a pressure comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PressureSource {
    /// A monitor.
    Monitor {
        /// Its id.
        device: DeviceId,
    },
    /// A person.
    ByHand {
        /// By initials.
        by: String,
        /// The number of their entry.
        n: u32,
    },
    /// It was received by an earlier version, which did not record the origin.
    Unknown,
}

/// A cuff pressure, mmHg.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedPressure {
    /// When it was measured.
    pub at: Millis,
    /// When it was heard or entered.
    pub heard_at: Millis,
    /// Systolic.
    #[schema(required)]
    pub systolic: Option<Decimal>,
    /// Diastolic.
    #[schema(required)]
    pub diastolic: Option<Decimal>,
    /// Mean.
    #[schema(required)]
    pub mean: Option<Decimal>,
    /// Where it comes from.
    pub source: PressureSource,
}

/// A value that came too late to be judged, as after an interruption of the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LateReading {
    /// When it was taken, by our clock, as far as its device says.
    pub at: Millis,
    /// When it came.
    pub heard_at: Millis,
    /// The vital.
    pub vital: Vital,
    /// The monitor.
    pub device: DeviceId,
    /// The value, in its unit; `null` for a pressure.
    #[schema(required)]
    pub value: Option<Decimal>,
    /// Systolic, mmHg.
    #[schema(required)]
    pub systolic: Option<Decimal>,
    /// Diastolic, mmHg.
    #[schema(required)]
    pub diastolic: Option<Decimal>,
    /// Mean, mmHg.
    #[schema(required)]
    pub mean: Option<Decimal>,
}

impl LateReading {
    /// Its numbers, where it is a pressure.
    #[must_use]
    pub const fn pressure(&self) -> Pressure {
        Pressure { systolic: self.systolic, diastolic: self.diastolic, mean: self.mean }
    }
}

/// What a person measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Measured {
    /// When it was measured.
    pub at: Millis,
    /// The vital.
    pub vital: Vital,
    /// The value, in its unit.
    pub value: Decimal,
    /// By initials.
    pub by: String,
    /// The number of their entry.
    pub n: u32,
}

/// One row of the vitals at cadence: at each pressure, and at each cadence without one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TableRow {
    /// The time of the row.
    pub at: Millis,
    /// The pressure, `systolic/diastolic`, mmHg; `null` when none was measured.
    #[schema(required)]
    pub pressure: Option<RecordedPressure>,
    /// Median of the 30 s before, or as a person measured it; 1/min.
    #[schema(required)]
    pub heart_rate: Option<Decimal>,
    /// Median of the 30 s before, or as a person measured it; %.
    #[schema(required)]
    pub spo2: Option<Decimal>,
    /// Median of the 30 s before, or as a person measured it; 1/min.
    #[schema(required)]
    pub resp_rate: Option<Decimal>,
    /// Scores that were given at this time, or nearer to this row than to another.
    pub scores: Vec<TableScore>,
    /// Which of it a person measured.
    pub by_hand: Vec<Vital>,
    /// What else a reader should know about it, as staff read it.
    pub notes: Vec<String>,
}

/// A score in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TableScore {
    /// Its name in the profile.
    pub score: String,
    /// The value.
    pub value: i32,
}

/// A period in which something was missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Interruption {
    /// What was missing.
    pub kind: InterruptionKind,
    /// Its beginning.
    pub from: Millis,
    /// Its end; `null` while it lasts.
    #[schema(required)]
    pub to: Option<Millis>,
    /// What staff read.
    pub text: String,
}

/// What was missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterruptionKind {
    /// The program was away.
    Restart,
    /// Nothing was recorded; alarms went on.
    NotRecorded,
    /// No live screen with sound showed the room.
    Unwatched,
    /// A monitor's link was down.
    MonitorDown,
}
