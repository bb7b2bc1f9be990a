//! dripwatch watches over patients during infusions.

pub mod adapters;
pub mod cli;
pub mod config;
pub mod vitals;
