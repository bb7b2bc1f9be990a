use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{Class, Frame, Subject, VitalSet};
use crate::contract::StreamFrame;
use crate::vitals::Millis;

/// What may wait for one screen at most.
pub const MAILBOX_BYTES: usize = 1 << 20;
/// Beyond this, what is said anew by newer frames is left out: an alert must not wait behind it.
const COMPACT_BYTES: usize = 64 << 10;

/// The frames that wait for one screen. The ward puts them in, the connection takes them out.
#[derive(Debug, Default)]
pub struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    answered_at: AtomicI64,
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
    /// Puts a frame in; never waits. When a screen is too slow, what newer frames that wait say anew
    /// is left out, and `skipped` names the last rev left out. The newest frame of each vital, each
    /// alert, each monitor and of the session of a room never is. A screen for which the rest alone
    /// exceeds the bound is closed, to ask again with `hello`.
    pub fn put(&self, frame: Frame) {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return;
        }
        // Whoever takes them has been woken for those that are there already.
        let is_first = waiting.frames.is_empty();
        if matches!(frame.class, Class::Snapshot | Class::Resumed) {
            waiting.make_way();
        }
        waiting.bytes += frame.counted_bytes();
        waiting.frames.push_back(frame);
        if waiting.bytes > waiting.skip_beyond.max(COMPACT_BYTES) {
            waiting.leave_out();
            waiting.skip_beyond = (2 * waiting.bytes).min(MAILBOX_BYTES);
            waiting.is_closed = waiting.bytes > MAILBOX_BYTES;
        }
        let is_news = is_first || waiting.is_closed;
        drop(waiting);
        if is_news {
            self.arrived.notify_one();
        }
    }

    /// Takes what is there, up to `bytes`, joined by line ends.
    #[cfg(test)]
    pub(crate) fn take_now(&self, bytes: usize) -> Option<String> {
        self.lock().take(bytes)
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

    /// The screen has answered a ping: it had read all that was sent before it.
    pub fn answered(&self, at: Millis) {
        self.answered_at.fetch_max(at.0, Ordering::Relaxed);
    }

    /// When the screen last answered.
    #[must_use]
    pub fn answered_at(&self) -> Millis {
        Millis(self.answered_at.load(Ordering::Relaxed))
    }

    /// From now on nothing goes in or out.
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
        let mut length = self.frames.front()?.json.len();
        let more = self.frames.iter().skip(1).take_while(|next| {
            let fits = length + next.json.len() < bytes;
            length += if fits { 1 + next.json.len() } else { 0 };
            fits
        });
        let count = 1 + more.count();
        let mut text = String::with_capacity(length);
        for frame in self.frames.drain(..count) {
            self.bytes -= frame.counted_bytes();
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&frame.json);
        }
        Some(text)
    }

    /// What follows says all that the waiting frames of rooms said. What is of no room is not in
    /// it: answers to pings, and what was wrong with the screen's own words.
    fn make_way(&mut self) {
        self.frames.retain(|frame| frame.room.is_none() && frame.class == Class::Kept);
        self.bytes = self.frames.iter().map(Frame::counted_bytes).sum();
        self.skip_beyond = 0;
    }

    /// The first frame that waits of each alert and each monitor. It keeps its place: the newest is
    /// behind all that waits, and an alert that changes all the time would be there each time.
    fn longest_waiting(&self) -> HashSet<usize> {
        let mut known = HashSet::new();
        let frames = self.frames.iter().enumerate();
        let first = frames.filter(|(_, frame)| match (&frame.class, &frame.room) {
            (Class::Whole(subject @ (Subject::Alert(_) | Subject::Device(_))), Some(room)) => {
                known.insert((room.clone(), subject))
            }
            _ => false,
        });
        first.map(|(index, _)| index).collect()
    }

    /// Leaves out what newer frames that wait say anew, and says so before what follows.
    fn leave_out(&mut self) {
        let longest_waiting = self.longest_waiting();
        let mut newer: HashMap<Arc<str>, VitalSet> = HashMap::new();
        let mut said_anew: HashSet<(Arc<str>, Subject)> = HashSet::new();
        let mut has_heartbeat = false;
        let is_kept: Vec<bool> = (self.frames.iter().enumerate().rev())
            .map(|(index, frame)| match (&frame.class, &frame.room) {
                (Class::Vitals(vitals), Some(room)) => {
                    newer.entry(room.clone()).or_default().take_in(*vitals)
                }
                (Class::Whole(subject), Some(room)) => {
                    let is_newest = said_anew.insert((room.clone(), subject.clone()));
                    is_newest || longest_waiting.contains(&index)
                }
                (Class::Heartbeat, _) => !std::mem::replace(&mut has_heartbeat, true),
                // Said anew, with what is left out now.
                (Class::Skipped(_), _) => false,
                _ => true,
            })
            .collect();
        // First and last of each room's run.
        let mut left_out: BTreeMap<Arc<str>, (u64, u64)> = BTreeMap::new();
        let mut kept = VecDeque::new();
        for (frame, is_kept) in self.frames.drain(..).zip(is_kept.into_iter().rev()) {
            match (is_kept, &frame.room, frame.rev) {
                (false, Some(room), Some(rev)) => {
                    let from = if let Class::Skipped(from) = frame.class { from } else { rev };
                    left_out.entry(room.clone()).or_insert((from, rev)).1 = rev;
                }
                (false, ..) => {}
                (true, room, _) => {
                    let skipped = room.as_ref().and_then(|room| left_out.remove_entry(room));
                    kept.extend(skipped.map(|(room, revs)| skipped_frame(room, revs)));
                    kept.push_back(frame);
                }
            }
        }
        kept.extend(left_out.into_iter().map(|(room, revs)| skipped_frame(room, revs)));
        self.bytes = kept.iter().map(Frame::counted_bytes).sum();
        self.frames = kept;
    }
}

fn skipped_frame(room: Arc<str>, (from, to): (u64, u64)) -> Frame {
    let skipped = StreamFrame::Skipped { room: &room, from_rev: from, to_rev: to };
    // Numbers and texts cannot fail to be written.
    let json = serde_json::to_string(&skipped).unwrap_or_default();
    Frame { rev: Some(to), room: Some(room), class: Class::Skipped(from), json: json.into() }
}
