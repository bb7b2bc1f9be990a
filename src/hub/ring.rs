use std::collections::VecDeque;

use super::Frame;

/// Frames of a room that are kept for resuming: at least 120 s at a few frames a second.
pub const RING_FRAMES: usize = 600;
/// A ring holds no more than this, whatever the frames' size.
pub const RING_BYTES: usize = 256 << 10;

/// The last frames of one room in one view.
#[derive(Debug, Default)]
pub struct Ring {
    frames: VecDeque<Frame>,
    bytes: usize,
}

impl Ring {
    /// Keeps a frame.
    pub fn push(&mut self, frame: Frame) {
        self.bytes += frame.json.len();
        self.frames.push_back(frame);
        while self.frames.len() > RING_FRAMES || self.bytes > RING_BYTES {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes -= oldest.json.len();
        }
    }

    /// The frames after `rev`, when all of them are kept; `current` is the room's rev.
    #[must_use]
    pub fn after(&self, rev: u64, current: u64) -> Option<impl Iterator<Item = &Frame>> {
        let missed = usize::try_from(current.checked_sub(rev)?).ok()?;
        let from = self.frames.len().checked_sub(missed)?;
        Some(self.frames.iter().skip(from))
    }
}
