//! Heart rate and SpO2 as lines that end where the signal does.

use plotters_backend::DrawingBackend;

use super::Sheet;
use super::canvas::{BLACK, Canvas, Drawn, Side, Text};
use super::scale::Panel;
use crate::report::{Extreme, Trend};
use crate::vitals::{Decimal, Millis, Vital};

/// A longer silence breaks the line, even if nothing says why.
const BREAK_MS: i64 = 12_000;
const STROKE: f64 = 1.0;
/// Late points are drawn at most this densely, points across.
const LATE_APART: f64 = 6.0;
/// Per cent.
const FELL: f64 = 3.0;

impl Sheet<'_> {
    pub(super) fn curves<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let record = self.record;
        let rate = record.trend(Vital::HeartRate).or(record.trend(Vital::PulseRate));
        if let Some(trend) = rate {
            self.curve(on, trend, &self.panels.heart_rate)?;
        }
        if let Some(trend) = record.trend(Vital::Spo2) {
            self.curve(on, trend, &self.panels.spo2)?;
        }
        self.late(on)?;
        let opened_at = record.header.opened_at;
        for measured in record.by_hand.iter().filter(|known| known.at >= opened_at) {
            let panel = match measured.vital {
                Vital::HeartRate | Vital::PulseRate => &self.panels.heart_rate,
                Vital::Spo2 => &self.panels.spo2,
                _ => continue,
            };
            let place = (self.across.x(measured.at), panel.y(measured.value.as_f64()));
            on.ring(place, 3.0, 1.1)?;
        }
        let summary = &record.summary;
        self.extreme(on, &self.panels.heart_rate, summary.heart_rate.highest, -9.0)?;
        // A saturation that stayed where it was needs no label.
        let fell = summary.spo2.lowest.filter(|low| {
            summary
                .spo2
                .highest
                .is_some_and(|high| high.value.as_f64() - low.value.as_f64() >= FELL)
        });
        self.extreme(on, &self.panels.spo2, fell, 10.0)
    }

    fn curve<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        trend: &Trend,
        panel: &Panel,
    ) -> Drawn<B> {
        for run in runs(trend) {
            let points: Vec<_> = thinned(&run, self.across.ms_per_point())
                .into_iter()
                .map(|(at, value)| (self.across.x(at), panel.y(value)))
                .collect();
            on.path(&points, (BLACK, STROKE))?;
        }
        Ok(())
    }

    /// What came too late to be judged: small open points, no line, one in each half point across.
    fn late<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let pressure = &self.panels.pressure;
        let drawn = [
            (Vital::HeartRate, &self.panels.heart_rate),
            (Vital::PulseRate, &self.panels.heart_rate),
            (Vital::Spo2, &self.panels.spo2),
        ];
        for (vital, panel) in drawn {
            let all = self.record.late.iter().filter(|late| late.vital == vital);
            let points: Vec<Point> =
                all.filter_map(|late| Some((late.at, late.value?.as_f64()))).collect();
            for (at, value) in thinned(&points, self.across.ms_per_point() * LATE_APART) {
                on.ring((self.across.x(at), panel.y(value)), 1.2, 0.6)?;
            }
        }
        for late in &self.record.late {
            for value in [late.systolic, late.diastolic].into_iter().flatten() {
                on.ring((self.across.x(late.at), pressure.y(value.as_f64())), 1.8, 0.7)?;
            }
        }
        Ok(())
    }

    /// Labels the furthest value at its place.
    pub(super) fn extreme<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        panel: &Panel,
        extreme: Option<Extreme>,
        below: f64,
    ) -> Drawn<B> {
        let Some(Extreme { value, at, .. }) = extreme else { return Ok(()) };
        let x = self.across.x(at).clamp(self.across.left + 12.0, self.across.right - 12.0);
        let y = (panel.y(value.as_f64()) + below).clamp(panel.top + 7.0, panel.bottom - 7.0);
        on.text(&value.to_string(), (x, y), Text::PLAIN.bold().side(Side::Middle))
    }
}

type Point = (Millis, f64);

/// The values as runs without a gap.
fn runs(trend: &Trend) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let mut absences = trend.absences.iter().peekable();
    let mut last: Option<Millis> = None;
    for (at, value) in trend.points() {
        let mut is_broken = last.is_none_or(|last| at.since(last) > BREAK_MS);
        while let Some(absence) = absences.peek().filter(|absence| absence.from < at) {
            is_broken |= last.is_none_or(|last| absence.from >= last);
            absences.next();
        }
        let point = (at, Decimal::as_f64(value));
        match runs.last_mut() {
            Some(run) if !is_broken => run.push(point),
            _ => runs.push(vec![point]),
        }
        last = Some(at);
    }
    runs
}

/// For each half point across, the first, the lowest, the highest and the last value: nothing that
/// can be seen is lost.
fn thinned(run: &[Point], ms_per_point: f64) -> Vec<Point> {
    let step_ms = (ms_per_point / 2.0).max(1.0) as i64;
    let mut kept: Vec<Point> = Vec::new();
    for bucket in run.chunk_by(|a, b| a.0.0 / step_ms == b.0.0 / step_ms) {
        let by_value = |a: &&Point, b: &&Point| a.1.total_cmp(&b.1);
        let ends = [bucket.first(), bucket.last()];
        let extremes = [bucket.iter().min_by(by_value), bucket.iter().max_by(by_value)];
        let mut of_bucket: Vec<Point> =
            ends.into_iter().chain(extremes).flatten().copied().collect();
        of_bucket.sort_by_key(|point| point.0);
        of_bucket.dedup();
        kept.extend(of_bucket);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dip_of_one_second_is_drawn_however_long_the_session() {
        let run: Vec<Point> = (0..36_000)
            .map(|second| (Millis(second * 1_000), if second == 17_001 { 71.0 } else { 97.0 }))
            .collect();
        let kept = thinned(&run, 54_000.0);
        assert!(kept.len() < 6_000, "{}", kept.len());
        assert!(kept.contains(&(Millis(17_001_000), 71.0)));
    }
}
