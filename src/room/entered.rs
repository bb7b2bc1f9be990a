//! What staff have seen and entered, and signs of a reaction.

use super::alert::Standing;
use super::cuff;
use super::histories::Histories;
use super::history::Window;
use super::limits::Patient;
use super::session::{OpenSymptom, Session};
use crate::profile::{ConditionRow, CuffTest, EnteredStage, HeldTest, Profile, Rule, Sign};
use crate::vitals::{Decimal, Millis, Pressure};

/// The gravest stage that an entry reaches. `entered` is the symptom that staff have just
/// entered.
pub(super) fn entered(
    row: &ConditionRow,
    session: &Session,
    profile: &Profile,
    entered: Option<&str>,
) -> Option<Standing> {
    let Rule::Entered { score, stages } = &row.rule else { return None };
    let given = score.as_ref().and_then(|name| session.scores.iter().find(|s| s.score == *name));
    let by_score = |stage: &EnteredStage| {
        let (test, given) = (stage.is?, given?);
        let holds = test.compare.holds(f64::from(given.value), test.limit);
        holds.then(|| (Decimal::whole(given.value), Decimal::trimmed(test.limit)))
    };
    let symptom_of = |stage: &EnteredStage| {
        let of_stage = |open: &&OpenSymptom| stage.symptoms.contains(&open.symptom);
        let of_stage = session.symptoms.iter().filter(of_stage);
        // What was just entered is what is told, whenever it began.
        let is_new = |open: &&OpenSymptom| Some(&*open.symptom) == entered;
        of_stage.clone().find(is_new).or_else(|| of_stage.max_by_key(|open| open.since))
    };
    let holding = stages.iter().filter(|s| by_score(s).is_some() || symptom_of(s).is_some());
    let stage =
        holding.reduce(|known, next| if next.level > known.level { next } else { known })?;
    let (value, limit) = by_score(stage).unzip();
    let symptom = symptom_of(stage);
    let text = match symptom {
        Some(open) => format!("{}: {}", row.text, profile.symptom_text(&open.symptom)),
        None => row.text.clone(),
    };
    let is_anew = symptom.is_some_and(|open| Some(&*open.symptom) == entered);
    let (level, priority) = (stage.level, stage.priority);
    let value_at = value.and(given).map(|given| given.at);
    Some(Standing { level, priority, value, limit, value_at, text, is_anew, may_fall: true })
}

/// What signs of a reaction are looked for in.
pub(super) struct Seen<'a> {
    pub(super) session: &'a Session,
    pub(super) patient: Patient<'a>,
    /// The newest, while it is not too old to judge by.
    pub(super) pressure: Option<Pressure>,
    /// Whether there was one.
    pub(super) has_pressure: bool,
    pub(super) histories: &'a Histories,
    pub(super) now: Millis,
    pub(super) entered: Option<&'a str>,
}

/// What was found of a reaction.
pub(super) struct Found {
    pub(super) standing: Option<Standing>,
    pub(super) is_over: bool,
}

/// A sign has gone when its value was back inside for this long (clinical.md#reaction), seconds.
const CLEARED_S: u32 = 30;

/// How one sign stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SignState {
    There,
    /// Not there; but what it is seen by is missing, or not far enough inside.
    Unsure,
    Gone,
}

/// Counts the signs of a reaction.
pub(super) fn signs(row: &ConditionRow, seen: &Seen<'_>) -> Found {
    let nothing = Found { standing: None, is_over: false };
    let Rule::Signs { signs, symptoms, stages } = &row.rule else { return nothing };
    let of_airway = |open: &&OpenSymptom| symptoms.contains(&open.symptom);
    let mut airways = seen.session.symptoms.iter().filter(of_airway);
    let is_new = |open: &&OpenSymptom| Some(&*open.symptom) == seen.entered;
    let airway = airways.clone().find(is_new).or_else(|| airways.next());
    let there = || signs.iter().filter(|sign| state(sign, seen) == SignState::There);
    let count = there().count();
    let reached = stages.iter().filter(|s| airway.is_some() || count >= usize::from(s.at_least));
    let gravest = reached.reduce(|known, next| if next.level > known.level { next } else { known });
    let Some(stage) = gravest else {
        let is_over = signs.iter().all(|sign| state(sign, seen) == SignState::Gone);
        return Found { standing: None, is_over };
    };
    let words: Vec<&str> = there().map(|sign| sign.text.as_str()).collect();
    let text = match (airway, words.is_empty()) {
        (Some(_), true) => format!("{}: airway symptom", row.text),
        (Some(_), false) => format!("{}: airway symptom, {}", row.text, words.join(", ")),
        (None, _) => format!("{}: {}", row.text, words.join(", ")),
    };
    let is_anew = airway.is_some_and(|open| Some(&*open.symptom) == seen.entered);
    let (level, priority) = (stage.level, stage.priority);
    let standing = Standing {
        level,
        priority,
        value: None,
        limit: None,
        value_at: None,
        text,
        is_anew,
        may_fall: true,
    };
    Found { standing: Some(standing), is_over: false }
}

fn state(sign: &Sign, seen: &Seen<'_>) -> SignState {
    if !sign.cuff.is_empty() {
        return cuff_state(sign, seen);
    }
    sign.held.as_ref().map_or(SignState::Gone, |test| held_state(test, sign.margin, seen))
}

fn cuff_state(sign: &Sign, seen: &Seen<'_>) -> SignState {
    let Some(pressure) = seen.pressure else {
        return if seen.has_pressure { SignState::Unsure } else { SignState::Gone };
    };
    let limits = || sign.cuff.iter().filter_map(|test| Some((test, seen.patient.plain(test)?)));
    if limits().any(|(test, limit)| cuff::is_beyond(test, limit, &pressure)) {
        return SignState::There;
    }
    let is_inside = |(test, limit): (&CuffTest, f64)| {
        let value = cuff::value_of(&pressure, test.part);
        value.is_some_and(|v| test.compare.back_inside(v.as_f64(), limit, sign.margin))
    };
    if limits().all(is_inside) { SignState::Gone } else { SignState::Unsure }
}

fn held_state(test: &HeldTest, margin: f64, seen: &Seen<'_>) -> SignState {
    let Some(limit) = test.limit.value(seen.patient.baseline_of(test.vital)) else {
        return SignState::Gone;
    };
    let history = seen.histories.of(test.vital);
    let Some(at) = history.newest_at() else { return SignState::Gone };
    let window = Window { for_s: test.for_s, gap_s: test.gap_s, share: 1.0, is_confirmed: true };
    let clearing = Window { for_s: test.for_s.min(CLEARED_S), ..window };
    if seen.now.since(at) > i64::from(test.gap_s) * 1_000 {
        SignState::Unsure
    } else if history.holds(window, |value| test.compare.holds(value, limit)) {
        SignState::There
    } else if history.is_back_inside(clearing, (test.compare, limit), margin) {
        SignState::Gone
    } else {
        SignState::Unsure
    }
}

/// Whether a sign is there: for the values at which staff look again before the start.
pub(super) fn is_there(sign: &Sign, seen: &Seen<'_>) -> bool {
    state(sign, seen) == SignState::There
}
