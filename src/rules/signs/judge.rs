use super::{HeldTest, Sign, Signs};
use crate::rules::entered::{Entries, OpenSymptom};
use crate::rules::finding::{Finding, Verdict};
use crate::rules::histories::Histories;
use crate::rules::history::Window;
use crate::rules::patient::Patient;
use crate::rules::pressure_test::CuffTest;
use crate::rules::row::ConditionRow;
use crate::vitals::{Millis, Pressure};

/// A sign has gone when its value was back inside for this long (clinical.md#reaction), seconds.
const CLEARED_S: u32 = 30;

/// What signs of a reaction are looked for in.
pub(crate) struct Evidence<'a> {
    pub(crate) entries: Entries<'a>,
    pub(crate) patient: Patient<'a>,
    /// The newest, while it is not too old to judge by.
    pub(crate) pressure: Option<Pressure>,
    /// Whether there was one.
    pub(crate) has_pressure: bool,
    pub(crate) histories: &'a Histories,
    pub(crate) now: Millis,
}

/// Whether one sign is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SignState {
    There,
    /// Not there; but what it is seen by is missing, or not far enough inside.
    Unsure,
    Gone,
}

impl Signs {
    /// Counts the signs of a reaction.
    pub(crate) fn judge(&self, row: &ConditionRow, evidence: &Evidence<'_>) -> Verdict {
        let entries = &evidence.entries;
        let of_airway = |open: &&OpenSymptom| self.symptoms.contains(&open.symptom);
        let mut airways = entries.symptoms.iter().filter(of_airway);
        let airway = airways.clone().find(|open| entries.is_new(open)).or_else(|| airways.next());
        let there = || self.signs.iter().filter(|sign| sign.state(evidence) == SignState::There);
        let count = there().count();
        let is_reached = |at_least: u8| airway.is_some() || count >= usize::from(at_least);
        let reached = self.stages.iter().filter(|stage| is_reached(stage.at_least));
        let gravest =
            reached.reduce(|known, next| if next.level > known.level { next } else { known });
        let Some(stage) = gravest else {
            let is_gone = |sign: &Sign| sign.state(evidence) == SignState::Gone;
            return Verdict::over(self.signs.iter().all(is_gone));
        };
        let words: Vec<&str> = there().map(|sign| sign.text.as_str()).collect();
        let text = match (airway, words.is_empty()) {
            (Some(_), true) => format!("{}: airway symptom", row.text),
            (Some(_), false) => format!("{}: airway symptom, {}", row.text, words.join(", ")),
            (None, _) => format!("{}: {}", row.text, words.join(", ")),
        };
        let is_anew = airway.is_some_and(|open| entries.is_new(open));
        let finding = Finding::of_stage(stage.level, stage.priority, &text);
        Verdict::found(Finding { is_anew, ..finding })
    }
}

impl Sign {
    /// Whether it is there: for the values at which staff look again before the start.
    pub(crate) fn is_there(&self, evidence: &Evidence<'_>) -> bool {
        self.state(evidence) == SignState::There
    }

    fn state(&self, evidence: &Evidence<'_>) -> SignState {
        if !self.cuff.is_empty() {
            return self.cuff_state(evidence);
        }
        self.held.as_ref().map_or(SignState::Gone, |test| test.state(self.margin, evidence))
    }

    fn cuff_state(&self, evidence: &Evidence<'_>) -> SignState {
        let Some(pressure) = evidence.pressure else {
            return if evidence.has_pressure { SignState::Unsure } else { SignState::Gone };
        };
        let limits =
            || self.cuff.iter().filter_map(|test| Some((test, evidence.patient.plain(test)?)));
        if limits().any(|(test, limit)| test.is_beyond(limit, &pressure)) {
            return SignState::There;
        }
        let is_inside = |(test, limit): (&CuffTest, f64)| {
            let value = test.part.of(&pressure);
            value.is_some_and(|v| test.compare.back_inside(v.as_f64(), limit, self.margin))
        };
        if limits().all(is_inside) { SignState::Gone } else { SignState::Unsure }
    }
}

impl HeldTest {
    fn state(&self, margin: f64, evidence: &Evidence<'_>) -> SignState {
        let Self { vital, compare, for_s, gap_s, .. } = *self;
        let Some(limit) = self.limit.value(evidence.patient.baseline_of(vital)) else {
            return SignState::Gone;
        };
        let history = evidence.histories.of(vital);
        let Some(breaks_at) = history.breaks_at(gap_s) else { return SignState::Gone };
        let window = Window { for_s, gap_s, share: 1.0, is_confirmed: true };
        let clearing = Window { for_s: for_s.min(CLEARED_S), ..window };
        if breaks_at <= evidence.now {
            SignState::Unsure
        } else if history.holds(window, |value| compare.holds(value, limit)) {
            SignState::There
        } else if history.is_back_inside(clearing, (compare, limit), margin) {
            SignState::Gone
        } else {
            SignState::Unsure
        }
    }
}
