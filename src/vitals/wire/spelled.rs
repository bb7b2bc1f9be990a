//! A frame as it is spelled, before anything is made of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::MAX_READINGS;
use super::scalar::Scalar;

#[derive(Deserialize)]
pub(super) struct WireFrame<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) seq: Option<u64>,
    #[serde(borrow)]
    pub(super) boot: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) sent_at: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) taken_at: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) readings: Option<WireReadings<'a>>,
    #[serde(borrow)]
    pub(super) vital: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<Scalar<'a>>,
}

/// The readings of a frame. Of more than it may have, only the number is kept.
#[derive(Default)]
pub(super) struct WireReadings<'a> {
    pub(super) first: Vec<Element<'a>>,
    pub(super) count: usize,
}

/// What is in the place of a reading.
pub(super) enum Element<'a> {
    Reading(Box<WireReading<'a>>),
    /// Something that is not an object.
    Other(Json),
}

#[derive(Default, Deserialize)]
pub(super) struct WireReading<'a> {
    /// `None` only when it is missing.
    #[serde(borrow, deserialize_with = "there")]
    pub(super) vital: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) value: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) systolic: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) diastolic: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) mean: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) quality: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) absent: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) taken_at: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) channel: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) source: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) bound: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) corrects: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) withdrawn: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) late: Option<Scalar<'a>>,
}

fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Scalar<'de>>, D::Error> {
    Scalar::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Vital,
    Value,
    Systolic,
    Diastolic,
    Mean,
    Quality,
    Absent,
    TakenAt,
    Channel,
    Source,
    Bound,
    Corrects,
    Withdrawn,
    Late,
    #[serde(other)]
    Unknown,
}

impl<'a> WireReading<'a> {
    /// Of a key that comes twice, the last one counts, as in any tree of JSON.
    fn of<A: MapAccess<'a>>(mut keys: A) -> Result<Self, A::Error> {
        let mut reading = Self::default();
        while let Some(key) = keys.next_key()? {
            let place = match key {
                Key::Vital => {
                    reading.vital = Some(keys.next_value()?);
                    continue;
                }
                Key::Value => &mut reading.value,
                Key::Systolic => &mut reading.systolic,
                Key::Diastolic => &mut reading.diastolic,
                Key::Mean => &mut reading.mean,
                Key::Quality => &mut reading.quality,
                Key::Absent => &mut reading.absent,
                Key::TakenAt => &mut reading.taken_at,
                Key::Channel => &mut reading.channel,
                Key::Source => &mut reading.source,
                Key::Bound => &mut reading.bound,
                Key::Corrects => &mut reading.corrects,
                Key::Withdrawn => &mut reading.withdrawn,
                Key::Late => &mut reading.late,
                Key::Unknown => {
                    // It is read all the same: a number that is none makes the line no frame.
                    let _: Scalar<'_> = keys.next_value()?;
                    continue;
                }
            };
            *place = keys.next_value()?;
        }
        Ok(reading)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Element<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyElement;
        impl<'de> Visitor<'de> for AnyElement {
            type Value = Element<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any valid JSON value")
            }

            fn visit_map<A: MapAccess<'de>>(self, keys: A) -> Result<Element<'de>, A::Error> {
                WireReading::of(keys).map(Box::new).map(Element::Reading)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Element<'de>, A::Error> {
                Json::deserialize(SeqAccessDeserializer::new(list)).map(Element::Other)
            }

            fn visit_bool<E>(self, is_so: bool) -> Result<Element<'de>, E> {
                Ok(Element::Other(is_so.into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Element<'de>, E> {
                Ok(Element::Other(number.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Element<'de>, E> {
                Ok(Element::Other(number.into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Element<'de>, E> {
                Ok(Element::Other(number.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Element<'de>, E> {
                Ok(Element::Other(text.into()))
            }

            fn visit_unit<E>(self) -> Result<Element<'de>, E> {
                Ok(Element::Other(Json::Null))
            }
        }
        deserializer.deserialize_any(AnyElement)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for WireReadings<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = WireReadings<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<WireReadings<'de>, A::Error> {
                let mut readings = WireReadings::default();
                while let Some(element) = list.next_element()? {
                    readings.count += 1;
                    if readings.count <= MAX_READINGS {
                        readings.first.push(element);
                    }
                }
                Ok(readings)
            }
        }
        deserializer.deserialize_seq(List)
    }
}
