//! Alerts as bars for as long as they lasted, in the panel of their vital, with the sign of their
//! priority: three marks, two or one, in addition to the colour.

use plotters_backend::DrawingBackend;

use super::canvas::{AMBER, BLACK, Canvas, Drawn, RED, Side, Text, WHITE};
use super::{RIGHT, Sheet};
use crate::report::RecordedAlert;
use crate::rules::{Condition, Priority};
use crate::vitals::Vital;

/// A sign that is closer than this to another one would cover it, and is left out; points.
const SIGN: f64 = 15.0;

impl Sheet<'_> {
    pub(super) fn alarms<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let panels = &self.panels;
        self.lane(on, panels.pressure.top + 6.0, 1.0, |alert| {
            matches!(vital(alert), Some(Vital::Nibp))
        })?;
        self.lane(on, panels.heart_rate.top + 6.0, 1.0, |alert| {
            matches!(vital(alert), Some(Vital::HeartRate))
        })?;
        self.lane(on, panels.spo2.bottom - 6.0, -1.0, |alert| {
            matches!(vital(alert), Some(Vital::Spo2))
        })?;
        self.lane(on, panels.pressure.bottom - 6.0, -1.0, |alert| vital(alert).is_none())
    }

    fn lane<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        y: f64,
        inwards: f64,
        is_of_it: impl Fn(&RecordedAlert) -> bool,
    ) -> Drawn<B> {
        let of_it = || self.record.alerts.iter().filter(|alert| is_of_it(alert));
        let span = |alert: &RecordedAlert| {
            let from = self.across.x(alert.raised_at);
            (from, self.x_or_end(alert.ended_at).max(from + 2.0).min(RIGHT))
        };
        for alert in of_it() {
            let ((from, to), top, bottom) = (span(alert), y - 2.5, y + 2.5);
            let colour = match alert.priority {
                Priority::High => RED,
                Priority::Medium => AMBER,
                Priority::Low => WHITE,
            };
            on.fill((from, top), (to, bottom), colour)?;
            on.frame((from, top), (to, bottom), (BLACK, 0.6))?;
        }
        // Where two would cover one another, the graver one keeps its sign.
        let mut taken: Vec<f64> = Vec::new();
        for priority in [Priority::High, Priority::Medium, Priority::Low] {
            for alert in of_it().filter(|alert| alert.priority == priority) {
                let (from, to) = span(alert);
                let x = f64::midpoint(from, to);
                if taken.iter().all(|other| (other - x).abs() >= SIGN) {
                    Self::sign(on, (x, y + inwards * 11.0), priority)?;
                    taken.push(x);
                }
            }
        }
        Ok(())
    }

    pub(super) fn sign<B: DrawingBackend>(
        on: &mut Canvas<'_, B>,
        (x, y): (f64, f64),
        priority: Priority,
    ) -> Drawn<B> {
        let mark = Text::PLAIN.bold().side(Side::Middle).size(8.5);
        match priority {
            Priority::High => {
                let (far, near) = (6.5, 2.7);
                let corners = [
                    (-near, -far),
                    (near, -far),
                    (far, -near),
                    (far, near),
                    (near, far),
                    (-near, far),
                    (-far, near),
                    (-far, -near),
                ];
                let corners = corners.map(|(dx, dy)| (x + dx, y + dy));
                on.shape(&corners, RED)?;
                on.text("!!!", (x, y), mark.colour(WHITE))
            }
            Priority::Medium => {
                on.shape(&[(x, y - 7.0), (x + 7.5, y + 6.0), (x - 7.5, y + 6.0)], BLACK)?;
                on.shape(&[(x, y - 5.4), (x + 6.0, y + 5.1), (x - 6.0, y + 5.1)], AMBER)?;
                on.text("!!", (x, y + 1.5), mark)
            }
            Priority::Low => {
                on.fill((x - 6.0, y - 6.0), (x + 6.0, y + 6.0), WHITE)?;
                on.frame((x - 6.0, y - 6.0), (x + 6.0, y + 6.0), (BLACK, 0.9))?;
                on.text("!", (x, y), mark)
            }
        }
    }
}

/// The panel in which an alert is shown; `None` if it is not about one vital.
fn vital(alert: &RecordedAlert) -> Option<Vital> {
    match alert.condition {
        Condition::NibpOverdue | Condition::NibpFailed => Some(Vital::Nibp),
        Condition::Spo2NoValue | Condition::PoorSignal => Some(Vital::Spo2),
        Condition::HrNoValue => Some(Vital::HeartRate),
        other => other.vital(),
    }
}
