use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::Millis;

/// What is left open in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unsigned {
    /// A high alert has no outcome yet.
    OutcomeMissing,
    /// A gate was passed although something was missing.
    GateWaived,
    /// Nobody has approved the limits that it ran with.
    LimitsNotApproved,
    /// It is over, and nobody has signed it off.
    NotSignedOff,
}

/// Who signed a session off that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedOff {
    /// By initials.
    pub by: String,
    /// With which they sign in.
    pub name: String,
    /// When.
    pub at: Millis,
    /// What was still open then.
    pub open: Vec<Unsigned>,
}

/// What somebody added to a session that was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Addendum {
    /// Its number in the clinic's chain.
    pub n: u64,
    /// When.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// What.
    pub text: String,
    /// The session had been signed off by then.
    pub after_sign_off: bool,
}
