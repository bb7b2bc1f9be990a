//! Every stored reading, oldest first, by the time at which it was received.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::auth::Viewer;
use super::body::{Params, parsed, time};
use super::paths::Id;
use super::problem::Problem;
use super::reading::{Readings, frame_of};
use super::{HttpState, answer, keeping, reads};
use crate::contract;
use crate::journal::{ReadingsCursor, ReadingsOf};
use crate::vitals::{DeviceId, Millis, SessionId};

/// The most readings in one answer.
const MAX_READINGS: usize = 100_000;
/// How many frames are read at once.
const FRAMES: u32 = 1_000;
/// The most frames that one answer looks at; thinned readings of more than four days at one a
/// second.
const MAX_FRAMES: usize = 400_000;

/// How much one answer may hold and look at.
struct Most {
    readings: usize,
    frames: usize,
}

const MOST: Most = Most { readings: MAX_READINGS, frames: MAX_FRAMES };

/// The readings to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Window {
    /// Received at this time or later: RFC 3339, or milliseconds since 1970.
    from: Option<String>,
    /// Received at this time or earlier.
    to: Option<String>,
    /// Seconds: only the last reading of each vital in each step, and every cuff pressure.
    step: Option<u32>,
    /// `next` of the previous answer, unchanged.
    after: Option<String>,
}

/// What a device said.
#[utoipa::path(get, path = "/devices/{device}/readings", operation_id = "readings_of_device", tag = "devices",
    params(("device" = String, Path, description = "The device's id"), Window),
    responses((status = 200, description = "Up to 100,000, oldest first", body = contract::Readings)))]
pub(super) async fn of_device(
    State(state): State<HttpState>,
    _: Viewer,
    Id(device): Id<DeviceId>,
    Params(window): Params<Window>,
) -> Result<Response, Problem> {
    let history = History::of(&state, ReadingsOf::Device(device.clone()), &window).await?;
    if history.is_empty && reads::short(state.store.device(&device)).await?.is_none() {
        return Err(Problem::not_found("device", device.as_str()));
    }
    Ok(answer::json(StatusCode::OK, history.json))
}

/// What was measured in a session.
#[utoipa::path(get, path = "/sessions/{session}/readings", operation_id = "readings_of_session", tag = "sessions",
    params(("session" = String, Path, description = "The session's id"), Window),
    responses((status = 200, description = "Up to 100,000, oldest first", body = contract::Readings)))]
pub(super) async fn of_session(
    State(state): State<HttpState>,
    _: Viewer,
    Id(session): Id<SessionId>,
    Params(window): Params<Window>,
) -> Result<Response, Problem> {
    keeping::is_there(&state, &session).await?;
    let history = History::of(&state, ReadingsOf::Session(session.clone()), &window).await?;
    if history.is_empty && reads::short(state.store.session(&session)).await?.is_none() {
        return Err(Problem::not_found("session", session.as_str()));
    }
    Ok(answer::json(StatusCode::OK, history.json))
}

struct History {
    json: String,
    is_empty: bool,
}

struct Bounds {
    from: Option<Millis>,
    to: Option<Millis>,
    after: Option<ReadingsCursor>,
}

impl History {
    async fn of(state: &HttpState, of: ReadingsOf, window: &Window) -> Result<Self, Problem> {
        let bounds = Bounds {
            from: time(window.from.as_deref(), "from")?,
            to: time(window.to.as_deref(), "to")?,
            after: parsed(window.after.as_deref(), "after")?,
        };
        if window.step == Some(0) {
            return Err(Problem::bad_request("step", "step must be 1 s or more"));
        }
        let step_ms = window.step.map(|step_s| i64::from(step_s) * 1_000);
        let _turn = reads::turn(state).await?;
        let mut readings = Readings::new(step_ms);
        let next = collect(state, &of, bounds, &mut readings, MOST).await?;
        let is_empty = readings.count() == 0;
        Ok(Self { json: readings.into_json(next.map(|next| next.to_string())), is_empty })
    }
}

/// Adds whole frames while `most` is not exceeded; returns where to continue.
async fn collect(
    state: &HttpState,
    of: &ReadingsOf,
    Bounds { from, to, mut after }: Bounds,
    readings: &mut Readings,
    most: Most,
) -> Result<Option<ReadingsCursor>, Problem> {
    let mut limit = FRAMES;
    let mut seen = 0;
    while seen < most.frames {
        let page = reads::part(state.journal.readings(of, from, to, after, limit)).await?;
        let frames: Vec<_> =
            page.entries.iter().filter_map(|stored| frame(stored.seq, &stored.entry)).collect();
        let fit = fitting(
            frames.iter().map(|(_, frame)| frame.readings.len()),
            most.readings.saturating_sub(readings.count()),
        );
        if fit < frames.len() {
            // Read again for those that fit, as only a page knows where it ends.
            limit = u32::try_from(fit).unwrap_or(FRAMES);
            if limit == 0 {
                return Ok(after);
            }
            continue;
        }
        seen += frames.len();
        frames.iter().for_each(|(at, frame)| readings.add(*at, frame));
        let Some(next) = page.next else { return Ok(None) };
        after = Some(next);
        if limit < FRAMES {
            break;
        }
    }
    Ok(after)
}

fn frame(seq: u64, entry: &crate::record::Entry) -> Option<(Millis, crate::vitals::Frame)> {
    frame_of(entry).unwrap_or_else(|error| {
        // Our own entry: a bug, or a newer version's. The others are still useful.
        tracing::error!("entry {seq} cannot be read as a frame: {error}");
        None
    })
}

/// How many of the frames, with this many readings each, hold no more than `room` together.
fn fitting(lengths: impl Iterator<Item = usize>, room: usize) -> usize {
    let mut total = 0;
    lengths
        .take_while(|length| {
            total += length;
            total <= room
        })
        .count()
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::super::tests::Bench;
    use super::*;
    use crate::record::FrameKey;
    use crate::record::{Chain, Entry};

    #[test]
    fn a_page_ends_between_frames() {
        let lengths = || [2, 3, 1].into_iter();
        assert_eq!(fitting(lengths(), 6), 3);
        assert_eq!(fitting(lengths(), 5), 2);
        assert_eq!(fitting(lengths(), 4), 1);
        assert_eq!(fitting(lengths(), 1), 0);
    }

    /// At most this many frames of a device, from the number `first` on.
    async fn record(bench: &Bench, first: u64, count: u64) {
        let entries = (first..first + count).map(|seq| Entry {
            at: Millis(5),
            body: format!(
                r#"{{"at":5,"device":"m","frame":{{"type":"readings","seq":{seq},"readings":[{{"vital":"spo2","value":97}},{{"vital":"pulse_rate","value":72}}]}}}}"#
            ),
            device: DeviceId::new("m").ok(),
            frame_key: Some(FrameKey::of(&[&seq.to_le_bytes()])),
            ..Entry::default()
        });
        let (stored, told) = oneshot::channel();
        let (journal, entries) = (&bench.state.journal, entries.collect());
        journal.append(&Chain::Clinic, first, entries, vec![], vec![stored]).unwrap();
        told.await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_of_few_readings_looks_at_so_many_frames_and_says_where_to_go_on() {
        let bench = Bench::new().await;
        let of = ReadingsOf::Device(DeviceId::new("m").unwrap());
        let thinned = async |after: Option<ReadingsCursor>| {
            let mut readings = Readings::new(Some(3_600_000));
            let bounds = Bounds { from: None, to: None, after };
            let most = Most { frames: 2_000, ..MOST };
            let next = collect(&bench.state, &of, bounds, &mut readings, most).await.unwrap();
            (readings.count(), next)
        };
        record(&bench, 1, 2_000).await;
        assert_eq!(thinned(None).await, (2, None));
        record(&bench, 2_001, 1).await;
        let (count, next) = thinned(None).await;
        assert_eq!((count, next.is_some()), (2, true));
        assert_eq!(thinned(next).await, (2, None));
    }

    #[tokio::test]
    async fn every_reading_is_on_one_page_or_the_next() {
        let bench = Bench::new().await;
        record(&bench, 1, 7).await;
        let of = ReadingsOf::Device(DeviceId::new("m").unwrap());
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let mut readings = Readings::new(None);
            let bounds = Bounds { from: None, to: None, after };
            let most = Most { readings: 5, ..MOST };
            let next = collect(&bench.state, &of, bounds, &mut readings, most).await.unwrap();
            pages.push(readings.into_json(None).matches("spo2").count());
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(pages, [2, 2, 2, 1], "a frame is never split");
    }
}
