use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::bytes;
use crate::journal::ReadError;
use crate::vitals::Millis;

/// A browser with which somebody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserRow {
    /// BLAKE3 of the token of the last login with it, which its cookie still holds.
    pub hash: [u8; 32],
    /// The person who uses it.
    pub name: String,
    /// When they last signed in with it.
    pub used_at: Millis,
}

/// Wrong PINs and passwords that somebody is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongTriesRow {
    /// The person whose name was tried.
    pub name: String,
    /// How many, when and from where.
    pub json: String,
}

/// Wrong PINs for these initials, whoever has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinTriesRow {
    /// The initials, in lower case.
    pub initials: String,
    /// Wrong ones in a row.
    pub in_a_row: u32,
    /// The last of them.
    pub last_at: Millis,
    /// When all tries have come back.
    pub back_at: Millis,
}

impl BrowserRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("INSERT OR REPLACE INTO browsers (hash, name, used_at) VALUES (?, ?, ?)")
            .bind(self.hash.as_slice())
            .bind(&self.name)
            .bind(self.used_at.0)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            hash: bytes(row.try_get("hash")?)?,
            name: row.try_get("name")?,
            used_at: Millis(row.try_get("used_at")?),
        })
    }
}

pub(super) async fn forget_browser(
    hash: &[u8; 32],
    name: &str,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    let query = sqlx::query("DELETE FROM browsers WHERE hash = ? AND name = ?");
    query.bind(hash.as_slice()).bind(name).execute(connection).await?;
    Ok(())
}

pub(super) async fn renew_browser(
    before: &[u8; 32],
    now: &[u8; 32],
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    let query = sqlx::query("UPDATE OR REPLACE browsers SET hash = ? WHERE hash = ?");
    query.bind(now.as_slice()).bind(before.as_slice()).execute(connection).await?;
    Ok(())
}

impl WrongTriesRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let query = sqlx::query("INSERT OR REPLACE INTO wrong_tries (name, json) VALUES (?, ?)");
        query.bind(&self.name).bind(&self.json).execute(connection).await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self { name: row.try_get("name")?, json: row.try_get("json")? })
    }
}

impl PinTriesRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO pin_tries (initials, in_a_row, last_at, back_at) \
             VALUES (?, ?, ?, ?)",
        )
        .bind(&self.initials)
        .bind(self.in_a_row)
        .bind(self.last_at.0)
        .bind(self.back_at.0)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            initials: row.try_get("initials")?,
            in_a_row: row.try_get("in_a_row")?,
            last_at: Millis(row.try_get("last_at")?),
            back_at: Millis(row.try_get("back_at")?),
        })
    }
}

impl Store {
    /// Every browser that is remembered, the one used last at the end.
    pub async fn browsers(&self) -> Result<Vec<BrowserRow>, ReadError> {
        self.all(sqlx::query("SELECT * FROM browsers ORDER BY used_at"), BrowserRow::read).await
    }

    /// The wrong tries that people are shown.
    pub async fn wrong_tries(&self) -> Result<Vec<WrongTriesRow>, ReadError> {
        self.all(sqlx::query("SELECT * FROM wrong_tries"), WrongTriesRow::read).await
    }

    /// The wrong PINs that count.
    pub async fn pin_tries(&self) -> Result<Vec<PinTriesRow>, ReadError> {
        self.all(sqlx::query("SELECT * FROM pin_tries"), PinTriesRow::read).await
    }
}
