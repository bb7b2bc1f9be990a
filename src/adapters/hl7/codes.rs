//! What a code of OBX-3 means, and what to do when code and name disagree.

use super::code_tables::{Code, EHC, LOINC, MDC, MDIL, MINDRAY};
use super::labels::{Hint, hint};
use super::measure::Measure;
use super::message::Part;
use crate::vitals::Vital;

/// What OBX-3 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Measures(Measure),
    /// The number and the name disagree about the part; the name is trusted.
    ByName(Measure),
    /// Known not to be one of our vitals.
    Other,
    /// Not in any table.
    Unknown,
    /// Code and name, or the two codes of the row, name different things.
    Contradiction,
}

/// What OBX-3 means: both of its triples are looked at, and must not name different vitals.
pub(super) fn meaning(obx3: &Part<'_>) -> Meaning {
    let text = |n| obx3.component(n).text();
    let first = triple(&text(1), &text(2), &text(3));
    let second = triple(&text(4), &text(5), &text(6));
    match (first, second) {
        (Some(Meaning::Contradiction), _) | (_, Some(Meaning::Contradiction)) => {
            Meaning::Contradiction
        }
        // One of them is known not to be a vital, such as the pressure of a line.
        (Some(Meaning::Other), _) | (_, Some(Meaning::Other)) => Meaning::Other,
        (
            Some(first @ (Meaning::Measures(a) | Meaning::ByName(a))),
            Some(Meaning::Measures(b) | Meaning::ByName(b)),
        ) => {
            if same_kind(a, b) {
                first
            } else {
                Meaning::Contradiction
            }
        }
        (first, second) => first.or(second).unwrap_or(Meaning::Unknown),
    }
}

/// Heart rate and pulse rate may be side by side in one row (LOINC has one code for
/// both); different parts of a pressure may not.
fn same_kind(a: Measure, b: Measure) -> bool {
    let rate = |m: Measure| matches!(m.vital(), Vital::HeartRate | Vital::PulseRate);
    match (a, b) {
        (Measure::Pressure { part: a, .. }, Measure::Pressure { part: b, .. }) => a == b,
        _ => a.vital() == b.vital() || rate(a) && rate(b),
    }
}

/// What one code means; `None` when we do not know it.
fn triple(code: &str, name: &str, system: &str) -> Option<Meaning> {
    let is_system = |names: &[&str]| names.iter().any(|name| system.eq_ignore_ascii_case(name));
    if is_system(&["MDC", "ISO11073", "IEEE11073", "11073"]) {
        by_reference_name(MDC, code, name)
    } else if is_system(&["EHC", "99EHC"]) {
        by_reference_name(EHC, code, name)
    } else if is_system(&["MDIL", "99MDIL"]) {
        by_mdil_label(code, name)
    } else if is_system(&["LN", "LOINC", "LNC", "http://loinc.org"]) {
        by_label(LOINC, code, name)
    } else {
        by_shape(code, name, system.is_empty())
    }
}

/// A code without a system, or in one of the sender's own, that can only be one of ours: by its
/// shape or its reference name, or because its printed name says the same.
fn by_shape(code: &str, name: &str, is_unnamed: bool) -> Option<Meaning> {
    if is_unnamed && name.starts_with("MDC_") {
        return by_reference_name(MDC, code, name);
    }
    let has = |table: &[Code]| table.iter().any(|c| c.code.eq_ignore_ascii_case(code));
    let says_the_same = |table: &[Code]| match by_label(table, code, name)? {
        // A small number proves nothing, neither for nor against.
        Meaning::Contradiction => None,
        meaning => (hint(name) != Hint::Nothing).then_some(meaning),
    };
    if has(MDIL) {
        return if is_unnamed { by_mdil_label(code, name) } else { says_the_same(MDIL) };
    }
    if has(LOINC) {
        return if is_unnamed { by_label(LOINC, code, name) } else { says_the_same(LOINC) };
    }
    if !is_unnamed {
        return None;
    }
    says_the_same(MDC).or_else(|| says_the_same(MINDRAY))
}

fn by_mdil_label(code: &str, label: &str) -> Option<Meaning> {
    by_label(MDIL, code, label).map(|meaning| match meaning {
        // Philips prints its own label beside the code; an unknown one is another value.
        Meaning::Measures(measure) if !mdil_label_fits(label, measure) => Meaning::Contradiction,
        meaning => meaning,
    })
}

/// Tables whose names are fixed words: the name is as good as the number, and better if they
/// disagree (150031 was seen with the name of a cuff pressure), but only within one vital.
fn by_reference_name(table: &[Code], code: &str, name: &str) -> Option<Meaning> {
    let name = name.to_ascii_uppercase();
    let name = name.strip_prefix("MDC_").unwrap_or(&name);
    let with_code = table.iter().find(|c| c.code == code);
    let with_name = table.iter().find(|c| !c.name.is_empty() && c.name == name);
    match (with_code, with_name) {
        (_, Some(named)) if named.code == code => Some(of(named)),
        (None, Some(named)) => Some(match named.measure {
            Some(measure) => Meaning::ByName(measure),
            None => Meaning::Other,
        }),
        (Some(coded), Some(named)) => Some(match (coded.measure, named.measure) {
            (Some(a), Some(b)) if a == b => Meaning::Measures(b),
            (Some(a), Some(b)) if a.vital() == b.vital() => Meaning::ByName(b),
            (None, None) => Meaning::Other,
            _ => Meaning::Contradiction,
        }),
        (Some(_), None) => by_label(table, code, name),
        (None, None) => None,
    }
}

/// Tables whose names are free text: the code counts, unless the text names something else.
fn by_label(table: &[Code], code: &str, label: &str) -> Option<Meaning> {
    let found = table.iter().find(|c| c.code.eq_ignore_ascii_case(code))?;
    Some(match found.measure {
        Some(measure) if !hint(label).agrees(measure) => Meaning::Contradiction,
        _ => of(found),
    })
}

fn of(code: &Code) -> Meaning {
    code.measure.map_or(Meaning::Other, Meaning::Measures)
}

fn mdil_label_fits(label: &str, measure: Measure) -> bool {
    let lower = label.to_ascii_lowercase();
    let (heart, pulse) = (lower.contains("hr"), lower.contains("pulse"));
    let rate_fits = match measure {
        Measure::Number(Vital::HeartRate) => heart || !pulse,
        Measure::Number(Vital::PulseRate) => pulse || !heart,
        _ => true,
    };
    rate_fits && (label.is_empty() || hint(label) != Hint::Nothing)
}

#[cfg(test)]
#[path = "codes_test.rs"]
mod tests;
