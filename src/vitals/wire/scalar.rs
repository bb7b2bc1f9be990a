use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::vitals::Decimal;

/// A value of a frame, as it is spelled. Texts are borrowed from the line where they can be, and
/// only what no frame should hold becomes a tree of JSON, to be shown in a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Scalar<'a> {
    #[default]
    Null,
    Bool(bool),
    Whole(i64),
    /// Beyond the whole numbers with a sign.
    Huge(u64),
    Fraction(f64),
    Text(Cow<'a, str>),
    /// A list or an object.
    Other(Json),
}

impl Scalar<'_> {
    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(super) fn as_decimal(&self) -> Option<Decimal> {
        type Failed = de::value::Error;
        match *self {
            Self::Whole(number) => {
                Decimal::deserialize(IntoDeserializer::<Failed>::into_deserializer(number)).ok()
            }
            Self::Huge(number) => {
                Decimal::deserialize(IntoDeserializer::<Failed>::into_deserializer(number)).ok()
            }
            Self::Fraction(number) => {
                Decimal::deserialize(IntoDeserializer::<Failed>::into_deserializer(number)).ok()
            }
            _ => None,
        }
    }

    /// The same as a tree of JSON, for the rare case that it is shown.
    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(is_so) => Json::Bool(*is_so),
            Self::Whole(number) => Json::from(*number),
            Self::Huge(number) => Json::from(*number),
            Self::Fraction(number) => Json::from(*number),
            Self::Text(text) => Json::String(text.as_ref().to_owned()),
            Self::Other(json) => json.clone(),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue;
        impl<'de> Visitor<'de> for AnyValue {
            type Value = Scalar<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any valid JSON value")
            }

            fn visit_bool<E>(self, is_so: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Bool(is_so))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Whole(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(i64::try_from(number).map_or(Scalar::Huge(number), Scalar::Whole))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Fraction(number))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Scalar<'de>, A::Error> {
                Json::deserialize(SeqAccessDeserializer::new(list)).map(Scalar::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar<'de>, A::Error> {
                Json::deserialize(MapAccessDeserializer::new(map)).map(Scalar::Other)
            }
        }
        deserializer.deserialize_any(AnyValue)
    }
}
