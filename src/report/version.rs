//! Which record of a session it is.

use super::SessionRecord;

/// A record of a session that is over, told from every other one by what it says: the same record,
/// made again at another time or for somebody else, is the same. Hexadecimal.
///
/// A running session has another record at every moment.
#[must_use]
pub fn version(record: &SessionRecord) -> String {
    let mut undated = record.clone();
    let header = &mut undated.header;
    // The chain of the room goes on after the session.
    (header.hash, header.entries) = (None, 0);
    (header.made_for, header.made_by_program) = (None, String::new());
    if header.ended_at.is_some() {
        header.made_at = Default::default();
    }
    // Texts, numbers and lists of them cannot fail to be written.
    let json = serde_json::to_string(&undated).unwrap_or_default();
    blake3::hash(json.as_bytes()).to_hex().to_string()
}
