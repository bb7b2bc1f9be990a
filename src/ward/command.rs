use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::View;
use super::restore::EarlierRoom;
use crate::adapters::Intake;
use crate::contract::Person;
use crate::hub::Mailbox;
use crate::profile::Profile;
use crate::replay::Patient;
use crate::room::{Authority, Event, Outcome};
use crate::store::{AlertFilter, AlertRow, KeyedRequest, SessionRow, Upsert};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId};

/// Commands that may wait for the ward; a caller waits beyond that.
pub(super) const COMMAND_QUEUE: usize = 1_024;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What the record and the screens show.
    pub initials: String,
    /// Signed-in name, or the program's, for the audit.
    pub name: String,
    /// What they may decide about limits.
    pub authority: Authority,
    /// What they might decide if they gave their password: more than with a PIN.
    pub authority_by_password: Authority,
    /// It is they and nobody else: by their PIN or password within the last two minutes, by a login
    /// that nobody shares, or by a program's token.
    pub is_identified: bool,
    /// A program, which nobody can ask anything.
    pub is_program: bool,
    /// The request by which they act, when it bears an `Idempotency-Key`: its answer is recorded
    /// with what it does, so that it acts once whatever happens.
    pub request: Option<Arc<KeyedRequest>>,
}

/// What the ward did, as JSON of the contract, and whether it is on disk: an answer does not wait
/// longer than 250 ms for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The thing as it is now.
    pub json: String,
    /// Whether the journal has it.
    pub recorded: bool,
    /// Whether there is something that was not there before: a session, or an event of one.
    pub is_new: bool,
}

/// Why the ward did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing.
    #[error("there is no {kind} {id:?}")]
    NotFound {
        /// room, session, alert, device or profile.
        kind: &'static str,
        /// As asked for.
        id: String,
    },
    /// It cannot be done now; the text says what to do instead.
    #[error("{0}")]
    NotNow(String),
    /// A gate waits for something.
    #[error("{why}")]
    Unmet {
        /// What to do instead.
        why: String,
        /// Each thing that is not met yet.
        unmet: Vec<String>,
    },
    /// Only who is identified may do it; the text says what will happen, and what to do.
    #[error("{0}")]
    NeedsIdentity(String),
    /// Their PIN is not enough, their password would be.
    #[error("{0}")]
    NeedsPassword(String),
    /// Only who has read what will happen may do it.
    #[error("{0}")]
    NeedsConfirmation(String),
    /// Somebody else has taken the alert.
    #[error("already acknowledged by {by}")]
    AlreadyAcknowledged {
        /// Initials.
        by: String,
        /// The alert as it is, as JSON.
        alert: String,
    },
    /// The ward has ended.
    #[error("the server is stopping")]
    Stopping,
}

/// How a session is opened.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSession {
    /// Whom.
    pub patient: Patient,
    /// Which profile, by name; the clinic's default when `None`.
    pub profile: Option<String>,
    /// Planned length of the infusion, seconds; the profile's when `None`.
    pub planned_s: Option<u32>,
}

/// Tells the connections of screens apart, within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScreenId(pub u64);

/// What a screen asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// `None` is all.
    pub rooms: Option<Vec<RoomId>>,
    /// The run that its revs are of.
    pub epoch: Option<String>,
    /// The last rev that it has of each room.
    pub revs: HashMap<RoomId, u64>,
}

/// What a screen says of itself every 2 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Its sound runs.
    pub audible: bool,
    /// It is in the foreground.
    pub visible: bool,
    /// It stands in a patient's room.
    pub quiet: bool,
}

/// One reply.
pub(crate) type Reply<T> = oneshot::Sender<T>;

/// What an HTTP handler or a socket asks of the ward.
#[derive(Debug)]
#[expect(missing_docs, reason = "each is a method of Ward, which says it")]
pub enum Command {
    Rooms { view: View, reply: Reply<String> },
    RoomIds { reply: Reply<Vec<RoomId>> },
    Room { room: RoomId, view: View, reply: Reply<Result<String, Refusal>> },
    Alerts { filter: AlertFilter, reply: Reply<Vec<AlertRow>> },
    Alert { alert: String, reply: Reply<Option<String>> },
    Sessions { reply: Reply<Vec<SessionRow>> },
    Session { session: SessionId, reply: Reply<Option<SessionRow>> },
    Devices { reply: Reply<String> },
    Act { actor: Actor, act: Act, reply: Reply<Result<Pending, Refusal>> },
    Profiles { reply: Reply<String> },
    Profile { name: String, version: Option<u32>, reply: Reply<Option<Arc<Profile>>> },
    Disk { free_mib: u64, low_mib: u64 },
    Record { what: serde_json::Value, views: Vec<Upsert>, reply: Reply<Pending> },
    Join { screen: ScreenId, view: View, me: Person, mailbox: Arc<Mailbox> },
    Hello { screen: ScreenId, hello: Hello },
    Presence { screen: ScreenId, presence: Presence },
    Received { screen: ScreenId, alert: String },
    Leave { screen: ScreenId },
    Probe { sent_at: Millis },
    Stop { reply: Reply<()> },
}

/// What somebody does. All of it, and the answer of the request by which it was asked for, is on
/// disk together or not at all.
#[derive(Debug)]
#[expect(missing_docs, reason = "each is a method of Ward, which says it")]
pub enum Act {
    RenameRoom {
        room: RoomId,
        name: Option<String>,
        order: Option<i64>,
        earlier: Option<EarlierRoom>,
    },
    RemoveRoom {
        room: RoomId,
    },
    RemoveDevice {
        device: DeviceId,
    },
    Bind {
        device: DeviceId,
        room: Option<RoomId>,
        is_confirmed: bool,
    },
    OpenSession {
        room: RoomId,
        session: NewSession,
    },
    Event {
        session: SessionId,
        event: Event,
        occurred_at: Option<Millis>,
    },
    Acknowledge {
        alert: String,
    },
    AcknowledgeRoom {
        room: RoomId,
    },
    Outcome {
        alert: String,
        outcome: Outcome,
        note: Option<String>,
    },
    Silence {
        alert: String,
        seconds: u32,
    },
    PutProfile {
        profile: Box<Profile>,
    },
    ApproveProfile {
        name: String,
        version: u32,
    },
}

impl Act {
    /// Whether it adds something that was not there before.
    pub(super) fn is_new(&self) -> bool {
        matches!(self, Self::OpenSession { .. } | Self::Event { .. })
    }
}

/// An answer whose cause is on its way to the disk.
#[derive(Debug)]
pub struct Pending {
    /// The thing as it is now.
    pub json: String,
    /// Told when the journal has it.
    pub stored: oneshot::Receiver<()>,
}

/// The ward, as the rest of the program sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ward {
    commands: mpsc::Sender<Command>,
    intake: Intake,
}

impl Ward {
    /// The ward behind these two ends.
    #[must_use]
    pub fn new(commands: mpsc::Sender<Command>, intake: Intake) -> Self {
        Self { commands, intake }
    }

    /// Where adapters hand over frames.
    #[must_use]
    pub fn intake(&self) -> Intake {
        self.intake.clone()
    }

    /// `{"rooms":[…]}`, each as in the stream's snapshot.
    pub async fn rooms(&self, view: View) -> Result<String, Refusal> {
        self.ask(|reply| Command::Rooms { view, reply }).await
    }

    /// Every room there is, in their order on screen.
    pub async fn room_ids(&self) -> Result<Vec<RoomId>, Refusal> {
        self.ask(|reply| Command::RoomIds { reply }).await
    }

    /// One room, as in the stream's snapshot.
    pub async fn room(&self, room: RoomId, view: View) -> Result<String, Refusal> {
        self.ask(|reply| Command::Room { room, view, reply }).await?
    }

    /// The alerts of this filter that the rooms and the ward itself know, in no order: every open
    /// one, and the newest that are over while the disk is behind.
    pub async fn alerts(&self, filter: AlertFilter) -> Result<Vec<AlertRow>, Refusal> {
        self.ask(|reply| Command::Alerts { filter, reply }).await
    }

    /// An alert as it is, when a room or the ward itself knows it.
    pub async fn alert(&self, alert: String) -> Result<Option<String>, Refusal> {
        self.ask(|reply| Command::Alert { alert, reply }).await
    }

    /// The sessions that run, and those that are over and not on disk yet.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>, Refusal> {
        self.ask(|reply| Command::Sessions { reply }).await
    }

    /// A session that runs, or is over and not on disk yet.
    pub async fn session(&self, session: SessionId) -> Result<Option<SessionRow>, Refusal> {
        self.ask(|reply| Command::Session { session, reply }).await
    }

    /// Names and places a room; one that is not there yet is added, as its earlier record, where
    /// there is one, leaves it.
    pub async fn rename_room(
        &self,
        actor: Actor,
        room: RoomId,
        (name, order): (Option<String>, Option<i64>),
        earlier: Option<EarlierRoom>,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::RenameRoom { room, name, order, earlier }).await
    }

    /// Takes a room away in which nothing is.
    pub async fn remove_room(&self, actor: Actor, room: RoomId) -> Result<Answer, Refusal> {
        self.act(actor, Act::RemoveRoom { room }).await
    }

    /// Forgets a device that belongs to no room, and ends its token.
    pub async fn remove_device(&self, actor: Actor, device: DeviceId) -> Result<Answer, Refusal> {
        self.act(actor, Act::RemoveDevice { device }).await
    }

    /// `{"devices":[…]}`: every device ever heard, bound or not, with its latest readings.
    pub async fn devices(&self) -> Result<String, Refusal> {
        self.ask(|reply| Command::Devices { reply }).await
    }

    /// Binds a device to a room, or takes it out of its room. Where that leaves a session without
    /// a monitor, only somebody who is identified and has confirmed it may.
    pub async fn bind(
        &self,
        actor: Actor,
        device: DeviceId,
        room: Option<RoomId>,
        is_confirmed: bool,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::Bind { device, room, is_confirmed }).await
    }

    /// Opens a session in a room that has none.
    pub async fn open_session(
        &self,
        actor: Actor,
        room: RoomId,
        session: NewSession,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::OpenSession { room, session }).await
    }

    /// What staff do in a session. A session that is over is answered with [`Refusal::NotNow`].
    pub async fn event(
        &self,
        actor: Actor,
        session: SessionId,
        event: Event,
        occurred_at: Option<Millis>,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::Event { session, event, occurred_at }).await
    }

    /// Takes an alert. The first wins; the same person again gets the same answer.
    pub async fn acknowledge(&self, actor: Actor, alert: String) -> Result<Answer, Refusal> {
        self.act(actor, Act::Acknowledge { alert }).await
    }

    /// Takes every open alert of a room that nobody has: `{"alerts":[…]}`.
    pub async fn acknowledge_room(&self, actor: Actor, room: RoomId) -> Result<Answer, Refusal> {
        self.act(actor, Act::AcknowledgeRoom { room }).await
    }

    /// What came of an alert.
    pub async fn outcome(
        &self,
        actor: Actor,
        alert: String,
        outcome: Outcome,
        note: Option<String>,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::Outcome { alert, outcome, note }).await
    }

    /// So much is free on the data's disk, and so little would be low.
    pub async fn disk(&self, free_mib: u64, low_mib: u64) {
        // A ward that has ended has nobody to tell.
        let _ = self.commands.send(Command::Disk { free_mib, low_mib }).await;
    }

    /// No sound for an alert, at most 120 s.
    pub async fn silence(
        &self,
        actor: Actor,
        alert: String,
        seconds: u32,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::Silence { alert, seconds }).await
    }

    /// `{"profiles":[…]}`: every profile without its limits.
    pub async fn profiles(&self) -> Result<String, Refusal> {
        self.ask(|reply| Command::Profiles { reply }).await
    }

    /// A profile that counts now, or one by which a session runs: the current version when `version`
    /// is `None`. An older one, by which nobody is watched, is the store's to give.
    pub async fn profile(
        &self,
        name: String,
        version: Option<u32>,
    ) -> Result<Option<Arc<Profile>>, Refusal> {
        self.ask(|reply| Command::Profile { name, version, reply }).await
    }

    /// Keeps a checked profile as the next version of its name, whatever version it bears.
    /// Sessions open with it from now on; one that runs keeps its own.
    pub async fn put_profile(&self, actor: Actor, profile: Profile) -> Result<Answer, Refusal> {
        let profile = Box::new(profile);
        self.act(actor, Act::PutProfile { profile }).await
    }

    /// Signs the newest version of a profile.
    pub async fn approve_profile(
        &self,
        actor: Actor,
        name: String,
        version: u32,
    ) -> Result<Answer, Refusal> {
        self.act(actor, Act::ApproveProfile { name, version }).await
    }

    /// Appends to the clinic's chain what has no room (staff, tokens, audit), with its views.
    /// `true` once it is on disk, `false` when that takes longer than 250 ms.
    pub async fn record(
        &self,
        what: serde_json::Value,
        views: Vec<Upsert>,
    ) -> Result<bool, Refusal> {
        let pending = self.ask(|reply| Command::Record { what, views, reply }).await?;
        Ok(is_recorded(pending.stored).await)
    }

    /// A screen has connected: its frames go into the mailbox.
    pub async fn join(&self, screen: ScreenId, view: View, me: Person, mailbox: Arc<Mailbox>) {
        self.tell(Command::Join { screen, view, me, mailbox }).await;
    }

    /// A screen says what it wants; it gets a snapshot, or what it missed.
    pub async fn hello(&self, screen: ScreenId, hello: Hello) {
        self.tell(Command::Hello { screen, hello }).await;
    }

    /// A screen says whether it is seen and heard.
    pub async fn presence(&self, screen: ScreenId, presence: Presence) {
        self.tell(Command::Presence { screen, presence }).await;
    }

    /// A screen shows an alert.
    pub async fn received(&self, screen: ScreenId, alert: String) {
        self.tell(Command::Received { screen, alert }).await;
    }

    /// A screen is gone.
    pub async fn leave(&self, screen: ScreenId) {
        self.tell(Command::Leave { screen }).await;
    }

    /// Ends the loop after what waits.
    pub async fn stop(&self) {
        let _ = self.ask(|reply| Command::Stop { reply }).await;
    }

    async fn tell(&self, command: Command) {
        // A ward that has ended needs no telling.
        let _ = self.commands.send(command).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| Refusal::Stopping)?;
        answer.await.map_err(|_| Refusal::Stopping)
    }

    async fn act(&self, actor: Actor, act: Act) -> Result<Answer, Refusal> {
        let is_new = act.is_new();
        let done = self.ask(|reply| Command::Act { actor, act, reply }).await??;
        let Pending { json, stored } = done;
        Ok(Answer { json, recorded: is_recorded(stored).await, is_new })
    }
}

/// Replies to staff follow the commit of their cause, or go after this time.
pub(super) const COMMIT_WAIT: std::time::Duration = std::time::Duration::from_millis(250);

async fn is_recorded(stored: oneshot::Receiver<()>) -> bool {
    matches!(tokio::time::timeout(COMMIT_WAIT, stored).await, Ok(Ok(())))
}
