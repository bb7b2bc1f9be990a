//! For how long the patient was watched.

use std::collections::BTreeMap;

use super::Assembly;
use super::signal::{Said, Spell, Why};
use super::spells::{Spells, Times};
use crate::report::{Coverage, CoverageEnd, ReasonTotal, VitalCoverage};
use crate::room::Phase;
use crate::vitals::Millis;

/// How long after an infusion continuous values are expected.
const AFTER_INFUSION_MS: i64 = 20 * 60_000;

pub(super) fn coverage(
    assembly: &Assembly,
    spells: &Spells,
    times: Times,
    is_over: bool,
) -> Coverage {
    let begins = |phase| !matches!(phase, Phase::CheckedIn | Phase::Screening);
    let from = assembly.kept.phases.iter().find(|span| begins(span.phase)).map(|span| span.from);
    let Some(from) = from.filter(|from| *from < times.to) else { return Coverage::default() };
    let (to, end) = end(assembly, times, is_over);
    let span = (from, to.max(from));
    let expected_ms = to.since(from).max(0);
    let unwatched: Vec<_> = unwatched(assembly, times);
    let watched_ms = expected_ms - overlap(&unwatched, span);
    let covered_ms = within(&spells.spo2, span)
        .filter(Spell::is_good)
        .map(|good| good.ms() - overlap(&unwatched, (good.from, good.to)))
        .sum();
    Coverage {
        from: Some(from),
        to: Some(to),
        end: Some(end),
        expected_ms,
        watched_ms,
        spo2: of_vital(&spells.spo2, span),
        heart_rate: of_vital(&spells.heart_rate, span),
        covered_ms,
    }
}

fn end(assembly: &Assembly, times: Times, is_over: bool) -> (Millis, CoverageEnd) {
    let of_stay = (times.to, if is_over { CoverageEnd::SessionEnd } else { CoverageEnd::Now });
    // What is given in devices keeps acting for the whole stay.
    let is_sprayed = assembly.profile.dose.as_ref().is_some_and(|dose| dose.sprays.is_some());
    let recovery = assembly.kept.phases.iter().find(|span| span.phase == Phase::Recovery);
    match recovery {
        Some(recovery) if !is_sprayed && recovery.from.plus(AFTER_INFUSION_MS) <= times.to => {
            (recovery.from.plus(AFTER_INFUSION_MS), CoverageEnd::AfterInfusion)
        }
        _ => of_stay,
    }
}

fn within(spells: &[Spell], span: (Millis, Millis)) -> impl Iterator<Item = Spell> + '_ {
    spells.iter().filter_map(move |spell| spell.within(span))
}

fn of_vital(spells: &[Spell], span: (Millis, Millis)) -> VitalCoverage {
    let mut valid_ms = 0;
    let mut missing: BTreeMap<Why, ReasonTotal> = BTreeMap::new();
    for spell in within(spells, span) {
        let Said::Missing(why) = spell.said else {
            valid_ms += spell.ms();
            continue;
        };
        let first =
            ReasonTotal { text: why.words().to_owned(), ms: 0, times: 0, first_at: spell.from };
        let total = missing.entry(why).or_insert(first);
        total.ms += spell.ms();
        total.times += 1;
    }
    let mut missing: Vec<_> = missing.into_values().collect();
    missing.sort_by_key(|total| std::cmp::Reverse(total.ms));
    let expected_ms = span.1.since(span.0);
    let percent =
        (expected_ms > 0).then(|| (valid_ms as f64 / expected_ms as f64 * 1_000.0).round() / 10.0);
    VitalCoverage { valid_ms, percent, missing }
}

/// When no live screen showed the room: because the screens said so, or while the program was away.
pub(super) fn unwatched(assembly: &Assembly, times: Times) -> Vec<(Millis, Millis)> {
    let kept = &assembly.kept;
    let mut all = Vec::new();
    let mut since = None;
    for watched in &kept.watched {
        match (watched.is_watched, since) {
            (false, None) => since = Some(watched.at),
            (true, Some(from)) => {
                all.push((from, watched.at));
                since = None;
            }
            _ => {}
        }
    }
    all.extend(since.map(|from| (from, times.to)));
    let away = kept.blind.iter().filter(|blind| blind.why == Why::Restart);
    all.extend(away.map(|blind| (blind.from, blind.to)));
    all.sort_unstable();
    let mut joined: Vec<(Millis, Millis)> = Vec::new();
    for (from, to) in all {
        let (from, to) = (from.max(times.opened_at), to.min(times.to));
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ if from < to => joined.push((from, to)),
            _ => {}
        }
    }
    joined
}

/// How many milliseconds of a period are in any of these, which do not overlap.
fn overlap(spans: &[(Millis, Millis)], (from, to): (Millis, Millis)) -> i64 {
    spans.iter().map(|span| span.1.min(to).since(span.0.max(from)).max(0)).sum()
}
