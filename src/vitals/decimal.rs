use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number as the sender wrote it: at most six decimals, which are kept (`37.0` stays `37.0`).
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i64,
    decimals: u8,
}

const MAX_DECIMALS: u8 = 6;

/// A JSON number.
impl utoipa::PartialSchema for Decimal {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::Number)
            .description(Some("With the decimals that its sender wrote, at most six."))
            .into()
    }
}

impl utoipa::ToSchema for Decimal {}

impl Decimal {
    /// `value` without decimals.
    #[must_use]
    pub const fn whole(value: i32) -> Self {
        Self { mantissa: value as i64, decimals: 0 }
    }

    /// `value` rounded to `decimals` (at most six); `None` when it is not a finite number below one
    /// billion.
    #[must_use]
    pub fn rounded(value: f64, decimals: u8) -> Option<Self> {
        let decimals = decimals.min(MAX_DECIMALS);
        let scaled = value * 10f64.powi(i32::from(decimals));
        (scaled.is_finite() && value.abs() < 1e9)
            .then(|| Self { mantissa: scaled.round() as i64, decimals })
    }

    /// `value` with at most two decimals and no trailing zeros, as limits are shown; 0 when it is
    /// not a number.
    #[must_use]
    pub fn trimmed(value: f64) -> Self {
        let exact = |decimals: &u8| {
            Self::rounded(value, *decimals).filter(|d| (d.as_f64() - value).abs() < 5e-4)
        };
        [0, 1].iter().find_map(exact).or_else(|| Self::rounded(value, 2)).unwrap_or(Self::whole(0))
    }

    /// The nearest floating-point number; limits are compared with it.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        match self.decimals {
            0 => self.mantissa as f64,
            decimals => self.mantissa as f64 / 10f64.powi(i32::from(decimals)),
        }
    }

    fn scaled(self) -> i128 {
        i128::from(self.mantissa) * 10i128.pow(u32::from(MAX_DECIMALS - self.decimals))
    }
}

/// The text is not a plain decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a number")]
pub struct NotANumber;

impl FromStr for Decimal {
    type Err = NotANumber;

    /// Reads `[+-]digits[.digits]`; decimals beyond the sixth are rounded away.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if unsigned.is_empty() || unsigned == "." || !digits(whole) || !digits(fraction) {
            return Err(NotANumber);
        }
        let value: f64 = text.parse().map_err(|_| NotANumber)?;
        let decimals = u8::try_from(fraction.len()).unwrap_or(MAX_DECIMALS);
        Self::rounded(value, decimals).ok_or(NotANumber)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.scaled() == other.scaled()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scaled().cmp(&other.scaled())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.decimals == 0 {
            return self.mantissa.fmt(f);
        }
        let unit = 10i64.pow(u32::from(self.decimals));
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let (whole, fraction) = (self.mantissa.abs() / unit, self.mantissa.abs() % unit);
        write!(f, "{sign}{whole}.{fraction:0width$}", width = usize::from(self.decimals))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.decimals == 0 {
            serializer.serialize_i64(self.mantissa)
        } else {
            serializer.serialize_f64(self.as_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number below 1000000000")
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Decimal, E> {
                self.visit_i64(i64::try_from(v).unwrap_or(i64::MAX))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Decimal, E> {
                let in_range = (-1_000_000_000..1_000_000_000).contains(&v);
                in_range
                    .then_some(Decimal { mantissa: v, decimals: 0 })
                    .ok_or_else(|| E::custom("the number is too large"))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Decimal, E> {
                let text = format!("{v:?}");
                text.parse()
                    .ok()
                    .or_else(|| Decimal::rounded(v, MAX_DECIMALS))
                    .ok_or_else(|| E::custom("the number is too large"))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn decimals_of_the_sender_are_kept() {
        for text in ["97", "140.5", "95.0", "-0.5", "12.00"] {
            assert_eq!(text.parse::<Decimal>().map(|d| d.to_string()), Ok(text.to_owned()));
        }
        let from_json = |s: &str| serde_json::from_str::<Decimal>(s).map(|d| d.to_string()).ok();
        assert_eq!(from_json("97").as_deref(), Some("97"));
        assert_eq!(from_json("95.0").as_deref(), Some("95.0"));
        assert_eq!(from_json("36.65").as_deref(), Some("36.65"));
        assert_eq!(serde_json::to_string(&Decimal::whole(97)).ok().as_deref(), Some("97"));
    }

    #[test]
    fn what_is_not_a_plain_number_is_refused() {
        for text in ["", ".", "-", "1e3", "NaN", "12a", "--", "9999999999999999999"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Decimal>("1e300").is_err());
        assert!(serde_json::from_str::<Decimal>("\"97\"").is_err());
    }

    #[test]
    fn equal_values_are_equal_whatever_their_decimals() {
        assert_eq!("95.0".parse::<Decimal>(), "95".parse::<Decimal>());
    }
}
