//! What of an entry is personal, and so is in its private part.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Puts the private part of an entry back into its body: objects are joined, anything else of the
/// private part stands in place of what the body has. Numbers keep every digit.
///
/// # Errors
/// One of them is not a JSON object.
pub fn merge_private(body: &str, private: &str) -> serde_json::Result<String> {
    type Object = BTreeMap<String, Box<RawValue>>;
    let mut merged: Object = serde_json::from_str(body)?;
    let private: Object = serde_json::from_str(private)?;
    for (key, value) in private {
        let is_object = |value: &RawValue| value.get().starts_with('{');
        let value = match merged.get(&key) {
            Some(public) if is_object(public) && is_object(&value) => {
                RawValue::from_string(merge_private(public.get(), value.get())?)?
            }
            _ => value,
        };
        merged.insert(key, value);
    }
    serde_json::to_string(&merged)
}
