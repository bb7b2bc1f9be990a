//! What monitors send: it goes to the room that its device belongs to, or to the clinic's chain.

use serde_json::json;

use super::core::Core;
use super::device::MAX_DEVICES;
use super::room_actor::EntryExtras;
use crate::adapters::{Arrival, Delivery, Identity, Unusable, count_not_understood};
use crate::record::{AnswerRow, Entry, write_input};
use crate::room::{Input, Link};
use crate::store::Upsert;
use crate::vitals::{DeviceId, Frame, Millis, Source, Vital};

/// How often a monitor that sends nothing usable is noted as alive.
const ALIVE_EVERY_MS: i64 = 2_000;

impl Core {
    /// A monitor spoke, or its link changed.
    pub(super) fn arrive(&mut self, arrival: Arrival, at: Millis) {
        match arrival {
            Arrival::Frame(delivery) => self.deliver(delivery, None, at),
            Arrival::Posted(delivery, answer) => self.deliver(*delivery, Some(*answer), at),
            Arrival::Unusable(unusable, taken) => {
                self.ingest_unusable(unusable, at);
                // Its sender may have hung up.
                let _ = taken.send(());
            }
            Arrival::Admission(admission) => self.admit(admission, at),
            Arrival::Link { device, adapter, connection, up } => {
                // The end of a link registers no device: it may just have been removed.
                let known = match up {
                    true => self.device(&device, at),
                    false => self.devices.get_mut(&device),
                };
                let Some(known) = known else { return };
                known.adapter = Some(adapter.to_owned());
                let (counts, room) = (known.set_link(connection, up), known.room.clone());
                if counts && let Some(room) = room {
                    let link = if up { Link::Up } else { Link::Down };
                    self.input(&room, &Input::Link { device, link }, at, EntryExtras::default());
                }
            }
            Arrival::Displaced { device } => {
                let known = self.devices.get_mut(&device);
                let begins_conflict = known.is_some_and(|known| known.displaced(at));
                if begins_conflict {
                    self.begin_conflict(&device, at);
                }
            }
        }
    }

    /// `answer` receives the answer to the request that brought it, once that is on disk.
    fn deliver(&mut self, delivery: Delivery, answer: Option<AnswerRow>, at: Millis) {
        let Delivery { mut frame, adapter, key, same_within_ms, .. } = delivery;
        let Delivery { copies, identity, not_understood, stored, .. } = delivery;
        metrics::counter!("dripwatch_frames_total", "adapter" => adapter).increment(1);
        count_implausible(&frame);
        for reading in frame.readings.iter_mut().filter(|r| r.source == Source::Monitor) {
            reading.source = self.source;
        }
        frame.keep_to_what_can_be_read_again();
        let id = frame.device.clone();
        self.claim_binding(&id, identity.known_before(&id), at);
        let Some(device) = self.device(&id, at) else {
            tracing::warn!(limit = MAX_DEVICES, "too many devices: a further one is ignored");
            return;
        };
        if device.known_frames.is_sent_again(key, &copies, same_within_ms, at) {
            device.is_one_sender();
            match answer {
                Some(answer) => {
                    // A full journal drops `stored` without a word: the request is sent again.
                    let _ = self.journal.store().put(vec![Upsert::Answer(answer)], vec![stored]);
                }
                None => self.journal.barrier(stored),
            }
            return;
        }
        count_not_understood(adapter, &not_understood);
        let is_first = device.adapter.as_deref() != Some(adapter) || device.first_heard.is_none();
        device.adapter = Some(adapter.to_owned());
        device.note_unknowns(not_understood, at);
        device.complete_corrections(&mut frame);
        let begins_conflict = device.ingest(&frame, &identity, at);
        let is_late = !device.timing.is_live();
        let room = device.room.clone().filter(|_| !device.is_in_conflict);
        if begins_conflict {
            self.begin_conflict(&id, at);
        }
        let mut views = if is_first { heard(&id, &identity, adapter, at) } else { Vec::new() };
        views.extend(answer.map(Upsert::Answer));
        let input = Input::Frame(frame);
        let is_kept = match room {
            Some(room) => {
                let stored = Some(stored);
                let extras = EntryExtras { private: None, frame_key: Some(key), views, stored };
                self.input(&room, &input, at, extras)
            }
            None => {
                let input = match input {
                    Input::Frame(frame) if is_late => Input::Frame(marked_late(frame)),
                    input => input,
                };
                let body = write_input(at, &input);
                let device = Some(id.clone());
                let entry = Entry { at, body, device, frame_key: Some(key), ..Entry::default() };
                self.append_to_clinic(entry, views, vec![stored])
            }
        };
        if !is_kept && let Some(device) = self.devices.get_mut(&id) {
            device.known_frames.forget(&key);
        }
    }

    /// Takes a frame of which nothing is left: its device is registered, and listed with what was
    /// not understood; its room gets the empty frame, so that the monitor is neither lost nor
    /// trusted.
    fn ingest_unusable(&mut self, unusable: Unusable, at: Millis) {
        let Unusable { mut frame, adapter, identity, not_understood } = unusable;
        count_implausible(&frame);
        count_not_understood(adapter, &not_understood);
        frame.keep_to_what_can_be_read_again();
        let id = frame.device.clone();
        self.claim_binding(&id, identity.known_before(&id), at);
        let Some(device) = self.device(&id, at) else { return };
        let is_first = device.adapter.as_deref() != Some(adapter) || device.first_heard.is_none();
        device.adapter = Some(adapter.to_owned());
        device.note_unknowns(not_understood, at);
        let begins_conflict = device.ingest(&frame, &identity, at);
        let room = device.room.clone().filter(|_| !device.is_in_conflict);
        if begins_conflict {
            self.begin_conflict(&id, at);
        }
        let views = if is_first { heard(&id, &identity, adapter, at) } else { Vec::new() };
        let is_news = frame.implausible > 0 || is_first;
        let is_due = self
            .devices
            .get_mut(&id)
            .is_some_and(|device| device.is_alive_again(ALIVE_EVERY_MS, at));
        match room {
            Some(room) if is_news || is_due => {
                self.input(
                    &room,
                    &Input::Frame(frame),
                    at,
                    EntryExtras { views, ..EntryExtras::default() },
                );
            }
            _ if !views.is_empty() => drop(self.record(json!({"heard": id}), views, at)),
            _ => {}
        }
    }

    /// Two senders, beds or patients use one name: it feeds no room until staff decide.
    pub(super) fn begin_conflict(&mut self, id: &DeviceId, at: Millis) {
        let Some(room) = self.devices.get(id).and_then(|device| device.room.clone()) else {
            return;
        };
        tracing::warn!(device = %id, "a device names two beds or patients, or is two devices: it feeds no room");
        let conflict = Input::Link { device: id.clone(), link: Link::Conflict };
        // A restart must not decide in place of staff: after it this is a device without a room.
        let views = vec![Upsert::Binding { device: id.clone(), room: None }];
        self.input(&room, &conflict, at, EntryExtras { views, ..EntryExtras::default() });
    }
}

/// Nothing judges the data of a device without a room; that they are late is still recorded.
fn marked_late(mut frame: Frame) -> Frame {
    let continuous = frame.readings.iter_mut().filter(|reading| reading.vital != Vital::Nibp);
    continuous.for_each(|reading| reading.is_late = true);
    frame
}

fn heard(device: &DeviceId, identity: &Identity, adapter: &str, at: Millis) -> Vec<Upsert> {
    let called = identity.original.as_ref().map(|original| Upsert::Called {
        device: device.clone(),
        original: original.shown.as_ref().to_owned(),
    });
    let heard = Upsert::DeviceHeard { device: device.clone(), adapter: adapter.to_owned(), at };
    called.into_iter().chain([heard]).collect()
}

fn count_implausible(frame: &Frame) {
    let count = frame.implausible.into();
    metrics::counter!("dripwatch_implausible_readings_total").increment(count);
}
