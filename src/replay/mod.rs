//! Recordings: a slice of a room's chain as text, and its player. A replay goes through the same
//! room code as the live path, so the same recording gives the same alert log, byte for byte.

mod export;
mod line;
mod player;

pub use crate::contract::Patient;
pub use export::{ExportError, Part, Place, export, merge_private, part};
pub(crate) use line::read_event;
pub use line::{Header, Line, LineError, write_alert, write_checkpoint, write_header, write_input};
pub use player::{Difference, PlayError, Player, open};
