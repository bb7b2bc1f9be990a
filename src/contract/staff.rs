use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Role;
use crate::store::{StaffRow, TokenRow};
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

impl From<&StaffRow> for StaffMember {
    fn from(row: &StaffRow) -> Self {
        Self {
            id: row.name.clone(),
            name: row.name.clone(),
            initials: row.initials.clone(),
            // A role of a newer version lets nobody do more than look here.
            role: row.role.parse().unwrap_or(Role::Display),
            pin: row.pin_hash.is_some(),
            active: row.active,
        }
    }
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

impl From<TokenRow> for ProgramToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.subject.clone(),
            name: row.subject,
            role: row.role.and_then(|role| role.parse().ok()).unwrap_or(Role::Display),
            created_at: row.created_at,
            last_used: row.last_used,
        }
    }
}

/// The programs that have a token.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramTokens {
    /// By name.
    pub tokens: Vec<ProgramToken>,
}
