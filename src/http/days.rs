//! The sessions of a day, and what is handed to the next shift. For nurses and above.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;

use super::auth::Nurse;
use super::paths::{Id, Named};
use super::problem::Problem;
use super::{HttpState, patients, reads, zone};
use crate::contract::{self, DayAlerts, DaySession, HandedOver, Unsigned};
use crate::store::{DayRow, MAX_OF_A_DAY};
use crate::ward::ListSessions;

/// A day in a path: `2026-11-29`, or `today`.
pub(super) enum Day {
    /// The clinic's present day.
    Today,
    /// This day.
    Of(Date),
}

impl Named for Day {
    fn named(text: &str) -> Result<Self, Problem> {
        if text == "today" {
            return Ok(Self::Today);
        }
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        date.map(Self::Of).ok_or_else(|| {
            let title = "date must be a day such as 2026-11-29, or today";
            Problem::bad_request("date", title)
        })
    }
}

/// The sessions that ran on a day of the clinic (its time zone), and the hand-over list.
#[utoipa::path(get, path = "/days/{date}", operation_id = "show_day", tag = "sessions",
    params(("date" = String, Path, description = "Such as `2026-11-29`, or `today`")),
    responses((status = 200, description = "The day", body = contract::Day)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    _: Nurse,
    Id(day): Id<Day>,
) -> Result<Json<contract::Day>, Problem> {
    let date = match day {
        Day::Today => patients::today(&state),
        Day::Of(date) => date,
    };
    let bounds = zone::bounds_of(date, &zone::zone(&state));
    let (from, to) =
        bounds.ok_or_else(|| Problem::bad_request("date", "date is beyond the calendar"))?;
    let mut rows = reads::short(state.store.sessions_between(from, to)).await?;
    let most = usize::try_from(MAX_OF_A_DAY).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let sessions: Vec<DaySession> = rows.into_iter().map(shown).collect();
    let running = state.ward.ask(ListSessions).await?;
    let running: BTreeMap<_, _> = running.iter().map(|row| (&row.id, row.json.as_str())).collect();
    let mut hand_over: Vec<HandedOver> = (sessions.iter())
        .filter_map(|session| HandedOver::of(session, running.get(&session.id).copied()))
        .collect();
    hand_over.sort_by(|a, b| a.room.cmp(&b.room));
    let hand_overs = reads::short(state.store.hand_overs_between(from, to)).await?;
    let date = date.to_string();
    Ok(Json(contract::Day { date, from, to, sessions, more, hand_over, hand_overs }))
}

fn shown(row: DayRow) -> DaySession {
    let open = [
        (row.without_outcome > 0, Unsigned::OutcomeMissing),
        (row.waived > 0, Unsigned::GateWaived),
        (row.has_unapproved_limits, Unsigned::LimitsNotApproved),
        (row.ended_at.is_some() && row.signed_off.is_none(), Unsigned::NotSignedOff),
    ];
    DaySession {
        alerts: DayAlerts {
            all: row.alerts,
            high: row.high,
            open: row.open,
            with_outcome: row.with_outcome,
            without_outcome: row.without_outcome,
        },
        signed_off: row.signed_off,
        added_after_sign_off: row.added_after_sign_off,
        unsigned: open.into_iter().filter_map(|(is_open, what)| is_open.then_some(what)).collect(),
        id: row.id,
        room: row.room,
        profile: row.profile,
        title: row.title,
        by: row.by,
        phase: row.phase,
        initials: row.initials,
        patient: row.patient,
        opened_at: row.opened_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        planned_s: row.planned_s,
    }
}
