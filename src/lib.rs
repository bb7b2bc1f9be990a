//! dripwatch watches over patients during infusions.

pub mod access;
pub mod adapters;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod error;
pub mod http;
pub mod hub;
pub mod journal;
pub mod profile;
pub mod replay;
pub mod room;
pub mod store;
pub mod vitals;
pub mod ward;
