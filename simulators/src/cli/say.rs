//! The answer of a command.

use std::io::Write as _;

/// A reader that closes early, such as `head`, has what it wanted.
pub(super) fn answer(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(problem) if problem.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
