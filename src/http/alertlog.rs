//! The log of alerts, its table, and what it says of each rule.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Lead, Nurse};
use super::body::{Params, parsed, time};
use super::problem::Problem;
use super::recording::BrokenOff;
use super::{HttpState, reads, zone};
use crate::access::Right;
use crate::alertlog::{Lines, most_deserving, rule_figures};
use crate::contract;
use crate::room::Outcome;
use crate::rules::Condition;
use crate::store::{Cursor, LogFilter, LogOutcome};
use crate::vitals::RoomId;

const DEFAULT_ROWS: u32 = 100;
/// Rows that are read at once for the table.
const ROWS_AT_ONCE: u32 = 500;
/// The longest time of which figures are made: 400 days.
const LONGEST_FIGURES_MS: i64 = 400 * 86_400_000;
/// The time of which figures are made unless the caller says from when: a week.
const USUAL_FIGURES_MS: i64 = 7 * 86_400_000;

/// An outcome to look for.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WantedOutcome {
    ExpectedEffect,
    SensorResited,
    BpRepeated,
    ClinicianCalled,
    FalseAlert,
    Other,
    /// It is over, and nobody has said.
    Missing,
}

impl From<WantedOutcome> for LogOutcome {
    fn from(wanted: WantedOutcome) -> Self {
        Self::Is(match wanted {
            WantedOutcome::ExpectedEffect => Outcome::ExpectedEffect,
            WantedOutcome::SensorResited => Outcome::SensorResited,
            WantedOutcome::BpRepeated => Outcome::BpRepeated,
            WantedOutcome::ClinicianCalled => Outcome::ClinicianCalled,
            WantedOutcome::FalseAlert => Outcome::FalseAlert,
            WantedOutcome::Other => Outcome::Other,
            WantedOutcome::Missing => return Self::Missing,
        })
    }
}

/// Which alerts of the log are listed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LogQuery {
    /// Raised at this time or later: RFC 3339, or milliseconds since 1970.
    from: Option<String>,
    /// Raised at this time or earlier.
    to: Option<String>,
    /// Only of this room.
    room: Option<String>,
    /// Only about this.
    condition: Option<Condition>,
    /// Only with this outcome; `missing` for those that are over and have none.
    #[param(inline)]
    outcome: Option<WantedOutcome>,
    /// Only those that this person was the first to take: initials.
    person: Option<String>,
    /// At most this many, up to 1,000.
    limit: Option<u32>,
    /// `next` of the previous answer, unchanged.
    after: Option<String>,
}

impl LogQuery {
    fn filter(self) -> Result<LogFilter, Problem> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(LogFilter {
            from: time(self.from.as_deref(), "from")?,
            to: time(self.to.as_deref(), "to")?,
            room: given(self.room).as_deref().map(RoomId::new).transpose()?,
            condition: self.condition,
            outcome: self.outcome.map(LogOutcome::from),
            taken_by: given(self.person),
            after: parsed(self.after.as_deref(), "after")?,
        })
    }
}

/// The log of alerts, those raised last first: what each was, who took it and how soon, and what
/// came of it. As it is on disk.
#[utoipa::path(get, path = "/alerts/log", operation_id = "alert_log", tag = "alerts", params(LogQuery),
    responses((status = 200, description = "Alerts", body = contract::AlertLog)))]
pub(super) async fn log(
    State(state): State<HttpState>,
    _: Nurse,
    Params(query): Params<LogQuery>,
) -> Result<Json<contract::AlertLog>, Problem> {
    let limit = query.limit.unwrap_or(DEFAULT_ROWS);
    let page = reads::part(state.store.alert_log(&query.filter()?, limit)).await?;
    let next = page.next.map(|next| next.to_string());
    Ok(Json(contract::AlertLog { alerts: page.rows, next }))
}

/// Which alerts are in the table.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TableQuery {
    /// Raised at this time or later: RFC 3339, or milliseconds since 1970.
    from: Option<String>,
    /// Raised at this time or earlier.
    to: Option<String>,
    /// Only of this room.
    room: Option<String>,
    /// Only about this.
    condition: Option<Condition>,
    /// Only with this outcome; `missing` for those that are over and have none.
    #[param(inline)]
    outcome: Option<WantedOutcome>,
    /// Only those that this person was the first to take: initials.
    person: Option<String>,
}

/// The log as comma-separated values, by RFC 4180, with a header line, those raised last first. A
/// cell that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(get, path = "/alerts/log.csv", operation_id = "alert_log_table", tag = "alerts", params(TableQuery),
    responses((status = 200, description = "Lines", content_type = "text/csv", body = String)))]
pub(super) async fn table(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Params(query): Params<TableQuery>,
) -> Result<Response, Problem> {
    let TableQuery { from, to, room, condition, outcome, person } = query;
    let query = LogQuery { from, to, room, condition, outcome, person, limit: None, after: None };
    let lines = Lines::of(zone::zone(&state));
    let part = Part::read(&state, &lines, query.filter()?).await?;
    let first = Part { text: lines.head() + &part.text, ..part };
    // The rest is read while it is sent; if it breaks off, the connection does.
    let rest = stream::try_unfold(Some(first), move |sending| {
        next(state.clone(), caller.right.clone(), lines.clone(), sending)
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"alerts.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, Body::from_stream(rest)).into_response())
}

/// Lines of the table, and what is asked for after them.
struct Part {
    text: String,
    following: Option<LogFilter>,
}

impl Part {
    async fn read(state: &HttpState, lines: &Lines, filter: LogFilter) -> Result<Self, Problem> {
        let page = reads::part(state.store.alert_log(&filter, ROWS_AT_ONCE)).await?;
        let text = lines.rows(&page.rows);
        let following = page.next.map(|next: Cursor| LogFilter { after: Some(next), ..filter });
        Ok(Self { text, following })
    }
}

async fn next(
    state: HttpState,
    right: Right,
    lines: Lines,
    sending: Option<Part>,
) -> Result<Option<(String, Option<Part>)>, BrokenOff> {
    let Some(Part { text, following }) = sending else { return Ok(None) };
    if right.has_ended() {
        return Err(BrokenOff::NotAllowed(right.ended().await));
    }
    let following = match following {
        Some(filter) => {
            Some(Part::read(&state, &lines, filter).await.map_err(BrokenOff::Unreadable)?)
        }
        None => None,
    };
    Ok(Some((text, following)))
}

/// Of which time figures are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FiguresQuery {
    /// Raised at this time or later: RFC 3339, or milliseconds since 1970; a week before `to` when
    /// left out. At most 400 days before it.
    from: Option<String>,
    /// Raised before this time; now when left out.
    to: Option<String>,
}

/// What each rule did in a time: how often it alarmed, how soon somebody came, and how often there
/// was something to do; and the rules that most deserve another limit.
#[utoipa::path(get, path = "/alerts/figures", operation_id = "alert_figures", tag = "alerts", params(FiguresQuery),
    responses((status = 200, description = "Figures", body = contract::AlertFigures)))]
pub(super) async fn figures(
    State(state): State<HttpState>,
    _: Lead,
    Params(query): Params<FiguresQuery>,
) -> Result<Json<contract::AlertFigures>, Problem> {
    let to = time(query.to.as_deref(), "to")?.unwrap_or_else(|| state.clock.now());
    let from = time(query.from.as_deref(), "from")?;
    let from = from.unwrap_or_else(|| to.plus(-USUAL_FIGURES_MS));
    let length_ms = to.0.saturating_sub(from.0);
    if !(1..=LONGEST_FIGURES_MS).contains(&length_ms) {
        let title = "from must be before to, by 400 days at most";
        return Err(Problem::bad_request("from", title));
    }
    let _turn = reads::turn(&state).await?;
    let tallies = reads::part(state.store.alert_tallies(from, to)).await?;
    let sessions = reads::part(state.store.sessions_opened(from, to)).await?;
    let rules = rule_figures(&tallies, sessions);
    let deserving = most_deserving(&rules);
    Ok(Json(contract::AlertFigures { from, to, sessions, rules, deserving }))
}
