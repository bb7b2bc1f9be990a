use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::decoded;
use crate::journal::ReadError;
use crate::vitals::RoomId;

/// A room, as staff named and placed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    /// Its id.
    pub id: RoomId,
    /// Its name on screen.
    pub name: String,
    /// Its place on screen, lowest first.
    pub order: i64,
}

impl RoomRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("INSERT OR REPLACE INTO rooms (id, name, position) VALUES (?, ?, ?)")
            .bind(self.id.as_str())
            .bind(&self.name)
            .bind(self.order)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: decoded(RoomId::new(row.try_get("id")?))?,
            name: row.try_get("name")?,
            order: row.try_get("position")?,
        })
    }
}

pub(super) async fn remove(room: &RoomId, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let query = sqlx::query("DELETE FROM rooms WHERE id = ?").bind(room.as_str());
    query.execute(connection).await?;
    Ok(())
}

impl Store {
    /// The rooms in their order on screen.
    pub async fn rooms(&self) -> Result<Vec<RoomRow>, ReadError> {
        self.all(sqlx::query("SELECT * FROM rooms ORDER BY position, id"), RoomRow::read).await
    }
}
