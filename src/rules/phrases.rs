//! Limits, times and names as they read in a sentence.

use super::Condition;
use super::limit::{Compare, Limit};
use super::pressure_test::{CuffPart, CuffTest};
use super::row::Span;
use super::vital::ContinuousVital;
use super::vocabulary::Vocabulary;

/// What a limit is compared with.
#[derive(Clone, Copy)]
pub(crate) struct Named {
    /// `SpO2`, in the midst of a sentence.
    pub(crate) name: &'static str,
    /// With the space before it, where one is due.
    unit: &'static str,
}

impl Named {
    pub(crate) fn value(self, value: f64) -> String {
        format!("{value}{}", self.unit)
    }

    /// `SpO2 at or below 92 %, or 3 below the baseline if that is lower`.
    pub(crate) fn beyond(self, compare: Compare, limit: &Limit) -> String {
        format!("{} {}", self.name, self.limit(compare, limit))
    }

    pub(crate) fn limit(self, compare: Compare, limit: &Limit) -> String {
        let Limit { absolute, offset, percent, at_least } = *limit;
        let difference = match (offset, percent) {
            (Some(offset), _) => Some((offset, "")),
            (None, Some(percent)) => Some((percent, " %")),
            (None, None) => None,
        };
        let never_under = |least: f64| format!(" (the limit is never under {})", self.value(least));
        match (absolute, difference) {
            (Some(absolute), Some((by, of))) => {
                let side = if by < 0.0 { "below" } else { "above" };
                format!(
                    "{} {}, or {}{of} {side} the baseline if that is lower{}",
                    compare.words(),
                    self.value(absolute),
                    by.abs(),
                    at_least.map_or_else(String::new, never_under)
                )
            }
            (Some(absolute), None) => {
                let least = at_least.filter(|least| *least > absolute);
                format!("{} {}", compare.words(), self.value(least.unwrap_or(absolute)))
            }
            (None, Some((by, of))) => {
                let least = match at_least {
                    Some(least) if compare.is_upper() => {
                        format!(" and {} {}", compare.words(), self.value(least))
                    }
                    Some(least) => never_under(least),
                    None => String::new(),
                };
                format!("{}{least}", from_baseline(compare, by, of))
            }
            (None, None) => "beyond no limit".to_owned(),
        }
    }
}

/// `30 or more above the baseline`.
fn from_baseline(compare: Compare, by: f64, of: &str) -> String {
    let side = if by < 0.0 { "below" } else { "above" };
    let is_outward = compare.is_upper() == (by >= 0.0);
    let amount = format!("{}{of}", by.abs());
    match compare {
        Compare::AtOrBelow | Compare::AtOrAbove if is_outward => {
            format!("{amount} or more {side} the baseline")
        }
        Compare::Below | Compare::Above if is_outward => {
            format!("more than {amount} {side} the baseline")
        }
        _ => format!("{} the value {amount} {side} the baseline", compare.words()),
    }
}

pub(crate) fn vital(vital: ContinuousVital) -> Named {
    Named { name: vital.words(), unit: vital.unit() }
}

pub(crate) fn part(part: CuffPart) -> Named {
    match part {
        CuffPart::Systolic => Named { name: "systolic", unit: " mmHg" },
        CuffPart::Diastolic => Named { name: "diastolic", unit: " mmHg" },
    }
}

pub(crate) fn cuff_test(test: &CuffTest) -> String {
    part(test.part).beyond(test.compare, &test.limit)
}

/// `8 s`.
pub(crate) fn seconds(seconds: u32) -> String {
    format!("{seconds} s")
}

/// As a schedule reads: `15 min`, `2 h`.
pub(crate) fn time(seconds: u32) -> String {
    match seconds {
        3_600 => "60 min".to_owned(),
        s if s > 3_600 && s.is_multiple_of(3_600) => format!("{} h", s / 3_600),
        s if s >= 60 && s.is_multiple_of(60) => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}

/// `one`, `two` … as long as it reads well.
pub(crate) fn count(count: u8) -> String {
    let words = ["no", "one", "two", "three", "four", "five"];
    words.get(usize::from(count)).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// `a, b or c`.
pub(crate) fn either(texts: &[String]) -> String {
    joined(texts, "or")
}

/// `a, b and c`.
pub(crate) fn both(texts: &[String]) -> String {
    joined(texts, "and")
}

fn joined(texts: &[String], word: &str) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A sentence: capital, full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// Until when values do not count after bad signal.
pub(super) fn settled(after_bad_s: u32) -> String {
    match after_bad_s {
        0 => String::new(),
        s => format!("; values within {} after a bad signal do not count", seconds(s)),
    }
}

/// Other conditions with which alone a stage counts.
pub(super) fn beside(words: Vocabulary<'_>, with: &[Condition]) -> String {
    if with.is_empty() {
        return String::new();
    }
    format!(", while {} has an open alert", either(&words.titles(with)))
}

/// When a condition may alarm.
pub(crate) fn when(during: &[Span]) -> String {
    let has = |span| during.contains(&span);
    let text = match (has(Span::NoSession), has(Span::BeforeStart), has(Span::Treatment)) {
        (true, true, true) => "At all times: also in a room with data but no session",
        (true, false, true) => {
            "In a room with data but no session, and from the start of the treatment on; not in a \
             session before the start"
        }
        (false, true, true) => "In a session, before the start and from the start on",
        (true, true, false) => "In a room with data but no session, and in one before the start",
        (false, false, true) => "In a session, from the start of the treatment on",
        (false, true, false) => "In a session, before the start alone",
        (true, false, false) => "In a room with data but no session alone",
        (false, false, false) => "Never",
    };
    sentence(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spo2(limit: Limit) -> String {
        vital(ContinuousVital::Spo2).beyond(Compare::AtOrBelow, &limit)
    }

    #[test]
    fn limits_read_as_people_say_them() {
        let none = Limit { absolute: None, offset: None, percent: None, at_least: None };
        let plain = Limit { absolute: Some(92.0), ..none };
        assert_eq!(spo2(plain), "SpO2 at or below 92 %");
        let relative = Limit { offset: Some(-3.0), ..plain };
        assert_eq!(
            spo2(relative),
            "SpO2 at or below 92 %, or 3 below the baseline if that is lower"
        );
        let floor = Limit { at_least: Some(80.0), ..relative };
        assert!(spo2(floor).ends_with("if that is lower (the limit is never under 80 %)"));
        let systolic = |compare, limit| part(CuffPart::Systolic).beyond(compare, &limit);
        assert_eq!(
            systolic(
                Compare::AtOrAbove,
                Limit { offset: Some(30.0), at_least: Some(145.0), ..none }
            ),
            "systolic 30 or more above the baseline and at or above 145 mmHg"
        );
        assert_eq!(
            systolic(Compare::Below, Limit { percent: Some(-25.0), ..none }),
            "systolic more than 25 % below the baseline"
        );
    }

    #[test]
    fn a_schedule_reads_in_minutes_and_hours() {
        let read = [45, 90, 300, 3_600, 7_200, 5_400].map(time);
        assert_eq!(read, ["45 s", "90 s", "5 min", "60 min", "2 h", "90 min"]);
    }
}
