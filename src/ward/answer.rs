use std::time::Duration;

use tokio::sync::oneshot;

/// Replies to staff follow the commit of their cause, or go after this time.
pub(super) const COMMIT_WAIT: Duration = Duration::from_millis(250);

/// What the ward did, as JSON of the contract, and whether it is on disk: an answer does not wait
/// longer than 250 ms for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The thing as it is now.
    pub json: String,
    /// Whether the journal has it.
    pub recorded: bool,
    /// Whether there is something that was not there before: a session, or an event of one.
    pub is_new: bool,
}

/// An answer whose cause is on its way to the disk.
#[derive(Debug)]
pub struct Pending {
    /// The thing as it is now.
    pub json: String,
    /// ScreenCopy when the journal has it.
    pub stored: oneshot::Receiver<()>,
}

impl Pending {
    /// Whether the disk has its cause within the time for which an answer waits.
    pub(super) async fn recorded(self) -> bool {
        matches!(tokio::time::timeout(COMMIT_WAIT, self.stored).await, Ok(Ok(())))
    }
}
