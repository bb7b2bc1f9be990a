//! Takes the lines of a session, plays them through the room, and keeps what a record needs.

mod alerts;
mod coverage;
mod done;
mod events;
mod extremes;
mod finish;
mod kept;
mod lacks;
mod monitor_changes;
mod moves;
mod observe;
mod signal;
mod signed;
mod spells;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod treatment;

use std::sync::Arc;

use serde::Deserialize;

use super::{About, Interruption, InterruptionKind, Lack, SessionRecord};
use crate::profile::{DEFAULT_PROFILE, Profile, builtin};
use crate::record::{Header, Line, LineError};
use crate::room::{Input, Link, NotLive, Opening, Output, Phase, Room, Session};
use crate::vitals::{Millis, Moved, SessionId};
use alerts::{session_of, whole_id};
use kept::{ClockSet, Kept, MOST_OTHERS};
use monitor_changes::FromMonitor;
use signal::{Blind, Why};

/// Why a line is not in the record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It is not a line of a recording.
    #[error("{0}")]
    Unreadable(#[from] LineError),
    /// Its time is earlier than that of the line before it, and no clock was set.
    #[error("at goes back from {before} to {at}; lines must be in order of time")]
    TimeGoesBack {
        /// The line's time.
        at: Millis,
        /// The time of the line before it.
        before: Millis,
    },
}

/// A record in the making. Lines that cannot be read are left out, and the record says so.
#[derive(Debug)]
pub struct Assembly {
    about: About,
    header: Header,
    room: Option<Room>,
    at: Millis,
    /// Between a gap and the checkpoint after it, nothing is known that could be judged.
    is_in_gap: bool,
    /// Another session has begun: what follows does not belong to this one.
    is_past: bool,
    /// The session as it is, or as it ended.
    session: Option<Session>,
    profile: Arc<Profile>,
    kept: Kept,
    /// Versions of the program, in order of appearance.
    programs: Vec<String>,
    hash: Option<String>,
    entries: u64,
    /// Numbers of the lines that could not be taken.
    not_taken: Vec<u64>,
    begins_with_state: bool,
    /// The patient has left a room, and the state of the next room has not come yet.
    is_on_the_way: bool,
    /// What the room said of the readings of the line's frame.
    from_monitor: Vec<FromMonitor>,
}

/// What a line contains besides what the room takes.
#[derive(Deserialize)]
struct Beside {
    hash: Option<String>,
    engine: Option<String>,
    outcome: Option<Noted>,
}

#[derive(Deserialize)]
struct Noted {
    note: Option<String>,
}

impl Assembly {
    /// A record of the session that begins with this header.
    #[must_use]
    pub fn new(header: Header, about: About) -> Self {
        let profile = header.profile.clone();
        Self {
            about,
            header,
            room: None,
            at: Millis(0),
            is_in_gap: false,
            is_past: false,
            session: None,
            profile,
            kept: Kept::default(),
            programs: Vec::new(),
            hash: None,
            entries: 0,
            not_taken: Vec::new(),
            begins_with_state: false,
            is_on_the_way: false,
            from_monitor: Vec::new(),
        }
    }

    /// Takes the next line after the header; `number` identifies it if it cannot be read: the
    /// number of a line in a file, of an entry in a chain.
    ///
    /// # Errors
    /// It cannot be taken. The record continues without it and says so; a caller that reads a file
    /// may prefer to stop.
    pub fn line(&mut self, number: u64, json: &str) -> Result<(), NotTaken> {
        let taken = self.take(json);
        if taken.is_err() && self.not_taken.len() < MOST_OTHERS {
            self.not_taken.push(number);
        }
        taken
    }

    /// The same, with what is missing besides what its lines say, and the hash of the last line.
    #[must_use]
    pub fn with(mut self, lacks: Vec<Lack>, hash: Option<String>) -> Self {
        self.about.lacks.extend(lacks);
        self.about.hash = hash.or(self.about.hash);
        self
    }

    /// Whether its lines so far have ended the session.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.kept.ended_at.is_some()
    }

    /// Makes the record.
    #[must_use]
    pub fn finish(self) -> SessionRecord {
        finish::record(self)
    }

    fn take(&mut self, json: &str) -> Result<(), NotTaken> {
        let (at, line) = Line::read(json)?;
        let moves_at = matches!(line, Line::Input(Input::ClockStep { moves_at: true, .. }));
        if at < self.at && !moves_at {
            return Err(NotTaken::TimeGoesBack { at, before: self.at });
        }
        self.entries += 1;
        self.at = at;
        // Nearly all lines are frames, and add nothing here.
        let beside = match line {
            Line::Input(Input::Frame(_)) => None,
            _ => serde_json::from_str::<Beside>(json).ok(),
        };
        if let Some(Beside { hash: Some(hash), .. }) = &beside {
            self.hash = Some(hash.clone());
        }
        if self.is_past {
            return Ok(());
        }
        self.kept.first_at = self.kept.first_at.or(Some(at));
        match line {
            Line::Checkpoint(room) => self.checkpoint(*room, at),
            Line::Alert(line) => {
                let session = self.session.as_ref().map(|session| session.id.clone());
                let alert = self.room.as_ref().and_then(|room| room.alert(&line.alert));
                self.kept.alerts.recorded(&line, session.as_ref(), alert);
                if let Some(engine) = beside.and_then(|beside| beside.engine)
                    && !self.programs.contains(&engine)
                    && self.programs.len() < MOST_OTHERS
                {
                    self.programs.push(engine);
                }
                self.advance(at);
            }
            Line::End => self.advance(at),
            Line::Input(input) => self.input(&input, at, beside.and_then(|beside| beside.outcome)),
        }
        Ok(())
    }

    fn checkpoint(&mut self, room: Room, at: Millis) {
        if !self.is_in_gap {
            // What was due before the state was written belongs to the earlier room.
            if self.room.is_some() {
                self.advance(at);
            }
        }
        self.is_in_gap = false;
        self.is_on_the_way = false;
        let is_first = self.room.is_none() && self.session.is_none();
        self.note_watched(room.is_watched(), at);
        self.room = Some(room);
        if is_first {
            self.begins_with_state = true;
            self.prime();
        }
        self.note_open_alerts();
        if let Some(room) = &self.room {
            room.alerts().iter().for_each(|alert| self.kept.alerts.called(alert));
        }
        self.observe(None, true);
    }

    fn input(&mut self, input: &Input, at: Millis, noted: Option<Noted>) {
        if let Input::Open(opening) | Input::MoveIn { opening, .. } = input
            && self.session.as_ref().is_some_and(|session| session.id != opening.session)
        {
            self.is_past = true;
            return;
        }
        // What the patient brings is in the state that follows.
        if let Input::MoveIn { .. } = input {
            return;
        }
        // What happens after the session is not of it.
        if self.kept.ended_at.is_none() {
            self.note_interruption(input, at);
        }
        if self.is_in_gap {
            return;
        }
        if let Input::Gap { .. } = input {
            self.is_in_gap = true;
            return;
        }
        if let Input::ClockStep { ms, moves_at } = input {
            let (ms, moves_at) = (*ms, *moves_at);
            if moves_at {
                self.kept.move_by(ms);
            }
            let set = ClockSet { at, ms, moves_at };
            // Its times move with the clock also later, and a reader has to know that.
            if moves_at || self.kept.ended_at.is_none() {
                self.kept.keep(|kept| &mut kept.clock, MOST_OTHERS, "settings of the clock", set);
            }
        }
        self.begin(at);
        self.before(input, at);
        let Some(room) = &mut self.room else { return };
        room.handle(input, at);
        let is_changed = self.drain();
        if let Input::Frame(frame) = input {
            let said = std::mem::take(&mut self.from_monitor);
            self.note_monitor_changes(frame, &said);
        }
        self.after(input, at, noted);
        self.observe(Some(input), is_changed);
    }

    /// Without a checkpoint the recording begins with the header's session, in the baseline phase,
    /// as when it is played.
    fn begin(&mut self, at: Millis) {
        if self.room.is_some() {
            return;
        }
        let clinic = builtin(DEFAULT_PROFILE).unwrap_or_else(|| self.header.profile.clone());
        let mut room = Room::new(self.header.room.clone(), clinic);
        let named = self.about.session.clone();
        if let Some(session) = named.or_else(|| SessionId::new("recording").ok()) {
            let opening = Opening {
                session,
                profile: self.header.profile.clone(),
                planned_s: self.header.profile.planned_s,
                phase: Phase::Baseline,
                staff: String::new(),
            };
            room.handle(&Input::Open(opening), at);
        }
        self.room = Some(room);
        self.drain();
        self.observe(None, true);
    }

    fn advance(&mut self, at: Millis) {
        if self.is_in_gap {
            return;
        }
        self.begin(at);
        let Some(room) = &mut self.room else { return };
        room.advance(at);
        let is_changed = self.drain();
        self.observe(None, is_changed);
    }

    /// Takes the room's outputs. Returns whether something about the session changed.
    fn drain(&mut self) -> bool {
        let mut is_changed = false;
        loop {
            let Some(room) = &mut self.room else { return is_changed };
            match room.poll_output() {
                Output::Alert(line) => self.kept.alerts.replayed(&line, room),
                Output::AlertTouched(id) => {
                    if let Some(alert) = room.alert(&id) {
                        self.kept.alerts.refresh(alert);
                    }
                }
                Output::Session => is_changed = true,
                Output::SessionEnded(session) => {
                    self.kept.ended_at = Some(session.phase_since);
                    self.kept.alerts.is_over = true;
                    self.session = Some(*session);
                    is_changed = true;
                }
                Output::MovedOut(moving) => {
                    self.moved_out(&moving);
                    is_changed = true;
                }
                Output::Wait(_) => return is_changed,
                Output::NotLive(index, NotLive::Late) => {
                    self.from_monitor.push(FromMonitor::Late(index));
                }
                Output::Revised(index, at) => {
                    self.from_monitor.push(FromMonitor::Revised(index, at));
                }
                Output::Step(_) | Output::Monitor(_) | Output::Shown(_) | Output::NotLive(..) => {}
            }
        }
    }

    fn note_interruption(&mut self, input: &Input, at: Millis) {
        let (kind, from, to, text, why) = match input {
            Input::Restart { blind_from, blind_to } => {
                let text =
                    "dripwatch was away: nothing was heard, and no alert was raised".to_owned();
                (InterruptionKind::Restart, *blind_from, *blind_to, text, Why::Restart)
            }
            Input::Gap { from, to, reason } => {
                let text = format!("Not recorded: {reason}");
                (InterruptionKind::NotRecorded, *from, *to, text, Why::NotRecorded)
            }
            Input::Watched(is_watched) => {
                self.note_watched(*is_watched, at);
                return;
            }
            Input::Link { device, link } => {
                self.note_link(device.as_str(), *link, at);
                return;
            }
            _ => return,
        };
        let interruption = Interruption { kind, from, to: Some(to), text };
        self.kept.keep(|kept| &mut kept.interruptions, MOST_OTHERS, "interruptions", interruption);
        self.kept.keep(
            |kept| &mut kept.blind,
            MOST_OTHERS,
            "interruptions",
            Blind { from, to, why },
        );
    }

    fn note_link(&mut self, device: &str, link: Link, at: Millis) {
        let text = moves::no_connection(device);
        let open = self
            .kept
            .interruptions
            .iter_mut()
            .rev()
            .find(|known| known.to.is_none() && known.text == text);
        match (link, open) {
            (Link::Up | Link::Unbound, Some(open)) => open.to = Some(at),
            (Link::Down, None) => {
                let kind = InterruptionKind::MonitorDown;
                let down = Interruption { kind, from: at, to: None, text };
                self.kept.keep(|kept| &mut kept.interruptions, MOST_OTHERS, "interruptions", down);
            }
            _ => {}
        }
    }

    /// The id of an alert that somebody named.
    fn alert_id(&self, name: &str) -> String {
        let of_room = self.room.as_ref().and_then(session_of);
        let session = of_room.or_else(|| self.session.as_ref().map(|session| session.id.clone()));
        whole_id(name, session.as_ref())
    }
}
