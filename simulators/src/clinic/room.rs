//! One room of the clinic: a patient, a monitor's instruments, and a course of care. Pure.

use std::collections::VecDeque;

use super::action::StaffAction;
use super::chance::befalls;
use super::happening::Happening;
use super::names;
use super::treatment::{INFUSION_S, Treatment};
use super::visit::{
    CADENCE_S, DEVICES_APART_S, Part, Plan, READY_AFTER_S, RECOVERY_CADENCE_S, RECOVERY_S,
};
use crate::Draws;
use crate::control::Trouble;
use crate::instruments::{Bedside, CuffActivity, Nibp, Oximetry, Readout};
use crate::monitors::Fault;
use crate::patient::{Event, Obstruction, Patient, SprayDose, Traits};

/// The visit before the clinic opens has draws of its own.
const EARLIER: u64 = 1 << 20;

/// The next patient comes this long after the last one left.
const EMPTY_S: i64 = 300;
const DOSE_MG_PER_KG: f64 = 0.5;
/// The questions take so long.
const SCREENED_AFTER_S: i64 = 30;
/// A pressure above it holds the start (clinical.md#holds-before-the-start).
const HELD_ABOVE: (i32, i32) = (140, 90);
/// After the first device, and then each (clinical.md#esketamine-nasal-adult).
const SPRAYED_CUFF_S: (i64, i64) = (2400, 1500);

/// Of infliximab (clinical.md#infliximab).
const SLOW_CADENCE_S: i64 = 900;

/// Tells the draws of chance from those of bodies and instruments.
const CHANCE: u64 = 0x6368_616E_6365;

/// From any ordinary pressure beyond 180/110.
const SURGE: Event = Event::Surge { systolic: 70.0, diastolic: 42.0, lasting_s: 420.0 };

/// Everything that one simulated second brings.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Second {
    pub(super) shown: Readout,
    pub(super) action: Option<StaffAction>,
    /// What begins or ends on the way to the server.
    pub(super) faults: Vec<(Fault, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Waiting,
    CheckedIn,
    Screened,
    /// The baseline is accepted.
    Ready {
        since_s: i64,
        is_prepared: bool,
    },
    /// The second device comes then.
    Spraying {
        next_s: i64,
    },
    Infusing,
    Paused {
        until_s: i64,
    },
    Recovery {
        since_s: i64,
        is_ready: bool,
    },
    Gone {
        since_s: i64,
    },
}

/// A room; [`Room::step`] moves it on by one simulated second.
#[derive(Debug)]
pub(super) struct Room {
    number: usize,
    seed: u64,
    visits: u64,
    now_s: i64,
    arrived_s: i64,
    plan: Plan,
    stage: Stage,
    pumped_s: i64,
    bedside: Bedside,
    happenings: VecDeque<(i64, Happening)>,
    chance: bool,
    /// Of this second.
    faults: Vec<(Fault, bool)>,
    /// What staff have yet to enter beside the plan.
    beside: VecDeque<StaffAction>,
    last_cuff: Option<Nibp>,
    /// The room with its patient of the clinic's opening, while an earlier one is still here.
    later: Option<Box<Self>>,
}

impl Room {
    /// The room of this number (from 1) at the moment its first patient arrives, which lies
    /// before simulated second 0.
    /// With `chance` more happens to its patients than its part.
    pub(super) fn new(number: usize, seed: u64, chance: bool) -> Self {
        let mut room = Self::with_part(Part::of_room(number), number, seed);
        room.chance = chance;
        room.draw_chance();
        room
    }

    pub(super) fn with_part(part: Part, number: usize, seed: u64) -> Self {
        let mut draws = Draws::new(seed, subject(number, 0));
        let opening = part.opening(number, &mut draws);
        let arrived_s = -opening.arrived_ago_s;
        let mut room = Self {
            number,
            seed,
            visits: 0,
            now_s: arrived_s,
            arrived_s,
            plan: opening.plan,
            stage: Stage::Waiting,
            pumped_s: 0,
            bedside: bedside(opening.traits, draws, number, 0, seed),
            happenings: opening.happenings.into(),
            chance: false,
            faults: Vec::new(),
            beside: VecDeque::new(),
            last_cuff: None,
            later: None,
        };
        room.cuff_from_arrival();
        room
    }

    /// The same; in some rooms another patient was there before, who has left.
    pub(super) fn after_another(number: usize, seed: u64, chance: bool) -> Self {
        let room = Self::new(number, seed, chance);
        if Part::of_room(number).has_earlier() { room.later_than_another() } else { room }
    }

    /// With another patient, who leaves before this one comes.
    fn later_than_another(self) -> Self {
        let visit_s = Plan::ORDINARY.start_s + INFUSION_S + RECOVERY_S;
        let arrived_s = self.arrived_s - EMPTY_S - visit_s;
        let (number, seed) = (self.number, self.seed);
        let mut draws = Draws::new(seed, subject(number, EARLIER));
        let traits = Traits::fine(&mut draws);
        let mut room = Self {
            number,
            seed,
            visits: EARLIER,
            now_s: arrived_s,
            arrived_s,
            plan: Plan::ORDINARY,
            stage: Stage::Waiting,
            pumped_s: 0,
            bedside: bedside(traits, draws, number, EARLIER, seed),
            happenings: VecDeque::new(),
            chance: false,
            faults: Vec::new(),
            beside: VecDeque::new(),
            last_cuff: None,
            later: Some(Box::new(self)),
        };
        room.cuff_from_arrival();
        room
    }

    /// The simulated second that the last step ended at.
    pub(super) fn now_s(&self) -> i64 {
        self.now_s
    }

    /// One simulated second passes.
    pub(super) fn step(&mut self) -> Second {
        self.now_s += 1;
        while self.happenings.front().is_some_and(|(at_s, _)| *at_s <= self.now_s) {
            if let Some((_, happening)) = self.happenings.pop_front() {
                self.happens(happening);
            }
        }
        if let Stage::Gone { since_s } = self.stage {
            if self.now_s - since_s >= EMPTY_S {
                match self.later.take() {
                    Some(later) => *self = Self { now_s: self.now_s, ..*later },
                    None => self.next_patient(),
                }
            }
            let faults = std::mem::take(&mut self.faults);
            return Second { shown: Readout::NOBODY, action: None, faults };
        }
        let shown = self.bedside.step(self.now_s);
        if let CuffActivity::Done(nibp) = shown.cuff {
            self.last_cuff = Some(nibp);
        }
        let faults = std::mem::take(&mut self.faults);
        let action = self.care(&shown).or_else(|| self.beside.pop_front());
        Second { shown, action, faults }
    }

    /// Somebody wants this to happen now. What happens once has no off.
    pub(super) fn make(&mut self, trouble: Trouble, on: bool) {
        let measured = |now_s: i64| [now_s + 45, now_s + 90];
        match (trouble, on) {
            (Trouble::Desaturate, true) => self
                .bedside
                .happens(Event::Obstructed { obstruction: Obstruction::Apnoea, lasting_s: 60.0 }),
            (Trouble::Surge, true) => {
                self.bedside.happens(SURGE);
                self.bedside.cuff.schedule(&measured(self.now_s), CADENCE_S);
            }
            (Trouble::Faint, true) => self.bedside.happens(Event::Vasovagal),
            (Trouble::Agitation, true) => {
                self.bedside.happens(Event::Agitated { lasting_s: 300.0 });
            }
            (Trouble::ProbeOff, true) => self.bedside.oximeter.slips(),
            (Trouble::ProbeOff, false) => self.bedside.oximeter.resited(),
            (Trouble::CuffFails, true) => {
                self.bedside.cuff.fails(2);
                self.bedside.cuff.schedule(&measured(self.now_s), CADENCE_S);
            }
            (_, false) => {}
        }
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Patient(event) => self.bedside.happens(event),
            Happening::ProbeSlips => self.bedside.oximeter.slips(),
            Happening::ProbeResited => self.bedside.oximeter.resited(),
            Happening::Motion { lasting_s } => {
                self.bedside.oximeter.moves(u32::try_from(lasting_s).unwrap_or(0), true);
            }
            Happening::Trouble(trouble, on) => self.make(trouble, on),
            Happening::Staff(action) => {
                if action == StaffAction::EndForReaction {
                    self.pump_stands();
                    self.stage = Stage::Recovery { since_s: self.now_s, is_ready: false };
                    self.bedside.cuff.schedule(&[self.now_s + 60], CADENCE_S);
                }
                self.beside.push_back(action);
            }
            Happening::Fault(fault, on) => self.faults.push((fault, on)),
            Happening::Cuff { due_s, cadence_s } => self.bedside.cuff.schedule(&due_s, cadence_s),
        }
    }

    /// What staff do in this second, by the plan of the visit.
    fn care(&mut self, shown: &Readout) -> Option<StaffAction> {
        let here_s = self.now_s - self.arrived_s;
        match self.stage {
            Stage::Waiting if here_s >= self.plan.check_in_s => {
                self.stage = Stage::CheckedIn;
                Some(self.check_in())
            }
            Stage::CheckedIn if here_s >= self.plan.check_in_s + SCREENED_AFTER_S => {
                self.stage = Stage::Screened;
                Some(StaffAction::Screen)
            }
            Stage::Screened if here_s >= self.plan.baseline_s => self.accept_baseline(shown),
            Stage::Ready { since_s, is_prepared } => self.before_start(since_s, is_prepared),
            Stage::Spraying { next_s } if self.now_s >= next_s => {
                self.stage = Stage::Recovery { since_s: self.now_s, is_ready: false };
                Some(StaffAction::Spray)
            }
            Stage::Infusing => self.infusing(),
            Stage::Paused { until_s } if self.now_s >= until_s => {
                self.pump_runs();
                Some(StaffAction::Resume)
            }
            Stage::Recovery { since_s, is_ready } => self.recovering(since_s, is_ready),
            _ => None,
        }
    }

    /// A pressure that holds the start is measured again.
    fn accept_baseline(&mut self, shown: &Readout) -> Option<StaffAction> {
        let (nibp, Oximetry::Value { spo2, pulse_rate, .. }) = (self.last_cuff?, shown.oximetry)
        else {
            return None;
        };
        if nibp.systolic > HELD_ABOVE.0 || nibp.diastolic > HELD_ABOVE.1 {
            return None;
        }
        self.stage = Stage::Ready { since_s: self.now_s, is_prepared: false };
        Some(StaffAction::AcceptBaseline { nibp, heart_rate: pulse_rate, spo2 })
    }

    fn before_start(&mut self, since_s: i64, is_prepared: bool) -> Option<StaffAction> {
        let takes_s = self.plan.start_s - self.plan.baseline_s;
        if !is_prepared && self.now_s - since_s >= takes_s / 2 {
            self.stage = Stage::Ready { since_s, is_prepared: true };
            return Some(StaffAction::Prepare(self.plan.treatment));
        }
        if self.now_s - since_s < takes_s {
            return None;
        }
        match self.plan.treatment {
            Treatment::Ketamine => {
                self.bedside.cuff.schedule(&[self.now_s + CADENCE_S], CADENCE_S);
                self.pump_runs();
                Some(StaffAction::Start)
            }
            Treatment::Infliximab => {
                self.bedside.cuff.schedule(&[self.now_s + SLOW_CADENCE_S], SLOW_CADENCE_S);
                self.pump_runs();
                Some(StaffAction::Start)
            }
            Treatment::Esketamine => {
                let due_s = [self.now_s + SPRAYED_CUFF_S.0];
                self.bedside.cuff.schedule(&due_s, SPRAYED_CUFF_S.1);
                self.bedside.happens(Event::Sprayed(SprayDose::Mg56));
                self.stage = Stage::Spraying { next_s: self.now_s + DEVICES_APART_S };
                Some(StaffAction::Spray)
            }
        }
    }

    fn recovering(&mut self, since_s: i64, is_ready: bool) -> Option<StaffAction> {
        let ready_after_s = match self.plan.treatment {
            Treatment::Ketamine | Treatment::Infliximab => READY_AFTER_S,
            Treatment::Esketamine => self.plan.recovery_s - (RECOVERY_S - READY_AFTER_S),
        };
        if !is_ready && self.now_s - since_s >= ready_after_s {
            self.stage = Stage::Recovery { since_s, is_ready: true };
            return Some(StaffAction::GetReady);
        }
        if self.now_s - since_s < self.plan.recovery_s {
            return None;
        }
        self.stage = Stage::Gone { since_s: self.now_s };
        Some(StaffAction::Discharge)
    }

    fn infusing(&mut self) -> Option<StaffAction> {
        self.pumped_s += 1;
        if self.pumped_s >= self.plan.treatment.planned_s() {
            self.pump_stands();
            self.stage = Stage::Recovery { since_s: self.now_s, is_ready: false };
            self.bedside.cuff.schedule(&[self.now_s + CADENCE_S], RECOVERY_CADENCE_S);
            return Some(StaffAction::Stop);
        }
        let (after_s, lasting_s) = self.plan.pause?;
        if self.pumped_s < after_s {
            return None;
        }
        self.plan.pause = None;
        self.pump_stands();
        self.stage = Stage::Paused { until_s: self.now_s + lasting_s };
        Some(StaffAction::Pause)
    }

    fn pump_runs(&mut self) {
        self.stage = Stage::Infusing;
        // The simulated body knows what ketamine does; infliximab does nothing by itself.
        if self.plan.treatment == Treatment::Infliximab {
            return;
        }
        let dose_mg = DOSE_MG_PER_KG * self.bedside.patient().traits().weight_kg;
        let rate_mg_per_min = dose_mg / (INFUSION_S as f64 / 60.0);
        self.bedside.happens(Event::Infuse { rate_mg_per_min });
    }

    fn pump_stands(&mut self) {
        self.bedside.happens(Event::Infuse { rate_mg_per_min: 0.0 });
    }

    fn check_in(&self) -> StaffAction {
        let mut draws = Draws::new(self.seed, subject(self.number, self.visits) + 3);
        let mut letter = || draws.uniform(0.0, 26.0) as usize;
        let (given, family) = names::of(letter(), letter());
        let traits = self.bedside.patient().traits();
        StaffAction::CheckIn {
            given,
            family,
            number: format!("{}-{}", self.number, self.visits),
            age: traits.age,
            weight_kg: traits.weight_kg,
            treatment: self.plan.treatment,
        }
    }

    fn draw_chance(&mut self) {
        if self.chance {
            // A stream of its own: with or without chance the patients are the same.
            let mut draws = Draws::new(self.seed ^ CHANCE, subject(self.number, self.visits));
            self.happenings.extend(befalls(self.arrived_s, &mut draws));
            self.happenings.make_contiguous().sort_by_key(|(at_s, _)| *at_s);
        }
    }

    fn next_patient(&mut self) {
        self.visits += 1;
        let mut draws = Draws::new(self.seed, subject(self.number, self.visits));
        let traits = Traits::fine(&mut draws);
        self.bedside = bedside(traits, draws, self.number, self.visits, self.seed);
        self.arrived_s = self.now_s;
        self.plan = Plan::ORDINARY;
        self.stage = Stage::Waiting;
        self.pumped_s = 0;
        self.last_cuff = None;
        self.cuff_from_arrival();
        self.draw_chance();
    }

    /// Two readings at least two minutes apart before the baseline is accepted
    /// (clinical.md#baseline).
    fn cuff_from_arrival(&mut self) {
        let due_s = [self.arrived_s + 90, self.arrived_s + 240];
        self.bedside.cuff.schedule(&due_s, CADENCE_S);
    }
}

/// Each visit has four streams of draws of its own: body, oximeter, cuff and name.
fn subject(number: usize, visit: u64) -> u64 {
    (number as u64) << 32 | visit << 2
}

fn bedside(traits: Traits, draws: Draws, number: usize, visit: u64, seed: u64) -> Bedside {
    Bedside::new(Patient::new(draws, traits), seed, subject(number, visit) + 1)
}
