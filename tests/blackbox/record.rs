//! The record of a session, as it is made of its lines.

mod bad_input;
mod documents;
mod paper;
mod recomputed;
mod scenes;
mod served;
