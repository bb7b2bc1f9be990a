//! Screens: they show what they are sent, say that they are there, and come back.

use anyhow::{Context, ensure};
use dripwatch::vitals::Millis;
use serde_json::{Value as Json, json};

use super::model::Model;
use super::net::{Net, Wire};
use super::socket::Socket;
use super::trace::Trace;

/// How often a screen says whether it is seen and heard.
const PRESENCE_EVERY_MS: i64 = 2_000;

pub(crate) struct Screen {
    host: u8,
    pub(crate) is_display: bool,
    socket: Socket,
    model: Model,
    /// Until then it reads nothing.
    is_deaf_until: Millis,
    is_cut_until: Millis,
    said_at: Millis,
    /// Says in the next hello what it has.
    resumes: bool,
}

impl Screen {
    pub(crate) fn new(host: u8, is_display: bool) -> Self {
        let then = Millis(i64::MIN);
        Self {
            host,
            is_display,
            socket: Socket::Gone,
            model: Model::default(),
            is_deaf_until: then,
            is_cut_until: then,
            said_at: then,
            resumes: true,
        }
    }

    /// Its line drops.
    pub(crate) fn cut(&mut self, until: Millis, resumes: bool) {
        self.socket.cut();
        (self.is_cut_until, self.resumes) = (until, resumes);
    }

    /// Its line stays open, and nothing comes over it any more; it takes another one.
    pub(crate) fn fall_silent(&mut self) -> Option<Wire> {
        self.socket.fall_silent()
    }

    /// It freezes.
    pub(crate) fn freeze(&mut self, until: Millis) {
        self.is_deaf_until = until;
    }

    /// All is well with it from now on.
    pub(crate) fn calm(&mut self) {
        (self.is_deaf_until, self.is_cut_until) = (Millis(i64::MIN), Millis(i64::MIN));
    }

    /// A second has passed.
    pub(crate) fn speak(&mut self, net: &Net, now: Millis) -> anyhow::Result<()> {
        if now < self.is_deaf_until {
            return Ok(());
        }
        if self.socket.is_gone() && now >= self.is_cut_until {
            let token = if self.is_display { "wall" } else { "staff" };
            self.socket = Socket::open(net, self.host, "stream", token)?;
            self.said_at = Millis(i64::MIN);
        }
        let is_due = self.said_at.0 == i64::MIN || now.since(self.said_at) >= PRESENCE_EVERY_MS;
        if self.socket.is_open() && is_due {
            self.said_at = now;
            let presence = json!({"type": "presence", "audible": true, "visible": true});
            self.socket.say(presence.to_string());
        }
        Ok(())
    }

    /// Shows what has come. On a new socket it first says what it has.
    pub(crate) fn hear(&mut self, now: Millis, trace: &mut Trace) -> anyhow::Result<()> {
        if now < self.is_deaf_until {
            return Ok(());
        }
        if self.socket.is_opened() {
            let mut hello = json!({"type": "hello", "version": 1, "rooms": "all"});
            if let Some((epoch, revs)) = self.model.resume_point().filter(|_| self.resumes) {
                (hello["epoch"], hello["revs"]) = (json!(epoch), revs);
            }
            self.socket.say(hello.to_string());
        }
        for line in self.socket.hear() {
            let frame: Json = serde_json::from_str(&line)?;
            let shown =
                self.model.apply(&frame).with_context(|| format!("screen {}", self.host))?;
            trace.heard((self.host, frame["type"].as_str(), frame["rev"].as_u64()));
            if let Some(alert) = shown {
                self.socket.say(json!({"type": "received", "alert": alert}).to_string());
            }
        }
        Ok(())
    }

    /// Whether what it shows is all that there is: it is connected, and reads.
    pub(crate) fn is_live(&self, now: Millis) -> bool {
        self.socket.is_open() && now >= self.is_deaf_until
    }

    pub(crate) fn shows(&self, room: &str, condition: &str) -> bool {
        self.model.shows(room, condition)
    }

    /// It shows what a new screen is sent.
    pub(crate) fn is_as(&self, newcomer: &Model) -> anyhow::Result<()> {
        let is_same = self.model == *newcomer;
        let how = || self.model.differs_from(newcomer);
        ensure!(is_same, "screen {} differs from a newcomer: {}", self.host, how());
        Ok(())
    }
}
