//! What monitors send that we do not understand (protocols.md#what-is-not-understood). It is
//! never dropped silently: it is counted by code and unit, and shown at the device.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Longest code and unit that are kept, in characters.
const MAX_CODE: usize = 64;
/// Longest name that is kept, in characters.
const MAX_NAME: usize = 96;
/// The most pairs of code and unit that the metric distinguishes; later ones are `other`.
const MAX_PAIRS: usize = 128;
/// Longest label of the metric, in characters.
const MAX_LABEL: usize = 40;
/// The label of all pairs beyond them.
const OTHER: &str = "other";

/// A value in a code, a unit or a form that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    /// As the sender writes it, such as `20564-1`, or `spirometry` in our own language.
    pub code: String,
    /// As the sender writes it; empty when it gives none.
    pub unit: String,
    /// The name that the sender gives it, if that says more than the code.
    pub name: Option<String>,
}

impl NotUnderstood {
    /// Cut to its greatest length and without control characters.
    #[must_use]
    pub fn new(code: &str, unit: &str, name: &str) -> Self {
        let (code, unit) = (plain(code, MAX_CODE), plain(unit, MAX_CODE));
        let name = Some(plain(name, MAX_NAME)).filter(|name| !name.is_empty() && *name != code);
        Self { code, unit, name }
    }
}

fn plain(text: &str, longest: usize) -> String {
    let text = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    text.take(longest).collect::<String>().trim_end().to_owned()
}

/// Counts what in a message was not understood, in
/// `dripwatch_not_understood_total{adapter,code,unit}`.
pub fn count(adapter: &'static str, not_understood: &[NotUnderstood]) {
    static KNOWN: Mutex<BTreeSet<(String, String)>> = Mutex::new(BTreeSet::new());
    for NotUnderstood { code, unit, .. } in not_understood {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let (code, unit) = labels(code, unit, &mut known);
        metrics::counter!("dripwatch_not_understood_total",
            "adapter" => adapter, "code" => code, "unit" => unit)
        .increment(1);
    }
}

/// The labels of a pair. Senders may invent endless codes; the metric stays bounded.
fn labels(code: &str, unit: &str, known: &mut BTreeSet<(String, String)>) -> (String, String) {
    let pair = (label(code), label(unit));
    if known.contains(&pair) {
        return pair;
    }
    if known.len() < MAX_PAIRS {
        known.insert(pair.clone());
        return pair;
    }
    (OTHER.to_owned(), OTHER.to_owned())
}

/// Letters, digits and the signs of codes and units; anything else is `_`.
fn label(text: &str) -> String {
    let is_sign = |c: char| "-._:/%^[]{}".contains(c);
    let safe = |c: char| if c.is_ascii_alphanumeric() || is_sign(c) { c } else { '_' };
    text.chars().take(MAX_LABEL).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_short_plain_and_says_each_thing_once() {
        let kept = NotUnderstood::new(" 20564-1\r", "L/min", "O2\u{1b}[31m in blood");
        assert_eq!((kept.code.as_str(), kept.unit.as_str()), ("20564-1", "L/min"));
        assert_eq!(kept.name.as_deref(), Some("O2 [31m in blood"));
        assert_eq!(NotUnderstood::new("PEEP", "", "PEEP").name, None);
        let long = NotUnderstood::new(&"ä".repeat(5_000), &"u".repeat(5_000), &"n".repeat(5_000));
        assert_eq!(long.code.chars().count(), MAX_CODE);
        assert_eq!(long.unit.len(), MAX_CODE);
        assert_eq!(long.name.unwrap().len(), MAX_NAME);
    }

    #[test]
    fn labels_are_plain_and_their_number_is_bounded() {
        let mut known = BTreeSet::new();
        let first = labels("pe\"ep\n", "cm[H2O]", &mut known);
        assert_eq!(first, ("pe_ep_".to_owned(), "cm[H2O]".to_owned()));
        for n in 0..10_000 {
            labels(&n.to_string(), "", &mut known);
        }
        assert_eq!(known.len(), MAX_PAIRS);
        assert_eq!(labels("10001", "", &mut known), (OTHER.to_owned(), OTHER.to_owned()));
        assert_eq!(labels("pe\"ep\n", "cm[H2O]", &mut known), first, "known before");
    }
}
