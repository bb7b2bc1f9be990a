//! What a listener that monitors connect to is given.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::vitals::{DeviceId, Millis};

/// Whether a monitor at this address may connect.
pub type Allowed = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Reads the clock.
pub type Now = Arc<dyn Fn() -> Millis + Send + Sync>;

/// One listener's settings.
#[derive(Clone)]
pub struct ListenerOptions {
    /// The addresses that may connect.
    pub allow: Allowed,
    /// The clinic's zone, for stamps without one.
    pub zone: TimeZone,
    /// The id of a sender that names neither itself nor a bed.
    pub default_device: Option<DeviceId>,
    /// The most connections at a time, if the system allows fewer than the adapter does.
    pub connections: usize,
    /// The clock.
    pub now: Now,
}

impl std::fmt::Debug for ListenerOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListenerOptions")
            .field("zone", &self.zone)
            .field("default_device", &self.default_device)
            .finish_non_exhaustive()
    }
}
