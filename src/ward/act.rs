//! What somebody does, as one: all that it appends to the chains, and the answer of the request by
//! which it was asked for, are on disk together or not at all. So a request that is sent again
//! after a crash finds either both or neither, and acts once.

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::command::{Act, Pending};
use super::core::Core;
use super::{Actor, LONGEST_AGO_MS, Refusal};
use crate::store::{AnswerRow, Upsert};
use crate::vitals::{Millis, RoomId};

/// HTTP's words for done, and for done and new.
const OK: u16 = 200;
const CREATED: u16 = 201;

impl Core {
    /// Does it, and records it as one.
    pub(super) fn act(&mut self, actor: &Actor, act: Act, at: Millis) -> Result<Pending, Refusal> {
        let status = if act.is_new() { CREATED } else { OK };
        let room = actor.request.as_ref().and_then(|_| self.room_of_act(&act));
        let unit = self.journal.unit();
        // A refusal closes the unit without an answer: it has changed nothing.
        let mut done = self.apply_act(actor, act, at)?;
        // While the unit is open nothing of it is on disk: what the journal has taken waits.
        let is_taken = matches!(done.stored.try_recv(), Err(TryRecvError::Empty));
        if !is_taken {
            // A receiver that was told of its end must not be waited for; a new one may.
            done.stored = oneshot::channel().1;
        }
        let answer = actor.request.as_deref().map(|request| {
            let body = done.json.clone().into_bytes();
            AnswerRow { request: request.clone(), status, body, at }
        });
        let Some(answer) = answer else { return Ok(done) };
        if is_taken {
            unit.close(vec![Upsert::Answer(answer)]);
        } else if let Some(bed) = room.and_then(|room| self.beds.get_mut(&room)) {
            bed.answer_when_recorded(answer);
        }
        // What of the clinic's chain is not taken is never made good: the answer neither.
        Ok(done)
    }

    fn apply_act(&mut self, actor: &Actor, act: Act, at: Millis) -> Result<Pending, Refusal> {
        match act {
            Act::RenameRoom { room, name, order, earlier } => {
                self.rename_room(actor, &room, (name, order), earlier, at)
            }
            Act::RemoveRoom { room } => self.remove_room(actor, &room, at),
            Act::RemoveDevice { device } => self.remove_device(actor, &device, at),
            Act::Bind { device, room, is_confirmed } => {
                self.bind(actor, &device, room, is_confirmed, at)
            }
            Act::OpenSession { room, session } => self.open_session(actor, &room, session, at),
            Act::Event { session, event, occurred_at } => match occurred_at {
                Some(earlier) if at.since(earlier) > LONGEST_AGO_MS || earlier > at => {
                    let text = "occurred_at must be within the last four hours.";
                    Err(Refusal::NotNow(text.to_owned()))
                }
                occurred_at => self.event(actor, &session, event, occurred_at, at),
            },
            Act::Acknowledge { alert } => self.acknowledge(actor, &alert, at),
            Act::AcknowledgeRoom { room } => self.acknowledge_room(actor, &room, at),
            Act::Outcome { alert, outcome, note } => self.outcome(actor, &alert, outcome, note, at),
            Act::Silence { alert, seconds } => self.silence(actor, &alert, seconds, at),
            Act::PutProfile { profile } => self.put_profile(actor, *profile, at),
            Act::ApproveProfile { name, version } => {
                self.approve_profile(actor, &name, version, at)
            }
        }
    }

    /// The room in whose chain it is recorded; none where that is the clinic's.
    fn room_of_act(&self, act: &Act) -> Option<RoomId> {
        match act {
            Act::OpenSession { room, .. } | Act::AcknowledgeRoom { room } => Some(room.clone()),
            Act::Event { session, .. } => self.room_of_session(session).ok(),
            Act::Acknowledge { alert }
            | Act::Outcome { alert, .. }
            | Act::Silence { alert, .. } => self.room_of_alert(alert).ok(),
            Act::RenameRoom { .. }
            | Act::RemoveRoom { .. }
            | Act::RemoveDevice { .. }
            | Act::Bind { .. }
            | Act::PutProfile { .. }
            | Act::ApproveProfile { .. } => None,
        }
    }
}
