use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A day of birth, as `1980-02-29`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date)]
pub struct BirthDate(Date);

/// Nobody alive was born earlier.
const EARLIEST_YEAR: i16 = 1890;

/// The text is no day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADate {
    /// Not a day.
    #[error("a birth date is year-month-day, such as 1980-02-29")]
    Form,
    /// Too long ago.
    #[error("a birth date is not before {EARLIEST_YEAR}")]
    TooEarly,
    /// Not born yet.
    #[error("a birth date is not in the future")]
    InFuture,
}

impl BirthDate {
    /// Whole years on `day`; a birth date after it is refused.
    ///
    /// # Errors
    /// It is in the future.
    pub fn age_on(self, day: Date) -> Result<u8, NotADate> {
        if self.0 > day {
            return Err(NotADate::InFuture);
        }
        let had_birthday = (day.month(), day.day()) >= (self.0.month(), self.0.day());
        let years = day.year() - self.0.year() - i16::from(!had_birthday);
        Ok(u8::try_from(years).unwrap_or(u8::MAX))
    }

    /// Reads `19800229`, with anything after it, as HL7 writes it (PID-7).
    #[must_use]
    pub fn of_hl7(text: &str) -> Option<Self> {
        let digits = text.get(..8).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
        format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]).parse().ok()
    }
}

impl FromStr for BirthDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let has_its_form = text.len() == 10;
        let date = has_its_form.then(|| text.parse::<Date>().ok()).flatten();
        let date = date.ok_or(NotADate::Form)?;
        if date.year() < EARLIEST_YEAR { Err(NotADate::TooEarly) } else { Ok(Self(date)) }
    }
}

impl TryFrom<String> for BirthDate {
    type Error = NotADate;

    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl From<BirthDate> for String {
    fn from(date: BirthDate) -> Self {
        date.to_string()
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_and_written_the_same() {
        let date: BirthDate = "1980-02-29".parse().unwrap();
        assert_eq!(date.to_string(), "1980-02-29");
        assert_eq!(BirthDate::of_hl7("19800229"), Some(date));
        assert_eq!(BirthDate::of_hl7("198002291530+0100"), Some(date));
        for wrong in ["1981-02-29", "29.02.1980", "1980-2-9", "", "1980-02-29T00:00"] {
            assert_eq!(wrong.parse::<BirthDate>(), Err(NotADate::Form), "{wrong}");
        }
        assert_eq!("1889-12-31".parse::<BirthDate>(), Err(NotADate::TooEarly));
        for wrong in ["1980", "19801332", "ä1980022", ""] {
            assert_eq!(BirthDate::of_hl7(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_age_is_in_whole_years_and_the_future_is_refused() {
        let date: BirthDate = "1980-11-30".parse().unwrap();
        let on = |text: &str| date.age_on(text.parse().unwrap());
        assert_eq!(on("2026-11-29"), Ok(45));
        assert_eq!(on("2026-11-30"), Ok(46));
        assert_eq!(on("1980-11-29"), Err(NotADate::InFuture));
    }
}
