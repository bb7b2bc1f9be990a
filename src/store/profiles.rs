use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::decoded;
use crate::journal::ReadError;
use crate::profile::{Change, Profile, builtin};
use crate::vitals::Millis;

/// A version of a profile that the clinic keeps: its own, or a shipped one that it approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// The profile's name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Who made this version and when; `None` when it is as it was shipped. Approving, which
    /// comes later, leaves it as it is.
    pub changed: Option<Change>,
    /// The whole profile.
    pub json: String,
}

/// A profile and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptProfile {
    /// The profile.
    pub profile: Profile,
    /// Who made this version; `None` when it is as it was shipped.
    pub changed: Option<Change>,
}

impl ProfileRow {
    /// A version of a profile as it now is.
    #[must_use]
    pub fn new(profile: &Profile, changed: Option<Change>) -> Self {
        // Numbers and texts, all of them checked, cannot fail to be written.
        let json = serde_json::to_string(profile).unwrap_or_default();
        Self { name: profile.name.clone(), version: profile.version, changed, json }
    }

    /// The profile, when this version of the program can read it.
    #[must_use]
    pub fn kept(self) -> Option<KeptProfile> {
        match serde_json::from_str(&self.json) {
            Ok(profile) => Some(KeptProfile { profile, changed: self.changed }),
            Err(error) => {
                let (name, version) = (&self.name, self.version);
                tracing::error!(name, version, %error, "a kept profile cannot be read; left out");
                None
            }
        }
    }

    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO profiles (name, version, changed_by, changed_at, json) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json, \
             changed_by = coalesce(excluded.changed_by, changed_by), \
             changed_at = coalesce(excluded.changed_at, changed_at)",
        )
        .bind(&self.name)
        .bind(self.version)
        .bind(self.changed.as_ref().map(|change| &change.by))
        .bind(self.changed.as_ref().map(|change| change.at.0))
        .bind(&self.json)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let by: Option<String> = row.try_get("changed_by")?;
        let at: Option<i64> = row.try_get("changed_at")?;
        Ok(Self {
            name: row.try_get("name")?,
            version: decoded(u32::try_from(row.try_get::<i64, _>("version")?))?,
            changed: by.zip(at).map(|(by, at)| Change { by, at: Millis(at) }),
            json: row.try_get("json")?,
        })
    }
}

impl Store {
    /// The newest version of each profile that the clinic keeps, by name.
    pub async fn newest_profiles(&self) -> Result<Vec<ProfileRow>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM profiles WHERE version = \
             (SELECT max(version) FROM profiles AS newer WHERE newer.name = profiles.name) \
             ORDER BY name",
        );
        self.all(query, ProfileRow::read).await
    }

    /// A version of a profile, or the one that counts now: what the clinic keeps, else what is
    /// shipped.
    pub async fn profile(
        &self,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<KeptProfile>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM profiles WHERE name = ?1 AND version = coalesce(?2, version) \
             ORDER BY version DESC LIMIT 1",
        );
        let row = self.one(query.bind(name).bind(version), ProfileRow::read).await?;
        Ok(row.and_then(ProfileRow::kept).or_else(|| {
            let shipped = builtin(name).filter(|p| version.is_none_or(|v| v == p.version))?;
            Some(KeptProfile { profile: (*shipped).clone(), changed: None })
        }))
    }
}
