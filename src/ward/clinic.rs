//! The clinic's chain, for what belongs to no room, and the end of the run.

use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::Pending;
use super::command::Command;
use super::core::Core;
use crate::record::{Chain, Entry};
use crate::store::Upsert;
use crate::vitals::Millis;

/// Appends to the clinic's chain what belongs to no room (staff, tokens, audit), with its views.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Record {
    pub what: Json,
    pub views: Vec<Upsert>,
}

impl Command for Record {
    type Answer = Pending;

    fn run(self, core: &mut Core, at: Millis) -> Pending {
        core.record(self.what, self.views, at)
    }
}

/// Ends the loop after what is waiting.
#[derive(Debug)]
pub struct Stop;

impl Command for Stop {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        core.stop(at);
    }
}

impl Core {
    pub(super) fn append_to_clinic(
        &mut self,
        entry: Entry,
        views: Vec<Upsert>,
        stored: Vec<oneshot::Sender<()>>,
    ) -> bool {
        let seq = self.journal.next_seq(&Chain::Clinic);
        let appended = self.journal.append(&Chain::Clinic, seq, vec![entry], views, stored);
        if let Err(error) = &appended {
            tracing::error!(%error, "not recorded in the clinic's chain");
        }
        appended.is_ok()
    }

    /// Appends what belongs to no room.
    pub(super) fn record(&mut self, what: Json, views: Vec<Upsert>, at: Millis) -> Pending {
        let (stored, told) = oneshot::channel();
        let mut body = what;
        body["at"] = json!(at);
        let entry = Entry { at, body: body.to_string(), ..Entry::default() };
        self.append_to_clinic(entry, views, vec![stored]);
        Pending { json: "{}".to_owned(), stored: told }
    }
}
