use std::sync::Arc;

use crate::profile::Profile;
use crate::vitals::{DeviceId, Frame, Millis, SessionId};

use super::event::Event;
use super::phase::Phase;
use super::transfer::MovedFrom;

/// Everything that can change what a room does. There is no other way in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A monitor spoke.
    Frame(Frame),
    /// What is known of a monitor's link changed.
    Link {
        /// Which monitor.
        device: DeviceId,
        /// How.
        link: Link,
    },
    /// A session begins.
    Open(Opening),
    /// A session comes from another room. What it brings is in the checkpoint that follows.
    MoveIn {
        /// How far it is.
        opening: Opening,
        /// Where it was.
        from: MovedFrom,
    },
    /// Staff did something in the session.
    Staff {
        /// Initials.
        staff: String,
        /// What.
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
        /// Which.
        outcome: Outcome,
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
    /// The first screen showed an alert.
    Received {
        /// `a1`, or the whole id.
        alert: String,
    },
    /// Whether a live, audible screen shows the room.
    Watched(bool),
    /// The program was away.
    Restart {
        /// The last moment at which it was certainly there.
        blind_from: Millis,
        /// When it came back.
        blind_to: Millis,
    },
    /// The session's (or, without one, the clinic's default) profile changed.
    Profile(Arc<Profile>),
    /// The wall clock was set by more than a second.
    ClockStep {
        /// By how much.
        ms: i64,
        /// Whether `at` moves with it from here on, as it does between two runs of the program:
        /// the one place where it may go back. Otherwise `at` goes on undisturbed.
        moves_at: bool,
    },
    /// Inputs of this time were not recorded; a checkpoint follows.
    Gap {
        /// Start.
        from: Millis,
        /// End.
        to: Millis,
        /// Why, for people.
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
    /// Brought here by staff from another room: what it measured before is not of here.
    Bound,
    /// Claims two beds or patients; feeds no room until staff decide.
    Conflict,
}

/// How a session begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Its id.
    pub session: SessionId,
    /// What alarms.
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
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
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
