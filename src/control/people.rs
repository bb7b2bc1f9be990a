//! Who may come in: staff, monitors and programs.

use std::collections::HashSet;

use anyhow::{Context, bail};
use serde_json::json;

use super::ledger::audit;
use super::protocol::{Given, KnownDevice, NewDevice, Person, Response, Secret};
use super::work::Office;
use crate::access::{self, Role, Token};
use crate::name::{self, LONGEST_NAME};
use crate::store::{StaffRow, TokenKind, TokenRow, Upsert};
use crate::vitals::{DeviceId, RoomId};
use crate::ward::MAX_KEPT_DEVICES;

const LONGEST_INITIALS: usize = 4;
/// Passwords are hashed whole; what is longer than this is a mistake, such as a file.
const LONGEST_PASSWORD_BYTES: usize = 1_024;

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
    let before = office.store.staff_named(&name).await?;
    must_differ(&name, office.store.staff().await?.iter().map(|row| row.name.as_str()))?;
    let initials = match (initials, &before) {
        (Some(initials), _) => initials,
        (None, Some(before)) => before.initials.clone(),
        (None, None) => access::initials(&name),
    };
    check_initials(&initials)?;
    check_secrets(&password, pin.as_ref())?;

    let (password_hash, new_pin) = hashed(password, pin).await?;
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
    let person = person(&row);
    let what = if before.is_some() { "staff_changed" } else { "staff_added" };
    let details = json!({"name": row.name, "initials": row.initials, "role": row.role});
    let detail = format!("{}, {}", row.name, row.role);
    let mut views = Vec::new();
    if before.is_some() {
        // Whoever signed in with the old password has to do so again.
        views.push(Upsert::EndTokens { kind: TokenKind::Login, subject: row.name.clone() });
    }
    views.extend([Upsert::Staff(row), audit(office.clock, "add staff", detail)]);
    let recorded = office.ledger.record(office.clock, what, details, views).await?;
    Ok(Response::StaffAdded { person, existed: before.is_some(), recorded })
}

pub(super) async fn staff(office: &Office) -> anyhow::Result<Response> {
    let rows = office.store.staff().await?;
    Ok(Response::Staff { staff: rows.iter().map(person).collect() })
}

/// Nothing is done when any of them is wrong.
pub(super) async fn add_devices(
    office: &Office,
    devices: Vec<NewDevice>,
) -> anyhow::Result<Response> {
    check_devices(office, &devices).await?;
    let mut views = Vec::new();
    let mut tokens = Vec::new();
    let old = subjects(office, TokenKind::Device).await?;
    for NewDevice { id, .. } in &devices {
        let replaced = old.contains(id.as_str());
        let given = new_token(office, TokenKind::Device, id.as_str(), None, replaced, &mut views)?;
        tokens.push(given);
    }
    let ids: Vec<&DeviceId> = devices.iter().map(|device| &device.id).collect();
    let details = json!({"kind": "device", "subjects": ids});
    let mut recorded = office.ledger.record(office.clock, "tokens_added", details, views).await?;
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
    let programs = subjects(office, TokenKind::Program).await?;
    must_differ(&name, programs.iter().map(String::as_str))?;
    let replaced = programs.contains(&name);
    let mut views = Vec::new();
    let given = new_token(office, TokenKind::Program, &name, Some(role), replaced, &mut views)?;
    let details = json!({"kind": "program", "subject": name, "role": role.name()});
    let recorded = office.ledger.record(office.clock, "token_added", details, views).await?;
    Ok(Response::TokensGiven { tokens: vec![given], recorded })
}

/// The devices that a server knows, or those that the database holds.
pub(super) async fn devices(office: &Office) -> anyhow::Result<Response> {
    let tokens = subjects(office, TokenKind::Device).await?;
    let known = office.ledger.devices(office).await?;
    let mut devices: Vec<KnownDevice> = known
        .into_iter()
        .map(|device| KnownDevice { token: tokens.contains(device.id.as_str()), ..device })
        .collect();
    let heard: HashSet<DeviceId> = devices.iter().map(|device| device.id.clone()).collect();
    for id in tokens {
        let id = DeviceId::new(&id)?;
        if !heard.contains(&id) {
            devices.push(KnownDevice { token: true, ..KnownDevice::of(id) });
        }
    }
    devices.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Response::Devices { devices })
}

/// Forgets a device that belongs to no room, and ends its token.
pub(super) async fn remove_device(office: &Office, id: DeviceId) -> anyhow::Result<Response> {
    let recorded = office.ledger.remove_device(office, &id).await?;
    Ok(Response::DeviceRemoved { id, recorded })
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

/// Who has a token of this kind now.
async fn subjects(office: &Office, kind: TokenKind) -> anyhow::Result<HashSet<String>> {
    let rows = office.store.tokens(kind, office.clock.now()).await?;
    Ok(rows.into_iter().map(|row| row.subject).collect())
}

async fn check_devices(office: &Office, devices: &[NewDevice]) -> anyhow::Result<()> {
    let mut rooms = office.rooms.clone();
    for row in office.store.rooms().await? {
        if !rooms.contains(&row.id) {
            rooms.push(row.id);
        }
    }
    let mut kept = subjects(office, TokenKind::Device).await?;
    let rows = office.store.devices().await?.into_iter();
    kept.extend(rows.filter(|row| row.room.is_some()).map(|row| row.id.to_string()));
    let before = kept.len();
    kept.extend(devices.iter().map(|device| device.id.to_string()));
    // A new token for a device that has one makes no more of them.
    if kept.len() > MAX_KEPT_DEVICES && kept.len() > before {
        bail!(
            "{} devices would belong to rooms or have a token: at most {MAX_KEPT_DEVICES} may, \
             remove some with `dripwatch device remove`",
            kept.len()
        );
    }
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

fn check_secrets(password: &Secret, pin: Option<&Secret>) -> anyhow::Result<()> {
    if password.0.is_empty() || password.0.len() > LONGEST_PASSWORD_BYTES {
        bail!("a password has 1 to {LONGEST_PASSWORD_BYTES} characters");
    }
    if let Some(Secret(pin)) = pin
        && !((4..=6).contains(&pin.len()) && pin.bytes().all(|b| b.is_ascii_digit()))
    {
        bail!("a PIN has 4 to 6 digits");
    }
    Ok(())
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
