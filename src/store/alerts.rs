use std::collections::HashSet;

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row};

use super::columns::decoded;
use super::page::Filter;
use super::{Cursor, MAX_ROWS, Page, Store};
use crate::journal::ReadError;
use crate::room::AlertState;
use crate::vitals::{Millis, RoomId, SessionId};

const SELECT: &str = "SELECT id, room, session, condition, priority, state, raised_at, ended_at, \
                      json FROM alerts";

/// An alert as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// The public id, such as `<session>-a1`.
    pub id: String,
    /// The room; none for an alert of the ward.
    pub room: Option<RoomId>,
    /// The session in which it was raised.
    pub session: Option<SessionId>,
    /// The condition, as the contract spells it.
    pub condition: String,
    /// `high`, `medium` or `low`.
    pub priority: String,
    /// Whether its condition is there now.
    pub state: AlertState,
    /// When it was raised.
    pub raised_at: Millis,
    /// When the condition ended.
    pub ended_at: Option<Millis>,
    /// What `GET alerts` shows.
    pub json: String,
}

/// Which states of alerts are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertStates {
    /// All alerts.
    #[default]
    Any,
    /// `active` and `latched`.
    Open,
    /// `active`.
    Active,
    /// `latched`.
    Latched,
    /// `resolved`.
    Resolved,
}

/// Which alerts are asked for; by default all, newest first.
#[derive(Clone, Debug, Default)]
pub struct AlertFilter {
    /// Only in these states.
    pub states: AlertStates,
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Only the ward's own, which are of no room.
    pub of_the_ward: bool,
    /// Only of this session.
    pub session: Option<SessionId>,
    /// Only those raised at this time or later.
    pub from: Option<Millis>,
    /// Only those raised at this time or earlier.
    pub to: Option<Millis>,
    /// Only those after this place in the list.
    pub after: Option<Cursor>,
}

impl AlertStates {
    /// Whether an alert in `state` is one of them.
    #[must_use]
    pub fn has(self, state: AlertState) -> bool {
        match self {
            Self::Any => true,
            Self::Open => state != AlertState::Resolved,
            Self::Active => state == AlertState::Active,
            Self::Latched => state == AlertState::Latched,
            Self::Resolved => state == AlertState::Resolved,
        }
    }
}

impl AlertFilter {
    /// Whether an alert of this room and session, raised at this time, is wanted, whatever its
    /// state and its place in the list.
    #[must_use]
    pub fn is_of(
        &self,
        room: Option<&RoomId>,
        session: Option<&SessionId>,
        raised_at: Millis,
    ) -> bool {
        self.room.as_ref().is_none_or(|wanted| Some(wanted) == room)
            && !(self.of_the_ward && room.is_some())
            && self.session.as_ref().is_none_or(|wanted| Some(wanted) == session)
            && self.from.is_none_or(|from| raised_at >= from)
            && self.to.is_none_or(|to| raised_at <= to)
    }
}

impl Page<AlertRow> {
    /// This page, brought up to date by what is `known` of the same filter: all that is open, and
    /// what is over and may not be on disk yet. Where the two differ, `known` is right.
    #[must_use]
    pub fn brought_up_to_date(
        self,
        known: Vec<AlertRow>,
        filter: &AlertFilter,
        limit: u32,
    ) -> Self {
        let is_wanted = |row: &AlertRow| filter.states.has(row.state);
        let ids: HashSet<String> = known.iter().map(|row| row.id.clone()).collect();
        let is_over = |row: &AlertRow| {
            row.state == AlertState::Resolved && !ids.contains(&row.id) && is_wanted(row)
        };
        let known = known.into_iter().filter(is_wanted);
        self.joined(is_over, known, (filter.after.as_ref(), limit), AlertRow::cursor)
    }
}

impl AlertRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        // What the log knows besides, it keeps: how high it ever was, who was the first to take it.
        sqlx::query(
            "INSERT INTO alerts (id, room, session, condition, priority, state, raised_at, \
             ended_at, json, highest, taken_by, taken_after_ms, silenced) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, \
                 CASE WHEN json_valid(?9) THEN CAST(coalesce( \
                     json_extract(?9, '$.acknowledged_before.by'), \
                     json_extract(?9, '$.acknowledged.by')) AS TEXT) END, \
                 CASE WHEN json_valid(?9) THEN max(0, CAST(coalesce( \
                     json_extract(?9, '$.acknowledged_before.at'), \
                     json_extract(?9, '$.acknowledged.at')) AS INTEGER) - ?7) END, \
                 CASE WHEN json_valid(?9) \
                     THEN json_extract(?9, '$.silenced_until') IS NOT NULL ELSE 0 END) \
             ON CONFLICT (id) DO UPDATE SET room = excluded.room, session = excluded.session, \
                 condition = excluded.condition, priority = excluded.priority, \
                 state = excluded.state, raised_at = excluded.raised_at, \
                 ended_at = excluded.ended_at, json = excluded.json, \
                 highest = max(highest, excluded.highest), \
                 taken_by = coalesce(taken_by, excluded.taken_by), \
                 taken_after_ms = coalesce(taken_after_ms, excluded.taken_after_ms), \
                 silenced = max(silenced, excluded.silenced)",
        )
        .bind(&self.id)
        .bind(self.room.as_ref().map(RoomId::as_str))
        .bind(self.session.as_ref().map(SessionId::as_str))
        .bind(&self.condition)
        .bind(&self.priority)
        .bind(self.state.name())
        .bind(self.raised_at.0)
        .bind(self.ended_at.map(|at| at.0))
        .bind(&self.json)
        .bind(rank(&self.priority))
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let text = |column: &str| row.try_get::<Option<&str>, _>(column);
        Ok(Self {
            id: row.try_get("id")?,
            room: decoded(text("room")?.map(RoomId::new).transpose())?,
            session: decoded(text("session")?.map(SessionId::new).transpose())?,
            condition: row.try_get("condition")?,
            priority: row.try_get("priority")?,
            state: decoded(state(row.try_get("state")?))?,
            raised_at: Millis(row.try_get("raised_at")?),
            ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(Millis),
            json: row.try_get("json")?,
        })
    }

    fn cursor(&self) -> Cursor {
        Cursor { at: self.raised_at, id: self.id.clone() }
    }
}

/// A priority as a number that is higher for a higher one.
fn rank(priority: &str) -> i64 {
    match priority {
        "high" => 3,
        "medium" => 2,
        _ => 1,
    }
}

/// A state as it is stored.
pub(super) fn state(stored: &str) -> Result<AlertState, String> {
    let states = [AlertState::Active, AlertState::Latched, AlertState::Resolved];
    let known = states.into_iter().find(|state| state.name() == stored);
    known.ok_or_else(|| format!("{stored:?} is no state of an alert"))
}

impl Store {
    /// The alert with this public id.
    pub async fn alert(&self, id: &str) -> Result<Option<AlertRow>, ReadError> {
        let query = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE id = ?"))).bind(id);
        self.one(query, AlertRow::read).await
    }

    /// Up to `limit` alerts, those raised last first.
    pub async fn alerts(
        &self,
        filter: &AlertFilter,
        limit: u32,
    ) -> Result<Page<AlertRow>, ReadError> {
        let limit = limit.clamp(1, MAX_ROWS);
        let mut list = Filter::new(SELECT);
        match filter.states {
            AlertStates::Any => &mut list.query,
            AlertStates::Open => list.query.push(" AND state <> 'resolved'"),
            AlertStates::Active => list.query.push(" AND state = 'active'"),
            AlertStates::Latched => list.query.push(" AND state = 'latched'"),
            AlertStates::Resolved => list.query.push(" AND state = 'resolved'"),
        };
        list.and("room = ", filter.room.as_ref().map(RoomId::as_str));
        if filter.of_the_ward {
            list.query.push(" AND room IS NULL");
        }
        list.and("session = ", filter.session.as_ref().map(SessionId::as_str));
        list.and("raised_at >= ", filter.from.map(|at| at.0));
        list.and("raised_at <= ", filter.to.map(|at| at.0));
        list.newest_first("raised_at", filter.after.as_ref(), limit);
        let rows = self.all(list.query.build(), AlertRow::read).await?;
        Ok(Page::of(rows, limit, AlertRow::cursor))
    }
}
