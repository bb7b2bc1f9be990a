//! Baseline, extremes, return, and how long SpO2 was low.

use super::Assembly;
use super::extremes::At;
use super::signal::{Said, Spell};
use super::spells::{Spells, Times};
use crate::report::{Extreme, LowSpell, RecordedPressure, Return, Summary, VitalSummary};
use crate::room::Event;
use crate::vitals::{Decimal, Millis};

/// A value has returned when it is no further from its baseline than this: mmHg, 1/min.
const BACK_WITHIN: f64 = 10.0;
/// The heart rate is judged by its median over this time.
const MEDIAN_MS: i64 = 30_000;
/// It has returned when it stays there for this time.
const STAYS_MS: i64 = 300_000;
/// SpO2 limits that every record has (record.md#how-its-numbers-are-computed), %.
const SPO2_LIMITS: [i32; 2] = [92, 89];

pub(super) fn summary(assembly: &Assembly, spells: &Spells, times: Times) -> Summary {
    let session = assembly.session.as_ref();
    let baseline = session.and_then(|session| session.baseline);
    let started = session.and_then(|session| session.started_at);
    let accepted = assembly
        .kept
        .done
        .iter()
        .rev()
        .find(|done| matches!(done.event, Event::AcceptBaseline(_)) && !done.is_withdrawn);
    let value = |of: fn(&crate::room::Baseline) -> Option<Decimal>| baseline.as_ref().and_then(of);
    let pressures: Vec<_> = match started {
        Some(started) => assembly.kept.pressures.iter().filter(|p| p.at >= started).collect(),
        None => Vec::new(),
    };
    let extremes = assembly.kept.extremes;
    let heart_rate = value(|b| b.heart_rate);
    let since = started.map_or((times.to, times.to), |started| (started, times.to));
    let since_start = || spells.spo2.iter().filter_map(|spell| spell.within(since));
    Summary {
        baseline,
        accepted_at: accepted.map(|done| done.at),
        accepted_by: accepted.map(|done| done.by.clone()),
        systolic: of_pressures(&pressures, value(|b| b.systolic), |p| p.systolic),
        diastolic: of_pressures(&pressures, value(|b| b.diastolic), |p| p.diastolic),
        heart_rate: VitalSummary {
            baseline: heart_rate,
            highest: extremes.highest_heart_rate.map(|at| extreme(at, heart_rate)),
            lowest: extremes.lowest_heart_rate.map(|at| extreme(at, heart_rate)),
            back: extremes
                .highest_heart_rate
                .zip(heart_rate)
                .map(|(highest, baseline)| rate_back(&spells.heart_rate, highest, baseline)),
        },
        spo2: VitalSummary {
            baseline: value(|b| b.spo2),
            highest: extremes.highest_spo2.map(|at| extreme(at, value(|b| b.spo2))),
            lowest: extremes.lowest_spo2.map(|at| extreme(at, value(|b| b.spo2))),
            back: None,
        },
        spo2_low: spo2_limits(assembly)
            .into_iter()
            .map(|(limit, level)| low_spell(since_start(), limit, level))
            .collect(),
        spo2_valid_ms: since_start().filter(Spell::is_good).map(|spell| spell.ms()).sum(),
    }
}

fn extreme(At { value, at }: At, baseline: Option<Decimal>) -> Extreme {
    let change = baseline.and_then(|baseline| change(value, baseline));
    Extreme { value, at, change }
}

/// With as many decimals as the more precise of the two.
fn change(value: Decimal, baseline: Decimal) -> Option<Decimal> {
    let decimals = |value: Decimal| {
        let text = value.to_string();
        text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let decimals = decimals(value).max(decimals(baseline));
    Decimal::rounded(value.as_f64() - baseline.as_f64(), u8::try_from(decimals).unwrap_or(6))
}

fn of_pressures(
    pressures: &[&RecordedPressure],
    baseline: Option<Decimal>,
    part: fn(&RecordedPressure) -> Option<Decimal>,
) -> VitalSummary {
    let all = || pressures.iter().filter_map(|p| Some(At { value: part(p)?, at: p.at }));
    // The first of equal ones.
    let highest = all().reduce(|known, new| if new.value > known.value { new } else { known });
    let lowest = all().reduce(|known, new| if new.value < known.value { new } else { known });
    let back = highest.zip(baseline).map(|(highest, baseline)| {
        if highest.value.as_f64() - baseline.as_f64() <= BACK_WITHIN {
            return Return::NeverLeft;
        }
        let is_back = |at: &At| {
            at.at > highest.at && (at.value.as_f64() - baseline.as_f64()).abs() <= BACK_WITHIN
        };
        back_at(all().find(is_back).map(|at| at.at), highest.at)
    });
    VitalSummary {
        baseline,
        highest: highest.map(|at| extreme(at, baseline)),
        lowest: lowest.map(|at| extreme(at, baseline)),
        back,
    }
}

fn back_at(at: Option<Millis>, highest: Millis) -> Return {
    at.map_or(Return::NotBack, |at| Return::Back { at, after_ms: at.since(highest) })
}

/// When the median of 30 s first comes within 10 of the baseline and stays there for 5 min.
fn rate_back(spells: &[Spell], highest: At, baseline: Decimal) -> Return {
    if highest.value.as_f64() - baseline.as_f64() <= BACK_WITHIN {
        return Return::NeverLeft;
    }
    let mut since: Option<Millis> = None;
    for spell in spells.iter().filter(|spell| spell.to > highest.at) {
        let is_near = spell.is_good()
            && median(spells, spell.from)
                .is_some_and(|median| (median - baseline.as_f64()).abs() <= BACK_WITHIN);
        if !is_near {
            // A short silence does not end a stay; a median of other values does.
            if spell.is_good() || spell.ms() > MEDIAN_MS {
                since = None;
            }
            continue;
        }
        let from = *since.get_or_insert(spell.from.max(highest.at));
        if spell.to.since(from) >= STAYS_MS {
            return back_at(Some(from), highest.at);
        }
    }
    Return::NotBack
}

/// The median of the values that were heard in the 30 s up to a time.
pub(super) fn median(spells: &[Spell], at: Millis) -> Option<f64> {
    let upto = spells.partition_point(|spell| spell.from <= at);
    let heard = spells[..upto].iter().rev().take_while(|spell| at.since(spell.from) < MEDIAN_MS);
    let mut values: Vec<f64> = heard
        .filter_map(|spell| match spell.said {
            Said::Good(value) => Some(value.as_f64()),
            Said::Missing(_) => None,
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

/// The limits of the record and the alarm limits of this patient, the highest first.
fn spo2_limits(assembly: &Assembly) -> Vec<(Decimal, Option<u8>)> {
    let last = assembly.kept.limits.last();
    let stages = last.map(|set| [(1, set.caution), (2, set.urgent), (3, set.extreme)]);
    let of_alarm =
        stages.into_iter().flatten().filter_map(|(level, set)| Some((set.spo2.low?, level)));
    let mut all: Vec<(Decimal, Option<u8>)> =
        of_alarm.map(|(limit, level)| (limit, Some(level))).collect();
    for limit in SPO2_LIMITS.map(Decimal::whole) {
        if all.iter().all(|(known, _)| *known != limit) {
            all.push((limit, None));
        }
    }
    all.sort_by_key(|(limit, _)| std::cmp::Reverse(*limit));
    all.dedup_by_key(|(limit, _)| *limit);
    all
}

fn low_spell(
    spells: impl Iterator<Item = Spell>,
    at_or_below: Decimal,
    level: Option<u8>,
) -> LowSpell {
    let mut low = LowSpell { at_or_below, level, ms: 0, episodes: 0, longest_ms: 0 };
    let mut episode_ms = None;
    for spell in spells {
        let Said::Good(value) = spell.said else { continue };
        if value > at_or_below {
            episode_ms = None;
            continue;
        }
        low.ms += spell.ms();
        low.episodes += u32::from(episode_ms.is_none());
        let episode = episode_ms.unwrap_or(0) + spell.ms();
        episode_ms = Some(episode);
        low.longest_ms = low.longest_ms.max(episode);
    }
    low
}
