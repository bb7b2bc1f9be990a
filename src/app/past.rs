//! What was before the server listens: hours that are played into the rooms before monitors and
//! screens come, as in a demo that opens in mid-morning.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::ward::WardByHand;

/// Hours before the start, each thing with its own time. They go the way of everything else: through
/// the rooms into the record.
pub trait Past: fmt::Debug + Send {
    /// Plays them to their end, with what was begun on disk.
    ///
    /// # Errors
    /// Something in them cannot have been.
    fn play<'a>(self: Box<Self>, ward: &'a mut WardByHand) -> BoxFuture<'a, anyhow::Result<()>>;
}
