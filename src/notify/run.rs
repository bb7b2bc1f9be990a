//! The tasks: one that takes what the ward has to say, and one for each channel.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::channel::{Carrier, Channel};
use super::channels::Channels;
use crate::config::MAX_CHANNELS;
use crate::notice::{Delivery, MAX_WAITING, Message};
use crate::store::{DeliveryRow, DeliveryState, Upsert};
use crate::ward::{AlarmPathAge, NoteChannels, Outgoing, Outgoings, Ward};

/// What is said follows the commit of its cause, or goes after this time.
const COMMITTED_WITHIN: Duration = Duration::from_millis(250);
/// Messages of one channel that are on their way at a time.
const AT_ONCE: usize = 4;
/// How often it is looked whether a channel is down.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What is on its way when the server stops may still arrive for so long.
const FINISHED_WITHIN: Duration = Duration::from_secs(3);
/// A disk that did not answer is asked again after this.
const ASK_DISK_AGAIN: Duration = Duration::from_secs(5);
/// The alarm path is well while the ward has proved it within this time.
const PROVED_WITHIN_MS: i64 = 5_000;
/// A ward that does not answer within this time is not well.
const WARD_ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// Deliveries that are read from the disk at once.
const PAGE: usize = MAX_CHANNELS * MAX_WAITING;

/// Everything that tells people away from the screens.
#[derive(Debug)]
pub struct Tasks {
    channels: Channels,
    ward: Ward,
    stop: CancellationToken,
}

impl Tasks {
    /// The tasks of these channels, for this ward, until `stop`.
    #[must_use]
    pub fn new(channels: Channels, ward: Ward, stop: CancellationToken) -> Self {
        Self { channels, ward, stop }
    }

    /// Tells what an earlier run left waiting, and from then on what comes from the ward.
    pub async fn run(self, mut outgoings: Outgoings) {
        let this = Arc::new(self);
        let mut tasks = JoinSet::new();
        for channel in this.channels.all.iter() {
            let (this, channel) = (Arc::clone(&this), Arc::clone(channel));
            tasks.spawn(async move {
                match &channel.carrier {
                    Carrier::Ping(pinger) => this.ping(&channel, pinger.every_s()).await,
                    _ => this.tell(&channel).await,
                }
            });
        }
        if !this.channels.all.is_empty() {
            this.take_in(&mut outgoings).await;
        }
        this.stop.cancelled().await;
        while tasks.join_next().await.is_some() {}
    }

    async fn take_in(&self, outgoings: &mut Outgoings) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut restored = tokio::select! {
            () = self.stop.cancelled() => return,
            restored = self.restored() => restored,
        };
        let mut known_down = Vec::new();
        let mut is_disk_slow = false;
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                outgoing = outgoings.next() => match outgoing {
                    Some(outgoing) => self.accept(outgoing, &mut is_disk_slow).await,
                    None => return,
                },
                _ = look.tick() => {
                    if outgoings.has_overflowed() || !restored {
                        restored = self.read_waiting().await;
                    }
                    self.note_down(&mut known_down).await;
                }
            }
        }
    }

    /// Brings back what earlier runs left; waits for the disk. `false` when more is left than was
    /// read at once.
    async fn restored(&self) -> bool {
        let store = &self.channels.store;
        loop {
            let read = async {
                let totals = store.channel_totals().await?;
                let browsers = store.push_subscriptions().await?;
                Ok::<_, crate::journal::ReadError>((totals, browsers))
            };
            match read.await {
                Ok((totals, browsers)) => {
                    for one in &totals {
                        let channel = self.channels.get(&one.channel);
                        channel.into_iter().for_each(|channel| channel.restore(one));
                    }
                    if let Some(ours) = self.channels.browsers() {
                        ours.restore(browsers);
                    }
                    return self.read_waiting().await;
                }
                Err(error) => {
                    tracing::error!(%error, "what was told cannot be read; it is tried again");
                    tokio::time::sleep(ASK_DISK_AGAIN).await;
                }
            }
        }
    }

    /// Takes in what waits on disk. `false` if it has to be read again.
    async fn read_waiting(&self) -> bool {
        let limit = u32::try_from(PAGE).unwrap_or(u32::MAX);
        match self.channels.store.waiting_deliveries(limit).await {
            Ok(waiting) => {
                let is_all = waiting.len() < PAGE;
                for delivery in waiting {
                    self.push(delivery).await;
                }
                is_all
            }
            Err(error) => {
                tracing::error!(%error, "what waits cannot be read; it is tried again");
                false
            }
        }
    }

    /// Waits for the record of the cause, as far as the disk is quick.
    async fn accept(&self, outgoing: Outgoing, is_disk_slow: &mut bool) {
        let Outgoing { delivery, mut stored } = outgoing;
        let is_stored = if *is_disk_slow {
            // One has waited for all of them.
            !matches!(stored.try_recv(), Err(TryRecvError::Empty))
        } else {
            tokio::time::timeout(COMMITTED_WITHIN, &mut stored).await.is_ok()
        };
        *is_disk_slow = !is_stored;
        self.push(delivery).await;
    }

    async fn push(&self, delivery: Delivery) {
        let now = self.channels.clock.now();
        let given_up = match self.channels.get(&delivery.channel) {
            Some(channel) => channel.push(delivery, now),
            // The channel is not configured any more.
            None => Some(delivery),
        };
        if let Some(delivery) = given_up {
            self.give_up(&delivery).await;
        }
    }

    async fn give_up(&self, delivery: &Delivery) {
        let Delivery { channel, alert, step, .. } = delivery;
        tracing::error!(channel, alert, step = step.name(), "a message was given up");
        if let Some(channel) = self.channels.get(channel) {
            channel.note_given_up();
        }
        self.record(delivery, DeliveryState::GivenUp(self.channels.clock.now())).await;
    }

    /// Records what became of it. A server that stops meanwhile does not: the next run repeats it.
    async fn record(&self, delivery: &Delivery, state: DeliveryState) {
        let outcome = match state {
            DeliveryState::Delivered(_) => "delivered",
            _ => "given_up",
        };
        metrics::counter!("dripwatch_messages_total", "channel" => delivery.channel.clone(),
            "outcome" => outcome)
        .increment(1);
        let Delivery { id, channel, alert, step, audience, .. } = delivery;
        let told = json!({"id": id, "channel": channel, "alert": alert, "step": step,
            "audience": audience, "outcome": outcome});
        let views = vec![Upsert::Delivery(DeliveryRow::ended(delivery, state))];
        let _ = self.ward.record(json!({"told": told}), views).await;
    }

    async fn note_down(&self, known: &mut Vec<String>) {
        let now = self.channels.clock.now();
        let down = self.channels.all.iter().filter(|channel| channel.is_down(now));
        let down: Vec<String> = down.map(|channel| channel.id.clone()).collect();
        for channel in self.channels.all.iter() {
            metrics::gauge!("dripwatch_messages_waiting", "channel" => channel.id.clone())
                .set(channel.waiting() as f64);
        }
        if down != *known {
            known.clone_from(&down);
            self.ward.tell(NoteChannels { down }).await;
        }
    }

    /// A channel for alerts, until `stop`.
    async fn tell(self: &Arc<Self>, channel: &Arc<Channel>) {
        let clock = self.channels.clock;
        let mut out = JoinSet::new();
        loop {
            while out.len() < AT_ONCE
                && let Some(delivery) = channel.take(clock.now())
            {
                let (this, channel) = (Arc::clone(self), Arc::clone(channel));
                out.spawn(async move { this.tell_one(&channel, delivery).await });
            }
            let next_at = channel.next_at().filter(|_| out.len() < AT_ONCE);
            let wait = next_at.map(|at| clock.until(at));
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = channel.wake.notified() => {}
                Some(_) = out.join_next() => {}
                () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
            }
        }
        let finished = async { while out.join_next().await.is_some() {} };
        // What is cut off is said again by the next run.
        let _ = tokio::time::timeout(FINISHED_WITHIN, finished).await;
    }

    async fn tell_one(&self, channel: &Channel, delivery: Delivery) {
        let clock = self.channels.clock;
        let message = Message::of(&delivery, &self.channels.time(delivery.at));
        match channel.carrier.carry(&message).await {
            Ok(()) => {
                let now = clock.now();
                channel.worked(now);
                self.record(&delivery, DeliveryState::Delivered(now)).await;
                channel.delivered(&delivery.id);
            }
            Err(failure) => {
                let now = clock.now();
                channel.failed(failure, now);
                if let Some(delivery) = channel.not_delivered(&delivery.id, now) {
                    self.give_up(&delivery).await;
                }
            }
        }
    }

    /// A sign of life at each turn, while there is life.
    async fn ping(&self, channel: &Channel, every_s: u32) {
        let clock = self.channels.clock;
        let mut turn = tokio::time::interval(Duration::from_secs(every_s.into()));
        turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = turn.tick() => {}
            }
            if !self.is_well().await {
                tracing::warn!(
                    channel = channel.id,
                    "no sign of life is given: the alarm path is not proved"
                );
                continue;
            }
            let at = clock.now();
            let sign = Message::test("ping", at, "");
            let carried = tokio::select! {
                () = self.stop.cancelled() => return,
                carried = channel.carrier.carry(&sign) => carried,
            };
            match carried {
                Ok(()) => channel.worked(clock.now()),
                Err(failure) => channel.failed(failure, clock.now()),
            }
        }
    }

    /// Whether a probe has lately gone through every room's loop.
    async fn is_well(&self) -> bool {
        let asked = tokio::time::timeout(WARD_ANSWERS_WITHIN, self.ward.ask(AlarmPathAge)).await;
        matches!(asked, Ok(Ok(Some(age_ms))) if age_ms <= PROVED_WITHIN_MS)
    }
}
