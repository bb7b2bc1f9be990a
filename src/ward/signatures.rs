//! After a session: who signs it off, what is added to it, and who has which room next.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::act::Act;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::{Addendum, HandOver, HandedRoom, SignedOff, Unsigned};
use crate::record::{Chain, Entry, Private, merge_private};
use crate::store::{AddendumRow, HandOverRow, SignOffRow, Upsert};
use crate::vitals::{Millis, RoomId, SessionId};

/// The most sign-offs of this run that are remembered until the disk is certain to have them.
const MAX_LATE_SIGN_OFFS: usize = 256;

/// Signs off a session that is over.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SignOff {
    pub session: SessionId,
    /// What was still open in it.
    pub open: Vec<Unsigned>,
    /// The session as it is on disk.
    pub ended: EndedSession,
}

/// Adds something to a session that is over.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Add {
    pub session: SessionId,
    pub text: String,
    /// The session as it is on disk.
    pub ended: EndedSession,
}

/// A session that is over, in as far as it can still be signed and added to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndedSession {
    /// What `GET sessions/{id}` shows.
    pub json: String,
    /// Who signed it off.
    pub signed_off: Option<SignedOff>,
    /// What was added to it.
    pub addenda: Vec<Addendum>,
}

impl EndedSession {
    /// Built from what `GET sessions/{id}` shows.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(json: String) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Shown {
            signed_off: Option<SignedOff>,
            #[serde(default)]
            addenda: Vec<Addendum>,
        }
        let Shown { signed_off, addenda } = serde_json::from_str(&json)?;
        Ok(Self { json, signed_off, addenda })
    }

    /// What `GET sessions/{id}` shows from now on; every number keeps its digits.
    fn shown_with(&self, change: &Json) -> Result<String, Refusal> {
        merge_private(&self.json, &change.to_string()).map_err(|error| {
            tracing::error!(%error, "a session cannot be read");
            Refusal::Stopping
        })
    }
}

/// Hands rooms over to somebody.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct HandOverRooms {
    pub rooms: Vec<RoomId>,
    /// The person who takes them, by initials.
    pub to: String,
}

impl Act for SignOff {
    const IS_NEW: bool = true;

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { session, open, ended } = self;
        is_somebody(actor, "A signature needs a person's name.")?;
        if let Some(SignedOff { by, .. }) =
            core.signed_off(&session).cloned().or(ended.signed_off.clone())
        {
            return Err(Refusal::NotNow(format!("{by} has already signed off this session.")));
        }
        let (by, name) = (actor.initials.clone(), actor.name.clone());
        let signed = SignedOff { by, name, at, open };
        let body = json!({"at": at, "staff": signed.by, "sign_off": {
            "session": session, "name": signed.name, "open": signed.open}});
        let view = SignOffRow { session: session.clone(), signed: signed.clone() };
        let json = ended.shown_with(&json!({"signed_off": signed}))?;
        let pending = core.keep(at, (body.to_string(), None), Upsert::SignOff(view), json)?;
        if core.late_sign_offs.len() == MAX_LATE_SIGN_OFFS {
            core.late_sign_offs.pop_front();
        }
        core.late_sign_offs.push_back((session, signed));
        Ok(pending)
    }
}

impl Act for Add {
    const IS_NEW: bool = true;

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { session, text, ended } = self;
        is_somebody(actor, "An addition needs a person's name.")?;
        let signed_off = core.signed_off(&session).cloned().or(ended.signed_off.clone());
        let after_sign_off = signed_off.is_some();
        let n = core.journal.next_seq(&Chain::Clinic);
        let by = actor.initials.clone();
        let addendum = Addendum { n, at, by, text: text.clone(), after_sign_off };
        let body = json!({"at": at, "staff": addendum.by, "addendum": {
            "session": session, "after_sign_off": after_sign_off}});
        let private = Private::Addendum { text }.json();
        let mut addenda = ended.addenda.clone();
        addenda.push(addendum.clone());
        let change = json!({"addenda": addenda, "signed_off": signed_off});
        let json = ended.shown_with(&change)?;
        let view = Upsert::Addendum(AddendumRow { session: session.clone(), addendum });
        core.keep(at, (body.to_string(), Some((private, session))), view, json)
    }
}

impl Act for HandOverRooms {
    const IS_NEW: bool = true;

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { rooms, to } = self;
        is_somebody(actor, "A hand-over needs the name of the person who hands over.")?;
        if to == actor.initials {
            return Err(Refusal::NotNow("Hand over to somebody other than yourself.".to_owned()));
        }
        let staff = core.journal.store().register().staff_with_initials(&to);
        if !staff.iter().any(|row| row.active) {
            return Err(Refusal::NotNow(format!("Nobody on the staff has the initials {to}.")));
        }
        core.pass_time_of_all(at);
        let handed = |room: RoomId| {
            let room_actor = core.room_actor(&room)?;
            let session = room_actor.room.session().map(|session| session.id.clone());
            let open = room_actor.room.alerts().iter().filter(|alert| alert.is_open()).count();
            let open_alerts = u64::try_from(open).unwrap_or(u64::MAX);
            let phase = room_actor.room.shown_phase();
            Ok(HandedRoom { room, session, phase, open_alerts })
        };
        let handed = rooms.iter().cloned().map(handed).collect::<Result<Vec<_>, Refusal>>()?;
        let hand_over = HandOver { at, by: actor.initials.clone(), to, rooms: handed };
        let body = json!({"at": at, "staff": hand_over.by, "hand_over": {
            "to": hand_over.to, "rooms": hand_over.rooms}});
        let json = written(&hand_over);
        let seq = core.journal.next_seq(&Chain::Clinic);
        let to = hand_over.to.clone();
        let view = Upsert::HandOver(HandOverRow { seq, hand_over });
        let (stored, told) = oneshot::channel();
        let entry = Entry { at, body: body.to_string(), ..Entry::default() };
        let shift_before = core.shift.clone();
        let mut views = core.hand_over_to(&to, &rooms);
        views.push(view);
        if !core.append_to_clinic(entry, views, vec![stored]) {
            core.shift = shift_before;
            core.tell_staff();
            return Err(Refusal::not_recorded());
        }
        Ok(Pending { json, stored: told })
    }
}

impl Core {
    fn signed_off(&self, session: &SessionId) -> Option<&SignedOff> {
        let mut late = self.late_sign_offs.iter();
        late.find(|(id, _)| id == session).map(|(_, signed)| signed)
    }

    /// An entry of the clinic's chain with its view.
    fn keep(
        &mut self,
        at: Millis,
        (body, private): (String, Option<(String, SessionId)>),
        view: Upsert,
        json: String,
    ) -> Result<Pending, Refusal> {
        let (private, session) = private.unzip();
        let entry = Entry { at, body, private, session, ..Entry::default() };
        let (stored, told) = oneshot::channel();
        if !self.append_to_clinic(entry, vec![view], vec![stored]) {
            return Err(Refusal::not_recorded());
        }
        Ok(Pending { json, stored: told })
    }
}

fn is_somebody(actor: &Actor, why: &str) -> Result<(), Refusal> {
    if actor.is_identified || actor.is_program {
        return Ok(());
    }
    let how = "Say who you are with your PIN or your password.";
    Err(Refusal::NeedsIdentity(format!("{why} {how}")))
}
