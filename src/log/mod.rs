//! The log's own way out. A caller puts a line into a bounded queue and continues; one thread
//! writes what waits to standard error. So a full disk, a pipe whose reader died or a pipe that
//! nobody reads costs lines, never a heartbeat.
//!
//! Lines are lost for two reasons, and left out for a third: the queue is full, standard error does
//! not accept them, or the same line came again and again. Each is counted ([`lost`], in `/metrics`
//! as `dripwatch_log_lines_dropped_total`) and mentioned in the log when that is possible.
//!
//! `tracing-appender` would be the library for this. It bounds its queue by the number of lines,
//! however long they are, not by bytes; it does not count what it cannot write; and a panic's
//! message bypasses it and goes straight to standard error.

mod limit;
mod lines;
mod panics;
mod queue;
mod repeats;
mod writer;

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use limit::Limit;
pub use lines::Lines;
pub use panics::{PanicFormat, catch_panics};

use crate::clock::Clock;
use queue::{Queue, Rank};
use repeats::Repeats;

/// How long the end of the process may wait for the remaining lines: whoever ends a server wants
/// its last words, but not a process that cannot be ended.
pub const AT_EXIT: Duration = Duration::from_secs(1);

/// What the log reports about itself; never limited, or it would report nothing.
const TARGET: &str = "dripwatch::log";

static LOG: OnceLock<Log> = OnceLock::new();

/// The way into the log. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Log {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    queue: Queue,
    repeats: Repeats,
    clock: Clock,
}

/// Lines that did not reach standard error since the process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// More came than could be written.
    pub queue_full: u64,
    /// Standard error did not accept them: its disk is full, or its reader is gone.
    pub not_written: u64,
    /// The same line came too often; how often is in the log.
    pub repeated: u64,
}

impl Log {
    /// A log whose lines a thread writes to `out` from now on.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub fn start(out: impl io::Write + Send + 'static) -> io::Result<Self> {
        let (queue, repeats, clock) = (Queue::default(), Repeats::default(), Clock::start());
        let log = Self { inner: Arc::new(Inner { queue, repeats, clock }) };
        let written = log.clone();
        let thread = std::thread::Builder::new().name("log".to_owned());
        thread.spawn(move || writer::run(&written.inner, out))?;
        Ok(log)
    }

    /// Makes this the log of the process, which [`lost`], [`say`] and [`flush`] use. The first one
    /// stays.
    pub fn install(&self) {
        let _ = LOG.set(self.clone());
    }

    /// Puts in a line, with its end. Never waits.
    fn put(&self, line: &str, rank: Rank) {
        self.inner.queue.put(line.as_bytes(), rank);
    }

    /// Waits until everything that was put in is written or lost, but no longer than `patience`.
    pub fn flush(&self, patience: Duration) {
        self.inner.queue.flush(patience);
    }

    /// The lines that have not reached standard error so far.
    #[must_use]
    pub fn lost(&self) -> Lost {
        let Inner { queue, repeats, .. } = &*self.inner;
        Lost {
            queue_full: queue.refused(),
            not_written: queue.not_written(),
            repeated: repeats.left_out(),
        }
    }
}

/// The lines that have not reached standard error since the process started.
#[must_use]
pub fn lost() -> Lost {
    LOG.get().map(Log::lost).unwrap_or_default()
}

/// Writes something to standard error that is no event: why a server ended.
pub fn say(text: &str) {
    match LOG.get() {
        Some(log) => log.put(&format!("{text}\n"), Rank::Urgent),
        // Before there is a log nobody depends on us yet; whoever closed standard error does not
        // want to know.
        None => drop(io::Write::write_all(&mut io::stderr(), format!("{text}\n").as_bytes())),
    }
}

/// Waits for the remaining lines, for [`AT_EXIT`] at most.
pub fn flush() {
    if let Some(log) = LOG.get() {
        log.flush(AT_EXIT);
    }
}
