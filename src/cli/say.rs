//! What a person at the terminal reads.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::check_config::BAD_CONFIGURATION;
use crate::config::Problems;
use crate::log;
use crate::vitals::Millis;

/// The command line is wrong in a way that only shows when the command runs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);

/// What is wrong if standard output fails.
pub(super) const NOT_WRITTEN: &str = "the answer cannot be written";

/// Writes an answer to standard output.
pub(super) fn answer(text: impl fmt::Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).context(NOT_WRITTEN)
}

/// Writes what is not the answer to standard error.
pub(super) fn note(text: impl fmt::Display) {
    // Whoever closed standard error does not want to know.
    let _ = writeln!(io::stderr(), "{text}");
}

/// The same, for a question whose answer is typed after it.
pub(super) fn prompt(text: impl fmt::Display) {
    // What was logged earlier is shown first.
    log::flush();
    let mut err = io::stderr();
    // Nobody answers a question that cannot be shown.
    let _ = write!(err, "{text}").and_then(|()| err.flush());
}

/// A time to the minute, as a wall clock in that zone shows it.
pub(super) fn minute(at: Millis, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(
        |_| at.to_string(),
        |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// Says why a command failed, and returns its exit code. It goes through the log: a server that has
/// to end must not wait for a standard error that nobody reads.
pub(super) fn failure(error: &anyhow::Error) -> ExitCode {
    let code = code(error);
    if let Some(problems) = error.downcast_ref::<Problems>() {
        log::say(&problems.to_string());
    } else if code != 0 {
        log::say(&format!("dripwatch: {}", sentence(error)));
    }
    ExitCode::from(code)
}

fn code(error: &anyhow::Error) -> u8 {
    // Whoever read our answer, such as `head`, has seen enough.
    let is_closed = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
    };
    if error.is::<Problems>() {
        BAD_CONFIGURATION
    } else if error.is::<Usage>() {
        2
    } else {
        u8::from(!error.chain().any(is_closed))
    }
}

/// The causes one after another, without those that the previous sentence has already said.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Rows in columns of equal width; the last column stays as it is.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: &[String; N]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let head = line(&head.map(str::to_owned));
    rows.iter().fold(head, |text, row| text + &line(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows =
            [["Kim".to_owned(), "nurse".to_owned()], ["Alexandra".to_owned(), String::new()]];
        assert_eq!(
            table(["NAME", "ROLE"], &rows),
            "NAME       ROLE\nKim        nurse\nAlexandra\n"
        );
    }

    #[test]
    fn a_cause_is_said_once() {
        let cause = || Err::<(), _>(io::Error::other("disk full"));
        let error = cause().context("a.ndjson cannot be written").unwrap_err();
        assert_eq!(sentence(&error), "a.ndjson cannot be written: disk full");
        let error = cause().context("cannot be written: disk full").unwrap_err();
        assert_eq!(sentence(&error), "cannot be written: disk full");
    }

    #[test]
    fn exit_codes_show_what_kind_of_failure_it_was() {
        assert_eq!(code(&anyhow::anyhow!("no")), 1);
        assert_eq!(code(&Usage("no".into()).into()), 2);
        assert_eq!(code(&io::Error::from(ErrorKind::BrokenPipe).into()), 0);
    }
}
