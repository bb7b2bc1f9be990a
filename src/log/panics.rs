use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;

use jiff::Timestamp;

use super::Log;
use super::queue::Rank;

/// How a panic is written: like the rest of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanicFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// From now on a panic's message goes through the log, and not straight to standard error, where it
/// may wait for ever. It bypasses `tracing`, in the middle of which a panic may happen.
pub fn catch_panics(log: Log, format: PanicFormat) {
    std::panic::set_hook(Box::new(move |panic| note(&log, panic, format)));
}

fn note(log: &Log, panic: &PanicHookInfo<'_>, format: PanicFormat) {
    let at = Timestamp::from_millisecond(log.inner.clock.now().0).unwrap_or_default();
    log.put(&line(&message(panic), at, format), Rank::Urgent);
}

fn message(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("without a name");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let what = panic.payload_as_str().unwrap_or("no message");
    // Only with RUST_BACKTRACE, as everywhere.
    let trace = Backtrace::capture();
    let trace = match trace.status() {
        BacktraceStatus::Captured => format!("\n{trace}"),
        _ => String::new(),
    };
    format!("thread '{thread}' panicked at {place}: {what}{trace}")
}

fn line(message: &str, at: Timestamp, format: PanicFormat) -> String {
    match format {
        PanicFormat::Human => format!("{at} ERROR {message}\n"),
        PanicFormat::Json => {
            let fields = serde_json::json!({"timestamp": at.to_string(), "level": "ERROR",
                "message": message, "target": "panic"});
            format!("{fields}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_panic_goes_the_way_of_the_log() {
        let (reader, writer) = std::io::pipe().unwrap();
        let log = Log::start(writer).unwrap();
        let before = std::panic::take_hook();
        catch_panics(log.clone(), PanicFormat::Human);
        let ended = std::thread::Builder::new().name("bed".into()).spawn(|| panic!("no such bed"));
        let ended = ended.unwrap().join();
        std::panic::set_hook(before);
        assert!(ended.is_err());
        log.flush(Duration::from_secs(60));
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(reader), &mut line).unwrap();
        let said = line.split_once(" ERROR ").unwrap().1;
        assert!(said.starts_with("thread 'bed' panicked at src/log/panics.rs:"), "{line}");
        assert!(said.contains(": no such bed"), "{line}");
    }

    #[test]
    fn a_panic_is_one_line_in_the_format_of_the_others() {
        let at = Timestamp::from_millisecond(1_763_726_400_000).unwrap();
        assert_eq!(
            line("thread 'a' panicked", at, PanicFormat::Human),
            "2025-11-21T12:00:00Z ERROR thread 'a' panicked\n"
        );
        let json = line("two\nlines", at, PanicFormat::Json);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&json["level"], &json["message"]), (&"ERROR".into(), &"two\nlines".into()));
    }
}
