//! dripwatch watches over patients during infusions.

pub mod adapters;
pub mod journal;
pub mod store;
pub mod vitals;
