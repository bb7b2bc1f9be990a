use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use super::packing::Repack;
use super::{AppendError, ClockMove, Trouble};
use crate::clock::Mark;
use crate::record::{Chain, Entry};
use crate::store::{Register, Upsert};
use crate::vitals::Millis;

/// What may wait for the disk, in bytes, what is being committed included.
pub const MAX_WAITING_BYTES: usize = 32 * 1024 * 1024;
/// What may wait for the disk, in entries and changes, what is being committed included.
pub const MAX_WAITING: usize = 100_000;
/// What goes into one transaction, unless a single append is larger.
const BATCH: Load = Load { count: 2_000, bytes: 4 * 1024 * 1024 };
/// `oldest` when nothing waits.
const NOTHING: i64 = i64::MIN;

/// What is to be written, in order.
#[derive(Debug)]
pub(super) enum Write {
    /// Entries of one chain, numbered from `first_seq`, with the views that they change.
    Entries { chain: Chain, first_seq: u64, entries: Vec<Entry>, views: Vec<Upsert> },
    /// Views alone.
    Views(Vec<Upsert>),
    /// Entries of before are packed, or leave.
    Repack(Repack),
    /// Moves the mark of the last moment alive.
    Alive(Mark),
    /// That mark was moved with the clock.
    ClockMove(ClockMove),
    /// An entry of the chain `clinic` that says how far the others reach, as they do behind all that
    /// comes before it: the writer, who knows the hashes, makes it.
    Heads { seq: u64, at: Millis },
    /// Writes nothing; the caller wants to know when all before it is on disk.
    Barrier,
}

/// A write, and whom to tell once it is on disk.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) write: Write,
    pub(super) stored: Vec<oneshot::Sender<()>>,
    load: Load,
    /// Since when it has waited, if a delay in storing it counts.
    since: Option<Millis>,
    /// The next one is committed with it, in one transaction.
    is_joined_to_next: bool,
}

impl Write {
    fn views(&self) -> &[Upsert] {
        match self {
            Self::Entries { views, .. } | Self::Views(views) => views,
            Self::Repack(_)
            | Self::Alive(_)
            | Self::ClockMove(_)
            | Self::Heads { .. }
            | Self::Barrier => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Load {
    count: usize,
    bytes: usize,
}

impl Load {
    fn plus(self, other: Self) -> Self {
        Self { count: self.count + other.count, bytes: self.bytes + other.bytes }
    }

    fn minus(self, other: Self) -> Self {
        Self { count: self.count - other.count, bytes: self.bytes - other.bytes }
    }

    fn fits(self, bound: Self) -> bool {
        self.count <= bound.count && self.bytes <= bound.bytes
    }
}

impl Item {
    fn new(write: Write, stored: Vec<oneshot::Sender<()>>) -> Self {
        let of_views = |views: &[Upsert]| Load {
            count: views.len(),
            bytes: views.iter().map(Upsert::bytes).sum(),
        };
        let of_write = match &write {
            Write::Entries { entries, views, .. } => {
                let bytes = entries.iter().map(Entry::bytes).sum();
                of_views(views).plus(Load { count: entries.len(), bytes })
            }
            Write::Views(views) => of_views(views),
            Write::Repack(repack) => Load { count: 0, bytes: repack.bytes() },
            Write::Alive(_) | Write::ClockMove(_) | Write::Heads { .. } | Write::Barrier => {
                Load::default()
            }
        };
        // One for the item itself, so that not even barriers pile up without bound.
        let own = Load { count: 1, bytes: size_of::<Self>() };
        Self { write, stored, load: of_write.plus(own), since: None, is_joined_to_next: false }
    }

    /// The time that it carries, if a delay in storing it counts.
    fn at(&self) -> Option<Millis> {
        match &self.write {
            Write::Entries { entries, .. } => entries.first().map(|entry| entry.at),
            Write::Alive(mark) => Some(mark.at),
            Write::Views(_)
            | Write::Repack(_)
            | Write::ClockMove(_)
            | Write::Heads { .. }
            | Write::Barrier => None,
        }
    }
}

/// How far a chain has come.
#[derive(Clone, Copy, Debug, Default)]
struct Tail {
    given: u64,
    committed: u64,
}

#[derive(Debug)]
struct State {
    tails: BTreeMap<Chain, Tail>,
    waiting: VecDeque<Item>,
    /// Waiting and being committed.
    held: Load,
    /// How many at the end of `waiting` belong to the unit that is open, when one is.
    of_open_unit: Option<usize>,
    /// Why the last try to commit failed, until one succeeds.
    trouble: Option<Trouble>,
    closing: bool,
    /// Something was appended to another chain than the clinic's that no note of the heads tells of.
    has_grown: bool,
    /// The newest time that the queue was given as now.
    now: Millis,
}

/// Figures of the journal since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Transactions committed.
    pub commits: u64,
    /// Entries committed.
    pub entries: u64,
    /// Attempts to commit that failed; each was, or is being, tried again.
    pub failures: u64,
    /// Entries and changes that wait for the disk now.
    pub waiting: usize,
    /// The same in bytes, roughly.
    pub waiting_bytes: usize,
}

/// What waits for the disk: bounded, and never waited for by those who append.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Who may come in, as all that was queued so far says.
    register: Register,
    wake: Notify,
    oldest: AtomicI64,
    commits: AtomicU64,
    entries: AtomicU64,
    failures: AtomicU64,
    is_packing: AtomicBool,
}

impl Queue {
    /// A queue for chains that are at the given numbers, and for those who may come in.
    pub(super) fn new(
        committed: impl IntoIterator<Item = (Chain, u64)>,
        register: Register,
    ) -> Self {
        let tail = |seq| Tail { given: seq, committed: seq };
        let state = State {
            tails: committed.into_iter().map(|(chain, seq)| (chain, tail(seq))).collect(),
            waiting: VecDeque::new(),
            held: Load::default(),
            of_open_unit: None,
            trouble: None,
            closing: false,
            has_grown: false,
            now: Millis(i64::MIN),
        };
        Self {
            state: Mutex::new(state),
            register,
            wake: Notify::new(),
            oldest: AtomicI64::new(NOTHING),
            commits: AtomicU64::new(0),
            entries: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            is_packing: AtomicBool::new(false),
        }
    }

    // Held for a few pushes at a time. A panic while it is held can only be a bug in this file,
    // and leaves whole items.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn append(
        &self,
        chain: &Chain,
        expected_seq: u64,
        entries: Vec<Entry>,
        views: Vec<Upsert>,
        stored: Vec<oneshot::Sender<()>>,
    ) -> Result<(), AppendError> {
        let count = entries.len() as u64;
        let write =
            Write::Entries { chain: chain.clone(), first_seq: expected_seq, entries, views };
        let item = Item::new(write, stored);

        let mut state = self.lock();
        let found = state.tails.get(chain).map_or(0, |tail| tail.given) + 1;
        if found != expected_seq {
            return Err(AppendError::WrongSeq { expected: expected_seq, found });
        }
        self.take_in(&mut state, item)?;
        state.tails.entry(chain.clone()).or_default().given += count;
        state.has_grown |= count > 0 && *chain != Chain::Clinic;
        Ok(())
    }

    /// Notes how far the chains reach, if anything was appended since the last time.
    pub(super) fn note_heads(&self, at: Millis) -> Result<(), AppendError> {
        let mut state = self.lock();
        if !state.has_grown {
            return Ok(());
        }
        let seq = state.tails.get(&Chain::Clinic).map_or(0, |tail| tail.given) + 1;
        self.take_in(&mut state, Item::new(Write::Heads { seq, at }, Vec::new()))?;
        state.tails.entry(Chain::Clinic).or_default().given = seq;
        state.has_grown = false;
        Ok(())
    }

    pub(super) fn push(
        &self,
        write: Write,
        stored: Vec<oneshot::Sender<()>>,
    ) -> Result<(), AppendError> {
        let mut state = self.lock();
        if let Write::Alive(mark) = &write {
            state.now = state.now.max(mark.at);
        }
        self.take_in(&mut state, Item::new(write, stored))
    }

    /// Sets the time. What is queued from now on has waited since this moment at the earliest.
    pub(super) fn time_is(&self, now: Millis) {
        let mut state = self.lock();
        state.now = state.now.max(now);
    }

    /// Changes of views that belong to no entry.
    pub(crate) fn put(
        &self,
        views: Vec<Upsert>,
        stored: Vec<oneshot::Sender<()>>,
    ) -> Result<(), AppendError> {
        self.push(Write::Views(views), stored)
    }

    /// Everybody who may come in.
    pub(crate) fn register(&self) -> &Register {
        &self.register
    }

    fn take_in(&self, state: &mut State, item: Item) -> Result<(), AppendError> {
        // Who may come in is decided now, and in the order of the queue, whatever the disk does.
        item.write.views().iter().for_each(|view| self.register.apply(view));
        if state.closing {
            return Err(AppendError::Closed);
        }
        let owed = self.register.owed();
        let still_owed = (!owed.is_empty())
            .then(|| self.place(state, Item::new(Write::Views(owed), Vec::new())))
            .and_then(Result::err);
        if let Some(owed) = &still_owed {
            self.register.owe(owed.write.views());
        }
        // What is owed must not be overtaken by a smaller change of the same: on disk the end of
        // somebody's tokens would also end the one that they were given after it.
        let must_wait = still_owed.is_some() && item.write.views().iter().any(Upsert::may_be_owed);
        let placed = if must_wait { Err(Box::new(item)) } else { self.place(state, item) };
        placed.map_err(|item| {
            self.register.owe(item.write.views());
            AppendError::Full
        })
    }

    /// Gives it back if there is no room for it.
    fn place(&self, state: &mut State, item: Item) -> Result<(), Box<Item>> {
        let held = state.held.plus(item.load);
        if !held.fits(Load { count: MAX_WAITING, bytes: MAX_WAITING_BYTES }) {
            return Err(Box::new(item));
        }
        self.put_last(state, item);
        Ok(())
    }

    fn put_last(&self, state: &mut State, mut item: Item) {
        state.held = state.held.plus(item.load);
        // What is queued now may tell of long ago: after a start, of the time before it.
        item.since = item.at().map(|at| at.max(state.now));
        if let Some(since) = item.since
            && self.oldest.load(Ordering::Relaxed) == NOTHING
        {
            self.oldest.store(since.0, Ordering::Relaxed);
        }
        state.waiting.push_back(item);
        if let Some(count) = &mut state.of_open_unit {
            *count += 1;
        }
        self.wake.notify_one();
    }

    /// From now on, until [`Self::close_unit`], what is taken in is one unit: it goes to disk in
    /// one transaction, whole or not at all.
    pub(super) fn open_unit(&self) {
        let mut state = self.lock();
        debug_assert!(state.of_open_unit.is_none(), "a unit is open already");
        state.of_open_unit = Some(0);
    }

    /// The unit is whole, with these views at its end. They are taken in although the queue may be
    /// full: what they are about is in it already. So it exceeds its bound by the last unit's views
    /// at most, as a full one takes in nothing more.
    pub(super) fn close_unit(&self, views: Vec<Upsert>) {
        let mut state = self.lock();
        if !views.is_empty() {
            self.put_last(&mut state, Item::new(Write::Views(views), Vec::new()));
        }
        let count = state.of_open_unit.take().unwrap_or(0);
        for item in state.waiting.iter_mut().rev().take(count).skip(1) {
            item.is_joined_to_next = true;
        }
        self.wake.notify_one();
    }

    /// Waits for work and takes up to a batch of it; `None` when the queue is closed and empty.
    /// For the one writer: what it took stays counted until [`Self::committed`].
    pub(super) async fn next_batch(&self) -> Option<Vec<Item>> {
        loop {
            {
                let mut state = self.lock();
                let batch = take_batch(&mut state);
                if !batch.is_empty() {
                    return Some(batch);
                }
                if state.closing && state.waiting.is_empty() {
                    return None;
                }
            }
            self.wake.notified().await;
        }
    }

    /// The batch is on disk: makes room, moves the chains on, wakes whoever waits.
    pub(super) fn committed(&self, batch: Vec<Item>) {
        let mut entries_count = 0;
        let mut told = Vec::new();
        {
            let mut state = self.lock();
            state.trouble = None;
            for item in batch {
                state.held = state.held.minus(item.load);
                if let Write::Entries { chain, first_seq, entries, .. } = item.write {
                    let count = entries.len() as u64;
                    entries_count += count;
                    state.tails.entry(chain).or_default().committed = first_seq + count - 1;
                }
                told.extend(item.stored);
            }
            let oldest = state.waiting.iter().find_map(|item| item.since);
            self.oldest.store(oldest.map_or(NOTHING, |since| since.0), Ordering::Relaxed);
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.entries.fetch_add(entries_count, Ordering::Relaxed);
        for stored in told {
            // Whoever asked may have gone.
            let _ = stored.send(());
        }
    }

    pub(super) fn failed(&self, why: Trouble) {
        self.lock().trouble = Some(why);
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes in nothing more; the writer ends once what waits is on disk.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.wake.notify_one();
    }

    /// Whether what was committed is being packed, beside the commits.
    pub(super) fn packs(&self, is_packing: bool) {
        self.is_packing.store(is_packing, Ordering::Relaxed);
    }

    pub(super) fn is_packing(&self) -> bool {
        self.is_packing.load(Ordering::Relaxed)
    }

    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.lock().trouble
    }

    pub(super) fn oldest_uncommitted(&self) -> Option<Millis> {
        Some(self.oldest.load(Ordering::Relaxed)).filter(|at| *at != NOTHING).map(Millis)
    }

    pub(super) fn next_seq(&self, chain: &Chain) -> u64 {
        self.lock().tails.get(chain).map_or(0, |tail| tail.given) + 1
    }

    pub(super) fn committed_seq(&self, chain: &Chain) -> u64 {
        self.lock().tails.get(chain).map_or(0, |tail| tail.committed)
    }

    pub(super) fn chains(&self) -> Vec<Chain> {
        let state = self.lock();
        let begun = state.tails.iter().filter(|(_, tail)| tail.committed > 0);
        begun.map(|(chain, _)| chain.clone()).collect()
    }

    /// How many entries of each chain are on disk.
    pub(super) fn lengths(&self) -> Vec<(Chain, u64)> {
        let state = self.lock();
        state.tails.iter().map(|(chain, tail)| (chain.clone(), tail.committed)).collect()
    }

    pub(super) fn counters(&self) -> Counters {
        let held = self.lock().held;
        Counters {
            commits: self.commits.load(Ordering::Relaxed),
            entries: self.entries.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            waiting: held.count,
            waiting_bytes: held.bytes,
        }
    }
}

/// What waits, up to [`BATCH`], but never a part of a unit.
fn take_batch(state: &mut State) -> Vec<Item> {
    let mut batch: Vec<Item> = Vec::new();
    let mut load = Load::default();
    let whole = state.waiting.len() - state.of_open_unit.unwrap_or(0);
    while batch.len() < whole
        && let Some(next) = state.waiting.front()
    {
        load = load.plus(next.load);
        let is_bound = batch.last().is_none_or(|last| last.is_joined_to_next);
        if !is_bound && !load.fits(BATCH) {
            break;
        }
        batch.extend(state.waiting.pop_front());
    }
    batch
}

#[cfg(test)]
mod tests;
