//! What somebody does, recorded as one unit: everything that it appends to the chains, and the
//! answer to the request that asked for it, are on disk together or not at all. So a request that
//! is sent again after a crash finds both or neither, and acts once.

use std::fmt;

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::command::Command;
use super::core::Core;
use super::{Actor, Pending, Refusal};
use crate::record::AnswerRow;
use crate::store::Upsert;
use crate::vitals::{Millis, RoomId};

/// HTTP's statuses for done, and for done and new.
const OK: u16 = 200;
const CREATED: u16 = 201;

/// Something that somebody does.
pub trait Act: fmt::Debug + Send + 'static {
    /// Whether it adds something that was not there before.
    const IS_NEW: bool = false;

    /// The room in whose chain it is recorded; `None` for the clinic's chain.
    fn room(&self, _core: &Core) -> Option<RoomId> {
        None
    }

    /// Carries it out.
    ///
    /// # Errors
    /// The ward refuses it, and nothing has changed.
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal>;
}

/// Something to do, and who does it.
#[derive(Debug)]
pub struct By<A> {
    /// Who acts.
    pub actor: Actor,
    /// What they do.
    pub act: A,
}

impl<A: Act> Command for By<A> {
    type Answer = Result<Pending, Refusal>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        core.act(&self.actor, self.act, at)
    }
}

impl Core {
    /// Carries it out, and records it as one unit.
    pub(super) fn act<A: Act>(
        &mut self,
        actor: &Actor,
        act: A,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let status = if A::IS_NEW { CREATED } else { OK };
        let room = actor.request.as_ref().and_then(|_| act.room(self));
        let unit = self.journal.unit();
        // A refusal closes the unit without an answer: it has changed nothing.
        let mut done = act.apply(self, actor, at)?;
        // While the unit is open nothing of it is on disk: what the journal has taken waits.
        let is_taken = matches!(done.stored.try_recv(), Err(TryRecvError::Empty));
        if !is_taken {
            // It was not recorded: a receiver that never gets an answer takes its place.
            done.stored = oneshot::channel().1;
        }
        let answer = actor.request.as_deref().map(|request| {
            let body = done.json.clone().into_bytes();
            AnswerRow { request: request.clone(), status, body, at }
        });
        let Some(answer) = answer else { return Ok(done) };
        if is_taken {
            unit.close(vec![Upsert::Answer(answer)]);
        } else if let Some(mut room_actor) = room.and_then(|room| self.rooms.get_mut(&room)) {
            room_actor.answer_when_recorded(answer);
        }
        // What the clinic's chain does not accept is never recorded later: nor is the answer.
        Ok(done)
    }
}
