use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::decoded;
use crate::journal::ReadError;
use crate::vitals::{DeviceId, InvalidId, Millis, RoomId};

/// A device that was heard, or bound, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// The language in which it was heard last.
    pub adapter: Option<String>,
    /// When it was heard first.
    pub first_heard: Option<Millis>,
    /// When it was heard last.
    pub last_heard: Option<Millis>,
    /// The room to which it is bound.
    pub room: Option<RoomId>,
    /// What it calls itself, where that is no id.
    pub original: Option<String>,
    /// Whether its binding is surely its own.
    pub binding: Binding,
}

/// To which id a binding belongs. Versions that changed ids without a mark may have bound one of
/// several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// Its own.
    #[default]
    Own,
    /// That of the first device that was called so.
    Unclaimed,
    /// Its own, if it was the only one of this id.
    ClaimedFrom(DeviceId),
}

/// Widens the span in which a device was heard; says nothing about its room, so that hearing a
/// device and binding it cannot undo one another.
pub(super) async fn heard(
    device: &DeviceId,
    adapter: &str,
    at: Millis,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO devices (id, adapter, first_heard, last_heard) VALUES (?1, ?2, ?3, ?3) \
         ON CONFLICT (id) DO UPDATE SET \
         adapter = iif(coalesce(last_heard, ?3) <= ?3, ?2, adapter), \
         first_heard = min(coalesce(first_heard, ?3), ?3), \
         last_heard = max(coalesce(last_heard, ?3), ?3)",
    )
    .bind(device.as_str())
    .bind(adapter)
    .bind(at.0)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn bind(
    device: &DeviceId,
    room: Option<&RoomId>,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO devices (id, room) VALUES (?1, ?2) \
         ON CONFLICT (id) DO UPDATE SET room = excluded.room",
    )
    .bind(device.as_str())
    .bind(room.map(RoomId::as_str))
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what it calls itself.
pub(super) async fn called(
    device: &DeviceId,
    original: &str,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO devices (id, original) VALUES (?1, ?2) \
         ON CONFLICT (id) DO UPDATE SET original = excluded.original",
    )
    .bind(device.as_str())
    .bind(original)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes to which id its binding belongs.
pub(super) async fn claimed(
    device: &DeviceId,
    from: Option<&DeviceId>,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE devices SET old_id = ?2 WHERE id = ?1")
        .bind(device.as_str())
        .bind(from.map(DeviceId::as_str))
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets it, unless it was bound meanwhile.
pub(super) async fn forget(
    device: &DeviceId,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    let query = sqlx::query("DELETE FROM devices WHERE id = ? AND room IS NULL");
    query.bind(device.as_str()).execute(connection).await?;
    Ok(())
}

fn binding(old_id: Option<&str>) -> Result<Binding, InvalidId> {
    match old_id {
        None => Ok(Binding::Own),
        Some("") => Ok(Binding::Unclaimed),
        Some(id) => DeviceId::new(id).map(Binding::ClaimedFrom),
    }
}

fn read(row: &SqliteRow) -> sqlx::Result<DeviceRow> {
    Ok(DeviceRow {
        id: decoded(DeviceId::new(row.try_get("id")?))?,
        adapter: row.try_get("adapter")?,
        first_heard: row.try_get::<Option<i64>, _>("first_heard")?.map(Millis),
        last_heard: row.try_get::<Option<i64>, _>("last_heard")?.map(Millis),
        room: decoded(row.try_get::<Option<&str>, _>("room")?.map(RoomId::new).transpose())?,
        original: row.try_get("original")?,
        binding: decoded(binding(row.try_get("old_id")?))?,
    })
}

impl Store {
    /// Every device that was ever heard or bound, by id.
    pub async fn devices(&self) -> Result<Vec<DeviceRow>, ReadError> {
        self.all(sqlx::query("SELECT * FROM devices ORDER BY id"), read).await
    }

    /// The device with this id.
    pub async fn device(&self, id: &DeviceId) -> Result<Option<DeviceRow>, ReadError> {
        self.one(sqlx::query("SELECT * FROM devices WHERE id = ?").bind(id.as_str()), read).await
    }
}
