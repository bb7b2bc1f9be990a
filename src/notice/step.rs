//! The steps of an alert as the ward says them: one by one, as they happen.

pub use crate::room::{AlertStep, Audience, Step};
