use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::browsers::Browsers;
use super::email::Mailer;
use super::failure::Failure;
use super::ping::Pinger;
use super::webhook::Webhook;
use crate::contract::{self, ChannelKind};
use crate::notice::{Backlog, Delivery, Health, Message, Tried};
use crate::profile::Priority;
use crate::store::ChannelTotals;
use crate::vitals::Millis;

/// How messages are carried.
#[derive(Debug)]
pub(super) enum Carrier {
    Webhook(Webhook),
    Email(Mailer),
    Push(Browsers),
    Ping(Pinger),
}

impl Carrier {
    pub(super) async fn carry(&self, message: &Message) -> Result<(), Failure> {
        match self {
            Self::Webhook(webhook) => webhook.carry(message).await,
            Self::Email(mailer) => mailer.carry(message).await,
            Self::Push(browsers) => browsers.carry(message).await,
            Self::Ping(pinger) => pinger.carry().await,
        }
    }

    fn kind(&self) -> ChannelKind {
        match self {
            Self::Webhook(_) => ChannelKind::Webhook,
            Self::Email(_) => ChannelKind::Email,
            Self::Push(_) => ChannelKind::Push,
            Self::Ping(_) => ChannelKind::Ping,
        }
    }

    fn to(&self) -> String {
        match self {
            Self::Webhook(webhook) => webhook.to(),
            Self::Email(mailer) => mailer.to(),
            Self::Push(browsers) => browsers.to(),
            Self::Ping(pinger) => pinger.to(),
        }
    }
}

/// A way to people away from the screens, and what waits for it.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) priorities: Vec<Priority>,
    pub(super) carrier: Carrier,
    /// Something new waits.
    pub(super) wake: Notify,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    backlog: Backlog,
    health: Health,
    failure: Option<Failure>,
    worked_before: Option<Millis>,
    given_up: u64,
}

impl Channel {
    pub(super) fn new(id: String, priorities: Vec<Priority>, carrier: Carrier) -> Self {
        Self { id, priorities, carrier, wake: Notify::new(), state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more to say. Gives back what is given up for it.
    pub(super) fn push(&self, delivery: Delivery, now: Millis) -> Option<Delivery> {
        let given_up = self.state().backlog.push(delivery, now);
        self.wake.notify_one();
        given_up
    }

    pub(super) fn take(&self, now: Millis) -> Option<Delivery> {
        self.state().backlog.take(now)
    }

    pub(super) fn next_at(&self) -> Option<Millis> {
        self.state().backlog.next_at()
    }

    /// It works: what waits need not wait any longer.
    pub(super) fn worked(&self, now: Millis) {
        let mut state = self.state();
        let was_failing = state.health.failing_since().is_some();
        state.health.worked(now);
        state.failure = None;
        if was_failing {
            tracing::info!(channel = self.id, "messages get out again");
            state.backlog.hurry(now);
            self.wake.notify_one();
        }
    }

    pub(super) fn failed(&self, failure: Failure, now: Millis) {
        let mut state = self.state();
        if failure.is_partial {
            state.health.worked(now);
        } else {
            if state.health.failing_since().is_none() {
                tracing::warn!(channel = self.id, %failure, "a message does not get out");
            }
            state.health.failed(now);
        }
        state.failure = Some(failure);
    }

    /// It is recorded as said.
    pub(super) fn delivered(&self, id: &str) {
        self.state().backlog.delivered(id);
        self.wake.notify_one();
    }

    /// It was not said. Gives it back when it was tried often enough.
    pub(super) fn not_delivered(&self, id: &str, now: Millis) -> Option<Delivery> {
        let tried = self.state().backlog.failed(id, now);
        self.wake.notify_one();
        match tried {
            Tried::GivenUp(delivery) => Some(delivery),
            Tried::Again | Tried::Gone => None,
        }
    }

    pub(super) fn note_given_up(&self) {
        self.state().given_up += 1;
    }

    /// What earlier runs did.
    pub(super) fn restore(&self, totals: &ChannelTotals) {
        let mut state = self.state();
        state.worked_before = totals.last_delivered;
        state.given_up += totals.given_up;
    }

    pub(super) fn is_down(&self, now: Millis) -> bool {
        self.state().health.is_down(now)
    }

    pub(super) fn waiting(&self) -> usize {
        self.state().backlog.len()
    }

    /// As an administrator sees it.
    pub(super) fn shown(&self) -> contract::Channel {
        let state = self.state();
        let failure = state.failure.as_ref();
        contract::Channel {
            id: self.id.clone(),
            kind: self.carrier.kind(),
            to: self.carrier.to(),
            priorities: self.priorities.clone(),
            last_delivered: state.health.worked_at().or(state.worked_before),
            waiting: state.backlog.len(),
            given_up: state.given_up,
            failing_since: state.health.failing_since(),
            why: failure.map(|failure| failure.why.clone()),
            remedy: failure.map(|failure| failure.remedy.clone()),
        }
    }
}
