//! The three panels: frames, scales, limits, gaps.

use plotters_backend::DrawingBackend;

use super::canvas::{BAND, BLACK, Canvas, Dash, Drawn, GREY, LIGHT, Side, Text};
use super::scale::Panel;
use super::{HEIGHT, LEFT, RIGHT, Sheet, WIDTH};
use crate::report::{LimitSet, SessionRecord};
use crate::room::{Phase, ShownLimits, ShownRange};
use crate::vitals::{Decimal, Millis, Vital};

/// Gaps shorter than this are not visible at any width.
const SHORTEST_GAP_MS: i64 = 5_000;

/// Where the panels are and what they hold.
pub(super) struct Panels {
    pub(super) pressure: Panel,
    pub(super) heart_rate: Panel,
    pub(super) spo2: Panel,
}

impl Panels {
    pub(super) fn of(record: &SessionRecord) -> Self {
        let number = Decimal::as_f64;
        let pressures = record.pressures.iter().flat_map(|p| [p.systolic, p.diastolic]);
        let rates = [Vital::HeartRate, Vital::PulseRate].into_iter();
        let rates = rates.flat_map(|vital| values(record, vital));
        let spo2 = values(record, Vital::Spo2);
        Self {
            pressure: Panel::holding(
                (112.0, 314.0),
                (60.0, 200.0),
                20.0,
                pressures.flatten().map(number),
            ),
            heart_rate: Panel::holding((330.0, 428.0), (30.0, 130.0), 20.0, rates),
            spo2: Panel::holding((444.0, 556.0), (80.0, 101.0), 5.0, spo2),
        }
    }

    pub(super) fn all(&self) -> [&Panel; 3] {
        [&self.pressure, &self.heart_rate, &self.spo2]
    }
}

/// What monitors and people gave of a vital.
fn values(record: &SessionRecord, vital: Vital) -> impl Iterator<Item = f64> + '_ {
    let of_monitor = record.trend(vital).into_iter().flat_map(|trend| &trend.values).copied();
    let by_hand = record.by_hand.iter().filter(move |m| m.vital == vital).map(|m| m.value);
    of_monitor.chain(by_hand).map(Decimal::as_f64)
}

impl Sheet<'_> {
    /// Grey while the infusion runs; a pause between is white.
    pub(super) fn bands<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        for span in self.record.phases.iter().filter(|span| span.phase == Phase::Infusing) {
            let (from, to) = (self.across.x(span.from), self.x_or_end(span.to));
            on.fill((from, 0.0), (to, self.panels.spo2.bottom), BAND)?;
        }
        Ok(())
    }

    pub(super) fn x_or_end(&self, at: Option<Millis>) -> f64 {
        at.map_or(self.across.x(super::last_time(self.record)), |at| self.across.x(at))
    }

    pub(super) fn grid<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        for panel in self.panels.all() {
            for tick in panel.ticks() {
                let y = panel.y(tick);
                on.line((LEFT, y), (RIGHT, y), (LIGHT, 0.5))?;
                on.text(&format!("{tick:.0}"), (LEFT - 6.0, y), Text::PLAIN.side(Side::Right))?;
            }
        }
        let step_min = self.minutes_between_times();
        let bottom = self.panels.spo2.bottom;
        let mut at = self.clock.next_multiple(self.across.from.plus(-1), step_min);
        while at <= self.across.to {
            let x = self.across.x(at);
            for panel in self.panels.all() {
                on.line((x, panel.top), (x, panel.bottom), (LIGHT, 0.5))?;
            }
            on.line((x, bottom), (x, bottom + 4.0), (BLACK, 0.75))?;
            on.text(&self.clock.hm(at), (x, bottom + 13.0), Text::PLAIN.side(Side::Middle))?;
            at = at.plus(step_min * 60_000);
        }
        on.text("Time", (0.0, bottom + 13.0), Text::PLAIN)
    }

    /// Chosen so that about eight times are written.
    fn minutes_between_times(&self) -> i64 {
        let minutes = self.across.to.since(self.across.from) / 60_000;
        [1, 2, 5, 10, 15, 30, 60, 120, 240]
            .into_iter()
            .find(|step| minutes / step <= 9)
            .unwrap_or(480)
    }

    /// What was not measured is hatched.
    pub(super) fn gaps<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let record = self.record;
        let rate = record.trend(Vital::HeartRate).or(record.trend(Vital::PulseRate));
        let of = [(rate, &self.panels.heart_rate), (record.trend(Vital::Spo2), &self.panels.spo2)];
        for (trend, panel) in of {
            let Some(trend) = trend else {
                on.hatch((LEFT, panel.top), (RIGHT, panel.bottom))?;
                on.fill(
                    (LEFT + 220.0, panel.y(panel.lowest) - 58.0),
                    (RIGHT - 220.0, panel.y(panel.lowest) - 38.0),
                    super::canvas::WHITE,
                )?;
                let middle = ((LEFT + RIGHT) / 2.0, panel.bottom - 48.0);
                on.text("No monitor gave it", middle, Text::PLAIN.side(Side::Middle))?;
                continue;
            };
            let long =
                trend.absences.iter().filter(|gap| gap.to.since(gap.from) >= SHORTEST_GAP_MS);
            for gap in long {
                let (from, to) = (self.across.x(gap.from), self.across.x(gap.to));
                on.hatch((from, panel.top), (to.max(from + 0.8), panel.bottom))?;
            }
        }
        for gap in record.interruptions.iter().filter(|gap| is_blind(gap.kind)) {
            let (from, to) = (self.across.x(gap.from), self.x_or_end(gap.to));
            let panel = &self.panels.pressure;
            on.hatch((from, panel.top), (to.max(from + 0.8), panel.bottom))?;
        }
        Ok(())
    }

    pub(super) fn limits<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        type Of = fn(&ShownLimits) -> ShownRange;
        let of: [(&Panel, Of); 3] = [
            (&self.panels.pressure, |limits| limits.systolic),
            (&self.panels.heart_rate, |limits| limits.heart_rate),
            (&self.panels.spo2, |limits| limits.spo2),
        ];
        for (panel, range) in of {
            self.stage(on, panel, Dash::Short, |set| range(&set.caution))?;
            self.stage(on, panel, Dash::Long, |set| range(&set.urgent))?;
            self.limit_labels(on, panel, range)?;
        }
        Ok(())
    }

    /// Each set of limits from its time to the next.
    fn stage<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        panel: &Panel,
        dash: Dash,
        range: impl Fn(&LimitSet) -> ShownRange,
    ) -> Drawn<B> {
        let sets = &self.record.limits;
        for (index, set) in sets.iter().enumerate() {
            let to = sets.get(index + 1).map(|next| next.from);
            let (from, to) = (self.across.x(set.from), to.map_or(RIGHT, |to| self.across.x(to)));
            let ShownRange { low, high } = range(set);
            for limit in [low, high].into_iter().flatten().map(Decimal::as_f64) {
                if panel.holds(limit) {
                    on.level((from, to), panel.y(limit), (BLACK, 0.75), dash)?;
                }
            }
        }
        Ok(())
    }

    /// The final limits, and the baseline, beside the panel.
    fn limit_labels<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        panel: &Panel,
        range: fn(&ShownLimits) -> ShownRange,
    ) -> Drawn<B> {
        let mut labels: Vec<(f64, String)> = Vec::new();
        if let Some(last) = self.record.limits.last() {
            for (set, word) in [(&last.urgent, "urgent"), (&last.caution, "caution")] {
                let ShownRange { low, high } = range(set);
                for limit in [low, high].into_iter().flatten() {
                    if panel.holds(limit.as_f64()) {
                        labels.push((limit.as_f64(), format!("{limit} {word}")));
                    }
                }
            }
        }
        let summary = &self.record.summary;
        let baseline = if std::ptr::eq(panel, &self.panels.pressure) {
            summary.systolic.baseline
        } else if std::ptr::eq(panel, &self.panels.heart_rate) {
            summary.heart_rate.baseline
        } else {
            summary.spo2.baseline
        };
        if let Some(baseline) = baseline.filter(|baseline| panel.holds(baseline.as_f64())) {
            let from = summary.accepted_at.map_or(LEFT, |at| self.across.x(at));
            on.level((from, RIGHT), panel.y(baseline.as_f64()), (BLACK, 0.75), Dash::Dots)?;
            labels.push((baseline.as_f64(), format!("{baseline} baseline")));
        }
        // From the top down, without overlapping.
        labels.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut free_from = f64::MIN;
        for (value, text) in labels {
            let y = panel.y(value).max(free_from);
            on.text(&text, (RIGHT + 6.0, y), Text::PLAIN)?;
            free_from = y + 12.5;
        }
        Ok(())
    }

    pub(super) fn frames<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let names = ["BP", "HR", "SpO₂"];
        for (panel, name) in self.panels.all().into_iter().zip(names) {
            on.frame((LEFT, panel.top), (RIGHT, panel.bottom), (BLACK, 0.9))?;
            on.text(name, (0.0, panel.top + 7.0), Text::PLAIN.bold().size(11.5))?;
        }
        let units = ["mmHg", "/min", "%"];
        for (panel, unit) in self.panels.all().into_iter().zip(units) {
            on.text(unit, (0.0, panel.top + 22.0), Text::PLAIN.size(10.0).colour(GREY))?;
        }
        self.legend(on)
    }

    fn legend<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let y = HEIGHT - 10.0;
        self.caliper(on, 6.0, (y - 6.0, y + 6.0))?;
        on.text("cuff", (15.0, y), Text::PLAIN)?;
        on.ring((58.0, y), 3.2, 1.2)?;
        on.text("by hand", (66.0, y), Text::PLAIN)?;
        let lines = [
            (124.0, Dash::Long, "urgent limit"),
            (242.0, Dash::Short, "caution limit"),
            (366.0, Dash::Dots, "baseline"),
        ];
        for (x, dash, text) in lines {
            on.level((x, x + 28.0), y, (BLACK, 0.75), dash)?;
            on.text(text, (x + 34.0, y), Text::PLAIN)?;
        }
        on.hatch((468.0, y - 5.0), (486.0, y + 5.0))?;
        on.text("no valid signal", (492.0, y), Text::PLAIN)?;
        on.text("×", (594.0, y), Text::PLAIN.bold())?;
        on.text("original", (605.0, y), Text::PLAIN)?;
        if !self.record.late.is_empty() {
            on.ring((660.0, y), 1.8, 0.7)?;
            on.text("late", (666.0, y), Text::PLAIN)?;
        }
        let alarm = [
            (700.0, crate::rules::Priority::High),
            (718.0, crate::rules::Priority::Medium),
            (736.0, crate::rules::Priority::Low),
        ];
        for (x, priority) in alarm {
            Self::sign(on, (x, y), priority)?;
        }
        on.text("alert, its time", (WIDTH, y), Text::PLAIN.side(Side::Right))
    }
}

fn is_blind(kind: crate::report::InterruptionKind) -> bool {
    use crate::report::InterruptionKind::{MonitorDown, NotRecorded, Restart, Unwatched};
    match kind {
        Restart | NotRecorded => true,
        MonitorDown | Unwatched => false,
    }
}
