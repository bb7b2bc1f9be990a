use std::collections::HashSet;

use serde::Deserialize;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row};

use super::columns::{decoded, to_i64, unsigned};
use super::page::Filter;
use super::{Cursor, MAX_ROWS, Page, Store};
use crate::journal::ReadError;
use crate::vitals::{CourseId, Millis, RoomId, SessionId};

const SELECT: &str = "SELECT id, room, profile, phase, opened_at, started_at, ended_at, \
                      opened_seq, ended_seq, json FROM sessions";

/// A session as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// The room in which it is, or was last.
    pub room: RoomId,
    /// The profile's name.
    pub profile: String,
    /// The phase, as the contract spells it.
    pub phase: String,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion was started.
    pub started_at: Option<Millis>,
    /// When it was over.
    pub ended_at: Option<Millis>,
    /// Its first entry in the chain of its room.
    pub opened_seq: u64,
    /// Its last entry there.
    pub ended_seq: Option<u64>,
    /// What `GET sessions/{id}` shows. Holds the patient's initials.
    pub json: String,
}

/// Which sessions are asked for; by default all, newest first.
#[derive(Clone, Debug, Default)]
pub struct SessionFilter {
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Only of patients with these initials.
    pub initials: Option<Initials>,
    /// Only of this course.
    pub course: Option<CourseId>,
    /// Only those that are not over (`true`) or are (`false`).
    pub open: Option<bool>,
    /// Only those opened at this time or later.
    pub from: Option<Millis>,
    /// Only those opened at this time or earlier.
    pub to: Option<Millis>,
    /// Only those after this place in the list.
    pub after: Option<Cursor>,
}

/// Initials as they are searched: dots and spaces are left out, and of A to Z it does not matter
/// whether they are capitals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initials(String);

impl Initials {
    /// `None` when there is nothing in the text to search for.
    #[must_use]
    pub fn searched(text: &str) -> Option<Self> {
        // As the column does it (`migrations/0012`).
        let searched = text.replace(['.', ' '], "").to_ascii_uppercase();
        (!searched.is_empty()).then_some(Self(searched))
    }
}

/// What of a session's JSON sessions are searched by.
#[derive(Default, Deserialize)]
struct Whose {
    #[serde(default)]
    patient: OfPatient,
}

#[derive(Default, Deserialize)]
struct OfPatient {
    #[serde(default)]
    initials: String,
    course: Option<CourseId>,
}

impl SessionFilter {
    /// Whether a session is wanted, whatever its place in the list.
    fn is_of(&self, row: &SessionRow) -> bool {
        self.is_whose(row)
            && self.room.as_ref().is_none_or(|room| *room == row.room)
            && self.open.is_none_or(|open| open == row.ended_at.is_none())
            && self.from.is_none_or(|from| row.opened_at >= from)
            && self.to.is_none_or(|to| row.opened_at <= to)
    }

    fn is_whose(&self, row: &SessionRow) -> bool {
        if self.initials.is_none() && self.course.is_none() {
            return true;
        }
        let Whose { patient } = serde_json::from_str(&row.json).unwrap_or_default();
        let is_theirs = |searched| Initials::searched(&patient.initials).as_ref() == Some(searched);
        self.initials.as_ref().is_none_or(is_theirs)
            && (self.course.is_none() || self.course == patient.course)
    }

    /// The list of up to `limit` sessions, those opened last first.
    pub(super) fn list(&self, limit: u32) -> Filter {
        let mut list = Filter::new(SELECT);
        list.and("room = ", self.room.as_ref().map(RoomId::as_str));
        list.and("initials = ", self.initials.as_ref().map(|searched| searched.0.as_str()));
        list.and("course = ", self.course.as_ref().map(CourseId::as_str));
        list.and("opened_at >= ", self.from.map(|at| at.0));
        list.and("opened_at <= ", self.to.map(|at| at.0));
        match self.open {
            Some(true) => list.query.push(" AND ended_at IS NULL"),
            Some(false) => list.query.push(" AND ended_at IS NOT NULL"),
            None => &mut list.query,
        };
        list.newest_first("opened_at", self.after.as_ref(), limit);
        list
    }
}

impl Page<SessionRow> {
    /// This page, brought up to date by the sessions that the rooms know: where the two differ,
    /// what is `known` is right.
    #[must_use]
    pub fn brought_up_to_date(
        self,
        known: Vec<SessionRow>,
        filter: &SessionFilter,
        limit: u32,
    ) -> Self {
        let ids: HashSet<SessionId> = known.iter().map(|row| row.id.clone()).collect();
        let is_past = |row: &SessionRow| !ids.contains(&row.id);
        let known = known.into_iter().filter(|row| filter.is_of(row));
        self.joined(is_past, known, (filter.after.as_ref(), limit), SessionRow::cursor)
    }
}

impl SessionRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO sessions (id, room, profile, phase, opened_at, started_at, \
             ended_at, opened_seq, ended_seq, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(self.id.as_str())
        .bind(self.room.as_str())
        .bind(&self.profile)
        .bind(&self.phase)
        .bind(self.opened_at.0)
        .bind(self.started_at.map(|at| at.0))
        .bind(self.ended_at.map(|at| at.0))
        .bind(to_i64(self.opened_seq))
        .bind(self.ended_seq.map(to_i64))
        .bind(&self.json)
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let ended_seq = row.try_get::<Option<i64>, _>("ended_seq")?;
        Ok(Self {
            id: decoded(SessionId::new(row.try_get("id")?))?,
            room: decoded(RoomId::new(row.try_get("room")?))?,
            profile: row.try_get("profile")?,
            phase: row.try_get("phase")?,
            opened_at: Millis(row.try_get("opened_at")?),
            started_at: row.try_get::<Option<i64>, _>("started_at")?.map(Millis),
            ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(Millis),
            opened_seq: unsigned(row, "opened_seq")?,
            ended_seq: decoded(ended_seq.map(u64::try_from).transpose())?,
            json: row.try_get("json")?,
        })
    }

    fn cursor(&self) -> Cursor {
        Cursor { at: self.opened_at, id: self.id.as_str().to_owned() }
    }
}

impl Store {
    /// The session with this id.
    pub async fn session(&self, id: &SessionId) -> Result<Option<SessionRow>, ReadError> {
        let query = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE id = ?"))).bind(id.as_str());
        self.one(query, SessionRow::read).await
    }

    /// Those of a course or a patient, the newest first.
    pub(super) async fn newest_sessions(
        &self,
        condition: &'static str,
        id: &str,
        limit: u32,
    ) -> Result<Vec<SessionRow>, ReadError> {
        let mut list = Filter::new(SELECT);
        list.and(condition, Some(id));
        list.newest_first("opened_at", None, limit);
        let rows = self.all(list.query.build(), SessionRow::read).await?;
        Ok(Page::of(rows, limit, SessionRow::cursor).rows)
    }

    /// Up to `limit` sessions, those opened last first.
    pub async fn sessions(
        &self,
        filter: &SessionFilter,
        limit: u32,
    ) -> Result<Page<SessionRow>, ReadError> {
        let limit = limit.clamp(1, MAX_ROWS);
        let mut list = filter.list(limit);
        let rows = self.all(list.query.build(), SessionRow::read).await?;
        Ok(Page::of(rows, limit, SessionRow::cursor))
    }
}
