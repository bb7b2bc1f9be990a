//! MLLP: `0x0B`, message, `0x1C 0x0D`, and how senders deviate from it (protocols.md#framing).
//!
//! One pass over the bytes. A message begins with `0x0B` and a header's name, or, from a sender
//! that frames nothing, with `MSH|` at the start of a line. It ends with `0x1C 0x0D`; with `0x1C`
//! alone only when silence or the next message follows; where the next message begins; and, when
//! it came without `0x0B`, by silence ([`Framer::idle`]). Any other `0x0B` or `0x1C` is part of
//! the text: senders put them into names and notes.

use std::collections::VecDeque;

/// The longest message; a longer one is refused and skipped to its end.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

const START: u8 = 0x0B;
const END: u8 = 0x1C;
/// Begins a message anywhere at the start of a line.
const HEADER: &[u8] = b"MSH|";
/// Begin a message, or a batch of them, after `0x0B`.
const FIRST_SEGMENTS: [&[u8]; 3] = [b"MSH", b"FHS", b"BHS"];
/// What is kept of the header of a message that is too long, to answer it.
const MAX_HEADER_BYTES: usize = 4_096;
/// A row cut off by silence is used if this many delimiters show that its value is complete.
const DELIMITERS_UP_TO_OBX_5: usize = 6;
/// What may follow a `0x1C` at the end of a message of the greatest length before it is decided.
const SLACK_BYTES: usize = 64;

/// What came out of the frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framed {
    /// A whole message, without its frame.
    Message(Vec<u8>),
    /// A message that is longer than [`MAX_MESSAGE_BYTES`]: its first line. The rest is skipped.
    TooLong(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    /// In a message; `bare` when it began without `0x0B`.
    Inside {
        bare: bool,
    },
    /// In the rest of a message that is too long; nothing of it is kept.
    Skipping {
        bare: bool,
    },
}

/// What may become the beginning of a message: a line, or what follows a `0x0B`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MessageStart {
    after_start: bool,
    /// Where the previous message ends.
    cut: usize,
    letters: [u8; HEADER.len()],
    seen: usize,
}

impl MessageStart {
    fn at(cut: usize, after_start: bool) -> Self {
        Self { after_start, cut, letters: [0; HEADER.len()], seen: 0 }
    }

    fn letters(&self) -> &[u8] {
        &self.letters[..self.seen]
    }

    /// The same with one more byte, unless that shows it to be text. Blanks, zeros and a byte order
    /// mark before the first letter do no harm.
    fn followed_by(mut self, byte: u8, position: usize) -> Option<Self> {
        if self.seen == 0 && !byte.is_ascii_graphic() {
            return Some(self);
        }
        if self.seen == 0 && !self.after_start {
            self.cut = position;
        }
        self.letters[self.seen] = byte;
        self.seen += 1;
        let fits = |name: &[u8]| name.starts_with(self.letters());
        let is_possible = match self.after_start {
            true => FIRST_SEGMENTS.iter().any(|name| fits(name)),
            false => fits(HEADER),
        };
        is_possible.then_some(self)
    }

    /// After a `0x0B`, before any letter.
    fn awaits_its_first_letter(&self) -> bool {
        self.after_start && self.seen == 0
    }

    fn is_whole(&self) -> bool {
        self.seen == if self.after_start { 3 } else { HEADER.len() }
    }
}

/// The `0x1C` that may have ended the message, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    None,
    /// It was the previous byte: a `0x0D` makes it the end.
    Just(usize),
    /// Nothing printable has come since: silence or the next message makes it the end.
    Open(usize),
}

impl End {
    fn at(self) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Just(at) | Self::Open(at) => Some(at),
        }
    }
}

/// Bytes in, whole messages out. Holds at most one unfinished message of
/// [`MAX_MESSAGE_BYTES`], and those that the last [`Framer::push`] completed.
#[derive(Debug)]
pub struct Framer {
    state: State,
    message: Vec<u8>,
    beginning: Option<MessageStart>,
    end: End,
    ready: VecDeque<Framed>,
    skipped_bytes: u64,
}

impl Default for Framer {
    fn default() -> Self {
        Self {
            state: State::Outside,
            message: Vec::new(),
            beginning: Some(MessageStart::at(0, false)),
            end: End::None,
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

    /// The next whole message.
    #[expect(clippy::should_implement_trait, reason = "it goes on after `None`")]
    pub fn next(&mut self) -> Option<Framed> {
        self.ready.pop_front()
    }

    /// Whether silence would end a message.
    #[must_use]
    pub fn awaits_silence(&self) -> bool {
        match self.state {
            State::Outside => false,
            State::Inside { bare } | State::Skipping { bare } => bare || self.end != End::None,
        }
    }

    /// The sender has been silent for 500 ms, or has closed: ends a message without a frame, and
    /// one whose `0x1C` came without its `0x0D`. A last row that stops before the end of its value
    /// is cut off: half of 120 is not 12.
    pub fn idle(&mut self) {
        if !self.awaits_silence() {
            return;
        }
        match (self.state, self.end.at()) {
            (State::Inside { .. }, Some(end)) => self.message.truncate(end),
            (State::Inside { .. }, None) => self.drop_half_a_row(),
            _ => {}
        }
        self.finish();
    }

    /// Whether a message has begun and not ended.
    #[must_use]
    pub fn is_in_message(&self) -> bool {
        self.state != State::Outside
    }

    /// Bytes of it that are kept.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.message.len()
    }

    /// The message took too long: its whole rows are used, as if the next one had begun.
    pub fn give_up(&mut self) {
        if let State::Inside { .. } = self.state {
            self.end_unclosed();
        }
        self.finish();
    }

    /// Bytes that belonged to no message, for the log.
    #[must_use]
    pub fn skipped_bytes(&self) -> u64 {
        self.skipped_bytes
    }

    fn take(&mut self, byte: u8) {
        let position = self.message.len();
        if let (b'\r', End::Just(end)) = (byte, self.end) {
            self.message.truncate(end);
            return self.finish();
        }
        if (self.state, byte) == (State::Outside, START) {
            self.state = State::Inside { bare: false };
            self.beginning = Some(MessageStart::at(0, false));
            return;
        }
        self.follow(byte, position);
        match self.state {
            State::Outside => self.skipped_bytes += u64::from(!is_line_end(byte)),
            State::Skipping { .. } => self.skipped_bytes += 1,
            State::Inside { bare } => {
                let slack = if self.end == End::None { 0 } else { SLACK_BYTES };
                if position >= MAX_MESSAGE_BYTES + slack {
                    return self.refuse(bare);
                }
                self.message.push(byte);
            }
        }
        if let Some(begun) = self.beginning.filter(MessageStart::is_whole) {
            self.begin(&begun);
        }
    }

    /// Follows what may be the beginning of the next message and the end of this one.
    fn follow(&mut self, byte: u8, position: usize) {
        self.beginning = match (byte, self.beginning) {
            (START, _) => Some(MessageStart::at(position, true)),
            (b'\r' | b'\n', Some(begun)) if begun.awaits_its_first_letter() => Some(begun),
            (b'\r' | b'\n', _) => Some(MessageStart::at(position + 1, false)),
            (_, begun) => begun.and_then(|begun| begun.followed_by(byte, position)),
        };
        let is_text = byte.is_ascii_graphic() && self.beginning.is_none();
        self.end = match (byte, self.end) {
            _ if self.state == State::Outside || is_text => End::None,
            (END, _) => End::Just(position),
            (_, end) => end.at().map_or(End::None, End::Open),
        };
        if byte == END && self.beginning.is_none() {
            // A sender without frames may begin its next message right here.
            self.beginning = Some(MessageStart::at(position + 1, false));
        }
    }

    /// The next message begins: ends the one before it.
    fn begin(&mut self, begun: &MessageStart) {
        let bare = match self.state {
            State::Outside => {
                self.skipped_bytes -= HEADER.len() as u64;
                true
            }
            State::Inside { bare } => {
                self.message.truncate(begun.cut);
                match self.end.at().filter(|end| *end < begun.cut) {
                    Some(end) => {
                        self.message.truncate(end);
                        self.hand_on();
                    }
                    None => self.end_unclosed(),
                }
                bare
            }
            State::Skipping { bare } => bare,
        };
        self.state = State::Inside { bare: bare && !begun.after_start };
        self.message = begun.letters().to_vec();
        self.beginning = None;
        self.end = End::None;
    }

    /// The message is longer than the limit: its header is kept, to answer it.
    fn refuse(&mut self, bare: bool) {
        let begin = self.message.iter().position(u8::is_ascii_graphic).unwrap_or(0);
        let message = std::mem::take(&mut self.message);
        let line = message[begin..].split(|b| is_line_end(*b)).next().unwrap_or_default();
        self.ready.push_back(Framed::TooLong(line[..line.len().min(MAX_HEADER_BYTES)].to_vec()));
        self.skipped_bytes += message.len() as u64 + 1;
        self.state = State::Skipping { bare };
        // Places in data that is no longer there.
        self.end = self.end.at().map_or(End::None, |_| End::Open(0));
        self.beginning = self.beginning.map(|begun| MessageStart { cut: 0, ..begun });
    }

    fn finish(&mut self) {
        self.hand_on();
        self.state = State::Outside;
        self.beginning = Some(MessageStart::at(0, false));
        self.end = End::None;
    }

    fn hand_on(&mut self) {
        let message = std::mem::take(&mut self.message);
        if message.iter().any(u8::is_ascii_graphic) {
            self.ready.push_back(Framed::Message(message));
        }
    }

    fn drop_half_a_row(&mut self) {
        let row = self.message.iter().rposition(|b| is_line_end(*b));
        let row = row.map_or(0, |end| end + 1);
        let delimiters = self.message[row..].iter().filter(|b| **b == b'|').count();
        if delimiters < DELIMITERS_UP_TO_OBX_5 {
            self.skipped_bytes += (self.message.len() - row) as u64;
            self.message.truncate(row);
        }
    }

    /// The next message begins before this one has ended: whole rows are used, anything else was
    /// torn and is dropped without an answer, so that it is sent again.
    fn end_unclosed(&mut self) {
        let message = std::mem::take(&mut self.message);
        let text = |from: Option<usize>| from.unwrap_or(message.len());
        let begin = text(message.iter().position(u8::is_ascii_graphic));
        let end = text(message.iter().rposition(u8::is_ascii_graphic));
        let row_ended = message[end..].iter().copied().any(is_line_end);
        if message[begin..].starts_with(b"MSH") && row_ended {
            self.ready.push_back(Framed::Message(message));
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
#[path = "mllp_test.rs"]
mod tests;
