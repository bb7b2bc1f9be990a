use serde::{Deserialize, Serialize};

/// A point in time: whole milliseconds since 1970-01-01 UTC.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// `ms` later (or earlier when negative), never beyond the range of the type.
    #[must_use]
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The UTC calendar day as `YYYYMMDD`, used to number alerts outside of sessions.
    #[must_use]
    pub fn day(self) -> u32 {
        // Days to civil date, after H. Hinnant's `civil_from_days`.
        let z = self.0.div_euclid(86_400_000) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        u32::try_from(year * 10_000 + month * 100 + day).unwrap_or(0)
    }
}

impl std::fmt::Display for Millis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Millis;

    #[test]
    fn the_day_is_the_utc_calendar_day() {
        assert_eq!(Millis(0).day(), 19_700_101);
        assert_eq!(Millis(1_763_726_400_000).day(), 20_251_121);
        assert_eq!(Millis(951_782_400_000).day(), 20_000_229);
        assert_eq!(Millis(951_868_800_000 - 1).day(), 20_000_229);
        assert_eq!(Millis(951_868_800_000).day(), 20_000_301);
    }
}
