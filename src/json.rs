//! Reads JSON into a type, and gives the wrong field as a value. serde_json only names it in a
//! sentence.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use serde_path_to_error::Path;

/// Why a value is not what was expected.
#[derive(Debug)]
pub struct Mismatch {
    /// The field that is wrong, missing or unknown, as in `patient.age`; `None` for the whole.
    pub field: Option<String>,
    /// What is wrong.
    pub what: String,
    /// Whether the sentence names the field itself.
    pub names_field: bool,
}

/// Reads a value into a type.
///
/// # Errors
/// The value does not fit the type.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Mismatch> {
    serde_path_to_error::deserialize(Json(value)).map_err(|error| {
        let path = path(error.path());
        let Fault { what, field } = error.into_inner();
        match field {
            Some(Field::Missing(name)) => {
                let field = path.map_or(name.to_owned(), |path| format!("{path}.{name}"));
                Mismatch { field: Some(field), what, names_field: true }
            }
            // The path leads to it, unless it is in a value whose tag says what it is.
            Some(Field::Unknown(name)) => {
                Mismatch { field: path.or(Some(name)), what, names_field: true }
            }
            None => Mismatch { field: path, what, names_field: false },
        }
    })
}

/// Reads a value whose `tag` says what it is, and names the wrong field at any depth: by then serde
/// has lost the path.
///
/// # Errors
/// The value does not fit the type.
pub fn read_tagged<T: DeserializeOwned>(
    value: serde_json::Map<String, Value>,
    tag: &str,
) -> Result<T, Mismatch> {
    let value = Value::Object(value);
    let mismatch = match read::<T>(value.clone()) {
        Ok(read) => return Ok(read),
        Err(mismatch) => mismatch,
    };
    let fails = |value: &Value| read::<T>(value.clone()).is_err_and(|e| e.what == mismatch.what);
    let Some(path) = culprit(&value, tag, &fails, MOST_LEVELS) else { return Err(mismatch) };
    let is_missing = mismatch.what.starts_with("missing field");
    let field = match &mismatch.field {
        // The path leads to where it is missing.
        Some(name) if is_missing => format!("{path}.{name}"),
        _ => path,
    };
    Err(Mismatch { field: Some(field), ..mismatch })
}

/// How many nested objects and lists are searched.
const MOST_LEVELS: usize = 8;

/// The path to what makes this value fail: at each level, found by halving, the first part without
/// which, and without all that follows it, the value no longer fails in the same way. `None` if
/// that is the value as a whole.
fn culprit(
    value: &Value,
    tag: &str,
    fails: &dyn Fn(&Value) -> bool,
    levels: usize,
) -> Option<String> {
    let levels = levels.checked_sub(1)?;
    let parts: Vec<String> = match value {
        Value::Object(map) => map.keys().filter(|key| *key != tag).cloned().collect(),
        Value::Array(items) => (0..items.len()).map(|index| format!("[{index}]")).collect(),
        _ => return None,
    };
    let with_first = |count: usize| match value {
        Value::Object(map) => {
            let is_kept = |key: &String| key == tag || parts[..count].contains(key);
            let kept = map.iter().filter(|(key, _)| is_kept(key));
            Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        Value::Array(items) => Value::Array(items[..count].to_vec()),
        other => other.clone(),
    };
    if fails(&with_first(0)) {
        return None;
    }
    let (mut good, mut bad) = (0, parts.len());
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        *(if fails(&with_first(middle)) { &mut bad } else { &mut good }) = middle;
    }
    let part = parts.get(good)?;
    let set = |inner: &Value| {
        let mut whole = with_first(bad);
        match &mut whole {
            Value::Object(map) => drop(map.insert(part.clone(), inner.clone())),
            Value::Array(items) => items[good] = inner.clone(),
            _ => {}
        }
        whole
    };
    let inner = match value {
        Value::Object(map) => map.get(part)?,
        Value::Array(items) => items.get(good)?,
        _ => return None,
    };
    let deeper = culprit(inner, "", &|inner| fails(&set(inner)), levels);
    Some(match deeper {
        Some(deeper) if deeper.starts_with('[') => format!("{part}{deeper}"),
        Some(deeper) => format!("{part}.{deeper}"),
        None => part.clone(),
    })
}

/// The field at a path; `None` for the whole.
#[must_use]
pub fn path(path: &Path) -> Option<String> {
    path.iter().next().map(|_| path.to_string())
}

/// What an error says, without its line and column.
#[must_use]
pub fn what(error: &serde_json::Error) -> String {
    let mut what = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    what.truncate(what.strip_suffix(&position).unwrap_or(&what).len());
    what
}

/// What serde found, before its place is known.
#[derive(Debug)]
struct Fault {
    what: String,
    field: Option<Field>,
}

#[derive(Debug)]
enum Field {
    Missing(&'static str),
    Unknown(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self { what: what.to_string(), field: None }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        match found {
            Unexpected::Unit => {
                Self::custom(format_args!("invalid type: null, expected {expected}"))
            }
            _ => Self::custom(format_args!("invalid type: {found}, expected {expected}")),
        }
    }

    fn missing_field(name: &'static str) -> Self {
        Self { what: format!("missing field `{name}`"), field: Some(Field::Missing(name)) }
    }

    fn unknown_field(name: &str, expected: &'static [&'static str]) -> Self {
        let known: Vec<String> = expected.iter().map(|known| format!("`{known}`")).collect();
        let expected = match known.as_slice() {
            [] => "there are no fields".to_owned(),
            [only] => format!("expected {only}"),
            [one, other] => format!("expected {one} or {other}"),
            _ => format!("expected one of {}", known.join(", ")),
        };
        let what = format!("unknown field `{name}`, {expected}");
        Self { what, field: Some(Field::Unknown(name.to_owned())) }
    }
}

/// A value that is read with errors of our own.
struct Json(Value);

impl<'de> Deserializer<'de> for Json {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), _, _) => visitor.visit_u64(value),
                (None, Some(value), _) => visitor.visit_i64(value),
                (None, None, value) => visitor.visit_f64(value.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Json)))
            }
            Value::Object(map) => {
                let entries = map.into_iter().map(|(key, value)| (key, Json(value)));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.into_deserializer()),
            Value::Object(map) => {
                let entries = map.into_iter().map(|(key, value)| (key, Json(value)));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(entries)))
            }
            other => Json(other).deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Json {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Tagged {
        Nested {
            #[expect(dead_code, reason = "it is only read")]
            a: Nested,
        },
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(untagged)]
    enum Nested {
        #[expect(dead_code, reason = "it is only read")]
        Deeper(std::collections::BTreeMap<String, Nested>),
        #[expect(dead_code, reason = "it is only read")]
        Number(u8),
    }

    #[test]
    fn what_is_wrong_is_looked_for_so_deep_and_no_deeper() {
        let mut value = serde_json::json!("x");
        for _ in 0..20 {
            value = serde_json::json!({ "b": value });
        }
        let Value::Object(map) = serde_json::json!({"type": "nested", "a": value}) else {
            panic!("an object")
        };
        let mismatch = read_tagged::<Tagged>(map, "type").unwrap_err();
        assert_eq!(mismatch.field.as_deref(), Some("a.b.b.b.b.b.b.b"));
    }
}
