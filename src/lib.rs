//! dripwatch watches over patients during infusions.

pub mod adapters;
pub mod profile;
pub mod vitals;
