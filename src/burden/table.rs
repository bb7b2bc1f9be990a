//! The tally as a table for people.

use std::fmt::Write as _;

use super::tally::{OfCondition, Tally};
use crate::profile::Kind;

/// The burden beside the aims of clinical.md#alarm-burden, each profile a column.
#[must_use]
pub fn table(columns: &[(String, Tally)]) -> String {
    let mut out = String::new();
    let mut row = |name: &str, wanted: &str, cell: &dyn Fn(&Tally) -> String| {
        let _ = write!(out, "{name:<36} {wanted:<14}");
        for (_, tally) in columns {
            let _ = write!(out, " {:>24}", cell(tally));
        }
        out.push('\n');
    };
    row("a session", "wanted", &|_| String::new());
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let each = |count: u64, tally: &Tally| count as f64 / tally.sessions.max(1) as f64;
    row("false urgent, per 50 sessions", "<= 1", &|tally| {
        let count = tally.sum(Some(Kind::Physiological), |of| of.false_high);
        format!("{:.2}", 50.0 * each(count, tally))
    });
    row("medium", "<= 0.5", &|tally| {
        format!("{:.2}", each(tally.sum(None, |of| of.medium), tally))
    });
    row("  of them for nothing", "", &|tally| {
        format!("{:.2}", each(tally.sum(None, |of| of.false_medium), tally))
    });
    row("low", "<= 2", &|tally| format!("{:.2}", each(tally.sum(None, |of| of.low), tally)));
    row("urgent, technical", "<= 0.2", &|tally| {
        let count = tally.sum(Some(Kind::Technical), |of| of.high);
        format!("{:.2}", each(count, tally))
    });
    conditions(&mut out, columns);
    severe(&mut out, columns);
    missed(&mut out, columns);
    format!("profiles: {}\nsessions: {}\n\n{out}", names.join(", "), columns[0].1.sessions)
}

fn conditions(out: &mut String, columns: &[(String, Tally)]) {
    let _ = writeln!(out, "\nper 100 sessions: low / medium (for nothing) / high (for nothing)");
    let mut all: Vec<_> = columns.iter().flat_map(|(_, t)| t.conditions.keys().copied()).collect();
    all.sort();
    all.dedup();
    for condition in all {
        let _ = write!(out, "{:<51}", condition.name());
        for (_, tally) in columns {
            let OfCondition { low, medium, high, false_medium, false_high } =
                tally.conditions.get(&condition).copied().unwrap_or_default();
            let per_100 = |count: u64| 100.0 * count as f64 / tally.sessions.max(1) as f64;
            let cell = format!(
                "{:.1} / {:.1} ({:.1}) / {:.2} ({:.2})",
                per_100(low),
                per_100(medium),
                per_100(false_medium),
                per_100(high),
                per_100(false_high)
            );
            let _ = write!(out, " {cell:>32}");
        }
        out.push('\n');
    }
}

fn severe(out: &mut String, columns: &[(String, Tally)]) {
    let _ = writeln!(
        out,
        "\nsevere events with good signal: told in time, wanted >= 98 %; of them urgent; delay to the \
         first word, half and 95 % within"
    );
    let mut all: Vec<_> = columns.iter().flat_map(|(_, tally)| tally.severe.keys()).collect();
    all.sort();
    all.dedup();
    for name in all {
        let _ = write!(out, "{name:<36}");
        for (_, tally) in columns {
            let of = tally.severe.get(name).cloned().unwrap_or_default();
            let share = 100.0 * of.caught as f64 / of.good.max(1) as f64;
            let delay = |share| of.delay_s(share).map_or("-".to_owned(), |s| format!("{s} s"));
            let (half, most) = (delay(0.5), delay(0.95));
            let bad = of.events - of.good;
            let urgent = 100.0 * of.urgent as f64 / of.good.max(1) as f64;
            let cell = format!(
                "{}/{} {share:.1} %, urgent {urgent:.1} %, {half}, {most}; in bad signal {}/{bad}",
                of.caught, of.good, of.caught_in_bad_signal
            );
            let _ = write!(out, " {cell:>64}");
        }
        out.push('\n');
    }
}

fn missed(out: &mut String, columns: &[(String, Tally)]) {
    for (name, tally) in columns.iter().filter(|(_, tally)| !tally.missed.is_empty()) {
        let all: Vec<_> = tally
            .missed
            .iter()
            .map(|missed| format!("{} {}", missed.severe, missed.index))
            .collect();
        let _ = writeln!(out, "\nmissed by {name} (event and its session): {}", all.join(", "));
    }
}
