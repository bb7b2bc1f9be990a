//! How records are kept: packed, without what is personal, or deleted. Each act, and each piece, is
//! an entry of the clinic's chain; what leaves the rows goes in the same transaction.

use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::{Keeping, RedactedPatient};
use crate::journal::{AppendError, Journal, PackedRun, Run, Whose, note_of_dropped};
use crate::record::{Chain, Entry, Private, Removal};
use crate::store::{AuditRow, Upsert};
use crate::vitals::{Millis, PatientId, RoomId, SessionId};

/// Removes personal details of a session that is over.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct RedactSession {
    pub reason: String,
    /// As it is on disk.
    pub keeping: Keeping,
}

/// Deletes a session that is over.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct DeleteSession {
    pub reason: String,
    /// As it is on disk.
    pub keeping: Keeping,
}

/// Removes personal details of a patient and of all their sessions.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct RedactPatient {
    pub patient: PatientId,
    pub reason: String,
}

impl Act for RedactSession {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { reason, keeping } = self;
        let session = keeping.session.clone();
        is_somebody(actor)?;
        core.is_not_removed(&keeping, false)?;
        let removal = Removal { at, by: Some(actor.initials.clone()), reason };
        let json = written(&keeping.redacted_by(removal.clone()));
        let what = json!({"redact": {"session": session}});
        let audit = audit(actor, at, "removed personal details", session.as_str());
        let view = Upsert::PersonalRemoved { session: session.clone(), removal: removal.clone() };
        let whose = Whose::Session(session.clone());
        let stored = core.remove((what, &removal), vec![view, audit], whose)?;
        core.removals.note(&session, false);
        Ok(Pending { json, stored })
    }
}

impl Act for DeleteSession {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { reason, keeping } = self;
        is_somebody(actor)?;
        core.is_not_removed(&keeping, true)?;
        let removal = Removal { at, by: Some(actor.initials.clone()), reason };
        let audit = audit(actor, at, "deleted a session", keeping.session.as_str());
        let stored = core.delete(&keeping.session, &removal, Some(audit))?;
        Ok(Pending { json: written(&keeping.deleted_by(removal)), stored })
    }
}

impl Act for RedactPatient {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { patient, reason } = self;
        is_somebody(actor)?;
        let known = core.known_patient(&patient)?;
        let numbers = known.person.ids.clone();
        let is_here = core.rooms.values().any(|room_actor| {
            let card = room_actor.card.as_ref();
            room_actor.room.session().is_some()
                && card.is_some_and(|card| card.patient.id.as_ref() == Some(&patient))
        });
        if is_here {
            let text = "This patient has a session that runs: end it first.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        let removal = Removal { at, by: Some(actor.initials.clone()), reason };
        let what = json!({"redact": {"patient": patient}});
        let audit = audit(actor, at, "removed personal details", patient.as_str());
        let view = Upsert::PatientRemoved { patient: patient.clone(), removal: removal.clone() };
        let whose = Whose::Patient(patient.clone(), numbers);
        let stored = core.remove((what, &removal), vec![view, audit], whose)?;
        core.removals.count += 1;
        core.patients.remove(&patient);
        Ok(Pending { json: written(&RedactedPatient { patient, redacted: removal }), stored })
    }
}

impl Core {
    fn is_not_removed(&self, keeping: &Keeping, is_deletion: bool) -> Result<(), Refusal> {
        let session = &keeping.session;
        if keeping.deleted.is_some() || self.removals.has(session, true) {
            let text = "This session was deleted: nothing of it is left.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        let is_redacted = keeping.redacted.is_some() || self.removals.has(session, false);
        if is_redacted && !is_deletion {
            let text = "Personal details of this session were removed already.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        Ok(())
    }

    /// Marks a session as deleted, with what lists and alerts know of it; its entries follow.
    fn delete(
        &mut self,
        session: &SessionId,
        removal: &Removal,
        audit: Option<Upsert>,
    ) -> Result<oneshot::Receiver<()>, Refusal> {
        let seq = self.journal.next_seq(&Chain::Clinic);
        let what = json!({"delete": {"session": session}});
        let (id, removed) = (session.clone(), removal.clone());
        let views = [Upsert::Deleted { session: id, removal: removed, seq }];
        let views = views.into_iter().chain(audit).collect();
        let stored = self.remove((what, removal), views, Whose::Session(session.clone()))?;
        self.removals.note(session, true);
        Ok(stored)
    }

    /// Notes a removal in the clinic's chain, and removes private parts. The reason is staff's own
    /// words, and stays when those of the session go.
    fn remove(
        &mut self,
        (what, removal): (Json, &Removal),
        views: Vec<Upsert>,
        whose: Whose,
    ) -> Result<oneshot::Receiver<()>, Refusal> {
        let mut body = what;
        body["at"] = json!(removal.at);
        if let Some(by) = &removal.by {
            body["staff"] = json!(by);
        }
        let private = Private::Removal { reason: removal.reason.clone() }.json();
        let body = body.to_string();
        let entry = Entry { at: removal.at, body, private: Some(private), ..Entry::default() };
        // First what leaves: who is told that it could not be recorded asks again.
        if let Err(error) = self.journal.erase_private(whose, Vec::new()) {
            tracing::error!(%error, "personal details are not removed");
            return Err(Refusal::not_recorded());
        }
        let (stored, told) = oneshot::channel();
        if !self.append_to_clinic(entry, views, vec![stored]) {
            return Err(Refusal::not_recorded());
        }
        Ok(told)
    }
}

fn audit(actor: &Actor, at: Millis, what: &str, of: &str) -> Upsert {
    let (who, what, detail) = (actor.name.clone(), what.to_owned(), of.to_owned());
    Upsert::Audit(AuditRow { at, who, what, detail })
}

fn is_somebody(actor: &Actor) -> Result<(), Refusal> {
    if actor.is_identified || actor.is_program {
        return Ok(());
    }
    let why = "Removing from the record needs a person's name.";
    let how = "Say who you are with your PIN or your password.";
    Err(Refusal::NeedsIdentity(format!("{why} {how}")))
}

/// How many removals there were: whoever reads what is to be packed asks before.
#[derive(Debug)]
pub struct CountRemovals;

impl Command for CountRemovals {
    type Answer = u64;

    fn run(self, core: &mut Core, _at: Millis) -> u64 {
        core.removals.count
    }
}

/// Writes the state of a room, unless its last entry is one: what is before is not needed for a
/// restart then.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct NoteState {
    pub room: RoomId,
}

impl Command for NoteState {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        let Core { rooms, journal, .. } = core;
        if let Some(mut room_actor) = rooms.get_mut(&self.room)
            && let Err(error) = room_actor.note_state(at, journal)
        {
            tracing::warn!(room = %self.room, %error, "the state of the room is not recorded");
        }
    }
}

/// The journal did not take it, or it was read before something was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPacked;

impl From<AppendError> for NotPacked {
    fn from(error: AppendError) -> Self {
        tracing::warn!(%error, "what is to be packed stays as it is for now");
        Self
    }
}

/// Packs entries of a session.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Pack {
    pub packed: PackedRun,
    /// [`CountRemovals`] before they were read.
    pub removals: u64,
}

impl Command for Pack {
    type Answer = Result<oneshot::Receiver<()>, NotPacked>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let Self { packed, removals } = self;
        if removals != core.removals.count {
            return Err(NotPacked);
        }
        core.repack(packed.note(at), |journal, seq| journal.pack(packed, seq))
    }
}

/// Drops readings outside sessions.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct DropRuns {
    pub chain: Chain,
    pub runs: Vec<Run>,
    /// After how many hours.
    pub raw_hours: u32,
}

impl Command for DropRuns {
    type Answer = Result<oneshot::Receiver<()>, NotPacked>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let Self { chain, runs, raw_hours } = self;
        let note = note_of_dropped(&chain, &runs, raw_hours, at);
        core.repack(note, |journal, seq| journal.drop_runs(runs, seq))
    }
}

impl Core {
    /// Something leaves the rows, with the entry that says so.
    fn repack(
        &mut self,
        note: Entry,
        leave: impl FnOnce(&Journal, u64) -> Result<(), AppendError>,
    ) -> Result<oneshot::Receiver<()>, NotPacked> {
        let seq = self.journal.next_seq(&Chain::Clinic);
        let (stored, told) = oneshot::channel();
        let unit = self.journal.unit();
        // First the entry: nothing may leave without one, and one too many harms nobody.
        self.journal.append(&Chain::Clinic, seq, vec![note], vec![], vec![stored])?;
        leave(&self.journal, seq)?;
        unit.close(Vec::new());
        Ok(told)
    }
}

/// A session has become something that its entries say already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// All of it is packed.
    Sealed,
    /// Nothing of it is left.
    Emptied,
}

/// Notes what has become of a session.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct NoteKept {
    pub session: SessionId,
    pub kept: Kept,
}

impl Command for NoteKept {
    type Answer = Pending;

    fn run(self, core: &mut Core, at: Millis) -> Pending {
        let Self { session, kept } = self;
        let (what, view) = match kept {
            Kept::Sealed => {
                (json!({"sealed": {"session": session}}), Upsert::Sealed { session, at })
            }
            Kept::Emptied => {
                (json!({"emptied": {"session": session}}), Upsert::Emptied { session, at })
            }
        };
        let pending = core.record(what, vec![view], at);
        core.note_heads(at);
        pending
    }
}

/// The program deletes a session whose time is over.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Expire {
    pub session: SessionId,
    /// After how many days, as configured.
    pub days: u32,
}

impl Command for Expire {
    type Answer = Result<oneshot::Receiver<()>, Refusal>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let Self { session, days } = self;
        let reason = format!("Older than {days} days, as configured.");
        let unit = core.journal.unit();
        let told = core.delete(&session, &Removal { at, by: None, reason }, None)?;
        unit.close(Vec::new());
        Ok(told)
    }
}
