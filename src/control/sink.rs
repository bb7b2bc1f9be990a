use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::journal::{Journal, Trouble};
use crate::record::{Chain, Entry};
use crate::room::Authority;
use crate::store::{AuditRow, Upsert};
use crate::vitals::Millis;
use crate::ward::{Actor, Ward};

/// Who acts when a command does: whoever may open the data directory.
pub(super) const WHO: &str = "cli";

/// How long a command waits for its own database: then it says why the change was not stored.
const STORED_WITHIN: Duration = Duration::from_secs(10);

/// Where changes are written to the clinic's chain.
#[derive(Clone, Debug)]
pub enum RecordSink {
    /// A server runs: its ward owns the chain, and what is bound takes effect at once.
    Ward(Ward),
    /// No other process has the journal open.
    Journal(Journal),
}

impl RecordSink {
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
        let body = Value::Object(body);
        match self {
            Self::Ward(ward) => Ok(ward.record(body, views).await?),
            Self::Journal(journal) => {
                append(journal, clock.now(), &body, views).await?;
                Ok(true)
            }
        }
    }
}

/// Somebody who acts by a command.
pub(super) fn actor(name: String, authority: Authority) -> Actor {
    Actor {
        initials: WHO.to_owned(),
        name,
        authority,
        authority_by_password: authority,
        is_identified: true,
        is_program: true,
        request: None,
    }
}

/// The audit's line of what a command did.
pub(super) fn audit(clock: Clock, what: &str, detail: String) -> Upsert {
    Upsert::Audit(AuditRow { at: clock.now(), who: WHO.to_owned(), what: what.to_owned(), detail })
}

/// Appends to the clinic's chain, and waits until it is on disk.
pub(super) async fn append(
    journal: &Journal,
    at: Millis,
    body: &Value,
    views: Vec<Upsert>,
) -> anyhow::Result<()> {
    let entry = Entry { at, body: body.to_string(), ..Entry::default() };
    let (stored, on_disk) = oneshot::channel();
    let seq = journal.next_seq(&Chain::Clinic);
    journal.append(&Chain::Clinic, seq, vec![entry], views, vec![stored])?;
    stored_within(STORED_WITHIN, journal, on_disk).await
}

/// Waits until it is on disk, or says why it is not.
async fn stored_within(
    patience: Duration,
    journal: &Journal,
    on_disk: oneshot::Receiver<()>,
) -> anyhow::Result<()> {
    match timeout(patience, on_disk).await {
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
    use super::*;

    #[tokio::test]
    async fn a_command_says_why_its_own_database_does_not_take_it() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let journal = Journal::open(&folder).await.unwrap();
        std::fs::rename(&folder, parent.path().join("elsewhere")).unwrap();
        let (stored, on_disk) = oneshot::channel();
        journal.barrier(stored);
        while journal.trouble().is_none() {
            tokio::task::yield_now().await;
        }
        let refused = stored_within(Duration::ZERO, &journal, on_disk).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "it was not stored: the data folder was deleted or moved. Put it back where it was, or \
             restore a backup and restart the server."
        );
    }
}
