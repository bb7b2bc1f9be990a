//! A ward in which chance happens, told by a seed, for a screen at the other end of a pipe:
//! `web/src/stream/converges.trial.ts` drives it and compares. One JSON line in, one out.
//!
//! `{"op":"join","view":"staff"}` connects a screen anew; `hello` gives its hello; `take` what waits for it,
//! up to so many bytes; `step` lets so many things happen; `settle` lets what is due happen;
//! `restart` ends the server and starts it again; `fresh` gives a newcomer's snapshot.

#[path = "../as_rows.rs"]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod as_rows;
#[path = "../by_hand.rs"]
mod by_hand;
#[path = "../chance.rs"]
mod chance;

use std::io::{BufRead, Write};
use std::sync::Arc;

use anyhow::{Context, bail};
use as_rows::rows_of;
use by_hand::{ROOMS, START, nurse, ward_config};
use chance::Chance;
use dripwatch::access::Role;
use dripwatch::adapters::{Arrival, Copies, Delivery, Identity, Unusable};
use dripwatch::clock::Mark;
use dripwatch::contract::Person;
use dripwatch::hub::Mailbox;
use dripwatch::record::{FrameKey, Patient};
use dripwatch::room::{Event, Outcome};
use dripwatch::vitals::wire::Parsed;
use dripwatch::vitals::{DeviceId, Frame, Millis, RoomId, SessionId, Source};
use dripwatch::ward::{
    Acknowledge, Act, Bind, By, Command, ConfirmReceipt, EnterEvent, GiveOutcome, Hello, Join,
    Leave, ListRooms, NewSession, NoteDisk, OpenSession, Presence, RenameRoom, SayHello,
    SayPresence, ScreenId, SilenceAlert, View, WardByHand,
};
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

const DEVICES: [&str; 5] = ["mon-1", "mon-2", "mon-3", "cuff-1", "cuff-2"];

struct Trial {
    ward: Option<WardByHand>,
    folder: tempfile::TempDir,
    chance: Chance,
    now: Millis,
    beat_at: Millis,
    /// How far the disk is behind.
    lag_ms: i64,
    sent: u64,
    screens: u64,
    view: View,
    mailbox: Arc<Mailbox>,
    last_frame: Option<Frame>,
    last_cuff: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let seed = std::env::args().nth(1).context("a seed")?.parse()?;
    let mut trial = Trial::open(seed).await?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = trial.answer(&serde_json::from_str(&line?)?).await?;
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    if let Some(ward) = trial.ward.take() {
        ward.close().await?;
    }
    Ok(())
}

fn mark(at: Millis) -> Mark {
    Mark::by_our_clock_alone(at)
}

impl Trial {
    async fn open(seed: u64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let ward = WardByHand::open(folder.path(), &ward_config()?, mark(START)).await?;
        let mut trial = Self {
            ward: Some(ward),
            folder,
            chance: Chance(seed),
            now: START,
            beat_at: START,
            lag_ms: 0,
            sent: 0,
            screens: 0,
            view: View::Staff,
            mailbox: Arc::default(),
            last_frame: None,
            last_cuff: None,
        };
        for (device, room) in [("mon-1", "1"), ("cuff-1", "1"), ("mon-2", "2"), ("mon-3", "3")] {
            trial.bind(device, Some(room))?;
        }
        Ok(trial)
    }

    fn ward(&mut self) -> anyhow::Result<&mut WardByHand> {
        self.ward.as_mut().context("the ward runs")
    }

    /// What a command answers; a refusal is one of the things that happen.
    fn ask<C: Command>(&mut self, command: C) -> anyhow::Result<C::Answer> {
        let now = self.now;
        Ok(self.ward()?.ask(command, now))
    }

    async fn answer(&mut self, asked: &Json) -> anyhow::Result<Json> {
        let number = |key: &str| asked[key].as_u64().unwrap_or_default();
        Ok(match asked["op"].as_str().unwrap_or_default() {
            "join" => {
                self.view = if asked["view"] == "display" { View::Display } else { View::Staff };
                let leaving = ScreenId(self.screens);
                self.ask(Leave { screen: leaving })?;
                self.mailbox = Arc::default();
                self.screens += 1;
                self.join(ScreenId(self.screens), self.mailbox.clone())?;
                json!({})
            }
            "hello" => {
                let screen = ScreenId(self.screens);
                let hello = hello(asked)?;
                self.ask(SayHello { screen, hello })?;
                json!({})
            }
            "take" => match self.take(&self.mailbox.clone(), number("bytes") as usize).await {
                Some(text) => json!({"text": text}),
                None => json!({"closed": true}),
            },
            "step" => {
                for _ in 0..number("count") {
                    self.happen()?;
                }
                json!({"now": self.now})
            }
            "settle" => {
                self.now = self.now.plus(1_000);
                let now = self.now;
                self.ward()?.look(now);
                let lag_ms = self.lag_ms;
                self.ward()?.beat(now, lag_ms);
                json!({"now": now})
            }
            "restart" => {
                self.ward.take().context("the ward runs")?.close().await?;
                if self.chance.one_in(2) {
                    self.spoil().await?;
                }
                self.now = self.now.plus(1_000 + self.chance.below(90_000) as i64);
                let ward =
                    WardByHand::open(self.folder.path(), &ward_config()?, mark(self.now)).await?;
                self.ward = Some(ward);
                json!({"now": self.now})
            }
            "fresh" => {
                let (screen, mailbox) = (ScreenId(u64::MAX), Arc::<Mailbox>::default());
                self.join(screen, mailbox.clone())?;
                self.ask(SayHello { screen, hello: Hello::default() })?;
                self.ask(Leave { screen })?;
                json!({"text": self.take(&mailbox, usize::MAX).await})
            }
            other => bail!("no such op: {other}"),
        })
    }

    /// The last entry of a room can no longer be read.
    async fn spoil(&self) -> anyhow::Result<()> {
        let mut raw = rows_of(self.folder.path()).await;
        let spoilt = "UPDATE entries SET body = 'nonsense' WHERE chain = 'room/1' AND seq = \
            (SELECT max(seq) FROM entries WHERE chain = 'room/1' AND is_checkpoint = 0)";
        sqlx::query(spoilt).execute(&mut raw).await?;
        Ok(())
    }

    fn join(&mut self, screen: ScreenId, mailbox: Arc<Mailbox>) -> anyhow::Result<()> {
        let (name, initials) = ("KM".to_owned(), "KM".to_owned());
        let me = Person { name, initials, role: Role::Nurse };
        self.ask(Join { screen, view: self.view, me, mailbox })
    }

    /// Empty when nothing waits; `None` when the screen was closed.
    async fn take(&self, mailbox: &Mailbox, bytes: usize) -> Option<String> {
        tokio::select! {
            biased;
            text = mailbox.take(bytes) => text,
            () = std::future::ready(()) => Some(String::new()),
        }
    }

    fn happen(&mut self) -> anyhow::Result<()> {
        match self.chance.below(100) {
            0..=58 => self.frame(),
            59..=78 => self.pass_time(),
            79..=82 => self.link(),
            83..=84 => self.rebind(),
            85..=92 => self.stay(),
            93..=96 => self.alert(),
            97 if self.chance.one_in(2) => self.rename(),
            97 => self.disk(),
            _ => self.presence(),
        }
    }

    fn pass_time(&mut self) -> anyhow::Result<()> {
        let ms = match self.chance.below(20) {
            0 => 20_000 + self.chance.below(200_000),
            1..=3 => 3_000 + self.chance.below(12_000),
            _ => 200 + self.chance.below(1_500),
        };
        let until = self.now.plus(ms as i64);
        while self.now < until {
            self.now = self.now.plus(1_000).min(until);
            let now = self.now;
            self.ward()?.look(now);
            if now.since(self.beat_at) >= 1_000 {
                self.beat_at = now;
                let lag_ms = self.lag_ms;
                self.ward()?.beat(now, lag_ms);
            }
        }
        Ok(())
    }

    fn frame(&mut self) -> anyhow::Result<()> {
        let device = DeviceId::new(self.chance.of::<&str>(&DEVICES))?;
        self.sent += 1;
        let frame = match self.last_frame.take() {
            // Once more, as monitors do that had no answer.
            Some(frame) if self.chance.one_in(30) => frame,
            _ => {
                let text = self.readings().to_string();
                match Parsed::read(&text, &device, Source::Monitor) {
                    Ok(parsed) => parsed.frame,
                    Err(refused) => {
                        let Some(frame) = refused.frame else { return Ok(()) };
                        let unusable = Unusable {
                            frame: *frame,
                            adapter: "native",
                            identity: Identity::default(),
                            not_understood: Vec::new(),
                        };
                        let arrival = Arrival::Unusable(unusable, oneshot::channel().0);
                        let now = self.now;
                        self.ward()?.arrive(arrival, now);
                        return Ok(());
                    }
                }
            }
        };
        self.last_frame = Some(frame.clone());
        let key = FrameKey::of(&[&self.sent.to_le_bytes()]);
        let bed = self.chance.one_in(400).then(|| "other".to_owned());
        let identity = Identity { bed, ..Identity::default() };
        let (stored, _) = oneshot::channel();
        let (adapter, same_within_ms) = ("native", 600_000);
        let copies = Copies::AreOne;
        let not_understood = Vec::new();
        let delivery = Delivery {
            frame,
            adapter,
            key,
            same_within_ms,
            copies,
            identity,
            not_understood,
            stored,
        };
        let now = self.now;
        self.ward()?.arrive(Arrival::Frame(delivery), now);
        Ok(())
    }

    fn readings(&mut self) -> Json {
        let now = self.now;
        let mut frame = json!({"type": "readings", "seq": self.sent});
        match self.chance.below(12) {
            0 => {}
            // Out of an outage, or of a clock that is off.
            1 => frame["taken_at"] = json!(now.plus(-(self.chance.below(400_000) as i64))),
            2 => frame["sent_at"] = json!(now.plus(-(self.chance.below(3_000) as i64))),
            _ => frame["taken_at"] = json!(now.plus(-(self.chance.below(900) as i64))),
        }
        let count = 1 + self.chance.below(3);
        let readings: Vec<Json> = (0..count).map(|_| self.reading()).collect();
        frame["readings"] = json!(readings);
        frame
    }

    fn reading(&mut self) -> Json {
        let vitals =
            ["spo2", "spo2", "pulse_rate", "heart_rate", "resp_rate", "temp", "nibp", "nibp"];
        let vital = *self.chance.of(&vitals);
        if vital == "nibp" {
            return self.cuff();
        }
        let chance = &mut self.chance;
        let mut reading = json!({"vital": vital});
        if chance.one_in(8) {
            let words = ["sensor_off", "searching", "no_pulse", "low_perfusion"];
            reading["absent"] = json!(chance.of(&words));
            return reading;
        }
        let (least, span) = match vital {
            "spo2" => (82, 18),
            "resp_rate" => (6, 30),
            "temp" => (35, 6),
            _ => (40, 110),
        };
        // Much the same for a while, and then not.
        reading["value"] = json!(least + chance.below(span));
        match chance.below(10) {
            0 => reading["quality"] = json!("questionable"),
            1 => reading["quality"] = json!("invalid"),
            _ => {}
        }
        if chance.one_in(12) {
            reading["channel"] = json!(chance.of(&["a", "cuff"]));
        }
        reading
    }

    fn cuff(&mut self) -> Json {
        let chance = &mut self.chance;
        match chance.below(6) {
            0 | 1 => return json!({"vital": "nibp", "absent": "measuring"}),
            2 => return json!({"vital": "nibp", "absent": "failed"}),
            3 if chance.one_in(2) => {
                return json!({"vital": "nibp", "absent": *chance.of(&["invalid", "no_sensor"])});
            }
            _ => {}
        }
        if let Some(cuff) = self.last_cuff.clone().filter(|_| chance.one_in(4)) {
            return serde_json::from_str(&cuff).unwrap_or_default();
        }
        let systolic = 85 + chance.below(120);
        let diastolic = 40 + chance.below(systolic - 50);
        let mut reading = json!({"vital": "nibp", "systolic": systolic, "diastolic": diastolic});
        match chance.below(5) {
            0 => {}
            1 => reading["taken_at"] = json!(self.now.plus(-(chance.below(600_000) as i64))),
            _ => reading["taken_at"] = json!(self.now.plus(-(chance.below(30_000) as i64))),
        }
        if chance.one_in(12) {
            reading["quality"] = json!("questionable");
        }
        self.last_cuff = Some(reading.to_string());
        reading
    }

    fn link(&mut self) -> anyhow::Result<()> {
        let device = DeviceId::new(self.chance.of::<&str>(&DEVICES))?;
        let up = self.chance.one_in(2);
        let (adapter, connection) = ("native", 1);
        let now = self.now;
        self.ward()?.arrive(Arrival::Link { device, adapter, connection, up }, now);
        Ok(())
    }

    fn bind(&mut self, device: &str, room: Option<&str>) -> anyhow::Result<()> {
        let (device, room) = (DeviceId::new(device)?, room.map(RoomId::new).transpose()?);
        self.act(Bind { device, room, is_confirmed: true })
    }

    fn act(&mut self, act: impl Act) -> anyhow::Result<()> {
        // Refused or not, it is one of the things that happen.
        let _ = self.ask(By { actor: nurse(), act })?;
        Ok(())
    }

    fn rebind(&mut self) -> anyhow::Result<()> {
        let device = *self.chance.of(&DEVICES);
        let room = (!self.chance.one_in(3)).then(|| *self.chance.of(&ROOMS));
        self.bind(device, room)
    }

    fn rooms(&mut self) -> anyhow::Result<Json> {
        let text = self.ask(ListRooms { view: View::Staff })?;
        Ok(serde_json::from_str(&text)?)
    }

    fn stay(&mut self) -> anyhow::Result<()> {
        let rooms = self.rooms()?;
        let index =
            self.chance.below(rooms["rooms"].as_array().map_or(1, Vec::len) as u64) as usize;
        let (room, session) = (&rooms["rooms"][index], &rooms["rooms"][index]["session"]);
        let room = RoomId::new(room["id"].as_str().context("an id")?)?;
        let Some(id) = session["id"].as_str() else {
            let profiles = [None, Some("esketamine-nasal-adult".to_owned())];
            let profile = self.chance.of(&profiles).clone();
            let patient = Patient { initials: "J.T.".to_owned(), ..Patient::default() };
            let session = NewSession { patient, profile, ..NewSession::default() };
            return self.act(OpenSession { room, session });
        };
        let session = SessionId::new(id)?;
        let event: Event = serde_json::from_value(self.event())?;
        let earlier = self.now.plus(-(self.chance.below(120_000) as i64));
        let occurred_at = self.chance.one_in(5).then_some(earlier);
        self.act(EnterEvent { session, event, occurred_at })
    }

    fn event(&mut self) -> Json {
        let because = json!({"reason": "seen"});
        let chance = &mut self.chance;
        let spo2 = 90 + chance.below(10);
        match chance.below(30) {
            0 => json!({"type": "check_in"}),
            1..=3 => json!({"type": "accept_baseline", "systolic": 110 + chance.below(40),
                "diastolic": 74, "heart_rate": 75, "spo2": spo2, "override": because}),
            4..=9 => json!({"type": "start", "override": because}),
            10 | 11 => json!({"type": "pause", "reason": "nausea"}),
            12 | 13 => json!({"type": "resume"}),
            14 => json!({"type": "stop"}),
            15 | 16 => json!({"type": "bp_now"}),
            17 => json!({"type": "rate_change", "to": 30 + chance.below(40), "unit": "mL/h"}),
            18 => json!({"type": "symptom", "symptom": "nausea", "over": chance.one_in(2)}),
            19 => json!({"type": "symptom", "symptom": "chest_pain", "over": chance.one_in(2)}),
            20 => json!({"type": "score", "score": "moaa_s", "value": chance.below(6)}),
            21..=23 => json!({"type": "manual_vitals", "systolic": 100 + chance.below(90),
                "diastolic": 70, "resp_rate": 8 + chance.below(20), "spo2": spo2}),
            24 => json!({"type": "limits", "reason": "agreed", "prescriber": "KM",
                "limits": {"systolic_high": {"caution": 170, "urgent": 185}}}),
            25 => json!({"type": "note", "text": "calm"}),
            26 => json!({"type": "correct", "event": 1 + chance.below(8)}),
            27 => json!({"type": "discharge"}),
            28 => json!({"type": "abort", "reason": "no treatment"}),
            _ => json!({"type": "transfer", "reason": "emergency"}),
        }
    }

    fn alert(&mut self) -> anyhow::Result<()> {
        let rooms = self.rooms()?;
        let open: Vec<String> = (rooms["rooms"].as_array().into_iter().flatten())
            .flat_map(|room| room["alerts"].as_array().into_iter().flatten())
            .filter_map(|alert| alert["id"].as_str().map(str::to_owned))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let alert = self.chance.of(&open).clone();
        match self.chance.below(4) {
            0 => self.act(Acknowledge { alert }),
            1 => self.act(SilenceAlert { alert, seconds: 120 }),
            2 => self.act(GiveOutcome { alert, outcome: Some(Outcome::SensorResited), note: None }),
            _ => {
                let screen = ScreenId(self.screens);
                self.ask(ConfirmReceipt { screen, alert })
            }
        }
    }

    fn rename(&mut self) -> anyhow::Result<()> {
        let id = if self.chance.one_in(6) { "9" } else { *self.chance.of(&ROOMS) };
        let room = RoomId::new(id)?;
        let name = Some(format!("Room {id}.{}", self.chance.below(9)));
        let order = self.chance.one_in(2).then(|| self.chance.below(9) as i64);
        self.act(RenameRoom { room, name, order, earlier: None })
    }

    fn disk(&mut self) -> anyhow::Result<()> {
        self.lag_ms = *self.chance.of(&[0, 0, 0, 5_000]);
        let free_mib = *self.chance.of(&[10, 9_000, 9_000]);
        self.ask(NoteDisk { free_mib, low_mib: 2_000 })
    }

    fn presence(&mut self) -> anyhow::Result<()> {
        let presence = Presence { audible: self.chance.one_in(2), visible: true, quiet: false };
        let screen = ScreenId(self.screens);
        self.mailbox.answered(self.now);
        self.ask(SayPresence { screen, presence, kind: None, battery: None })
    }
}

fn hello(asked: &Json) -> anyhow::Result<Hello> {
    let revs = asked["revs"].as_object().into_iter().flatten();
    let revs = revs.map(|(id, rev)| Ok((RoomId::new(id)?, rev.as_u64().context("a rev")?)));
    let rooms = asked["rooms"].as_array().map(|rooms| rooms.iter().filter_map(Json::as_str));
    Ok(Hello {
        rooms: rooms.map(|rooms| rooms.map(RoomId::new).collect::<Result<_, _>>()).transpose()?,
        epoch: asked["epoch"].as_str().map(str::to_owned),
        revs: revs.collect::<anyhow::Result<_>>()?,
        ..Hello::default()
    })
}
