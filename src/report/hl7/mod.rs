//! The vitals of a session as an HL7 v2.5.1 `ORU^R01`, for a hospital's record system
//! (protocols.md#what-is-sent).
//!
//! Made of [`SessionRecord`] alone, so the same record gives the same bytes. A message that follows
//! another one of the same session says what has changed since: `C` for what is corrected, `W` for
//! what was taken back.

mod codes;
mod message;
mod results;
mod segment;
#[cfg(test)]
mod tests;

pub use message::{Addressee, Message, hl7, message};
pub use results::FiledResult;

use super::SessionRecord;

/// What a message of the record says, whoever gets it and whenever it is written: as long as this
/// stays the same there is nothing new to send. Hexadecimal.
#[must_use]
pub fn hl7_content(record: &SessionRecord) -> String {
    message::content(record)
}
