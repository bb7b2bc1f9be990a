use serde::Serialize;
use utoipa::ToSchema;

use crate::alertlog::{Deserving, LoggedAlert, RuleFigures};
use crate::vitals::Millis;

/// A part of the log of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertLog {
    /// Those raised last first.
    pub alerts: Vec<LoggedAlert>,
    /// Pass it as `after` for the next page.
    #[schema(required)]
    pub next: Option<String>,
}

/// What the rules did in a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertFigures {
    /// Alerts that were raised from this time on.
    pub from: Millis,
    /// And before this one.
    pub to: Millis,
    /// Sessions that were opened in that time.
    pub sessions: u64,
    /// A row for each rule that alarmed, those that alarmed most first.
    pub rules: Vec<RuleFigures>,
    /// At most three rules that most deserve another limit, the first one most.
    pub deserving: Vec<Deserving>,
}
