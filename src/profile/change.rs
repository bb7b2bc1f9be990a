use serde::{Deserialize, Serialize};

use crate::vitals::Millis;

/// Who changed a profile, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// Their name.
    pub by: String,
    /// When it was made.
    pub at: Millis,
}
