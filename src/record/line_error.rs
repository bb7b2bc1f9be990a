/// A line that is not one of a recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LineError(String);

impl LineError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl From<serde_json::Error> for LineError {
    fn from(error: serde_json::Error) -> Self {
        // The position within the line says little; what was wrong says all.
        let text = error.to_string();
        Self(text.split(" at line ").next().unwrap_or(&text).to_owned())
    }
}
