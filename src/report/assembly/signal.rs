//! What a monitor gave of one vital, as periods: a value, or why there was none.

use crate::room::Latest;
use crate::vitals::{Absent, Decimal, Millis, Moved, Observation, Quality, Source, Value, moved};

/// Why there is no good value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    SensorOff,
    NoSensor,
    NoPulse,
    Searching,
    WeakPulse,
    Motion,
    Invalid,
    Fault,
    Held,
    Cuff,
    Doubtful,
    JumpingPulse,
    Silent,
    TakenBack,
    NotYet,
    Restart,
    NotRecorded,
}

impl Why {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::SensorOff => "Sensor off",
            Self::NoSensor => "No sensor",
            Self::NoPulse => "No pulse found",
            Self::Searching => "Searching for the pulse",
            Self::WeakPulse => "Weak pulse",
            Self::Motion => "Motion or noise",
            Self::Invalid => "Invalid value",
            Self::Fault => "Sensor fault",
            Self::Held => "Old value held by the monitor",
            Self::Cuff => "While the cuff measured",
            Self::Doubtful => "Value that the monitor doubts",
            Self::JumpingPulse => "Jumping pulse beside it",
            Self::Silent => "No data from the monitor",
            Self::TakenBack => "Taken back by the monitor",
            Self::NotYet => "Not measured yet",
            Self::Restart => "dripwatch was away",
            Self::NotRecorded => "Not recorded",
        }
    }

    fn of(absent: Absent) -> Self {
        match absent {
            Absent::SensorOff => Self::SensorOff,
            Absent::NoSensor => Self::NoSensor,
            Absent::NoPulse => Self::NoPulse,
            Absent::Searching => Self::Searching,
            Absent::LowPerfusion => Self::WeakPulse,
            Absent::Noisy | Absent::Erratic => Self::Motion,
            Absent::Invalid => Self::Invalid,
            Absent::Malfunction | Absent::Failed => Self::Fault,
            Absent::ExtendedUpdate => Self::Held,
            Absent::Measuring => Self::Cuff,
            Absent::Stale | Absent::Disconnected | Absent::Never => Self::Silent,
        }
    }
}

/// One sample of what was heard of a vital.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) at: Millis,
    /// For how long it is shown as current, milliseconds.
    pub(super) fresh_ms: i64,
    pub(super) said: Said,
}

moved!(Sample { moves: at; stays: fresh_ms, said });

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    Good(Decimal),
    Missing(Why),
}

impl Sample {
    /// What is known of a continuous vital now; `None` when no monitor gave it.
    pub(super) fn of(latest: &Latest, now: Millis, is_cuff_measuring: bool) -> Option<Self> {
        if matches!(latest.source, Source::Manual | Source::Demo) {
            return None;
        }
        let why = |why| if is_cuff_measuring { Why::Cuff } else { why };
        let said = match (latest.observation, latest.value_at(now)) {
            (_, Some((Value::Number(value), Quality::Good))) => Said::Good(value),
            (Observation::Absent(absent), _) => Said::Missing(why(Why::of(absent))),
            _ if latest.is_doubted => Said::Missing(Why::JumpingPulse),
            (Observation::Measured(_, Quality::Invalid), _) => Said::Missing(why(Why::Invalid)),
            (Observation::Measured(_, Quality::Questionable), _) => {
                Said::Missing(why(Why::Doubtful))
            }
            (Observation::Measured(..), _) => Said::Missing(Why::Silent),
        };
        Some(Self { at: latest.heard_at, fresh_ms: latest.stale_after_ms(), said })
    }
}

/// A period with one value, or without any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spell {
    pub(super) from: Millis,
    pub(super) to: Millis,
    pub(super) said: Said,
}

impl Spell {
    pub(super) fn ms(&self) -> i64 {
        self.to.since(self.from).max(0)
    }

    pub(super) fn is_good(&self) -> bool {
        matches!(self.said, Said::Good(_))
    }

    /// The part of it that is within a period.
    pub(super) fn within(self, (from, to): (Millis, Millis)) -> Option<Self> {
        let part = Self { from: self.from.max(from), to: self.to.min(to), ..self };
        (part.from < part.to).then_some(part)
    }
}

/// A period in which nothing could be heard, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Blind {
    pub(super) from: Millis,
    pub(super) to: Millis,
    pub(super) why: Why,
}

impl Moved for Blind {
    fn move_by(&mut self, ms: i64) {
        let Self { from, to, why: _ } = self;
        from.move_by(ms);
        to.move_by(ms);
    }
}

/// The samples as periods from `from` to `to`, without a break: a value counts until the next one,
/// but no longer than it is fresh, and never into a period in which nobody could hear the next one.
pub(super) fn spells(
    samples: &[Sample],
    blind: &[Blind],
    (from, to): (Millis, Millis),
) -> Vec<Spell> {
    let mut all = Vec::with_capacity(samples.len() + 8);
    let mut at = from;
    let mut silence = Why::NotYet;
    for (index, sample) in samples.iter().enumerate() {
        let begins = sample.at.clamp(from, to);
        push(&mut all, at, begins, Said::Missing(silence));
        let next = samples.get(index + 1).map_or(to, |next| next.at);
        let mut ends = next.min(sample.at.plus(sample.fresh_ms)).clamp(begins, to);
        let cut = blind.iter().find(|blind| blind.from >= sample.at && blind.from < ends);
        ends = cut.map_or(ends, |blind| blind.from.max(begins));
        push(&mut all, begins, ends, sample.said);
        // A monitor that reports no value stays without one until it reports otherwise.
        silence = match sample.said {
            Said::Missing(why) if why != Why::Cuff => why,
            _ => Why::Silent,
        };
        if sample.at.plus(sample.fresh_ms) < next {
            silence = Why::Silent;
        }
        at = ends;
    }
    push(&mut all, at, to, Said::Missing(silence));
    with_reasons(all, blind)
}

fn push(all: &mut Vec<Spell>, from: Millis, to: Millis, said: Said) {
    if from >= to {
        return;
    }
    match all.last_mut() {
        // Each value is a period of its own; a run of missing values is a single one.
        Some(last) if last.to == from && last.said == said && !last.is_good() => last.to = to,
        _ => all.push(Spell { from, to, said }),
    }
}

/// What is missing while nobody could hear it is missing for that reason.
fn with_reasons(spells: Vec<Spell>, blind: &[Blind]) -> Vec<Spell> {
    if blind.is_empty() {
        return spells;
    }
    let mut all = Vec::with_capacity(spells.len());
    for spell in spells {
        let mut at = spell.from;
        let within = |b: &&Blind| !spell.is_good() && b.from < spell.to && b.to > spell.from;
        for known in blind.iter().filter(within) {
            push(&mut all, at, known.from.min(spell.to), spell.said);
            let from = known.from.max(at);
            push(&mut all, from, known.to.min(spell.to), Said::Missing(known.why));
            at = at.max(known.to.min(spell.to));
        }
        push(&mut all, at, spell.to, spell.said);
    }
    all
}

/// One vital from two sensors: the first one where it has a good value, otherwise the other; where
/// neither has one, the reason of the first sensor that was ever heard.
pub(super) fn either(first: &[Spell], other: &[Spell]) -> Vec<Spell> {
    let leads = |spells: &[Spell]| spells.iter().any(Spell::is_good);
    let (first, other) = if leads(first) { (first, other) } else { (other, first) };
    let mut all = Vec::with_capacity(first.len());
    let mut next = 0;
    for spell in first {
        if spell.is_good() {
            push(&mut all, spell.from, spell.to, spell.said);
            continue;
        }
        while next < other.len() && other[next].to <= spell.from {
            next += 1;
        }
        let mut at = spell.from;
        for good in other[next..].iter().take_while(|o| o.from < spell.to).filter(|o| o.is_good()) {
            let Some(part) = good.within((spell.from, spell.to)) else { continue };
            push(&mut all, at, part.from, spell.said);
            push(&mut all, part.from, part.to, part.said);
            at = part.to;
        }
        push(&mut all, at, spell.to, spell.said);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(at: i64, value: i32) -> Sample {
        Sample { at: Millis(at), fresh_ms: 10_000, said: Said::Good(Decimal::whole(value)) }
    }

    fn missing(at: i64, why: Why) -> Sample {
        Sample { said: Said::Missing(why), ..good(at, 0) }
    }

    fn shown(spells: &[Spell]) -> Vec<String> {
        let one = |spell: &Spell| {
            let said = match spell.said {
                Said::Good(value) => value.to_string(),
                Said::Missing(why) => why.words().to_owned(),
            };
            format!("{}-{} {said}", spell.from, spell.to)
        };
        spells.iter().map(one).collect()
    }

    #[test]
    fn a_value_counts_until_the_next_one_and_no_longer_than_it_is_fresh() {
        let samples = [good(1_000, 97), good(2_000, 96), good(30_000, 95)];
        let spells = spells(&samples, &[], (Millis(0), Millis(31_000)));
        let expected = [
            "0-1000 Not measured yet",
            "1000-2000 97",
            "2000-12000 96",
            "12000-30000 No data from the monitor",
            "30000-31000 95",
        ];
        assert_eq!(shown(&spells), expected);
    }

    #[test]
    fn no_value_counts_into_a_time_in_which_nobody_listened() {
        let blind = [Blind { from: Millis(3_000), to: Millis(20_000), why: Why::Restart }];
        let samples = [good(0, 97), missing(21_000, Why::SensorOff), good(22_000, 98)];
        let spells = spells(&samples, &blind, (Millis(0), Millis(23_000)));
        let expected = [
            "0-3000 97",
            "3000-20000 dripwatch was away",
            "20000-21000 No data from the monitor",
            "21000-22000 Sensor off",
            "22000-23000 98",
        ];
        assert_eq!(shown(&spells), expected);
    }

    #[test]
    fn the_pulse_counts_where_the_heart_rate_is_missing() {
        let to = (Millis(0), Millis(9_000));
        let heart = [good(0, 70), missing(2_000, Why::SensorOff), good(6_000, 72)];
        let pulse = [good(1_000, 71), missing(4_000, Why::NoPulse), good(5_000, 73)];
        let both = either(&spells(&heart, &[], to), &spells(&pulse, &[], to));
        let expected =
            ["0-2000 70", "2000-4000 71", "4000-5000 Sensor off", "5000-6000 73", "6000-9000 72"];
        assert_eq!(shown(&both), expected);
        let none = spells(&[], &[], to);
        assert_eq!(shown(&either(&none, &spells(&pulse, &[], to)))[1], "1000-4000 71");
    }
}
