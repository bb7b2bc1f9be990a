//! The nouns: what a monitor says about a patient, and when.
//!
//! Pure: no clock, no I/O, no async. A reading is either *measured* or *absent with a reason*;
//! a missing, invalid, stale, failed or zero value never turns into one of the others.

mod decimal;
mod device_clock;
mod frame;
mod ids;
mod moved;
pub mod plausibility;
mod reading;
mod time;
mod vital;
pub mod wire;

pub use decimal::Decimal;
pub use device_clock::{DeviceClock, DeviceClocks, Timing};
pub use frame::{CUFF_CHANNEL, Frame, LATE_AFTER_MS};
pub use ids::{
    CourseId, DeviceId, InvalidId, LONGEST_ID, MAX_ROOMS, OLD_BED, Original, PatientId, RoomId,
    ScreenName, SessionId,
};
pub(crate) use moved::{Moved, moved};
pub use reading::{
    Absent, Bound, Observation, Pressure, Quality, Reading, Revision, Source, Value,
};
pub use time::Millis;
pub use vital::Vital;
