//! The log of alerts, and what its figures are made of. Both are read as they are on disk.

use serde::Deserialize;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::alerts::state;
use super::columns::{decoded, unsigned};
use super::page::Filter;
use super::{Cursor, MAX_ROWS, Page, Store};
use crate::alertlog::{FirstTaken, LoggedAlert, MOST_SAID, Said, Tally};
use crate::journal::ReadError;
use crate::room::Outcome;
use crate::rules::{Condition, Priority};
use crate::vitals::{Decimal, Millis, RoomId, SessionId};

/// Somebody said what came of an alert, or took that back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRow {
    /// The public id of the alert.
    pub alert: String,
    /// When they said it.
    pub at: Millis,
    /// Initials.
    pub by: String,
    /// `None` takes back what was said before.
    pub outcome: Option<Outcome>,
}

/// Which outcome is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogOutcome {
    /// This one.
    Is(Outcome),
    /// None, of an alert that is over.
    Missing,
}

/// Which alerts of the log are asked for; by default all, newest first.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Raised at this time or later.
    pub from: Option<Millis>,
    /// Raised at this time or earlier.
    pub to: Option<Millis>,
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Only about this.
    pub condition: Option<Condition>,
    /// Only with this outcome.
    pub outcome: Option<LogOutcome>,
    /// Only those that this person was the first to take: initials.
    pub taken_by: Option<String>,
    /// Only those after this place in the list.
    pub after: Option<Cursor>,
}

impl OutcomeRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO alert_outcomes (alert, at, by, outcome) VALUES (?, ?, ?, ?)",
        )
        .bind(&self.alert)
        .bind(self.at.0)
        .bind(&self.by)
        .bind(self.outcome.map(Outcome::name))
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// What the log shows of an alert's JSON. What one of an older version lacks is not known.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shown {
    text: String,
    value: Option<Decimal>,
    limit: Option<Decimal>,
    worst: Option<Decimal>,
    worst_at: Option<Millis>,
    unit: Option<String>,
}

/// Each alert with what was said of its outcome.
pub(super) fn select() -> String {
    format!(
        "SELECT id, room, session, condition, priority, state, raised_at, ended_at, json, highest, \
             taken_by, taken_after_ms, silenced, outcome, profile, \
             (SELECT json_group_array(json_object('by', by, 'at', at, 'outcome', outcome)) FROM \
                 (SELECT * FROM (SELECT by, at, outcome FROM alert_outcomes \
                     WHERE alert = alerts.id ORDER BY at DESC LIMIT {MOST_SAID}) ORDER BY at)) \
                 AS said \
         FROM alerts"
    )
}

fn logged(row: &SqliteRow) -> sqlx::Result<LoggedAlert> {
    let text = |column: &str| row.try_get::<Option<&str>, _>(column);
    let shown: Shown = serde_json::from_str(row.try_get("json")?).unwrap_or_default();
    let raised_at = Millis(row.try_get("raised_at")?);
    let ended_at = row.try_get::<Option<i64>, _>("ended_at")?.map(Millis);
    let taken_after_ms: Option<i64> = row.try_get("taken_after_ms")?;
    let taken = text("taken_by")?.zip(taken_after_ms);
    let said: Option<Vec<Said>> = text("said")?.and_then(|json| serde_json::from_str(json).ok());
    Ok(LoggedAlert {
        id: row.try_get("id")?,
        room: decoded(text("room")?.map(RoomId::new).transpose())?,
        session: decoded(text("session")?.map(SessionId::new).transpose())?,
        condition: row.try_get("condition")?,
        profile: row.try_get("profile")?,
        priority: priority(row.try_get("highest")?, row.try_get("priority")?),
        state: decoded(state(row.try_get("state")?))?,
        text: shown.text,
        value: shown.value,
        limit: shown.limit,
        worst: shown.worst,
        worst_at: shown.worst_at,
        unit: shown.unit,
        raised_at,
        taken: taken.map(|(by, after_ms)| FirstTaken { by: by.to_owned(), after_ms }),
        ended_at,
        lasted_ms: ended_at.map(|ended| ended.since(raised_at)),
        silenced: row.try_get("silenced")?,
        outcome: text("outcome")?.and_then(Outcome::from_name),
        said: said.unwrap_or_default(),
    })
}

fn priority(highest: i64, now: &str) -> Priority {
    match (highest, now) {
        (3, _) | (_, "high") => Priority::High,
        (2, _) | (_, "medium") => Priority::Medium,
        _ => Priority::Low,
    }
}

/// What is asked of the alerts that `select` begins with.
pub(super) fn asked(select: &str, filter: &LogFilter, limit: u32) -> Filter {
    let mut list = Filter::new(select);
    list.and("raised_at >= ", filter.from.map(|at| at.0));
    list.and("raised_at <= ", filter.to.map(|at| at.0));
    list.and("room = ", filter.room.as_ref().map(|room| room.as_str().to_owned()));
    list.and("condition = ", filter.condition.map(Condition::name));
    match filter.outcome {
        Some(LogOutcome::Is(outcome)) => list.and("outcome = ", Some(outcome.name())),
        Some(LogOutcome::Missing) => {
            list.query.push(" AND outcome IS NULL AND state <> 'active'");
        }
        None => {}
    }
    list.and("taken_by = ", filter.taken_by.clone());
    list.newest_first("raised_at", filter.after.as_ref(), limit);
    list
}

impl Store {
    /// Up to `limit` alerts of the log, those raised last first.
    pub async fn alert_log(
        &self,
        filter: &LogFilter,
        limit: u32,
    ) -> Result<Page<LoggedAlert>, ReadError> {
        let limit = limit.clamp(1, MAX_ROWS);
        let mut list = asked(&select(), filter, limit);
        let rows = self.all(list.query.build(), logged).await?;
        let cursor = |alert: &LoggedAlert| Cursor { at: alert.raised_at, id: alert.id.clone() };
        Ok(Page::of(rows, limit, cursor))
    }

    /// The alerts that were raised between these times, the end not included: how many there are
    /// of each kind that the figures ask for.
    pub async fn alert_tallies(&self, from: Millis, to: Millis) -> Result<Vec<Tally>, ReadError> {
        // All of it is in one index.
        let query = sqlx::query(
            "SELECT condition, profile, highest = 3 AS was_high, state <> 'active' AS is_over, \
                 session IS NOT NULL AS in_session, outcome, \
                 taken_after_ms / 1000 AS taken_after_s, count(*) AS count \
             FROM alerts INDEXED BY alerts_in_figures WHERE raised_at >= ? AND raised_at < ? \
             GROUP BY 1, 2, 3, 4, 5, 6, 7",
        );
        self.all(query.bind(from.0).bind(to.0), tally).await
    }

    /// How many sessions were opened between these times, the end not included.
    pub async fn sessions_opened(&self, from: Millis, to: Millis) -> Result<u64, ReadError> {
        let query = sqlx::query(
            "SELECT count(*) AS opened FROM sessions WHERE opened_at >= ? AND opened_at < ?",
        );
        let opened = self.one(query.bind(from.0).bind(to.0), |row| unsigned(row, "opened"));
        Ok(opened.await?.unwrap_or(0))
    }
}

fn tally(row: &SqliteRow) -> sqlx::Result<Tally> {
    let outcome: Option<&str> = row.try_get("outcome")?;
    let taken_after_s: Option<i64> = row.try_get("taken_after_s")?;
    Ok(Tally {
        condition: row.try_get("condition")?,
        profile: row.try_get("profile")?,
        was_high: row.try_get("was_high")?,
        is_over: row.try_get("is_over")?,
        in_session: row.try_get("in_session")?,
        outcome: outcome.and_then(Outcome::from_name),
        taken_after_s: decoded(taken_after_s.map(u64::try_from).transpose())?,
        count: unsigned(row, "count")?,
    })
}
