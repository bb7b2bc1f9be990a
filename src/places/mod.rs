//! A bounded number of places for connections, and who gives way when all are taken. Pure: the time
//! is passed in, and a token is cancelled when a connection must go.
//!
//! Somebody who holds places without using them must not shut others out, and somebody who is known
//! to be of use must not be shut out. So each connection has a rank for giving way, which its owner
//! changes as it shows what it is; a newcomer that finds no place gets that of the connection that
//! gives way most easily and, among equals, has been silent longest.

mod bounds;
mod seats;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

pub use bounds::Bounds;
pub use seats::{GivesWay, MAX_KNOWN};

use crate::vitals::Millis;
use seats::Seats;

/// The places of one listener. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Places(Arc<Mutex<Seats>>);

/// One connection's place; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    number: u64,
    leave: CancellationToken,
}

impl Places {
    /// All places free.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Mutex::new(Seats::new(bounds))))
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a connection from this address; the connection gives way first. Another
    /// may have to leave for it. `None` when nobody gives way.
    #[must_use]
    pub fn take(&self, address: IpAddr, now: Millis) -> Option<Place> {
        let (number, leave) = self.lock().take(address.to_canonical(), now)?;
        Some(Place { places: self.clone(), number, leave })
    }

    /// The connection that gives way most easily has to leave, such as when the system has no more
    /// file handles. Returns whether there is one.
    pub fn one_leaves(&self, now: Millis) -> bool {
        self.lock().one_leaves(now, |_| true).is_some()
    }

    /// How many are taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.lock().taken()
    }
}

impl Place {
    /// Returns once another connection needs the place.
    pub async fn must_leave(&self) {
        self.leave.cancelled().await;
    }

    /// Sets how easily it gives way from now on; it was heard just now.
    pub fn heard(&self, gives_way: GivesWay, now: Millis) {
        self.places.lock().change(self.number, gives_way, Some(now));
    }

    /// Sets how easily it gives way from now on.
    pub fn gives_way(&self, gives_way: GivesWay) {
        self.places.lock().change(self.number, gives_way, None);
    }

    /// Somebody is signed in on it: from now on it does not count towards its address's share. A
    /// whole clinic may be behind one address.
    pub fn signed_in(&self) {
        self.places.lock().signed_in(self.number);
    }

    /// It sent something valid under this name: its address is known from now on, it gives way
    /// last, and an older connection on which only this name was heard gives way to it.
    pub fn spoke(&self, name: [u8; 16], now: Millis) {
        self.places.lock().spoke(self.number, name, now);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // One that had to leave no longer has a seat.
        self.places.lock().free(self.number);
    }
}

#[cfg(test)]
mod tests;
