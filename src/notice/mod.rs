//! What leaves the building's screens: of an alert the steps that people are told, and nothing
//! about the patient but the room.

pub mod step;
