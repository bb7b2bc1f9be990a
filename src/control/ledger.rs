use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::journal::{Chain, Entry, Journal};
use crate::store::{AuditRow, Upsert};
use crate::vitals::{DeviceId, RoomId};
use crate::ward::{Actor, Ward};

/// Who acts when a command does: whoever may open the data directory.
pub(super) const WHO: &str = "cli";

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
            Self::Journal(journal) => append(journal, clock, &Value::Object(body), views).await,
        }
    }

    /// Binds a device to a room.
    pub(super) async fn bind(
        &self,
        clock: Clock,
        device: DeviceId,
        room: RoomId,
    ) -> anyhow::Result<bool> {
        if let Self::Ward(ward) = self {
            let actor = Actor { initials: WHO.to_owned(), name: WHO.to_owned() };
            return Ok(ward.bind(actor, device, Some(room)).await?.recorded);
        }
        let details = json!({"device": device, "room": room});
        let audit = audit(clock, "bind device", format!("{device} to room {room}"));
        let views = vec![Upsert::Binding { device, room: Some(room) }, audit];
        self.record(clock, "binding", details, views).await
    }
}

/// The audit's line of what a command did.
pub(super) fn audit(clock: Clock, what: &str, detail: String) -> Upsert {
    Upsert::Audit(AuditRow { at: clock.now(), who: WHO.to_owned(), what: what.to_owned(), detail })
}

async fn append(
    journal: &Journal,
    clock: Clock,
    body: &Value,
    views: Vec<Upsert>,
) -> anyhow::Result<bool> {
    let entry = Entry { at: clock.now(), body: body.to_string(), ..Entry::default() };
    let (stored, told) = oneshot::channel();
    let seq = journal.next_seq(&Chain::Clinic);
    journal.append(&Chain::Clinic, seq, vec![entry], views, vec![stored])?;
    told.await.map_err(|_| anyhow::anyhow!("the disk did not take it: is it full?"))?;
    Ok(true)
}
