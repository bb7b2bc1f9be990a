use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::columns::{decoded, unsigned};
use super::{SessionRow, Store};
use crate::journal::ReadError;
use crate::record::{Removal, RemovedPart, marked, stub, without_personal};
use crate::vitals::{Millis, PatientId, SessionId};

/// What became of a session's record; nothing of all that by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeepingRow {
    /// Since when all of it is packed.
    pub sealed_at: Option<Millis>,
    /// Personal details were removed.
    pub removed: Option<Removal>,
    /// It was deleted.
    pub deleted: Option<Removal>,
    /// The entry of the chain `clinic` that says so.
    pub deleted_seq: Option<u64>,
    /// Since when nothing of it is left.
    pub emptied_at: Option<Millis>,
}

impl KeepingRow {
    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let time =
            |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Millis));
        let removal = |column| {
            let json = row.try_get::<Option<&str>, _>(column)?;
            decoded(json.map(serde_json::from_str::<Removal>).transpose())
        };
        let has_seq = row.try_get::<Option<i64>, _>("deleted_seq")?.is_some();
        Ok(Self {
            sealed_at: time("sealed_at")?,
            removed: removal("removed")?,
            deleted: removal("deleted")?,
            deleted_seq: has_seq.then(|| unsigned(row, "deleted_seq")).transpose()?,
            emptied_at: time("emptied_at")?,
        })
    }
}

/// All of a session is packed.
pub(super) async fn seal(
    session: &SessionId,
    at: Millis,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO keeping (session, sealed_at) VALUES (?1, ?2) \
         ON CONFLICT (session) DO UPDATE SET sealed_at = coalesce(sealed_at, ?2)",
    )
    .bind(session.as_str())
    .bind(at.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Nothing of a session is left.
pub(super) async fn emptied(
    session: &SessionId,
    at: Millis,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO keeping (session, emptied_at) VALUES (?1, ?2) \
         ON CONFLICT (session) DO UPDATE SET emptied_at = coalesce(emptied_at, ?2)",
    )
    .bind(session.as_str())
    .bind(at.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Personal details of a session were removed.
pub(super) async fn remove_personal(
    session: &str,
    removal: &Removal,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO keeping (session, removed) VALUES (?1, ?2) \
         ON CONFLICT (session) DO UPDATE SET removed = coalesce(removed, ?2)",
    )
    .bind(session)
    .bind(json(removal))
    .execute(&mut *connection)
    .await?;
    change(session, connection, |shown| marked(&without_personal(shown)?, RemovedPart::Personal))
        .await
}

/// A session was deleted: what lists and alerts know of it goes at once.
pub(super) async fn delete(
    session: &SessionId,
    removal: &Removal,
    seq: u64,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO keeping (session, deleted, deleted_seq) VALUES (?1, ?2, ?3) \
         ON CONFLICT (session) DO UPDATE SET deleted = coalesce(deleted, ?2), \
         deleted_seq = coalesce(deleted_seq, ?3)",
    )
    .bind(session.as_str())
    .bind(json(removal))
    .bind(super::columns::to_i64(seq))
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM alerts WHERE session = ?1")
        .bind(session.as_str())
        .execute(&mut *connection)
        .await?;
    change(session.as_str(), connection, |shown| marked(&stub(shown)?, RemovedPart::Session)).await
}

/// Personal details of a patient were removed, and with them those of all their sessions.
pub(super) async fn remove_patient(
    patient: &PatientId,
    removal: &Removal,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    let sessions: Vec<String> = sqlx::query_scalar("SELECT id FROM sessions WHERE patient = ?1")
        .bind(patient.as_str())
        .fetch_all(&mut *connection)
        .await?;
    for session in sessions {
        remove_personal(&session, removal, connection).await?;
    }
    sqlx::query("DELETE FROM patients WHERE id = ?1")
        .bind(patient.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

fn json(removal: &Removal) -> String {
    // Texts and numbers cannot fail to be written.
    serde_json::to_string(removal).unwrap_or_default()
}

/// Changes what is shown of a session. One that cannot be read is left with nothing.
async fn change(
    session: &str,
    connection: &mut SqliteConnection,
    change: impl FnOnce(&str) -> serde_json::Result<String>,
) -> sqlx::Result<()> {
    let shown = sqlx::query_scalar::<_, String>("SELECT json FROM sessions WHERE id = ?1");
    let shown = shown.bind(session).fetch_optional(&mut *connection).await?;
    let Some(shown) = shown else { return Ok(()) };
    let changed = change(&shown).unwrap_or_else(|_| "{}".to_owned());
    sqlx::query("UPDATE sessions SET json = ?2 WHERE id = ?1")
        .bind(session)
        .bind(changed)
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// What became of a session's record.
    pub async fn keeping(&self, session: &SessionId) -> Result<KeepingRow, ReadError> {
        let query = sqlx::query("SELECT * FROM keeping WHERE session = ?").bind(session.as_str());
        Ok(self.one(query, KeepingRow::read).await?.unwrap_or_default())
    }

    /// A session that was deleted and of which something is still there.
    pub async fn session_to_empty(&self) -> Result<Option<SessionRow>, ReadError> {
        let query = sqlx::query(
            "SELECT sessions.* FROM keeping JOIN sessions ON sessions.id = keeping.session \
             WHERE keeping.deleted IS NOT NULL AND keeping.emptied_at IS NULL LIMIT 1",
        );
        self.one(query, SessionRow::read).await
    }

    /// The first session after `after`, by its end and its id, that was over at `before` and is
    /// not sealed.
    pub async fn session_to_seal(
        &self,
        before: Millis,
        after: &(Millis, String),
    ) -> Result<Option<SessionRow>, ReadError> {
        self.ended(before, after, " AND NOT EXISTS (SELECT 1 FROM keeping \
             WHERE keeping.session = sessions.id AND (sealed_at IS NOT NULL OR deleted IS NOT NULL))")
            .await
    }

    /// The same, of those that are not deleted.
    pub async fn session_to_delete(
        &self,
        before: Millis,
        after: &(Millis, String),
    ) -> Result<Option<SessionRow>, ReadError> {
        self.ended(
            before,
            after,
            " AND NOT EXISTS (SELECT 1 FROM keeping \
             WHERE keeping.session = sessions.id AND deleted IS NOT NULL)",
        )
        .await
    }

    async fn ended(
        &self,
        before: Millis,
        (at, id): &(Millis, String),
        and_not: &'static str,
    ) -> Result<Option<SessionRow>, ReadError> {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT * FROM sessions WHERE ended_at IS NOT NULL AND ended_seq IS NOT NULL \
             AND ended_at <= ",
        );
        query.push_bind(before.0).push(" AND (ended_at, id) > (").push_bind(at.0);
        query.push(", ").push_bind(id).push(")").push(and_not);
        query.push(" ORDER BY ended_at, id LIMIT 1");
        self.one(query.build(), SessionRow::read).await
    }
}
