//! What was refused elsewhere and is sent again.

use serde_json::json;

use super::act::Act;
use super::core::Core;
use super::{Actor, Pending, Refusal};
use crate::store::{AuditRow, OutboundChange, Upsert};
use crate::vitals::{Millis, SessionId};

/// Has a message sent again that a system of the hospital refused.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SendAgain {
    pub n: u64,
    pub destination: String,
    pub session: SessionId,
}

impl Act for SendAgain {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { n, destination, session } = self;
        let id = n.to_string();
        let what = json!({"staff": actor.name, "send_again": {
            "id": id, "destination": destination, "session": session}});
        let detail = format!("{session} to {destination}");
        let row = AuditRow { at, who: actor.name.clone(), what: "send again".to_owned(), detail };
        let views = vec![Upsert::Outbound(OutboundChange::Again { n }), Upsert::Audit(row)];
        let pending = core.record(what, views, at);
        let json = json!({"id": id, "destination": destination, "session": session}).to_string();
        Ok(Pending { json, ..pending })
    }
}
