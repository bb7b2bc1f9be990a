use std::fmt;

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::bytes;
use crate::journal::ReadError;
use crate::vitals::Millis;

/// A browser in which somebody wants to be told of alerts.
#[derive(Clone, PartialEq, Eq)]
pub struct PushRow {
    /// Of the endpoint.
    pub id: String,
    /// Whose it is: the name they sign in with.
    pub name: String,
    /// Where the browser's maker takes messages for it.
    pub endpoint: String,
    /// The browser's public key, a point of P-256.
    pub p256dh: [u8; 65],
    /// What the browser and we share.
    pub auth: [u8; 16],
    /// Since when.
    pub since: Millis,
}

impl fmt::Debug for PushRow {
    /// Whoever has the endpoint and the keys can write to that browser.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushRow").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PushRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO push_subscriptions (id, name, endpoint, p256dh, auth, since) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&self.id)
        .bind(&self.name)
        .bind(&self.endpoint)
        .bind(self.p256dh.as_slice())
        .bind(self.auth.as_slice())
        .bind(self.since.0)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            endpoint: row.try_get("endpoint")?,
            p256dh: bytes(row.try_get("p256dh")?)?,
            auth: bytes(row.try_get("auth")?)?,
            since: Millis(row.try_get("since")?),
        })
    }
}

pub(super) async fn remove(id: &str, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM push_subscriptions WHERE id = ?").bind(id).execute(connection).await?;
    Ok(())
}

impl Store {
    /// Every browser in which somebody wants to be told, those of longest first.
    pub async fn push_subscriptions(&self) -> Result<Vec<PushRow>, ReadError> {
        let query = sqlx::query("SELECT * FROM push_subscriptions ORDER BY since, id");
        self.all(query, PushRow::read).await
    }
}
