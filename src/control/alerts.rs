use serde::{Deserialize, Serialize};

use super::context::ControlContext;
use super::request::Request;
use crate::alertlog::LoggedAlert;
use crate::store::{Cursor, LogFilter};
use crate::vitals::Millis;

/// Alerts of one answer.
const PAGE: u32 = 500;

/// A page of the log of alerts, those raised last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadAlertLog {
    /// Raised at this time or later.
    pub from: Option<Millis>,
    /// Raised before this time.
    pub before: Option<Millis>,
    /// Where the previous page ended.
    pub after: Option<LogAfter>,
}

/// Where a page of the log ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogAfter(pub String);

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogPage {
    /// Those raised last first.
    pub alerts: Vec<LoggedAlert>,
    /// Where to go on, when there is more.
    pub next: Option<LogAfter>,
}

impl Request for ReadAlertLog {
    type Answer = LogPage;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<LogPage> {
        let Self { from, before, after } = self;
        let after = after.map(|LogAfter(text)| text.parse::<Cursor>()).transpose()?;
        let to = before.map(|at| at.plus(-1));
        let filter = LogFilter { from, to, after, ..LogFilter::default() };
        let page = context.store.alert_log(&filter, PAGE).await?;
        let next = page.next.map(|next| LogAfter(next.to_string()));
        Ok(LogPage { alerts: page.rows, next })
    }
}
