use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Role;
use crate::vitals::Millis;

/// Somebody who may sign in, or might once. Without their secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StaffMember {
    /// For `staff/{id}`, where it is escaped as in any address: their name.
    pub id: String,
    /// With which they sign in.
    pub name: String,
    /// What the record shows; two people may share them.
    pub initials: String,
    /// What they may do.
    pub role: Role,
    /// Whether they have a PIN.
    pub pin: bool,
    /// Whether they may sign in now.
    pub active: bool,
}

/// Everybody who may sign in, or might once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Staff {
    /// By name.
    pub staff: Vec<StaffMember>,
}

/// A program's token, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProgramToken {
    /// For `tokens/{id}`, where it is escaped as in any address: the program's name.
    pub id: String,
    /// The program's name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was given out.
    pub created_at: Millis,
    /// When it was last used, to the hour.
    #[schema(required)]
    pub last_used: Option<Millis>,
}

/// The programs that have a token.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramTokens {
    /// By name.
    pub tokens: Vec<ProgramToken>,
}
