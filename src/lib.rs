//! dripwatch watches over patients during infusions.

pub mod adapters;
pub mod config;
pub mod vitals;
