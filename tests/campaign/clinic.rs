//! Three rooms, their monitors, a nurse and a screen, on a disk and a clock that cannot be trusted.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use dripwatch::access::Role;
use dripwatch::clock::{Mark, SinceBoot};
use dripwatch::contract::Person;
use dripwatch::hub::Mailbox;
use dripwatch::replay::Patient;
use dripwatch::room::{Authority, Event, Outcome};
use dripwatch::store::{AlertFilter, AlertStates};
use dripwatch::vitals::{DeviceId, Millis, RoomId, SessionId};
use dripwatch::ward::{
    Act, Actor, Command, Floor, Hello, NewSession, Pending, Refusal, ScreenId, View, WardByHand,
};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::chance::Chance;
use super::disk::Image;
use super::monitors::Monitor;
use super::promises::{Standing, is_in_history_once, record_is_true};

const START: Millis = Millis(1_795_262_400_000);
const ROOMS: [&str; 3] = ["1", "2", "3"];
/// Runs of the server in one schedule.
const RUNS: u64 = 3;
/// Things that happen in one of them, at most.
const STEPS: u64 = 60;
/// Below 85 for 5 s is urgent at once, and the loop looks each 50 ms: here each 250.
const ALARMS_WITHIN_S: usize = 6;
/// Times of 10 s: 30 to clear, 120 where it came and went, and what was blind before.
const WELL_WITHIN: usize = 20;
const HOUR_MS: i64 = 3_600_000;
const YEARS_MS: i64 = 3_652 * 86_400_000;

/// What was tried.
#[derive(Default)]
pub(crate) struct Tally {
    kills: u64,
    torn: u64,
    stillborn: u64,
    stops: u64,
    clocks: u64,
    stalls: u64,
    floods: u64,
    stored: u64,
    commands: u64,
    alarms: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.torn += other.torn;
        self.stillborn += other.stillborn;
        self.stops += other.stops;
        self.clocks += other.clocks;
        self.stalls += other.stalls;
        self.floods += other.floods;
        self.stored += other.stored;
        self.commands += other.commands;
        self.alarms += other.alarms;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kills,
            torn,
            stillborn,
            stops,
            clocks,
            stalls,
            floods,
            stored,
            commands,
            alarms,
        } = self;
        write!(
            f,
            "{kills} kills, {torn} torn writes, {stillborn} starts that died, {stops} stops, {clocks} clocks set, {stalls} \
             stalls, {floods} floods; {stored} frames and {commands} commands on disk, {alarms} \
             alarms on time"
        )
    }
}

/// Something that staff did, and what must be true of it once it is on disk.
struct Done {
    what: Promise,
    stored: oneshot::Receiver<()>,
}

enum Promise {
    Taken(String),
    CameOf(String, &'static str),
    Noted(SessionId, String),
    Opened(SessionId),
    Ended(SessionId),
}

struct Clinic {
    ward: WardByHand,
    folder: TempDir,
    chance: Chance,
    now: Millis,
    /// What the machine counts, and which start of it this is.
    counted_ms: i64,
    boot: u128,
    monitors: Vec<Monitor>,
    screen: Arc<Mailbox>,
    done: Vec<Done>,
    promises: Vec<Promise>,
    /// When everything was last on disk.
    flushed: Standing,
    image: Image,
    notes: u64,
    tally: Tally,
    tells: bool,
}

/// One schedule, whole.
pub(crate) async fn play(seed: u64, tells: bool) -> anyhow::Result<Tally> {
    let mut clinic = Clinic::open(seed, tells).await?;
    for run in 0..RUNS {
        let steps = 10 + clinic.chance.below(STEPS);
        for _ in 0..steps {
            clinic.happen().await?;
        }
        clinic.end_run().await.with_context(|| format!("at the end of run {run}"))?;
        clinic.alarms_in_time().await.with_context(|| format!("after run {run}"))?;
    }
    clinic.judge().await?;
    clinic.ward.close().await?;
    Ok(clinic.tally)
}

fn floor() -> anyhow::Result<Floor> {
    let rooms = ROOMS.map(|id| Ok((RoomId::new(id)?, format!("Room {id}"))));
    let rooms = rooms.into_iter().collect::<anyhow::Result<_>>()?;
    Ok(Floor { rooms, ..Floor::default() })
}

fn nurse() -> Actor {
    let authority = Authority::Prescriber;
    let name = "KM".to_owned();
    Actor {
        initials: name.clone(),
        name,
        authority,
        authority_by_password: authority,
        is_identified: true,
        is_program: false,
        request: None,
    }
}

impl Clinic {
    async fn open(seed: u64, tells: bool) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut monitors = Vec::new();
        for n in 1..=ROOMS.len() + 1 {
            monitors.push(Monitor::new(DeviceId::new(format!("mon-{n}").as_str())?));
        }
        let since_boot = Some(SinceBoot { boot: Uuid::from_u128(1), ms: 60_000 });
        let now = Mark { at: START, since_boot };
        let ward = WardByHand::open(folder.path(), &floor()?, now).await?;
        let image = Image::of(folder.path())?;
        let mut clinic = Self {
            ward,
            folder,
            chance: Chance(seed),
            now: START,
            counted_ms: 60_000,
            boot: 1,
            monitors,
            screen: Arc::default(),
            done: Vec::new(),
            promises: Vec::new(),
            flushed: Standing::default(),
            image,
            notes: 0,
            tally: Tally::default(),
            tells,
        };
        for (monitor, room) in [("mon-1", "1"), ("mon-2", "2"), ("mon-3", "3")] {
            let (device, room) = (DeviceId::new(monitor)?, Some(RoomId::new(room)?));
            let bound = clinic.act(Act::Bind { device, room, is_confirmed: true })?;
            ensure!(bound.is_ok(), "a monitor cannot be bound: {bound:?}");
        }
        clinic.join()?;
        clinic.flush().await?;
        Ok(clinic)
    }

    fn tell(&self, what: impl fmt::Display) {
        if self.tells {
            println!("{:>8} s  {what}", self.now.since(START) / 1_000);
        }
    }

    fn mark(&self) -> Mark {
        let since_boot = SinceBoot { boot: Uuid::from_u128(self.boot), ms: self.counted_ms };
        Mark { at: self.now, since_boot: Some(since_boot) }
    }

    fn apply(&mut self, command: Command) {
        self.ward.apply(command, self.now);
    }

    fn ask<T>(&mut self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> anyhow::Result<T> {
        let (reply, mut answer) = oneshot::channel();
        self.apply(command(reply));
        Ok(answer.try_recv()?)
    }

    fn act(&mut self, act: Act) -> anyhow::Result<Result<Pending, Refusal>> {
        self.ask(|reply| Command::Act { actor: nurse(), act, reply })
    }

    fn join(&mut self) -> anyhow::Result<()> {
        self.screen = Arc::default();
        let (name, initials) = ("KM".to_owned(), "KM".to_owned());
        let me = Person { name, initials, role: Role::Nurse };
        let (screen, mailbox) = (ScreenId(1), Arc::clone(&self.screen));
        self.apply(Command::Leave { screen });
        self.apply(Command::Join { screen, view: View::Staff, me, mailbox });
        self.apply(Command::Hello { screen, hello: Hello::default() });
        Ok(())
    }

    fn rooms(&mut self) -> anyhow::Result<Json> {
        let text = self.ask(|reply| Command::Rooms { view: View::Staff, reply })?;
        Ok(serde_json::from_str(&text)?)
    }

    fn standing(&mut self) -> anyhow::Result<Standing> {
        Ok(Standing::of(&self.rooms()?))
    }

    async fn happen(&mut self) -> anyhow::Result<()> {
        match self.chance.below(100) {
            0..=54 => self.second()?,
            55..=69 => self.staff()?,
            70..=74 => self.cut(),
            75..=94 => self.flush().await?,
            95..=96 => self.flood(),
            97..=98 => self.stall()?,
            _ => self.join()?,
        }
        self.standing()?.has_each_alert_once()
    }

    /// A second passes: monitors speak, deadlines fall due, the heart beats.
    fn second(&mut self) -> anyhow::Result<()> {
        // What comes before the next one is newer than the mark.
        self.ward.journal().mark_alive(self.mark());
        for _ in 0..4 {
            self.now = self.now.plus(250);
            self.counted_ms += 250;
            self.ward.look(self.now);
        }
        for index in 0..self.monitors.len() {
            if let Some(arrival) = self.monitors[index].speak(self.now, &mut self.chance) {
                self.ward.arrive(arrival, self.now);
            }
        }
        let lag_ms = self.ward.journal().lag(self.now);
        self.ward.beat(self.now, lag_ms);
        if lag_ms > 2_000 {
            let filter = AlertFilter {
                states: AlertStates::Open,
                of_the_ward: true,
                ..AlertFilter::default()
            };
            let own = self.ask(|reply| Command::Alerts { filter, reply })?;
            let is_told = own.iter().any(|row| row.json.contains("recording_stopped"));
            ensure!(is_told, "the disk is {lag_ms} ms behind and nobody is told");
        }
        Ok(())
    }

    /// Everything so far reaches the disk, and who waited is answered.
    async fn flush(&mut self) -> anyhow::Result<()> {
        let (stored, told) = oneshot::channel();
        self.ward.journal().barrier(stored);
        tokio::time::timeout(Duration::from_secs(60), told).await??;
        for monitor in &mut self.monitors {
            monitor.hear_answers();
        }
        for mut done in std::mem::take(&mut self.done) {
            done.stored.try_recv().context("it was done before all was on disk")?;
            self.tally.commands += 1;
            self.promises.push(done.what);
        }
        self.flushed = self.standing()?;
        self.image = Image::of(self.folder.path())?;
        Ok(())
    }

    fn cut(&mut self) {
        let index = self.chance.below(self.monitors.len() as u64) as usize;
        let until = self.now.plus(self.chance.below(20_000) as i64);
        self.tell(format_args!("monitor {} is cut off", index + 1));
        self.monitors[index].cut(until);
        // When it is back it says again what nobody answered.
        for arrival in self.monitors[index].repeat() {
            self.ward.arrive(arrival, self.now);
        }
    }

    fn flood(&mut self) {
        self.tally.floods += 1;
        self.tell("a flood");
        let index = self.chance.below(self.monitors.len() as u64) as usize;
        for _ in 0..300 {
            if let Some(arrival) = self.monitors[index].speak(self.now, &mut self.chance) {
                self.ward.arrive(arrival, self.now);
            }
        }
    }

    /// The disk answers nothing, and the clinic goes on.
    fn stall(&mut self) -> anyhow::Result<()> {
        self.tally.stalls += 1;
        let seconds = 3 + self.chance.below(40);
        self.tell(format_args!("the disk stalls for {seconds} s"));
        for _ in 0..seconds {
            self.second()?;
            if self.chance.one_in(4) {
                self.staff()?;
            }
        }
        Ok(())
    }

    fn staff(&mut self) -> anyhow::Result<()> {
        let open = self.standing()?.ids();
        if !open.is_empty() && self.chance.one_in(2) {
            return self.take(open);
        }
        let room = *self.chance.of(&ROOMS);
        let rooms = self.rooms()?;
        let index = ROOMS.iter().position(|id| *id == room).unwrap_or(0);
        let session = &rooms["rooms"][index]["session"];
        let Some(id) = session["id"].as_str() else {
            let patient = Patient { initials: "J.T.".to_owned(), ..Patient::default() };
            let session = NewSession { patient, profile: None, planned_s: None };
            let room = RoomId::new(room)?;
            let opened = self.act(Act::OpenSession { room, session })?;
            if let Ok(pending) = opened {
                let json: Json = serde_json::from_str(&pending.json)?;
                let id = SessionId::new(json["id"].as_str().context("an id")?)?;
                self.tell(format_args!("session {id} is opened"));
                self.done.push(Done { what: Promise::Opened(id), stored: pending.stored });
            }
            return Ok(());
        };
        let session = SessionId::new(id)?;
        self.notes += 1;
        let text = format!("note {}.", self.notes);
        let because = json!({"reason": "seen"});
        let (event, what) = match self.chance.below(12) {
            0 => (
                json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
                         "heart_rate": 75, "spo2": 97, "override": because}),
                None,
            ),
            1..=3 => (json!({"type": "start", "override": because}), None),
            4 => {
                (json!({"type": "abort", "reason": "done"}), Some(Promise::Ended(session.clone())))
            }
            5 => (json!({"type": "symptom", "symptom": "chest_pain"}), None),
            _ => {
                (json!({"type": "note", "text": text}), Some(Promise::Noted(session.clone(), text)))
            }
        };
        let event: Event = serde_json::from_value(event)?;
        let occurred_at = None;
        let answer = self.act(Act::Event { session, event, occurred_at })?;
        if let (Ok(pending), Some(what)) = (answer, what) {
            self.done.push(Done { what, stored: pending.stored });
        }
        Ok(())
    }

    fn take(&mut self, open: Vec<String>) -> anyhow::Result<()> {
        let alert = self.chance.of(&open).clone();
        let id = alert.clone();
        let (answer, what) = match self.chance.below(3) {
            0 => {
                let taken = self.act(Act::Acknowledge { alert })?;
                (taken, Some(Promise::Taken(id)))
            }
            1 => {
                let (outcome, note) = (Outcome::SensorResited, None);
                let said = self.act(Act::Outcome { alert, outcome, note })?;
                (said, Some(Promise::CameOf(id, "sensor_resited")))
            }
            _ => {
                let seconds = 120;
                (self.act(Act::Silence { alert, seconds })?, None)
            }
        };
        if let (Ok(pending), Some(what)) = (answer, what) {
            self.done.push(Done { what, stored: pending.stored });
        }
        Ok(())
    }

    /// The server ends in one of the ways in which servers end, and comes back.
    async fn end_run(&mut self) -> anyhow::Result<()> {
        let before = self.flushed.clone();
        let (image, is_whole) = match self.chance.below(5) {
            0 => {
                self.tally.stops += 1;
                self.tell("it is stopped");
                let now = self.now;
                self.ask(|reply| Command::Stop { reply }).ok();
                self.ward.look(now);
                self.flush().await?;
                (Image::of(self.folder.path())?, false)
            }
            1 | 2 => {
                self.tally.torn += 1;
                self.tell("the power goes while it writes");
                let written = Image::of(self.folder.path())?;
                let (stored, told) = oneshot::channel();
                self.ward.journal().barrier(stored);
                // Answers to what is written now reach nobody.
                tokio::time::timeout(Duration::from_secs(60), told).await??;
                let after = Image::of(self.folder.path())?;
                (Image::torn(&written, after, &mut self.chance), false)
            }
            _ => {
                self.tally.kills += 1;
                self.tell("it is killed");
                (Image::of(self.folder.path())?, true)
            }
        };
        for monitor in &mut self.monitors {
            monitor.forget_answers();
        }
        self.done.clear();
        let away_ms = 200 + self.chance.below(120_000) as i64;
        let set_by_ms = self.set_clock(away_ms);
        self.begin(&image).await?;
        if self.chance.one_in(3) {
            self.tally.stillborn += 1;
            self.tell("it dies while it starts");
            let image = Image::of(self.folder.path())?;
            self.now = self.now.plus(3_000);
            self.counted_ms += 3_000;
            self.begin(&image).await?;
        }
        self.join()?;
        let standing = self.standing()?;
        standing.has_each_alert_once()?;
        if is_whole {
            let rows = self.alert_jsons(&before)?;
            let find = |id: &str| {
                let found = rows.iter().find(|(known, _)| known == id);
                found.and_then(|(_, json)| json.clone()).with_context(|| format!("{id} is lost"))
            };
            before.went_on(&standing, find, (self.now, set_by_ms))?;
        }
        self.promises_are_kept().await?;
        for index in 0..self.monitors.len() {
            for arrival in self.monitors[index].repeat() {
                self.ward.arrive(arrival, self.now);
            }
        }
        self.flush().await
    }

    /// A server begins on what is left of the one before.
    async fn begin(&mut self, image: &Image) -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        image.write_to(folder.path())?;
        let ward = WardByHand::open(folder.path(), &floor()?, self.mark()).await?;
        let ended = std::mem::replace(&mut self.ward, ward);
        let old = std::mem::replace(&mut self.folder, folder);
        ended.close().await?;
        drop(old);
        Ok(())
    }

    fn alert_jsons(&mut self, before: &Standing) -> anyhow::Result<Vec<(String, Option<Json>)>> {
        let mut rows = Vec::new();
        for id in before.ids() {
            let alert = id.clone();
            let json = self.ask(|reply| Command::Alert { alert, reply })?;
            let json = json.map(|json| serde_json::from_str(&json)).transpose()?;
            rows.push((id, json));
        }
        Ok(rows)
    }

    /// Time passes, and now and then the clock is set; by how much the record moves with it, where
    /// that can be known.
    fn set_clock(&mut self, away_ms: i64) -> Option<i64> {
        self.counted_ms += away_ms;
        self.now = self.now.plus(away_ms);
        if !self.chance.one_in(3) {
            return Some(0);
        }
        self.tally.clocks += 1;
        let step_ms = *self.chance.of(&[-HOUR_MS, HOUR_MS, -YEARS_MS, YEARS_MS, -2_500, 90_000]);
        let is_started_again = self.chance.one_in(3);
        self.tell(format_args!("the clock is set by {step_ms} ms; new boot: {is_started_again}"));
        self.now = self.now.plus(step_ms);
        for monitor in &mut self.monitors {
            monitor.clock_set(step_ms);
        }
        if is_started_again {
            self.boot += 1;
            self.counted_ms = 30_000;
            return None;
        }
        Some(step_ms)
    }

    /// What was on disk is there.
    async fn promises_are_kept(&mut self) -> anyhow::Result<()> {
        let promises = std::mem::take(&mut self.promises);
        for promise in &promises {
            match promise {
                Promise::Taken(id) => {
                    let json = self.alert(id.clone()).await?;
                    let by = |key: &str| json[key]["by"] == "KM";
                    ensure!(by("acknowledged") || by("acknowledged_before"), "taken: {json}");
                }
                Promise::CameOf(id, outcome) => {
                    let json = self.alert(id.clone()).await?;
                    ensure!(json["outcome"] == *outcome, "{outcome}: {json}");
                }
                Promise::Noted(session, text) => {
                    let row = self.ward.journal().store().session(session).await?;
                    let row = row.with_context(|| format!("{session} is lost"))?;
                    let times = row.json.matches(text.as_str()).count();
                    ensure!(times == 1, "{text:?} is {times} times in {}", row.json);
                }
                Promise::Opened(session) => {
                    let row = self.ward.journal().store().session(session).await?;
                    ensure!(row.is_some(), "session {session} is lost");
                }
                Promise::Ended(session) => {
                    let row = self.ward.journal().store().session(session).await?;
                    ensure!(row.is_some_and(|row| row.ended_at.is_some()), "{session} runs again");
                }
            }
        }
        self.promises = promises;
        Ok(())
    }

    async fn alert(&mut self, id: String) -> anyhow::Result<Json> {
        let alert = id.clone();
        if let Some(json) = self.ask(|reply| Command::Alert { alert, reply })? {
            return Ok(serde_json::from_str(&json)?);
        }
        let row = self.ward.journal().store().alert(&id).await?;
        Ok(serde_json::from_str(&row.with_context(|| format!("{id} is lost"))?.json)?)
    }

    /// A patient stops breathing in each room in turn: the alert is there in time, and on the
    /// screen.
    async fn alarms_in_time(&mut self) -> anyhow::Result<()> {
        for index in 0..ROOMS.len() {
            self.monitors[index].cut(self.now);
            self.monitors[index].measures(97, self.now);
        }
        // Whoever was low is well again, and seen.
        for _ in 0..WELL_WITHIN {
            for _ in 0..10 {
                self.second()?;
            }
            let standing = self.standing()?;
            if !ROOMS.iter().any(|room| standing.open(room, "spo2_low")) {
                break;
            }
            for alert in standing.ids() {
                let _ = self.act(Act::Acknowledge { alert })?;
            }
        }
        self.flush().await?;
        self.join()?;
        for (index, room) in ROOMS.iter().enumerate() {
            ensure!(!self.standing()?.open(room, "spo2_low"), "it is over in {room}");
            self.monitors[index].measures(80, self.now);
            for _ in 0..ALARMS_WITHIN_S {
                self.second()?;
            }
            ensure!(self.standing()?.open(room, "spo2_low"), "room {room} is silent");
            self.tally.alarms += 1;
        }
        let shown = tokio::select! {
            biased;
            text = self.screen.take(usize::MAX) => text.unwrap_or_default(),
            () = std::future::ready(()) => String::new(),
        };
        for room in ROOMS {
            let is_shown = shown.lines().filter_map(|line| serde_json::from_str(line).ok()).any(
                |frame: Json| {
                    frame["type"] == "alert"
                        && frame["room"] == room
                        && frame["alert"]["condition"] == "spo2_low"
                },
            );
            ensure!(is_shown, "no screen shows the alert of room {room}");
        }
        for index in 0..ROOMS.len() {
            self.monitors[index].measures(97, self.now);
        }
        self.flush().await
    }

    /// The record, at the end.
    async fn judge(&mut self) -> anyhow::Result<()> {
        self.flush().await?;
        for monitor in &self.monitors {
            self.tally.stored += monitor.stored.len() as u64;
            is_in_history_once(self.ward.journal(), &monitor.device, &monitor.stored).await?;
        }
        record_is_true(self.ward.journal()).await
    }
}
