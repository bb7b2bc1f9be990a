use tokio::sync::mpsc;

use super::act::{Act, By};
use super::command::{Command, Envelope};
use super::{Actor, Answer, Record, Refusal, Stop};
use crate::adapters::Intake;
use crate::store::Upsert;

/// The ward, as the rest of the program sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ward {
    commands: mpsc::Sender<Envelope>,
    intake: Intake,
}

impl Ward {
    /// The ward behind these two channels.
    #[must_use]
    pub fn new(commands: mpsc::Sender<Envelope>, intake: Intake) -> Self {
        Self { commands, intake }
    }

    /// Where adapters hand over frames.
    #[must_use]
    pub fn intake(&self) -> Intake {
        self.intake.clone()
    }

    /// Sends a command and waits for the answer.
    ///
    /// # Errors
    /// The ward has ended.
    pub async fn ask<C: Command>(&self, command: C) -> Result<C::Answer, Refusal> {
        let (envelope, answer) = Envelope::of(command);
        self.commands.send(envelope).await.map_err(|_| Refusal::Stopping)?;
        answer.await.map_err(|_| Refusal::Stopping)
    }

    /// Sends a command without waiting until it is done. A ward that has ended ignores it.
    pub async fn tell<C: Command>(&self, command: C) {
        let _ = self.commands.send(Envelope::of(command).0).await;
    }

    /// Sends what somebody does: answered once it is on disk, or after 250 ms.
    ///
    /// # Errors
    /// The ward refuses it, or has ended.
    pub async fn act<A: Act>(&self, actor: Actor, act: A) -> Result<Answer, Refusal> {
        let pending = self.ask(By { actor, act }).await??;
        let json = pending.json.clone();
        Ok(Answer { json, recorded: pending.recorded().await, is_new: A::IS_NEW })
    }

    /// Appends to the clinic's chain what belongs to no room (staff, tokens, audit), with its
    /// views. `true` once it is on disk, `false` when that takes longer than 250 ms.
    pub async fn record(
        &self,
        what: serde_json::Value,
        views: Vec<Upsert>,
    ) -> Result<bool, Refusal> {
        Ok(self.ask(Record { what, views }).await?.recorded().await)
    }

    /// Ends the loop after what is waiting.
    pub async fn stop(&self) {
        let _ = self.ask(Stop).await;
    }
}
