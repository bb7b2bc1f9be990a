//! Whether the server is fit for work, for those who operate it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;

use super::HttpState;
use super::problem::Problem;
use crate::contract::Details;
use crate::journal::Trouble;
use crate::log::{self, Lost};
use crate::vitals::RoomId;
use crate::ward::{Refusal, ShowRoom, View};

/// A server whose disk is further behind than this is not fit for work (design.md#the-disk).
const MAX_LAG_MS: i64 = 1_000;
/// A ward that does not answer within this time counts as dead.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// What the server reports about itself.
#[derive(Debug, Default)]
pub struct Health {
    draining: AtomicBool,
    is_unready: AtomicBool,
}

impl Health {
    /// From now on no new work is wanted.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Notes whether we are ready; in the log once when a problem begins and once when it is over,
    /// however often this is called.
    fn note(&self, problem: Option<&str>) {
        let was_unready = self.is_unready.swap(problem.is_some(), Ordering::Relaxed);
        match problem {
            Some(why) if !was_unready => tracing::warn!("not ready: {why}"),
            None if was_unready => tracing::warn!("ready again"),
            _ => {}
        }
    }

    /// Whether [`Self::drain`] was called.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// Whether the ward's loop runs.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "operation", security(()),
    responses((status = 200, description = "It does", content_type = "text/plain", body = String),
        (status = 503, description = "It does not", body = Details)))]
pub(super) async fn healthz(State(state): State<HttpState>) -> Result<&'static str, Problem> {
    // Any answer will do, and "no such room" is the cheapest.
    let room = RoomId::new("-")?;
    let asked =
        tokio::time::timeout(ANSWER_WITHIN, state.ward.ask(ShowRoom { room, view: View::Display }))
            .await;
    match asked {
        Ok(Err(Refusal::Stopping)) => Err(Problem::not_ready("the ward has ended")),
        Ok(_) => Ok("ok\n"),
        Err(_) => Err(Problem::not_ready("the ward has not answered for 1 s")),
    }
}

/// Whether new work is welcome.
#[utoipa::path(get, path = "/readyz", operation_id = "readyz", tag = "operation", security(()),
    responses((status = 200, description = "It is", content_type = "text/plain", body = String),
        (status = 503, description = "It is not", body = Details)))]
pub(super) async fn readyz(State(state): State<HttpState>) -> Result<&'static str, Problem> {
    if state.health.is_draining() || state.shutdown.is_cancelled() {
        return Err(Problem::not_ready("the server is stopping"));
    }
    let lag_ms = state.journal.lag(state.clock.now());
    let why = |trouble: Trouble| format!("{}. {}", trouble.what(), trouble.remedy());
    let behind = format!("the disk is {lag_ms} ms behind; at most {MAX_LAG_MS} are allowed");
    let problem = match state.journal.trouble() {
        Some(trouble) if trouble.is_certain() => {
            Some(format!("nothing is recorded: {}", why(trouble)))
        }
        Some(trouble) if lag_ms > MAX_LAG_MS => Some(format!("{behind}: {}", why(trouble))),
        None if lag_ms > MAX_LAG_MS => Some(behind),
        _ => None,
    };
    state.health.note(problem.as_deref());
    problem.map_or(Ok("ok\n"), |title| Err(Problem::not_ready(title)))
}

/// Figures in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "operation", security(()),
    responses((status = 200, description = "Prometheus text", content_type = "text/plain", body = String)))]
pub(super) async fn metrics(State(state): State<HttpState>) -> String {
    note_lost_lines(log::lost());
    for (chain, length) in state.journal.lengths() {
        // A gauge has 53 bits for it.
        #[expect(clippy::cast_precision_loss, reason = "so many entries nobody records")]
        metrics::gauge!("dripwatch_chain_entries", "chain" => chain.to_string()).set(length as f64);
    }
    state.metrics.render()
}

/// Lines of the log that did not reach standard error since the start.
fn note_lost_lines(Lost { queue_full, not_written, repeated }: Lost) {
    for (reason, count) in
        [("queue_full", queue_full), ("not_written", not_written), ("repeated", repeated)]
    {
        metrics::counter!("dripwatch_log_lines_dropped_total", "reason" => reason).absolute(count);
    }
}
