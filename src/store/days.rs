use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Store;
use super::columns::{decoded, unsigned};
use crate::contract::SignedOff;
use crate::journal::ReadError;
use crate::vitals::{Millis, PatientId, RoomId, SessionId};

/// Sessions of one day that one answer shows.
pub const MAX_OF_A_DAY: u32 = 1_000;
/// How long before a day a session that ended in it is looked for. One that still runs is shown,
/// however old it is.
const BEFORE_MS: i64 = 48 * 3_600_000;

/// A session as a day shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// Its id.
    pub id: SessionId,
    /// Where it is, or was last.
    pub room: RoomId,
    /// The profile's name.
    pub profile: String,
    /// The phase, as screens show it.
    pub phase: String,
    /// What staff call the treatment: the profile's title, or its name where that is not known.
    pub title: String,
    /// The patient's initials.
    pub initials: String,
    /// Initials of who last recorded something in it.
    pub by: Option<String>,
    /// The patient, if check-in named them.
    pub patient: Option<PatientId>,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion was started.
    pub started_at: Option<Millis>,
    /// When it was over.
    pub ended_at: Option<Millis>,
    /// Planned length of the infusion, seconds.
    pub planned_s: u64,
    /// Whether nobody has approved the limits that it runs with.
    pub has_unapproved_limits: bool,
    /// Gates that were passed although something was missing.
    pub waived: u64,
    /// Who signed it off.
    pub signed_off: Option<SignedOff>,
    /// What was added after that.
    pub added_after_sign_off: u64,
    /// Its alerts.
    pub alerts: u64,
    /// Those that were high.
    pub high: u64,
    /// Those that are open.
    pub open: u64,
    /// Those for which staff recorded an outcome.
    pub with_outcome: u64,
    /// Those that wait for an outcome, as the room's task says: high, over, and none recorded.
    pub without_outcome: u64,
}

impl DayRow {
    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let time =
            |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Millis));
        let patient = row.try_get::<Option<&str>, _>("patient")?.map(PatientId::new);
        Ok(Self {
            id: decoded(SessionId::new(row.try_get("id")?))?,
            room: decoded(RoomId::new(row.try_get("room")?))?,
            profile: row.try_get("profile")?,
            phase: row.try_get("phase")?,
            title: row.try_get("title")?,
            initials: row.try_get("initials")?,
            by: row.try_get("last_by")?,
            patient: decoded(patient.transpose())?,
            opened_at: Millis(row.try_get("opened_at")?),
            started_at: time("started_at")?,
            ended_at: time("ended_at")?,
            planned_s: unsigned(row, "planned_s")?,
            has_unapproved_limits: row.try_get("has_unapproved_limits")?,
            waived: unsigned(row, "waived")?,
            signed_off: row
                .try_get::<Option<&str>, _>("signed_off")?
                .and_then(|json| serde_json::from_str(json).ok()),
            added_after_sign_off: unsigned(row, "added_after")?,
            alerts: unsigned(row, "alerts")?,
            high: unsigned(row, "high")?,
            open: unsigned(row, "open")?,
            with_outcome: unsigned(row, "with_outcome")?,
            without_outcome: unsigned(row, "without_outcome")?,
        })
    }
}

impl Store {
    /// The sessions that ran between these times, the end not included, the first opened first: up
    /// to [`MAX_OF_A_DAY`], and one more when there are more.
    pub async fn sessions_between(
        &self,
        from: Millis,
        to: Millis,
    ) -> Result<Vec<DayRow>, ReadError> {
        let query = sqlx::query(
            "WITH of_day AS ( \
                 SELECT id, room, profile, phase, patient, opened_at, started_at, ended_at, \
                     CASE WHEN json_valid(json) THEN json ELSE '{}' END AS json \
                 FROM sessions \
                 WHERE (opened_at >= ?1 AND opened_at < ?3 \
                         AND (opened_at >= ?2 OR ended_at IS NULL OR ended_at >= ?2)) \
                     OR (ended_at IS NULL AND opened_at < ?1) \
                 ORDER BY opened_at, id LIMIT ?4), \
             raised AS ( \
                 SELECT session, priority, state, \
                     CASE WHEN json_valid(json) THEN json ELSE '{}' END AS json \
                 FROM alerts WHERE session IN (SELECT id FROM of_day)), \
             counted AS ( \
                 SELECT session, count(*) AS alerts, sum(priority = 'high') AS high, \
                     sum(state <> 'resolved') AS open, \
                     sum(json_extract(json, '$.outcome') IS NOT NULL) AS with_outcome, \
                     sum(priority = 'high' AND state = 'resolved' \
                         AND json_extract(json, '$.outcome') IS NULL) AS without_outcome \
                 FROM raised GROUP BY session) \
             SELECT of_day.id, room, profile, patient, opened_at, started_at, ended_at, \
                 coalesce(json_extract(json, '$.phase'), phase) AS phase, \
                 coalesce(json_extract(json, '$.title'), profile) AS title, \
                 coalesce(json_extract(json, '$.initials'), '') AS initials, \
                 (SELECT json_extract(value, '$.by') FROM json_each(of_day.json, '$.events') \
                     WHERE json_extract(value, '$.by') <> '' ORDER BY key DESC LIMIT 1) AS last_by, \
                 coalesce(json_extract(json, '$.planned_s'), 0) AS planned_s, \
                 coalesce(json_type(json, '$.approved'), 'null') = 'null' AS has_unapproved_limits, \
                 coalesce(json_array_length(json, '$.waived'), 0) AS waived, \
                 json_extract(json, '$.signed_off') AS signed_off, \
                 (SELECT count(*) FROM json_each(of_day.json, '$.addenda') AS added \
                     WHERE json_extract(added.value, '$.after_sign_off')) AS added_after, \
                 coalesce(alerts, 0) AS alerts, coalesce(high, 0) AS high, \
                 coalesce(open, 0) AS open, coalesce(with_outcome, 0) AS with_outcome, \
                 coalesce(without_outcome, 0) AS without_outcome \
             FROM of_day LEFT JOIN counted ON counted.session = of_day.id \
             ORDER BY opened_at, of_day.id",
        );
        let query = query.bind(from.plus(-BEFORE_MS).0).bind(from.0).bind(to.0);
        self.all(query.bind(MAX_OF_A_DAY + 1), DayRow::read).await
    }
}
