//! The ward without its loop and its clock, for callers that supply the time: what a screen shows
//! over hours is tested in a moment.

use std::path::Path;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::act::{Act, By};
use super::command::{Command, Envelope};
use super::config::WardConfig;
use super::core::Core;
use super::probe::Probe;
use super::read_room::RestoreError;
use super::room_actor::RoomActor;
use super::{Actor, Pending, Refusal, Ward, run};
use crate::adapters::Arrival;
use crate::clock::{Clock, Mark};
use crate::journal::Journal;
use crate::record::Chain;
use crate::vitals::{Millis, RoomId};

/// The same rooms, screens and record as behind [`super::Ward`]; each call has a time that the
/// caller chooses and that never goes back.
#[derive(Debug)]
pub struct WardByHand {
    core: Core,
}

impl WardByHand {
    /// The ward as it is in `folder`. The time names this run.
    pub async fn open(folder: &Path, config: &WardConfig, now: Mark) -> anyhow::Result<Self> {
        let journal = Journal::open(folder).await?;
        Ok(Self::on(journal, config, now).await?)
    }

    /// The same, on a record that is already open.
    ///
    /// # Errors
    /// The record cannot be read.
    pub async fn on(
        journal: Journal,
        config: &WardConfig,
        now: Mark,
    ) -> Result<Self, RestoreError> {
        Ok(Self { core: Core::begin(journal, config, run::epoch(now.at), now).await? })
    }

    /// The record that the ward writes.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.core.journal
    }

    /// A monitor spoke, or its link changed.
    pub fn arrive(&mut self, arrival: Arrival, at: Millis) {
        self.core.arrive(arrival, at);
    }

    /// Runs a command and returns its answer.
    pub fn ask<C: Command>(&mut self, command: C, at: Millis) -> C::Answer {
        command.run(&mut self.core, at)
    }

    /// Carries out what somebody does.
    ///
    /// # Errors
    /// The ward refuses it.
    pub fn act<A: Act>(&mut self, actor: Actor, act: A, at: Millis) -> Result<Pending, Refusal> {
        self.ask(By { actor, act }, at)
    }

    /// Runs a command that came from elsewhere, with the place to which its answer goes.
    pub fn open_envelope(&mut self, envelope: Envelope, at: Millis) {
        envelope.open(&mut self.core, at);
    }

    /// Does what the loop does twenty times a second.
    pub fn look(&mut self, at: Millis) {
        self.core.pass_time(at);
    }

    /// Does what the loop does once a second, with a disk that is this far behind: with times that
    /// the caller chooses the true lag means nothing.
    pub fn beat(&mut self, at: Millis, lag_ms: i64) {
        self.core.judge_own_alerts(at, lag_ms);
        self.core.judge_watching(at);
        self.core.tell_links(at);
        self.core.tell_staff();
        self.ask(Probe { sent_at: at }, at);
    }

    /// Ends the run in good order: the next one begins where this one ends.
    pub fn stop(&mut self, at: Millis) {
        self.core.stop(at);
    }

    /// Whether nothing was ever recorded in any of its rooms.
    #[must_use]
    pub fn is_new(&self) -> bool {
        let chains = self.core.rooms.keys().map(|room| Chain::Room(room.clone()));
        chains.map(|chain| self.core.journal.next_seq(&chain)).all(|next| next == 1)
    }

    /// The alerts of a room that nobody has given an outcome.
    #[must_use]
    pub fn without_outcome(&self, room: &RoomId) -> Vec<String> {
        let alerts = self.core.rooms.get(room).into_iter().flat_map(RoomActor::alerts);
        let open = alerts.filter(|(alert, _)| alert.outcome.is_none());
        open.map(|(alert, _)| alert.id()).collect()
    }

    /// From now on time passes by the clock: starts the loop.
    #[must_use]
    pub fn go_on(self, clock: Clock) -> (Ward, JoinHandle<()>) {
        run::go_on(self.core, clock)
    }

    /// Writes what waits and releases the folder.
    pub async fn close(self) -> anyhow::Result<()> {
        Ok(self.core.journal.close(Duration::from_secs(10)).await?)
    }
}
