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
