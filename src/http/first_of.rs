//! Several things that go on at once until one of them ends.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

/// Ends with the first of them that ends; there must be one. Each is looked at only when something
/// has happened to itself: a frame for a screen is no reason to read its socket, or to ask whether
/// its right has ended.
pub(super) async fn first_of<T>(all: impl IntoIterator<Item = BoxFuture<'_, T>>) -> T {
    let mut all: FuturesUnordered<_> = all.into_iter().collect();
    all.next().await.expect("there is one")
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Poll;

    use futures_util::{FutureExt, poll};
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn only_what_was_woken_is_looked_at_and_the_first_to_end_ends_all() {
        let (looks, one, other) = (AtomicU32::new(0), Notify::new(), Notify::new());
        let counted = poll_fn(|_| {
            looks.fetch_add(1, Ordering::Relaxed);
            Poll::<&str>::Pending
        });
        let woken = async {
            one.notified().await;
            other.notified().await;
            "the other"
        };
        let mut all = Box::pin(first_of([counted.boxed(), woken.boxed(), pending().boxed()]));
        assert!(poll!(&mut all).is_pending());
        one.notify_one();
        assert!(poll!(&mut all).is_pending());
        other.notify_one();
        assert_eq!(all.await, "the other");
        assert_eq!(looks.load(Ordering::Relaxed), 1);
        assert_eq!(first_of([pending().boxed(), ready("at once").boxed()]).await, "at once");
    }
}
