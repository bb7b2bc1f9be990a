use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Role;
use crate::vitals::Millis;

/// Somebody of the staff, a display, or a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// The name they sign in with.
    pub name: String,
    /// What the record shows.
    pub initials: String,
    /// What they may do.
    pub role: Role,
}

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Four to six digits, which a colleague may see: a nurse's rights, whoever it is.
    Pin,
    /// Their password: their own rights, up to a prescriber's.
    Password,
}

/// Wrong PINs and passwords under somebody's name between their last two sign-ins, and since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WrongTries {
    /// How many there were.
    pub count: u32,
    /// When the last of them was.
    #[schema(required)]
    pub last_at: Option<Millis>,
    /// The last four places, the last of them last: an address, and who was signed in there.
    #[serde(rename = "where")]
    pub places: Vec<String>,
}

/// Who acts at a shared station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Acting {
    /// `role` is what they may do here, which is less than their own where they gave their PIN.
    #[serde(flatten)]
    pub person: Person,
    /// How they proved who they are.
    pub proof: Proof,
    /// Until when this holds.
    pub until: Millis,
}

/// Who acts at a shared station from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identified {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the answer's")]
    pub acting: Acting,
    /// Wrong PINs and passwords that were tried in their name, by others or by themselves.
    pub wrong_tries: WrongTries,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the answer's")]
    pub person: Person,
    /// IANA name of the clinic's time zone, in which screens show clock times; `null` when the
    /// machine has no name for its own.
    #[schema(required, value_type = Option<String>)]
    pub time_zone: Option<Arc<str>>,
    /// Who has identified themselves at this station.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acting: Option<Acting>,
    /// What others, or they themselves, tried in vain. Not for a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub wrong_tries: Option<WrongTries>,
}
