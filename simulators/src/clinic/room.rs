//! One room of the clinic: a patient, a monitor's instruments, and a course of care. Pure.

use std::collections::VecDeque;

use super::chance::befalls;
use super::visit::{CADENCE_S, Happening, INFUSION_S, Part, Plan, RECOVERY_CADENCE_S, RECOVERY_S};
use crate::Draws;
use crate::control::Trouble;
use crate::instruments::{Bedside, CuffActivity, Nibp, Oximetry, Readout};
use crate::monitors::Fault;
use crate::patient::{Event, Obstruction, Patient, Traits};

/// The next patient comes this long after the last one left.
const EMPTY_S: i64 = 300;
const DOSE_MG_PER_KG: f64 = 0.5;

/// Tells the draws of chance from those of bodies and instruments.
const CHANCE: u64 = 0x6368_616E_6365;

/// From any ordinary pressure beyond 180/110.
const SURGE: Event = Event::Surge { systolic: 70.0, diastolic: 42.0, lasting_s: 420.0 };

/// What staff do, with the values they enter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum StaffAction {
    CheckIn { initials: String, age: u32, weight_kg: f64 },
    AcceptBaseline { nibp: Nibp, heart_rate: u32, spo2: u32 },
    Start,
    Pause,
    Resume,
    Stop,
    Discharge,
}

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
    Ready,
    Infusing,
    Paused { until_s: i64 },
    Recovery { since_s: i64 },
    Gone { since_s: i64 },
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
    last_cuff: Option<Nibp>,
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
        let mut room = Self {
            number,
            seed,
            visits: 0,
            now_s: -opening.arrived_ago_s,
            arrived_s: -opening.arrived_ago_s,
            plan: opening.plan,
            stage: Stage::Waiting,
            pumped_s: 0,
            bedside: bedside(opening.traits, draws, number, 0, seed),
            happenings: opening.happenings.into(),
            chance: false,
            faults: Vec::new(),
            last_cuff: None,
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
                self.next_patient();
            }
            let faults = std::mem::take(&mut self.faults);
            return Second { shown: Readout::NOBODY, action: None, faults };
        }
        let shown = self.bedside.step(self.now_s);
        if let CuffActivity::Done(nibp) = shown.cuff {
            self.last_cuff = Some(nibp);
        }
        let faults = std::mem::take(&mut self.faults);
        Second { shown, action: self.care(&shown), faults }
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
            Stage::CheckedIn if here_s >= self.plan.baseline_s => {
                let (nibp, Oximetry::Value { spo2, pulse_rate, .. }) =
                    (self.last_cuff?, shown.oximetry)
                else {
                    return None;
                };
                self.stage = Stage::Ready;
                Some(StaffAction::AcceptBaseline { nibp, heart_rate: pulse_rate, spo2 })
            }
            Stage::Ready if here_s >= self.plan.start_s => {
                self.bedside.cuff.schedule(&[self.now_s + CADENCE_S], CADENCE_S);
                self.pump_runs();
                Some(StaffAction::Start)
            }
            Stage::Infusing => self.infusing(),
            Stage::Paused { until_s } if self.now_s >= until_s => {
                self.pump_runs();
                Some(StaffAction::Resume)
            }
            Stage::Recovery { since_s } if self.now_s - since_s >= RECOVERY_S => {
                self.stage = Stage::Gone { since_s: self.now_s };
                Some(StaffAction::Discharge)
            }
            _ => None,
        }
    }

    fn infusing(&mut self) -> Option<StaffAction> {
        self.pumped_s += 1;
        if self.pumped_s >= INFUSION_S {
            self.pump_stands();
            self.stage = Stage::Recovery { since_s: self.now_s };
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
        let dose_mg = DOSE_MG_PER_KG * self.bedside.patient().traits().weight_kg;
        let rate_mg_per_min = dose_mg / (INFUSION_S as f64 / 60.0);
        self.bedside.happens(Event::Infuse { rate_mg_per_min });
    }

    fn pump_stands(&mut self) {
        self.bedside.happens(Event::Infuse { rate_mg_per_min: 0.0 });
    }

    fn check_in(&self) -> StaffAction {
        let mut draws = Draws::new(self.seed, subject(self.number, self.visits) + 3);
        let mut letter = || char::from(b'A' + draws.uniform(0.0, 26.0) as u8);
        let initials = format!("{}.{}.", letter(), letter());
        let traits = self.bedside.patient().traits();
        StaffAction::CheckIn { initials, age: traits.age, weight_kg: traits.weight_kg }
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
