//! What callers are answered. The types that are written as JSON carry the schema of the served
//! document, so that the two cannot differ.
//!
//! Of what concerns a patient there are two views, and each is a type of its own: what a display
//! must not show is not in it, whoever fills it in.

mod alert;
mod alertlog;
mod answer;
mod assignment;
mod channel;
mod course;
mod day;
mod demo;
mod device;
mod ingest;
mod keeping;
mod list;
mod outbound;
mod patient;
mod people;
mod problem;
mod profile;
mod reading;
mod room;
mod screens;
mod session;
mod signature;
mod staff;
mod stream;

pub use crate::record::{
    Addendum, LastTime, Patient, Peak, Remark, Removal, RemovedPart, SignedOff, Unsigned,
};
pub use crate::report::{RemsForm, SessionRecord};
pub use alert::{Alert, AlertView, Alerts, CameDown, DisplayAlert};
pub use alertlog::{AlertFigures, AlertLog};
pub use answer::{Bound, Done, Removed, Taken};
pub use assignment::{Assignments, OnShift, RoomAssignment};
pub use channel::{Channel, ChannelKind, ChannelTest, Channels, PushState, Subscribed};
pub use course::{
    Course, PastSession, ShownCourse, ShownPatient, SuggestedBaseline, last_time,
    suggested_baseline,
};
pub use day::{Day, DayAlerts, DaySession, HandedOver};
pub use demo::{Caption, Demo};
pub use device::{Device, Devices, Link, UnknownCode};
pub use ingest::{IngestAnswer, IngestFrame, IngestReading, Moment};
pub use keeping::{Keeping, KeepingState, RedactedPatient};
pub use list::ClinicList;
pub use outbound::{Outbound, OutboundDestination, OutboundMessage, SentAgain};
pub use patient::{ListedPatient, ListedPatients, RunningSession};
pub use people::{Acting, Identified, Me, Person, Proof, WrongTries};
pub use problem::Details;
pub use profile::{KeptProfile, ProfileDocument, ProfileSummary, Profiles};
pub(crate) use reading::Parts;
pub use reading::{Gap, LastReading, LiveReading, MeasuredValue, Reading, Readings};
pub use room::{Cuff, CuffState, CuffWord, Ended, Inflation, Monitor, MonitorChange, Room, Rooms};
pub use screens::{Battery, ConnectedScreen, Receipt, ScreenTrouble, Screens};
pub use session::{
    DisplaySession, GivenDose, Session, SessionFacts, SessionView, Sessions, ShownLimit,
    ShownOrder, ShownPersonalLimit, SingleDose, Stated, Symptom,
};
pub use signature::{HandOver, HandedRoom};
pub use staff::{ProgramToken, ProgramTokens, Staff, StaffMember};
pub use stream::{AlarmPath, ScreenFrame, StreamFrame, VitalsFrame, WardState, WhichRooms, Word};

/// Whose eyes an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Everything that staff see.
    Staff,
    /// A wall: no profile, no words of staff.
    Display,
}

/// A value that is there and may be `null`, as opposed to one that is left out.
fn there<'de, T: serde::Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
