use std::collections::BTreeMap;

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::{decoded, readable, unsigned};
use crate::journal::ReadError;
use crate::lists::{ListItems, ListName};
use crate::profile::Change;
use crate::vitals::Millis;

/// What was given in sessions of this time says what is given most.
const USE_MS: i64 = 90 * 86_400_000;
/// Of more sessions the newest say it.
const SESSIONS_OF_USE: u32 = 10_000;

/// A version of a list of the clinic.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// The list.
    pub name: ListName,
    /// Its version, from 1.
    pub version: u32,
    /// Who made it.
    pub changed: Change,
    /// Its items.
    pub items: ListItems,
}

// Doses are checked numbers.
impl Eq for ListRow {}

impl ListRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        // Texts and numbers cannot fail to be written.
        let json = serde_json::to_string(&self.items).unwrap_or_default();
        sqlx::query(
            "INSERT OR REPLACE INTO lists (name, version, changed_by, changed_at, json) \
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(self.name.name())
        .bind(self.version)
        .bind(&self.changed.by)
        .bind(self.changed.at.0)
        .bind(json)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Bytes that it holds in memory, roughly.
    pub(super) fn bytes(&self) -> usize {
        match &self.items {
            ListItems::Medications(items) => items.iter().map(|item| item.drug.len() + 128).sum(),
            ListItems::Texts(items) => items.iter().map(|item| item.text.len() + 32).sum(),
        }
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let name = row.try_get::<&str, _>("name")?;
        Ok(Self {
            name: decoded(ListName::named(name).ok_or_else(|| format!("list {name:?}")))?,
            version: decoded(u32::try_from(row.try_get::<i64, _>("version")?))?,
            changed: Change {
                by: row.try_get("changed_by")?,
                at: Millis(row.try_get("changed_at")?),
            },
            items: decoded(serde_json::from_str(row.try_get("json")?))?,
        })
    }
}

impl Store {
    /// The newest version of each list that the clinic has changed.
    pub async fn newest_lists(&self) -> Result<Vec<ListRow>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM lists WHERE version = \
             (SELECT max(version) FROM lists AS newer WHERE newer.name = lists.name)",
        );
        let rows = self.all(query, |row| Ok(ListRow::read(row))).await?;
        Ok(readable(rows.into_iter(), "a list of the clinic"))
    }

    /// How often each drug was given in the last 90 days.
    pub async fn drugs_by_use(&self, now: Millis) -> Result<BTreeMap<String, u64>, ReadError> {
        let query = sqlx::query(
            "SELECT json_extract(given.value, '$.drug') AS drug, count(*) AS times \
             FROM (SELECT json FROM sessions WHERE opened_at >= ?1 AND json_valid(json) \
                   ORDER BY opened_at DESC, id DESC LIMIT ?2) AS newest, \
                 json_each(newest.json, '$.medications') AS given \
             WHERE given.type = 'object' AND json_type(given.value, '$.drug') = 'text' \
             GROUP BY drug",
        );
        let read = |row: &SqliteRow| Ok((row.try_get("drug")?, unsigned(row, "times")?));
        Ok(self
            .all(query.bind(now.plus(-USE_MS).0).bind(SESSIONS_OF_USE), read)
            .await?
            .into_iter()
            .collect())
    }
}
