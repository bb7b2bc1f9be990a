//! Who may do what: roles, passwords, tokens. Secrets are kept only as hashes.

mod right;

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash};
pub use right::Right;

use crate::name;

/// What a person or program may do. Each role may do what the ones before it may, except that a
/// display only looks.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks; sees no profile and no staff's words.
    Display,
    /// Acknowledges, opens sessions, enters events.
    Nurse,
    /// Also binds monitors and names rooms.
    Lead,
    /// Also loosens limits, with a reason, and changes and approves profiles.
    Prescriber,
    /// Also staff and devices.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Display, Self::Nurse, Self::Lead, Self::Prescriber, Self::Admin];

    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Nurse => "nurse",
            Self::Lead => "lead",
            Self::Prescriber => "prescriber",
            Self::Admin => "admin",
        }
    }

    /// Whether it may do what staff do in a session.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self != Self::Display
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of nurse, lead, prescriber, admin, display; got {0:?}")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let known = Self::ALL.into_iter().find(|role| role.name() == text);
        known.ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// No random bytes could be obtained, or a text is not a hash.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AccessError(String);

/// A secret of 256 random bits for a monitor, a program or a signed-in browser.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Makes a new one: 64 hexadecimal digits.
    pub fn new() -> Result<Self, AccessError> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| AccessError(error.to_string()))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The secret itself, to be shown once.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash, which is what is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        token_hash(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The hash under which a token is stored.
#[must_use]
pub fn token_hash(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// Memory for one hash, KiB: with [`HASH_PASSES`] one of the pairs that OWASP's password storage
/// cheat sheet lists as equivalent; the one with the least memory, as a small PC watches a clinic
/// at the same time.
const HASH_MEMORY_KIB: u32 = 7 * 1_024;
const HASH_PASSES: u32 = 5;

/// How long the memory is kept after the last hash before it is released.
const HASH_MEMORY_KEPT: Duration = Duration::from_secs(2);

type Work = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// Does one job after another in the same memory, which is released when none comes for this long.
fn work_off(works: &Receiver<Work>, kept: Duration) {
    let mut memory = Vec::new();
    loop {
        let work = match works.recv_timeout(kept) {
            Ok(work) => work,
            Err(RecvTimeoutError::Timeout) => {
                memory = Vec::new();
                let Ok(work) = works.recv() else { return };
                work
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        work(&mut memory);
    }
}

/// Hashes on one thread, one after the other and in the same memory: a burst of sign-ins takes no
/// more memory than one.
fn on_the_hashing_thread<T: Send + 'static>(
    work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
) -> Result<T, AccessError> {
    static THREAD: OnceLock<Sender<Work>> = OnceLock::new();
    let thread = THREAD.get_or_init(|| {
        let (sender, works) = mpsc::channel::<Work>();
        std::thread::spawn(move || work_off(&works, HASH_MEMORY_KEPT));
        sender
    });
    let (reply, answer) = mpsc::channel();
    let work = Box::new(move |memory: &mut Vec<Block>| drop(reply.send(work(memory))));
    let gone = || AccessError("the thread that hashes has ended".to_owned());
    thread.send(work).map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())
}

/// Argon2id of a secret, as long as `out`.
fn argon2id(
    secret: &str,
    salt: &[u8],
    params: &Params,
    memory: &mut Vec<Block>,
    out: &mut [u8],
) -> argon2::Result<()> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone()).hash_password_into_with_memory(
        secret.as_bytes(),
        salt,
        out,
        &mut memory[..blocks],
    )
}

/// The argon2id hash of a password or PIN. Takes tens of milliseconds: not for the async loop.
pub fn hash_secret(secret: &str) -> Result<String, AccessError> {
    let secret = secret.to_owned();
    let hash = on_the_hashing_thread(move |memory| -> password_hash::Result<String> {
        let params = Params::new(HASH_MEMORY_KIB, HASH_PASSES, 1, None)?;
        let (mut salt, mut out) = ([0; 16], [0; 32]);
        getrandom::fill(&mut salt).map_err(|_| password_hash::Error::Crypto)?;
        argon2id(&secret, &salt, &params, memory, &mut out)?;
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(&salt)?),
            hash: Some(Output::new(&out)?),
        };
        Ok(hash.to_string())
    });
    hash?.map_err(|error| AccessError(error.to_string()))
}

/// Whether a password or PIN matches this hash. As slow as making one.
#[must_use]
pub fn verify_secret(secret: &str, hash: &str) -> bool {
    let (secret, hash) = (secret.to_owned(), hash.to_owned());
    let is_right = on_the_hashing_thread(move |memory| {
        let known = PasswordHash::new(&hash).ok()?;
        let (params, expected) = (Params::try_from(&known).ok()?, known.hash?);
        let mut out = vec![0; expected.len()];
        argon2id(&secret, known.salt.as_ref()?, &params, memory, &mut out).ok()?;
        // Compared in the same time wherever the two differ.
        Some(Output::new(&out).ok()? == expected)
    });
    is_right.ok().flatten().unwrap_or(false)
}

/// The initials of a name: the name itself when it is short, else the first letters of its words.
#[must_use]
pub fn initials(name: &str) -> String {
    if name.chars().count() <= 4 {
        return name.to_owned();
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    words.take(4).flat_map(char::to_uppercase).collect()
}

/// The most characters of the initials that the record shows.
pub const LONGEST_INITIALS: usize = 4;

/// Whether these can be somebody's initials: 1 to 4 characters that can be seen, no space.
#[must_use]
pub fn are_initials(text: &str) -> bool {
    name::checked(text, LONGEST_INITIALS).is_ok() && !text.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_verified_by_its_hash_alone() {
        let hash = hash_secret("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_secret("correct horse", &hash));
        assert!(!verify_secret("wrong horse", &hash));
        assert!(!verify_secret("correct horse", "no hash"));
    }

    #[test]
    fn the_memory_of_a_hash_is_given_back() {
        let (sender, works) = mpsc::channel::<Work>();
        let (reply, held) = mpsc::channel();
        let in_order = {
            let reply = reply.clone();
            move |memory: &mut Vec<Block>| {
                memory.resize(8, Block::default());
                reply.send(memory.len()).unwrap();
            }
        };
        let look = move |memory: &mut Vec<Block>| reply.send(memory.len()).unwrap();
        sender.send(Box::new(in_order)).unwrap();
        sender.send(Box::new(look.clone())).unwrap();
        let thread = std::thread::spawn(move || work_off(&works, Duration::ZERO));
        // What is already waiting is done in the memory that exists.
        assert_eq!([held.recv().unwrap(), held.recv().unwrap()], [8, 8]);
        while {
            sender.send(Box::new(look.clone())).unwrap();
            held.recv().unwrap() != 0
        } {}
        drop(sender);
        thread.join().unwrap();
    }

    #[test]
    fn tokens_are_long_and_never_printed() {
        let (one, other) = (Token::new().unwrap(), Token::new().unwrap());
        assert_eq!(one.as_str().len(), 64);
        assert_ne!(one.hash(), other.hash());
        assert_eq!(format!("{one:?}"), "Token(…)");
    }

    #[test]
    fn initials_are_short() {
        assert_eq!(initials("KM"), "KM");
        assert_eq!(initials("Karla Maier"), "KM");
        assert_eq!(initials("karla.maier"), "KM");
    }
}
