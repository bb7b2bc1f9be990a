use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many bytes may wait to be written: some thousand lines, which a stalled disk or a busy
/// collector can catch up on, and a small PC can spare.
pub(super) const MAX_WAITING_BYTES: usize = 1024 * 1024;
/// How much of that may be lines that are not urgent: the reason for a flood must not be lost in
/// it.
const MAX_USUAL_BYTES: usize = 768 * 1024;
/// What a line costs besides its text.
const LINE_OVERHEAD_BYTES: usize = size_of::<Box<[u8]>>() + 16;
/// A longer line is cut: one event must not displace all others.
pub(super) const LONGEST_LINE_BYTES: usize = 16 * 1024;
const CUT: &[u8] = "… (cut)\n".as_bytes();

/// Whether a line may use the last quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Warnings, errors, panics, and why a server ended.
    Urgent,
    /// Everything else.
    Usual,
}

/// Lines that wait to be written: bounded, and no caller ever waits.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// A line has come.
    wake: Condvar,
    /// Nothing waits any more.
    quiet: Condvar,
    refused: AtomicU64,
    not_written: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Box<[u8]>>,
    bytes: usize,
    is_writing: bool,
}

impl State {
    fn is_busy(&self) -> bool {
        self.is_writing || !self.lines.is_empty()
    }
}

impl Queue {
    // Held for one push or pop. Nothing in between logs, waits or can leave half a line.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put(&self, line: &[u8], rank: Rank) {
        let line = cut(line);
        let load = line.len() + LINE_OVERHEAD_BYTES;
        let most = if rank == Rank::Urgent { MAX_WAITING_BYTES } else { MAX_USUAL_BYTES };
        let mut state = self.lock();
        if state.bytes + load > most {
            drop(state);
            self.refused.fetch_add(1, Ordering::Relaxed);
            return;
        }
        state.bytes += load;
        state.lines.push_back(line);
        drop(state);
        self.wake.notify_one();
    }

    /// The next line, if one comes within this time. Whoever took it calls [`Self::done`].
    pub(super) fn next(&self, patience: Duration) -> Option<Box<[u8]>> {
        let is_empty = |state: &mut State| state.lines.is_empty();
        let waited = self.wake.wait_timeout_while(self.lock(), patience, is_empty);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let line = state.lines.pop_front()?;
        state.bytes -= line.len() + LINE_OVERHEAD_BYTES;
        state.is_writing = true;
        Some(line)
    }

    /// The line that was taken has been written, or is lost.
    pub(super) fn done(&self, is_written: bool) {
        if !is_written {
            self.not_written.fetch_add(1, Ordering::Relaxed);
        }
        self.lock().is_writing = false;
        self.quiet.notify_all();
    }

    pub(super) fn flush(&self, patience: Duration) {
        let is_busy = |state: &mut State| state.is_busy();
        drop(self.quiet.wait_timeout_while(self.lock(), patience, is_busy));
    }

    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    pub(super) fn not_written(&self) -> u64 {
        self.not_written.load(Ordering::Relaxed)
    }
}

/// The line, or as much of it as is kept, cut between two characters.
fn cut(line: &[u8]) -> Box<[u8]> {
    if line.len() <= LONGEST_LINE_BYTES {
        return line.into();
    }
    let is_within = |byte: u8| byte & 0xc0 == 0x80;
    let mut end = LONGEST_LINE_BYTES - CUT.len();
    while end > 0 && is_within(line[end]) {
        end -= 1;
    }
    [&line[..end], CUT].concat().into()
}

#[cfg(test)]
mod tests;
