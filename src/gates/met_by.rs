use serde::{Deserialize, Serialize};

/// What meets an item, as a form needs to know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetBy {
    /// A person ticks it: event `check`.
    #[default]
    Tick,
    /// Event `check`, by another person than who entered the order; both have said who they are.
    SecondPerson,
    /// It is stated in event `check_in`, or is the `order`.
    Statement,
    /// It is answered in event `screening`.
    Answer,
    /// Event `score`.
    Score,
    /// The baseline is accepted: event `accept_baseline`.
    Baseline,
    /// The room itself says it.
    Room,
}
