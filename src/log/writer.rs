use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use tracing::Level;

use super::repeats::Repeated;
use super::{Inner, Lost, TARGET};

/// How often the log looks at what it left out, and at what was lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Until a terminal or pipe that somebody made non-blocking is asked again.
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

/// The same line, so many times more. It goes the way of all events, so that it looks as they do.
fn tell_repeated(Repeated { line, times }: &Repeated) {
    let message = &line.message;
    match line.level {
        Level::ERROR => tracing::error!(target: TARGET, times, "repeated {times} times: {message}"),
        Level::WARN => tracing::warn!(target: TARGET, times, "repeated {times} times: {message}"),
        _ => tracing::info!(target: TARGET, times, "repeated {times} times: {message}"),
    }
}

/// What the log has said of its own losses.
#[derive(Default)]
struct Notices {
    lost: Lost,
    /// As the last line showed.
    is_writable: bool,
}

impl Notices {
    /// Says once that lines were lost, when there is a way to say so. The numbers are those since
    /// the start, so that a notice that is lost itself takes nothing with it.
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

/// Standard error, and whether it is in the middle of a line that it did not take whole.
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
mod tests {
    use std::sync::mpsc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::log::{Limit, Lines, Log};

    const PATIENCE: Duration = Duration::from_secs(60);

    /// Says what each write is to do, and keeps what was written.
    struct Played {
        answers: mpsc::Receiver<io::Result<usize>>,
        written: mpsc::Sender<String>,
    }

    impl Write for Played {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = self.answers.recv().unwrap_or(Ok(usize::MAX))?.min(bytes.len());
            let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
            let _ = self.written.send(text);
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Bench {
        log: Log,
        answers: Option<mpsc::Sender<io::Result<usize>>>,
        written: mpsc::Receiver<String>,
    }

    impl Bench {
        fn new() -> Self {
            let (answers, asked) = mpsc::channel();
            let (written, read) = mpsc::channel();
            let log = Log::start(Played { answers: asked, written }).unwrap();
            Self { log, answers: Some(answers), written: read }
        }

        fn logging(&self, log: impl FnOnce()) {
            let lines = Lines::new(self.log.clone());
            let layer = tracing_subscriber::fmt::layer().with_writer(lines).with_ansi(false);
            let limit = Limit::new(self.log.clone());
            let subscriber = tracing_subscriber::registry().with(layer).with(limit);
            tracing::subscriber::with_default(subscriber, log);
        }

        fn answer(&self, answer: io::Result<usize>) {
            self.answers.as_ref().unwrap().send(answer).unwrap();
        }

        fn next(&self) -> String {
            self.written.recv_timeout(PATIENCE).unwrap()
        }
    }

    #[test]
    fn whoever_logs_goes_on_while_nothing_can_be_written_and_what_is_lost_is_counted() {
        let bench = Bench::new();
        bench.logging(|| (0..50_000).for_each(|n| tracing::debug!(n, "a line of some length")));
        let lost = bench.log.lost();
        assert!(lost.queue_full > 10_000, "{lost:?}");
        assert_eq!((lost.not_written, lost.repeated), (0, 0));
        bench.log.flush(Duration::from_millis(1));
    }

    #[test]
    fn a_write_that_fails_loses_its_line_and_no_other() {
        let mut bench = Bench::new();
        bench.logging(|| {
            tracing::warn!("first");
            tracing::warn!("second");
            tracing::warn!("third");
        });
        bench.answer(Err(ErrorKind::BrokenPipe.into()));
        bench.answer(Ok(4));
        bench.answer(Err(ErrorKind::StorageFull.into()));
        bench.answers = None;
        bench.log.flush(PATIENCE);
        assert_eq!(bench.log.lost().not_written, 2);
        assert_eq!(bench.next().len(), 4);
        assert_eq!(bench.next(), "\n", "half a line is ended before the next");
        assert!(bench.next().ends_with("third\n"));
    }

    #[test]
    fn one_that_is_not_ready_or_interrupted_is_asked_again() {
        let mut bench = Bench::new();
        bench.answer(Err(ErrorKind::WouldBlock.into()));
        bench.answer(Err(ErrorKind::Interrupted.into()));
        bench.answers = None;
        bench.logging(|| tracing::warn!("first"));
        assert!(bench.next().ends_with("first\n"));
        bench.log.flush(PATIENCE);
        assert_eq!(bench.log.lost(), Lost::default());
    }

    #[test]
    fn the_same_line_is_left_out_whatever_its_fields_are_unless_somebody_debugs() {
        let mut bench = Bench::new();
        bench.answers = None;
        bench.logging(|| {
            for n in 0..30 {
                tracing::warn!(n, "again");
                tracing::debug!(n, "all of it");
            }
            tracing::warn!("another");
        });
        bench.log.flush(PATIENCE);
        let lines: Vec<String> = bench.written.try_iter().collect();
        let count = |what: &str| lines.iter().filter(|line| line.contains(what)).count();
        assert_eq!((count("again"), count("all of it"), count("another")), (20, 30, 1));
        assert_eq!(bench.log.lost().repeated, 10);
    }
}
