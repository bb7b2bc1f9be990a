use std::time::Duration;

use tokio::sync::oneshot;

/// Replies to staff wait for their cause to be committed, at most for this long.
pub(super) const COMMIT_WAIT: Duration = Duration::from_millis(250);

/// What the ward did, as JSON of the contract, and whether it is on disk: an answer waits at most
/// 250 ms for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The thing as it is now.
    pub json: String,
    /// Whether the journal has it.
    pub recorded: bool,
    /// Whether it added something that was not there before: a session, or an event of one.
    pub is_new: bool,
}

/// An answer whose cause is on its way to the disk.
#[derive(Debug)]
pub struct Pending {
    /// The thing as it is now.
    pub json: String,
    /// Completes when the journal has it.
    pub stored: oneshot::Receiver<()>,
}

impl Pending {
    /// Whether the cause is on disk by the time for which an answer waits.
    pub(super) async fn recorded(self) -> bool {
        matches!(tokio::time::timeout(COMMIT_WAIT, self.stored).await, Ok(Ok(())))
    }
}
