//! What may alarm. Each shape of a rule is one file or folder: its row of the profile, its checks
//! and bounds, its words for the medical director, and how it judges.
//!
//! Pure, and without a room: a rule is given the values of a patient ([`History`],
//! [`CuffReadings`], what staff entered) and says what it finds ([`Verdict`], [`Course`]). What
//! becomes of that, the room decides.

mod absence;
pub(crate) mod bounds;
mod clearing;
mod clock_differs;
mod condition;
mod course;
pub(crate) mod cuff;
mod cuff_failed;
mod cuff_overdue;
pub(crate) mod entered;
pub(crate) mod fall;
mod finding;
mod found;
pub(crate) mod held;
mod histories;
mod history;
mod limit;
mod lost;
mod patient;
pub(crate) mod phrases;
mod pressure_test;
mod questionable;
mod repeated;
mod reported;
mod rhythm;
mod row;
mod section;
mod shape;
pub(crate) mod signs;
mod suggestion;
mod timed;
mod unwatched;
mod vital;
mod vocabulary;

use serde::{Deserialize, Serialize};

pub(crate) use absence::Missing;
pub use absence::{Absence, AbsenceStage};
pub use clearing::{Clearing, Steady};
pub use clock_differs::ClockDiffers;
pub use condition::{Condition, Kind, Priority};
pub(crate) use course::{Course, OVER, seconds_after};
pub use cuff::readings::Waiting;
pub(crate) use cuff::readings::{CuffReading, CuffReadings, Origin};
pub use cuff::{Cuff, CuffCount, CuffStage, Overridden};
pub use cuff_failed::{CuffFailed, Inflated};
pub use cuff_overdue::{CuffOverdue, OverdueStage};
pub use entered::{Entered, EnteredStage, GivenScore, OpenSymptom, ScoreTest};
pub use fall::{Fall, FallStage};
pub(crate) use finding::{Clears, Finding, Verdict};
pub(crate) use found::Found;
pub use found::Problem;
pub use held::deficit::DeficitStage;
pub use held::{Held, HeldStage};
pub(crate) use histories::Histories;
pub(crate) use history::History;
pub(crate) use limit::limit_makes_sense;
pub use limit::{Compare, Limit};
pub use lost::Lost;
pub(crate) use patient::Patient;
pub use patient::{Baseline, OwnLimits, PersonalLimits};
pub use pressure_test::{CuffPart, CuffTest};
pub use questionable::Questionable;
pub use repeated::{Incident, Repeated};
pub use reported::Reported;
pub(crate) use rhythm::{NOMINAL_MS, Rhythm};
pub(crate) use row::is_false;
pub use row::{ConditionRow, Span};
pub use section::{Section, Stage};
pub(crate) use shape::{GAP_S, MOST_STAGES, Shape};
pub use signs::{HeldTest, Sign, Signs, SignsStage};
pub use suggestion::Suggestion;
pub(crate) use timed::Moment;
pub use timed::TimedStage;
pub use unwatched::Unwatched;
pub use vital::ContinuousVital;
pub(crate) use vocabulary::Vocabulary;
pub use vocabulary::{ScoreChoice, SymptomChoice};

/// The shapes of rules. A profile says with what numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A continuous value beyond a limit for a time, or an area below one.
    Held(Held),
    /// A continuous value that falls fast and far.
    Fall(Fall),
    /// Cuff readings beyond a limit, once, twice running, or confirmed.
    Cuff(Cuff),
    /// Signs of a reaction: the more of them together, the graver.
    Signs(Signs),
    /// What staff have entered: a score, or a symptom.
    Entered(Entered),
    /// A vital that should be there and is not.
    Absence(Absence),
    /// Values that the monitor does not trust.
    Questionable(Questionable),
    /// A monitor that is no longer heard.
    Lost(Lost),
    /// No screen that can be seen and heard shows the room.
    Unwatched(Unwatched),
    /// Cuff readings that fail running, or a cuff that stays inflated.
    CuffFailed(CuffFailed),
    /// The cuff reading that is due does not come.
    CuffOverdue(CuffOverdue),
    /// Something that may happen, but not so often.
    Repeated(Repeated),
    /// A monitor's clock differs from ours.
    ClockDiffers(ClockDiffers),
    /// Found by the ward, which tells the room.
    Reported(Reported),
}

impl Rule {
    /// What it says of itself.
    pub(crate) fn shape(&self) -> &dyn Shape {
        match self {
            Self::Held(shape) => shape,
            Self::Fall(shape) => shape,
            Self::Cuff(shape) => shape,
            Self::Signs(shape) => shape,
            Self::Entered(shape) => shape,
            Self::Absence(shape) => shape,
            Self::Questionable(shape) => shape,
            Self::Lost(shape) => shape,
            Self::Unwatched(shape) => shape,
            Self::CuffFailed(shape) => shape,
            Self::CuffOverdue(shape) => shape,
            Self::Repeated(shape) => shape,
            Self::ClockDiffers(shape) => shape,
            Self::Reported(shape) => shape,
        }
    }

    /// Whether the values of this vital alone decide it.
    pub(crate) fn is_of(&self, vital: ContinuousVital) -> bool {
        match self {
            Self::Held(Held { vital: of, .. }) | Self::Fall(Fall { vital: of, .. }) => *of == vital,
            _ => false,
        }
    }
}
