use std::fmt;

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use crate::journal::ReadError;
use crate::record::{AnswerRow, KeyedRequest};
use crate::vitals::Millis;

/// How long an answer is kept for its `Idempotency-Key`.
pub const ANSWER_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// A row of the last day, and its body as far as there is room for it in memory.
#[derive(Clone, PartialEq, Eq)]
pub struct RecentAnswer {
    /// The request.
    pub request: KeyedRequest,
    /// The HTTP status.
    pub status: u16,
    /// The body; none when newer ones have used up the room.
    pub body: Option<Vec<u8>>,
    /// When it was given.
    pub at: Millis,
}

impl fmt::Debug for RecentAnswer {
    /// Without the body, which may speak of a patient.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentAnswer")
            .field("method_path", &self.request.method_path)
            .field("status", &self.status)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl AnswerRow {
    /// The first answer is kept until it is forgotten; each new one forgets the old ones, and those
    /// of a clock that was far ahead.
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM answers WHERE at < ? OR at > ?")
            .bind(self.at.plus(-ANSWER_KEPT_MS).0)
            .bind(self.at.plus(ANSWER_KEPT_MS).0)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO answers (key, who, method_path, status, body, at) \
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&self.request.key)
        .bind(&self.request.who)
        .bind(&self.request.method_path)
        .bind(self.status)
        .bind(self.body.as_slice())
        .bind(self.at.0)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Bytes that its texts hold in memory.
    pub(super) fn text_bytes(&self) -> usize {
        let KeyedRequest { key, who, method_path } = &self.request;
        self.body.len() + key.len() + who.len() + method_path.len()
    }
}

/// The clock was set by so many milliseconds: answers are kept for a day by the clock as it is now.
pub(crate) async fn move_answers(
    by_ms: i64,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE answers SET at = at + ?").bind(by_ms).execute(connection).await?;
    Ok(())
}

impl Store {
    /// The answer that this request got at `since` or later.
    pub async fn answer(
        &self,
        request: &KeyedRequest,
        since: Millis,
    ) -> Result<Option<AnswerRow>, ReadError> {
        let query = sqlx::query(
            "SELECT status, body, at FROM answers \
             WHERE key = ? AND who = ? AND method_path = ? AND at >= ?",
        )
        .bind(&request.key)
        .bind(&request.who)
        .bind(&request.method_path)
        .bind(since.0);
        self.one(query, |row| {
            Ok(AnswerRow {
                request: request.clone(),
                status: row.try_get("status")?,
                body: row.try_get("body")?,
                at: Millis(row.try_get("at")?),
            })
        })
        .await
    }

    /// The newest `count` answers given at `since` or later, oldest first; the newest of them with
    /// their bodies, up to `body_bytes` in all.
    pub async fn recent_answers(
        &self,
        since: Millis,
        count: usize,
        body_bytes: usize,
    ) -> Result<Vec<RecentAnswer>, ReadError> {
        let bound = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let query = sqlx::query(
            "SELECT key, who, method_path, status, at, CASE WHEN \
                 sum(length(body)) OVER (ORDER BY at DESC, rowid DESC ROWS UNBOUNDED PRECEDING) \
                 <= ?2 THEN body END AS body \
             FROM answers WHERE at >= ?1 ORDER BY at DESC, rowid DESC LIMIT ?3",
        )
        .bind(since.0)
        .bind(bound(body_bytes))
        .bind(bound(count));
        let mut rows = self.all(query, recent).await?;
        rows.reverse();
        Ok(rows)
    }
}

fn recent(row: &SqliteRow) -> sqlx::Result<RecentAnswer> {
    Ok(RecentAnswer {
        request: KeyedRequest {
            key: row.try_get("key")?,
            who: row.try_get("who")?,
            method_path: row.try_get("method_path")?,
        },
        status: row.try_get("status")?,
        body: row.try_get("body")?,
        at: Millis(row.try_get("at")?),
    })
}
