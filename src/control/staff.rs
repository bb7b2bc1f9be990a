//! Who may sign in.

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::context::ControlContext;
use super::names::{checked_name, must_differ};
use super::request::{Changed, Request, Secret};
use super::sink::audit;
use crate::access::{self, LONGEST_INITIALS, Role};
use crate::password;
use crate::store::{MAX_STAFF, StaffRow, TokenKind, Upsert};

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name they sign in with.
    pub name: String,
    /// What the record shows.
    pub initials: String,
    /// Their role's name.
    pub role: String,
    /// Whether they have a PIN.
    pub pin: bool,
    /// Whether they may sign in now.
    pub active: bool,
}

impl From<&StaffRow> for Person {
    fn from(row: &StaffRow) -> Self {
        Self {
            name: row.name.clone(),
            initials: row.initials.clone(),
            role: row.role.clone(),
            pin: row.pin_hash.is_some(),
            active: row.active,
        }
    }
}

/// Everybody who may sign in, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListStaff {}

impl Request for ListStaff {
    type Answer = Vec<Person>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Vec<Person>> {
        Ok(context.store.register().staff().iter().map(Person::from).collect())
    }
}

/// Adds somebody who may sign in, or changes them when the name is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddStaff {
    /// The name they sign in with.
    pub name: String,
    /// What the record shows; made of the name when `None`.
    pub initials: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Their password.
    pub password: Secret,
    /// The PIN with which they identify themselves at a shared station.
    pub pin: Option<Secret>,
}

/// Somebody who was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedPerson {
    /// As they now are.
    pub person: Person,
    /// Whether the name was there before.
    pub existed: bool,
}

impl Request for AddStaff {
    type Answer = Changed<AddedPerson>;
    const MAY_BEGIN_DATA: bool = true;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<AddedPerson>> {
        let Self { name, initials, role, password, pin } = self;
        let name = checked_name(&name)?;
        if let Some(initials) = &initials {
            check_initials(initials)?;
        }
        check_secrets(&name, &password, pin.as_ref())?;
        let (password_hash, new_pin) = hashed(password, pin).await?;

        let register = context.store.register();
        let _turn = register.changing().await;
        let before = register.staff_named(&name);
        if before.is_none() {
            must_differ(&name, register.staff().iter().map(|row| row.name.as_str()))?;
        }
        if before.is_none() && register.staff().len() >= MAX_STAFF {
            bail!(
                "there are already {MAX_STAFF} people, which is the most: reuse one of their names"
            );
        }
        let initials = match (initials, &before) {
            (Some(initials), _) => initials,
            (None, Some(before)) => before.initials.clone(),
            (None, None) => access::initials(&name),
        };
        check_initials(&initials)?;
        let existed = before.is_some();
        // Whoever only gets a new password keeps their PIN.
        let pin_hash = new_pin.or_else(|| before.and_then(|before| before.pin_hash.clone()));
        let role = role.name().to_owned();
        let row = StaffRow { name, initials, role, password_hash, pin_hash, active: true };
        let what = if existed { "staff_changed" } else { "staff_added" };
        // Whoever signed in with the old password has to do so again.
        let Changed { now: person, recorded } =
            store(context, row, ("add staff", what), existed).await?;
        Ok(Changed { now: AddedPerson { person, existed }, recorded })
    }
}

/// Stops somebody from signing in, and ends whatever they have open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisableStaff {
    /// The name they signed in with.
    pub name: String,
}

impl Request for DisableStaff {
    type Answer = Changed<Person>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<Person>> {
        let _turn = context.store.register().changing().await;
        let row = StaffRow { active: false, ..known(context, &self.name)? };
        store(context, row, ("disable staff", "staff_disabled"), true).await
    }
}

/// Gives somebody another role. Their screens come back with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRole {
    /// The name they sign in with.
    pub name: String,
    /// What they may do from now on.
    pub role: Role,
}

impl Request for SetRole {
    type Answer = Changed<Person>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<Person>> {
        let _turn = context.store.register().changing().await;
        let row = StaffRow { role: self.role.name().to_owned(), ..known(context, &self.name)? };
        store(context, row, ("change role", "staff_changed"), false).await
    }
}

/// Gives somebody a new password. They have to sign in again everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// The name they sign in with.
    pub name: String,
    /// The new password.
    pub password: Secret,
}

impl Request for SetPassword {
    type Answer = Changed<Person>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<Person>> {
        let Self { name, password } = self;
        check_secrets(&known(context, &name)?.name, &password, None)?;
        let (password_hash, _) = hashed(password, None).await?;
        let _turn = context.store.register().changing().await;
        let row = StaffRow { password_hash, ..known(context, &name)? };
        store(context, row, ("change password", "password_changed"), true).await
    }
}

fn known(context: &ControlContext, name: &str) -> anyhow::Result<StaffRow> {
    let row = context.store.register().staff_named(name.trim());
    row.with_context(|| {
        format!("there is nobody called {name:?}: `dripwatch staff list` shows everybody")
    })
}

/// Stores somebody as they are from now on; `signs_out` ends what they have open.
async fn store(
    context: &ControlContext,
    row: StaffRow,
    (action, what): (&str, &'static str),
    signs_out: bool,
) -> anyhow::Result<Changed<Person>> {
    let person = Person::from(&row);
    let details = json!({"name": row.name, "initials": row.initials, "role": row.role});
    let detail = format!("{}, {}", row.name, row.role);
    let mut views = Vec::new();
    if signs_out {
        views.push(Upsert::EndTokens { kind: TokenKind::Login, subject: row.name.clone() });
    }
    views.extend([Upsert::Staff(row), audit(context.clock, action, detail)]);
    let recorded = context.sink.record(context.clock, what, details, views).await?;
    Ok(Changed { now: person, recorded })
}

fn check_initials(initials: &str) -> anyhow::Result<()> {
    if !access::are_initials(initials) {
        bail!(
            "{initials:?} are not initials: write 1 to {LONGEST_INITIALS} characters with --initials"
        );
    }
    Ok(())
}

fn check_secrets(name: &str, password: &Secret, pin: Option<&Secret>) -> anyhow::Result<()> {
    let of_pin = || pin.and_then(|Secret(pin)| password::refusal_of_pin(pin));
    match password::refusal_of_password(&password.0, name).or_else(of_pin) {
        Some(why) => bail!("{why}"),
        None => Ok(()),
    }
}

/// Both hashes, made at the same time and off the runtime's own threads.
async fn hashed(password: Secret, pin: Option<Secret>) -> anyhow::Result<(String, Option<String>)> {
    let hash = |Secret(text)| tokio::task::spawn_blocking(move || access::hash_secret(&text));
    let (password, pin) = (hash(password), pin.map(hash));
    let pin = match pin {
        Some(pin) => Some(pin.await??),
        None => None,
    };
    Ok((password.await??, pin))
}
