//! A session such as a clinic has thousands of: drawn from a seed, given second by second, with the
//! truth beside what the monitor sends, so that a judge can distinguish a true alert from a false
//! one.
//!
//! ```
//! use simulators::session::{Order, Priority, Session, Severe};
//!
//! let mut session = Session::new(Order::new(1, 7).with_severe(Severe::Surge));
//! while let Some(second) = session.next() {
//!     if let Some(shown) = second.readout { /* to the room; `None`: nothing arrives */ }
//!     if let Some(action) = second.action { /* to the room */ }
//!     if second.truth.systolic > 180.0 && second.at_s % 60 == 0 {
//!         session.alert_raised(1, Priority::High); // the room raised its alert a1
//!         session.reading_wanted(); // the room asks for another reading
//!     }
//! }
//! ```
//!
//! It is pure and lazy, and what it keeps does not grow. What the caller reports changes what staff
//! do from the next second on, and so the session: the same order and the same reports give the
//! same session.

mod nurse;
mod order;
mod plan;

pub use nurse::Priority;
pub use order::{Order, Severe, Timeline, Treatment};
pub use plan::{Episode, EpisodeKind};

use crate::Draws;
use crate::instruments::{Bedside, CuffActivity, Nibp, Oximetry, Quality, Readout};
use crate::patient::{Event, Medicine, Patient, Traits, Truth};
use nurse::Nurse;
use plan::Plan;

/// How long before the first frame patients arrive, to be checked in and screened; most of the
/// white coat effect has faded by then.
const ARRIVED_BEFORE_S: f64 = 900.0;
const DOSE_MG_PER_KG: f64 = 0.5;
/// How often patients talk while being measured: our own choice.
const TALKS: f64 = 0.03;
const TALKS_FOR_S: f64 = 40.0;
/// mmHg.
const HELD_ABOVE: (i32, i32) = (140, 90);
/// After this many patients who were held the next one is treated all the same: a third are held.
const MOST_HELD: u64 = 40;

/// What staff do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffAction {
    /// What was measured is the patient's normal.
    AcceptBaseline,
    /// The treatment begins.
    Start,
    /// A nasal device is used, from 1.
    Spray {
        /// Which device it is.
        device: u32,
    },
    /// The pump has run empty, or the last device was used.
    Stop,
    /// A medicine was given.
    Give(Medicine),
    /// An alert was taken.
    Acknowledge {
        /// As the caller named it.
        alert: u32,
    },
    /// The patient leaves.
    Discharge,
}

/// One simulated second of a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Second {
    /// Seconds after the beginning, from 1.
    pub at_s: u32,
    /// What the monitor shows and sends in this second; `None` while nothing of it arrives. A cuff
    /// that starts is the status `measuring`, one that gives up is `failed`; in between, and when
    /// it is idle, a monitor does not mention it.
    pub readout: Option<Readout>,
    /// What staff do, after that.
    pub action: Option<StaffAction>,
    /// The patient's true values, beat to beat.
    pub truth: Truth,
    /// The monitor has a saturation and a pulse that it trusts, and they arrive.
    pub has_good_signal: bool,
    /// The current episode of the body: the seeded one, otherwise the last that began.
    pub episode: Option<Episode>,
}

/// The patient of a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demographics {
    /// Years.
    pub age: u32,
    /// Kilograms.
    pub weight_kg: f64,
}

/// A running session. [`Iterator::next`] gives its seconds until the patient leaves.
#[derive(Debug, Clone)]
pub struct Session {
    order: Order,
    now_s: u32,
    bedside: Bedside,
    nurse: Nurse,
    plan: Plan,
    next_episode: usize,
    on: Option<Episode>,
    resited_s: Option<u32>,
    silent_until_s: u32,
    draws: Draws,
    pending: Option<StaffAction>,
    is_held: bool,
    drawn_before: u64,
}

impl Session {
    /// Draws the session. Unless the order keeps them, patients who would be held at the baseline
    /// are drawn again.
    pub fn new(order: Order) -> Self {
        for attempt in 0..MOST_HELD {
            let session = Self::drawn(order, attempt);
            let is_held = session.clone().would_be_held();
            if !is_held || order.keeps_held {
                return Self { is_held, ..session };
            }
        }
        Self { is_held: true, ..Self::drawn(order, MOST_HELD) }
    }

    fn drawn(order: Order, attempt: u64) -> Self {
        let subject = order.index << 16 | attempt << 8;
        let stream = |number| Draws::new(order.seed, subject + number);
        let mut body = stream(0);
        let traits = match order.treatment {
            Treatment::Ketamine => Traits::drawn_for_infusion(&mut body),
            Treatment::Esketamine(_) => Traits::drawn_for_spray(&mut body),
            Treatment::Infliximab => Traits::drawn_undriven(&mut body),
        };
        let arrived = libm::exp(-ARRIVED_BEFORE_S / 480.0);
        let traits = Traits { white_coat: traits.white_coat * arrived, ..traits };
        let mut bedside = Bedside::fallible(Patient::new(body, traits), order.seed, subject + 3);
        if !order.has_gross_errors {
            bedside = bedside.with_well_placed_cuff(order.seed, subject + 3);
        }
        bedside.cuff_on_same_arm(order.is_on_same_arm);
        let percent = order.unflagged_motion_percent;
        let bedside = bedside.with_unflagged_motion(percent, order.seed, subject + 7);
        let plan = Plan::drawn(&order, &mut stream(1), &mut stream(2));
        Self {
            order,
            now_s: 0,
            bedside,
            nurse: Nurse::new(stream(5), &order, plan.start_s),
            plan,
            next_episode: 0,
            on: None,
            resited_s: None,
            silent_until_s: 0,
            draws: stream(6),
            pending: None,
            is_held: false,
            drawn_before: attempt,
        }
    }

    /// Plays the baseline to see its outcome. One reading above the limit causes a hold
    /// (clinical.md#holds-before-the-start).
    fn would_be_held(mut self) -> bool {
        while self.nurse.is_before_acceptance() && self.next().is_some() {}
        self.nurse
            .highest()
            .is_some_and(|nibp| nibp.systolic > HELD_ABOVE.0 || nibp.diastolic > HELD_ABOVE.1)
    }

    /// The patient.
    pub fn whom(&self) -> Demographics {
        let traits = self.bedside.patient().traits();
        Demographics { age: traits.age, weight_kg: traits.weight_kg }
    }

    /// The patient.
    pub fn patient(&self) -> &Patient {
        self.bedside.patient()
    }

    /// A reading of the baseline is above 140/90, and the order keeps such patients.
    pub fn is_held(&self) -> bool {
        self.is_held
    }

    /// How many patients were held before this one was found.
    pub fn drawn_before(&self) -> u64 {
        self.drawn_before
    }

    /// The baseline pressure as far as it is measured, the median of each part.
    pub fn baseline(&self) -> Option<Nibp> {
        self.nurse.baseline()
    }

    /// All episodes of this session in order of their beginnings, including those still to come.
    pub fn episodes(&self) -> &[Episode] {
        &self.plan.episodes
    }

    /// The caller wants another reading of the cuff: it comes 60 to 90 s later, unless the cuff
    /// fails. While one is wanted, no other is.
    pub fn reading_wanted(&mut self) {
        self.nurse.wants_reading(self.now_s);
    }

    /// The caller raised an alert, or made it more urgent: staff take it after a while, which is a
    /// [`StaffAction::Acknowledge`] with this name.
    pub fn alert_raised(&mut self, alert: u32, priority: Priority) {
        self.nurse.hears(alert, priority, self.now_s);
    }

    fn begin_what_befalls(&mut self) {
        while let Some(episode) = self.plan.episodes.get(self.next_episode).copied() {
            if episode.from_s > self.now_s {
                break;
            }
            self.next_episode += 1;
            self.begin(episode);
        }
    }

    fn begin(&mut self, episode: Episode) {
        if let Some(event) = episode.event() {
            self.bedside.happens(event);
        }
        match episode.what {
            EpisodeKind::ProbeOff => {
                self.bedside.oximeter.slips();
                self.resited_s = self.resited_s.max(Some(episode.until_s));
            }
            EpisodeKind::Cold => self.bedside.oximeter.cools(episode.until_s - episode.from_s),
            EpisodeKind::LinkDrop => self.silent_until_s = self.silent_until_s.max(episode.until_s),
            EpisodeKind::Given(medicine) => self.pending = Some(StaffAction::Give(medicine)),
            _ => {}
        }
        let is_seeded_on = self.on.is_some_and(|on| on.is_seeded);
        if episode.what.is_of_the_body() && !is_seeded_on {
            self.on = Some(episode);
        }
    }

    fn treat(&mut self, action: StaffAction) {
        let event = match (action, self.order.treatment) {
            (StaffAction::Start, Treatment::Ketamine) => {
                let dose_mg = DOSE_MG_PER_KG * self.whom().weight_kg;
                let over_min = f64::from(self.order.timeline.dosing_s) / 60.0;
                Event::Infuse { rate_mg_per_min: dose_mg / over_min }
            }
            (StaffAction::Stop, Treatment::Ketamine) => Event::Infuse { rate_mg_per_min: 0.0 },
            (StaffAction::Spray { device: 1 }, Treatment::Esketamine(dose)) => Event::Sprayed(dose),
            _ => return,
        };
        self.bedside.happens(event);
    }
}

impl Iterator for Session {
    type Item = Second;

    fn next(&mut self) -> Option<Second> {
        if self.now_s == self.order.timeline.total_s {
            return None;
        }
        self.now_s += 1;
        let at_s = self.now_s;
        self.begin_what_befalls();
        if self.plan.needle_s == Some(at_s) {
            self.bedside.happens(Event::Needle);
        }
        if self.resited_s.is_some_and(|resited_s| resited_s <= at_s) {
            self.resited_s = None;
            self.bedside.oximeter.resited();
        }
        self.on = self.on.filter(|on| on.is_on(at_s));
        self.nurse.measures(&mut self.bedside.cuff, at_s);
        let (shown, truth) = self.bedside.live(i64::from(at_s));
        if shown.cuff == CuffActivity::Starts && self.draws.chance(TALKS) {
            self.bedside.happens(Event::Talks { lasting_s: TALKS_FOR_S });
        }
        let action = self.nurse.acts(&shown, at_s).or_else(|| self.pending.take());
        if let Some(action) = action {
            self.treat(action);
        }
        let arrives = at_s >= self.silent_until_s;
        let is_good = matches!(shown.oximetry, Oximetry::Value { quality: Quality::Good, .. });
        Some(Second {
            at_s,
            readout: arrives.then_some(shown),
            action,
            truth,
            has_good_signal: arrives && is_good,
            episode: self.on,
        })
    }
}

#[cfg(test)]
mod tests;
