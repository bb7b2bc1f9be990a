use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::{Millis, RoomId};

/// The story of a demo.
#[derive(Debug, Serialize, ToSchema)]
pub struct Demo {
    /// In order of time; each is shown until the next one.
    pub captions: Vec<Caption>,
}

/// One line of the story: what happens, and what to try.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Caption {
    /// When it is first shown.
    pub at: Millis,
    /// The room in which it happens; `null` for what concerns all of them.
    #[schema(required)]
    pub room: Option<RoomId>,
    /// The text.
    pub text: String,
}
