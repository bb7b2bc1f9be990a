use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::{DeviceId, RoomId};

/// What was changed, as it is now.
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

/// A device or room that was removed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Removed<'a> {
    /// Its id.
    pub id: &'a str,
}

/// The room to which a device now belongs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bound<'a> {
    /// The device's id.
    pub id: &'a DeviceId,
    /// The room's id; `null` when it belongs to none.
    #[schema(required)]
    pub room: Option<&'a RoomId>,
}

/// The alerts of a room that the caller now has.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// Those taken just now, and those that the caller had already.
    pub alerts: Vec<super::Alert>,
}
