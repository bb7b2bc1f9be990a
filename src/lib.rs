//! dripwatch watches over patients during infusions.

pub mod adapters;
pub mod profile;
pub mod replay;
pub mod room;
pub mod vitals;
