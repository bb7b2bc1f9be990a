use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlertView, Link, LiveReading, SessionView};
use crate::room::ShownLimits;
use crate::vitals::{Absent, DeviceId, Millis, RoomId, Source, Vital};

/// A room as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Room<'a> {
    /// As the clinic numbers it.
    pub id: &'a RoomId,
    /// As screens call it.
    pub name: &'a str,
    /// Its place on screen, lowest first.
    pub order: i64,
    /// Grows by one with each frame of the room on the stream.
    pub rev: u64,
    /// The session that runs.
    #[schema(required)]
    pub session: Option<SessionView>,
    /// What alerts now.
    pub limits: ShownLimits,
    /// What is known of each vital.
    pub vitals: BTreeMap<Vital, LiveReading<'a>>,
    /// A cuff that inflates, while that may hide something of a finger clip.
    #[schema(required)]
    pub cuff: Option<Cuff>,
    /// The cuff's last inflation.
    #[schema(required)]
    pub inflation: Option<Inflation>,
    /// The monitors that belong to it.
    pub devices: &'a [Monitor],
    /// Those that are open.
    pub alerts: Vec<AlertView>,
    /// Live, audible screens that show it.
    pub watched_by: usize,
    /// From when on the record of its session could not be read after a restart.
    #[schema(required)]
    pub unread_since: Option<Millis>,
}

/// The rooms, in their order on screen.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rooms<'a> {
    /// All of them.
    pub rooms: Vec<Room<'a>>,
}

/// A cuff that inflates.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Cuff {
    /// What it does.
    pub state: CuffState,
    /// Since when.
    pub since: Millis,
}

/// What a cuff does.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CuffState {
    /// It inflates.
    Measuring,
}

/// A cuff's last inflation. Times are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Inflation {
    /// `measuring`, how it ended, or the monitor's word for why there is no value, such as `failed`.
    pub state: CuffWord,
    /// When it began; `null` when that was not said.
    #[schema(required)]
    pub since: Option<Millis>,
    /// When it was over; `null` while it measures.
    #[schema(required)]
    pub ended_at: Option<Millis>,
}

/// What became of an inflation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CuffWord {
    /// Our word.
    Ended(Ended),
    /// The monitor's.
    Absent(Absent),
}

/// How an inflation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InflationEnd)]
pub enum Ended {
    /// With a value.
    Done,
    /// Nothing was heard of its end.
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

/// A monitor of a room that is not as it was.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum MonitorChange {
    /// As it is now.
    Here(Monitor),
    /// It belongs to the room no more.
    Gone {
        /// Which.
        id: DeviceId,
        /// `down`.
        link: Link,
        /// `null`.
        #[schema(required)]
        room: Option<RoomId>,
    },
}
