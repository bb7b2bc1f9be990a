use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use tracing::Level;

use super::repeats::Repeated;
use super::{Inner, Lost, TARGET};

/// How often the log checks for lines that were left out or lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long before a terminal or pipe that somebody made non-blocking is tried again.
const AGAIN_AFTER: Duration = Duration::from_millis(20);

/// Writes what comes, until the process ends. It may wait for as long as standard error does: only
/// this thread does.
pub(super) fn run(log: &Inner, out: impl Write) {
    let mut out = Out { out, is_in_a_line: false };
    let mut told = Notices::default();
    let mut looked_at = log.clock.now();
    loop {
        if let Some(line) = log.queue.next(LOOK_EVERY) {
            told.is_writable = out.write(&line).is_ok();
            log.queue.done(told.is_writable);
        }
        let now = log.clock.now();
        if u128::try_from(now.since(looked_at)).unwrap_or(0) >= LOOK_EVERY.as_millis() {
            looked_at = now;
            log.repeats.due(now).iter().for_each(tell_repeated);
            told.tell_lost(log);
        }
    }
}

/// Reports the same line, so many times more, as an ordinary event, so that it looks like one.
fn tell_repeated(Repeated { line, times }: &Repeated) {
    let message = &line.message;
    match line.level {
        Level::ERROR => tracing::error!(target: TARGET, times, "repeated {times} times: {message}"),
        Level::WARN => tracing::warn!(target: TARGET, times, "repeated {times} times: {message}"),
        _ => tracing::info!(target: TARGET, times, "repeated {times} times: {message}"),
    }
}

/// What the log has reported of its own losses.
#[derive(Default)]
struct Notices {
    lost: Lost,
    /// The numbers in the last report.
    is_writable: bool,
}

impl Notices {
    /// Reports once that lines were lost, when there is a way to. The numbers count from the start,
    /// so that nothing is missing if a report is lost itself.
    fn tell_lost(&mut self, log: &Inner) {
        let (queue_full, not_written) = (log.queue.refused(), log.queue.not_written());
        let lost = Lost { queue_full, not_written, repeated: 0 };
        if !self.is_writable || lost == self.lost {
            return;
        }
        self.lost = lost;
        tracing::warn!(
            target: TARGET,
            queue_full,
            not_written,
            "{} log lines were lost since the start: standard error did not take them in time",
            queue_full + not_written
        );
    }
}

/// Standard error, and whether it has accepted only part of a line.
struct Out<W> {
    out: W,
    is_in_a_line: bool,
}

impl<W: Write> Out<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.is_in_a_line {
            self.write_all(b"\n")?;
            self.is_in_a_line = false;
        }
        self.write_all(line)
    }

    fn write_all(&mut self, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            match self.out.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    rest = &rest[count..];
                    self.is_in_a_line = !rest.is_empty();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    std::thread::sleep(AGAIN_AFTER);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
