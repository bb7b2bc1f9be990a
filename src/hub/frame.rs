use std::sync::Arc;

use crate::contract::View;
use crate::vitals::{DeviceId, Vital};

/// The vitals that a frame speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VitalSet(u16);

impl VitalSet {
    /// The same with one more vital.
    #[must_use]
    pub fn with(self, vital: Vital) -> Self {
        Self(self.0 | 1 << vital as u16)
    }

    /// Takes in all of `other`; whether any of them is new.
    pub(super) fn take_in(&mut self, other: Self) -> bool {
        let before = self.0;
        self.0 |= other.0;
        self.0 != before
    }
}

/// What a frame says the whole of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The room's name, place and staff.
    Room,
    /// Its session and limits.
    Session,
    /// A monitor of it.
    Device(DeviceId),
    /// An alert of it, by its public id.
    Alert(Arc<str>),
}

/// Whether a frame may be left out for a slow screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// All that a screen shows of these vitals: left out when newer frames of the room say it of
    /// each of them. A cuff's result is not said by the next saturation.
    Vitals(VitalSet),
    /// All of this subject of a room: left out when a newer frame of the room says it anew, but of
    /// an alert or a monitor not the first that waits. What is true now always follows.
    Whole(Subject),
    /// Left out when a newer one waits.
    Heartbeat,
    /// Names the revs left out: from this one to the frame's own.
    Skipped(u64),
    /// Never left out.
    Kept,
    /// What was missed follows, from the last rev that the screen has: it takes the place of what
    /// waits of rooms, which is part of it.
    Resumed,
    /// A snapshot of all: takes the place of all that waits, and is as large as the ward is.
    Snapshot,
}

/// What a frame says in each view, as JSON without a line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The same in both.
    Alike(Arc<str>),
    /// Less in the view of displays.
    Apart {
        /// What staff see.
        staff: Arc<str>,
        /// What a wall shows.
        display: Arc<str>,
    },
}

impl Text {
    /// What it says in this view.
    #[must_use]
    pub fn of(&self, view: View) -> &Arc<str> {
        match (self, view) {
            (Self::Alike(text), _)
            | (Self::Apart { staff: text, .. }, View::Staff)
            | (Self::Apart { display: text, .. }, View::Display) => text,
        }
    }
}

/// One encoded frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The room's rev; `None` for what is of no room.
    pub rev: Option<u64>,
    /// The room; `None` for what is of no room.
    pub room: Option<Arc<str>>,
    /// Whether it may be left out.
    pub class: Class,
    /// JSON, without a line end.
    pub json: Arc<str>,
}

impl Frame {
    /// What it counts against [`super::MAILBOX_BYTES`]. There is one snapshot in a mailbox at most.
    pub(super) fn counted_bytes(&self) -> usize {
        if self.class == Class::Snapshot { 0 } else { self.json.len() }
    }
}
