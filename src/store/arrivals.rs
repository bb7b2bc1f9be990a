use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::columns::{readable, to_i64};
use crate::journal::ReadError;
use crate::people::{Arrival, MAX_ARRIVALS};
use crate::vitals::Millis;

/// Somebody who is offered at check-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalRow {
    /// Its number, which this clinic counts.
    pub number: u64,
    /// When the last message about them came.
    pub heard_at: Millis,
    /// The whole [`Arrival`]: names and numbers.
    pub json: String,
}

impl ArrivalRow {
    /// Somebody as they now are.
    #[must_use]
    pub fn new(arrival: &Arrival) -> Self {
        // Texts and numbers cannot fail to be written.
        let json = serde_json::to_string(arrival).unwrap_or_default();
        Self { number: arrival.number, heard_at: arrival.heard_at, json }
    }

    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("INSERT OR REPLACE INTO arrivals (number, heard_at, json) VALUES (?, ?, ?)")
            .bind(to_i64(self.number))
            .bind(self.heard_at.0)
            .bind(&self.json)
            .execute(connection)
            .await?;
        Ok(())
    }
}

pub(super) async fn forget(number: u64, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let query = sqlx::query("DELETE FROM arrivals WHERE number = ?").bind(to_i64(number));
    query.execute(connection).await?;
    Ok(())
}

impl Store {
    /// Everybody who is offered at check-in; who has not been heard of for longest comes first.
    pub async fn arrivals(&self) -> Result<Vec<Arrival>, ReadError> {
        let query = sqlx::query(
            "SELECT json FROM (SELECT number, heard_at, json FROM arrivals \
             ORDER BY heard_at DESC, number DESC LIMIT ?) ORDER BY heard_at, number",
        );
        let limit = i64::try_from(MAX_ARRIVALS).unwrap_or(i64::MAX);
        let rows = self.all(query.bind(limit), |row| row.try_get::<String, _>("json")).await?;
        let read = rows.iter().map(|json| {
            serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(error.into()))
        });
        Ok(readable(read, "somebody who was admitted"))
    }
}
