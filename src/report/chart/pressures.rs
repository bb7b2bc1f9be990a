//! Cuff pressures as calipers, those by hand as open circles, those that were taken back as crosses.

use plotters_backend::DrawingBackend;

use super::Sheet;
use super::canvas::{BLACK, Canvas, Drawn, GREY, Side, Text};
use crate::report::PressureSource;
use crate::vitals::Decimal;

const ARM: f64 = 3.6;

impl Sheet<'_> {
    pub(super) fn pressures<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let panel = &self.panels.pressure;
        let opened_at = self.record.header.opened_at;
        for pressure in self.record.pressures.iter().filter(|known| known.at >= opened_at) {
            let x = self.across.x(pressure.at);
            let y = |part: Option<Decimal>| part.map(|value| panel.y(value.as_f64()));
            let (top, bottom) = (y(pressure.systolic), y(pressure.diastolic));
            let is_by_hand = matches!(pressure.source, PressureSource::ByHand { .. });
            match (top, bottom, is_by_hand) {
                (Some(top), Some(bottom), false) => self.caliper(on, x, (top, bottom))?,
                (top, bottom, _) => {
                    if let (Some(top), Some(bottom)) = (top, bottom) {
                        self.dashed(on, x, (top, bottom))?;
                    }
                    for y in [top, bottom].into_iter().flatten() {
                        on.ring((x, y), 3.2, 1.2)?;
                    }
                }
            }
        }
        for correction in self.record.corrections.iter().filter(|c| c.original.starts_with("BP ")) {
            let numbers = correction.original.trim_start_matches("BP ").split('/');
            for value in numbers.filter_map(|part| part.parse::<f64>().ok()) {
                let place = (self.across.x(correction.of), panel.y(value));
                on.text("×", place, Text::PLAIN.bold().side(Side::Middle).colour(GREY))?;
            }
        }
        let summary = &self.record.summary;
        self.extreme(on, panel, summary.systolic.highest, -9.0)?;
        Ok(())
    }

    /// A V at the systolic, its mirror image at the diastolic, a line between them.
    pub(super) fn caliper<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        x: f64,
        (top, bottom): (f64, f64),
    ) -> Drawn<B> {
        let pen = (BLACK, 1.25);
        on.line((x, top), (x, bottom), pen)?;
        for (tip, out) in [(top, -ARM), (bottom, ARM)] {
            on.line((x - ARM, tip + out), (x, tip), pen)?;
            on.line((x + ARM, tip + out), (x, tip), pen)?;
        }
        Ok(())
    }

    fn dashed<B: DrawingBackend>(
        &self,
        on: &mut Canvas<'_, B>,
        x: f64,
        (top, bottom): (f64, f64),
    ) -> Drawn<B> {
        let mut y = top;
        while y < bottom {
            on.line((x, y), (x, (y + 2.0).min(bottom)), (BLACK, 1.0))?;
            y += 4.0;
        }
        Ok(())
    }
}
