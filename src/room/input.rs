use std::sync::Arc;

use crate::profile::{Priority, Profile};
use crate::vitals::{DeviceId, Frame, Millis, SessionId};

use super::event::Event;
use super::phase::Phase;
use super::receipt::Receipt;
use super::transfer::MovedFrom;

/// Everything that can change what a room does. There is no other way in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A monitor spoke.
    Frame(Frame),
    /// The state of a monitor's link changed.
    Link {
        /// The monitor.
        device: DeviceId,
        /// Its link from now on.
        link: Link,
    },
    /// A session begins.
    Open(Opening),
    /// A session comes from another room. What it brings is in the checkpoint that follows.
    MoveIn {
        /// How the session is opened here, in the phase that it is in.
        opening: Opening,
        /// Where it was.
        from: MovedFrom,
    },
    /// Staff did something in the session.
    Staff {
        /// Initials.
        staff: String,
        /// The event.
        event: Event,
        /// When it was done, if earlier than it was entered.
        occurred_at: Option<Millis>,
    },
    /// A person takes an alert.
    Acknowledge {
        /// Initials.
        staff: String,
        /// `a1`, or the whole id.
        alert: String,
    },
    /// What came of an alert.
    Outcome {
        /// Initials.
        staff: String,
        /// `a1`, or the whole id.
        alert: String,
        /// The outcome; `None` takes back what was said.
        outcome: Option<Outcome>,
    },
    /// No sound for an alert.
    Silence {
        /// Initials.
        staff: String,
        /// `a1`, or the whole id.
        alert: String,
        /// At most [`super::LONGEST_SILENCE_S`].
        seconds: u32,
    },
    /// Somebody in the room calls for help.
    Help {
        /// Initials.
        staff: String,
        /// Medium, or high for an emergency.
        priority: Priority,
    },
    /// The first screen showed an alert.
    Received {
        /// `a1`, or the whole id.
        alert: String,
    },
    /// Which screens showed alerts, the first of each alert included. It exists for the record and
    /// for the count beside the alert: nothing is judged by it.
    Receipts(Vec<Receipt>),
    /// Whether a live, audible screen shows the room.
    Watched(bool),
    /// The program was away.
    Restart {
        /// The last moment at which it was certainly there.
        blind_from: Millis,
        /// When it came back.
        blind_to: Millis,
    },
    /// The profile of the session changed, or without a session the clinic's default.
    Profile(Arc<Profile>),
    /// The wall clock was set by more than a second.
    ClockStep {
        /// By how many milliseconds.
        ms: i64,
        /// Whether `at` moves with it from here on, as it does between two runs of the program: the
        /// only place where `at` may go back. Otherwise `at` continues unchanged.
        moves_at: bool,
    },
    /// Inputs of this period were not recorded; a checkpoint follows.
    Gap {
        /// Start.
        from: Millis,
        /// End.
        to: Millis,
        /// Why, in words for people.
        reason: String,
    },
}

/// A change of a monitor's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Connected.
    Up,
    /// Disconnected.
    Down,
    /// Taken out of this room by staff.
    Unbound,
    /// Brought here by staff from another room: what it measured earlier does not belong to this
    /// room.
    Bound,
    /// Claims two beds or patients; feeds no room until staff decide which.
    Conflict,
}

/// How a session begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Its id.
    pub session: SessionId,
    /// The profile whose limits apply.
    pub profile: Arc<Profile>,
    /// Planned length of the infusion, seconds.
    pub planned_s: u32,
    /// `checked_in`, or `baseline` in a recording.
    pub phase: Phase,
    /// Who opened it.
    pub staff: String,
}

/// What came of an alert, by the person who went.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Outcome {
    ExpectedEffect,
    SensorResited,
    BpRepeated,
    ClinicianCalled,
    FalseAlert,
    Other,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ExpectedEffect,
        Self::SensorResited,
        Self::BpRepeated,
        Self::ClinicianCalled,
        Self::FalseAlert,
        Self::Other,
    ];

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExpectedEffect => "expected_effect",
            Self::SensorResited => "sensor_resited",
            Self::BpRepeated => "bp_repeated",
            Self::ClinicianCalled => "clinician_called",
            Self::FalseAlert => "false_alert",
            Self::Other => "other",
        }
    }

    /// The outcome of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Whether somebody had something to do about it: it was neither a false alert nor an effect
    /// that was expected.
    #[must_use]
    pub const fn is_actionable(self) -> bool {
        !matches!(self, Self::ExpectedEffect | Self::FalseAlert)
    }
}
