//! Who calls. A browser shows the cookie of its login, a program or a monitor a Bearer token;
//! either is looked up by its hash in the register, which is in memory.

mod acting;
mod caller;
mod cookie;
pub(super) mod identify;
pub(super) mod login;
mod origin;
mod require;
mod throttle;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

pub(super) use caller::{Caller, Lead, Nurse, Person, Prescriber, Viewer};
pub(super) use require::{device_of, require, right_ended};

use super::idempotency::Given;
use acting::Acting;
use throttle::Throttle;

/// Passwords that are checked at once: each takes a core and 19 MB for tens of milliseconds.
const CHECKS_AT_ONCE: usize = 2;
/// Long answers about the past that are made at once: each may take tens of megabytes.
const HISTORIES_AT_ONCE: usize = 2;

/// What the server keeps in memory about its callers. Every part is bounded.
#[derive(Debug)]
pub struct Desk {
    throttle: Mutex<Throttle>,
    acting: Mutex<Acting>,
    checks: Semaphore,
    pub(super) histories: Semaphore,
    pub(super) given: Given,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            throttle: Mutex::default(),
            acting: Mutex::default(),
            checks: Semaphore::new(CHECKS_AT_ONCE),
            histories: Semaphore::new(HISTORIES_AT_ONCE),
            given: Given::default(),
        }
    }
}

fn lock<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held.
    part.lock().unwrap_or_else(PoisonError::into_inner)
}
