//! The alerts, and what staff do about them.

use tokio::sync::oneshot;

use super::act::Act;
use super::alert_row::alert_row;
use super::command::Command;
use super::core::Core;
use super::room_actor::{EntryExtras, RoomActor};
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::{self, Taken};
use crate::record::Private;
use crate::room::{Acknowledged, Alert, AlertState, Input, Outcome};
use crate::store::{AlertFilter, AlertRow, OutcomeRow, Upsert};
use crate::vitals::{Millis, RoomId};

/// The alerts of this filter that the rooms and the ward itself know, in no order: every open one
/// and, while the disk is behind, also those that are over, so that they override what the disk
/// says of them.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ListAlerts {
    pub filter: AlertFilter,
}

impl Command for ListAlerts {
    type Answer = Vec<AlertRow>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let is_behind =
            core.journal.lag(at) > 0 || core.rooms.values().any(RoomActor::is_unrecorded);
        let of_rooms = core.rooms.values().flat_map(RoomActor::alerts).chain(core.own_alerts.all());
        // What is over went with its session.
        let has_gone = |alert: &Alert| {
            alert.session.as_ref().is_some_and(|session| core.removals.has(session, true))
        };
        let is_wanted = |(alert, room): &(&Alert, Option<&RoomId>)| {
            (alert.is_open() || is_behind && !has_gone(alert))
                && self.filter.is_of(*room, alert.session.as_ref(), alert.raised_at)
        };
        let shown = |(alert, room): (&Alert, Option<&RoomId>)| core.detailed_alert(alert, room);
        of_rooms.filter(is_wanted).map(shown).map(|shown| alert_row(&shown)).collect()
    }
}

/// An alert as it is, when a room or the ward itself knows it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ShowAlert {
    pub alert: String,
}

impl Command for ShowAlert {
    type Answer = Option<String>;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        let owner = core.owner_of_alert(&self.alert).ok()?;
        let alert = core.known_alert(&owner, &self.alert)?;
        Some(written(&core.detailed_alert(alert, owner.room())))
    }
}

/// Takes an alert. The first person to take it has it; the same person again gets the same answer.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct Acknowledge {
    pub alert: String,
}

impl Act for Acknowledge {
    fn room(&self, core: &Core) -> Option<RoomId> {
        core.room_of_alert(&self.alert).ok()
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let owner = core.owner_of_alert(&self.alert)?;
        core.let_time_pass(&owner, at);
        if let Some(known) = core.known_alert(&owner, &self.alert) {
            let shown = || core.shown_alert(known, owner.room());
            match &known.acknowledged {
                Some(taken) if taken.by != actor.initials => {
                    return Err(taken_by_another(taken, &shown()));
                }
                None if known.is_open() => {}
                Some(_) | None => return Ok(core.as_it_is(&owner, &self.alert)),
            }
        }
        let (staff, alert) = (actor.initials.clone(), self.alert);
        Ok(core.alert_input(&owner, &Input::Acknowledge { staff, alert }, None, at))
    }
}

/// Takes every open alert of a room that nobody has: `{"alerts":[…]}`.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct AcknowledgeRoom {
    pub room: RoomId,
}

impl Act for AcknowledgeRoom {
    fn room(&self, _core: &Core) -> Option<RoomId> {
        Some(self.room.clone())
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let room = &self.room;
        core.room_actor(room)?;
        core.pass_time_of(room, at);
        let room_actor = core.room_actor(room)?;
        let open = || room_actor.room.alerts().iter().filter(|alert| alert.is_open());
        let free: Vec<String> =
            open().filter(|alert| alert.acknowledged.is_none()).map(Alert::id).collect();
        let is_mine = |alert: &&Alert| {
            alert.acknowledged.as_ref().is_some_and(|taken| taken.by == actor.initials)
        };
        let mine: Vec<String> = open().filter(is_mine).map(Alert::id).collect();
        let of_another = open().find_map(|alert| Some((alert, alert.acknowledged.as_ref()?)));
        if let (true, true, Some((alert, taken))) = (free.is_empty(), mine.is_empty(), of_another) {
            return Err(taken_by_another(taken, &room_actor.shown_alert(alert)));
        }
        for alert in &free {
            let input = Input::Acknowledge { staff: actor.initials.clone(), alert: alert.clone() };
            core.input(room, &input, at, EntryExtras::default());
        }
        let stored = core.when_stored(room);
        let room_actor = core.room_actor(room)?;
        let taken = mine.iter().chain(&free);
        let taken = taken.filter_map(|id| Some(room_actor.shown_alert(room_actor.room.alert(id)?)));
        let json = written(&Taken { alerts: taken.collect() });
        Ok(Pending { json, stored })
    }
}

/// Records what came of an alert, or with none takes back what was said of it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct GiveOutcome {
    pub alert: String,
    pub outcome: Option<Outcome>,
    pub note: Option<String>,
}

impl Act for GiveOutcome {
    fn room(&self, core: &Core) -> Option<RoomId> {
        core.room_of_alert(&self.alert).ok()
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { alert, outcome, note } = self;
        let owner = core.owner_of_alert(&alert)?;
        let staff = actor.initials.clone();
        let private = note.map(|note| Private::Outcome { note });
        Ok(core.alert_input(&owner, &Input::Outcome { staff, alert, outcome }, private, at))
    }
}

/// Silences an alert, for at most 120 s.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SilenceAlert {
    pub alert: String,
    pub seconds: u32,
}

impl Act for SilenceAlert {
    fn room(&self, core: &Core) -> Option<RoomId> {
        core.room_of_alert(&self.alert).ok()
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { alert, seconds } = self;
        let owner = core.owner_of_alert(&alert)?;
        core.let_time_pass(&owner, at);
        let state = core.known_alert(&owner, &alert).map(|alert| alert.state);
        if state != Some(AlertState::Active) {
            return Err(Refusal::NotNow("The alert makes no sound: it is over.".to_owned()));
        }
        let staff = actor.initials.clone();
        Ok(core.alert_input(&owner, &Input::Silence { staff, alert, seconds }, None, at))
    }
}

/// Whether an alert is a room's or the ward's.
enum Owner {
    Ward,
    Room(RoomId),
}

impl Owner {
    fn room(&self) -> Option<&RoomId> {
        match self {
            Self::Ward => None,
            Self::Room(room) => Some(room),
        }
    }
}

fn taken_by_another(taken: &Acknowledged, shown: &contract::Alert) -> Refusal {
    Refusal::AlreadyAcknowledged { by: taken.by.clone(), alert: written(shown) }
}

impl Core {
    fn owner_of_alert(&self, id: &str) -> Result<Owner, Refusal> {
        match self.own_alerts.get(id) {
            Some(_) => Ok(Owner::Ward),
            None => self.room_of_alert(id).map(Owner::Room),
        }
    }

    pub(super) fn room_of_alert(&self, alert: &str) -> Result<RoomId, Refusal> {
        let is_there =
            |room_actor: &&RoomActor| room_actor.room.alerts().iter().any(|a| a.is_called(alert));
        let room_actor = self.rooms.values().find(is_there);
        room_actor
            .map(|room_actor| room_actor.id().clone())
            .ok_or_else(|| Refusal::NotFound { kind: "alert", id: alert.to_owned() })
    }

    /// Runs what is due in its room, as that may change an alert.
    fn let_time_pass(&mut self, owner: &Owner, at: Millis) {
        if let Owner::Room(room) = owner {
            self.pass_time_of(room, at);
        }
    }

    fn known_alert(&self, owner: &Owner, id: &str) -> Option<&Alert> {
        match owner {
            Owner::Ward => self.own_alerts.get(id),
            Owner::Room(room) => self.rooms.get(room)?.room.alert(id),
        }
    }

    fn shown(&self, owner: &Owner, id: &str) -> Option<contract::Alert> {
        self.known_alert(owner, id).map(|alert| self.shown_alert(alert, owner.room()))
    }

    fn shown_alert(&self, alert: &Alert, room: Option<&RoomId>) -> contract::Alert {
        let room_actor = room.and_then(|room| self.rooms.get(room));
        room_actor.map_or_else(
            || self.own_alerts.shown(alert),
            |room_actor| room_actor.shown_alert(alert),
        )
    }

    /// The same with the screens that have shown it.
    fn detailed_alert(&self, alert: &Alert, room: Option<&RoomId>) -> contract::Alert {
        let room_actor = room.and_then(|room| self.rooms.get(room));
        room_actor.map_or_else(
            || self.own_alerts.detailed(alert),
            |room_actor| room_actor.detailed_alert(alert),
        )
    }

    /// Records what somebody does about an alert, and answers with the alert as it then is.
    fn alert_input(
        &mut self,
        owner: &Owner,
        input: &Input,
        private: Option<Private>,
        at: Millis,
    ) -> Pending {
        let id = input.alert().unwrap_or_default();
        // The alert has what was said last; who said what, and when, is in the log.
        let said = match input {
            Input::Outcome { staff, outcome, .. } => Some(Upsert::AlertOutcome(OutcomeRow {
                alert: id.to_owned(),
                at,
                by: staff.clone(),
                outcome: *outcome,
            })),
            _ => None,
        };
        let beside = (private, said.into_iter().collect());
        let room = match owner {
            Owner::Room(room) => room,
            Owner::Ward => {
                let done = self.own_input(id, input, beside, at);
                return done.unwrap_or_else(|| self.as_it_is(owner, id));
            }
        };
        let stored = self.staff_input(room, input, at, beside);
        Pending { stored, ..self.as_it_is(owner, id) }
    }

    /// The alert unchanged; its answer waits until everything that led to it is on disk.
    fn as_it_is(&self, owner: &Owner, id: &str) -> Pending {
        let stored = match owner {
            Owner::Room(room) => self.when_stored(room),
            Owner::Ward => {
                let (stored, told) = oneshot::channel();
                self.journal.barrier(stored);
                told
            }
        };
        Pending { json: written(&self.shown(owner, id)), stored }
    }

    /// Completes when everything that happened in the room is on disk; it is dropped instead while
    /// the journal has no room for it.
    fn when_stored(&self, room: &RoomId) -> oneshot::Receiver<()> {
        let (stored, told) = oneshot::channel();
        if self.rooms.get(room).is_some_and(|room_actor| !room_actor.is_unrecorded()) {
            self.journal.barrier(stored);
        }
        told
    }
}
