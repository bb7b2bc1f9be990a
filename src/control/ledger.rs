use std::time::Duration;

use anyhow::bail;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::protocol::KnownDevice;
use super::work::Office;
use crate::clock::Clock;
use crate::journal::{Chain, Entry, Journal, Trouble};
use crate::profile::Profile;
use crate::room::Authority;
use crate::store::{AuditRow, DeviceRow, TokenKind, Upsert};
use crate::vitals::{DeviceId, Millis, RoomId};
use crate::ward::{
    Actor, Answer, ApproveProfile, Bind, ListDevices, ListRoomIds, NewVersion, PutProfile,
    RemoveDevice, Shelf, Ward,
};

/// Who acts when a command does: whoever may open the data directory.
pub(super) const WHO: &str = "cli";

/// How long a command waits for its own database: whoever typed it is told why it did not work.
const STORED_WITHIN: Duration = Duration::from_secs(10);

/// The way into the clinic's chain.
#[derive(Clone, Debug)]
pub enum Ledger {
    /// A server runs: its ward owns the chain, and what is bound takes effect at once.
    Ward(Ward),
    /// Nobody else has the journal open.
    Journal(Journal),
}

impl Ledger {
    /// Appends `{"at":…,"staff":"cli",WHAT:details}` and its views. `true` once it is on disk;
    /// `false` when a server's disk makes it wait, which it survives unless the power goes.
    pub(super) async fn record(
        &self,
        clock: Clock,
        what: &'static str,
        details: Value,
        views: Vec<Upsert>,
    ) -> anyhow::Result<bool> {
        let mut body = Map::from_iter([
            ("at".to_owned(), json!(clock.now())),
            ("staff".to_owned(), json!(WHO)),
        ]);
        body.insert(what.to_owned(), details);
        match self {
            Self::Ward(ward) => Ok(ward.record(Value::Object(body), views).await?),
            Self::Journal(journal) => {
                append(journal, clock.now(), &Value::Object(body), views).await
            }
        }
    }

    /// The rooms that there are: a server knows them without the disk.
    pub(super) async fn rooms(&self, office: &Office) -> anyhow::Result<Vec<RoomId>> {
        if let Self::Ward(ward) = self {
            return Ok(ward.ask(ListRoomIds).await?);
        }
        let mut rooms = office.rooms.clone();
        let known = office.store.rooms().await?.into_iter().map(|row| row.id);
        rooms.extend(known.filter(|id| !office.rooms.contains(id)));
        Ok(rooms)
    }

    /// Binds a device to a room.
    pub(super) async fn bind(
        &self,
        clock: Clock,
        device: DeviceId,
        room: RoomId,
    ) -> anyhow::Result<bool> {
        if let Self::Ward(ward) = self {
            return Ok(ward
                .act(whoever_may(), Bind { device, room: Some(room), is_confirmed: true })
                .await?
                .recorded);
        }
        let details = json!({"device": device, "room": room});
        let audit = audit(clock, "bind device", format!("{device} to room {room}"));
        let views = vec![Upsert::Binding { device, room: Some(room) }, audit];
        self.record(clock, "binding", details, views).await
    }

    /// The devices, as a server knows them now, or as they are on disk.
    pub(super) async fn devices(&self, office: &Office) -> anyhow::Result<Vec<KnownDevice>> {
        #[derive(Deserialize)]
        struct Known {
            devices: Vec<KnownDevice>,
        }
        if let Self::Ward(ward) = self {
            let Known { devices } = serde_json::from_str(&ward.ask(ListDevices).await?)?;
            return Ok(devices);
        }
        let known = |row: DeviceRow| KnownDevice {
            original: row.original,
            room: row.room,
            adapter: row.adapter,
            last_seen: row.last_heard,
            ..KnownDevice::of(row.id)
        };
        Ok(office.store.devices().await?.into_iter().map(known).collect())
    }

    /// Forgets a device that belongs to no room, and ends its token.
    pub(super) async fn remove_device(
        &self,
        office: &Office,
        id: &DeviceId,
    ) -> anyhow::Result<bool> {
        if let Self::Ward(ward) = self {
            return Ok(ward
                .act(whoever_may(), RemoveDevice { device: id.clone() })
                .await?
                .recorded);
        }
        let row = office.store.device(id).await?;
        let has_token = office.store.register().has_token(TokenKind::Device, id.as_str());
        if row.is_none() && !has_token {
            bail!("there is no device {id:?}: `dripwatch device list` shows them all");
        }
        if let Some(room) = row.and_then(|row| row.room) {
            bail!("{id} belongs to room {room}: take it out of its room on screen first");
        }
        if office.devices.contains(id) {
            bail!("{id} is in the configuration: take it out below [[devices]] first");
        }
        let views = vec![
            Upsert::EndTokens { kind: TokenKind::Device, subject: id.to_string() },
            Upsert::DeviceRemoved { device: id.clone() },
            audit(office.clock, "remove device", id.to_string()),
        ];
        self.record(office.clock, "device_removed", json!({"device": id}), views).await
    }

    /// Keeps a checked profile as the next version of its name. Gives what it is now.
    pub(super) async fn put_profile(
        &self,
        office: &Office,
        actor: Actor,
        profile: Profile,
    ) -> anyhow::Result<(Value, bool)> {
        match self {
            Self::Ward(ward) => told(ward.act(actor, PutProfile { profile }).await?),
            Self::Journal(journal) => {
                let shelf = Shelf::of(&office.store).await?;
                keep(journal, shelf.next_version(&actor, profile, office.clock.now())?).await
            }
        }
    }

    /// Signs the newest version of a profile. Gives what it is now.
    pub(super) async fn approve_profile(
        &self,
        office: &Office,
        actor: Actor,
        name: String,
        version: u32,
    ) -> anyhow::Result<(Value, bool)> {
        match self {
            Self::Ward(ward) => told(ward.act(actor, ApproveProfile { name, version }).await?),
            Self::Journal(journal) => {
                let shelf = Shelf::of(&office.store).await?;
                keep(journal, shelf.approved(&actor, &name, version, office.clock.now())?).await
            }
        }
    }
}

/// Whoever may open the data directory.
fn whoever_may() -> Actor {
    Actor {
        initials: WHO.to_owned(),
        name: WHO.to_owned(),
        authority: Authority::Nurse,
        authority_by_password: Authority::Nurse,
        is_identified: true,
        is_program: true,
        request: None,
    }
}

fn told(answer: Answer) -> anyhow::Result<(Value, bool)> {
    Ok((serde_json::from_str(&answer.json)?, answer.recorded))
}

async fn keep(journal: &Journal, new: NewVersion) -> anyhow::Result<(Value, bool)> {
    let kept = json!(new.kept());
    let recorded = append(journal, new.at, &new.body, new.views).await?;
    Ok((kept, recorded))
}

/// The audit's line of what a command did.
pub(super) fn audit(clock: Clock, what: &str, detail: String) -> Upsert {
    Upsert::Audit(AuditRow { at: clock.now(), who: WHO.to_owned(), what: what.to_owned(), detail })
}

async fn append(
    journal: &Journal,
    at: Millis,
    body: &Value,
    views: Vec<Upsert>,
) -> anyhow::Result<bool> {
    let entry = Entry { at, body: body.to_string(), ..Entry::default() };
    let (stored, told) = oneshot::channel();
    let seq = journal.next_seq(&Chain::Clinic);
    journal.append(&Chain::Clinic, seq, vec![entry], views, vec![stored])?;
    stored_within(STORED_WITHIN, journal, told).await?;
    Ok(true)
}

/// Waits until it is on disk, or says why it is not.
async fn stored_within(
    patience: Duration,
    journal: &Journal,
    told: oneshot::Receiver<()>,
) -> anyhow::Result<()> {
    match timeout(patience, told).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => anyhow::bail!("the disk did not take it: is it full?"),
        Err(_) => {
            let trouble = journal.trouble().unwrap_or(Trouble::Refused);
            anyhow::bail!("it was not stored: {}. {}", trouble.what(), trouble.remedy())
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::adapters::Intake;
    use crate::ward::{By, Envelope, Pending, Record};

    /// A ward that has everything on disk at once, and the commands that it was given.
    fn ward() -> (Ledger, mpsc::UnboundedReceiver<String>) {
        let (commands, mut received) = mpsc::channel::<Envelope>(4);
        let (seen, log) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(command) = received.recv().await {
                let (stored, told) = oneshot::channel();
                let _ = stored.send(());
                let pending = Pending { json: String::new(), stored: told };
                match command.take::<Record>() {
                    Ok((Record { what, views }, reply)) => {
                        let _ = seen.send(format!("{what}, {} views", views.len()));
                        let _ = reply.send(pending);
                    }
                    Err(command) => {
                        let (By { actor, act }, reply) = command.take().unwrap();
                        let Bind { device, room, is_confirmed: true } = act else {
                            panic!("{act:?}");
                        };
                        let _ = seen.send(format!("{} binds {device} to {room:?}", actor.name));
                        let _ = reply.send(Ok(pending));
                    }
                }
            }
        });
        let (intake, _arrivals) = Intake::channel();
        (Ledger::Ward(Ward::new(commands, intake)), log)
    }

    #[tokio::test]
    async fn a_command_says_why_its_own_database_does_not_take_it() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let journal = Journal::open(&folder).await.unwrap();
        std::fs::rename(&folder, parent.path().join("elsewhere")).unwrap();
        let (stored, told) = oneshot::channel();
        journal.barrier(stored);
        while journal.trouble().is_none() {
            tokio::task::yield_now().await;
        }
        let refused = stored_within(Duration::ZERO, &journal, told).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "it was not stored: the data folder was deleted or moved. Put it back where it was, or \
             restore a backup and restart the server."
        );
    }

    #[tokio::test]
    async fn beside_a_server_the_ward_writes_and_binds() {
        let (ledger, mut log) = ward();
        let clock = Clock::start();
        let views = vec![audit(clock, "add token", String::new())];
        assert!(
            ledger.record(clock, "token_added", json!({"role": "nurse"}), views).await.unwrap()
        );
        let recorded = log.recv().await.unwrap();
        assert!(recorded.contains(r#""staff":"cli","token_added":{"role":"nurse"}}, 1 views"#));

        let (device, room) = (DeviceId::new("mon-3").unwrap(), RoomId::new("3").unwrap());
        assert!(ledger.bind(clock, device, room).await.unwrap());
        assert_eq!(log.recv().await.unwrap(), r#"cli binds mon-3 to Some("3")"#);
    }
}
