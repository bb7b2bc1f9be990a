use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::{decoded, readable};
use crate::journal::ReadError;
use crate::shift::{Assignment, Shift};
use crate::vitals::{Millis, RoomId};

/// Who has a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    /// The room.
    pub room: RoomId,
    /// Who has it.
    pub to: Assignment,
}

impl AssignmentRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("INSERT OR REPLACE INTO assignments (room, nurse, backup) VALUES (?, ?, ?)")
            .bind(self.room.as_str())
            .bind(&self.to.nurse)
            .bind(&self.to.backup)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let to = Assignment { nurse: row.try_get("nurse")?, backup: row.try_get("backup")? };
        Ok(Self { room: decoded(RoomId::new(row.try_get("room")?))?, to })
    }
}

/// Whether somebody is on a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakRow {
    /// Who, by initials.
    pub initials: String,
    /// Since when; `None` when they are back.
    pub since: Option<Millis>,
}

impl BreakRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let query = match self.since {
            Some(since) => {
                sqlx::query("INSERT OR REPLACE INTO breaks (initials, since) VALUES (?, ?)")
                    .bind(&self.initials)
                    .bind(since.0)
            }
            None => sqlx::query("DELETE FROM breaks WHERE initials = ?").bind(&self.initials),
        };
        query.execute(connection).await?;
        Ok(())
    }
}

impl Store {
    /// The shift as it was last recorded.
    pub async fn shift(&self) -> Result<Shift, ReadError> {
        let query = sqlx::query("SELECT * FROM assignments");
        let rows = self.all(query, |row| Ok(AssignmentRow::read(row))).await?;
        let mut shift = Shift::default();
        for AssignmentRow { room, to } in readable(rows.into_iter(), "who has a room") {
            shift.assign(room, to);
        }
        let read = |row: &SqliteRow| {
            Ok((row.try_get::<String, _>("initials")?, Millis(row.try_get("since")?)))
        };
        for (initials, since) in self.all(sqlx::query("SELECT * FROM breaks"), read).await? {
            shift.set_break(&initials, Some(since));
        }
        Ok(shift)
    }
}
