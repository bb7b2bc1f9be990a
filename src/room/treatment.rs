//! What is given in a session besides what alarms: doses, medicines, oxygen, and the paperwork.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::given::{AdverseEvent, Medication, Oxygen, Spray};
use crate::dose::{DoseStep, DoseSteps, Given, Order, Rate, RateUnit};
use crate::gates::{Paper, Paperwork, Step};
use crate::profile::Profile;
use crate::vitals::{Decimal, Millis, moved};

/// The most medicines, changes of oxygen and adverse events, each, that a session keeps for its
/// screen; older ones are in the journal alone.
pub(super) const MOST_GIVEN: usize = 100;
/// The most gates passed with something missing that are shown.
const MOST_WAIVED: usize = 40;

/// Something that was given, the entry that recorded it, and who made the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Entered<T> {
    /// The entry's number in the session's list.
    pub n: u32,
    /// When it was given.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub what: T,
}

impl<T> crate::vitals::Moved for Entered<T> {
    fn move_by(&mut self, ms: i64) {
        let Self { n: _, at, by: _, what: _ } = self;
        at.move_by(ms);
    }
}

/// A gate that was passed with something missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Waived {
    /// Before what.
    pub step: Step,
    /// What was missing, as staff read it.
    pub items: Vec<String>,
    /// Why. Empty once it was removed from the record.
    #[serde(default)]
    pub reason: String,
    /// By initials.
    pub by: String,
    /// When.
    pub at: Millis,
}

moved!(Waived { moves: at; stays: step, items, reason, by });

/// What is given in a session, and its paperwork.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Treatment {
    /// What staff stated, answered, ordered and ticked.
    pub paperwork: Paperwork,
    /// Starts, rates, pauses and doses.
    pub doses: DoseSteps,
    /// The newest last.
    pub medications: Vec<Entered<Medication>>,
    /// The newest last.
    pub oxygen: Vec<Entered<Oxygen>>,
    /// The newest last.
    pub adverse_events: Vec<Entered<AdverseEvent>>,
    /// Gates that were passed with something missing.
    pub waived: Vec<Waived>,
}

moved!(Treatment {
    moves: paperwork, doses, medications, oxygen, adverse_events, waived;
    stays:
});

impl Treatment {
    /// Takes entry `n` of staff, done `at` this time.
    pub(super) fn take(&mut self, n: u32, (by, at): (&str, Millis), event: &Event, of: &Profile) {
        match event {
            Event::CheckIn(stated) if !stated.is_empty() => {
                self.paperwork.add(n, by, at, Paper::CheckIn(stated.clone()));
            }
            Event::Screening(answered) => {
                self.paperwork.add(n, by, at, Paper::Screening(answered.clone()));
            }
            Event::Order(order) => {
                let order = self.filled(order, of);
                self.paperwork.add(n, by, at, Paper::Order(order));
            }
            Event::Check { item, over } => {
                let tick = Paper::Tick { item: item.clone(), over: *over };
                self.paperwork.add(n, by, at, tick);
            }
            Event::Medication(given) => keep(&mut self.medications, entered(n, by, at, given)),
            Event::Oxygen(given) => keep(&mut self.oxygen, entered(n, by, at, given)),
            Event::AdverseEvent(event) => {
                keep(&mut self.adverse_events, entered(n, by, at, event));
            }
            event => {
                if let Some(step) = dose_step(event, of) {
                    self.doses.add(n, at, step);
                }
            }
        }
    }

    /// An order with what follows from it and from the weight.
    pub(super) fn filled(&self, order: &Order, of: &Profile) -> Order {
        let weight = self.paperwork.weight_kg().map(|(weight, _)| weight);
        of.dose.as_ref().map_or_else(|| order.clone(), |plan| order.filled(plan, weight))
    }

    /// Entry `n` counts as if it had never been made. Returns whether it was one of these.
    pub(super) fn withdraw(&mut self, n: u32) {
        self.paperwork.withdraw(n);
        self.doses.withdraw(n);
        self.medications.retain(|given| given.n != n);
        self.oxygen.retain(|given| given.n != n);
        self.adverse_events.retain(|event| event.n != n);
    }

    /// A gate was passed with something missing.
    pub(super) fn waive(&mut self, waived: Waived) {
        if self.waived.len() == MOST_WAIVED {
            self.waived.remove(0);
        }
        self.waived.push(waived);
    }

    /// What has been given up to `now`; `None` without an order, or when that cannot be known.
    #[must_use]
    pub fn given(&self, now: Millis) -> Option<Given> {
        let (order, _) = self.paperwork.order()?;
        self.doses.given(&order, now)
    }

    /// The oxygen that is given now.
    #[must_use]
    pub fn oxygen_now(&self) -> Option<&Entered<Oxygen>> {
        self.oxygen.iter().max_by_key(|given| given.at).filter(|given| !given.what.is_off())
    }

    /// Whether the ordered dose was given in devices, all of them.
    pub(super) fn is_sprayed(&self) -> bool {
        let ordered = self.paperwork.order().and_then(|(order, _)| order.mg);
        let given: f64 = self.doses.doses().map(|(_, mg)| mg.as_f64()).sum();
        ordered.is_some_and(|mg| given >= mg.as_f64())
    }
}

fn entered<T: Clone>(n: u32, by: &str, at: Millis, what: &T) -> Entered<T> {
    Entered { n, at, by: by.to_owned(), what: what.clone() }
}

fn keep<T>(kept: &mut Vec<Entered<T>>, new: Entered<T>) {
    if kept.len() == MOST_GIVEN {
        kept.remove(0);
    }
    kept.push(new);
}

fn dose_step(event: &Event, of: &Profile) -> Option<DoseStep> {
    Some(match event {
        Event::Start { .. } => DoseStep::Start,
        Event::RateChange { to, unit, .. } => {
            let unit = unit.as_deref().unwrap_or("mL/h");
            DoseStep::Rate(RateUnit::read(unit).map(|unit| Rate { value: *to, unit }))
        }
        Event::Pause { .. } => DoseStep::Pause,
        Event::Resume {} => DoseStep::Resume,
        Event::Stop { .. } => DoseStep::Stop,
        Event::Bolus(bolus) => DoseStep::Dose(bolus.mg),
        Event::Spray(spray) => DoseStep::Dose(spray_mg(spray, of)?),
        _ => return None,
    })
}

/// What a spray device holds: as entered, otherwise one device of the profile.
pub(super) fn spray_mg(spray: &Spray, of: &Profile) -> Option<Decimal> {
    let device = || of.dose.as_ref().and_then(|plan| plan.sprays).map(|s| s.device_mg);
    spray.dose_mg.or_else(|| device().map(Decimal::trimmed))
}
