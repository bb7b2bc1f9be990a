//! After a fall before the start, such as a faint at the cannulation, the start waits until
//! pulse and pressure have been well for some time (clinical.md#the-wait-after-a-fall). Which falls, what is
//! well and for how long is in the profile.

use serde::{Deserialize, Serialize};

use super::{Authority, Phase, Refused, Room, Task, TaskKind};
use crate::profile::{Wait, WaitTest};
use crate::rules::{Condition, CuffPart, CuffTest};
use crate::vitals::{Decimal, Millis, moved};

const MINUTE_MS: i64 = 60_000;

/// Something that was raised before the start and makes it wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fall {
    condition: Condition,
    /// When its alert was last raised, came back or got worse.
    at: Millis,
    /// Pressures that were reported up to this time are from before the fall.
    pressures_after: Millis,
}

moved!(Fall { moves: at, pressures_after; stays: condition });

/// A wait that is not over.
#[derive(Clone, Copy)]
pub(super) struct StartWait<'a> {
    pub(super) wait: &'a Wait,
    /// The last fall.
    pub(super) since: Millis,
    pressures_after: Millis,
    /// When it is over if nothing changes; `None` while something is not well, or not known.
    pub(super) until: Option<Millis>,
}

impl StartWait<'_> {
    /// Remaining minutes, rounded up.
    pub(super) fn minutes_left(&self, now: Millis) -> Option<i64> {
        self.until.map(|until| (until.since(now) + MINUTE_MS - 1) / MINUTE_MS)
    }

    pub(super) fn task(&self, now: Millis) -> Task {
        let Self { wait, since, until, .. } = *self;
        let text = match self.minutes_left(now) {
            Some(minutes) => format!("{} (possible in {minutes} min)", wait.text),
            None => wait.text.clone(),
        };
        Task { kind: TaskKind::Hold, text, since, due: None, until, alert: None }
    }
}

/// Whether one of the things that must be well is.
enum State {
    Well { since: Millis },
    NotWell(Decimal),
    Unknown,
}

impl Room {
    /// The waits that are not over, in the profile's order.
    pub(super) fn start_waits(&self) -> Vec<StartWait<'_>> {
        if !self.phase().is_some_and(Phase::is_before_start) {
            return Vec::new();
        }
        let of_profile = self.stay.profile.waits.iter().filter_map(|wait| {
            let falls =
                || self.stay.falls.iter().filter(|fall| wait.after.contains(&fall.condition));
            let since = falls().map(|fall| fall.at).max()?;
            let pressures_after = falls().map(|fall| fall.pressures_after).max()?;
            let mut waits = StartWait { wait, since, pressures_after, until: None };
            waits.until = self.is_over_at(&waits);
            Some(waits)
        });
        of_profile.filter(|waits| waits.until.is_none_or(|until| until > self.now)).collect()
    }

    fn is_over_at(&self, waits: &StartWait<'_>) -> Option<Millis> {
        let StartWait { wait, since, .. } = *waits;
        let mut begun = since;
        for (_, state) in self.states(waits) {
            let State::Well { since } = state else { return None };
            begun = begun.max(since);
        }
        Some(begun.plus(wait.for_ms()))
    }

    /// What must be well, in words, and whether it is.
    fn states(&self, waits: &StartWait<'_>) -> Vec<(String, State)> {
        let is_known_low = self.stay.session.as_ref().is_some_and(|session| session.known_low);
        let cuff = waits.wait.cuff.iter();
        let by_cuff = cuff.map(|test| self.pressure_state(test, waits.pressures_after));
        let held = waits.wait.held.iter();
        // Low is known to be usual for the vital whose own baseline is low.
        let is_known = |test: &&WaitTest| {
            let baseline = self.patient().baseline_of(test.vital);
            let limit = test.limit.value(baseline);
            is_known_low
                && test.unless_known_low
                && baseline
                    .zip(limit)
                    .is_some_and(|(baseline, limit)| !test.compare.holds(baseline, limit))
        };
        let held = held.filter(|test| !is_known(test));
        by_cuff.chain(held.map(|test| self.vital_state(test))).flatten().collect()
    }

    fn pressure_state(&self, test: &CuffTest, after: Millis) -> Option<(String, State)> {
        let limit = self.patient().plain(test)?;
        let name = match test.part {
            CuffPart::Systolic => "Systolic",
            CuffPart::Diastolic => "Diastolic",
        };
        let is_well = |value: Decimal| test.compare.holds(value.as_f64(), limit);
        let readings = || self.stay.cuff.readings_after(after);
        let values = || readings().filter_map(|(at, p)| Some((at, test.part.of(&p)?)));
        let state = match values().take_while(|(_, value)| is_well(*value)).last() {
            Some((since, _)) => State::Well { since },
            None => values().next().map_or(State::Unknown, |(_, value)| State::NotWell(value)),
        };
        Some((format!("{name} {} {limit}", test.compare.words()), state))
    }

    fn vital_state(&self, test: &WaitTest) -> Option<(String, State)> {
        let limit = test.limit.value(self.patient().baseline_of(test.vital))?;
        let name = test.vital.title();
        let is_well = |value: f64| test.compare.holds(value, limit);
        let history = self.history(test.vital);
        let state = match history.runs_since(test.gap_s, self.now, is_well) {
            Some(since) => State::Well { since },
            None => {
                let is_fresh = history.breaks_at(test.gap_s).is_some_and(|at| at > self.now);
                let newest = history.newest().filter(|_| is_fresh);
                let low = newest.filter(|value| !is_well(value.as_f64()));
                low.map_or(State::Unknown, State::NotWell)
            }
        };
        Some((format!("{name} {} {limit}", test.compare.words()), state))
    }

    /// An alert was raised, came back or got worse.
    pub(super) fn note_fall(&mut self, condition: Condition) {
        let follows = |wait: &&Wait| wait.after.contains(&condition);
        let Some(wait) = self.stay.profile.waits.iter().find(follows) else { return };
        let is_known = self.start_waits().iter().any(|known| known.wait == wait);
        let (now, text) = (self.now, wait.text.clone());
        let Some(session) = self.stay.session.as_mut().filter(|s| s.phase.is_before_start()) else {
            return;
        };
        self.stay.falls.retain(|fall| fall.condition != condition);
        self.stay.falls.push(Fall { condition, at: now, pressures_after: now });
        if !is_known {
            session.note(now, text);
        }
    }

    /// A pressure was reported that was `measured_at` this time: it may be from before the fall.
    pub(super) fn note_time_of_pressure(&mut self, measured_at: Millis) {
        for fall in self.stay.falls.iter_mut().filter(|fall| measured_at <= fall.at) {
            fall.pressures_after = self.now;
        }
    }

    /// Forgets falls that no wait follows any more.
    pub(super) fn end_start_waits(&mut self) {
        if self.stay.falls.is_empty() {
            return;
        }
        let waits = self.start_waits();
        let still: Vec<_> = waits.iter().flat_map(|waits| waits.wait.after.clone()).collect();
        // While its alert is active, a further fall is nothing new: what is well may change.
        let is_active: Vec<bool> =
            self.stay.falls.iter().map(|fall| self.is_active(fall.condition)).collect();
        let mut is_active = is_active.into_iter();
        self.stay
            .falls
            .retain(|fall| is_active.next().unwrap_or(false) || still.contains(&fall.condition));
    }

    /// When a wait ends, its minutes change, or a value that it needs becomes too old.
    pub(super) fn start_wait_deadline(&self) -> Option<Millis> {
        if self.stay.falls.is_empty() {
            return None;
        }
        let waits = self.start_waits();
        let next = |waits: &StartWait<'_>| {
            let until = waits.until?;
            let minutes = waits.minutes_left(self.now)?;
            let minute = until.plus(-(minutes - 1) * MINUTE_MS);
            let held = waits.wait.held.iter();
            let breaks = held.filter_map(|test| self.history(test.vital).breaks_at(test.gap_s));
            breaks.chain([minute]).filter(|at| *at > self.now).min()
        };
        waits.iter().filter_map(next).min()
    }

    /// Why the start is refused while it waits.
    pub(super) fn refusal_of_start(
        &self,
        is_overridden: bool,
        authority: Authority,
    ) -> Option<Refused> {
        let waits = self.start_waits();
        let first = waits.first()?;
        let may_override = authority >= Authority::Lead;
        if is_overridden && may_override {
            return None;
        }
        let last = waits.iter().map(|waits| waits.until).collect::<Option<Vec<_>>>();
        let when = last.and_then(|all| all.into_iter().max()).map_or_else(String::new, |until| {
            format!(" Possible in {} if nothing changes.", span(until.since(self.now)))
        });
        let how = match (may_override, is_overridden) {
            (true, _) => "To start all the same, give a reason (override).",
            (false, false) => {
                "A prescriber or a nurse lead may start all the same, with a reason (override)."
            }
            (false, true) => {
                "Only a prescriber or a nurse lead may start all the same: ask one to give their \
                 password here, or to start from their own screen."
            }
        };
        let why = format!("{}.{when} {how}", first.wait.text);
        let mut unmet: Vec<String> = Vec::new();
        for item in waits.iter().flat_map(|waits| self.unmet(waits)) {
            if !unmet.contains(&item) {
                unmet.push(item);
            }
        }
        Some(Refused { why, unmet })
    }

    fn unmet(&self, waits: &StartWait<'_>) -> Vec<String> {
        let for_ms = waits.wait.for_ms();
        let item = |(what, state): (String, State)| {
            let now = match state {
                State::Well { since } => {
                    let long_ms = self.now.since(since.max(waits.since));
                    if long_ms >= for_ms {
                        return None;
                    }
                    format!("{} so far", span(long_ms))
                }
                State::NotWell(value) => format!("now {value}"),
                State::Unknown => "not known yet, measure it".to_owned(),
            };
            Some(format!("{what} for {}: {now}", span(for_ms)))
        };
        self.states(waits).into_iter().filter_map(item).collect()
    }
}

/// Writes `3:20 min`, seconds rounded up.
fn span(ms: i64) -> String {
    let seconds = (ms.max(0) + 999) / 1_000;
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}
