//! What screens show of a room, and the frames that change it.

use super::RoomActor;
use crate::contract::{self, CuffState, Link, MonitorChange, SessionView, StreamFrame};
use crate::hub::{Class, Frame, Subject, Text};
use crate::room::NotLive;
use crate::vitals::{self, Millis};
use crate::ward::View;
use crate::ward::inflation::Inflation;
use crate::ward::render::{FrameTimes, session_view, vitals};
use crate::ward::screens::Screens;
use crate::ward::vitals_frame::Changed;
use crate::ward::written::shared;

impl RoomActor {
    /// The running session.
    pub(in crate::ward) fn session(&self, view: View) -> Option<SessionView> {
        let (session, card) = self.room.session().zip(self.card.as_ref())?;
        Some(session_view(&self.room, session, card, view))
    }

    /// The room as the stream's snapshot shows it.
    pub(in crate::ward) fn shown(
        &self,
        view: View,
        watched_by: usize,
        now: Millis,
    ) -> contract::Room<'_> {
        let alerts = self.room.alerts().iter().filter(|alert| alert.is_open());
        let measuring = |since| contract::Cuff { state: CuffState::Measuring, since };
        contract::Room {
            id: self.id(),
            name: &self.name,
            order: self.order,
            rev: self.rev,
            staff: &self.staff,
            session: self.session(view),
            limits: self.room.shown_limits(),
            vitals: vitals(&self.room, now),
            cuff: self.room.cuff_measuring_since().map(measuring),
            inflation: self.screen_copy.inflation().map(Inflation::shown),
            devices: self.screen_copy.monitors(),
            alerts: alerts.map(|alert| self.shown_alert(alert).seen(view)).collect(),
            watched_by,
            unread_since: self.unread_since,
        }
    }

    /// The frames after `rev`, if all of them are still kept.
    pub(in crate::ward) fn missed(&self, view: View, rev: u64) -> Option<Vec<Frame>> {
        self.ring.after(rev, self.rev, (&self.key, view)).map(Iterator::collect)
    }

    /// Publishes what the screens do not know yet of the room's readings, whatever changed them.
    pub(super) fn publish_vitals(
        &mut self,
        frame: Option<&vitals::Frame>,
        asides: &[(usize, NotLive)],
        session_ended: bool,
        at: Millis,
        screens: &Screens,
    ) {
        let heard = frame.map(|frame| (frame, asides));
        let changes = self.screen_copy.readings(&self.room, heard, session_ended, at);
        let taken_at = frame.and_then(|frame| frame.taken_at).unwrap_or(at);
        let changed = Changed {
            room: self.room.id(),
            rev: self.rev + 1,
            times: FrameTimes { taken_at, received_at: at },
            frame,
            asides,
            changes: &changes,
            inflation: self.screen_copy.inflation(),
        };
        if changed.is_empty() {
            return;
        }
        let json = shared(&StreamFrame::Vitals(changed.frame()));
        let class = Class::Vitals(changes.vitals());
        self.rev += 1;
        self.send(class, Text::Alike(json), screens);
    }

    /// Publishes which monitors have changed from what the screens know: also a link that has
    /// become late by silence alone.
    pub(super) fn publish_monitors(&mut self, at: Millis, screens: &Screens) {
        let (changed, gone_ids) = self.screen_copy.monitors_that_changed(&self.room, at);
        let changed = changed.into_iter().map(MonitorChange::Here);
        let gone = |id| MonitorChange::Gone { id, link: Link::Down, room: None };
        for device in changed.chain(gone_ids.into_iter().map(gone)) {
            let class = Class::Whole(Subject::Device(device.id().clone()));
            self.publish(class, screens, |room_actor, _| StreamFrame::Device {
                room: room_actor.id(),
                rev: room_actor.rev,
                device: device.clone(),
            });
        }
    }

    /// Publishes a frame of this room, encoded once for each view.
    pub(super) fn publish(
        &mut self,
        class: Class,
        screens: &Screens,
        frame: impl Fn(&Self, View) -> StreamFrame<'_>,
    ) {
        self.rev += 1;
        let staff = shared(&frame(self, View::Staff));
        let display = shared(&frame(self, View::Display));
        let is_alike = staff == display;
        let text = if is_alike { Text::Alike(staff) } else { Text::Apart { staff, display } };
        self.send(class, text, screens);
    }

    fn send(&mut self, class: Class, text: Text, screens: &Screens) {
        let (rev, room) = (Some(self.rev), Some(&self.key));
        screens.publish(self.room.id(), |view| Frame {
            rev,
            room: room.cloned(),
            class: class.clone(),
            json: text.of(view).clone(),
        });
        self.ring.push(class, text);
    }
}
