use std::fmt;

use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::{Store, Upsert};
use crate::journal::{AppendError, ReadError};
use crate::vitals::Millis;

/// How long an answer is kept for its `Idempotency-Key`.
pub const ANSWER_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a request with an `Idempotency-Key` was answered.
#[derive(Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// The key.
    pub key: String,
    /// Who asked.
    pub who: String,
    /// Method and path, such as `POST /api/v1/alerts/x/acknowledge`.
    pub method_path: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// When.
    pub at: Millis,
}

impl fmt::Debug for AnswerRow {
    /// Without the body, which may speak of a patient.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerRow")
            .field("method_path", &self.method_path)
            .field("status", &self.status)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl AnswerRow {
    /// The first answer stands until it is forgotten; each new one forgets the old ones.
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM answers WHERE at < ?")
            .bind(self.at.plus(-ANSWER_KEPT_MS).0)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO answers (key, who, method_path, status, body, at) \
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&self.key)
        .bind(&self.who)
        .bind(&self.method_path)
        .bind(self.status)
        .bind(self.body.as_slice())
        .bind(self.at.0)
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Store {
    /// Keeps an answer that belongs to no entry. Where a request did append, give
    /// [`Upsert::Answer`] to the append instead, so that both are kept or neither.
    pub fn remember_answer(&self, answer: AnswerRow) -> Result<(), AppendError> {
        self.put(vec![Upsert::Answer(answer)], Vec::new())
    }

    /// The answer that `who` got for `key` at `since` or later.
    pub async fn answer(
        &self,
        key: &str,
        who: &str,
        method_path: &str,
        since: Millis,
    ) -> Result<Option<AnswerRow>, ReadError> {
        let query = sqlx::query(
            "SELECT status, body, at FROM answers \
             WHERE key = ? AND who = ? AND method_path = ? AND at >= ?",
        )
        .bind(key)
        .bind(who)
        .bind(method_path)
        .bind(since.0);
        self.one(query, |row| {
            Ok(AnswerRow {
                key: key.to_owned(),
                who: who.to_owned(),
                method_path: method_path.to_owned(),
                status: row.try_get("status")?,
                body: row.try_get("body")?,
                at: Millis(row.try_get("at")?),
            })
        })
        .await
    }
}
