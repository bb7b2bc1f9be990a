//! Which requests with a key were answered in the last day, in memory: whether a request is new is
//! known without the disk, and mostly its answer too.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use crate::record::KeyedRequest;
use crate::store::{ANSWER_KEPT_MS, RecentAnswer};
use crate::vitals::Millis;

/// The most requests that are known at once, about 10 MB. The busiest clinic gives some thousand
/// commands a day.
pub(super) const REQUESTS: usize = 65_536;
/// How many of them may be one caller's: a program that runs wild pushes out nobody else's.
const REQUESTS_OF_ONE: usize = 16_384;
/// The most bodies that are known at once. The answer to a session's event may take 20 kB and more;
/// older answers are read from the disk.
pub(super) const BODY_BYTES: usize = 8 << 20;

/// An answer as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) status: u16,
    /// `None` when it was loaded from the disk, which has only JSON.
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recalled {
    /// Nobody has made it in the last day.
    New,
    /// This was the answer.
    Answered(Arc<Kept>),
    /// It was done. Its answer is on disk.
    Done,
    /// Only the disk knows whether it was done.
    Unsure,
}

/// Identifies a request.
type Digest = [u8; 16];

fn digest(KeyedRequest { key, who, method_path }: &KeyedRequest) -> Digest {
    let mut hasher = blake3::Hasher::new();
    for part in [key, who, method_path] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
}

#[derive(Debug)]
struct Request {
    digest: Digest,
    who: Arc<str>,
    at: Millis,
    memory: Memory,
}

#[derive(Debug)]
enum Memory {
    Whole(Arc<Kept>),
    /// Done; the body had to make room.
    Done,
    /// Given up before anybody knew whether it would be done.
    Unsure,
}

impl Memory {
    fn body_bytes(&self) -> usize {
        match self {
            Self::Whole(kept) => kept.body.len(),
            Self::Done | Self::Unsure => 0,
        }
    }
}

#[derive(Debug, Default)]
struct Caller {
    /// Numbers of the requests, oldest first; some may already be gone.
    numbers: VecDeque<u64>,
    count: usize,
    /// Until then, requests that had to make room before their day was over may come again.
    forgotten_until: Option<Millis>,
}

/// What is known. Until something is loaded, the disk is asked about what is not.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// In the order in which they came, which is that of their times.
    requests: BTreeMap<u64, Request>,
    numbers: HashMap<Digest, u64>,
    callers: HashMap<Arc<str>, Caller>,
    next: u64,
    /// No request before this number has a body.
    bodies_from: u64,
    body_bytes: usize,
    /// Until then the disk may know of requests that were not loaded; `None` when there were none.
    unloaded_until: Option<Millis>,
}

impl Known {
    /// What the disk had at the start, oldest first: everything of the last day, unless there are
    /// [`REQUESTS`] of them.
    pub(super) fn of(rows: Vec<RecentAnswer>) -> Self {
        let oldest = rows.first().filter(|_| rows.len() >= REQUESTS).map(|row| row.at);
        let until = oldest.map_or(Millis(i64::MIN), |at| at.plus(ANSWER_KEPT_MS));
        let mut known = Self { unloaded_until: Some(until), ..Self::default() };
        for RecentAnswer { request, status, body, at } in rows {
            let memory = body.map_or(Memory::Done, |body| {
                Memory::Whole(Arc::new(Kept { status, content_type: None, body }))
            });
            known.put(&request, memory, at);
        }
        known
    }

    /// What is known of the request.
    pub(super) fn recall(&self, request: &KeyedRequest, now: Millis) -> Recalled {
        let number = self.numbers.get(&digest(request));
        if let Some(known) = number.and_then(|number| self.requests.get(number)) {
            return match &known.memory {
                _ if known.at.plus(ANSWER_KEPT_MS) <= now => Recalled::New,
                Memory::Whole(kept) => Recalled::Answered(Arc::clone(kept)),
                Memory::Done => Recalled::Done,
                Memory::Unsure => Recalled::Unsure,
            };
        }
        let caller = self.callers.get(&*request.who);
        let was_forgotten = caller.and_then(|caller| caller.forgotten_until);
        let is_complete = self.unloaded_until.is_some_and(|until| until <= now)
            && was_forgotten.is_none_or(|until| until <= now);
        if is_complete { Recalled::New } else { Recalled::Unsure }
    }

    /// This was the answer to the request.
    pub(super) fn keep(&mut self, request: &KeyedRequest, kept: Arc<Kept>, now: Millis) {
        self.put(request, Memory::Whole(kept), now);
    }

    /// Nobody knows yet whether the request will have been done.
    pub(super) fn doubt(&mut self, request: &KeyedRequest, now: Millis) {
        self.put(request, Memory::Unsure, now);
    }

    fn put(&mut self, request: &KeyedRequest, memory: Memory, at: Millis) {
        let digest = digest(request);
        if let Some(before) = self.numbers.get(&digest).copied() {
            self.remove(before);
        }
        self.make_room(&request.who, at);
        let number = self.next;
        self.next += 1;
        let who = match self.callers.get_key_value(&*request.who) {
            Some((who, _)) => Arc::clone(who),
            None => Arc::from(request.who.as_str()),
        };
        let caller = self.callers.entry(Arc::clone(&who)).or_default();
        caller.numbers.push_back(number);
        caller.count += 1;
        self.body_bytes += memory.body_bytes();
        self.numbers.insert(digest, number);
        self.requests.insert(number, Request { digest, who, at, memory });
        self.drop_bodies();
    }

    fn remove(&mut self, number: u64) -> Option<Request> {
        let request = self.requests.remove(&number)?;
        self.numbers.remove(&request.digest);
        self.body_bytes -= request.memory.body_bytes();
        if let Some(caller) = self.callers.get_mut(&request.who) {
            caller.count -= 1;
            while caller.numbers.front().is_some_and(|n| !self.requests.contains_key(n)) {
                caller.numbers.pop_front();
            }
        }
        Some(request)
    }

    fn make_room(&mut self, who: &str, now: Millis) {
        while let Some((number, oldest)) = self.requests.first_key_value()
            && oldest.at.plus(ANSWER_KEPT_MS) <= now
        {
            let (number, who) = (*number, Arc::clone(&oldest.who));
            self.remove(number);
            let is_idle = |caller: &Caller| {
                caller.count == 0 && caller.forgotten_until.is_none_or(|until| until <= now)
            };
            if self.callers.get(&who).is_some_and(is_idle) {
                self.callers.remove(&who);
            }
        }
        let own = self.callers.get(who).filter(|caller| caller.count >= REQUESTS_OF_ONE);
        let fullest = || self.callers.values().max_by_key(|caller| caller.count);
        let is_full = self.requests.len() >= REQUESTS;
        let Some(caller) = own.or_else(|| is_full.then(fullest).flatten()) else { return };
        let oldest = caller.numbers.front().copied().and_then(|number| self.remove(number));
        if let Some(Request { who, at, .. }) = oldest
            && let Some(caller) = self.callers.get_mut(&who)
        {
            caller.forgotten_until = Some(at.plus(ANSWER_KEPT_MS));
        }
    }

    fn drop_bodies(&mut self) {
        while self.body_bytes > BODY_BYTES
            && let Some((number, request)) = self.requests.range_mut(self.bodies_from..).next()
        {
            let number = *number;
            self.bodies_from = number + 1;
            match &request.memory {
                // It had no effect: it may be asked again.
                Memory::Whole(kept) if kept.status >= 400 => drop(self.remove(number)),
                Memory::Whole(kept) => {
                    self.body_bytes -= kept.body.len();
                    request.memory = Memory::Done;
                }
                Memory::Done | Memory::Unsure => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = ANSWER_KEPT_MS;

    fn of(who: &str, key: impl ToString) -> KeyedRequest {
        KeyedRequest { key: key.to_string(), who: who.into(), method_path: "POST /x".into() }
    }

    fn kept(status: u16, bytes: usize) -> Arc<Kept> {
        Arc::new(Kept { status, content_type: None, body: vec![b'x'; bytes] })
    }

    fn row(key: impl ToString, at: i64, body: Option<&str>) -> RecentAnswer {
        let body = body.map(|body| body.as_bytes().to_vec());
        RecentAnswer { request: of("KM", key), status: 200, body, at: Millis(at) }
    }

    #[test]
    fn a_request_is_known_for_a_day() {
        let mut known = Known::of(vec![row("a", 5, Some("{}")), row("b", 6, None)]);
        let body = b"{}".to_vec();
        let a = Arc::new(Kept { status: 200, content_type: None, body });
        assert_eq!(known.recall(&of("KM", "a"), Millis(DAY + 4)), Recalled::Answered(a));
        assert_eq!(known.recall(&of("KM", "a"), Millis(DAY + 5)), Recalled::New);
        assert_eq!(known.recall(&of("KM", "b"), Millis(7)), Recalled::Done);
        for other in [of("TS", "a"), of("KM", "c")] {
            assert_eq!(known.recall(&other, Millis(7)), Recalled::New);
        }
        known.keep(&of("TS", "z"), kept(200, 1), Millis(DAY + 6));
        assert_eq!((known.requests.len(), known.callers.len(), known.numbers.len()), (1, 1, 1));
    }

    #[test]
    fn what_was_never_loaded_is_asked_of_the_disk() {
        let mut known = Known::default();
        assert_eq!(known.recall(&of("KM", "a"), Millis(7)), Recalled::Unsure);
        known.keep(&of("KM", "a"), kept(409, 1), Millis(7));
        assert_eq!(known.recall(&of("KM", "a"), Millis(8)), Recalled::Answered(kept(409, 1)));
    }

    #[test]
    fn of_more_than_can_be_loaded_the_disk_is_asked_for_a_day() {
        let rows = (0..REQUESTS).map(|n| row(n, 1_000, None)).collect();
        let known = Known::of(rows);
        assert_eq!(known.recall(&of("KM", "new"), Millis(999 + DAY)), Recalled::Unsure);
        assert_eq!(known.recall(&of("KM", "new"), Millis(1_000 + DAY)), Recalled::New);
    }

    #[test]
    fn a_caller_that_runs_wild_makes_nobody_elses_forgotten() {
        let mut known = Known::of(Vec::new());
        known.keep(&of("KM", "first"), kept(200, 1), Millis(0));
        for n in 0..=REQUESTS_OF_ONE {
            known.keep(&of("wild", n), kept(200, 1), Millis(1));
        }
        assert_eq!(known.recall(&of("wild", 0), Millis(2)), Recalled::Unsure);
        assert_eq!(known.recall(&of("wild", "new"), Millis(2)), Recalled::Unsure);
        assert_eq!(known.recall(&of("wild", 1), Millis(2)), Recalled::Answered(kept(200, 1)));
        assert_eq!(known.recall(&of("KM", "first"), Millis(2)), Recalled::Answered(kept(200, 1)));
        assert_eq!(known.recall(&of("KM", "new"), Millis(2)), Recalled::New);
        assert_eq!(known.requests.len(), REQUESTS_OF_ONE + 1);
        for caller in ["b", "c", "d", "e"] {
            for n in 0..REQUESTS_OF_ONE {
                known.keep(&of(caller, n), kept(200, 1), Millis(3));
            }
        }
        assert_eq!((known.requests.len(), known.numbers.len()), (REQUESTS, REQUESTS));
        assert_eq!(known.recall(&of("KM", "first"), Millis(4)), Recalled::Answered(kept(200, 1)));
    }

    #[test]
    fn bodies_are_bounded_and_what_had_no_effect_goes_whole() {
        let mut known = Known::of(Vec::new());
        known.keep(&of("KM", "done"), kept(201, BODY_BYTES / 2), Millis(0));
        known.keep(&of("KM", "refused"), kept(409, BODY_BYTES / 2), Millis(1));
        known.keep(&of("KM", "large"), kept(200, BODY_BYTES), Millis(2));
        assert_eq!(known.recall(&of("KM", "done"), Millis(3)), Recalled::Done);
        assert_eq!(known.recall(&of("KM", "refused"), Millis(3)), Recalled::New);
        assert_eq!(
            known.recall(&of("KM", "large"), Millis(3)),
            Recalled::Answered(kept(200, BODY_BYTES))
        );
        assert_eq!(known.body_bytes, BODY_BYTES);
    }

    #[test]
    fn what_was_doubtful_is_known_once_it_is_answered() {
        let mut known = Known::of(Vec::new());
        known.doubt(&of("mon-3", "k"), Millis(0));
        assert_eq!(known.recall(&of("mon-3", "k"), Millis(1)), Recalled::Unsure);
        known.keep(&of("mon-3", "k"), kept(200, 1), Millis(2));
        assert_eq!(known.recall(&of("mon-3", "k"), Millis(3)), Recalled::Answered(kept(200, 1)));
        assert_eq!(known.requests.len(), 1);
    }
}
