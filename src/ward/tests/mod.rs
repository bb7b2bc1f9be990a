//! The ward over a real journal, on times of the test's own.

mod answers;
mod away;
mod calling;
mod clock;
mod course;
mod eight_rooms;
mod first_edition;
mod format_3;
mod heads;
mod lists;
mod made_up;
mod many_alerts;
mod moved;
mod outcomes;
mod own_alerts;
mod patients;
mod profiles;
mod queues;
mod receipts;
mod restored;
mod rooms;
mod seldom;
mod senders;
mod staff;
mod watching;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::core::Core;
use super::probe::Probe;
use super::*;
use crate::adapters::{Arrival, Copies, Delivery, Identity};
use crate::clock::Mark;
use crate::hub::Mailbox;
use crate::journal::Journal;
use crate::journal::export;
use crate::record::{Chain, Entry, FrameKey, Line, Patient};
use crate::replay::Player;
use crate::room::{Acceptance, AlertLine, Authority, Event};
use crate::vitals::{Decimal, DeviceId, Frame, Millis, Reading, RoomId, SessionId, Vital};

const START: Millis = Millis(1_795_262_400_000);

struct Clinic {
    core: Core,
    folder: tempfile::TempDir,
    second: i64,
    sent: u64,
}

impl Clinic {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let core = core_in(folder.path(), START).await;
        Self { core, folder, second: 0, sent: 0 }
    }

    /// The process dies and another begins `after_s` later, on what is on disk.
    async fn restart(self, after_s: i64) -> Self {
        let Self { core, folder, second, sent } = self;
        flush(&core.journal).await;
        core.journal.close(Duration::from_secs(5)).await.unwrap();
        drop(core);
        let second = second + after_s;
        let core = core_in(folder.path(), START.plus(second * 1_000)).await;
        Self { core, folder, second, sent }
    }

    fn now(&self) -> Millis {
        START.plus(self.second * 1_000)
    }

    fn send(&mut self, readings: Vec<Reading>) -> oneshot::Receiver<()> {
        self.sent += 1;
        let key = FrameKey::of(&[&self.sent.to_le_bytes()]);
        self.send_as(key, Identity::default(), readings)
    }

    /// The same from another device.
    fn send_from(&mut self, device: &DeviceId, readings: Vec<Reading>) {
        self.sent += 1;
        let key = FrameKey::of(&[&self.sent.to_le_bytes()]);
        self.deliver(device.clone(), key, Identity::default(), readings);
    }

    fn send_as(
        &mut self,
        key: FrameKey,
        identity: Identity,
        readings: Vec<Reading>,
    ) -> oneshot::Receiver<()> {
        self.deliver(mon(), key, identity, readings)
    }

    fn deliver(
        &mut self,
        device: DeviceId,
        key: FrameKey,
        identity: Identity,
        readings: Vec<Reading>,
    ) -> oneshot::Receiver<()> {
        let (stored, told) = oneshot::channel();
        let frame = Frame {
            device,
            seq: Some(self.sent),
            boot: None,
            sent_at: None,
            taken_at: None,
            implausible: 0,
            readings,
        };
        let same_within_ms = 600_000;
        let adapter = "native";
        let delivery = Delivery {
            frame,
            adapter,
            key,
            same_within_ms,
            copies: Copies::AreOne,
            identity,
            not_understood: Vec::new(),
            stored,
        };
        let now = self.now();
        self.core.arrive(Arrival::Frame(delivery), now);
        told
    }

    fn each_second(&mut self, spo2: i32, seconds: usize) {
        for _ in 0..seconds {
            self.send(vec![reading(Vital::Spo2, spo2), reading(Vital::PulseRate, 75)]);
            self.second += 1;
        }
    }

    fn bind(&mut self) {
        let now = self.now();
        self.core
            .act(&km(), Bind { device: mon(), room: Some(room()), is_confirmed: false }, now)
            .unwrap();
    }

    fn open_session(&mut self) -> SessionId {
        let patient = Patient { initials: "J.T.".to_owned(), ..Patient::default() };
        let session = NewSession { patient, ..NewSession::default() };
        let now = self.now();
        let opened = self.core.act(&km(), OpenSession { room: room(), session }, now).unwrap();
        let json: serde_json::Value = serde_json::from_str(&opened.json).unwrap();
        SessionId::new(json["id"].as_str().unwrap()).unwrap()
    }

    fn event(&mut self, session: &SessionId, event: Event) {
        let now = self.now();
        self.core
            .act(&km(), EnterEvent { session: session.clone(), event, occurred_at: None }, now)
            .unwrap();
    }

    /// Until it takes nothing more. Without an await, so that nothing is written meanwhile.
    fn fill_the_journal(&self) {
        let elsewhere = Chain::Room(RoomId::new("8").unwrap());
        let entry = Entry { at: START, body: "{}".to_owned(), ..Entry::default() };
        let mut given = 0;
        for count in [20_000, 1_000, 50, 1] {
            let fill = |first| {
                let entries = vec![entry.clone(); count as usize];
                self.core.journal.append(&elsewhere, first, entries, vec![], vec![])
            };
            while fill(given + 1).is_ok() {
                given += count;
            }
        }
    }

    async fn wait_for_the_journal(&mut self) {
        self.second += 2;
        while self.core.journal.lag(self.now()) > 1_000 {
            tokio::task::yield_now().await;
        }
    }

    fn room_json(&mut self) -> serde_json::Value {
        let json = self.core.ask(ShowRoom { room: room(), view: View::Staff }, self.now()).unwrap();
        serde_json::from_str(&json).unwrap()
    }
}

async fn core_in(folder: &std::path::Path, at: Millis) -> Core {
    let journal = Journal::open(folder).await.unwrap();
    let config = WardConfig { rooms: vec![(room(), "Room 3".to_owned())], ..WardConfig::default() };
    Core::restore(journal, &config, format!("{at}"), Mark::by_our_clock_alone(at)).await.unwrap()
}

async fn flush(journal: &Journal) {
    let (stored, told) = oneshot::channel();
    journal.barrier(stored);
    told.await.unwrap();
}

fn room() -> RoomId {
    RoomId::new("3").unwrap()
}

fn mon() -> DeviceId {
    DeviceId::new("mon-3").unwrap()
}

fn somebody() -> crate::contract::Person {
    let (name, initials) = ("Karla Maier".to_owned(), "KM".to_owned());
    crate::contract::Person { name, initials, role: crate::access::Role::Nurse }
}

fn km() -> Actor {
    Actor {
        initials: "KM".to_owned(),
        name: "KM".to_owned(),
        authority: Authority::Nurse,
        authority_by_password: Authority::Nurse,
        is_identified: false,
        is_program: false,
        request: None,
    }
}

fn usual_baseline() -> Event {
    let whole = |value| Some(Decimal::whole(value));
    Event::AcceptBaseline(Acceptance {
        systolic: whole(118),
        diastolic: whole(74),
        heart_rate: whole(75),
        spo2: whole(97),
        ..Acceptance::default()
    })
}

fn reading(vital: Vital, value: i32) -> Reading {
    Reading::number(vital, Decimal::whole(value))
}

fn hello_all() -> Hello {
    Hello::default()
}

async fn lines(mailbox: &Mailbox) -> Vec<serde_json::Value> {
    let text = mailbox.take(usize::MAX).await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The alert lines in the room's chain.
async fn shown(journal: &Journal) -> Vec<AlertLine> {
    let entries = journal.read(&Chain::Room(room()), 1, 100_000).await.unwrap();
    let line = |body: &str| Line::read(body).unwrap().1;
    let alert = |line| if let Line::Alert(alert) = line { Some(alert) } else { None };
    entries.iter().filter_map(|stored| alert(line(&stored.entry.body))).collect()
}
