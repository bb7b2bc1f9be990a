use serde::{Deserialize, Serialize};

/// What staff do when a gate lets them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Check in.
    CheckIn,
    /// Finish the screening.
    Screening,
    /// Accept the baseline.
    Baseline,
    /// Start.
    Start,
    /// Let the patient go.
    Discharge,
}

impl Step {
    /// All of them, in the order of a session.
    pub const ALL: [Self; 5] =
        [Self::CheckIn, Self::Screening, Self::Baseline, Self::Start, Self::Discharge];

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Screening => "screening",
            Self::Baseline => "baseline",
            Self::Start => "start",
            Self::Discharge => "discharge",
        }
    }
}
