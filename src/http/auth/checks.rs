//! Passwords and PINs are checked one at a time for those who are known, and one at a time for
//! everybody else: a queue of strangers keeps no known browser waiting. A password waits first, see
//! [`super::throttle`].

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::super::HttpState;
use super::lock;
use super::throttle::{Begun, Full, Try};
use super::tries::{Aim, Secret};
use super::wrong;
use crate::access::{hash_secret, verify_secret};
use crate::error::Problem;
use crate::vitals::Millis;

/// Longer than any password; hashing takes time with every byte.
const MAX_SECRET_BYTES: usize = 1_024;
/// How long one waits for a turn to have a password checked.
const WAIT_FOR_A_CHECK: Duration = Duration::from_secs(5);

/// Whose turn it is to have a secret checked. How many wait is bounded by those who send them
/// here: the throttle, and the count of PINs.
#[derive(Debug)]
pub(super) struct Checks {
    known: Semaphore,
    strangers: Semaphore,
}

impl Default for Checks {
    fn default() -> Self {
        // Each check takes a core and 7 MB for tens of milliseconds.
        Self { known: Semaphore::new(1), strangers: Semaphore::new(1) }
    }
}

/// Who gives a password, and from where.
pub(super) struct Giver<'a> {
    /// The account that is signed in there.
    pub(super) by: Option<&'a str>,
    /// The cookie's token: of a login now, or of one that is over.
    pub(super) browser: Option<[u8; 32]>,
    pub(super) from: Option<IpAddr>,
}

/// A password that is being checked. Once dropped, its place is somebody else's.
pub(super) struct Turn<'a> {
    state: &'a HttpState,
    begun: Begun,
    began: Millis,
    is_right: bool,
}

impl<'a> Turn<'a> {
    /// Begins, or says that there is no room now.
    pub(super) fn begin(
        state: &'a HttpState,
        name: &str,
        exists: bool,
        giver: &Giver<'_>,
    ) -> Result<Self, Problem> {
        let knows = |browser: &[u8; 32]| lock(&state.desk.browsers).knows(name, browser);
        let tried = Try {
            name: name.chars().take(MAX_NAME).collect(),
            exists,
            network: giver.from.map(Into::into),
            browser: giver.browser.filter(knows),
        };
        let began = state.clock.now();
        match lock(&state.desk.throttle).begin(&tried, began) {
            Ok(begun) => Ok(Self { state, begun, began, is_right: false }),
            Err(Full) => Err(Problem::too_many_tries(Full::RETRY_AFTER_S)),
        }
    }

    /// Waits as long as this try has to, and checks it. A missing hash takes as long as a wrong one.
    pub(super) async fn is_right(
        &mut self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        self.pause(self.begun.wait_ms).await;
        self.is_right = is_right(self.state, password, hash, self.begun.is_known).await?;
        Ok(self.is_right)
    }

    /// It was wrong: waits until that may be said.
    pub(super) async fn wrong(self, aim: Aim, giver: &Giver<'_>) {
        wrong::note(self.state, aim, Secret::Password, giver.by, giver.from);
        self.pause(self.begun.wrong_after_ms).await;
    }

    async fn pause(&self, after_ms: i64) {
        tokio::time::sleep(self.state.clock.until(self.began.plus(after_ms))).await;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.state.desk.throttle).end(&self.begun, self.is_right);
    }
}

/// Longer than any name that somebody can have.
const MAX_NAME: usize = 100;

/// Checks a secret off the async loop. A missing hash takes as long as a wrong one.
pub(super) async fn is_right(
    state: &HttpState,
    secret: String,
    hash: Option<String>,
    is_known: bool,
) -> Result<bool, Problem> {
    if secret.len() > MAX_SECRET_BYTES {
        return Ok(false);
    }
    let Checks { known, strangers } = &state.desk.checks;
    let queue = if is_known { known } else { strangers };
    let Ok(Ok(_turn)) = tokio::time::timeout(WAIT_FOR_A_CHECK, queue.acquire()).await else {
        return Err(Problem::busy());
    };
    let check = move || match hash {
        Some(hash) => verify_secret(&secret, &hash),
        None => {
            // Whatever it says, it took its time.
            let _ = verify_secret(&secret, nobodys_hash());
            false
        }
    };
    nobodys_hash_is_made().await;
    tokio::task::spawn_blocking(check).await.map_err(|_| Problem::our_fault())
}

static NOBODYS_HASH: OnceLock<String> = OnceLock::new();

fn nobodys_hash() -> &'static str {
    NOBODYS_HASH.get_or_init(|| hash_secret("nobody has this password").unwrap_or_default())
}

/// Made before the first check of any name, so that the first unknown one is no slower.
async fn nobodys_hash_is_made() {
    if NOBODYS_HASH.get().is_none() {
        // Should it panic, the check itself makes it.
        let _ = tokio::task::spawn_blocking(nobodys_hash).await;
    }
}
