//! Who may come in: staff, monitors and programs.

use std::collections::HashSet;

use anyhow::{Context, bail};
use serde_json::json;

use super::ledger::audit;
use super::protocol::{Given, KnownDevice, NewDevice, Person, ProgramToken, Response, Secret};
use super::work::Office;
use crate::access::{self, Role, Token};
use crate::name::{self, LONGEST_NAME};
use crate::password;
use crate::store::{
    MAX_DEVICE_TOKENS, MAX_PROGRAMS, MAX_STAFF, StaffRow, TokenKind, TokenRow, Upsert,
};
use crate::vitals::{DeviceId, RoomId};

pub(super) const LONGEST_INITIALS: usize = 4;
/// Devices that get a token at once.
pub(super) const MOST_DEVICES: usize = 10_000;

pub(super) async fn add_staff(
    office: &Office,
    name: String,
    initials: Option<String>,
    role: &str,
    password: Secret,
    pin: Option<Secret>,
) -> anyhow::Result<Response> {
    let role: Role = role.parse()?;
    let name = checked_name(&name)?;
    if let Some(initials) = &initials {
        check_initials(initials)?;
    }
    check_secrets(&name, &password, pin.as_ref())?;
    let (password_hash, new_pin) = hashed(password, pin).await?;

    let register = office.store.register();
    let _turn = register.changing().await;
    let before = register.staff_named(&name);
    if before.is_none() {
        must_differ(&name, register.staff().iter().map(|row| row.name.as_str()))?;
    }
    if before.is_none() && register.staff().len() >= MAX_STAFF {
        bail!("there are {MAX_STAFF} people already, which is the most: use one of their names");
    }
    let initials = match (initials, &before) {
        (Some(initials), _) => initials,
        (None, Some(before)) => before.initials.clone(),
        (None, None) => access::initials(&name),
    };
    check_initials(&initials)?;
    // Who only gets a new password keeps their PIN.
    let pin_hash = new_pin.or_else(|| before.as_ref().and_then(|before| before.pin_hash.clone()));
    let row = StaffRow {
        name,
        initials,
        role: role.name().to_owned(),
        password_hash,
        pin_hash,
        active: true,
    };
    let existed = before.is_some();
    let what = if existed { "staff_changed" } else { "staff_added" };
    // Whoever signed in with the old password has to do so again.
    let (person, recorded) = keep_staff(office, row, ("add staff", what), existed).await?;
    Ok(Response::StaffAdded { person, existed, recorded })
}

pub(super) async fn disable_staff(office: &Office, name: &str) -> anyhow::Result<Response> {
    let _turn = office.store.register().changing().await;
    let row = StaffRow { active: false, ..known(office, name)? };
    let (person, recorded) =
        keep_staff(office, row, ("disable staff", "staff_disabled"), true).await?;
    Ok(Response::StaffChanged { person, recorded })
}

pub(super) async fn set_role(office: &Office, name: &str, role: &str) -> anyhow::Result<Response> {
    let role: Role = role.parse()?;
    let _turn = office.store.register().changing().await;
    let row = StaffRow { role: role.name().to_owned(), ..known(office, name)? };
    let (person, recorded) =
        keep_staff(office, row, ("change role", "staff_changed"), false).await?;
    Ok(Response::StaffChanged { person, recorded })
}

pub(super) async fn set_password(
    office: &Office,
    name: &str,
    password: Secret,
) -> anyhow::Result<Response> {
    check_secrets(&known(office, name)?.name, &password, None)?;
    let (password_hash, _) = hashed(password, None).await?;
    let _turn = office.store.register().changing().await;
    let row = StaffRow { password_hash, ..known(office, name)? };
    let (person, recorded) =
        keep_staff(office, row, ("change password", "password_changed"), true).await?;
    Ok(Response::StaffChanged { person, recorded })
}

fn known(office: &Office, name: &str) -> anyhow::Result<StaffRow> {
    let row = office.store.register().staff_named(name.trim());
    row.with_context(|| {
        format!("there is nobody called {name:?}: `dripwatch staff list` shows everybody")
    })
}

/// Keeps somebody as they are from now on; `signs_out` ends what they have open.
async fn keep_staff(
    office: &Office,
    row: StaffRow,
    (action, what): (&str, &'static str),
    signs_out: bool,
) -> anyhow::Result<(Person, bool)> {
    let person = person(&row);
    let details = json!({"name": row.name, "initials": row.initials, "role": row.role});
    let detail = format!("{}, {}", row.name, row.role);
    let mut views = Vec::new();
    if signs_out {
        views.push(Upsert::EndTokens { kind: TokenKind::Login, subject: row.name.clone() });
    }
    views.extend([Upsert::Staff(row), audit(office.clock, action, detail)]);
    let recorded = office.ledger.record(office.clock, what, details, views).await?;
    Ok((person, recorded))
}

pub(super) fn staff(office: &Office) -> Response {
    Response::Staff { staff: office.store.register().staff().iter().map(person).collect() }
}

/// Nothing is done when any of them is wrong.
pub(super) async fn add_devices(
    office: &Office,
    devices: Vec<NewDevice>,
) -> anyhow::Result<Response> {
    check_devices(office, &devices).await?;
    let register = office.store.register();
    let turn = register.changing().await;
    let has_token = |device: &NewDevice| register.has_token(TokenKind::Device, device.id.as_str());
    let new = devices.iter().filter(|device| !has_token(device)).count();
    if register.subjects(TokenKind::Device) + new > MAX_DEVICE_TOKENS {
        bail!(
            "{MAX_DEVICE_TOKENS} devices at most have a token: remove one that is no longer used \
             with `dripwatch device remove ID`"
        );
    }
    let mut views = Vec::new();
    let mut tokens = Vec::new();
    for device in &devices {
        let (kind, id) = (TokenKind::Device, device.id.as_str());
        tokens.push(new_token(office, kind, id, None, has_token(device), &mut views)?);
    }
    let ids: Vec<&DeviceId> = devices.iter().map(|device| &device.id).collect();
    let details = json!({"kind": "device", "subjects": ids});
    let mut recorded = office.ledger.record(office.clock, "tokens_added", details, views).await?;
    drop(turn);
    for NewDevice { id, room } in devices {
        if let Some(room) = room {
            recorded &= office.ledger.bind(office.clock, id, room).await?;
        }
    }
    Ok(Response::TokensGiven { tokens, recorded })
}

pub(super) async fn add_token(
    office: &Office,
    name: String,
    role: &str,
) -> anyhow::Result<Response> {
    let role: Role = role.parse()?;
    let name = checked_name(&name)?;
    let register = office.store.register();
    let _turn = register.changing().await;
    let replaced = register.has_token(TokenKind::Program, &name);
    if !replaced {
        let programs = register.tokens(TokenKind::Program, office.clock.now());
        must_differ(&name, programs.iter().map(|row| row.subject.as_str()))?;
    }
    if !replaced && register.subjects(TokenKind::Program) >= MAX_PROGRAMS {
        bail!(
            "{MAX_PROGRAMS} programs at most have a token: end one that is no longer used with \
             `dripwatch token revoke NAME`"
        );
    }
    let mut views = Vec::new();
    let given = new_token(office, TokenKind::Program, &name, Some(role), replaced, &mut views)?;
    let details = json!({"kind": "program", "subject": name, "role": role.name()});
    let recorded = office.ledger.record(office.clock, "token_added", details, views).await?;
    Ok(Response::TokensGiven { tokens: vec![given], recorded })
}

/// The devices that a server knows, or those that the database holds.
pub(super) async fn devices(office: &Office) -> anyhow::Result<Response> {
    let rows = office.store.register().tokens(TokenKind::Device, office.clock.now());
    let mut tokens: HashSet<String> = rows.into_iter().map(|row| row.subject).collect();
    let mut devices = office.ledger.devices(office).await?;
    for device in &mut devices {
        device.token = tokens.remove(device.id.as_str());
    }
    for id in tokens {
        devices.push(KnownDevice { token: true, ..KnownDevice::of(DeviceId::new(&id)?) });
    }
    devices.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Response::Devices { devices })
}

/// Forgets a device that belongs to no room, and ends its token.
pub(super) async fn remove_device(office: &Office, id: DeviceId) -> anyhow::Result<Response> {
    let _turn = office.store.register().changing().await;
    let recorded = office.ledger.remove_device(office, &id).await?;
    Ok(Response::DeviceRemoved { id, recorded })
}

pub(super) fn tokens(office: &Office) -> Response {
    let rows = office.store.register().tokens(TokenKind::Program, office.clock.now());
    let shown = |row: TokenRow| ProgramToken {
        name: row.subject,
        role: row.role.unwrap_or_default(),
        created_at: row.created_at,
        last_used: row.last_used,
    };
    Response::Tokens { tokens: rows.into_iter().map(shown).collect() }
}

pub(super) async fn revoke_token(office: &Office, name: String) -> anyhow::Result<Response> {
    let name = name.trim().to_owned();
    let register = office.store.register();
    let _turn = register.changing().await;
    if !register.has_token(TokenKind::Program, &name) {
        bail!("no program called {name:?} has a token: `dripwatch token list` shows those that do");
    }
    let detail = format!("{} {name}", TokenKind::Program.as_str());
    let details = json!({"kind": "program", "subject": name});
    let views = vec![
        Upsert::EndTokens { kind: TokenKind::Program, subject: name },
        audit(office.clock, "revoke token", detail),
    ];
    let recorded = office.ledger.record(office.clock, "token_revoked", details, views).await?;
    Ok(Response::TokenRevoked { recorded })
}

fn new_token(
    office: &Office,
    kind: TokenKind,
    subject: &str,
    role: Option<Role>,
    replaced: bool,
    views: &mut Vec<Upsert>,
) -> anyhow::Result<Given> {
    let token = Token::new().context("no random token could be made")?;
    let row = TokenRow {
        hash: token.hash(),
        kind,
        subject: subject.to_owned(),
        role: role.map(|role| role.name().to_owned()),
        created_at: office.clock.now(),
        expires_at: None,
        last_used: None,
        ended: false,
    };
    let detail = format!("{} {subject}", kind.as_str());
    views.extend([
        Upsert::EndTokens { kind, subject: subject.to_owned() },
        Upsert::Token(row),
        audit(office.clock, "add token", detail),
    ]);
    let token = Secret(token.as_str().to_owned());
    Ok(Given { id: subject.to_owned(), token, replaced })
}

async fn check_devices(office: &Office, devices: &[NewDevice]) -> anyhow::Result<()> {
    if devices.len() > MOST_DEVICES {
        bail!("{} devices at once are too many: give at most {MOST_DEVICES}", devices.len());
    }
    let rooms = match devices.iter().any(|device| device.room.is_some()) {
        true => office.ledger.rooms(office).await?,
        // Nobody asks, so no disk is waited for.
        false => Vec::new(),
    };
    let mut seen = HashSet::new();
    for NewDevice { id, room } in devices {
        if !seen.insert(id) {
            bail!("device {id:?} is there twice: give each once");
        }
        if let Some(room) = room
            && !rooms.contains(room)
        {
            let known: Vec<&str> = rooms.iter().map(RoomId::as_str).collect();
            bail!(
                "there is no room {room:?} for device {id:?}: the rooms are {}",
                known.join(", ")
            );
        }
    }
    Ok(())
}

fn person(row: &StaffRow) -> Person {
    Person {
        name: row.name.clone(),
        initials: row.initials.clone(),
        role: row.role.clone(),
        pin: row.pin_hash.is_some(),
        active: row.active,
    }
}

/// The name of a person or a program.
pub(super) fn checked_name(text: &str) -> anyhow::Result<String> {
    name::checked(text, LONGEST_NAME)
        .map_err(|problem| anyhow::anyhow!("{text:?} is not a name: it {problem}"))
}

/// Nobody may take one name for another that is there already.
fn must_differ<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> anyhow::Result<()> {
    let key = name::key(name);
    let mut same = others.filter(|other| *other != name && name::key(other) == key);
    match same.next() {
        None => Ok(()),
        Some(other) => bail!("{name:?} looks like {other:?}, who is there already: choose another"),
    }
}

fn check_initials(initials: &str) -> anyhow::Result<()> {
    let is_name = name::checked(initials, LONGEST_INITIALS).is_ok();
    if !is_name || initials.contains(' ') {
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

/// Both hashes, made beside one another and beside everything else.
async fn hashed(password: Secret, pin: Option<Secret>) -> anyhow::Result<(String, Option<String>)> {
    let hash = |Secret(text)| tokio::task::spawn_blocking(move || access::hash_secret(&text));
    let (password, pin) = (hash(password), pin.map(hash));
    let pin = match pin {
        Some(pin) => Some(pin.await??),
        None => None,
    };
    Ok((password.await??, pin))
}
