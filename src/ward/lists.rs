//! The clinic's lists, and how a change of one is recorded in the clinic's chain.

use serde_json::json;
use tokio::sync::oneshot;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::ClinicList;
use crate::lists::{ListItems, ListName, shipped};
use crate::profile::Change;
use crate::record::Entry;
use crate::store::{AuditRow, ListRow, Upsert};
use crate::vitals::Millis;

/// A list as it is now.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ShowList {
    pub name: ListName,
}

impl Command for ShowList {
    type Answer = ClinicList;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        core.list(self.name)
    }
}

/// Keeps a checked list as its next version. `version` is the one that was read: somebody who
/// changes an outdated one is told so, and changes nothing.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct PutList {
    pub name: ListName,
    pub version: u32,
    pub items: ListItems,
}

impl Act for PutList {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { name, version, items } = self;
        let present = core.list(name);
        if present.version != version {
            let (newest, by) = (present.version, present.changed.map_or_else(String::new, by));
            return Err(Refusal::NotNow(format!(
                "The list is at version {newest}{by}, not {version}: read it again and make your change there."
            )));
        }
        let changed = Change { by: actor.name.clone(), at };
        let row = ListRow { name, version: version.saturating_add(1), changed, items };
        let what = json!({"name": name, "version": row.version, "items": row.items});
        let entry = Entry {
            at,
            body: json!({"at": at, "staff": actor.initials, "list": what}).to_string(),
            ..Entry::default()
        };
        let detail =
            format!("{} version {}, entered by {}", name.name(), row.version, actor.initials);
        let (who, what) = (actor.name.clone(), "change list".to_owned());
        let audit = AuditRow { at, who, what, detail };
        let views = vec![Upsert::List(row.clone()), Upsert::Audit(audit)];
        let (stored, told) = oneshot::channel();
        if !core.append_to_clinic(entry, views, vec![stored]) {
            return Err(Refusal::not_recorded());
        }
        core.lists.insert(name, row);
        Ok(Pending { json: written(&core.list(name)), stored: told })
    }
}

fn by(Change { by, .. }: Change) -> String {
    format!(", changed by {by}")
}

impl Core {
    fn list(&self, name: ListName) -> ClinicList {
        match self.lists.get(&name).cloned() {
            Some(ListRow { name, version, changed, items }) => {
                ClinicList { name, version, changed: Some(changed), items }
            }
            None => ClinicList { name, version: 0, changed: None, items: shipped(name) },
        }
    }
}
