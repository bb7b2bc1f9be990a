use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::context::ControlContext;
use super::request::Request;
use super::sink::audit;
use crate::journal::export::{self, Part, Place};
use crate::journal::report;
use crate::report::{About, Form};
use crate::store::{Cursor, SessionFilter, SessionRow};
use crate::vitals::{Millis, RoomId, SessionId};

/// Sessions of one answer.
const PAGE: u32 = 500;

/// A page of the sessions, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {
    /// Where the previous page ended.
    pub after: Option<SessionsAfter>,
}

/// Where a page of sessions ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionsAfter(pub String);

/// A page of the sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPage {
    /// Newest first.
    pub sessions: Vec<SessionEntry>,
    /// Where to go on, when there is more.
    pub next: Option<SessionsAfter>,
}

/// A session in a list. It does not name the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Its id.
    pub id: SessionId,
    /// The room.
    pub room: RoomId,
    /// The profile's name.
    pub profile: String,
    /// How far it is, or how it ended.
    pub phase: String,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion was started.
    pub started_at: Option<Millis>,
    /// When it was over.
    pub ended_at: Option<Millis>,
}

impl Request for ListSessions {
    type Answer = SessionPage;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<SessionPage> {
        let after = self.after.map(|SessionsAfter(text)| text.parse::<Cursor>()).transpose()?;
        let filter = SessionFilter { after, ..SessionFilter::default() };
        let page = context.store.sessions(&filter, PAGE).await?;
        Ok(SessionPage {
            sessions: page.rows.into_iter().map(SessionEntry::from).collect(),
            next: page.next.map(|next| SessionsAfter(next.to_string())),
        })
    }
}

impl From<SessionRow> for SessionEntry {
    fn from(row: SessionRow) -> Self {
        let SessionRow { id, room, profile, phase, opened_at, started_at, ended_at, .. } = row;
        Self { id, room, profile, phase, opened_at, started_at, ended_at }
    }
}

/// A part of a session's recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportSession {
    /// The session.
    pub session: SessionId,
    /// Where the previous part ended.
    pub place: Option<Place>,
}

impl Request for ExportSession {
    type Answer = Part;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Part> {
        let Self { session, place } = self;
        Ok(export::part(&context.journal, &session, place).await?)
    }
}

/// The record of a session, rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSession {
    /// The session.
    pub session: SessionId,
    /// As what.
    pub form: Form,
    /// IANA name of the zone in which clock times are shown.
    pub time_zone: Option<String>,
    /// The clinic's name.
    pub clinic: Option<String>,
}

/// A record as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// All of it, in base 64: a document is no text.
    pub base64: String,
}

impl Request for ReportSession {
    type Answer = Rendered;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Rendered> {
        let Self { session, form, time_zone, clinic } = self;
        let patient = report::patient(&context.journal, &session).await?;
        let people = context.store.patients().await?;
        let known = people.into_iter().find(|known| Some(&known.id) == patient.id.as_ref());
        let now = context.clock.now();
        let about = About {
            clinic,
            time_zone,
            patient: Some(patient),
            person: known.map(|known| known.person),
            made_by_program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: now,
            ..About::default()
        };
        let record = report::session_record(&context.journal, &session, about).await?;
        let detail = format!("{session} as {}", form.name());
        let views = vec![audit(context.clock, "read a record", detail)];
        let what = json!({"session": session, "as": form.name()});
        context.sink.record(context.clock, "read", what, views).await?;
        // Others are not kept waiting while it is drawn.
        let file = tokio::task::spawn_blocking(move || form.render(&record)).await??;
        Ok(Rendered { base64: BASE64.encode(file) })
    }
}
