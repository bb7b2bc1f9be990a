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
    /// What it is when it could not be stored.
    pub(super) otherwise: Outcome,
    pub(super) owed: OwedAnswer,
}

/// An answer that goes out before the message is stored.
pub(super) struct AtOnce {
    pub(super) ack: Ack,
    pub(super) outcome: Outcome,
}

/// Says that the answer can no longer be written, however it comes to its end.
#[derive(Default)]
pub(super) struct OwedAnswer(pub(super) Acknowledgement);

impl Drop for OwedAnswer {
    fn drop(&mut self) {
        self.0.cannot_be_written();
    }
}

/// Sends the answers in the order of their messages, each when its readings are safe; meanwhile
/// those that go out at once.
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
            // That a message came is said before what became of it.
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
        // Before it goes out: its reader may be faster than what comes after.
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

/// The next answer, once it is known what became of its message; and the queue, for the one after.
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
