//! A bounded number of connections. One that has said nothing yet gives its place to the next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long a connection takes at most to leave its place once it is asked to.
const LEAVES_WITHIN: Duration = Duration::from_secs(5);

/// The places of one listener.
#[derive(Clone, Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    /// Connections that may be asked to leave, the oldest first.
    offered: Arc<Mutex<VecDeque<CancellationToken>>>,
}

/// A place that is taken, or will be once another connection has left it.
#[derive(Debug)]
pub(super) enum Taken {
    Now(Place),
    Soon(Places),
}

/// One connection's place.
#[derive(Debug)]
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    places: Places,
}

/// That the connection would leave its place to another; withdrawn when it is dropped.
#[derive(Debug)]
pub(super) struct Offer {
    asked: CancellationToken,
    places: Places,
}

impl Places {
    pub(super) fn new(count: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(count)), offered: Arc::default() }
    }

    /// `None` when all are taken and nobody would leave.
    pub(super) fn take(&self) -> Option<Taken> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(Taken::Now(Place { _permit: permit, places: self.clone() }));
        }
        let mut offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        offered.pop_front()?.cancel();
        Some(Taken::Soon(self.clone()))
    }
}

impl Taken {
    /// The place, once it is free.
    pub(super) async fn place(self) -> Option<Place> {
        self.place_within(LEAVES_WITHIN).await
    }

    async fn place_within(self, limit: Duration) -> Option<Place> {
        match self {
            Self::Now(place) => Some(place),
            Self::Soon(places) => {
                let freed = timeout(limit, Arc::clone(&places.free).acquire_owned()).await;
                freed.ok()?.ok().map(|permit| Place { _permit: permit, places })
            }
        }
    }
}

impl Place {
    pub(super) fn offer(&self) -> Offer {
        let asked = CancellationToken::new();
        let mut offered = self.places.offered.lock().unwrap_or_else(PoisonError::into_inner);
        offered.push_back(asked.clone());
        Offer { asked, places: self.places.clone() }
    }
}

impl Offer {
    /// Returns once another connection needs the place.
    pub(super) async fn taken_up(&self) {
        self.asked.cancelled().await;
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        // Asking takes the oldest out and cancels it; one that was not asked withdraws its offer.
        let mut offered = self.places.offered.lock().unwrap_or_else(PoisonError::into_inner);
        self.asked.cancel();
        offered.retain(|asked| !asked.is_cancelled());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_place_that_is_offered_goes_to_the_next_and_others_are_refused() {
        let places = Places::new(2);
        let Some(Taken::Now(first)) = places.take() else { panic!("free") };
        let Some(Taken::Now(second)) = places.take() else { panic!("free") };
        assert!(places.take().is_none(), "nobody would leave");
        let (offer, withdrawn) = (first.offer(), second.offer());
        drop(withdrawn);
        let next = places.take().unwrap();
        assert!(places.take().is_none(), "one was offered, one was asked");
        offer.taken_up().await;
        drop((offer, first));
        let third = next.place().await.unwrap();
        assert!(places.take().is_none());
        drop((second, third));
        assert!(matches!(places.take(), Some(Taken::Now(_))));
    }

    #[tokio::test]
    async fn who_waits_for_a_place_that_nobody_leaves_goes_away() {
        let places = Places::new(1);
        let Some(Taken::Now(place)) = places.take() else { panic!("free") };
        let offer = place.offer();
        let next = places.take().unwrap();
        assert!(next.place_within(Duration::ZERO).await.is_none());
        drop((offer, place));
        assert!(matches!(places.take(), Some(Taken::Now(_))));
    }
}
