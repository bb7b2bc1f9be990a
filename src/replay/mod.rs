//! A recording is played through the same room code as the live path, so the same recording gives
//! the same alert log, byte for byte.

mod player;

pub use player::{Difference, PlayError, Player, open};
