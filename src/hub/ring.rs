use std::collections::VecDeque;
use std::sync::Arc;

use super::{Class, Frame, Text};
use crate::contract::View;

/// Frames of a room that are kept for resuming: at least 120 s at a few frames a second.
pub const RING_FRAMES: usize = 600;
/// A ring holds no more than this of either view, whatever the frames' size.
pub const RING_BYTES: usize = 256 << 10;

/// The last frames of one room. Each is there once, for both views.
#[derive(Debug, Default)]
pub struct Ring {
    frames: VecDeque<(Class, Text)>,
    staff_bytes: usize,
    display_bytes: usize,
}

impl Ring {
    /// Keeps the room's next frame.
    pub fn push(&mut self, class: Class, text: Text) {
        self.staff_bytes += text.of(View::Staff).len();
        self.display_bytes += text.of(View::Display).len();
        self.frames.push_back((class, text));
        while self.frames.len() > RING_FRAMES
            || self.staff_bytes.max(self.display_bytes) > RING_BYTES
        {
            let Some((_, oldest)) = self.frames.pop_front() else { break };
            self.staff_bytes -= oldest.of(View::Staff).len();
            self.display_bytes -= oldest.of(View::Display).len();
        }
    }

    /// The frames after `rev` in a view, when all of them are kept; `current` is the rev of the
    /// last one, and `room` is theirs.
    #[must_use]
    pub fn after(
        &self,
        rev: u64,
        current: u64,
        (room, view): (&Arc<str>, View),
    ) -> Option<impl Iterator<Item = Frame>> {
        let missed = usize::try_from(current.checked_sub(rev)?).ok()?;
        let from = self.frames.len().checked_sub(missed)?;
        let frames = self.frames.iter().skip(from).zip(rev + 1..);
        Some(frames.map(move |((class, text), rev)| Frame {
            rev: Some(rev),
            room: Some(Arc::clone(room)),
            class: class.clone(),
            json: Arc::clone(text.of(view)),
        }))
    }
}
