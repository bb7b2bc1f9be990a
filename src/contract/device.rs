use serde::Serialize;
use utoipa::ToSchema;

use super::Reading;
use crate::vitals::{DeviceId, Millis, RoomId};

/// Whether a device is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// It is heard.
    Up,
    /// It has been silent for longer than usual.
    Late,
    /// Its connection is down, or it has been silent for too long.
    Down,
}

/// A device that has been heard, bound to a room or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device<'a> {
    /// The identity that it gives itself.
    pub id: &'a DeviceId,
    /// What it calls itself, where that is no id and was changed into one; at most 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub original: Option<&'a str>,
    /// The room that it belongs to.
    #[schema(required)]
    pub room: Option<&'a RoomId>,
    /// The protocol that it speaks, such as `hl7-mllp`.
    #[schema(required)]
    pub adapter: Option<&'a str>,
    /// Whether it is heard.
    pub link: Link,
    /// When it was last heard.
    #[schema(required)]
    pub last_seen: Option<Millis>,
    /// Its clock minus ours, milliseconds.
    #[schema(required)]
    pub clock_offset_ms: Option<i64>,
    /// It named two beds or two patients, or is two senders, and feeds no room until staff decide.
    pub conflict: bool,
    /// The newest reading of each vital and channel.
    pub latest: Vec<Reading<'a>>,
    /// What it sends and nobody here understands, at most 32.
    pub not_understood: Vec<UnknownCode<'a>>,
}

/// A code with its unit that a device sends and that is not understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnknownCode<'a> {
    /// The code, as the device writes it.
    pub code: &'a str,
    /// The unit, as the device writes it; empty when there is none.
    pub unit: &'a str,
    /// What the device calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<&'a str>,
    /// In how many frames, since the server was started.
    pub count: u64,
    /// When it was last heard.
    pub last_at: Millis,
}

/// Every device that has ever sent data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Devices<'a> {
    /// In order of their ids.
    pub devices: Vec<Device<'a>>,
}
