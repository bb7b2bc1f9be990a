use serde::Serialize;
use utoipa::ToSchema;

use crate::lists::{ListItems, ListName};
use crate::profile::Change;

/// A list of the clinic.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ClinicList {
    /// Which.
    pub name: ListName,
    /// To be given with a change; 0 as it was shipped.
    pub version: u32,
    /// Who made this version; `null` when it is as it was shipped.
    #[schema(required)]
    pub changed: Option<Change>,
    /// Medications with those that are given most first; others as the clinic ordered them.
    pub items: ListItems,
}
