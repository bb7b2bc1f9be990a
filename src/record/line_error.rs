use crate::json::{self, Mismatch};

/// A line that is not one of a recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct LineError {
    what: String,
    /// The field of an event that is wrong, when it is one.
    pub field: Option<String>,
}

impl LineError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), field: None }
    }

    pub(super) fn of(field: &str, what: impl Into<String>) -> Self {
        Self { what: what.into(), field: Some(field.to_owned()) }
    }
}

impl From<Mismatch> for LineError {
    fn from(Mismatch { field, what, .. }: Mismatch) -> Self {
        Self { what, field }
    }
}

impl From<serde_json::Error> for LineError {
    fn from(error: serde_json::Error) -> Self {
        // The position within the line says little; what was wrong says all.
        Self::new(json::what(&error))
    }
}
