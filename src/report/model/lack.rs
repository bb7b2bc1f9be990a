use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::Millis;

/// Something that a record lacks, or that a reader must know to read it correctly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lack {
    /// What kind of lack it is.
    pub kind: LackKind,
    /// What is missing and what that means, a sentence for staff.
    pub text: String,
    /// When it began.
    #[schema(required)]
    pub from: Option<Millis>,
    /// When it ended.
    #[schema(required)]
    pub to: Option<Millis>,
}

/// What kind of lack it is, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LackKind {
    /// Entries are unreadable, missing or not as they were written.
    Damaged,
    /// The alerts that were shown differ from those that this version computes.
    Differs,
    /// There was more than a record holds.
    TooMuch,
    /// Nothing was recorded for some time.
    NotRecorded,
    /// The program was away for some time.
    Blind,
    /// The clock was set.
    Clock,
    /// No reading was heard at all.
    NoReadings,
    /// The session is not over: this is what there is so far.
    Running,
    /// Personal words or names were removed, as requested.
    Removed,
    /// It begins in the middle, as a recording may.
    Begins,
}
