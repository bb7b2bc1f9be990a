use std::cell::RefCell;
use std::sync::Arc;

use serde::Serialize;

/// What is kept for the next frame; a larger one, such as a snapshot, gives its memory back.
const MAX_BUFFER_BYTES: usize = 16 << 10;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// As JSON. Numbers and texts cannot fail to be written.
pub(super) fn written(shown: &impl Serialize) -> String {
    serde_json::to_string(shown).unwrap_or_default()
}

/// As JSON that many screens share: it is written into a buffer that is used again and again, and
/// copied once.
pub(super) fn shared(shown: &impl Serialize) -> Arc<str> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        // As above.
        let _ = serde_json::to_writer(&mut *buffer, shown);
        let text = Arc::from(str::from_utf8(buffer).unwrap_or_default());
        if buffer.capacity() > MAX_BUFFER_BYTES {
            *buffer = Vec::new();
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_text_leaves_no_large_buffer_behind() {
        assert_eq!(&*shared(&[1, 2]), "[1,2]");
        let large = "x".repeat(2 * MAX_BUFFER_BYTES);
        assert_eq!(shared(&large).len(), large.len() + 2);
        assert!(BUFFER.with_borrow(Vec::capacity) <= MAX_BUFFER_BYTES);
        assert_eq!(&*shared(&"more"), "\"more\"");
    }
}
