use anyhow::{Context, bail};
use futures_util::StreamExt;
use futures_util::future::{join, try_join};
use futures_util::stream;
use serde::Serialize;

use crate::access::{Role, Token};
use crate::control::{NewDevice, Office, Request, Response, Secret, perform};
use crate::password::advice_on_pin;
use crate::vitals::DeviceId;

/// Who works in the demo, and who has a PIN for the shared station.
const STAFF: [(&str, Role, bool); 6] = [
    ("KM", Role::Nurse, true),
    ("TJ", Role::Nurse, true),
    ("RS", Role::Lead, true),
    ("DP", Role::Prescriber, false),
    ("AD", Role::Admin, false),
    ("WALL", Role::Display, false),
];
/// The program that acts for the simulated staff.
const PROGRAM: &str = "demo-clinic";

/// Words that are hard to mishear. A power of two, so that a random byte picks each as often.
const WORDS: [&str; 64] = [
    "amber", "anchor", "apple", "aspen", "autumn", "basin", "beacon", "birch", "bridge", "candle",
    "canyon", "cedar", "cherry", "clover", "copper", "coral", "cotton", "delta", "ember", "falcon",
    "fern", "forest", "garden", "ginger", "granite", "harbor", "hazel", "heron", "honey", "island",
    "ivory", "jasper", "juniper", "kettle", "lagoon", "lantern", "lemon", "linen", "maple",
    "marble", "meadow", "mellow", "mint", "morning", "nectar", "oasis", "ocean", "olive",
    "orchard", "otter", "paper", "pebble", "pepper", "pine", "planet", "quartz", "river",
    "saffron", "silver", "spruce", "sunset", "timber", "velvet", "willow",
];

/// Somebody who may sign in, with what they need for it.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) initials: String,
    pub(super) role: &'static str,
    pub(super) password: String,
    pub(super) pin: Option<String>,
}

/// A monitor's token.
#[derive(Debug, Serialize)]
pub(super) struct DeviceToken {
    pub(super) id: String,
    pub(super) token: String,
}

/// Everybody and everything that may come in.
#[derive(Debug)]
pub(super) struct Accounts {
    pub(super) people: Vec<Account>,
    pub(super) api_token: String,
    pub(super) devices: Vec<DeviceToken>,
}

/// Accounts that are made at a time.
const AT_ONCE: usize = 2;

/// Gives everybody a new password. Hashing is slow on purpose, and done one after the other.
pub(super) async fn open(office: &Office, device_ids: &[String]) -> anyhow::Result<Accounts> {
    let people = STAFF.into_iter().map(|(name, role, has_pin)| person(office, name, role, has_pin));
    let devices = device_ids.iter().map(|id| Ok(NewDevice { id: DeviceId::new(id)?, room: None }));
    let devices = Request::AddDevices { devices: devices.collect::<anyhow::Result<_>>()? };
    let role = Role::Lead.name().to_owned();
    let program = Request::AddToken { name: PROGRAM.to_owned(), role };
    let tokens = try_join(tokens(office, devices), tokens(office, program));
    let people = stream::iter(people).buffered(AT_ONCE).collect::<Vec<_>>();
    let (people, tokens) = join(people, tokens).await;
    let (devices, program) = tokens?;
    let program = program.into_iter().next().context("one token was asked for")?;
    Ok(Accounts {
        people: people.into_iter().collect::<anyhow::Result<_>>()?,
        api_token: program.token,
        devices,
    })
}

async fn person(office: &Office, name: &str, role: Role, has_pin: bool) -> anyhow::Result<Account> {
    let password = password()?;
    let pin = if has_pin { Some(pin()?) } else { None };
    let request = Request::AddStaff {
        name: name.to_owned(),
        initials: Some(name.to_owned()),
        role: role.name().to_owned(),
        password: Secret(password.clone()),
        pin: pin.clone().map(Secret),
    };
    match perform(request, office).await {
        Response::StaffAdded { person, .. } => Ok(Account {
            name: person.name,
            initials: person.initials,
            role: role.name(),
            password,
            pin,
        }),
        Response::Refused { why } => bail!("{why}"),
        _ => bail!("the account of {name} was not made"),
    }
}

async fn tokens(office: &Office, request: Request) -> anyhow::Result<Vec<DeviceToken>> {
    match perform(request, office).await {
        Response::TokensGiven { tokens, .. } => {
            let given = tokens.into_iter();
            Ok(given.map(|given| DeviceToken { id: given.id, token: given.token.0 }).collect())
        }
        Response::Refused { why } => bail!("{why}"),
        _ => bail!("no token was made"),
    }
}

/// Three words and two digits. The demo listens on this machine only and lives for hours.
fn password() -> anyhow::Result<String> {
    let random = random()?;
    let word = |index: usize| WORDS[usize::from(random[index]) % WORDS.len()];
    let number = u16::from_be_bytes([random[3], random[4]]) % 90 + 10;
    Ok(format!("{}-{}-{}-{number}", word(0), word(1), word(2)))
}

/// Four digits that are not among the first to be guessed.
fn pin() -> anyhow::Result<String> {
    let random = random()?;
    let mut number = u16::from_be_bytes([random[0], random[1]]) % 10_000;
    loop {
        let pin = format!("{number:04}");
        // At most two in a row are, such as 9999 and 0000.
        if advice_on_pin(&pin).is_none() {
            return Ok(pin);
        }
        number = (number + 1) % 10_000;
    }
}

/// Random bytes, by way of the only maker of secrets.
fn random() -> anyhow::Result<[u8; 32]> {
    Ok(Token::new()?.hash())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::verify_secret;
    use crate::clock::Clock;
    use crate::control::Ledger;
    use crate::journal::Journal;

    #[tokio::test]
    async fn everybody_can_sign_in_with_what_is_printed() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        let office = Office {
            ledger: Ledger::Journal(journal.clone()),
            store: journal.store(),
            journal,
            clock: Clock::start(),
            rooms: Vec::new(),
            devices: Vec::new(),
        };
        let accounts = open(&office, &["sim-2".to_owned()]).await.unwrap();
        assert_eq!(accounts.people.len(), 6);
        assert_eq!(accounts.people.iter().filter(|account| account.pin.is_some()).count(), 3);
        for account in &accounts.people {
            let row = office.store.register().staff_named(&account.name).unwrap();
            assert!(verify_secret(&account.password, &row.password_hash));
        }
        assert_eq!(accounts.devices[0].id, "sim-2");
        assert_eq!(accounts.api_token.len(), 64);
    }

    #[test]
    fn passwords_can_be_read_aloud() {
        let password = password().unwrap();
        assert_eq!(password.split('-').count(), 4, "{password}");
        assert_eq!(pin().unwrap().len(), 4);
    }
}
