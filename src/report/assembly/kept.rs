//! What is kept while the lines of a session come in.

use std::collections::BTreeMap;

use super::alerts::Alerts;
use super::done::{Done, Listed};
use super::extremes::Extremes;
use super::signal::{Blind, Sample};
use crate::gates::{GateState, Step};
use crate::report::{
    Correction, Interruption, LateReading, LimitChange, LimitSet, PhaseSpan, RecordedDevice,
    RecordedEvent, RecordedPressure, RecordedStaff, RoomStay,
};
use crate::room::PersonalLimits;
use crate::vitals::{Millis, Moved, Vital, moved};

/// The most events that a record holds; it says if there were more.
pub(super) const MOST_EVENTS: usize = 20_000;
/// The most readings of one vital that a record holds: 55 hours at one a second.
pub(super) const MOST_SAMPLES: usize = 200_000;
/// The most pressures that a record holds.
pub(super) const MOST_PRESSURES: usize = 5_000;
/// The most of anything else that a record lists: limits, interruptions, corrections, devices,
/// staff.
pub(super) const MOST_OTHERS: usize = 2_000;

/// The readings of one vital.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Samples {
    pub(super) all: Vec<Sample>,
    /// The last one that was seen, whether or not it was heard before the session.
    pub(super) last: Option<Sample>,
}

moved!(Samples { moves: all, last; stays: });

/// A gate as it was at a time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gate(pub(super) GateState);

impl Moved for Gate {
    fn move_by(&mut self, ms: i64) {
        for item in &mut self.0.items {
            item.until.move_by(ms);
            item.at.move_by(ms);
            item.values.iter_mut().for_each(|value| value.at.move_by(ms));
        }
    }
}

/// Whether a live screen showed the room from a time on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WatchedFrom {
    pub(super) at: Millis,
    pub(super) is_watched: bool,
}

moved!(WatchedFrom { moves: at; stays: is_watched });

/// What is kept of the lines so far. All its times move when the clock does.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kept {
    pub(super) first_at: Option<Millis>,
    pub(super) ended_at: Option<Millis>,
    pub(super) events: Vec<RecordedEvent>,
    pub(super) done: Vec<Done>,
    pub(super) last_listed: Option<Listed>,
    pub(super) phases: Vec<PhaseSpan>,
    pub(super) samples: BTreeMap<Vital, Samples>,
    pub(super) extremes: Extremes,
    pub(super) pressures: Vec<RecordedPressure>,
    pub(super) corrections: Vec<Correction>,
    pub(super) late: Vec<LateReading>,
    pub(super) alerts: Alerts,
    pub(super) limits: Vec<LimitSet>,
    pub(super) personal: Vec<PersonalLimits>,
    pub(super) limit_changes: Vec<LimitChange>,
    pub(super) gates: BTreeMap<Step, Gate>,
    pub(super) watched: Vec<WatchedFrom>,
    pub(super) interruptions: Vec<Interruption>,
    pub(super) blind: Vec<Blind>,
    pub(super) devices: Vec<RecordedDevice>,
    pub(super) staff: Vec<RecordedStaff>,
    pub(super) rooms: Vec<RoomStay>,
    /// Kinds of items of which there were more than a record holds.
    pub(super) too_many: Vec<&'static str>,
    /// The clock was set: since when, and by how much.
    pub(super) clock: Vec<ClockSet>,
}

/// The clock was set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ClockSet {
    pub(super) at: Millis,
    pub(super) ms: i64,
    /// Whether the times of the record moved with it.
    pub(super) moves_at: bool,
}

moved!(ClockSet { moves: at; stays: ms, moves_at });

impl<K: Ord, T: Moved> Moved for MapOf<'_, K, T> {
    fn move_by(&mut self, ms: i64) {
        self.0.values_mut().for_each(|value| value.move_by(ms));
    }
}

struct MapOf<'a, K, T>(&'a mut BTreeMap<K, T>);

impl Moved for Kept {
    fn move_by(&mut self, ms: i64) {
        let Self {
            first_at,
            ended_at,
            events,
            done,
            last_listed,
            phases,
            samples,
            extremes,
            pressures,
            corrections,
            late,
            alerts,
            limits,
            personal,
            limit_changes,
            gates,
            watched,
            interruptions,
            blind,
            devices,
            staff,
            rooms,
            too_many: _,
            clock,
        } = self;
        first_at.move_by(ms);
        ended_at.move_by(ms);
        events.move_by(ms);
        done.move_by(ms);
        last_listed.move_by(ms);
        phases.move_by(ms);
        MapOf(samples).move_by(ms);
        extremes.move_by(ms);
        pressures.move_by(ms);
        corrections.move_by(ms);
        late.move_by(ms);
        alerts.move_by(ms);
        limits.move_by(ms);
        personal.move_by(ms);
        limit_changes.move_by(ms);
        MapOf(gates).move_by(ms);
        watched.move_by(ms);
        interruptions.move_by(ms);
        blind.move_by(ms);
        devices.move_by(ms);
        staff.move_by(ms);
        rooms.move_by(ms);
        clock.move_by(ms);
    }
}

impl Kept {
    /// Adds an item to a list, unless it is full: then the record says so.
    pub(super) fn keep<T>(
        &mut self,
        list: impl Fn(&mut Self) -> &mut Vec<T>,
        most: usize,
        what: &'static str,
        one: T,
    ) {
        if list(self).len() < most {
            list(self).push(one);
        } else if !self.too_many.contains(&what) {
            self.too_many.push(what);
        }
    }
}
