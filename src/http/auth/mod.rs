//! Identifies the caller. A browser shows the cookie of its login, a program or a monitor a Bearer
//! token; either is looked up by its hash in the register, which is in memory.

mod acting;
mod browsers;
mod caller;
mod checks;
mod cookie;
pub(super) mod identify;
pub(super) mod login;
mod origin;
mod pins;
mod require;
mod throttle;
mod tries;
mod wrong;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

pub(super) use caller::{Admin, Caller, Lead, Nurse, Prescriber, Viewer};
pub(super) use require::{device_of, require, right_ended};
pub(super) use wrong::settle;

use acting::Acting;
use browsers::Browsers;
use checks::Checks;
use pins::Pins;
use throttle::Throttle;
use tries::Tries;

/// How many long answers about the past are made at once: each may take tens of megabytes.
pub(super) const HISTORIES_AT_ONCE: usize = 2;

/// What the server keeps in memory about its callers. Every part is bounded.
#[derive(Debug)]
pub struct AuthState {
    throttle: Mutex<Throttle>,
    pins: Mutex<Pins>,
    tries: Mutex<Tries>,
    browsers: Mutex<Browsers>,
    acting: Mutex<Acting>,
    checks: Checks,
    pub(super) histories: Semaphore,
}

impl Default for AuthState {
    fn default() -> Self {
        Self {
            throttle: Mutex::default(),
            pins: Mutex::default(),
            tries: Mutex::default(),
            browsers: Mutex::default(),
            acting: Mutex::default(),
            checks: Checks::default(),
            histories: Semaphore::new(HISTORIES_AT_ONCE),
        }
    }
}

fn lock<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held.
    part.lock().unwrap_or_else(PoisonError::into_inner)
}
