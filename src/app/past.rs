//! What happened before the server listens: hours that are played into the rooms before monitors
//! and screens come, as in a demo that opens in mid-morning.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::ward::WardByHand;

/// The hours before the start, each event with its own time. They go the way of everything else:
/// through the rooms into the record.
pub trait Past: fmt::Debug + Send {
    /// Plays them to their end, and returns when they are on disk.
    ///
    /// # Errors
    /// Something in them is impossible.
    fn play<'a>(self: Box<Self>, ward: &'a mut WardByHand) -> BoxFuture<'a, anyhow::Result<()>>;
}
