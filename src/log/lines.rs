use std::io;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::Log;
use super::queue::Rank;

/// Where the formatter writes: each write is one line of the log.
#[derive(Debug)]
pub struct Lines(Log);

impl Lines {
    /// Lines of this log.
    #[must_use]
    pub fn new(log: Log) -> Self {
        Self(log)
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        LineWriter { log: &self.0, rank: Rank::Usual }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        let rank = if *metadata.level() <= Level::WARN { Rank::Urgent } else { Rank::Usual };
        LineWriter { log: &self.0, rank }
    }
}

/// One line on its way into the log.
#[derive(Debug)]
pub struct LineWriter<'a> {
    log: &'a Log,
    rank: Rank,
}

impl io::Write for LineWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.log.inner.queue.put(line, self.rank);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
