use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::columns::{decoded, readable, to_i64, unsigned};
use crate::contract::{Addendum, HandOver, SignedOff, Unsigned};
use crate::journal::ReadError;
use crate::vitals::{Millis, SessionId};

/// Hand-overs of one day that one answer shows.
const MAX_HAND_OVERS: u32 = 500;

/// Somebody signed a session off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOffRow {
    /// Which session.
    pub session: SessionId,
    /// Who, and when.
    pub signed: SignedOff,
}

impl SignOffRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        // Texts and numbers cannot fail to be written.
        let json = serde_json::to_string(&self.signed).unwrap_or_default();
        sqlx::query(
            "UPDATE sessions SET json = json_set(json, '$.signed_off', json(?2)) \
             WHERE id = ?1 AND json_valid(json)",
        )
        .bind(self.session.as_str())
        .bind(json)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Somebody added something to a session that was over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddendumRow {
    /// Which session.
    pub session: SessionId,
    /// What.
    pub addendum: Addendum,
}

impl AddendumRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let json = serde_json::to_string(&self.addendum).unwrap_or_default();
        // Applied twice it is there once.
        sqlx::query(
            "UPDATE sessions SET json = json_insert(json, '$.addenda[#]', json(?2)) \
             WHERE id = ?1 AND json_valid(json) AND NOT EXISTS ( \
                 SELECT 1 FROM json_each(sessions.json, '$.addenda') AS known \
                 WHERE json_extract(known.value, '$.n') = ?3)",
        )
        .bind(self.session.as_str())
        .bind(json)
        .bind(to_i64(self.addendum.n))
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Rooms were handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOverRow {
    /// The number of its entry in the clinic's chain.
    pub seq: u64,
    /// What.
    pub hand_over: HandOver,
}

impl HandOverRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let json = serde_json::to_string(&self.hand_over).unwrap_or_default();
        sqlx::query("INSERT OR REPLACE INTO hand_overs (seq, at, json) VALUES (?, ?, ?)")
            .bind(to_i64(self.seq))
            .bind(self.hand_over.at.0)
            .bind(json)
            .execute(connection)
            .await?;
        Ok(())
    }
}

impl Store {
    /// What is open in a session that is over; nothing of one that is not known.
    pub async fn open_in(&self, session: &SessionId) -> Result<Vec<Unsigned>, ReadError> {
        let query = sqlx::query(
            "SELECT coalesce(json_type(json, '$.approved'), 'null') = 'null' AS unapproved, \
                 coalesce(json_array_length(json, '$.waived'), 0) AS waived, \
                 (SELECT count(*) FROM alerts WHERE session = ?1 AND priority = 'high' \
                     AND CASE WHEN json_valid(alerts.json) \
                         THEN json_extract(alerts.json, '$.outcome') IS NULL END) AS without_outcome \
             FROM (SELECT CASE WHEN json_valid(json) THEN json ELSE '{}' END AS json \
                   FROM sessions WHERE id = ?1)",
        );
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let open = [
                (unsigned(row, "without_outcome")? > 0, Unsigned::OutcomeMissing),
                (unsigned(row, "waived")? > 0, Unsigned::GateWaived),
                (row.try_get("unapproved")?, Unsigned::LimitsNotApproved),
            ];
            Ok(open.into_iter().filter_map(|(is_open, what)| is_open.then_some(what)).collect())
        };
        Ok(self.one(query.bind(session.as_str()), read).await?.unwrap_or_default())
    }

    /// Hand-overs between these times, the end not included, the first one first: up to 500.
    pub async fn hand_overs_between(
        &self,
        from: Millis,
        to: Millis,
    ) -> Result<Vec<HandOver>, ReadError> {
        let query = sqlx::query(
            "SELECT json FROM hand_overs WHERE at >= ? AND at < ? ORDER BY at, seq LIMIT ?",
        );
        let read = |row: &sqlx::sqlite::SqliteRow| {
            Ok(decoded(serde_json::from_str::<HandOver>(row.try_get("json")?)))
        };
        let rows = self.all(query.bind(from.0).bind(to.0).bind(MAX_HAND_OVERS), read).await?;
        Ok(readable(rows.into_iter(), "a hand-over"))
    }
}
