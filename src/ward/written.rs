use serde::Serialize;

/// As JSON. Numbers and texts cannot fail to be written.
pub(super) fn written(shown: &impl Serialize) -> String {
    serde_json::to_string(shown).unwrap_or_default()
}
