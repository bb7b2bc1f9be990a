use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

/// A text that is not an id: ids match `[A-Za-z0-9._:-]+` and have at most 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {text:?} is not an id: use 1 to 128 of A-Z a-z 0-9 . _ : -")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
}

/// The longest id, in characters.
pub const LONGEST_ID: usize = 128;
/// The most rooms at a time: as many as one server is made for (design.md#figures).
pub const MAX_ROOMS: usize = 1_000;
/// How many hexadecimal digits of the digest are added to an id that had to be changed. 40 bits:
/// among 4,096 changed ids with the same beginning, two are equal with a probability of 1 in
/// 130,000.
const DIGEST_DIGITS: usize = 10;

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, utoipa::ToSchema,
        )]
        #[serde(try_from = "String")]
        #[schema(value_type = String, pattern = "^[A-Za-z0-9._:-]+$", max_length = 128)]
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

            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
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
id!(/// A person who is treated, as this clinic's record knows them. It names nobody.
    PatientId, "patient");
id!(/// A screen, by the name that it gives itself and keeps over all of its connections.
    ScreenName, "screen");
id!(/// Treatments of one patient that belong together.
    CourseId, "course");

impl DeviceId {
    /// Not a device: a person who measured.
    #[must_use]
    pub fn by_hand() -> Self {
        Self("by-hand".into())
    }
}

impl SessionId {
    /// The session of a recording that names none.
    #[must_use]
    pub fn recording() -> Self {
        Self("recording".into())
    }
}

/// Earlier versions cut a bed to this many characters before they made an id of it.
pub const OLD_BED: usize = 64;

/// The name that a device gives itself if it is not an id, beside the id that it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its own name, as it can be shown: at most [`LONGEST_ID`] characters.
    pub shown: Box<str>,
    /// The id that versions without a digest gave it; another device may have got the same.
    pub unmarked: DeviceId,
}

impl DeviceId {
    /// The id of a device that gives itself a name of these parts, joined by `:`. A name that is an
    /// id stays as it is. One that is not, because of a character, its length, or a `:` in one of
    /// several parts, is changed and gets a digest of its parts, so that no two become one.
    ///
    /// # Errors
    /// The parts are empty.
    pub fn of_parts(parts: &[&str]) -> Result<(Self, Option<Original>), InvalidId> {
        let text = parts.join(":");
        let runs_together = parts.len() > 1 && parts.iter().any(|part| part.contains(':'));
        if !runs_together && is_id(&text) {
            return Ok((Self(text.as_str().into()), None));
        }
        let unmarked = Self::unmarked(&text)?;
        let kept = plain(&text, LONGEST_ID - DIGEST_DIGITS - 1);
        let id = Self(format!("{kept}-{}", digits(parts)).into());
        let shown = crate::name::displayed(&text, LONGEST_ID).into();
        Ok((id, Some(Original { shown, unmarked })))
    }

    /// The id that versions without a digest made of this text.
    ///
    /// # Errors
    /// The text is empty.
    pub fn unmarked(text: &str) -> Result<Self, InvalidId> {
        Self::new(&plain(text, LONGEST_ID))
    }
}

/// At most this many characters; those that ids may not contain are replaced by `-`.
fn plain(text: &str, longest: usize) -> String {
    let one = |c: char| if is_id(c.encode_utf8(&mut [0; 4])) { c } else { '-' };
    text.chars().take(longest).map(one).collect()
}

/// A digest of the parts with their lengths, so that they cannot run together.
fn digits(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..DIGEST_DIGITS].to_owned()
}

impl SessionId {
    /// The id of a stay in a room: the room's id, cut if it is long, and what distinguishes the
    /// stay from all others.
    ///
    /// # Errors
    /// `unique` is not an id of at most 64 characters.
    pub fn of_room(room: &RoomId, unique: &str) -> Result<Self, InvalidId> {
        let longest = LONGEST_ID.saturating_sub(unique.len() + 1);
        Self::new(&format!("{}-{unique}", plain(room.as_str(), longest)))
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

    fn id(parts: &[&str]) -> String {
        DeviceId::of_parts(parts).unwrap().0.as_str().to_owned()
    }

    #[test]
    fn what_is_an_id_stays_as_it_is_and_what_was_changed_says_so() {
        assert_eq!(id(&["mon-3"]), "mon-3");
        assert_eq!(id(&["00:1b:44"]), "00:1b:44");
        assert_eq!(id(&["Cart", "7"]), "Cart:7");
        let (changed, original) = DeviceId::of_parts(&["VS 900/7"]).unwrap();
        assert_eq!(changed.as_str(), "VS-900-7-6f5d1c973a");
        let original = original.unwrap();
        assert_eq!((&*original.shown, original.unmarked.as_str()), ("VS 900/7", "VS-900-7"));
        assert!(DeviceId::of_parts(&[""]).is_err());
    }

    #[test]
    fn no_two_names_become_one_id() {
        let long = "x".repeat(128);
        let names: [&[&str]; 14] = [
            &["bed/1"],
            &["bed#1"],
            &["bed-1"],
            &["bed 1"],
            &[&long],
            &[&format!("{long}y")],
            &[&format!("{long}z")],
            &["a:b", "c"],
            &["a", "b:c"],
            &["a", "b/c"],
            &["a", "b c"],
            &["Ä"],
            &["Ö"],
            &["a", "bc"],
        ];
        let ids: std::collections::BTreeSet<_> = names.iter().map(|name| id(name)).collect();
        assert_eq!(ids.len(), names.len());
        assert!(ids.iter().all(|id| is_id(id)), "{ids:?}");
    }

    #[test]
    fn a_stay_in_a_room_with_a_long_id_has_an_id_of_its_own() {
        let room = RoomId::new(&"r".repeat(128)).unwrap();
        let of = |unique: &str| SessionId::of_room(&room, unique).unwrap();
        let (one, other) = (of(&"a".repeat(32)), of(&"b".repeat(32)));
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 128);
        let short = SessionId::of_room(&RoomId::new("3").unwrap(), "abc").unwrap();
        assert_eq!(short.as_str(), "3-abc");
    }
}
