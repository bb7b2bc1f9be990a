//! Alerts as they were shown: from the lines that were recorded, if there are any, and from those
//! that the room produces again.

use crate::profile::Profile;
use crate::room::{Alert, AlertLine, AlertState, Outcome, Receipt, Room, Step};
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, SessionId, moved};

use super::super::{
    AlertOutcome, AlertReceipt, AlertSilence, AlertStep, Called, CalledTo, RecordedAlert, Taken,
};

/// The most alerts that a record holds; it says if there were more.
pub(super) const MOST_ALERTS: usize = 5_000;
/// The most lines, screens, takers and silences that a record holds of one alert, each.
const OF_ONE_ALERT: usize = 1_000;

/// What is known of one alert.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    id: String,
    condition: Condition,
    /// The alert as the room knows it; `None` if only the recorded lines do.
    alert: Option<Alert>,
    shown_at: Option<Millis>,
    shown_on: Vec<AlertReceipt>,
    /// Since when it has been asking for somebody.
    asks_since: Millis,
    called: Vec<Called>,
    taken: Vec<Taken>,
    silences: Vec<AlertSilence>,
    outcome: Option<(Outcome, String, Millis, Option<String>)>,
    recorded: Vec<AlertStep>,
    replayed: Vec<AlertStep>,
}

moved!(Known {
    moves: alert, shown_at, shown_on, asks_since, called, taken, silences, recorded, replayed, outcome;
    stays: id, condition
});

impl crate::vitals::Moved for (Outcome, String, Millis, Option<String>) {
    fn move_by(&mut self, ms: i64) {
        self.2.move_by(ms);
    }
}

/// The alerts of a session, those raised first first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Alerts {
    known: Vec<Known>,
    has_recorded: bool,
    pub(super) are_too_many: bool,
    /// The session has ended: what is raised from now on does not belong to it.
    pub(super) is_over: bool,
}

moved!(Alerts { moves: known; stays: has_recorded, are_too_many, is_over });

impl Alerts {
    /// The room produces this line again.
    pub(super) fn replayed(&mut self, line: &AlertLine, room: &Room) {
        let id = whole_id(&line.alert, session_of(room).as_ref());
        let alert = room.alert(&line.alert).cloned();
        if self.is_anothers(&id, alert.as_ref()) {
            return;
        }
        if let Some(known) = self.at(id, line) {
            keep(&mut known.replayed, step(line));
            known.alert = alert.or(known.alert.take());
        }
    }

    /// This line was recorded when it was shown.
    pub(super) fn recorded(
        &mut self,
        line: &AlertLine,
        session: Option<&SessionId>,
        alert: Option<&Alert>,
    ) {
        self.has_recorded = true;
        let id = whole_id(&line.alert, session);
        if self.is_anothers(&id, alert) {
            return;
        }
        if let Some(known) = self.at(id, line) {
            keep(&mut known.recorded, step(line));
        }
    }

    /// Something else about an alert changed, or it existed before.
    pub(super) fn refresh(&mut self, alert: &Alert) {
        let id = alert.id();
        if self.is_anothers(&id, Some(alert)) {
            return;
        }
        if let Some(known) = self.known.iter_mut().find(|known| known.id == id) {
            known.alert = Some(alert.clone());
        } else if !self.is_over && self.has_room() {
            self.known.push(Known::new(id, alert.condition, alert.raised_at));
            self.refresh(alert);
        }
    }

    /// A recorded state says whom an alert has called. The room that is replayed is not asked: what
    /// this version would do is not what was done.
    pub(super) fn called(&mut self, alert: &Alert) {
        let Some(known) = self.find(&alert.id()) else { return };
        for (step, at) in alert.stages() {
            let who = match step {
                Step::SecondNurse => CalledTo::SecondNurse,
                Step::Prescriber => CalledTo::Prescriber,
                _ => continue,
            };
            let one = Called { who, at };
            if !known.called.contains(&one) {
                keep(&mut known.called, one);
            }
        }
    }

    pub(super) fn took(&mut self, id: &str, by: &str, at: Millis) {
        if let Some(known) = self.find(id) {
            let after_ms = at.since(known.asks_since).max(0);
            keep(&mut known.taken, Taken { by: by.to_owned(), at, after_ms });
        }
    }

    pub(super) fn silenced(&mut self, id: &str, by: &str, at: Millis, seconds: u32) {
        if let Some(known) = self.find(id) {
            keep(&mut known.silences, AlertSilence { by: by.to_owned(), at, seconds });
        }
    }

    pub(super) fn received(&mut self, id: &str, at: Millis) {
        if let Some(known) = self.find(id) {
            known.shown_at = known.shown_at.or(Some(at));
        }
    }

    pub(super) fn shown_on(&mut self, id: &str, receipt: &Receipt) {
        let Some(known) = self.find(id) else { return };
        let Receipt { alert: _, screen, kind, by, at } = receipt;
        known.shown_at = known.shown_at.or(Some(*at)).min(Some(*at));
        if !known.shown_on.iter().any(|other| other.screen == *screen && other.by == *by) {
            let (screen, by) = (screen.clone(), by.clone());
            keep(&mut known.shown_on, AlertReceipt { screen, kind: *kind, by, at: *at });
        }
    }

    pub(super) fn came_of(
        &mut self,
        id: &str,
        (outcome, note): (Option<Outcome>, Option<String>),
        (by, at): (&str, Millis),
    ) {
        if let Some(known) = self.find(id) {
            known.outcome = outcome.map(|outcome| (outcome, by.to_owned(), at, note));
        }
    }

    /// Fills it with this many alerts that nobody ever raised.
    #[cfg(test)]
    pub(super) fn fill(&mut self, count: usize) {
        let one = |n| Known::new(format!("other-a{n}"), Condition::Spo2Low, Millis(0));
        self.known = (0..count).map(one).collect();
    }

    fn find(&mut self, id: &str) -> Option<&mut Known> {
        self.known.iter_mut().find(|known| known.id == id)
    }

    /// It concerns somebody who had already left the room: nobody has looked at it since.
    fn is_anothers(&self, id: &str, alert: Option<&Alert>) -> bool {
        alert.is_some_and(Alert::is_past) && !self.known.iter().any(|known| known.id == id)
    }

    fn has_room(&mut self) -> bool {
        let has_room = self.known.len() < MOST_ALERTS;
        self.are_too_many |= !has_room;
        has_room
    }

    fn at(&mut self, id: String, line: &AlertLine) -> Option<&mut Known> {
        let index = self.known.iter().position(|known| known.id == id);
        if index.is_none() && (self.is_over || !self.has_room()) {
            return None;
        }
        let index = index.unwrap_or_else(|| {
            self.known.push(Known::new(id, line.condition, line.at));
            self.known.len() - 1
        });
        let known = &mut self.known[index];
        known.note_asking(line);
        Some(known)
    }

    /// How many alerts have other lines in the recording than the room produces again: 0 if the
    /// recording has no lines of alerts.
    pub(super) fn different(&self) -> usize {
        let differs = |known: &&Known| known.recorded != known.replayed;
        if self.has_recorded { self.known.iter().filter(differs).count() } else { 0 }
    }

    pub(super) fn into_recorded(
        self,
        profile: &Profile,
        session: Option<&SessionId>,
    ) -> Vec<RecordedAlert> {
        let has_recorded = self.has_recorded;
        let known = self.known.into_iter();
        let mut alerts: Vec<_> =
            known.map(|known| known.into_recorded(has_recorded, profile, session)).collect();
        alerts.sort_by_key(|alert| alert.raised_at);
        alerts
    }
}

impl Known {
    fn new(id: String, condition: Condition, at: Millis) -> Self {
        Self {
            id,
            condition,
            alert: None,
            shown_at: None,
            shown_on: Vec::new(),
            asks_since: at,
            called: Vec::new(),
            taken: Vec::new(),
            silences: Vec::new(),
            outcome: None,
            recorded: Vec::new(),
            replayed: Vec::new(),
        }
    }

    /// It asks again when nobody has taken it any more, and when it gets worse.
    fn note_asking(&mut self, line: &AlertLine) {
        let last = self.replayed.last().or(self.recorded.last());
        let Some(last) = last else { return };
        let is_given_back = last.acknowledged_by.is_some() && line.acknowledged.is_none();
        let is_back = last.state != AlertState::Active && line.state == AlertState::Active;
        if is_given_back || is_back || line.priority > last.priority {
            self.asks_since = self.asks_since.max(line.at);
        }
    }

    fn into_recorded(
        self,
        has_recorded: bool,
        profile: &Profile,
        session: Option<&SessionId>,
    ) -> RecordedAlert {
        // What was shown is a fact; what this version would say is not.
        let is_shown = has_recorded && !self.recorded.is_empty();
        let log = if is_shown { self.recorded } else { self.replayed };
        let alert = self.alert.as_ref();
        let last = log.last();
        let highest = log.iter().map(|step| step.priority).max();
        let text = alert.map(Alert::words).unwrap_or_else(|| {
            let row = profile.row(self.condition);
            let name = row.map_or(self.condition.name(), |row| &row.text);
            match last.and_then(|last| Some((last.value?, last.limit?))) {
                Some((value, limit)) => format!("{name} {value} (limit {limit})"),
                None => name.to_owned(),
            }
        });
        let state = last.map(|last| last.state).or(alert.map(|alert| alert.state));
        let state = state.unwrap_or(AlertState::Resolved);
        let over = log.iter().rev().take_while(|step| step.state != AlertState::Active).last();
        let ended_at = over.map(|step| step.at);
        let outcome =
            self.outcome.map(|(outcome, by, at, note)| AlertOutcome { outcome, by, at, note });
        let raised = log.first().map(|first| first.at).or(alert.map(|alert| alert.raised_at));
        let raised_at =
            alert.map_or(raised, |alert| Some(alert.raised_at)).unwrap_or(self.asks_since);
        let prefix = session.map(|session| format!("{session}-"));
        let short = prefix.as_deref().and_then(|prefix| self.id.strip_prefix(prefix));
        RecordedAlert {
            id: short.unwrap_or(&self.id).to_owned(),
            condition: self.condition,
            kind: self.condition.kind(),
            priority: highest.or(alert.map(|a| a.priority)).unwrap_or(Priority::Low),
            text,
            unit: self.condition.vital().map(|vital| vital.unit().to_owned()),
            value: alert.map_or(last.and_then(|last| last.value), |alert| alert.value),
            limit: alert.map_or(last.and_then(|last| last.limit), |alert| alert.limit),
            worst: alert.and_then(|alert| alert.worst),
            worst_bound: alert.and_then(|alert| alert.worst_bound),
            worst_at: alert.and_then(|alert| alert.worst_at),
            raised_at,
            shown_at: self.shown_at,
            shown_on: self.shown_on,
            called: self.called,
            taken: self.taken,
            ended_at,
            state,
            outcome,
            silences: self.silences,
            log,
        }
    }
}

fn step(line: &AlertLine) -> AlertStep {
    AlertStep {
        at: line.at,
        priority: line.priority,
        state: line.state,
        value: line.value,
        limit: line.limit,
        acknowledged_by: line.acknowledged.as_ref().map(|taken| taken.by.clone()),
    }
}

fn keep<T>(all: &mut Vec<T>, one: T) {
    if all.len() < OF_ONE_ALERT {
        all.push(one);
    }
}

/// The session whose alerts are called `a1` in the log of this room.
pub(super) fn session_of(room: &Room) -> Option<SessionId> {
    let ended = || room.ended().map(|ended| ended.session.clone());
    room.session().map(|session| session.id.clone()).or_else(ended)
}

/// Turns `a1` into the id that is unique in the clinic.
pub(super) fn whole_id(name: &str, session: Option<&SessionId>) -> String {
    let digits = name.strip_prefix('a').filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    match (digits, session) {
        (Some(_), Some(session)) => format!("{session}-{name}"),
        _ => name.to_owned(),
    }
}
