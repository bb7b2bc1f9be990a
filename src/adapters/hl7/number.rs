//! Numbers as senders write them: `97`, `+84`, `84.`, `84,0`, `84%`, `38 bpm`, `<70`, `212/124`
//! (protocols.md#values).

use super::message::Part;
use super::units::{Unit, unit_named};
use crate::vitals::{Bound, Decimal};

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ParsedNumber {
    pub(super) number: Decimal,
    /// The sender says that the value is beyond the number.
    pub(super) bound: Option<Bound>,
    /// The unit that is written after it.
    pub(super) unit: Option<Unit>,
}

/// Signs of comparison, the longer before the shorter. A value at the end of a monitor's range is
/// beyond it or at it: both are shown alike.
const COMPARATORS: [(&str, Option<Bound>); 12] = [
    ("<=", Some(Bound::Below)),
    ("=<", Some(Bound::Below)),
    (">=", Some(Bound::Above)),
    ("=>", Some(Bound::Above)),
    ("&lt;", Some(Bound::Below)),
    ("&gt;", Some(Bound::Above)),
    ("≤", Some(Bound::Below)),
    ("≥", Some(Bound::Above)),
    ("<", Some(Bound::Below)),
    (">", Some(Bound::Above)),
    ("=", None),
    ("", None),
];

/// A comma with more digits after it may separate thousands, or two values.
const MAX_DIGITS_AFTER_COMMA: usize = 2;

/// The text of OBX-5 that holds one value: a component alone, `comparator^number` of a structured
/// number, or a number with its unit (`97^%`). `None` when it has several.
pub(super) fn single_text(obx5: &Part<'_>) -> Option<String> {
    let parts = texts(obx5);
    let filled: Vec<&str> = parts.iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
    match filled.as_slice() {
        [] => Some(String::new()),
        [text] => Some((*text).to_owned()),
        [comparator, number] if is_comparator(comparator) && parts[0] == *comparator => {
            Some(format!("{comparator}{number}"))
        }
        [number, unit] if parts[0] == *number && unit_named(unit).is_some() => {
            Some(format!("{number} {unit}"))
        }
        _ => None,
    }
}

fn is_comparator(text: &str) -> bool {
    COMPARATORS.iter().any(|(sign, _)| *sign == text)
}

/// Components beyond these hold no number.
fn texts(obx5: &Part<'_>) -> Vec<String> {
    obx5.components().take(6).map(|component| component.text().into_owned()).collect()
}

/// Reads one number; `None` when the text is anything else.
pub(super) fn written(text: &str) -> Option<ParsedNumber> {
    let text = text.trim();
    let (sign, bound) = COMPARATORS.into_iter().find(|(sign, _)| text.starts_with(sign))?;
    let text = text[sign.len()..].trim_start();
    let is_digit_or_sign = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-');
    let end = text.find(|c| !is_digit_or_sign(c)).unwrap_or(text.len());
    let (digits, behind) = text.split_at(end);
    let unit = match behind.trim() {
        "" => None,
        // What begins with a digit is a second number.
        unit if unit.starts_with(|c: char| c.is_ascii_digit()) => return None,
        unit => Some(unit_named(unit)?),
    };
    Some(ParsedNumber { number: decimal(digits)?, bound, unit })
}

/// `84`, `+84`, `84.`, `84.0`, `84,0`.
fn decimal(digits: &str) -> Option<Decimal> {
    let digits = match digits.split_once(',') {
        Some((whole, behind)) => {
            let is_decimal = behind.len() <= MAX_DIGITS_AFTER_COMMA && !whole.contains('.');
            is_decimal.then(|| format!("{whole}.{behind}"))?
        }
        None => digits.to_owned(),
    };
    digits.strip_suffix('.').unwrap_or(&digits).parse().ok()
}

/// The parts of a pressure in one row: `212/124`, `212/124/153`, `212/124 (153) mmHg`, or the
/// structured `^212^/^124`. Systolic, diastolic and, if it is there, mean.
pub(super) fn pressures(obx5: &Part<'_>) -> Option<Vec<ParsedNumber>> {
    let parts = texts(obx5);
    let text = parts.concat();
    let is_structured = parts.iter().filter(|part| !part.is_empty()).count() > 1;
    if is_structured && parts.get(2).map(String::as_str) != Some("/") {
        return None;
    }
    let (text, unit) = without_unit(text.trim());
    let text = text.replace(['(', ')'], "/");
    let numbers: Vec<&str> = text.trim_end_matches([' ', '/']).split('/').map(str::trim).collect();
    let (2 | 3) = numbers.iter().filter(|n| !n.is_empty()).count() else { return None };
    let numbers = numbers.into_iter().filter(|n| !n.is_empty());
    let written = numbers.map(|number| Some(ParsedNumber { unit, ..written(number)? }));
    let written: Vec<ParsedNumber> = written.collect::<Option<_>>()?;
    written.iter().all(|w| w.unit == unit).then_some(written)
}

/// What follows the last digit or bracket, if it is a unit.
fn without_unit(text: &str) -> (&str, Option<Unit>) {
    let end = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, ')' | '.' | ','));
    let end = end.map_or(0, |end| end + 1);
    match unit_named(&text[end..]) {
        Some(unit) => (&text[..end], Some(unit)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::hl7::message::Message;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<(String, Option<Bound>, Option<Unit>)> {
        written(text).map(|w| (w.number.to_string(), w.bound, w.unit))
    }

    fn with_obx5<T>(obx5: &str, read: impl Fn(&Part<'_>) -> T) -> T {
        let text = format!("MSH|^~\\&|\rOBX|1|SN|||{obx5}|");
        let message = Message::parse(&text).unwrap();
        read(&message.segment("OBX").unwrap().first(5))
    }

    #[test]
    fn a_number_is_read_in_every_dress() {
        let (below, above) = (Some(Bound::Below), Some(Bound::Above));
        for (text, number, bound, unit) in [
            ("91", "91", None, None),
            (" 091 ", "91", None, None),
            ("+91", "91", None, None),
            ("91.", "91", None, None),
            ("91,", "91", None, None),
            ("36,65", "36.65", None, None),
            ("91,0", "91.0", None, None),
            ("91%", "91", None, Some(Unit::Percent)),
            ("91 % SpO2", "91", None, Some(Unit::Percent)),
            ("44 bpm", "44", None, Some(Unit::PerMinute)),
            ("44 beats/min", "44", None, Some(Unit::PerMinute)),
            ("17,1kPa", "17.1", None, Some(Unit::Kilopascal)),
            ("36.6 °C", "36.6", None, Some(Unit::Celsius)),
            ("<60", "60", below, None),
            ("< 60", "60", below, None),
            ("<=60 %", "60", below, Some(Unit::Percent)),
            ("≤60", "60", below, None),
            ("&lt;60", "60", below, None),
            (">240", "240", above, None),
            (">=240", "240", above, None),
            ("=91", "91", None, None),
            ("-5", "-5", None, None),
        ] {
            assert_eq!(read(text), Some((number.to_owned(), bound, unit)), "{text:?}");
        }
    }

    #[test]
    fn a_comma_with_more_than_two_digits_behind_it_may_part_thousands_and_makes_no_number() {
        assert_eq!(read("1,01"), Some(("1.01".to_owned(), None, None)));
        for text in ["1,013", "36,650", "1,0000"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_no_number() {
        for text in [
            "",
            "<",
            "<<60",
            "9 1",
            "91 92",
            "1e2",
            "91x",
            "91 apples",
            "91-95",
            "91/62",
            "1,013",
            "1.013,2",
            "9,1,0",
            "..",
            ".",
            ",",
            "+",
            "+-9",
            "--9",
            "0x5b",
            "٩١",
            "N91",
            "91 %%",
            "%91",
            "> <60",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_structured_number_is_one_text() {
        for (obx5, text) in [
            ("^91", Some("91")),
            ("=^91", Some("=91")),
            ("<^60", Some("<60")),
            (">=^240", Some(">=240")),
            ("91^%", Some("91 %")),
            ("^91^%", None),
            ("91", Some("91")),
            ("", Some("")),
            ("^91^-^95", None),
            ("91^92^93", None),
            ("91^<", None),
            ("x^91", None),
        ] {
            assert_eq!(with_obx5(obx5, single_text).as_deref(), text, "{obx5:?}");
        }
    }

    #[test]
    fn a_pressure_in_one_row_is_its_parts() {
        let parts = |obx5: &str| {
            let numbers = |all: Vec<ParsedNumber>| {
                all.iter().map(|w| w.number.to_string()).collect::<Vec<_>>().join(" ")
            };
            with_obx5(obx5, pressures).map(numbers)
        };
        for (obx5, expected) in [
            ("131/79", "131 79"),
            ("131 / 79", "131 79"),
            ("131/79/96", "131 79 96"),
            ("131/79 (96)", "131 79 96"),
            ("131/79(96) mmHg", "131 79 96"),
            ("131/79 mm Hg", "131 79"),
            ("^131^/^79", "131 79"),
            ("17,5/10,5 kPa", "17.5 10.5"),
            (">250/130", "250 130"),
        ] {
            assert_eq!(parts(obx5).as_deref(), Some(expected), "{obx5:?}");
        }
        for obx5 in [
            "131",
            "131/",
            "/79",
            "131-79",
            "131/79/96/72",
            "131/x",
            "a/b",
            "",
            "131^79",
            "^131^-^79",
            "131//",
        ] {
            assert_eq!(parts(obx5), None, "{obx5:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,24}|[0-9<>=.,+%/() a-z-]{0,16}") {
            let _ = written(&text);
            let _ = with_obx5(&text.replace(['\r', '\n', '|'], " "), pressures);
        }
    }
}
