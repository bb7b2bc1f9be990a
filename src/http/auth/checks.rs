//! Passwords and PINs are checked one at a time for known callers, and one at a time for everybody
//! else: a queue of strangers keeps no known browser waiting. A password waits first, see
//! [`super::throttle`].

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::super::HttpState;
use super::throttle::{Begun, Full, Try};
use super::tries::{Aim, Secret};
use super::{AuthState, lock, wrong};
use crate::access::{hash_secret, verify_secret};
use crate::http::problem::Problem;
use crate::vitals::Millis;

/// Longer than any password; hashing takes time for every byte.
const MAX_SECRET_BYTES: usize = 1_024;
/// How long a caller waits for a turn to have a password checked.
const WAIT_FOR_A_CHECK: Duration = Duration::from_secs(5);

/// Checks under way at a time, of known callers and of everybody else; also those for which nobody
/// waits any more. Each takes a core and 7 MB for tens of milliseconds.
const CHECKS_AT_ONCE: usize = 1;

/// Whose turn it is to have a secret checked. Those that send secrets here bound how many wait: the
/// throttle, and the count of PINs.
#[derive(Debug)]
pub(super) struct Checks {
    known: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Checks {
    fn default() -> Self {
        let queue = || Arc::new(Semaphore::new(CHECKS_AT_ONCE));
        Self { known: queue(), strangers: queue() }
    }
}

impl Checks {
    /// Runs it off the async loop, when it is its turn. Nothing stops a check that has begun: the
    /// turn lasts until it is done, even if the caller has hung up; otherwise callers who hang up
    /// would have any number of checks under way.
    async fn check(
        &self,
        is_known: bool,
        check: impl FnOnce() -> bool + Send + 'static,
    ) -> Result<bool, Problem> {
        let queue = Arc::clone(if is_known { &self.known } else { &self.strangers });
        let turn = tokio::time::timeout(WAIT_FOR_A_CHECK, queue.acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Problem::busy()) };
        let in_turn = move || {
            let is_right = check();
            drop(turn);
            is_right
        };
        tokio::task::spawn_blocking(in_turn).await.map_err(|_| Problem::our_fault())
    }
}

/// Somebody who gives a password, and from where.
pub(super) struct Giver<'a> {
    /// The account that is signed in there.
    pub(super) by: Option<&'a str>,
    /// The cookie's token: of a current login, or of one that is over.
    pub(super) browser: Option<[u8; 32]>,
    pub(super) from: Option<IpAddr>,
}

/// A password that is being checked.
pub(super) struct Turn<'a> {
    state: &'a HttpState,
    place: Arc<TryPlace>,
    began: Millis,
}

/// A try's place. It becomes free as soon as neither its answer nor its check needs it.
struct TryPlace {
    auth: Arc<AuthState>,
    begun: Begun,
    is_right: AtomicBool,
}

impl Drop for TryPlace {
    fn drop(&mut self) {
        lock(&self.auth.throttle).end(&self.begun, *self.is_right.get_mut());
    }
}

impl<'a> Turn<'a> {
    /// Begins, or says that there is no room now.
    pub(super) fn begin(
        state: &'a HttpState,
        name: &str,
        exists: bool,
        giver: &Giver<'_>,
    ) -> Result<Self, Problem> {
        let knows = |browser: &[u8; 32]| lock(&state.auth.browsers).knows(name, browser);
        let tried = Try {
            name: name.chars().take(MAX_NAME).collect(),
            exists,
            network: giver.from.map(Into::into),
            browser: giver.browser.filter(knows),
        };
        let began = state.clock.now();
        match lock(&state.auth.throttle).begin(&tried, began) {
            Ok(begun) => {
                let (auth, is_right) = (Arc::clone(&state.auth), AtomicBool::new(false));
                Ok(Self { state, place: Arc::new(TryPlace { auth, begun, is_right }), began })
            }
            Err(Full) => Err(Problem::too_many_tries(Full::RETRY_AFTER_S)),
        }
    }

    /// Waits as long as this try has to, and checks it. A missing hash takes as long as a wrong
    /// password.
    pub(super) async fn is_right(
        &mut self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        self.pause(self.place.begun.wait_ms).await;
        match secret_check(password, hash) {
            Some(check) => self.check(check).await,
            None => Ok(false),
        }
    }

    async fn check(&self, check: impl FnOnce() -> bool + Send + 'static) -> Result<bool, Problem> {
        let place = Arc::clone(&self.place);
        let in_place = move || {
            let is_right = check();
            place.is_right.store(is_right, Ordering::Relaxed);
            is_right
        };
        self.state.auth.checks.check(self.place.begun.is_known, in_place).await
    }

    /// It was wrong: waits until that may be said.
    pub(super) async fn wrong(self, aim: Aim, giver: &Giver<'_>) {
        wrong::note(self.state, aim, Secret::Password, giver.by, giver.from);
        self.pause(self.place.begun.wrong_after_ms).await;
    }

    async fn pause(&self, after_ms: i64) {
        tokio::time::sleep(self.state.clock.until(self.began.plus(after_ms))).await;
    }
}

/// Longer than any name that somebody can have.
const MAX_NAME: usize = 100;

/// Checks a secret off the async loop. A missing hash takes as long as a wrong secret.
pub(super) async fn is_right(
    state: &HttpState,
    secret: String,
    hash: Option<String>,
    is_known: bool,
) -> Result<bool, Problem> {
    match secret_check(secret, hash) {
        Some(check) => state.auth.checks.check(is_known, check).await,
        None => Ok(false),
    }
}

/// The work that checks a secret; `None` when the secret is too long to be anybody's.
fn secret_check(secret: String, hash: Option<String>) -> Option<impl FnOnce() -> bool + Send> {
    (secret.len() <= MAX_SECRET_BYTES).then_some(move || {
        // Made before the first check of any name, so that the first unknown name is no slower.
        let nobodys_hash = nobodys_hash();
        match hash {
            Some(hash) => verify_secret(&secret, &hash),
            None => {
                // Whatever the result, it took its time.
                let _ = verify_secret(&secret, nobodys_hash);
                false
            }
        }
    })
}

fn nobodys_hash() -> &'static str {
    static NOBODYS_HASH: OnceLock<String> = OnceLock::new();
    NOBODYS_HASH.get_or_init(|| hash_secret("nobody has this password").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::*;
    use crate::clock::pass;
    use crate::http::tests::Bench;

    const GIVER: Giver<'_> = Giver { by: None, browser: None, from: None };

    /// A check that signals when it begins, and is done when the sender is dropped.
    fn slow() -> (impl FnOnce() -> bool + Send + 'static, oneshot::Receiver<()>, mpsc::Sender<()>) {
        let (begin, begun) = oneshot::channel();
        let (done, until_done) = mpsc::channel();
        let check = move || {
            let _ = begin.send(());
            until_done.recv().is_ok()
        };
        (check, begun, done)
    }

    #[tokio::test]
    async fn a_check_whose_caller_has_hung_up_is_still_the_only_one_under_way() {
        let checks = Checks::default();
        let (check, begun, done) = slow();
        tokio::select! {
            _ = checks.check(false, check) => panic!("it is not done"),
            begun = begun => begun.unwrap(),
        }
        assert_eq!(checks.strangers.available_permits(), 0, "nobody waits for it");
        assert!(checks.check(true, || true).await.unwrap(), "those who are known have their own");
        drop(done);
        let _next = checks.strangers.acquire().await.unwrap();
    }

    /// How many more tries for this name are let in.
    fn room(state: &HttpState) -> usize {
        let mut turns = Vec::new();
        while let Ok(turn) = Turn::begin(state, "nobody", false, &GIVER) {
            turns.push(turn);
        }
        turns.len()
    }

    #[tokio::test]
    async fn a_check_waits_five_seconds_for_its_turn_and_no_longer() {
        let checks = Arc::new(Checks::default());
        for (waits, is_checked) in [(WAIT_FOR_A_CHECK / 2, true), (WAIT_FOR_A_CHECK, false)] {
            let (check, begun, done) = slow();
            let first = Arc::clone(&checks);
            let first = tokio::spawn(async move { first.check(false, check).await });
            begun.await.unwrap();
            let mut second = Box::pin(checks.check(false, || true));
            assert!(futures_util::poll!(second.as_mut()).is_pending());
            pass(waits).await;
            if is_checked {
                drop(done);
                assert!(second.await.unwrap());
            } else {
                assert_eq!(second.await.unwrap_err().status(), 503);
                drop(done);
            }
            first.await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn a_secret_longer_than_any_is_wrong_without_a_check() {
        let bench = Bench::new().await;
        for (bytes, is_right) in [(MAX_SECRET_BYTES, true), (MAX_SECRET_BYTES + 1, false)] {
            let secret = "x".repeat(bytes);
            let hash = hash_secret(&secret).unwrap();
            let checked = super::is_right(&bench.state, secret.clone(), Some(hash.clone()), false);
            assert_eq!(checked.await.unwrap(), is_right, "{bytes} bytes");
            let mut turn = Turn::begin(&bench.state, "nobody", false, &GIVER).unwrap();
            assert_eq!(turn.is_right(secret, Some(hash)).await.unwrap(), is_right, "{bytes} bytes");
        }
    }

    #[tokio::test]
    async fn of_a_name_that_is_tried_no_more_is_looked_at_than_any_name_has() {
        let bench = Bench::new().await;
        let longest = "x".repeat(MAX_NAME);
        let begin = |name: &str| Turn::begin(&bench.state, name, false, &GIVER);
        let mut turns = Vec::new();
        while let Ok(turn) = begin(&format!("{longest} and more")) {
            turns.push(turn);
        }
        assert!(begin(&longest).is_err() && begin(&format!("{longest}, other")).is_err());
        assert!(begin(&longest[1..]).is_ok());
    }

    #[tokio::test]
    async fn a_try_whose_caller_has_hung_up_keeps_its_place_until_it_is_checked() {
        let bench = Bench::new().await;
        let state = &bench.state;
        let all = room(state);
        let turn = Turn::begin(state, "nobody", false, &GIVER).unwrap();
        let (check, begun, done) = slow();
        tokio::select! {
            _ = turn.check(check) => panic!("it is not done"),
            begun = begun => begun.unwrap(),
        }
        drop(turn);
        assert_eq!(room(state), all - 1);
        drop(done);
        // The next turn comes after the place is free.
        let _next = state.auth.checks.strangers.acquire().await.unwrap();
        assert_eq!(room(state), all);
    }
}
