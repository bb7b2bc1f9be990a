use std::fmt;

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::columns::readable;
use crate::access::Role;
use crate::contract::StaffMember;

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// The name they sign in with.
    pub name: String,
    /// What the record shows. Two people may share them.
    pub initials: String,
    /// `nurse`, `lead`, `prescriber`, `admin` or `display`.
    pub role: String,
    /// The password's hash, with its method and salt.
    pub password_hash: String,
    /// The PIN's, when they have one.
    pub pin_hash: Option<String>,
    /// Whether they may sign in now.
    pub active: bool,
}

impl fmt::Debug for StaffRow {
    /// Without the hashes: what is printed ends in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffRow")
            .field("name", &self.name)
            .field("initials", &self.initials)
            .field("role", &self.role)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

impl StaffRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO staff (name, initials, role, password_hash, pin_hash, active) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&self.name)
        .bind(&self.initials)
        .bind(&self.role)
        .bind(&self.password_hash)
        .bind(self.pin_hash.as_ref())
        .bind(self.active)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            name: row.try_get("name")?,
            initials: row.try_get("initials")?,
            role: row.try_get("role")?,
            password_hash: row.try_get("password_hash")?,
            pin_hash: row.try_get("pin_hash")?,
            active: row.try_get("active")?,
        })
    }
}

/// Everybody, active or not.
pub(super) async fn all(connection: &mut SqliteConnection) -> sqlx::Result<Vec<StaffRow>> {
    let rows = sqlx::query("SELECT * FROM staff").fetch_all(connection).await?;
    Ok(readable(rows.iter().map(StaffRow::read), "a person"))
}

impl From<&StaffRow> for StaffMember {
    fn from(row: &StaffRow) -> Self {
        Self {
            id: row.name.clone(),
            name: row.name.clone(),
            initials: row.initials.clone(),
            // A role of a newer version lets nobody do more than look here.
            role: row.role.parse().unwrap_or(Role::Display),
            pin: row.pin_hash.is_some(),
            active: row.active,
        }
    }
}
