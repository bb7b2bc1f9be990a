//! Looks at files on a thread of its own. The disk may take its time, so it is not done on the async
//! loop; the threads that everything else shares may all be taken, and no commit waits for those.

use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use tokio::sync::oneshot;

/// What waits for the thread: who asks waits for the answer before asking again.
const WAITING: usize = 1;

type Look = Box<dyn FnOnce() + Send>;

/// The thread. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Looker(SyncSender<Look>);

impl Looker {
    pub(super) fn start() -> io::Result<Self> {
        let (sender, looks) = sync_channel::<Look>(WAITING);
        let run = move || looks.into_iter().for_each(|look| look());
        thread::Builder::new().name("record's place".to_owned()).spawn(run)?;
        Ok(Self(sender))
    }

    /// What is found there; `None` when the thread is still busy with what nobody waits for.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        look: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(Box::new(move || drop(reply.send(look())))).ok()?;
        answer.await.ok()
    }
}
