//! The answers of one connection, in the order of its messages.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::{Ack, Level, Outcome};
use crate::adapters::{Acknowledgement, ListenerOptions};

/// How long a sender may leave an answer unread.
const WRITE_LIMIT: Duration = Duration::from_secs(10);

pub(super) const NOT_STORED: Outcome = Outcome::Error("could not be stored, send again");

/// An answer that waits for its turn and, with `stored`, for the disk.
pub(super) struct Answer {
    pub(super) ack: Ack,
    pub(super) outcome: Outcome,
    pub(super) stored: Option<oneshot::Receiver<()>>,
    /// The answer if it could not be stored.
    pub(super) otherwise: Outcome,
    pub(super) owed: OwedAnswer,
}

/// An answer that goes out before the message is stored.
pub(super) struct AtOnce {
    pub(super) ack: Ack,
    pub(super) outcome: Outcome,
}

/// Notes that the answer can no longer be written, however it ends.
#[derive(Default)]
pub(super) struct OwedAnswer(pub(super) Acknowledgement);

impl Drop for OwedAnswer {
    fn drop(&mut self) {
        self.0.cannot_be_written();
    }
}

/// Sends the answers in the order of their messages, each when its readings are safe; in the
/// meantime those that go out at once.
pub(super) async fn write_answers(
    mut sink: impl AsyncWrite + Unpin,
    waiting: Waiting,
    mut prompt: mpsc::Receiver<AtOnce>,
    options: &ListenerOptions,
) -> io::Result<()> {
    let mut number = 0;
    let mut next_frame = |ack: &Ack, level, outcome| {
        number += 1;
        ack.frame(level, outcome, (options.now)(), &options.zone, number)
    };
    let mut next = std::pin::pin!(settled(waiting));
    loop {
        let (frame, owed) = tokio::select! {
            // That a message arrived is sent before its outcome.
            biased;
            Some(AtOnce { ack, outcome }) = prompt.recv() => {
                (next_frame(&ack, Level::Commit, outcome), None)
            }
            (answer, waiting) = &mut next => {
                let Some((answer, outcome)) = answer else { break };
                next.set(settled(waiting));
                match answer.ack.afterwards(outcome) {
                    Some(level) => {
                        (next_frame(&answer.ack, level, outcome), Some((answer.owed, outcome)))
                    }
                    None => {
                        answer.owed.0.written();
                        continue;
                    }
                }
            }
        };
        // Noted before it goes out: its reader may be faster than what comes after.
        match &owed {
            Some((owed, NOT_STORED)) => owed.0.refused(),
            Some((owed, _)) => owed.0.written(),
            None => {}
        }
        let sent = timeout(WRITE_LIMIT, sink.write_all(&frame)).await;
        if let (Err(_) | Ok(Err(_)), Some((owed, _))) = (&sent, &owed) {
            owed.0.lost();
        }
        sent??;
    }
    sink.shutdown().await
}

type Waiting = mpsc::Receiver<Answer>;

/// The next answer, once the outcome of its message is known; and the queue, for the one after it.
async fn settled(mut waiting: Waiting) -> (Option<(Answer, Outcome)>, Waiting) {
    let Some(mut answer) = waiting.recv().await else { return (None, waiting) };
    let outcome = match answer.stored.take() {
        Some(stored) => stored.await.map_or(answer.otherwise, |()| answer.outcome),
        None => answer.outcome,
    };
    (Some((answer, outcome)), waiting)
}

#[cfg(test)]
#[path = "answering_test.rs"]
mod tests;
