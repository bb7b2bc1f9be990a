//! Above the panels: phases, numbered events, the infusion, other medicines.

use plotters_backend::DrawingBackend;

use super::canvas::{BLACK, Canvas, Drawn, GREY, LIGHT, Side, Text, WHITE};
use super::{LEFT, RIGHT, Sheet, numbered};
use crate::report::{RecordedEvent, words};
use crate::room::{EventType, ListedType};
use crate::vitals::Decimal;

const PHASES: f64 = 9.0;
const EVENTS: f64 = 32.0;
const DRUG: f64 = 60.0;
const OTHER: f64 = 82.0;
const DISC: f64 = 8.5;
/// Points that a letter takes, about.
const LETTER: f64 = 6.0;
/// How far from its time an event may be drawn, points.
const FURTHEST: f64 = 40.0;

/// Whether an event has a number on the chart: what staff did in the treatment. Scores, ticks and
/// paperwork have their own tables.
pub(super) fn is_numbered(event: &RecordedEvent) -> bool {
    use EventType::{AcceptBaseline, Check, CheckIn, ManualVitals, Order, Score, Screening};
    match event.kind {
        ListedType::Open | ListedType::Task => false,
        ListedType::Event(AcceptBaseline) => true,
        ListedType::Event(Check | CheckIn | Order | Score | Screening | ManualVitals) => false,
        ListedType::Event(_) => true,
    }
}

impl Sheet<'_> {
    pub(super) fn head<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        self.phase_names(on)?;
        self.events(on)?;
        self.infusion(on)?;
        self.others(on)
    }

    fn phase_names<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let mut free_from = 0.0;
        let mut last = "";
        for span in &self.record.phases {
            let name = words::phase(span.phase);
            if span.phase.has_ended() || name == last {
                continue;
            }
            last = name;
            let from = self.across.x(span.from);
            let end = self.record.phases.iter().filter(|later| later.from > span.from);
            let next =
                end.filter(|later| words::phase(later.phase) != name).map(|later| later.from);
            let to = next.min().map_or(RIGHT, |to| self.across.x(to));
            let half = name.len() as f64 * LETTER / 2.0;
            let x = f64::midpoint(from, to).max(free_from + half).min(RIGHT - half);
            // A name that finds no place would cover its neighbour.
            if x - half < free_from || x - half > to + 30.0 {
                continue;
            }
            on.text(name, (x, PHASES), Text::PLAIN.bold().side(Side::Middle))?;
            free_from = x + half + 6.0;
        }
        Ok(())
    }

    fn events<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        on.text("Events", (0.0, EVENTS), Text::PLAIN)?;
        let mut free_from = f64::MIN;
        let mut discs = Vec::new();
        for (number, event) in numbered(self.record) {
            let x = self.across.x(event.at);
            let bottom = self.panels.spo2.bottom;
            let is_of_treatment = matches!(
                event.kind,
                ListedType::Event(
                    EventType::Start | EventType::Pause | EventType::Resume | EventType::Stop
                )
            );
            if is_of_treatment {
                on.line((x, EVENTS), (x, bottom), (BLACK, 0.75))?;
            }
            // Beside the one before it; one that would be too far from its time is in the list alone.
            let beside = x.max(free_from + DISC + 0.5);
            if beside - x > FURTHEST {
                continue;
            }
            on.line((beside, EVENTS), (x, EVENTS + 15.0), (BLACK, 0.75))?;
            discs.push((number, beside));
            free_from = beside + DISC;
        }
        // On top of every line: also of one that leads to the next disc.
        for (number, x) in discs {
            on.disc((x, EVENTS), DISC, BLACK)?;
            let label = Text::PLAIN.bold().side(Side::Middle).colour(WHITE).size(9.5);
            on.text(&number.to_string(), (x, EVENTS), label)?;
        }
        Ok(())
    }

    fn infusion<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        let infusion = &self.record.infusion;
        let order = self.record.order.as_ref().and_then(|order| order.order.drug.as_deref());
        let drug: String = order.unwrap_or("Infusion").chars().take(13).collect();
        on.text(&drug, (0.0, DRUG), Text::PLAIN)?;
        for run in &infusion.runs {
            let (from, to) = (self.across.x(run.from), self.x_or_end(run.to));
            on.fill((from, DRUG - 7.5), (to, DRUG + 7.5), WHITE)?;
            on.frame((from, DRUG - 7.5), (to, DRUG + 7.5), (BLACK, 0.9))?;
            let rate = run.rate_ml_h.map(|rate| format!("{} mL/h", short(rate)));
            let given = run.mg_at_end.map(|mg| format!("to {} mg", short(mg)));
            let parts = [rate, given].into_iter().flatten().collect::<Vec<_>>();
            let whole = parts.join(", ");
            let fits = |text: &str| text.chars().count() as f64 * LETTER < to - from - 4.0;
            let shown = [whole.as_str()].into_iter().chain(parts.iter().map(String::as_str));
            if let Some(text) = shown.into_iter().find(|text| fits(text)) {
                let middle = (f64::midpoint(from, to), DRUG);
                on.text(text, middle, Text::PLAIN.side(Side::Middle).size(10.5))?;
            }
        }
        for dose in &infusion.doses {
            let x = self.across.x(dose.at);
            diamond(on, (x, DRUG))?;
            if let Some(mg) = dose.mg {
                on.text(&format!("{} mg", short(mg)), (x + 8.0, DRUG), Text::PLAIN)?;
            }
        }
        if let Some(given) = &self.record.given {
            on.text(&format!("{} mg", short(given.mg)), (RIGHT + 6.0, DRUG), Text::PLAIN.bold())?;
        }
        on.line((LEFT, DRUG + 11.0), (RIGHT, DRUG + 11.0), (LIGHT, 0.5))
    }

    fn others<B: DrawingBackend>(&self, on: &mut Canvas<'_, B>) -> Drawn<B> {
        on.text("Other", (0.0, OTHER), Text::PLAIN)?;
        let record = self.record;
        for (index, oxygen) in record.oxygen.iter().enumerate() {
            if oxygen.what.flow_l_min <= Decimal::whole(0) {
                continue;
            }
            let to = record.oxygen.get(index + 1).map(|next| next.at);
            let (from, to) = (self.across.x(oxygen.at), self.x_or_end(to));
            on.line((from, OTHER + 9.0), (to, OTHER + 9.0), (GREY, 2.5))?;
            let flow = format!("O₂ {} L/min", oxygen.what.flow_l_min);
            on.text(&flow, (from, OTHER + 18.0), Text::PLAIN.size(9.0).colour(GREY))?;
        }
        let mut free_from = f64::MIN;
        for given in &record.medications {
            let x = self.across.x(given.at);
            diamond(on, (x, OTHER))?;
            let name: String = given.what.words().chars().take(28).collect();
            let wide = name.chars().count() as f64 * LETTER;
            let is_left = x + 8.0 + wide > RIGHT;
            let (text, side) = if is_left { (x - 8.0, Side::Right) } else { (x + 8.0, Side::Left) };
            let begins = if is_left { text - wide } else { text };
            if begins >= free_from {
                on.text(&name, (text, OTHER), Text::PLAIN.side(side))?;
                free_from = if is_left { x + 8.0 } else { text + wide + 6.0 };
            }
        }
        Ok(())
    }
}

fn diamond<B: DrawingBackend>(on: &mut Canvas<'_, B>, (x, y): (f64, f64)) -> Drawn<B> {
    on.shape(&[(x, y - 5.5), (x + 4.5, y), (x, y + 5.5), (x - 4.5, y)], BLACK)
}

/// Without zeros at its end.
fn short(value: Decimal) -> Decimal {
    Decimal::trimmed(value.as_f64())
}
