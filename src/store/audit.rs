use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::{Cursor, MAX_ROWS, Page, Store};
use crate::journal::ReadError;
use crate::vitals::Millis;

/// Who did what; lines are added and never changed. Each is also told by an entry of the chain
/// `clinic`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// When it was done.
    pub at: Millis,
    /// Who did it: a name, or the part of the program that acted.
    pub who: String,
    /// What they did, in a word or two.
    pub what: String,
    /// What it was done to, and how; may be empty.
    pub detail: String,
}

impl AuditRow {
    /// The same line again is the same line.
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO audit (at, who, what, detail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(self.at.0)
        .bind(&self.who)
        .bind(&self.what)
        .bind(&self.detail)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            at: Millis(row.try_get("at")?),
            who: row.try_get("who")?,
            what: row.try_get("what")?,
            detail: row.try_get("detail")?,
        })
    }
}

impl Store {
    /// Up to `limit` lines, newest first, after `after`.
    pub async fn audit(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<AuditRow>, ReadError> {
        let limit = limit.clamp(1, MAX_ROWS);
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM audit");
        if let Some(Cursor { at, id }) = after {
            // The place is ours; one that was tampered with starts after that time.
            let id = id.parse::<i64>().unwrap_or(0);
            query.push(" WHERE (at, id) < (").push_bind(at.0).push(", ").push_bind(id).push(")");
        }
        query.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit + 1);
        let with_id = |row: &SqliteRow| Ok((row.try_get::<i64, _>("id")?, AuditRow::read(row)?));
        let rows = self.all(query.build(), with_id).await?;
        let Page { rows, next } =
            Page::of(rows, limit, |(id, line)| Cursor { at: line.at, id: id.to_string() });
        Ok(Page { rows: rows.into_iter().map(|(_, line)| line).collect(), next })
    }
}
