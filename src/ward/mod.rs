//! Owns the rooms. One loop turns everything from outside into typed inputs, stamps them with
//! the time, and lets the pure core apply them; what comes out goes to the screens at once and,
//! beside that, to the journal.

mod command;

pub use command::{
    Actor, Answer, Command, Hello, NewSession, Presence, Refusal, ScreenId, View, Ward,
};
