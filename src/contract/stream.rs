use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::{
    AlertView, Battery, Details, Inflation, LiveReading, MonitorChange, Person, Room, SessionView,
};
use crate::room::{ScreenKind, ShownLimits};
use crate::shift::RoomStaff;
use crate::vitals::{Millis, RoomId, ScreenName};

/// What the stream sends, one a line; several lines may share a message. A client ignores a `type`
/// that it does not know.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StreamFrame<'a> {
    /// Everything that was asked for, as it is now. After a `resumed` also of a few rooms, of which
    /// too much was missed.
    Snapshot {
        /// This run of the server, in which the revs count.
        epoch: &'a str,
        /// Our clock.
        now: Millis,
        /// Who is signed in here.
        me: &'a Person,
        /// What concerns the ward as a whole.
        ward: WardState,
        /// The rooms, in their order on screen.
        rooms: Vec<Room<'a>>,
    },
    /// What was missed follows, frame by frame.
    Resumed {
        /// This run of the server.
        epoch: &'a str,
        /// Who is signed in here.
        me: &'a Person,
        /// Each room that goes on, and its rev when its missed frames are all here.
        revs: BTreeMap<&'a RoomId, u64>,
    },
    /// A room's name, its place, its staff, or whether its record could be read has changed.
    Room {
        /// The room.
        room: &'a RoomId,
        /// The rev of this frame.
        rev: u64,
        /// The name that screens show.
        name: &'a str,
        /// Its place on screen, lowest first.
        order: i64,
        /// Who has it, and who is told of its alerts.
        staff: &'a RoomStaff,
        /// From when on the record of its session could not be read after a restart.
        #[schema(required)]
        unread_since: Option<Millis>,
    },
    /// What is known of some vitals of a room has changed.
    Vitals(VitalsFrame<'a>),
    /// A monitor of a room has come, gone, or is heard otherwise.
    Device {
        /// The room.
        room: &'a RoomId,
        /// The rev of this frame.
        rev: u64,
        /// The monitor, as it is now.
        device: MonitorChange,
    },
    /// A session was opened, has changed or has ended; what alerts has changed.
    Session {
        /// The room.
        room: &'a RoomId,
        /// The rev of this frame.
        rev: u64,
        /// As it is now; with its last phase when it has ended.
        #[schema(required)]
        session: Option<SessionView>,
        /// The limits that apply in the room now.
        limits: ShownLimits,
    },
    /// An alert was raised, has changed or is over.
    Alert {
        /// `null` for an alert of the ward.
        #[schema(required)]
        room: Option<&'a RoomId>,
        /// Of this frame; of the ward's own alerts where `room` is `null`.
        rev: u64,
        /// The alert as it is now.
        alert: AlertView,
    },
    /// Frames of a room were left out, as the client reads too slowly. The newest frame of each
    /// vital, alert and monitor, and of the session, follows.
    Skipped {
        /// The room.
        room: &'a str,
        /// The first rev that was left out.
        from_rev: u64,
        /// The last rev that was left out.
        to_rev: u64,
    },
    /// A room was removed.
    RoomRemoved {
        /// The room.
        room: &'a RoomId,
    },
    /// Every second, after a probe has passed every room.
    Heartbeat {
        /// This run of the server.
        epoch: &'a str,
        /// Our clock.
        now: Millis,
        /// The last time that the probe came back from every room; `null` before the first.
        #[schema(required)]
        alarm_path: Option<AlarmPath>,
        /// How many screens can be seen and heard.
        audible_screens: usize,
    },
    /// The answer to `ping`.
    Pong {
        /// As the client gave it.
        #[schema(value_type = f64)]
        sent_at: &'a Number,
        /// Our clock.
        now: Millis,
    },
    /// What the client said was not understood, or names what is not there.
    Error {
        /// What is wrong, where, and what to do.
        problem: Box<Details>,
    },
}

/// What is known of some vitals of a room has changed. First what is charted alone, marked `late`;
/// then a cuff's reason for having no value; then each vital that changed, as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct VitalsFrame<'a> {
    /// The room.
    pub room: &'a RoomId,
    /// The rev of this frame.
    pub rev: u64,
    /// When it was measured, by the device's clock.
    pub taken_at: Millis,
    /// When it was received.
    pub received_at: Millis,
    /// Of several of one vital, the last is what a fresh snapshot says.
    pub readings: Vec<LiveReading<'a>>,
    /// The cuff's last inflation, when that changed too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Inflation>)]
    pub inflation: Option<Option<Inflation>>,
}

/// What concerns the ward as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct WardState {
    /// The rev of the ward's own alerts.
    pub rev: u64,
    /// The ward's own alerts that are open.
    pub alerts: Vec<AlertView>,
}

/// A probe that came back from every room.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct AlarmPath {
    /// When it came back.
    pub proved_at: Millis,
    /// How long it took, milliseconds.
    pub round_trip_ms: i64,
}

/// What a client of the stream says, one a line. A `type` that the server does not know is ignored.
#[derive(Debug, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ScreenFrame {
    /// What it wants to see; again whenever that changes.
    Hello {
        /// The version of this protocol: 1, also when it is left out.
        #[schema(nullable = false)]
        version: Option<u32>,
        /// The rooms that it wants to see; all of them when left out.
        #[schema(nullable = false)]
        rooms: Option<WhichRooms>,
        /// The run of the server that `revs` are of.
        epoch: Option<String>,
        /// The last rev of each room that it has.
        #[schema(nullable = false)]
        revs: Option<BTreeMap<RoomId, u64>>,
        /// What the screen is used as.
        #[schema(nullable = false)]
        screen: Option<ScreenKind>,
        /// A name that the screen keeps over all of its connections, so that an alert counts it
        /// once. It is made up, and names nobody.
        #[schema(nullable = false)]
        screen_id: Option<ScreenName>,
    },
    /// Asks whether the server is there.
    Ping {
        /// Sent back unchanged in the answer.
        sent_at: f64,
    },
    /// Sent every 2 s: whether the screen can be seen and heard.
    Presence {
        /// Whether its sound is on.
        #[schema(nullable = false)]
        audible: Option<bool>,
        /// Whether it is in the foreground.
        #[schema(nullable = false)]
        visible: Option<bool>,
        /// It is in a patient's room, and silent on purpose.
        #[schema(nullable = false)]
        quiet: Option<bool>,
        /// What the screen is used as, if that has changed since `hello`.
        #[schema(nullable = false)]
        screen: Option<ScreenKind>,
        /// Its battery, where the browser reports it.
        #[schema(nullable = false)]
        battery: Option<Battery>,
    },
    /// The screen shows this alert.
    Received {
        /// The alert's id.
        alert: String,
    },
}

/// Which rooms a client wants to see.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
pub enum WhichRooms {
    /// All rooms.
    Word(Word),
    /// These rooms.
    These(Vec<RoomId>),
}

/// The word for all rooms.
#[derive(Debug, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AllRooms)]
pub enum Word {
    /// All rooms.
    All,
}
