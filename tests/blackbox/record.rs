//! The record of a session, as it is made of its lines.

mod bad_input;
mod documents;
mod fhir;
mod paper;
mod recomputed;
mod rems;
mod scenes;
mod served;
