use std::sync::Arc;

use super::sink::RecordSink;
use crate::clock::Clock;
use crate::config;
use crate::journal::Journal;
use crate::store::Store;
use crate::vitals::{DeviceId, RoomId};

/// What a request is performed with.
#[derive(Clone, Debug)]
pub struct ControlContext {
    /// Where changes are written.
    pub sink: RecordSink,
    /// Where recordings are read.
    pub journal: Journal,
    /// Where everything else is read.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The rooms of the configuration; staff may have added more.
    pub rooms: Vec<RoomId>,
    /// The devices of the configuration, which are not removed.
    pub devices: Vec<DeviceId>,
    /// The hospital's systems to which finished sessions are sent.
    pub outbound: Arc<[config::Outbound]>,
}
