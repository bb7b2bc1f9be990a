//! Frames to screens: each is encoded once per room and view, kept for a while so that a screen
//! can resume, and put into the mailbox of every screen that shows the room.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::contract::StreamFrame;
use crate::vitals::{Millis, Vital};

/// What may wait for one screen at most.
pub const MAILBOX_BYTES: usize = 1 << 20;
/// Beyond this, numbers are skipped and said to be: an alert must not wait behind old ones.
const NUMBERS_BYTES: usize = 64 << 10;
/// Frames of a room that are kept for resuming: at least 120 s at a few frames a second.
pub const RING_FRAMES: usize = 600;
/// A ring holds no more than this, whatever the frames' size.
pub const RING_BYTES: usize = 256 << 10;

/// The vitals that a frame speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VitalSet(u16);

impl VitalSet {
    /// With one more.
    #[must_use]
    pub fn with(self, vital: Vital) -> Self {
        Self(self.0 | 1 << vital as u16)
    }

    /// Takes in all of `other`; whether any of them is new.
    fn take_in(&mut self, other: Self) -> bool {
        let before = self.0;
        self.0 |= other.0;
        self.0 != before
    }
}

/// Whether a frame may be left out for a slow screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// All that a screen shows of these vitals: left out when newer frames of the room say it of
    /// each of them. A cuff's result is not said by the next saturation.
    Vitals(VitalSet),
    /// Left out when a newer one waits.
    Heartbeat,
    /// Names the revs left out: from this one to the frame's own.
    Skipped(u64),
    /// Alerts, sessions, devices: never left out.
    Kept,
    /// What was missed follows, from the last rev that the screen has: it takes the place of what
    /// waits of rooms, which is part of it.
    Resumed,
    /// A snapshot of all: takes the place of all that waits, and is as large as the ward is.
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
    /// Puts a frame in; never waits. When a screen is too slow, numbers for which newer ones wait
    /// are left out, and `skipped` names the last rev left out; the newest frame of each vital of
    /// a room never is, nor an alert. A screen whose kept frames alone exceed the bound is closed,
    /// to ask again with `hello`.
    pub fn put(&self, frame: Frame) {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return;
        }
        if matches!(frame.class, Class::Snapshot | Class::Resumed) {
            waiting.make_way();
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

    /// The screen has answered a ping: it had read all that was sent before it.
    pub fn answered(&self, at: Millis) {
        self.answered_at.fetch_max(at.0, Ordering::Relaxed);
    }

    /// When the screen last answered.
    #[must_use]
    pub fn answered_at(&self) -> Millis {
        Millis(self.answered_at.load(Ordering::Relaxed))
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

    /// What follows says all that the waiting frames of rooms said. What is of no room is not in
    /// it: answers to pings, and what was wrong with the screen's own words.
    fn make_way(&mut self) {
        self.frames.retain(|frame| frame.room.is_none() && frame.class == Class::Kept);
        self.bytes = self.frames.iter().map(Frame::counted_bytes).sum();
        self.skip_beyond = 0;
    }

    /// Leaves out the numbers for which newer ones wait, and says so before what follows.
    fn skip_numbers(&mut self) {
        let mut newer: HashMap<Arc<str>, VitalSet> = HashMap::new();
        let mut has_heartbeat = false;
        let is_kept: Vec<bool> = (self.frames.iter().rev())
            .map(|frame| match (frame.class, &frame.room) {
                (Class::Vitals(vitals), Some(room)) => {
                    newer.entry(room.clone()).or_default().take_in(vitals)
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
            ring.push(frame("3", rev, numbers(Vital::Spo2), 10));
        }
        let missed: Vec<_> = ring.after(997, 1_000).unwrap().filter_map(|f| f.rev).collect();
        assert_eq!(missed, [998, 999, 1_000]);
        assert_eq!(ring.after(1_000, 1_000).unwrap().count(), 0);
        assert!(ring.after(100, 1_000).is_none());
        assert!(ring.after(1_001, 1_000).is_none(), "a rev of another run");
    }

    #[test]
    fn a_ring_keeps_so_many_frames_and_so_many_bytes() {
        let frames = |count: u64, bytes: usize| {
            let mut ring = Ring::default();
            for rev in 1..=count {
                let json = "x".repeat(bytes).into();
                ring.push(Frame { rev: Some(rev), room: None, class: Class::Kept, json });
            }
            ring
        };
        let most = RING_FRAMES as u64;
        assert_eq!(frames(most, 1).after(0, most).unwrap().count(), RING_FRAMES);
        let cut = frames(most + 1, 1);
        assert!(cut.after(0, most + 1).is_none(), "it gets a snapshot");
        assert_eq!(cut.after(1, most + 1).unwrap().count(), RING_FRAMES);
        assert_eq!(frames(4, RING_BYTES / 4).after(0, 4).unwrap().count(), 4);
        let cut = frames(4, RING_BYTES / 4 + 1);
        assert!(cut.after(0, 4).is_none(), "it gets a snapshot");
        assert_eq!(cut.after(1, 4).unwrap().count(), 3);
    }

    fn numbers(vital: Vital) -> Class {
        Class::Vitals(VitalSet::default().with(vital))
    }

    /// The first 60 letters of all that waits.
    async fn heads(mailbox: &Mailbox) -> Vec<String> {
        let text = mailbox.take(usize::MAX).await.unwrap();
        text.lines().map(|line| line.chars().take(60).collect()).collect()
    }

    #[tokio::test]
    async fn a_slow_screen_gets_every_alert_and_the_newest_numbers_and_is_told_the_gap() {
        let mailbox = Mailbox::default();
        for rev in 1..=30 {
            let class = if rev == 5 { Class::Kept } else { numbers(Vital::Spo2) };
            mailbox.put(frame("3", rev, class, 100_000));
        }
        let got: Vec<String> =
            heads(&mailbox).await.iter().map(|line| line.replace('x', "")).collect();
        let skipped = |from: u64, to: u64| {
            format!(r#"{{"type":"skipped","room":"3","from_rev":{from},"to_rev":{to}}}"#)
        };
        // It looks again when twice as much waits.
        assert_eq!(got, [&*skipped(1, 4), "3:5:", &*skipped(6, 28), "3:29:", "3:30:"]);
    }

    #[tokio::test]
    async fn the_newest_frame_of_each_vital_of_each_room_is_never_left_out() {
        let mailbox = Mailbox::default();
        let both = Class::Vitals(VitalSet::default().with(Vital::Spo2).with(Vital::Temp));
        for room in ["3", "4"] {
            mailbox.put(frame(room, 1, numbers(Vital::Nibp), 10));
            mailbox.put(frame(room, 2, numbers(Vital::Nibp), 10));
            mailbox.put(frame(room, 3, both, 10));
        }
        for rev in 4..=2_000 {
            mailbox.put(frame("3", rev, numbers(Vital::Spo2), 100));
            mailbox.put(frame("4", rev, numbers(Vital::PulseRate), 100));
        }
        let got = heads(&mailbox).await;
        for (room, newest) in [("3", vec![2, 3, 2_000]), ("4", vec![2, 3, 2_000])] {
            let of_room =
                |rev: i32| got.iter().any(|line| line.starts_with(&format!("{room}:{rev}:")));
            assert!(newest.iter().all(|rev| of_room(*rev)), "{room}: {got:?}");
            assert!(!of_room(1), "{room}: a newer pressure waits");
        }
        assert!(got.len() < 700, "the others are left out: {}", got.len());
    }

    /// What a screen does with revs (`model.ts`), over any mix of frames.
    #[tokio::test]
    async fn revs_follow_each_other_whatever_is_left_out() {
        for seed in 0..200_u64 {
            let mailbox = Mailbox::default();
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut draw = |below: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % below
            };
            let mut known = HashMap::from([("3", 0), ("4", 0)]);
            let mut sent = known.clone();
            let mut newest: HashMap<(&str, usize), u64> = HashMap::new();
            let mut shown = newest.clone();
            for step in 0..400 {
                let room = if draw(2) == 0 { "3" } else { "4" };
                let rev = sent[room] + 1;
                sent.insert(room, rev);
                let vital = Vital::ALL[draw(4) as usize];
                let class = if draw(9) == 0 { Class::Kept } else { numbers(vital) };
                if class != Class::Kept {
                    newest.insert((room, vital as usize), rev);
                }
                let json = format!("{room} {rev} {} {}", vital as usize, "x".repeat(4_000));
                mailbox.put(Frame {
                    rev: Some(rev),
                    room: Some(room.into()),
                    class,
                    json: json.into(),
                });
                if draw(40) == 0 || step == 399 {
                    for line in mailbox.take(usize::MAX).await.unwrap().lines() {
                        if line.starts_with('{') {
                            let skipped: serde_json::Value = serde_json::from_str(line).unwrap();
                            let room = if skipped["room"] == "3" { "3" } else { "4" };
                            assert_eq!(skipped["from_rev"], known[room] + 1, "seed {seed}");
                            known.insert(room, skipped["to_rev"].as_u64().unwrap());
                            continue;
                        }
                        let words: Vec<&str> = line.split(' ').collect();
                        let room = if words[0] == "3" { "3" } else { "4" };
                        let rev: u64 = words[1].parse().unwrap();
                        assert_eq!(rev, known[room] + 1, "seed {seed}");
                        known.insert(room, rev);
                        shown.insert((room, words[2].parse().unwrap()), rev);
                    }
                }
            }
            assert_eq!(known, sent, "seed {seed}");
            for (which, rev) in newest {
                assert!(
                    shown.get(&which).is_some_and(|shown| *shown >= rev),
                    "seed {seed}: {which:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn one_heartbeat_waits_and_it_is_the_newest() {
        let mailbox = Mailbox::default();
        for beat in 1..=3_000 {
            let json = format!("beat {beat} {}", "x".repeat(90));
            mailbox.put(Frame {
                rev: None,
                room: None,
                class: Class::Heartbeat,
                json: json.into(),
            });
        }
        let got = heads(&mailbox).await;
        assert!(got.last().unwrap().starts_with("beat 3000 "));
        assert!(got.len() < 800, "{}", got.len());
    }

    #[tokio::test]
    async fn a_snapshot_of_any_size_reaches_its_screen_and_stands_for_all_before_it() {
        let mailbox = Mailbox::default();
        mailbox.put(frame("3", 1, Class::Kept, 10));
        let pong = Frame { rev: None, room: None, class: Class::Kept, json: "pong".into() };
        mailbox.put(pong);
        mailbox.put(frame("ward", 2, Class::Snapshot, 5 * MAILBOX_BYTES));
        mailbox.put(frame("3", 3, Class::Kept, 10));
        assert_eq!(mailbox.take(1_000).await.unwrap(), "pong", "no snapshot answers a ping");
        let text = mailbox.take(1_000).await.unwrap();
        assert!(text.starts_with("ward:2"));
        assert!(mailbox.take(1_000).await.unwrap().starts_with("3:3"));
    }

    /// Or a rev would come twice, and `skipped` name one that is still to come.
    #[tokio::test]
    async fn what_was_missed_takes_the_place_of_what_waits() {
        let mailbox = Mailbox::default();
        let missed = |rev| frame("3", rev, numbers(Vital::Nibp), 40_000);
        (5..=6).for_each(|rev| mailbox.put(missed(rev)));
        let word = Frame { rev: None, room: None, class: Class::Resumed, json: "resumed".into() };
        mailbox.put(word);
        (4..=6).for_each(|rev| mailbox.put(missed(rev)));
        let got: Vec<String> =
            heads(&mailbox).await.iter().map(|line| line.replace('x', "")).collect();
        assert_eq!(
            got,
            ["resumed", r#"{"type":"skipped","room":"3","from_rev":4,"to_rev":4}"#, "3:5:", "3:6:"]
        );
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
