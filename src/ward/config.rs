use super::away::Outlet;
use crate::vitals::{DeviceId, RoomId, Source};

/// What the configuration says of rooms and devices.
#[derive(Clone, Debug, Default)]
pub struct WardConfig {
    /// Id and name, in order.
    pub rooms: Vec<(RoomId, String)>,
    /// Devices that belong to a room.
    pub devices: Vec<(DeviceId, RoomId)>,
    /// What a monitor's readings are marked as: `simulator` in a demo.
    pub source: Source,
    /// The way to people away from the screens.
    pub outlet: Outlet,
}
