use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::columns::decoded;
use super::{SessionRow, Store};
use crate::journal::ReadError;
use crate::vitals::{CourseId, Millis, PatientId};

/// Sessions of a course, or of a patient, that one answer shows.
const MAX_COURSE_SESSIONS: u32 = 100;
/// Courses of a patient that one answer shows.
const MAX_COURSES: u32 = 50;

/// A course of treatments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseRow {
    /// Its id.
    pub id: CourseId,
    /// The patient.
    pub patient: PatientId,
    /// When it was opened.
    pub opened_at: Millis,
    /// What `GET courses/{id}` shows, without the sessions.
    pub json: String,
}

impl CourseRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT OR REPLACE INTO courses (id, patient, opened_at, json) VALUES (?, ?, ?, ?)",
        )
        .bind(self.id.as_str())
        .bind(self.patient.as_str())
        .bind(self.opened_at.0)
        .bind(&self.json)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: decoded(CourseId::new(row.try_get("id")?))?,
            patient: decoded(PatientId::new(row.try_get("patient")?))?,
            opened_at: Millis(row.try_get("opened_at")?),
            json: row.try_get("json")?,
        })
    }
}

impl Store {
    /// The course with this id.
    pub async fn course(&self, id: &CourseId) -> Result<Option<CourseRow>, ReadError> {
        let query = sqlx::query("SELECT * FROM courses WHERE id = ?").bind(id.as_str());
        self.one(query, CourseRow::read).await
    }

    /// The courses of a patient, the newest first.
    pub async fn courses_of(&self, patient: &PatientId) -> Result<Vec<CourseRow>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM courses WHERE patient = ? ORDER BY opened_at DESC, id DESC LIMIT ?",
        );
        self.all(query.bind(patient.as_str()).bind(MAX_COURSES), CourseRow::read).await
    }

    /// The sessions of a course, the newest first.
    pub async fn sessions_of_course(&self, id: &CourseId) -> Result<Vec<SessionRow>, ReadError> {
        self.newest_sessions("course = ", id.as_str(), MAX_COURSE_SESSIONS).await
    }

    /// The sessions of a patient, the newest first.
    pub async fn sessions_of_patient(&self, id: &PatientId) -> Result<Vec<SessionRow>, ReadError> {
        self.newest_sessions("patient = ", id.as_str(), MAX_COURSE_SESSIONS).await
    }
}
