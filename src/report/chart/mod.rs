//! The session on one sheet: phases, events, doses, pressures, heart rate, SpO2, limits, gaps and
//! alerts over the clock, so that it reads in grey and from paper.

mod alarms;
mod canvas;
mod curves;
mod head;
mod panels;
mod pressures;
mod scale;

use plotters::prelude::SVGBackend;
use plotters_backend::DrawingBackend;

use super::SessionRecord;
use super::words::Clock;
use crate::vitals::Millis;
use canvas::{Canvas, Drawn, SCALE};
use panels::Panels;
use scale::Across;

/// Points across.
const WIDTH: f64 = 828.0;
/// Points down.
const HEIGHT: f64 = 604.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 736.0;
/// A record of a minute is drawn as if it were ten.
const SHORTEST_MS: i64 = 600_000;

/// What a chart is drawn from.
pub(super) struct Sheet<'a> {
    record: &'a SessionRecord,
    clock: Clock,
    across: Across,
    panels: Panels,
}

impl<'a> Sheet<'a> {
    fn of(record: &'a SessionRecord) -> Self {
        let (from, to) = span(record);
        let across = Across { from, to, left: LEFT, right: RIGHT };
        Self { record, clock: Clock::of(&record.header), across, panels: Panels::of(record) }
    }

    /// Draws everything; what is on top is drawn last.
    fn draw<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        on.fill((0.0, 0.0), (WIDTH, HEIGHT), canvas::WHITE)?;
        self.bands(on)?;
        self.grid(on)?;
        self.gaps(on)?;
        self.limits(on)?;
        self.curves(on)?;
        self.pressures(on)?;
        self.alarms(on)?;
        self.frames(on)?;
        self.head(on)?;
        on.0.present()
    }
}

/// From the first phase in which something is measured to the end.
fn span(record: &SessionRecord) -> (Millis, Millis) {
    let header = &record.header;
    let end = header.ended_at.unwrap_or_else(|| last_time(record)).max(header.opened_at);
    let from = header.opened_at;
    (from, end.max(from.plus(SHORTEST_MS)))
}

/// The last time at which anything is known.
fn last_time(record: &SessionRecord) -> Millis {
    let of_trends = record.trends.iter().filter_map(|trend| trend.at.last().copied());
    let of_events = record.events.last().map(|event| event.at);
    let of_coverage = record.coverage.to;
    of_trends.chain(of_events).chain(of_coverage).max().unwrap_or(record.header.opened_at)
}

/// The number of each event that the chart and the list beside it show: what staff did and what
/// changed the treatment, in the order of time.
pub(super) fn numbered(record: &SessionRecord) -> Vec<(usize, &super::RecordedEvent)> {
    let shown = record.events.iter().filter(|event| head::is_numbered(event));
    (1..).zip(shown).collect()
}

/// The chart as SVG: text is text, and every size follows the width that it is given.
#[must_use]
pub fn svg(record: &SessionRecord) -> String {
    let size = ((WIDTH * SCALE) as u32, (HEIGHT * SCALE) as u32);
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, size);
        let drawn = Sheet::of(record).draw(&mut Canvas(&mut backend));
        // A string accepts everything that is written.
        debug_assert!(drawn.is_ok());
    }
    let wide = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
    let label = "role=\"img\" aria-label=\"Vitals, doses, events and alerts of the session over time; \
                 the table of the vitals has the same numbers\"";
    text.replacen(&wide, &format!("width=\"{WIDTH}\" height=\"{HEIGHT}\" {label}"), 1)
}
