//! What goes wrong between a monitor and its socket. Pure: time is an argument.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::str::FromStr;

use super::outbox::{Out, Packet};

/// One way in which a link or a monitor fails; it can be switched on and off at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The monitor says nothing; the connection stays.
    Silence,
    /// The connection ends, and there is none until this is switched off. What was sent in the
    /// meantime arrives late.
    Disconnect,
    /// No connection for 3 s of each 15 s (clinical.md#scenarios, scenario 18).
    Flap,
    /// Everything is sent twice.
    Duplicate,
    /// Every two messages change places.
    Reorder,
    /// Everything arrives 5 s late.
    Delay,
    /// The monitor's clock is 7 min ahead (clinical.md#scenarios, scenario 33).
    ClockStep,
    /// The cable is pulled in the middle of every tenth message.
    CutFrames,
    /// Once: the monitor is switched off and on, and counts from 1 again.
    Restart,
}

/// How far the clock is ahead of ours after its step.
const CLOCK_STEP_MS: i64 = 420_000;
const DELAY_MS: i64 = 5_000;
const FLAP_EVERY_MS: i64 = 15_000;
const FLAP_DOWN_MS: i64 = 3_000;
const CUT_EVERY: u64 = 10;
/// The most that a delay holds; the oldest is dropped first. Far above 5 s of any dialect.
const MOST_HELD: usize = 64;

impl Fault {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Silence,
        Self::Disconnect,
        Self::Flap,
        Self::Duplicate,
        Self::Reorder,
        Self::Delay,
        Self::ClockStep,
        Self::CutFrames,
        Self::Restart,
    ];

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::Disconnect => "disconnect",
            Self::Flap => "flap",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Delay => "delay",
            Self::ClockStep => "clock-step",
            Self::CutFrames => "cut-frames",
            Self::Restart => "restart",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|fault| fault.name() == name);
        found.ok_or_else(|| {
            let all = Self::ALL.map(Self::name).join(", ");
            format!("{name:?} is no fault; allowed are {all}")
        })
    }
}

/// The faults of one monitor, and what they hold back. Times are ms of any clock that never goes
/// back.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults {
    on: BTreeSet<Fault>,
    flaps_since: i64,
    is_unplugged: bool,
    is_down: bool,
    delayed: VecDeque<(i64, Packet)>,
    waits_for_the_next: Option<Packet>,
    since_cut: u64,
}

impl Faults {
    /// Switches a fault on or off. A restart is not a state: see [`Faults::forget`].
    pub(super) fn switch(&mut self, fault: Fault, on: bool, now_ms: i64) {
        if on && self.on.insert(fault) && fault == Fault::Flap {
            self.flaps_since = now_ms;
        }
        if !on {
            self.on.remove(&fault);
        }
        self.since_cut = 0;
    }

    /// The plug itself, whatever the faults are.
    pub(super) fn unplug(&mut self, is_unplugged: bool) {
        self.is_unplugged = is_unplugged;
    }

    /// The monitor says nothing at all.
    pub(super) fn is_silent(&self) -> bool {
        self.on.contains(&Fault::Silence)
    }

    /// How far its clock is ahead of the right time, ms.
    pub(super) fn clock_ahead_ms(&self) -> i64 {
        if self.on.contains(&Fault::ClockStep) { CLOCK_STEP_MS } else { 0 }
    }

    /// The monitor was switched off and on: what was held back is lost.
    pub(super) fn forget(&mut self) {
        self.delayed.clear();
        self.waits_for_the_next = None;
    }

    /// What the link does at this moment by itself: it goes down or comes up, and what is due is
    /// sent.
    pub(super) fn tick(&mut self, now_ms: i64) -> Vec<Out> {
        let mut out = self.link(now_ms);
        let due_ms = if self.on.contains(&Fault::Delay) { now_ms - DELAY_MS } else { now_ms };
        while self.delayed.front().is_some_and(|(said_ms, _)| *said_ms <= due_ms) {
            if let Some((_, packet)) = self.delayed.pop_front() {
                self.reorder(packet, &mut out);
            }
        }
        if !self.on.contains(&Fault::Reorder)
            && let Some(packet) = self.waits_for_the_next.take()
        {
            self.send(packet, &mut out);
        }
        out
    }

    /// What becomes of what the monitor says now.
    pub(super) fn pass(&mut self, said: Vec<Packet>, now_ms: i64) -> Vec<Out> {
        let mut out = self.tick(now_ms);
        for packet in said {
            if self.on.contains(&Fault::Delay) {
                self.delayed.push_back((now_ms, packet));
                if self.delayed.len() > MOST_HELD
                    && let Some((_, packet)) = self.delayed.pop_front()
                {
                    self.reorder(packet, &mut out);
                }
            } else {
                self.reorder(packet, &mut out);
            }
        }
        out
    }

    fn link(&mut self, now_ms: i64) -> Vec<Out> {
        let in_flap = (now_ms - self.flaps_since).rem_euclid(FLAP_EVERY_MS) < FLAP_DOWN_MS;
        let is_down = self.is_unplugged
            || self.on.contains(&Fault::Disconnect)
            || (self.on.contains(&Fault::Flap) && in_flap);
        let was_down = std::mem::replace(&mut self.is_down, is_down);
        match (was_down, is_down) {
            (false, true) => vec![Out::Down],
            (true, false) => vec![Out::Up],
            _ => Vec::new(),
        }
    }

    fn reorder(&mut self, packet: Packet, out: &mut Vec<Out>) {
        if !self.on.contains(&Fault::Reorder) {
            self.send(packet, out);
        } else if let Some(earlier) = self.waits_for_the_next.take() {
            self.send(packet, out);
            self.send(earlier, out);
        } else {
            self.waits_for_the_next = Some(packet);
        }
    }

    fn send(&mut self, packet: Packet, out: &mut Vec<Out>) {
        if self.on.contains(&Fault::CutFrames) {
            self.since_cut += 1;
            if self.since_cut.is_multiple_of(CUT_EVERY) {
                out.push(Out::Cut(packet));
                return;
            }
        }
        if self.on.contains(&Fault::Duplicate) {
            out.push(Out::Say(packet.clone()));
        }
        out.push(Out::Say(packet));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(number: u64) -> Packet {
        Packet { number, text: format!("m{number}") }
    }

    /// One message a second from second 1 on, with the faults switched on and off at these seconds;
    /// returns what comes out in each second, in short form.
    fn play(until_s: u64, switches: &[(u64, Fault, bool)]) -> Vec<String> {
        let mut faults = Faults::default();
        let second = |at_s: u64| {
            let now_ms = at_s as i64 * 1000;
            for (_, fault, on) in switches.iter().filter(|(from_s, ..)| *from_s == at_s) {
                faults.switch(*fault, *on, now_ms);
            }
            let said = if faults.is_silent() { Vec::new() } else { vec![packet(at_s)] };
            let words = faults.pass(said, now_ms).into_iter().map(|out| match out {
                Out::Say(packet) => packet.number.to_string(),
                Out::Cut(packet) => format!("cut {}", packet.number),
                Out::Down => "down".to_owned(),
                Out::Up => "up".to_owned(),
                Out::Reboot => "reboot".to_owned(),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        (1..=until_s).map(second).collect()
    }

    #[test]
    fn without_a_fault_everything_passes_as_it_was_said() {
        assert_eq!(play(3, &[]), ["1", "2", "3"]);
    }

    #[test]
    fn silence_says_nothing_and_keeps_the_connection() {
        let said = play(4, &[(2, Fault::Silence, true), (4, Fault::Silence, false)]);
        assert_eq!(said, ["1", "", "", "4"]);
    }

    #[test]
    fn a_disconnect_lasts_until_it_is_switched_off() {
        let said = play(4, &[(2, Fault::Disconnect, true), (4, Fault::Disconnect, false)]);
        assert_eq!(said, ["1", "down 2", "3", "up 4"]);
    }

    #[test]
    fn flapping_is_three_seconds_down_of_each_fifteen() {
        let said = play(20, &[(2, Fault::Flap, true)]);
        let edges: Vec<_> = said.iter().filter(|said| said.contains(['d', 'u'])).collect();
        assert_eq!(edges, ["down 2", "up 5", "down 17", "up 20"]);
    }

    #[test]
    fn duplicates_come_twice_and_pairs_change_places() {
        assert_eq!(play(2, &[(2, Fault::Duplicate, true)]), ["1", "2 2"]);
        let said = play(5, &[(1, Fault::Reorder, true), (4, Fault::Reorder, false)]);
        assert_eq!(said, ["", "2 1", "", "3 4", "5"]);
    }

    #[test]
    fn a_delay_is_five_seconds_and_its_end_brings_what_it_held() {
        let said = play(9, &[(2, Fault::Delay, true), (9, Fault::Delay, false)]);
        assert_eq!(said, ["1", "", "", "", "", "", "2", "3", "4 5 6 7 8 9"]);
    }

    #[test]
    fn every_tenth_message_is_cut() {
        let said = play(21, &[(1, Fault::CutFrames, true)]);
        assert_eq!((&*said[9], &*said[10], &*said[19]), ("cut 10", "11", "cut 20"));
    }

    #[test]
    fn faults_add_up() {
        let switches = [(1, Fault::Reorder, true), (1, Fault::Duplicate, true)];
        assert_eq!(play(2, &switches), ["", "2 2 1 1"]);
    }

    #[test]
    fn an_unknown_fault_is_told_the_known_ones() {
        assert_eq!("clock-step".parse(), Ok(Fault::ClockStep));
        let problem = "fire".parse::<Fault>().expect_err("not one of them");
        assert!(problem.contains("allowed are silence, disconnect, flap"), "{problem}");
    }
}
