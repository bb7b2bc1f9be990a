use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlertView, Link, LiveReading, SessionView};
use crate::room::ShownLimits;
use crate::shift::RoomStaff;
use crate::vitals::{Absent, DeviceId, Millis, RoomId, Source, Vital};

/// A room as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Room<'a> {
    /// The clinic's own number or name for it.
    pub id: &'a RoomId,
    /// The name that screens show.
    pub name: &'a str,
    /// Its place on screen; the lowest comes first.
    pub order: i64,
    /// Goes up by one with each frame of the room on the stream.
    pub rev: u64,
    /// Who has it, and who is told of its alerts.
    pub staff: &'a RoomStaff,
    /// The session that is running.
    #[schema(required)]
    pub session: Option<SessionView>,
    /// The limits that apply now.
    pub limits: ShownLimits,
    /// What is known of each vital.
    pub vitals: BTreeMap<Vital, LiveReading<'a>>,
    /// The cuff, while it is inflating and may cut off the finger clip.
    #[schema(required)]
    pub cuff: Option<Cuff>,
    /// The cuff's last inflation.
    #[schema(required)]
    pub inflation: Option<Inflation>,
    /// The monitors that belong to it.
    pub devices: &'a [Monitor],
    /// Its open alerts.
    pub alerts: Vec<AlertView>,
    /// How many live, audible screens show it.
    pub watched_by: usize,
    /// From when on the record of its session could not be read after a restart.
    #[schema(required)]
    pub unread_since: Option<Millis>,
}

/// All rooms, in their order on screen.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rooms<'a> {
    /// The rooms.
    pub rooms: Vec<Room<'a>>,
}

/// A cuff that is inflating.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Cuff {
    /// What it is doing.
    pub state: CuffState,
    /// Since when it has been doing so.
    pub since: Millis,
}

/// What a cuff is doing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CuffState {
    /// It is inflating.
    Measuring,
}

/// A cuff's last inflation. Times are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Inflation {
    /// `measuring`, how it ended, or the monitor's word for why there is no value, such as `failed`.
    pub state: CuffWord,
    /// When it began; `null` when the monitor did not say.
    #[schema(required)]
    pub since: Option<Millis>,
    /// When it was over; `null` while it is measuring.
    #[schema(required)]
    pub ended_at: Option<Millis>,
}

/// How an inflation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CuffWord {
    /// How it ended, in a word of ours.
    Ended(Ended),
    /// Why there is no value, in the monitor's word.
    Absent(Absent),
}

/// How an inflation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InflationEnd)]
pub enum Ended {
    /// It gave a value.
    Done,
    /// Its end was never reported.
    Unknown,
}

/// A monitor that belongs to a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Monitor {
    /// The identity that it gives itself.
    pub id: DeviceId,
    /// Whether it is heard.
    pub link: Link,
    /// Where its newest reading comes from.
    pub source: Source,
}

/// A monitor of a room that has changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum MonitorChange {
    /// The monitor as it is now.
    Here(Monitor),
    /// It no longer belongs to the room.
    Gone {
        /// Its id.
        id: DeviceId,
        /// Always `down`.
        link: Link,
        /// Always `null`.
        #[schema(required)]
        room: Option<RoomId>,
    },
}

impl MonitorChange {
    /// The monitor's id.
    #[must_use]
    pub const fn id(&self) -> &DeviceId {
        match self {
            Self::Here(monitor) => &monitor.id,
            Self::Gone { id, .. } => id,
        }
    }
}
