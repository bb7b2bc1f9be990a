//! Monitors at the bedside: they say something each second, and say it again over a new socket
//! until it is stored.

use std::collections::VecDeque;

use anyhow::{Context, bail};
use dripwatch::vitals::{DeviceId, Millis};
use serde_json::{Value as Json, json};

use super::chance::Chance;
use super::net::{Net, Wire};
use super::socket::Socket;
use super::trace::Trace;

/// Frames that a monitor keeps until they are stored.
const REMEMBERS: usize = 600;

/// A frame that was sent.
struct SentFrame {
    seq: u64,
    text: String,
}

/// One monitor and the body under it.
pub(crate) struct Monitor {
    pub(crate) device: DeviceId,
    host: u8,
    socket: Socket,
    seq: u64,
    spo2: u32,
    changes_at: Millis,
    is_cut_until: Millis,
    /// In order. On an open socket all of it was said.
    unanswered: VecDeque<SentFrame>,
    /// The numbers of all that the server said it had stored.
    pub(crate) stored: Vec<u64>,
}

impl Monitor {
    pub(crate) fn new(host: u8) -> anyhow::Result<Self> {
        let (unanswered, stored, then) = (VecDeque::new(), Vec::new(), Millis(i64::MIN));
        Ok(Self {
            device: DeviceId::new(format!("mon-{host}").as_str())?,
            host,
            socket: Socket::Gone,
            seq: 0,
            spo2: 97,
            changes_at: then,
            is_cut_until: then,
            unanswered,
            stored,
        })
    }

    /// Its line drops, and none is to be had for a while.
    pub(crate) fn cut(&mut self, until: Millis) {
        self.socket.cut();
        self.is_cut_until = until;
    }

    /// It finds a line again at once.
    pub(crate) fn mend(&mut self) {
        self.is_cut_until = Millis(i64::MIN);
    }

    /// Its line stays open, and nothing comes over it any more; it takes another one.
    pub(crate) fn fall_silent(&mut self) -> Option<Wire> {
        self.socket.fall_silent()
    }

    /// What it measures from now on, until further notice.
    pub(crate) fn measures(&mut self, spo2: u32, now: Millis) {
        (self.spo2, self.changes_at) = (spo2, now.plus(3_600_000));
    }

    /// The clocks of server and monitor are set together.
    pub(crate) fn clock_set(&mut self, by_ms: i64) {
        self.changes_at = self.changes_at.plus(by_ms);
        self.is_cut_until = self.is_cut_until.plus(by_ms);
    }

    /// A second has passed.
    pub(crate) fn speak(
        &mut self,
        net: &Net,
        now: Millis,
        chance: &mut Chance,
    ) -> anyhow::Result<()> {
        if now >= self.changes_at {
            self.spo2 = *chance.of(&[97, 97, 96, 91, 83]);
            self.changes_at = now.plus(5_000 + chance.below(60_000) as i64);
        }
        self.seq += 1;
        let readings = json!([{"vital": "spo2", "value": self.spo2},
                              {"vital": "pulse_rate", "value": 70 + self.seq % 9}]);
        let text = json!({"type": "readings", "seq": self.seq, "boot": "b", "readings": readings});
        if self.unanswered.len() == REMEMBERS {
            self.unanswered.pop_front();
        }
        let said = SentFrame { seq: self.seq, text: text.to_string() };
        self.socket.say(said.text.clone());
        self.unanswered.push_back(said);
        if self.socket.is_gone() && now >= self.is_cut_until {
            self.socket = Socket::open(net, self.host, "ingest", self.device.as_str())?;
        }
        Ok(())
    }

    /// Hears what was stored. On a new socket it first says again what was not.
    pub(crate) fn hear(&mut self, trace: &mut Trace) -> anyhow::Result<()> {
        if self.socket.is_opened() {
            for said in &self.unanswered {
                self.socket.say(said.text.clone());
            }
        }
        for line in self.socket.hear() {
            let answer: Json = serde_json::from_str(&line)?;
            if answer["type"] != "stored" {
                bail!("{} was answered {line}", self.device);
            }
            let through = answer["seq"].as_u64().context("a number")?;
            trace.heard((self.host, through));
            while let Some(said) = self.unanswered.pop_front_if(|said| said.seq <= through) {
                self.stored.push(said.seq);
            }
        }
        Ok(())
    }
}
