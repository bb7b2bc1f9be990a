use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{GivenDose, LastTime, ListedPatient, Peak, Remark};
use crate::room::{Baseline, Phase};
use crate::vitals::{CourseId, Decimal, Millis, PatientId, RoomId, SessionId};

/// A series of treatments of one patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// The patient's id.
    pub patient: PatientId,
    /// The profile's name.
    pub profile: String,
    /// How many treatments are planned.
    pub planned: u32,
    /// When it was opened.
    pub opened_at: Millis,
    /// Who opened it, by initials.
    pub by: String,
}

/// A course and its sessions so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCourse {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the course's")]
    pub course: Course,
    /// Treatments that have begun.
    pub begun: u32,
    /// The baseline of the last session that has one: to be looked at, and never accepted unasked.
    #[schema(required)]
    pub suggested_baseline: Option<SuggestedBaseline>,
    /// The newest first, up to 100.
    pub sessions: Vec<PastSession>,
}

/// The values that were accepted as normal last time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SuggestedBaseline {
    /// The session in which they were accepted.
    pub session: SessionId,
    /// When that session was opened.
    pub at: Millis,
    /// The accepted values.
    pub baseline: Baseline,
}

/// An earlier session, as far as it matters for the next one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PastSession {
    /// Its id.
    pub id: SessionId,
    /// The room.
    pub room: RoomId,
    /// The profile's name.
    pub profile: String,
    /// Its phase, or how it ended.
    pub phase: Phase,
    /// The course that it belongs to.
    #[serde(default)]
    #[schema(required)]
    pub course: Option<CourseId>,
    /// Which treatment of that course it is, from 1.
    #[serde(default)]
    #[schema(required)]
    pub number: Option<u32>,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion first ran.
    #[serde(default)]
    #[schema(required)]
    pub started_at: Option<Millis>,
    /// The patient's normal values then.
    #[serde(default)]
    #[schema(required)]
    pub baseline: Option<Baseline>,
    /// How far the values went since the infusion first ran.
    #[serde(default)]
    #[schema(required)]
    pub peak: Option<Peak>,
    /// What was given; `null` when that cannot be known.
    #[serde(default)]
    #[schema(required, value_type = Option<GivenDose>)]
    pub given: Option<Box<RawValue>>,
    /// Notes and adverse events, oldest first.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

/// What of a session's JSON is read for [`PastSession`] beside its own keys.
#[derive(Deserialize)]
struct Beside {
    #[serde(default)]
    patient: OfPatient,
    #[serde(default)]
    events: Vec<OfEvent>,
}

#[derive(Default, Deserialize)]
struct OfPatient {
    course: Option<CourseId>,
    number: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct OfEvent {
    #[serde(rename = "type")]
    kind: String,
    at: Millis,
    by: String,
    text: String,
}

impl PastSession {
    /// Out of what `GET sessions/{id}` shows to staff.
    ///
    /// # Errors
    /// It is not that.
    pub fn read(json: &str) -> serde_json::Result<Self> {
        let session: Self = serde_json::from_str(json)?;
        let Beside { patient, events } = serde_json::from_str(json)?;
        let OfPatient { course, number } = patient;
        Ok(Self { course, number, remarks: remarks(events), ..session })
    }
}

/// Remarks of the last session that the next one shows.
const REMARKS: usize = 10;

/// The last of these sessions, newest first, in which something was given or a baseline accepted.
#[must_use]
pub fn last_time(sessions: &[PastSession]) -> Option<LastTime> {
    #[derive(Deserialize)]
    struct GivenMg {
        mg: Option<Decimal>,
    }
    let is_one = |session: &&PastSession| {
        session.phase.has_ended() && (session.started_at.is_some() || session.baseline.is_some())
    };
    let last = sessions.iter().find(is_one)?;
    let given = last.given.as_ref().and_then(|json| serde_json::from_str(json.get()).ok());
    let skipped = last.remarks.len().saturating_sub(REMARKS);
    Some(LastTime {
        session: last.id.clone(),
        at: last.opened_at,
        profile: last.profile.clone(),
        suggested_baseline: last.baseline.filter(|baseline| !baseline.is_empty()),
        peak: last.peak,
        given_mg: given.and_then(|GivenMg { mg }| mg),
        remarks: last.remarks[skipped..].to_vec(),
    })
}

/// Notes and adverse events, in the order of the record.
pub(super) fn remarks(events: Vec<OfEvent>) -> Vec<Remark> {
    let is_remark = |event: &OfEvent| ["note", "adverse_event"].contains(&event.kind.as_str());
    let remarks = events.into_iter().filter(is_remark);
    remarks.map(|OfEvent { at, by, text, .. }| Remark { at, by, text }).collect()
}

/// A patient, their courses and their sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPatient {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the patient's")]
    pub patient: ListedPatient,
    /// The newest first, up to 50.
    pub courses: Vec<Course>,
    /// The baseline of the last session that has one: to be looked at, and never accepted unasked.
    #[schema(required)]
    pub suggested_baseline: Option<SuggestedBaseline>,
    /// The newest first, up to 100.
    pub sessions: Vec<PastSession>,
}

/// The suggestion of the newest session that has a baseline; the sessions are given newest first.
#[must_use]
pub fn suggested_baseline(sessions: &[PastSession]) -> Option<SuggestedBaseline> {
    sessions.iter().find_map(|session| {
        let baseline = session.baseline.filter(|baseline| !baseline.is_empty())?;
        Some(SuggestedBaseline { session: session.id.clone(), at: session.opened_at, baseline })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str, baseline: &str, events: &str) -> PastSession {
        let json = format!(
            r#"{{"id":"{id}","room":"3","profile":"ketamine-iv-adult","phase":"discharged",
            "opened_at":5,"started_at":7,"baseline":{baseline},"given":{{"mg":35.50}},
            "peak":{{"systolic":171,"diastolic":99,"heart_rate":104,"spo2":91}},
            "events":{events},"patient":{{"initials":"J.T.","id":"p-1","course":"c-1","number":3}},
            "scores":[],"initials":"J.T."}}"#
        );
        PastSession::read(&json).unwrap()
    }

    #[test]
    fn of_an_earlier_session_dose_and_remarks_are_shown() {
        let events = r#"[{"n":1,"at":6,"type":"note","by":"KM","text":"calm <b>"},
            {"n":2,"at":7,"type":"start","by":"KM","text":"Infusion started"},
            {"n":3,"at":8,"type":"adverse_event","by":"KM","text":"fainted"}]"#;
        let past = session("s1", r#"{"systolic":118}"#, events);
        assert_eq!(past.given.as_ref().unwrap().get(), r#"{"mg":35.50}"#);
        assert_eq!(past.peak.unwrap().spo2, Some(crate::vitals::Decimal::whole(91)));
        assert_eq!((past.number, past.course.unwrap().as_str()), (Some(3), "c-1"));
        let texts: Vec<_> = past.remarks.iter().map(|remark| remark.text.as_str()).collect();
        assert_eq!(texts, ["calm <b>", "fainted"]);
        assert_eq!(past.remarks[0].at, Millis(6));
    }

    #[test]
    fn the_last_baseline_that_there_is_is_suggested() {
        let sessions = [
            session("s3", "null", "[]"),
            session("s2", r#"{"systolic":121,"diastolic":76}"#, "[]"),
            session("s1", r#"{"systolic":118}"#, "[]"),
        ];
        let suggested = suggested_baseline(&sessions).unwrap();
        assert_eq!(suggested.session.as_str(), "s2");
        assert_eq!(suggested.baseline.systolic, Some(crate::vitals::Decimal::whole(121)));
        assert_eq!(suggested_baseline(&sessions[..1]), None);
    }
}
