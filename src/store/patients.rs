use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::{decoded, readable};
use crate::journal::ReadError;
use crate::people::{KnownPatient, MAX_PATIENTS};
use crate::vitals::{Millis, PatientId};

/// A patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientRow {
    /// In the record.
    pub id: PatientId,
    /// When they were last checked in, or changed.
    pub seen_at: Millis,
    /// Names, birth date and numbers.
    pub json: String,
}

impl PatientRow {
    /// A patient as they now are.
    #[must_use]
    pub fn new(patient: &KnownPatient) -> Self {
        // Texts and numbers cannot fail to be written.
        let json = serde_json::to_string(&patient.person).unwrap_or_default();
        Self { id: patient.id.clone(), seen_at: patient.seen_at, json }
    }

    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query("INSERT OR REPLACE INTO patients (id, seen_at, json) VALUES (?, ?, ?)")
            .bind(self.id.as_str())
            .bind(self.seen_at.0)
            .bind(&self.json)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<KnownPatient> {
        let id = decoded(PatientId::new(row.try_get("id")?))?;
        let person = decoded(serde_json::from_str(row.try_get("json")?))?;
        Ok(KnownPatient::new(id, person, Millis(row.try_get("seen_at")?)))
    }
}

impl Store {
    /// The patients that are found again, the longest unseen first.
    pub async fn patients(&self) -> Result<Vec<KnownPatient>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM (SELECT id, seen_at, json FROM patients \
             ORDER BY seen_at DESC, id DESC LIMIT ?) ORDER BY seen_at, id",
        );
        let limit = i64::try_from(MAX_PATIENTS).unwrap_or(i64::MAX);
        let rows = self.all(query.bind(limit), |row| Ok(PatientRow::read(row))).await?;
        Ok(readable(rows.into_iter(), "a patient"))
    }
}

/// Courses and sessions of one patient are another one's, who is the same.
pub(super) async fn merge(
    gone: &PatientId,
    into: &PatientId,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    for statement in [
        "UPDATE sessions SET json = json_set(json, '$.patient.id', ?2) WHERE patient = ?1",
        "UPDATE courses SET patient = ?2, json = CASE WHEN json_valid(json) \
             THEN json_set(json, '$.patient', ?2) ELSE json END WHERE patient = ?1",
        "DELETE FROM patients WHERE id = ?1 AND ?2 IS NOT NULL",
    ] {
        let query = sqlx::query(statement).bind(gone.as_str()).bind(into.as_str());
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
