//! Browsers in which staff want to be told of alerts.

use serde_json::json;

use super::act::Act;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::{Removed, Subscribed};
use crate::store::{PushRow, Upsert};
use crate::vitals::Millis;

/// Somebody wants to be told in a browser.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct Subscribe {
    pub row: PushRow,
}

impl Act for Subscribe {
    const IS_NEW: bool = true;

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let json = written(&Subscribed { id: self.row.id.clone() });
        let what = json!({"staff": actor.initials, "subscribed": self.row.id});
        Ok(Pending { json, ..core.record(what, vec![Upsert::Push(self.row)], at) })
    }
}

/// Somebody does not want to be told in a browser any more.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct Unsubscribe {
    pub id: String,
}

impl Act for Unsubscribe {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let json = written(&Removed { id: &self.id });
        let what = json!({"staff": actor.initials, "unsubscribed": self.id});
        Ok(Pending { json, ..core.record(what, vec![Upsert::PushGone { id: self.id }], at) })
    }
}
