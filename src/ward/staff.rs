//! Who may sign in, as an administrator changes it on screen. A change counts from the moment at
//! which it is queued, also for open connections: see [`crate::store::Register`].

use serde_json::{Value, json};

use super::act::Act;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::access::Role;
use crate::contract::{Removed, StaffMember};
use crate::name;
use crate::store::{AuditRow, MAX_STAFF, StaffRow, TokenKind, Upsert};
use crate::vitals::Millis;

/// Adds somebody who may sign in. Their name must not be, or look like, anybody else's.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct AddStaff {
    pub row: StaffRow,
}

impl Act for AddStaff {
    const IS_NEW: bool = true;

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { row } = self;
        let staff = core.journal.store().register().staff();
        if staff.len() >= MAX_STAFF {
            return Err(Refusal::NotNow(format!(
                "There are already {MAX_STAFF} people, which is the most: reuse one of their names."
            )));
        }
        let key = name::key(&row.name);
        if let Some(other) = staff.iter().find(|other| name::key(&other.name) == key) {
            let is_out = if other.active { "" } else { " and may not sign in now" };
            return Err(Refusal::NotNow(format!(
                "{} already exists{is_out}: change them, or choose a name that looks different.",
                other.name
            )));
        }
        Ok(core.place_staff(actor, row, ("add staff", "staff_added"), false, at))
    }
}

/// What is to change. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct StaffChange {
    pub initials: Option<String>,
    pub role: Option<Role>,
    /// Signs them out everywhere.
    pub password_hash: Option<String>,
    /// `Some(None)` removes their PIN.
    pub pin_hash: Option<Option<String>>,
    pub active: Option<bool>,
}

/// Changes somebody who may sign in, or stops them from signing in.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ChangeStaff {
    pub name: String,
    pub change: StaffChange,
}

impl Act for ChangeStaff {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { name, change } = self;
        let staff = core.journal.store().register().staff();
        let Some(before) = staff.iter().find(|row| row.name == name) else {
            return Err(Refusal::NotFound { kind: "person", id: name });
        };
        let words = change.words();
        let signs_out = change.password_hash.is_some();
        let row = StaffRow {
            name,
            initials: change.initials.unwrap_or_else(|| before.initials.clone()),
            role: change.role.map_or_else(|| before.role.clone(), |role| role.name().to_owned()),
            password_hash: change.password_hash.unwrap_or_else(|| before.password_hash.clone()),
            pin_hash: change.pin_hash.unwrap_or_else(|| before.pin_hash.clone()),
            active: change.active.unwrap_or(before.active),
        };
        let others_administer =
            || staff.iter().any(|other| other.name != row.name && administers(other));
        if administers(before) && !administers(&row) && !others_administer() {
            return Err(Refusal::NotNow(format!(
                "{} is the only administrator: make somebody else one first.",
                row.name
            )));
        }
        Ok(core.place_staff(actor, row, words, signs_out, at))
    }
}

impl StaffChange {
    /// The audit's words and the chain's key, as the commands write them.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self { active: Some(false), .. } => ("disable staff", "staff_disabled"),
            Self { active: Some(true), .. } => ("enable staff", "staff_changed"),
            Self { password_hash: Some(_), .. } => ("change password", "password_changed"),
            Self { role: Some(_), .. } => ("change role", "staff_changed"),
            Self { pin_hash: Some(_), .. } => ("change PIN", "staff_changed"),
            _ => ("change staff", "staff_changed"),
        }
    }
}

fn administers(row: &StaffRow) -> bool {
    row.active && row.role == Role::Admin.name()
}

/// Ends a program's token, and whatever it has open.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct RevokeToken {
    pub name: String,
}

impl Act for RevokeToken {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { name } = self;
        let kind = TokenKind::Program;
        if !core.journal.store().register().has_token(kind, &name) {
            return Err(Refusal::NotFound { kind: "program with a token", id: name });
        }
        let views = vec![
            Upsert::EndTokens { kind, subject: name.clone() },
            audit(actor, "revoke token", format!("{} {name}", kind.as_str()), at),
        ];
        let details = json!({"kind": kind.as_str(), "subject": name});
        let mut pending = core.record(entry(actor, "token_revoked", details), views, at);
        pending.json = written(&Removed { id: &name });
        Ok(pending)
    }
}

impl Core {
    fn place_staff(
        &mut self,
        actor: &Actor,
        row: StaffRow,
        (action, what): (&str, &'static str),
        signs_out: bool,
        at: Millis,
    ) -> Pending {
        let json = written(&StaffMember::from(&row));
        let details = json!({"name": row.name, "initials": row.initials, "role": row.role});
        let detail = format!("{}, {}", row.name, row.role);
        let mut views = Vec::new();
        if signs_out {
            views.push(Upsert::EndTokens { kind: TokenKind::Login, subject: row.name.clone() });
        }
        views.extend([Upsert::Staff(row), audit(actor, action, detail, at)]);
        let mut pending = self.record(entry(actor, what, details), views, at);
        pending.json = json;
        pending
    }
}

/// Written as a command writes it, apart from who did it.
fn entry(actor: &Actor, what: &'static str, details: Value) -> Value {
    let mut entry = json!({"staff": actor.initials});
    entry[what] = details;
    entry
}

fn audit(actor: &Actor, what: &str, detail: String, at: Millis) -> Upsert {
    Upsert::Audit(AuditRow { at, who: actor.name.clone(), what: what.to_owned(), detail })
}
