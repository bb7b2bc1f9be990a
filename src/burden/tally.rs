//! What is counted, of one session and of all.

use std::collections::BTreeMap;

use simulators::session::{Episode, Order, Second, Severe};

use crate::profile::{Condition, Kind, Priority};
use crate::room::AlertLine;

/// Missed events that are named; more are counted alone.
const NAMED: usize = 200;
/// An event may be over before its alarm: instruments lag, and rules wait.
const CAUGHT_WITHIN_S: u32 = 120;
/// A signal is good when it was good for this share of the event.
const GOOD_SIGNAL: f64 = 0.9;

/// How one alert of a session went.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    name: String,
    condition: Condition,
    highest: Priority,
    /// Whether it was true when it came, and when it became urgent.
    came_true: bool,
    urgent_true: Option<bool>,
}

/// One session's alerts.
#[derive(Debug)]
pub(super) struct OneSession {
    order: Order,
    told: Vec<Told>,
    seeded: Option<Episode>,
    good_s: u32,
    event_s: u32,
    caught_after_s: Option<u32>,
    is_urgent: bool,
}

impl OneSession {
    pub(super) fn new(order: Order) -> Self {
        Self {
            order,
            told: Vec::new(),
            seeded: None,
            good_s: 0,
            event_s: 0,
            caught_after_s: None,
            is_urgent: false,
        }
    }

    pub(super) fn see(&mut self, second: &Second) {
        if let Some(seeded) = second.episode.filter(|episode| episode.is_seeded) {
            self.seeded = Some(seeded);
            self.event_s += 1;
            self.good_s += u32::from(second.has_good_signal);
        }
    }

    pub(super) fn alarms(&mut self, line: &AlertLine, at_s: u32, is_true: bool) {
        let is_physiological = line.condition.kind() == Kind::Physiological;
        let is_urgent = line.priority == Priority::High;
        if let Some(seeded) = self.seeded
            && is_physiological
            && line.priority >= Priority::Medium
            && at_s <= seeded.until_s + CAUGHT_WITHIN_S
        {
            self.caught_after_s.get_or_insert(at_s.saturating_sub(seeded.from_s));
            self.is_urgent |= is_urgent;
        }
        match self.told.iter_mut().find(|told| told.name == line.alert) {
            Some(told) => {
                told.highest = told.highest.max(line.priority);
                if is_urgent {
                    told.urgent_true.get_or_insert(is_true);
                }
            }
            None => self.told.push(Told {
                name: line.alert.clone(),
                condition: line.condition,
                highest: line.priority,
                came_true: is_true,
                urgent_true: is_urgent.then_some(is_true),
            }),
        }
    }
}

/// Alerts of one condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfCondition {
    /// By the highest priority that each reached.
    pub low: u64,
    /// By the highest priority that each reached.
    pub medium: u64,
    /// By the highest priority that each reached.
    pub high: u64,
    /// False cautions.
    pub false_medium: u64,
    /// False urgent alerts.
    pub false_high: u64,
}

/// How one sort of severe event was caught.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfSevere {
    /// Sessions with it.
    pub events: u64,
    /// Those with good signal.
    pub good: u64,
    /// How many of those with good signal raised a caution or an urgent alert in time.
    pub caught: u64,
    /// How many of those raised an urgent alert.
    pub urgent: u64,
    /// The same, of those without.
    pub caught_in_bad_signal: u64,
    /// Delays from the beginning, in steps of 10 s: how many.
    delays: BTreeMap<u32, u64>,
}

impl OfSevere {
    /// The delay, in steps of 10 s, within which this share of the caught was caught.
    #[must_use]
    pub fn delay_s(&self, share: f64) -> Option<u32> {
        let all: u64 = self.delays.values().sum();
        let wanted = (all as f64 * share).ceil() as u64;
        let mut seen = 0;
        self.delays.iter().find_map(|(delay, count)| {
            seen += count;
            (seen >= wanted).then_some(*delay)
        })
    }
}

/// A severe event with good signal and no alert of the patient in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missed {
    /// The event.
    pub severe: String,
    /// In which session: `--seed S`, this index.
    pub index: u64,
}

/// What all sessions gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sessions at a clinic's rates.
    pub sessions: u64,
    /// Their alerts.
    pub conditions: BTreeMap<Condition, OfCondition>,
    /// Sessions with a severe event.
    pub severe: BTreeMap<String, OfSevere>,
    /// Events that were missed, each by name.
    pub missed: Vec<Missed>,
}

impl Tally {
    pub(super) fn add(&mut self, one: OneSession) {
        match one.order.severe {
            None => self.add_usual(&one),
            Some(severe) => self.add_severe(severe, &one),
        }
    }

    fn add_usual(&mut self, one: &OneSession) {
        self.sessions += 1;
        for told in &one.told {
            let of = self.conditions.entry(told.condition).or_default();
            let is_physiological = told.condition.kind() == Kind::Physiological;
            match told.highest {
                Priority::Low => of.low += 1,
                Priority::Medium => {
                    of.medium += 1;
                    of.false_medium += u64::from(is_physiological && !told.came_true);
                }
                Priority::High => {
                    of.high += 1;
                    let is_false = is_physiological && told.urgent_true == Some(false);
                    of.false_high += u64::from(is_false);
                }
            }
        }
    }

    fn add_severe(&mut self, severe: Severe, one: &OneSession) {
        let name = name_of(severe);
        let of = self.severe.entry(name.to_owned()).or_default();
        of.events += 1;
        let is_good = f64::from(one.good_s) >= GOOD_SIGNAL * f64::from(one.event_s.max(1));
        of.good += u64::from(is_good);
        match (one.caught_after_s, is_good) {
            (Some(delay_s), _) => {
                of.caught += u64::from(is_good);
                of.urgent += u64::from(is_good && one.is_urgent);
                of.caught_in_bad_signal += u64::from(!is_good);
                *of.delays.entry(delay_s.next_multiple_of(10)).or_default() += 1;
            }
            (None, true) if self.missed.len() < NAMED => {
                self.missed.push(Missed { severe: name.to_owned(), index: one.order.index });
            }
            (None, _) => {}
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.sessions += other.sessions;
        for (condition, more) in other.conditions {
            let of = self.conditions.entry(condition).or_default();
            of.low += more.low;
            of.medium += more.medium;
            of.high += more.high;
            of.false_medium += more.false_medium;
            of.false_high += more.false_high;
        }
        for (severe, more) in other.severe {
            let of = self.severe.entry(severe).or_default();
            of.events += more.events;
            of.good += more.good;
            of.caught += more.caught;
            of.urgent += more.urgent;
            of.caught_in_bad_signal += more.caught_in_bad_signal;
            for (delay, count) in more.delays {
                *of.delays.entry(delay).or_default() += count;
            }
        }
        self.missed.extend(other.missed);
        self
    }

    /// Over all conditions of a kind, or of both.
    pub(super) fn sum(&self, kind: Option<Kind>, count: impl Fn(&OfCondition) -> u64) -> u64 {
        let of_kind = |condition: &Condition| kind.is_none_or(|kind| condition.kind() == kind);
        self.conditions.iter().filter(|(c, _)| of_kind(c)).map(|(_, of)| count(of)).sum()
    }
}

fn name_of(severe: Severe) -> &'static str {
    match severe {
        Severe::Apnoea => "apnoea",
        Severe::Obstruction => "obstruction",
        Severe::FaintAtCannulation => "faint at cannulation",
        Severe::Faint => "faint in infusion",
        Severe::Surge => "surge",
        Severe::FastHeart => "heart rate 125",
    }
}
