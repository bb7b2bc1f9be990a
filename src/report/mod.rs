//! The record of a session: what it leaves behind, for people and for other programs.
//!
//! ```text
//!  session of the store ──lines──┐
//!                                ├─► Assembly (plays the room) ─► SessionRecord ─► page, chart,
//!  recording, a file ────lines───┘                                                 tables, JSON
//! ```
//!
//! [`Assembly`] takes the lines of a chain or of a recording one after another, plays them through
//! the same room code that watched, and keeps what a record needs. [`SessionRecord`] is everything
//! that is known of the session: whatever shows or sends it uses only that, so that each number is
//! computed in one place. Pure: times come with the lines, names and zone with [`About`].

mod about;
mod assembly;
mod chart;
mod fhir;
mod form;
mod model;
mod moved;
mod page;
mod pdf;
mod picture;
mod rems;
mod tables;
mod words;

pub use about::About;
pub use assembly::{Assembly, NotTaken};
pub use chart::svg;
pub use fhir::{MEDIA_TYPE as FHIR_JSON, fhir};
pub use form::{Form, NotMade};
pub use model::*;
pub use page::page;
pub use pdf::{Fonts, NotDrawn, pdf};
pub use picture::{NoPicture, png};
pub use rems::*;
use tables::pressure;
pub use tables::{Table, csv};
pub(crate) use tables::{csv_cell, seconds};
