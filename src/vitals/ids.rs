use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A text that is not an id: ids match `[A-Za-z0-9._:-]+` and have at most 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {text:?} is not an id: use 1 to 128 of A-Z a-z 0-9 . _ : -")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
}

fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the text; see [`InvalidId`] for what an id may hold.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                if is_id(text) {
                    Ok(Self(text.into()))
                } else {
                    let text = text.chars().take(64).collect();
                    Err(InvalidId { kind: $kind, text })
                }
            }

            /// The id with every character that ids may not hold replaced by `-`.
            /// For names that a device gives itself; empty text is an error.
            pub fn cleaned(text: &str) -> Result<Self, InvalidId> {
                let text: String = text
                    .chars()
                    .take(128)
                    .map(|c| if is_id(c.encode_utf8(&mut [0; 4])) { c } else { '-' })
                    .collect();
                Self::new(&text)
            }

            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    };
}

id!(/// A treatment room, as the clinic numbers it.
    RoomId, "room");
id!(/// A monitor or adapter, by the identity that it gives itself.
    DeviceId, "device");
id!(/// One patient's stay in a room.
    SessionId, "session");

impl DeviceId {
    /// Not a device: a person who measured.
    #[must_use]
    pub fn by_hand() -> Self {
        Self("by-hand".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_letters_digits_and_four_marks() {
        assert!(RoomId::new("3").is_ok());
        assert!(DeviceId::new("10.0.0.7:Bed-2_a").is_ok());
        for bad in ["", "room 3", "ü", "a/b", &"x".repeat(129)] {
            assert!(RoomId::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_device_name_is_cleaned_rather_than_lost() {
        let id = DeviceId::cleaned("VS 900/7").map(String::from);
        assert_eq!(id, Ok("VS-900-7".to_owned()));
        assert!(DeviceId::cleaned("").is_err());
    }
}
