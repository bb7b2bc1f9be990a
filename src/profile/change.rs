use serde::{Deserialize, Serialize};

use crate::vitals::Millis;

/// Who changed a profile, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// By name.
    pub by: String,
    /// When.
    pub at: Millis,
}
