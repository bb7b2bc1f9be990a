//! What people away from the screens are told about alerts, and when it is tried again. Pure: the
//! sending itself is in `notify`.
//!
//! A step of an alert becomes a delivery for each channel that wants it. What leaves carries the
//! room and the priority, a patient's initials where the clinic chose that, and never a name, a
//! drug or a diagnosis: there is no field for them.

mod backlog;
mod change;
mod delivery;
mod health;
mod message;
pub mod step;
mod told;

pub use backlog::{Backlog, MAX_TRIES, MAX_WAITING, Tried};
pub use change::{KnownAlert, step_between};
pub use delivery::{Delivery, delivery_id};
pub use health::{Health, LONGEST_FAILING_MS, MOST_FAILURES};
pub use message::{Format, Message, Posted};
pub use step::{AlertStep, Audience, Step};
pub use told::{Route, Told, Whose};
