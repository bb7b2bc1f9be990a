//! The ward's loop: the only place where outside events become inputs with a time.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::Ward;
use super::command::{COMMAND_QUEUE, Envelope};
use super::config::WardConfig;
use super::core::Core;
use super::probe::Probe;
use super::read_room::RestoreError;
use crate::adapters::{Arrival, Intake};
use crate::clock::{Clock, STEP_MS};
use crate::journal::Journal;
use crate::vitals::Millis;

/// How often deadlines are checked: an alert is late by at most this much.
const TICK: Duration = Duration::from_millis(50);
/// How often screens get a heartbeat, and the journal the mark that we are alive.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// The most frames that are taken in one turn, before commands and deadlines get theirs.
pub(super) const BATCH: usize = 128;
/// A loop that is this late did not run: the time since then is blind, as in a restart
/// (design.md#blind-times).
const FROZEN_MS: i64 = 5_000;

/// Brings the rooms back as they were and starts the loop.
pub async fn start(
    journal: Journal,
    config: &WardConfig,
    clock: Clock,
) -> Result<(Ward, JoinHandle<()>), RestoreError> {
    let core = Core::begin(journal, config, epoch(clock.started_at()), clock.mark()).await?;
    Ok(go_on(core, clock))
}

/// Starts the loop of rooms that already exist.
pub(super) fn go_on(core: Core, clock: Clock) -> (Ward, JoinHandle<()>) {
    let (commands, asked) = mpsc::channel(COMMAND_QUEUE);
    let (intake, arrivals) = Intake::channel();
    let ward = Ward::new(commands.clone(), intake);
    let looped_at = clock.now();
    let looping = Loop { core, clock, asked, arrivals, wall_step_ms: 0, looped_at };
    (ward, tokio::spawn(looping.run(commands.downgrade())))
}

/// The name of the run that began at this time.
pub(super) fn epoch(started_at: Millis) -> String {
    format!("{:x}", started_at.0)
}

struct Loop {
    core: Core,
    clock: Clock,
    asked: mpsc::Receiver<Envelope>,
    arrivals: mpsc::Receiver<Arrival>,
    wall_step_ms: i64,
    /// When the loop last came round: at least once a tick.
    looped_at: Millis,
}

impl Loop {
    async fn run(mut self, probes: mpsc::WeakSender<Envelope>) {
        let mut look = tokio::time::interval(TICK);
        let mut beat = tokio::time::interval(HEARTBEAT);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                command = self.asked.recv() => match command {
                    Some(command) => {
                        self.come_round();
                        command.open(&mut self.core, self.clock.now());
                        if self.core.has_stopped {
                            return;
                        }
                    }
                    None => return,
                },
                count = self.arrivals.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    self.come_round();
                    for arrival in batch.drain(..) {
                        let at = self.clock.now();
                        self.core.arrive(arrival, at);
                    }
                }
                _ = look.tick() => {
                    self.come_round();
                    let at = self.clock.now();
                    self.core.pass_time(at);
                }
                _ = beat.tick() => {
                    self.come_round();
                    self.beat(&probes);
                }
            }
        }
    }

    /// Before anything else: was the loop away? Nothing must fall due as if somebody had been
    /// listening.
    fn come_round(&mut self) {
        let at = self.clock.now();
        if at.since(self.looped_at) > FROZEN_MS {
            let away_ms = at.since(self.looped_at);
            tracing::warn!(
                away_ms,
                "the ward did not run for some time, and was blind as in a restart"
            );
            self.core.was_frozen(self.looped_at, at);
        }
        self.looped_at = at;
    }

    fn beat(&mut self, probes: &mpsc::WeakSender<Envelope>) {
        let now = self.clock.mark();
        let at = now.at;
        self.core.beat(now);
        let step_ms = self.clock.wall_step_ms() - self.wall_step_ms;
        if step_ms.abs() > STEP_MS {
            self.wall_step_ms += step_ms;
            tracing::warn!(
                step_ms,
                "the wall clock was set; the record's own time continues unchanged"
            );
            self.core.clock_step(step_ms, at);
        }
        // The probe goes the way that commands take. If that is full, it waits for the next beat,
        // and screens see how old it is.
        if let Some(probes) = probes.upgrade() {
            let _ = probes.try_send(Envelope::of(Probe { sent_at: at }).0);
        }
    }
}
