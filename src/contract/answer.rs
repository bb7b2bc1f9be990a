use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::{DeviceId, RoomId};

/// A thing as it is after something was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done<T> {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the answer's")]
    pub thing: T,
    /// `false` when what was just done is not on disk yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recorded: Option<bool>,
}

/// A device or room that is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Removed<'a> {
    /// What it was called.
    pub id: &'a str,
}

/// The room that a device belongs to now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bound<'a> {
    /// The device.
    pub id: &'a DeviceId,
    /// `null` when it belongs to none.
    #[schema(required)]
    pub room: Option<&'a RoomId>,
}

/// The alerts of a room that are one's own now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// Those that were taken now, and those that were one's own already.
    pub alerts: Vec<super::Alert>,
}
