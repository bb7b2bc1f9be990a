//! Frames to screens: each is encoded once per room and view, kept for a while so that a screen
//! can resume, and put into the mailbox of every screen that shows the room.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What may wait for one screen at most.
pub const MAILBOX_BYTES: usize = 1 << 20;
/// Beyond this, numbers are skipped and said to be: an alert must not wait behind old ones.
const NUMBERS_BYTES: usize = 64 << 10;
/// Frames of a room that are kept for resuming: at least 120 s at a few frames a second.
pub const RING_FRAMES: usize = 600;
/// A ring holds no more than this, whatever the frames' size.
pub const RING_BYTES: usize = 256 << 10;

/// Whether a frame may be left out for a slow screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Numbers: a newer frame says the same better.
    Numbers,
    /// Alerts, sessions, devices: never left out.
    Kept,
    /// A snapshot: stands for all before it, and is as large as the ward is.
    Snapshot,
}

/// One encoded frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The room's rev; `None` for what is of no room.
    pub rev: Option<u64>,
    /// The room; `None` for what is of no room.
    pub room: Option<Arc<str>>,
    /// Whether it may be left out.
    pub class: Class,
    /// JSON, without a line end.
    pub json: Arc<str>,
}

impl Frame {
    /// What it counts against [`MAILBOX_BYTES`]. There is one snapshot in a mailbox at most.
    fn counted_bytes(&self) -> usize {
        if self.class == Class::Snapshot { 0 } else { self.json.len() }
    }
}

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

/// The frames that wait for one screen. The ward puts them in, the connection takes them out.
#[derive(Debug, Default)]
pub struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Frame>,
    bytes: usize,
    /// Skipping looks at all that waits; twice what it left may come in before the next time.
    skip_beyond: usize,
    is_closed: bool,
}

impl Mailbox {
    /// Puts a frame in; never waits. When a screen is too slow, numbers that wait are replaced by
    /// one `skipped` frame a room, which names the last rev left out; alerts never are. A screen
    /// whose kept frames alone exceed the bound is closed, to ask again with `hello`.
    pub fn put(&self, frame: Frame) {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return;
        }
        if frame.class == Class::Snapshot {
            *waiting = Waiting::default();
        }
        waiting.bytes += frame.counted_bytes();
        waiting.frames.push_back(frame);
        if waiting.bytes > waiting.skip_beyond.max(NUMBERS_BYTES) {
            waiting.skip_numbers();
            waiting.skip_beyond = (2 * waiting.bytes).min(MAILBOX_BYTES);
            waiting.is_closed = waiting.bytes > MAILBOX_BYTES;
        }
        drop(waiting);
        self.arrived.notify_one();
    }

    /// Waits for frames and takes them, up to `bytes`, joined by line ends. `None` when closed.
    pub async fn take(&self, bytes: usize) -> Option<String> {
        loop {
            let arrived = self.arrived.notified();
            {
                let mut waiting = self.lock();
                if waiting.is_closed {
                    return None;
                }
                if let Some(text) = waiting.take(bytes) {
                    return Some(text);
                }
            }
            arrived.await;
        }
    }

    /// Nothing more goes in or out.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while it is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self, bytes: usize) -> Option<String> {
        let first = self.frames.pop_front()?;
        let mut text = String::from(&*first.json);
        self.bytes -= first.counted_bytes();
        while self.frames.front().is_some_and(|next| text.len() + next.json.len() < bytes) {
            let Some(next) = self.frames.pop_front() else { break };
            self.bytes -= next.counted_bytes();
            text.push('\n');
            text.push_str(&next.json);
        }
        Some(text)
    }

    /// Leaves out all numbers but the newest of each room, and says so before what follows.
    fn skip_numbers(&mut self) {
        let mut has_newer: HashSet<Arc<str>> = HashSet::new();
        let is_kept: Vec<bool> = (self.frames.iter().rev())
            .map(|frame| match (frame.class, &frame.room) {
                (Class::Kept | Class::Snapshot, _) => true,
                // A heartbeat is of no room: the next one comes within a second.
                (Class::Numbers, None) => false,
                (Class::Numbers, Some(room)) => has_newer.insert(room.clone()),
            })
            .collect();
        let mut left_out: HashMap<Arc<str>, u64> = HashMap::new();
        let mut kept = VecDeque::new();
        for (frame, is_kept) in self.frames.drain(..).zip(is_kept.into_iter().rev()) {
            match (&frame.room, frame.rev) {
                (Some(room), Some(rev)) if !is_kept => {
                    left_out.insert(room.clone(), rev);
                }
                (Some(room), _) if is_kept => {
                    if let Some(rev) = left_out.remove(room) {
                        kept.push_back(skipped_frame(room.clone(), rev));
                    }
                    kept.push_back(frame);
                }
                _ if is_kept => kept.push_back(frame),
                _ => {}
            }
        }
        self.bytes = kept.iter().map(Frame::counted_bytes).sum();
        self.frames = kept;
    }
}

fn skipped_frame(room: Arc<str>, rev: u64) -> Frame {
    let json = serde_json::json!({"type": "skipped", "room": &*room, "to_rev": rev}).to_string();
    Frame { rev: None, room: Some(room), class: Class::Kept, json: json.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(room: &str, rev: u64, class: Class, size: usize) -> Frame {
        let json = format!("{room}:{rev}:{}", "x".repeat(size));
        Frame { rev: Some(rev), room: Some(room.into()), class, json: json.into() }
    }

    #[test]
    fn a_ring_gives_what_was_missed_or_says_that_it_cannot() {
        let mut ring = Ring::default();
        for rev in 1..=1_000 {
            ring.push(frame("3", rev, Class::Numbers, 10));
        }
        let missed: Vec<_> = ring.after(997, 1_000).unwrap().filter_map(|f| f.rev).collect();
        assert_eq!(missed, [998, 999, 1_000]);
        assert_eq!(ring.after(1_000, 1_000).unwrap().count(), 0);
        assert!(ring.after(100, 1_000).is_none());
        assert!(ring.after(1_001, 1_000).is_none(), "a rev of another run");
    }

    #[tokio::test]
    async fn a_slow_screen_gets_every_alert_and_the_newest_numbers_and_is_told_the_gap() {
        let mailbox = Mailbox::default();
        for rev in 1..=30 {
            mailbox.put(frame("3", rev, Class::Numbers, 100_000));
            if rev == 5 {
                mailbox.put(frame("3", 100, Class::Kept, 10));
            }
        }
        let mut got = Vec::new();
        for _ in 0..3 {
            got.extend(
                mailbox
                    .take(usize::MAX)
                    .await
                    .unwrap()
                    .lines()
                    .map(|line| line.chars().take(60).collect::<String>()),
            );
            if got.last().is_some_and(|line| line.starts_with("3:30")) {
                break;
            }
        }
        assert!(got.iter().any(|line| line.starts_with("3:100")), "{got:?}");
        assert!(got.iter().any(|line| line.contains("skipped")), "{got:?}");
        assert!(got.last().unwrap().starts_with("3:30"));
    }

    #[tokio::test]
    async fn a_snapshot_of_any_size_reaches_its_screen_and_stands_for_all_before_it() {
        let mailbox = Mailbox::default();
        mailbox.put(frame("3", 1, Class::Kept, 10));
        mailbox.put(frame("ward", 2, Class::Snapshot, 5 * MAILBOX_BYTES));
        mailbox.put(frame("3", 3, Class::Kept, 10));
        let text = mailbox.take(1_000).await.unwrap();
        assert!(text.starts_with("ward:2"));
        assert!(mailbox.take(1_000).await.unwrap().starts_with("3:3"));
    }

    #[tokio::test]
    async fn memory_for_one_screen_is_bounded_even_by_alerts() {
        let mailbox = Mailbox::default();
        for rev in 1..=200 {
            mailbox.put(frame("3", rev, Class::Kept, 10_000));
        }
        assert!(mailbox.take(1_000).await.is_none(), "closed, to ask again");
    }
}
