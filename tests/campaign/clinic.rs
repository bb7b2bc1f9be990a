//! Three rooms, their monitors, staff and screens, on a disk, a clock and a network that cannot be
//! trusted.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, ensure};
use dripwatch::access::{Role, token_hash};
use dripwatch::clock::{Mark, SinceBoot};
use dripwatch::contract::Person;
use dripwatch::hub::Mailbox;
use dripwatch::store::{AlertFilter, AlertStates, TokenKind, TokenRow, Upsert};
use dripwatch::vitals::{DeviceId, RoomId};
use dripwatch::ward::{
    Bind, By, Hello, Join, Leave, ListAlerts, ListRooms, SayHello, ScreenId, View,
};
use serde_json::Value as Json;
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::by_hand::{ROOMS, START, nurse};
use super::chance::Chance;
use super::model::Model;
use super::monitors::Monitor;
use super::net::Wire;
use super::orders::Orders;
use super::promises::{Snapshot, done_by_staff, is_in_history_once, record_is_true};
use super::screens::Screen;
use super::server::{self, Server};
use super::tally::Tally;
use super::trace::Trace;

/// Runs of the server in one schedule.
const RUNS: u64 = 3;
/// Things that happen in one of them, at most.
const STEPS: u64 = 60;

pub(crate) struct Clinic {
    pub(crate) server: Server,
    pub(crate) disk: Rc<Runtime>,
    pub(crate) chance: Chance,
    /// What the machine counts, and which start of it this is.
    pub(crate) counted_ms: i64,
    pub(crate) boot: u128,
    pub(crate) monitors: Vec<Monitor>,
    pub(crate) screens: Vec<Screen>,
    pub(crate) orders: Orders,
    /// Lines on which nobody speaks or listens any more.
    pub(crate) silent: Vec<Wire>,
    /// When everything was last on disk.
    pub(crate) flushed: Snapshot,
    pub(crate) tally: Tally,
    pub(crate) trace: Trace,
    pub(crate) tells: bool,
}

/// One schedule, whole.
pub(crate) fn play(seed: u64, tells: bool) -> anyhow::Result<(Tally, Trace)> {
    let mut clinic = Clinic::open(seed, tells)?;
    for run in 0..RUNS {
        let steps = 10 + clinic.chance.below(STEPS);
        for _ in 0..steps {
            clinic.happen().with_context(|| format!("in run {run}"))?;
        }
        clinic = clinic.end_run().with_context(|| format!("at the end of run {run}"))?;
        clinic.alarms_in_time().with_context(|| format!("after run {run}"))?;
    }
    clinic.judge()?;
    let Clinic { server, orders, mut tally, trace, .. } = clinic;
    (tally.tries, tally.mishaps) = (orders.tries, orders.mishaps);
    tally.commands = orders.count();
    server.end()?;
    Ok((tally, trace))
}

/// Whoever calls, by the token with their name: it never expires, whatever the clock does.
fn tokens() -> Vec<Upsert> {
    let token = |kind, name: &str, subject: &str, role: Option<&str>| {
        Upsert::Token(TokenRow {
            hash: token_hash(name),
            kind,
            subject: subject.to_owned(),
            role: role.map(str::to_owned),
            created_at: START,
            expires_at: None,
            last_used: None,
            ended: false,
        })
    };
    let mut tokens = vec![
        token(TokenKind::Program, "staff", "KM", Some("prescriber")),
        token(TokenKind::Program, "wall", "wall", Some("display")),
    ];
    for monitor in ["mon-1", "mon-2", "mon-3", "mon-4"] {
        tokens.push(token(TokenKind::Device, monitor, monitor, None));
    }
    tokens
}

impl Clinic {
    fn open(seed: u64, tells: bool) -> anyhow::Result<Self> {
        let disk = server::disk()?;
        let since_boot = Some(SinceBoot { boot: Uuid::from_u128(1), ms: 60_000 });
        let server = Server::begin(&disk, tempfile::tempdir()?, Mark { at: START, since_boot })?;
        let monitors = (1..=4).map(Monitor::new).collect::<anyhow::Result<_>>()?;
        let screens = vec![Screen::new(5, false), Screen::new(6, false), Screen::new(7, true)];
        let mut clinic = Self {
            server,
            disk,
            chance: Chance(seed),
            counted_ms: 60_000,
            boot: 1,
            monitors,
            screens,
            orders: Orders::default(),
            silent: Vec::new(),
            flushed: Snapshot::default(),
            tally: Tally::default(),
            trace: Trace::new(),
            tells,
        };
        clinic.server.ward.journal().store().put(tokens(), Vec::new())?;
        for room in ROOMS {
            let device = DeviceId::new(format!("mon-{room}").as_str())?;
            let act = Bind { device, room: Some(RoomId::new(room)?), is_confirmed: true };
            let bound = clinic.server.ask(By { actor: nurse(), act });
            ensure!(bound.is_ok(), "a monitor cannot be bound: {bound:?}");
        }
        clinic.flush()?;
        Ok(clinic)
    }

    pub(crate) fn say(&self, what: impl fmt::Display) {
        if self.tells {
            println!("{:>8} s  {what}", self.server.now.since(START) / 1_000);
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        let since_boot = SinceBoot { boot: Uuid::from_u128(self.boot), ms: self.counted_ms };
        Mark { at: self.server.now, since_boot: Some(since_boot) }
    }

    pub(crate) fn rooms(&mut self) -> anyhow::Result<Json> {
        let text = self.server.ask(ListRooms { view: View::Staff });
        Ok(serde_json::from_str(&text)?)
    }

    pub(crate) fn snapshot(&mut self) -> anyhow::Result<Snapshot> {
        Ok(Snapshot::of(&self.rooms()?))
    }

    fn happen(&mut self) -> anyhow::Result<()> {
        match self.chance.below(100) {
            0..=49 => self.second()?,
            50..=67 => self.staff()?,
            68..=77 => self.link_fails(),
            78..=92 => {
                self.flush()?;
                self.screens_are_equal()?;
            }
            93..=94 => self.flood_of_frames()?,
            95..=96 => self.flood_of_lines()?,
            _ => self.stall()?,
        }
        Ok(())
    }

    /// A second passes: monitors and screens speak, deadlines fall due, the heart beats.
    pub(crate) fn second(&mut self) -> anyhow::Result<()> {
        // What comes before the next one is newer than the mark.
        self.server.ward.journal().mark_alive(self.mark());
        let now = self.server.now;
        for monitor in &mut self.monitors {
            monitor.speak(&self.server.net, now, &mut self.chance)?;
        }
        for screen in &mut self.screens {
            screen.speak(&self.server.net, now)?;
        }
        self.orders.ask_again(&self.server.net, now, &mut self.chance, false);
        for quarter in 0..4 {
            self.server.pass(250)?;
            self.counted_ms += 250;
            if quarter == 0 {
                self.hear()?;
            }
        }
        let now = self.server.now;
        let lag_ms = self.server.ward.journal().lag(now);
        self.server.ward.beat(now, lag_ms);
        self.hear()?;
        if lag_ms > 2_000 {
            let filter = AlertFilter {
                states: AlertStates::Open,
                of_the_ward: true,
                ..AlertFilter::default()
            };
            let own = self.server.ask(ListAlerts { filter });
            let is_told = own.iter().any(|row| row.json.contains("recording_stopped"));
            ensure!(is_told, "the disk is {lag_ms} ms behind and nobody is told");
        }
        Ok(())
    }

    /// Everybody hears what has come for them, and what that is answered with.
    pub(crate) fn hear(&mut self) -> anyhow::Result<()> {
        for _ in 0..2 {
            self.server.settle();
            let now = self.server.now;
            for monitor in &mut self.monitors {
                monitor.hear(&mut self.trace)?;
            }
            for screen in &mut self.screens {
                screen.hear(now, &mut self.trace)?;
            }
            self.orders.hear(now, &mut self.trace)?;
        }
        self.server.settle();
        Ok(())
    }

    /// Everything so far reaches the disk, and who waited is answered.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        self.server.write()?;
        self.hear()?;
        // What was done before is on disk; what is heard of only now may have come in between.
        self.server.write()?;
        self.orders.all_is_stored();
        self.flushed = self.snapshot()?;
        self.flushed.has_each_alert_once()
    }

    /// Every screen that is connected shows what a new screen is sent.
    pub(crate) fn screens_are_equal(&mut self) -> anyhow::Result<()> {
        self.hear()?;
        for view in [View::Staff, View::Display] {
            let newcomer = self.newcomer(view)?;
            let now = self.server.now;
            let same = |screen: &&Screen| screen.is_display == (view == View::Display);
            for screen in self.screens.iter().filter(same).filter(|screen| screen.is_live(now)) {
                screen.is_as(&newcomer)?;
                self.tally.compared += 1;
            }
        }
        Ok(())
    }

    fn newcomer(&mut self, view: View) -> anyhow::Result<Model> {
        let (screen, mailbox) = (ScreenId(u64::MAX), Arc::<Mailbox>::default());
        let (name, initials) = ("KM".to_owned(), "KM".to_owned());
        let me = Person { name, initials, role: Role::Nurse };
        self.server.ask(Join { screen, view, me, mailbox: Arc::clone(&mailbox) });
        self.server.ask(SayHello { screen, hello: Hello::default() });
        self.server.ask(Leave { screen });
        let told = self.server.on_disk(mailbox.take(usize::MAX)).context("a newcomer is closed")?;
        let mut model = Model::default();
        for line in told.lines() {
            model.apply(&serde_json::from_str(line)?)?;
        }
        Ok(model)
    }

    /// The record, at the end.
    fn judge(&mut self) -> anyhow::Result<()> {
        self.flush()?;
        for monitor in &self.monitors {
            self.tally.stored += monitor.stored.len() as u64;
            let journal = self.server.ward.journal();
            let looked = is_in_history_once(journal, &monitor.device, &monitor.stored);
            self.server.on_disk(looked)?;
        }
        self.promises_are_kept()?;
        let record = self.server.on_disk(done_by_staff(self.server.ward.journal()))?;
        self.orders.are_each_done_once(&record)?;
        self.server.on_disk(record_is_true(self.server.ward.journal()))
    }
}
