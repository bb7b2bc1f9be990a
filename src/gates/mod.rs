//! Gates: what must be there before a session goes on, as data of the profile
//! (clinical.md#gates). An item is met by what the room measured, or by a person who says so;
//! which of the two is a matter of its kind, and nobody can tick what is measured.
//!
//! A kind of item is one file: its row, its words and how it is judged.

mod facts;
mod judge;
mod measured;
mod met_by;
mod paper;
mod paperwork;
mod pressures;
mod row;
mod scored;
#[cfg(test)]
mod shipped_test;
mod state;
mod statement;
mod step;
#[cfg(test)]
mod tests;
mod waived_by;

pub use facts::{ActiveUrgent, Extremes, Facts, Signed, SymptomTime};
pub use measured::{
    AlertsClosedItem, FreeItem, NoneActiveItem, SignalItem, Since, StayItem, VitalItem,
};
pub use met_by::MetBy;
pub use paper::StatedItem;
pub use paperwork::{
    CheckIn, Escort, Identifier, MOST_PAPERS, Override, Paper, Paperwork, Screening, Series,
};
pub use pressures::{PressureAtItem, PressuresItem};
pub use row::{Gate, Item, ItemKind};
pub use scored::ScoredItem;
pub use state::{GateState, ItemState, ListedValue};
pub use statement::Statement;
pub use step::Step;
pub use waived_by::WaivedBy;
