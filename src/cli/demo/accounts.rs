use futures_util::StreamExt;
use futures_util::future::{join, try_join3};
use futures_util::stream;
use serde::Serialize;

use crate::access::{Role, Token};
use crate::control::{
    AddDevices, AddStaff, AddToken, ControlContext, IssuedToken, NewDevice, Request, Secret,
};
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
/// The program that acts for the simulated staff: a prescriber, who may go on where the simulation
/// itself is the reason that a gate is not open.
const PROGRAM: &str = "demo-clinic";
/// The program that acts for the person who checks a dose a second time.
const SECOND_PROGRAM: &str = "demo-second-check";

/// Words that are hard to mishear. Their number is a power of two, so that a random byte picks each
/// equally often.
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
    pub(super) second_token: String,
    pub(super) devices: Vec<DeviceToken>,
}

/// How many accounts are made at a time.
const AT_ONCE: usize = 2;

/// Gives everybody a new password. Hashing is slow on purpose, and done one at a time.
pub(super) async fn open(
    context: &ControlContext,
    device_ids: &[String],
) -> anyhow::Result<Accounts> {
    let people =
        STAFF.into_iter().map(|(name, role, has_pin)| person(context, name, role, has_pin));
    let devices = device_ids.iter().map(|id| Ok(NewDevice { id: DeviceId::new(id)?, room: None }));
    let devices = AddDevices { devices: devices.collect::<anyhow::Result<_>>()? };
    let program = AddToken { name: PROGRAM.to_owned(), role: Role::Prescriber };
    let second = AddToken { name: SECOND_PROGRAM.to_owned(), role: Role::Nurse };
    let tokens =
        try_join3(devices.perform(context), program.perform(context), second.perform(context));
    let people = stream::iter(people).buffered(AT_ONCE).collect::<Vec<_>>();
    let (people, tokens) = join(people, tokens).await;
    let (devices, program, second) = tokens?;
    Ok(Accounts {
        people: people.into_iter().collect::<anyhow::Result<_>>()?,
        api_token: program.now.token.0,
        second_token: second.now.token.0,
        devices: devices.now.into_iter().map(DeviceToken::from).collect(),
    })
}

async fn person(
    context: &ControlContext,
    name: &str,
    role: Role,
    has_pin: bool,
) -> anyhow::Result<Account> {
    let password = password()?;
    let pin = if has_pin { Some(pin()?) } else { None };
    let request = AddStaff {
        name: name.to_owned(),
        initials: Some(name.to_owned()),
        role,
        password: Secret(password.clone()),
        pin: pin.clone().map(Secret),
    };
    let person = request.perform(context).await?.now.person;
    let (name, initials, role) = (person.name, person.initials, role.name());
    Ok(Account { name, initials, role, password, pin })
}

impl From<IssuedToken> for DeviceToken {
    fn from(issued: IssuedToken) -> Self {
        Self { id: issued.id, token: issued.token.0 }
    }
}

/// Three words and two digits. The demo listens only on this machine and lives for hours.
fn password() -> anyhow::Result<String> {
    let random = random()?;
    let word = |index: usize| WORDS[usize::from(random[index]) % WORDS.len()];
    let number = u16::from_be_bytes([random[3], random[4]]) % 90 + 10;
    Ok(format!("{}-{}-{}-{number}", word(0), word(1), word(2)))
}

/// Four digits that are not among the first guesses.
fn pin() -> anyhow::Result<String> {
    let random = random()?;
    let mut number = u16::from_be_bytes([random[0], random[1]]) % 10_000;
    loop {
        let pin = format!("{number:04}");
        // At most two numbers in a row are, such as 9999 and 0000.
        if advice_on_pin(&pin).is_none() {
            return Ok(pin);
        }
        number = (number + 1) % 10_000;
    }
}

/// Random bytes, from the only maker of secrets.
fn random() -> anyhow::Result<[u8; 32]> {
    Ok(Token::new()?.hash())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::verify_secret;
    use crate::clock::Clock;
    use crate::control::RecordSink;
    use crate::journal::Journal;

    #[tokio::test]
    async fn everybody_can_sign_in_with_what_is_printed() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        let context = ControlContext {
            sink: RecordSink::Journal(journal.clone()),
            store: journal.store(),
            journal,
            clock: Clock::start(),
            rooms: Vec::new(),
            devices: Vec::new(),
            outbound: Default::default(),
        };
        let accounts = open(&context, &["sim-2".to_owned()]).await.unwrap();
        assert_eq!(accounts.people.len(), 6);
        assert_eq!(accounts.people.iter().filter(|account| account.pin.is_some()).count(), 3);
        for account in &accounts.people {
            let row = context.store.register().staff_named(&account.name).unwrap();
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
