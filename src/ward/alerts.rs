//! Alerts: which there are, and what staff do about them.

use serde_json::json;
use tokio::sync::oneshot;

use super::act::Act;
use super::bed::{Bed, Beside, alert_row, written};
use super::command::Command;
use super::core::Core;
use super::{Actor, Pending, Refusal, own_alerts};
use crate::contract::Taken;
use crate::room::{Alert, AlertState, Input, Outcome};
use crate::store::{AlertFilter, AlertRow};
use crate::vitals::{Millis, RoomId};

/// The alerts of this filter that the rooms and the ward itself know, in no order: every open one,
/// and while the disk is behind also those that are over, so that what it says of them is not
/// believed.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ListAlerts {
    pub filter: AlertFilter,
}

impl Command for ListAlerts {
    type Answer = Vec<AlertRow>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let is_behind = core.journal.lag(at) > 0 || core.beds.values().any(Bed::is_unrecorded);
        let of_rooms = core.beds.values().flat_map(Bed::alerts).chain(core.own_alerts.all());
        let wanted = of_rooms.filter(|(alert, _)| is_behind || alert.is_open());
        wanted
            .filter(|(alert, room)| {
                self.filter.is_of(*room, alert.session.as_ref(), alert.raised_at)
            })
            .map(|(alert, room)| {
                let shown = room
                    .and_then(|room| core.beds.get(room))
                    .map_or_else(|| own_alerts::shown(alert), |bed| bed.shown_alert(alert));
                alert_row(alert, room, &shown)
            })
            .collect()
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
        let id = self.alert.as_str();
        let own = core.own_alerts.all().find(|(alert, _)| alert.is_called(id));
        let of_ward = own.map(|(alert, _)| written(&own_alerts::shown(alert)));
        of_ward.or_else(|| {
            let bed = core.beds.get(&core.room_of_alert(id).ok()?)?;
            Some(written(&bed.shown_alert(bed.room.alert(id)?)))
        })
    }
}

/// Takes an alert. The first wins; the same person again gets the same answer.
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
        let alert = self.alert.as_str();
        if core.is_own_alert(alert) {
            return core.acknowledge_own(actor, alert, at);
        }
        let room = core.room_of_alert(alert)?;
        core.pass_time_of(&room, at);
        let bed = core.bed(&room)?;
        if let Some(known) = bed.room.alert(alert) {
            match &known.acknowledged {
                Some(taken) if taken.by != actor.initials => {
                    let (by, alert) = (taken.by.clone(), written(&bed.shown_alert(known)));
                    return Err(Refusal::AlreadyAcknowledged { by, alert });
                }
                Some(_) => return Ok(core.as_it_is(&room, alert)),
                None if !known.is_open() => return Ok(core.as_it_is(&room, alert)),
                None => {}
            }
        }
        let staff = actor.initials.clone();
        let input = Input::Acknowledge { staff, alert: alert.to_owned() };
        Ok(core.alert_input(&room, alert, &input, None, at))
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
        core.bed(room)?;
        core.pass_time_of(room, at);
        let bed = core.bed(room)?;
        let open = || bed.room.alerts().iter().filter(|alert| alert.is_open());
        let free: Vec<String> =
            open().filter(|alert| alert.acknowledged.is_none()).map(Alert::id).collect();
        let is_mine = |alert: &&Alert| {
            alert.acknowledged.as_ref().is_some_and(|taken| taken.by == actor.initials)
        };
        let mine: Vec<String> = open().filter(is_mine).map(Alert::id).collect();
        let of_another = open().find_map(|alert| Some((alert, alert.acknowledged.as_ref()?)));
        if let (true, true, Some((alert, taken))) = (free.is_empty(), mine.is_empty(), of_another) {
            let (by, alert) = (taken.by.clone(), written(&bed.shown_alert(alert)));
            return Err(Refusal::AlreadyAcknowledged { by, alert });
        }
        for alert in &free {
            let input = Input::Acknowledge { staff: actor.initials.clone(), alert: alert.clone() };
            core.input(room, &input, at, Beside::default());
        }
        let told = core.when_stored(room);
        let bed = core.bed(room)?;
        let taken = mine.iter().chain(&free);
        let taken = taken.filter_map(|id| Some(bed.shown_alert(bed.room.alert(id)?)));
        let json = written(&Taken { alerts: taken.collect() });
        Ok(Pending { json, stored: told })
    }
}

/// What came of an alert.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct GiveOutcome {
    pub alert: String,
    pub outcome: Outcome,
    pub note: Option<String>,
}

impl Act for GiveOutcome {
    fn room(&self, core: &Core) -> Option<RoomId> {
        core.room_of_alert(&self.alert).ok()
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { alert, outcome, note } = self;
        if core.is_own_alert(&alert) {
            return core.outcome_own(actor, &alert, (outcome, note), at);
        }
        let room = core.room_of_alert(&alert)?;
        let staff = actor.initials.clone();
        let private = note.map(|note| json!({"outcome": {"note": note}}).to_string());
        let input = Input::Outcome { staff, alert: alert.clone(), outcome };
        Ok(core.alert_input(&room, &alert, &input, private, at))
    }
}

/// No sound for an alert, at most 120 s.
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
        let (alert, seconds) = (self.alert.as_str(), self.seconds);
        if core.is_own_alert(alert) {
            return core.silence_own(actor, alert, seconds, at);
        }
        let room = core.room_of_alert(alert)?;
        core.pass_time_of(&room, at);
        let state = core.bed(&room)?.room.alert(alert).map(|alert| alert.state);
        if state != Some(AlertState::Active) {
            return Err(Refusal::NotNow("The alert makes no sound: it is over.".to_owned()));
        }
        let staff = actor.initials.clone();
        let input = Input::Silence { staff, alert: alert.to_owned(), seconds };
        Ok(core.alert_input(&room, alert, &input, None, at))
    }
}

impl Core {
    fn alert_input(
        &mut self,
        room: &RoomId,
        alert: &str,
        input: &Input,
        private: Option<String>,
        at: Millis,
    ) -> Pending {
        let stored = self.staff_input(room, input, at, (private, vec![]));
        Pending { stored, ..self.as_it_is(room, alert) }
    }

    /// The alert unchanged; told when all that led to it is on disk.
    fn as_it_is(&self, room: &RoomId, alert: &str) -> Pending {
        let told = self.when_stored(room);
        let bed = self.beds.get(room);
        let shown = bed.and_then(|bed| Some(bed.shown_alert(bed.room.alert(alert)?)));
        Pending { json: written(&shown), stored: told }
    }

    /// Told when all that happened in the room is on disk; dropped untold while the journal has no
    /// place for it.
    fn when_stored(&self, room: &RoomId) -> oneshot::Receiver<()> {
        let (stored, told) = oneshot::channel();
        if self.beds.get(room).is_some_and(|bed| !bed.is_unrecorded()) {
            self.journal.barrier(stored);
        }
        told
    }
    pub(super) fn room_of_alert(&self, alert: &str) -> Result<RoomId, Refusal> {
        let is_there = |bed: &&Bed| bed.room.alerts().iter().any(|a| a.is_called(alert));
        let bed = self.beds.values().find(is_there);
        bed.map(|bed| bed.id().clone())
            .ok_or_else(|| Refusal::NotFound { kind: "alert", id: alert.to_owned() })
    }
}
