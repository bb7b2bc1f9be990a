use serde::Serialize;
use utoipa::ToSchema;

use crate::lists::{ListItems, ListName};
use crate::profile::Change;

/// A list of the clinic.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ClinicList {
    /// Which list it is.
    pub name: ListName,
    /// Pass it back with a change; 0 for the list as shipped.
    pub version: u32,
    /// Who made this version; `null` when it is as it was shipped.
    #[schema(required)]
    pub changed: Option<Change>,
    /// Medications with those that are given most first; others as the clinic ordered them.
    pub items: ListItems,
}
