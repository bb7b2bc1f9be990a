//! MLLP: `0x0B`, message, `0x1C 0x0D`, and what senders make of it (PROTOCOLS a, "Framing").
//!
//! One pass over the bytes, one state: outside or inside a message. A message ends at `0x1C`,
//! at the next `MSH|` that begins a line, at the next `0x0B`, or, when it came without `0x0B`,
//! by silence ([`Framer::idle`]). So a sender that forgets any of the marks is still understood.

use std::collections::VecDeque;

/// The longest message; a longer one ends the connection.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

const START: u8 = 0x0B;
const END: u8 = 0x1C;
const HEADER: &[u8; 4] = b"MSH|";
/// A row cut off by silence is used when this many delimiters show its value to be whole.
const DELIMITERS_UP_TO_OBX_5: usize = 6;

/// The sender's message is longer than [`MAX_MESSAGE_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message is longer than {MAX_MESSAGE_BYTES} bytes")]
pub struct TooLong;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    Framed,
    /// Began with `MSH|` and no `0x0B`.
    Bare,
    Failed,
}

/// Bytes in, whole messages out. Holds at most one unfinished message of
/// [`MAX_MESSAGE_BYTES`], and those that the last [`Framer::push`] completed.
#[derive(Debug)]
pub struct Framer {
    state: State,
    message: Vec<u8>,
    /// How much of `MSH|` the line so far is; `None` when it began otherwise.
    header_seen: Option<usize>,
    ready: VecDeque<Vec<u8>>,
    skipped_bytes: u64,
}

impl Default for Framer {
    fn default() -> Self {
        Self {
            state: State::Outside,
            message: Vec::new(),
            header_seen: Some(0),
            ready: VecDeque::new(),
            skipped_bytes: 0,
        }
    }
}

impl Framer {
    /// Takes what was read, in any pieces.
    pub fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.take(byte);
        }
    }

    /// The next whole message, without its frame; an error once the sender went beyond the limit.
    #[expect(clippy::should_implement_trait, reason = "it goes on after `None`")]
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        match self.ready.pop_front() {
            None if self.state == State::Failed => Err(TooLong),
            message => Ok(message),
        }
    }

    /// Whether silence would end a message.
    #[must_use]
    pub fn awaits_silence(&self) -> bool {
        self.state == State::Bare
    }

    /// The sender has been silent for 500 ms, or has closed: ends a message without a frame.
    /// A last row that stops before the end of its value is cut off: half of 120 is not 12.
    pub fn idle(&mut self) {
        if self.state != State::Bare {
            return;
        }
        let row = self.message.iter().rposition(|b| is_line_end(*b));
        let row = row.map_or(0, |end| end + 1);
        let delimiters = self.message[row..].iter().filter(|b| **b == b'|').count();
        if delimiters < DELIMITERS_UP_TO_OBX_5 {
            self.skipped_bytes += (self.message.len() - row) as u64;
            self.message.truncate(row);
        }
        self.finish();
    }

    /// Bytes that belonged to no message, for the log.
    #[must_use]
    pub fn skipped_bytes(&self) -> u64 {
        self.skipped_bytes
    }

    fn take(&mut self, byte: u8) {
        match (self.state, byte) {
            (State::Failed, _) => return,
            (_, START) => return self.start_frame(),
            (State::Framed | State::Bare, END) => return self.finish(),
            _ => {}
        }
        let begins_message = self.line_begins_with_header(byte);
        if self.state == State::Outside {
            self.skipped_bytes += u64::from(!is_line_end(byte));
            if begins_message {
                self.skipped_bytes -= HEADER.len() as u64;
                self.message.extend_from_slice(HEADER);
                self.state = State::Bare;
            }
            return;
        }
        if self.message.len() == MAX_MESSAGE_BYTES {
            self.message = Vec::new();
            self.state = State::Failed;
            return;
        }
        self.message.push(byte);
        if begins_message && self.message.len() > HEADER.len() {
            self.message.truncate(self.message.len() - HEADER.len());
            self.end_unclosed();
            self.message.extend_from_slice(HEADER);
        }
    }

    /// Follows the line; true at the `|` of an `MSH|` that begins it. Blanks, zeros and a byte
    /// order mark before it do no harm.
    fn line_begins_with_header(&mut self, byte: u8) -> bool {
        self.header_seen = match self.header_seen {
            _ if is_line_end(byte) => Some(0),
            Some(seen) if HEADER.get(seen) == Some(&byte) => Some(seen + 1),
            Some(0) if !byte.is_ascii_graphic() => Some(0),
            _ => None,
        };
        self.header_seen == Some(HEADER.len())
    }

    fn start_frame(&mut self) {
        self.end_unclosed();
        self.state = State::Framed;
        self.header_seen = Some(0);
    }

    fn finish(&mut self) {
        self.state = State::Outside;
        self.header_seen = Some(0);
        let message = std::mem::take(&mut self.message);
        if !message.iter().all(u8::is_ascii_whitespace) {
            self.ready.push_back(message);
        }
    }

    /// The next message begins before this one was ended: whole rows are used, anything else
    /// was torn and is dropped without an answer, so that it is sent again.
    fn end_unclosed(&mut self) {
        let message = std::mem::take(&mut self.message);
        let text = |from: Option<usize>| from.unwrap_or(message.len());
        let begin = text(message.iter().position(u8::is_ascii_graphic));
        let end = text(message.iter().rposition(u8::is_ascii_graphic));
        let row_ended = message[end..].iter().copied().any(is_line_end);
        if message[begin..].starts_with(b"MSH") && row_ended {
            self.ready.push_back(message);
        } else {
            let bytes = message.iter().filter(|b| !is_line_end(**b)).count();
            self.skipped_bytes += bytes as u64;
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drain(framer: &mut Framer) -> Vec<String> {
        let mut messages = Vec::new();
        while let Ok(Some(message)) = framer.next() {
            messages.push(String::from_utf8_lossy(&message).into_owned());
        }
        messages
    }

    fn messages(bytes: &str) -> Vec<String> {
        let mut framer = Framer::default();
        framer.push(bytes.as_bytes());
        drain(&mut framer)
    }

    #[test]
    fn frames_are_unwrapped_however_many_come_at_once() {
        let found = messages("\x0bMSH|a\r\x1c\r\x0bMSH|b\n\x1c\r\n\x0bMSH|c\x1c\r");
        assert_eq!(found, ["MSH|a\r", "MSH|b\n", "MSH|c"]);
    }

    #[test]
    fn a_frame_may_come_byte_by_byte() {
        let mut framer = Framer::default();
        for byte in b"\x0bMSH|a\rOBX|\r\x1c" {
            assert_eq!(framer.next(), Ok(None));
            framer.push(&[*byte]);
        }
        assert_eq!(drain(&mut framer), ["MSH|a\rOBX|\r"]);
    }

    #[test]
    fn marks_may_be_missing() {
        let without_start = messages("MSH|a\r\x1c\rMSH|b\r\x1c\r");
        assert_eq!(without_start, ["MSH|a\r", "MSH|b\r"]);
        let without_final_cr = messages("\x0bMSH|a\r\x1c\x0bMSH|b\r\x1c");
        assert_eq!(without_final_cr, ["MSH|a\r", "MSH|b\r"]);
        let without_end = messages("\x0bMSH|a\r\x0bMSH|b\r\x1c\r");
        assert_eq!(without_end, ["MSH|a\r", "MSH|b\r"]);
    }

    #[test]
    fn garbage_before_a_frame_is_skipped_and_counted() {
        let mut framer = Framer::default();
        framer.push(b"hello MSH|no\r\n\x0bMSH|a\r\x1c\r");
        assert_eq!(drain(&mut framer), ["MSH|a\r"]);
        assert_eq!(framer.skipped_bytes(), 12);
    }

    #[test]
    fn a_torn_frame_is_dropped_and_the_next_is_read() {
        let mut framer = Framer::default();
        framer.push(b"\x0bMSH|a\rOBX|1|NM|12\x0bMSH|b\r\x1c\r");
        assert_eq!(drain(&mut framer), ["MSH|b\r"]);
        assert!(framer.skipped_bytes() > 0);
    }

    #[test]
    fn bare_messages_end_at_the_next_header_or_by_silence() {
        let mut framer = Framer::default();
        framer.push(b"MSH|a\r\nOBX|x\r\n MSH|b\r\nOBX|y|MSH|\r\n");
        assert_eq!(drain(&mut framer), ["MSH|a\r\nOBX|x\r\n "]);
        assert!(framer.awaits_silence());
        framer.idle();
        assert_eq!(drain(&mut framer), ["MSH|b\r\nOBX|y|MSH|\r\n"]);
        assert!(!framer.awaits_silence());
    }

    #[test]
    fn silence_does_not_end_a_frame() {
        let mut framer = Framer::default();
        framer.push(b"\x0bMSH|a\r");
        framer.idle();
        assert_eq!(framer.next(), Ok(None));
        framer.push(b"OBX|\r\x1c");
        assert_eq!(drain(&mut framer), ["MSH|a\rOBX|\r"]);
    }

    #[test]
    fn half_a_row_is_cut_off_by_silence_and_its_rest_is_no_message() {
        let mut framer = Framer::default();
        framer.push(b"MSH|a\rOBX|1|NM|150021||12");
        framer.idle();
        framer.push(b"0|mmHg\rMSH|b\r\x1c");
        assert_eq!(drain(&mut framer), ["MSH|a\r", "MSH|b\r"]);
        framer.push(b"MSH|c\rOBX|1|NM|150021||120|mm");
        framer.idle();
        assert_eq!(drain(&mut framer), ["MSH|c\rOBX|1|NM|150021||120|mm"]);
    }

    #[test]
    fn a_byte_order_mark_does_not_hide_a_bare_message() {
        let mut framer = Framer::default();
        framer.push(b"\xef\xbb\xbfMSH|a\r");
        framer.idle();
        assert_eq!(drain(&mut framer), ["MSH|a\r"]);
    }

    #[test]
    fn lines_before_the_header_of_a_frame_are_dropped() {
        assert_eq!(messages("\x0bBHS|x\rMSH|a\r\x1c"), ["MSH|a\r"]);
    }

    #[test]
    fn frames_without_a_header_are_handed_on_to_be_refused_and_empty_ones_are_not() {
        assert_eq!(messages("\x0bhello\x1c\r\x0b\x1c\r\x0b\r\n\x1c"), ["hello"]);
    }

    #[test]
    fn too_long_a_message_is_an_error_and_memory_stays_bounded() {
        let mut framer = Framer::default();
        framer.push(b"\x0bMSH|ok\r\x1c\x0bMSH|");
        for _ in 0..64 {
            framer.push(&[b'x'; 64 * 1024]);
            let held: usize = framer.ready.iter().map(Vec::capacity).sum();
            assert!(framer.message.capacity() + held <= 2 * MAX_MESSAGE_BYTES + 4096);
        }
        assert_eq!(framer.next(), Ok(Some(b"MSH|ok\r".to_vec())));
        assert_eq!(framer.next(), Err(TooLong));
        assert_eq!(framer.message.capacity(), 0);
    }

    #[test]
    fn the_longest_message_passes() {
        let mut framer = Framer::default();
        let text = vec![b'x'; MAX_MESSAGE_BYTES];
        framer.push(b"\x0b");
        framer.push(&text);
        framer.push(b"\x1c");
        assert_eq!(framer.next(), Ok(Some(text)));
    }

    #[test]
    fn endless_garbage_is_not_kept() {
        let mut framer = Framer::default();
        for _ in 0..64 {
            framer.push(&[b'x'; 64 * 1024]);
        }
        assert_eq!(framer.message.capacity(), 0);
        assert_eq!(framer.skipped_bytes(), 64 * 64 * 1024);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same_messages(
            pieces in prop::collection::vec(
                prop_oneof![
                    Just(b"\x0b".to_vec()), Just(b"\x1c".to_vec()), Just(b"\r".to_vec()),
                    Just(b"\n".to_vec()), Just(b"MSH|".to_vec()), Just(b"MS".to_vec()),
                    Just(b"OBX|1|NM|x||97|%".to_vec()), prop::collection::vec(any::<u8>(), 0..8),
                ], 0..60),
            cut in 1usize..9,
        ) {
            let bytes = pieces.concat();
            let mut whole = Framer::default();
            whole.push(&bytes);
            let mut split = Framer::default();
            let mut found = Vec::new();
            for piece in bytes.chunks(cut) {
                split.push(piece);
                while let Ok(Some(message)) = split.next() {
                    found.push(message);
                }
            }
            let mut expected = Vec::new();
            while let Ok(Some(message)) = whole.next() {
                expected.push(message);
            }
            prop_assert_eq!(found, expected);
            prop_assert_eq!(split.skipped_bytes(), whole.skipped_bytes());
        }
    }
}
