//! The question at start when the machine's clock was set by more than a day.

use std::io::{self, IsTerminal};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::say;

const DAY_MS: u64 = 86_400_000;
/// How long the question waits: an unanswered server must not leave the rooms unwatched.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// Asks the person who started the server at a terminal whether the clock is right now, if it was
/// set by more than a day since the server last ran. Without a terminal, or an answer, the server
/// continues: then an alert asks staff.
///
/// # Errors
/// The clock is wrong: it has to be set first.
pub(super) async fn ask(set_by_ms: i64, now: &str) -> anyhow::Result<()> {
    if set_by_ms.unsigned_abs() <= DAY_MS || !(io::stdin().is_terminal() && is_read()) {
        return Ok(());
    }
    say::prompt(words(set_by_ms, now));
    let (answered, answer) = oneshot::channel();
    // Not a task: at the end the runtime would wait for a task that waits for a key.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        let _ = answered.send(read.map(|_| line));
    });
    match timeout(ANSWERED_WITHIN, answer).await {
        Ok(Ok(Ok(line))) if is_no(&line) => anyhow::bail!(
            "not started: set the clock of this machine, then start dripwatch again; nothing was \
             changed"
        ),
        _ => Ok(()),
    }
}

fn is_read() -> bool {
    io::stderr().is_terminal()
}

fn is_no(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "n" | "no")
}

fn words(set_by_ms: i64, now: &str) -> String {
    let days = set_by_ms.unsigned_abs() / DAY_MS;
    let way = if set_by_ms < 0 { "back" } else { "ahead" };
    format!(
        "The clock of this machine was set {way} by {days} days since dripwatch last ran. It says \
         {now} now.\nIs that right? [Y/n] (goes on after {} s) ",
        ANSWERED_WITHIN.as_secs()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_says_how_far_and_what_the_clock_says() {
        let text = words(-3_652 * 86_400_000 - 5, "2026-11-29 12:00");
        assert!(text.contains("set back by 3652 days") && text.contains("2026-11-29 12:00"));
    }

    #[test]
    fn only_a_plain_no_stops_it() {
        assert!(is_no("n\n") && is_no(" No \n"));
        assert!(!is_no("\n") && !is_no("y\n") && !is_no("what?\n"));
    }

    #[tokio::test]
    async fn nobody_is_asked_for_less_than_a_day() {
        assert!(ask(86_400_000, "now").await.is_ok());
        assert!(ask(0, "now").await.is_ok());
    }
}
