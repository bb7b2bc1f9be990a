//! A scenario as it runs: second by second, without a clock.

use std::collections::VecDeque;

use super::care::Care;
use super::happening::{CuffEvent, ProbeEvent, ProgramFault};
use super::line::{Line, Restart};
use super::monitor::Monitor;
use super::script::Script;
use super::step::Action;
use super::{START_MS, TimedStep};
use crate::Draws;
use crate::instruments::{Bedside, Readout};
use crate::patient::Patient;

/// The draws of the body and the first of the instruments'.
const BODY: u64 = 1;
const INSTRUMENTS: u64 = 2;

/// The lines of a scenario after the header, each with its time in ms since 1970, in that order.
///
/// The body and its instruments move by one second at a time: what the monitor shows at the end of
/// a second comes first, then the steps from that time up to the next second. Only the steps at the
/// very beginning come before everything.
#[derive(Debug)]
pub struct Playing {
    staff: String,
    temp_every_s: Option<i64>,
    ends_s: i64,
    next_s: i64,
    /// The body's own seconds, with those that the recording leaves out.
    body_s: i64,
    bedside: Bedside,
    care: Care,
    monitor: Monitor,
    blind: Option<Restart>,
    steps: VecDeque<TimedStep>,
    ready: VecDeque<(i64, Line)>,
}

impl Playing {
    pub(super) fn new(script: &Script, steps: &[TimedStep]) -> Self {
        let traits = script.traits();
        let weight_kg = traits.weight_kg;
        let patient = Patient::new(Draws::new(script.seed, BODY), traits);
        Self {
            staff: script.staff.clone(),
            temp_every_s: script.temp_every_min.map(|every_min| i64::from(every_min.whole()) * 60),
            ends_s: script.lasting_min.seconds(),
            next_s: 0,
            body_s: 0,
            bedside: Bedside::new(patient, script.seed, INSTRUMENTS),
            care: Care::new(script.regimen, script.cadence, weight_kg),
            monitor: Monitor::new(script.device.clone(), script.timed),
            blind: None,
            steps: steps.iter().cloned().collect(),
            ready: VecDeque::new(),
        }
    }

    fn play_second(&mut self) {
        let second = self.next_s;
        self.next_s += 1;
        let at = START_MS + second * 1000;
        if second == 0 {
            self.play_steps(at);
        }
        let shown = self.live();
        let temp = self.temp_every_s.filter(|every_s| second % every_s == 0);
        let temp = temp.map(|_| self.bedside.temp());
        let arriving = self.monitor.second(&shown, temp, at);
        if !self.is_blind(at) {
            self.ready.extend(arriving.into_iter().map(|line| (at, line)));
        }
        self.play_steps(at + 999);
        if second == self.ends_s {
            self.ready.push_back((at, Line::End { end: true }));
        }
    }

    fn play_steps(&mut self, until: i64) {
        while self.steps.front().is_some_and(|step| START_MS + step.at_ms <= until) {
            if let Some(TimedStep { at_ms, by, action }) = self.steps.pop_front() {
                let line = self.happens(action, by, START_MS + at_ms);
                self.ready.extend(line.map(|line| (START_MS + at_ms, line)));
            }
        }
    }

    /// One second of the body passes, with what the pump and the cuff do by themselves.
    fn live(&mut self) -> Readout {
        self.body_s += 1;
        if let Some(event) = self.care.pump_second() {
            self.bedside.happens(event);
        }
        let shown = self.bedside.step(self.body_s);
        if self.care.is_round_due(self.body_s) {
            self.bedside.cuff.measure(self.body_s);
        }
        shown
    }

    /// Whether the program is away; when it comes back it says so.
    fn is_blind(&mut self, at: i64) -> bool {
        let Some(restart) = self.blind else { return false };
        if at >= restart.blind_to {
            self.blind = None;
            self.ready.push_back((restart.blind_to, Line::Restart { restart }));
        }
        true
    }

    fn happens(&mut self, action: Action, by: Option<String>, at: i64) -> Option<Line> {
        let staff = by.unwrap_or_else(|| self.staff.clone());
        match action {
            Action::Event(event) => {
                if let Some(infuse) = self.care.takes_note(&event, self.body_s) {
                    self.bedside.happens(infuse);
                }
                return Some(Line::Event { staff, event });
            }
            Action::Acknowledge(acknowledge) => {
                return Some(Line::Acknowledge { staff, acknowledge });
            }
            Action::Outcome(outcome) => return Some(Line::Outcome { staff, outcome }),
            Action::Silence(silence) => return Some(Line::Silence { staff, silence }),
            Action::Monitor(fault) => return self.monitor.suffers(&fault, at),
            Action::Program(ProgramFault::Watched(watched)) => {
                return Some(Line::Watched { watched });
            }
            Action::Program(ProgramFault::Restart { blind_s }) => {
                let blind_to = at + i64::from(blind_s.whole()) * 1000;
                self.blind = Some(Restart { blind_from: at, blind_to });
            }
            Action::Patient(event) => self.bedside.happens(event.event()),
            Action::Probe(event) => self.probe(event),
            Action::Cuff(event) => self.cuff(event),
            Action::Skip(minutes) => {
                for _ in 0..minutes.seconds() {
                    self.live();
                }
            }
        }
        None
    }

    fn probe(&mut self, event: ProbeEvent) {
        let oximeter = &mut self.bedside.oximeter;
        match event {
            ProbeEvent::Off => oximeter.slips(),
            ProbeEvent::On => oximeter.resited(),
            ProbeEvent::Motion { lasting_s, flagged } => {
                oximeter.moves(lasting_s.whole().unsigned_abs(), flagged);
            }
            ProbeEvent::Cold { lasting_s } => oximeter.cools(lasting_s.whole().unsigned_abs()),
            ProbeEvent::Lost { status, lasting_s } => {
                oximeter.loses(status.status(), lasting_s.whole().unsigned_abs());
            }
            ProbeEvent::Shows { spo2, pulse_rate, lasting_s } => oximeter.pretends(
                spo2.map(|spo2| spo2.whole().unsigned_abs()),
                pulse_rate.map(|pulse_rate| pulse_rate.whole().unsigned_abs()),
                lasting_s.whole().unsigned_abs(),
            ),
        }
    }

    fn cuff(&mut self, event: CuffEvent) {
        match event {
            CuffEvent::Measure => self.bedside.cuff.measure(self.body_s),
            CuffEvent::Fails(times) => self.bedside.cuff.fails(times.whole().unsigned_abs()),
            CuffEvent::Shows(mmhg) => self.bedside.cuff.shows(mmhg.0),
            CuffEvent::BentBy(mmhg) => self.bedside.cuff.is_bent_once_by(mmhg.get()),
            CuffEvent::Size(size) => self.bedside.cuff.fits(size.size()),
            CuffEvent::SameArm => self.bedside.cuff_on_same_arm(true),
            CuffEvent::OtherArm => self.bedside.cuff_on_same_arm(false),
        }
    }
}

impl Iterator for Playing {
    type Item = (i64, Line);

    fn next(&mut self) -> Option<(i64, Line)> {
        while self.ready.is_empty() && self.next_s <= self.ends_s {
            self.play_second();
        }
        self.ready.pop_front()
    }
}
