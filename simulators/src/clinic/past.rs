//! The clinic before it opens to the network: its rooms' hours before second 0, played to whoever
//! keeps the record, with the time of each thing as an input.

use serde_json::Value;

use super::action::StaffAction;
use super::entries::{entries, opening};
use super::room::Room;
use super::{InRoom, dialect, nameplate};
use crate::instruments::CuffActivity;
use crate::monitors::{Dialect, Monitor, Out};
use crate::staff::Nurse;

/// What is shown is said so often, in seconds: enough for every rule and trend. A large clinic says
/// it less often, so that it opens soon.
const SAID_EVERY_S: i64 = 5;
const SAID_EVERY_S_OF_MANY: i64 = 8;
const MANY_ROOMS: usize = 16;
/// Alerts are looked after so often, in seconds.
const ALERTS_EVERY_S: i64 = 30;

/// Who keeps the record while the past is played. Times are ms since 1970 and never go back.
pub trait Witness {
    /// A monitor is put into a room.
    fn bind(&mut self, device: &str, room: &str, at_ms: i64);
    /// A monitor says this, in the language of the ingest socket. `is_hl7`: later it speaks HL7.
    fn hear(&mut self, device: &str, is_hl7: bool, line: &str, at_ms: i64);
    /// A session is opened; answered as it is shown to staff.
    fn open(&mut self, room: &str, about: &Value, at_ms: i64) -> Value;
    /// Something is entered in a session; answered as the session is then shown, or why not.
    ///
    /// # Errors
    /// It is refused.
    fn enter(
        &mut self,
        by: Nurse,
        session: &str,
        event: &Value,
        at_ms: i64,
    ) -> Result<Value, String>;
    /// Every alert of the room gets its outcome.
    fn close_alerts(&mut self, room: &str, at_ms: i64);
    /// Time passes.
    fn pass(&mut self, at_ms: i64);
}

/// The clinic's rooms, from the first patient's arrival on.
#[derive(Debug)]
pub struct Clinic {
    pub(super) rooms: Vec<InRoom>,
    now_s: i64,
    said_every_s: i64,
    pub(super) is_played: bool,
}

impl Clinic {
    /// As many rooms; the same seed gives the same patients, readings and events. With `chance`
    /// more happens than each room's part.
    pub fn new(rooms: usize, seed: u64, chance: bool) -> Self {
        Self::of((1..=rooms).map(|number| Room::after_another(number, seed, chance)))
    }

    /// The same for a server that has seen nothing of the past: no patient has left before.
    pub(super) fn without_past(rooms: usize, seed: u64, chance: bool) -> Self {
        Self::of((1..=rooms).map(|number| Room::new(number, seed, chance)))
    }

    fn of(rooms: impl Iterator<Item = Room>) -> Self {
        let room = |(room, number): (Room, usize)| InRoom {
            number,
            room,
            session: None,
            voice: Monitor::new(Dialect::Native, nameplate(number, "before")),
            shown: Value::Null,
        };
        let rooms: Vec<_> = rooms.zip(1..).map(room).collect();
        let now_s = rooms.iter().map(|room| room.room.now_s()).min().unwrap_or(0);
        let is_large = rooms.len() > MANY_ROOMS;
        let said_every_s = if is_large { SAID_EVERY_S_OF_MANY } else { SAID_EVERY_S };
        Self { rooms, now_s, said_every_s, is_played: false }
    }

    /// The second up to which it has been played: at first that of the first arrival, before 0.
    pub fn now_s(&self) -> i64 {
        self.now_s
    }

    /// Plays until a second, at most 0. Second 0 is at `zero_ms`.
    ///
    /// # Errors
    /// Something that staff did is refused: the story is not what it should be.
    pub fn play_until(
        &mut self,
        until_s: i64,
        zero_ms: i64,
        witness: &mut dyn Witness,
    ) -> Result<(), String> {
        if !self.is_played {
            self.is_played = true;
            for room in &self.rooms {
                witness.bind(&room.device(), &room.id(), zero_ms + self.now_s * 1000);
            }
        }
        while self.now_s < until_s.min(0) {
            self.now_s += 1;
            let at_ms = zero_ms + self.now_s * 1000;
            for room in self.rooms.iter_mut().filter(|room| room.room.now_s() < self.now_s) {
                room.second(at_ms, self.said_every_s, witness)?;
            }
            witness.pass(at_ms);
        }
        Ok(())
    }
}

impl InRoom {
    fn id(&self) -> String {
        self.number.to_string()
    }

    fn device(&self) -> String {
        dialect(self.number).device_id(self.number)
    }

    fn second(
        &mut self,
        at_ms: i64,
        said_every_s: i64,
        witness: &mut dyn Witness,
    ) -> Result<(), String> {
        let second = self.room.step();
        let is_cuff = !matches!(second.shown.cuff, CuffActivity::Idle | CuffActivity::Measuring);
        let now_s = self.room.now_s();
        if is_cuff || (now_s + self.number as i64) % said_every_s == 0 {
            let is_hl7 = dialect(self.number).is_hl7();
            for out in self.voice.shows(&second.shown, at_ms, at_ms) {
                if let Out::Say(packet) = out {
                    witness.hear(&self.device(), is_hl7, &packet.text, at_ms);
                }
            }
        }
        if now_s % ALERTS_EVERY_S == 0 && now_s < -60 {
            witness.close_alerts(&self.id(), at_ms);
        }
        match second.action {
            Some(action) => self.act(&action, at_ms, witness),
            None => Ok(()),
        }
    }

    fn act(
        &mut self,
        action: &StaffAction,
        at_ms: i64,
        witness: &mut dyn Witness,
    ) -> Result<(), String> {
        if let Some(about) = opening(action) {
            self.shown = witness.open(&self.id(), &about, at_ms);
            self.session = self.shown["id"].as_str().map(str::to_owned);
        }
        let session = self.session.clone().unwrap_or_default();
        for entry in entries(action, &self.shown, true) {
            let shown = witness.enter(entry.by, &session, &entry.event, at_ms);
            self.shown = shown.map_err(|why| {
                format!("room {}, {action:?}, {}: {why}", self.number, entry.event)
            })?;
        }
        if *action == StaffAction::Discharge {
            self.session = None;
        }
        Ok(())
    }
}
