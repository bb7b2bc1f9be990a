//! What the room promises beyond single behaviours, shown on the public parts of the library.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod house;
mod play;
mod quiet_path;
mod rule_mutants;
mod rule_scripts;
