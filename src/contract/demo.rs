use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::{Millis, RoomId};

/// The story of a demo.
#[derive(Debug, Serialize, ToSchema)]
pub struct Demo {
    /// In order; each until the next one.
    pub captions: Vec<Caption>,
}

/// One line of the story: what happens, and what to try.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Caption {
    /// From when on.
    pub at: Millis,
    /// Where it happens; `null` for what is everywhere.
    #[schema(required)]
    pub room: Option<RoomId>,
    /// The line.
    pub text: String,
}
