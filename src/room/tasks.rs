//! What staff have to do without an alert that says so: shown and recorded, never with a tone.

use serde::{Deserialize, Serialize};

use super::alert::AlertState;
use super::{Alert, Room, Session};
use crate::gates::WaivedBy;
use crate::rules::{Condition, Cuff, Priority, Rule, Sign};
use crate::vitals::{Decimal, Millis, Moved, Pressure, moved};

/// An urgent pressure was already repeated, or its time is over; an extreme one was not.
const CONFIRMED_LEVEL: u8 = 2;

/// A reading that comes this little before its time counts for it.
const EARLY_MS: i64 = 60_000;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Task {
    /// What sort of thing.
    pub kind: TaskKind,
    /// What staff read.
    pub text: String,
    /// Since when it is there.
    pub since: Millis,
    /// When it was due.
    #[schema(required)]
    pub due: Option<Millis>,
    /// When it is over by itself if nothing changes, where that is known.
    #[schema(required)]
    pub until: Option<Millis>,
    /// The alert that it belongs to.
    #[schema(required)]
    pub alert: Option<String>,
}

/// The sorts of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// The start should wait.
    Hold,
    /// A reading must be repeated now.
    RepeatCuff,
    /// The pressure's time has come.
    BpDue,
    /// The finger clip is on the cuff's arm.
    MoveProbe,
    /// The pulse says the same number for minutes.
    CheckProbe,
    /// Pressure has risen much over the baseline.
    MarkedRise,
    /// What may be thought of.
    Suggestion,
    /// An alert lacks what came of it.
    OutcomeMissing,
}

/// Why a cuff reading is wanted beside the cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Why {
    /// The last one failed.
    Failed,
    /// The last one needs another one.
    Unconfirmed(Condition),
    /// An alert asks for one.
    Alert(Condition),
    /// An alert was high: until two are inside the limits.
    Again(Condition),
    /// The rate was changed.
    RateChanged,
    /// Staff asked for one.
    Asked,
}

/// A cuff reading that is wanted besides the cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wanted {
    pub(super) why: Why,
    pub(super) since: Millis,
    pub(super) due: Millis,
}

moved!(Wanted { moves: since, due; stays: why });

/// A marked rise that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rise {
    since: Millis,
    pressure: Pressure,
}

moved!(Rise { moves: since; stays: pressure });

/// The tasks as screens last showed them: screens get them again when this changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shown {
    hold: Option<usize>,
    /// The first wait of the start: when it ends, and the minutes that remain.
    #[serde(default)]
    wait: Option<(usize, Option<Millis>, Option<i64>)>,
    wanted: Option<Wanted>,
    due: Option<Millis>,
    probe: bool,
    #[serde(default)]
    frozen: Option<Millis>,
    rise: Option<Rise>,
    /// One bit for each condition whose alert suggests something.
    suggestions: u64,
    outcomes: usize,
    /// The gates ahead as staff read them, as one number.
    #[serde(default)]
    gates: u64,
}

impl Moved for Shown {
    fn move_by(&mut self, ms: i64) {
        let Self {
            wait,
            wanted,
            due,
            frozen,
            rise,
            hold: _,
            probe: _,
            suggestions: _,
            outcomes: _,
            gates: _,
        } = self;
        wait.iter_mut().for_each(|(_, until, _)| until.move_by(ms));
        let parts: [&mut dyn Moved; 4] = [wanted, due, frozen, rise];
        parts.into_iter().for_each(|part| part.move_by(ms));
    }
}

/// Which readings are asked for, and which tasks screens have been sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tasks {
    /// A cuff reading that is wanted besides the cadence.
    pub(super) wanted: Option<Wanted>,
    /// When one is due after a change of the rate.
    pub(super) rate_reading_due: Option<Millis>,
    /// A high pressure is watched until two readings in a row are inside its limits.
    pub(super) watch_until_two_inside: Option<Condition>,
    pub(super) rise: Option<Rise>,
    /// Since when the finger clip has seemed to be on the cuff's arm.
    pub(super) probe_since: Option<Millis>,
    pub(super) shown: Shown,
}

moved!(Tasks {
    moves: wanted, rate_reading_due, rise, probe_since, shown;
    stays: watch_until_two_inside
});

impl Room {
    /// What needs to be done now, the most pressing first.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let Some(session) = &self.stay.session else { return Vec::new() };
        let mut tasks: Vec<Task> = self.start_waits().iter().map(|w| w.task(self.now)).collect();
        let mut add = |kind, text: String, since, due, alert| {
            tasks.push(Task { kind, text, since, due, until: None, alert });
        };
        if let Some(hold) = self.hold(session) {
            add(TaskKind::Hold, hold.text.clone(), session.phase_since, None, None);
        }
        if let Some(wanted) = self.wanted_now() {
            add(
                TaskKind::RepeatCuff,
                self.wanted_words(wanted),
                wanted.since,
                Some(wanted.due),
                None,
            );
        } else if let Some(due) = self.cadence_due().filter(|due| *due <= self.now) {
            add(TaskKind::BpDue, "BP due".to_owned(), due, Some(due), None);
        }
        if self.stay.inflation.is_on_same_arm() {
            let text = "Move the finger clip to the other hand".to_owned();
            add(
                TaskKind::MoveProbe,
                text,
                self.stay.tasks.probe_since.unwrap_or(self.now),
                None,
                None,
            );
        }
        if let Some(since) = self.stay.pulse_gate.frozen_since() {
            let text = "Pulse has not changed for 3 min: check the finger clip".to_owned();
            add(TaskKind::CheckProbe, text, since, None, None);
        }
        if let Some(rise) = self.stay.tasks.rise {
            add(TaskKind::MarkedRise, self.rise_words(session, rise), rise.since, None, None);
        }
        for (alert, text) in self.suggestions() {
            add(TaskKind::Suggestion, text.to_owned(), alert.raised_at, None, Some(alert.id()));
        }
        for alert in self.without_outcome() {
            let since = alert.ended_at.unwrap_or(self.now);
            let text = format!("What came of it: {}", alert.text);
            add(TaskKind::OutcomeMissing, text, since, None, Some(alert.id()));
        }
        tasks
    }

    /// Sends screens the tasks when they have changed, and notes in the record when one begins.
    pub(super) fn note_tasks(&mut self) {
        let Some(session) = &self.stay.session else {
            self.stay.tasks.shown = Shown::default();
            return;
        };
        let hold = self.hold(session);
        let hold_text = hold.map(|hold| hold.text.clone());
        let hold = hold.and_then(|hold| self.stay.profile.holds.iter().position(|h| h == hold));
        let wait = self.start_waits().first().and_then(|waits| {
            let index = self.stay.profile.waits.iter().position(|wait| wait == waits.wait)?;
            Some((index, waits.until, waits.minutes_left(self.now)))
        });
        let shown = Shown {
            hold,
            wait,
            wanted: self.wanted_now(),
            due: self.cadence_due().filter(|due| *due <= self.now),
            probe: self.stay.inflation.is_on_same_arm(),
            frozen: self.stay.pulse_gate.frozen_since(),
            rise: self.stay.tasks.rise,
            suggestions: self.suggested(),
            outcomes: self.without_outcome().count(),
            gates: self.shown_gates(),
        };
        if shown == self.stay.tasks.shown {
            return;
        }
        let before = std::mem::replace(&mut self.stay.tasks.shown, shown);
        self.stay.tasks.probe_since = match (shown.probe, before.probe) {
            (true, false) => Some(self.now),
            (true, true) => self.stay.tasks.probe_since,
            (false, _) => None,
        };
        let begins = |task: &Task| match task.kind {
            // A wait is noted where it begins.
            TaskKind::Hold => shown.hold != before.hold && Some(&task.text) == hold_text.as_ref(),
            // What staff asked for is in the list as something that they did.
            TaskKind::RepeatCuff => {
                shown.wanted != before.wanted && shown.wanted.is_none_or(|w| w.why != Why::Asked)
            }
            TaskKind::MoveProbe => !before.probe,
            TaskKind::CheckProbe => before.frozen.is_none(),
            TaskKind::MarkedRise => before.rise.is_none(),
            TaskKind::Suggestion => {
                let of = task.alert.as_ref().and_then(|id| self.alert(id));
                of.is_some_and(|alert| before.suggestions & bit(alert.condition) == 0)
            }
            TaskKind::BpDue | TaskKind::OutcomeMissing => false,
        };
        let now = self.now;
        let begun: Vec<Task> = self.tasks().into_iter().filter(|task| begins(task)).collect();
        if let Some(session) = &mut self.stay.session {
            for task in begun {
                session.note(now, task.text);
            }
        }
        self.outputs.push_back(super::Output::Session);
    }

    /// When the tasks next change although nothing happens.
    pub(super) fn task_deadline(&self) -> Option<Millis> {
        self.stay.session.as_ref()?;
        let wanted = self.stay.tasks.wanted.map(|wanted| wanted.due);
        let due =
            wanted.into_iter().chain(self.stay.tasks.rate_reading_due).chain(self.cadence_due());
        let due = due.filter(|at| *at > self.now);
        let holds = self.hold_deadline();
        due.chain(self.start_wait_deadline()).chain(self.gate_deadline()).chain(holds).min()
    }

    /// When a value that may be a reason to wait with the start becomes too old for that.
    fn hold_deadline(&self) -> Option<Millis> {
        if !self.phase()?.is_before_start() {
            return None;
        }
        let held = self.stay.profile.holds.iter().filter_map(|hold| hold.held);
        let too_old = held.filter_map(|test| test.too_old_from(self.history(test.vital)));
        let pressure = self.current_pressure_until();
        too_old.chain(pressure).filter(|at| *at > self.now).min()
    }

    /// When the cadence's next pressure is due.
    pub(super) fn cadence_due(&self) -> Option<Millis> {
        self.cadence_due_and_length().map(|(due, _)| due)
    }

    /// The same, with the length of the cadence behind it, milliseconds.
    pub(super) fn cadence_due_and_length(&self) -> Option<(Millis, i64)> {
        self.stay.session.as_ref()?.next_nibp(&self.stay.profile.cadence, self.stay.cuff.last_at())
    }

    /// Asks staff for a cuff reading at `due`, unless an earlier one is already wanted.
    pub(super) fn want_cuff_reading(&mut self, why: Why, due: Millis) {
        let known = self.stay.tasks.wanted.filter(|known| known.due <= due);
        // A reason from the patient takes precedence over somebody's request.
        let is_enough = known.is_some_and(|known| known.why != Why::Asked || why == Why::Asked);
        if self.stay.session.is_none() || is_enough {
            return;
        }
        let due = known.map_or(due, |known| known.due);
        self.stay.tasks.wanted = Some(Wanted { why, since: self.now, due });
    }

    /// The rate was changed `at` this time, or the infusion was paused or resumed.
    pub(super) fn want_reading_after_change(&mut self, at: Millis) {
        if let Some(after_s) = self.stay.profile.cadence.after_rate_change_s {
            // A reading that is overdue stays overdue: a further change does not postpone it.
            let overdue = self.stay.tasks.rate_reading_due.filter(|due| *due <= self.now);
            self.stay.tasks.rate_reading_due =
                overdue.or(Some(at.plus(i64::from(after_s) * 1_000)));
        }
    }

    /// An alert has been raised or has got worse.
    pub(super) fn ask_for_cuff_reading(&mut self, condition: Condition) {
        let Some(row) = self.stay.profile.row(condition).filter(|row| row.asks_cuff) else {
            return;
        };
        let alert = self.alarms.alerts.iter().find(|a| a.condition == condition && a.is_open());
        let (is_high, is_confirmed) = alert.map_or((false, false), |alert| {
            (alert.priority == Priority::High, alert.level == CONFIRMED_LEVEL)
        });
        match &row.rule {
            Rule::Cuff(Cuff { again_s: Some(again_s), .. }) if is_high => {
                self.stay.tasks.watch_until_two_inside = Some(condition);
                let after_s = if is_confirmed { *again_s } else { 0 };
                let due = self.now.plus(i64::from(after_s) * 1_000);
                self.want_cuff_reading(Why::Again(condition), due);
            }
            _ => self.want_cuff_reading(Why::Alert(condition), self.now),
        }
    }

    /// A valid reading has come: it is what was wanted.
    pub(super) fn cuff_reading_came(&mut self, pressure: Pressure) {
        self.stay.tasks.wanted = None;
        let is_for_rate = |due: &Millis| due.since(self.now) <= EARLY_MS;
        self.stay.tasks.rate_reading_due =
            self.stay.tasks.rate_reading_due.filter(|due| !is_for_rate(due));
        self.note_rise(pressure);
    }

    /// What follows from the newest reading besides alerts.
    pub(super) fn cuff_reading_was_judged(&mut self) {
        self.go_on_watching_pressure();
        if let Some((first, second)) = self.stay.cuff.take_not_confirmed()
            && let Some(session) = &mut self.stay.session
        {
            let first = first.map_or_else(String::new, |value| format!(" {value}"));
            session.note(self.now, format!("Not confirmed:{first}, then {}", words(second)));
        }
    }

    /// Goes on asking after a high pressure until two readings in a row are inside the limits.
    fn go_on_watching_pressure(&mut self) {
        let Some(condition) = self.stay.tasks.watch_until_two_inside else { return };
        let profile = self.stay.profile.clone();
        let Some(row) = profile.row(condition) else { return };
        let Rule::Cuff(rule) = &row.rule else { return };
        let Some(again_s) = rule.again_s else { return };
        if rule.are_two_inside(row, &self.stay.cuff, self.patient()) {
            self.stay.tasks.watch_until_two_inside = None;
            return;
        }
        let due = self.now.plus(i64::from(again_s) * 1_000);
        self.want_cuff_reading(Why::Again(condition), due);
    }

    fn note_rise(&mut self, pressure: Pressure) {
        let (Some(limits), Some(session)) = (self.stay.profile.marked_rise, &self.stay.session)
        else {
            return;
        };
        let baseline = session.baseline.unwrap_or_default();
        let is_marked = session.started_at.is_some()
            && (rose(pressure.systolic, baseline.systolic) >= limits.systolic
                || rose(pressure.diastolic, baseline.diastolic) >= limits.diastolic);
        let since = self.stay.tasks.rise.map_or(self.now, |rise| rise.since);
        self.stay.tasks.rise = is_marked.then_some(Rise { since, pressure });
    }

    fn wanted_now(&self) -> Option<Wanted> {
        let after_change = self.stay.tasks.rate_reading_due;
        let after_change =
            after_change.map(|due| Wanted { why: Why::RateChanged, since: due, due });
        self.stay.tasks.wanted.into_iter().chain(after_change).find(|wanted| wanted.due <= self.now)
    }

    /// When the next reading is due for a reason other than the cadence.
    pub(super) fn wanted_due(&self) -> Option<Millis> {
        let wanted = self.stay.tasks.wanted.map(|wanted| wanted.due);
        wanted.into_iter().chain(self.stay.tasks.rate_reading_due).min()
    }

    fn wanted_words(&self, wanted: Wanted) -> String {
        let text = |condition| {
            self.stay.profile.row(condition).map_or("", |row| row.text.as_str()).to_owned()
        };
        match wanted.why {
            Why::Failed => "BP failed: repeat it".to_owned(),
            Why::Unconfirmed(condition) => {
                let value = self.stay.cuff.waiting(condition).and_then(|waiting| waiting.value);
                let value = value.map_or_else(String::new, |value| format!(" {value}"));
                format!("Repeat BP now: {}{value} is not confirmed", text(condition))
            }
            Why::Alert(condition) => format!("BP now: {}", text(condition)),
            Why::Again(condition) => format!("BP again: {}", text(condition)),
            Why::RateChanged => "BP after the change of rate".to_owned(),
            Why::Asked => "BP now: asked for".to_owned(),
        }
    }

    fn rise_words(&self, session: &Session, rise: Rise) -> String {
        let baseline = session.baseline.unwrap_or_default();
        let systolic = rose(rise.pressure.systolic, baseline.systolic);
        let diastolic = rose(rise.pressure.diastolic, baseline.diastolic);
        let words = words(rise.pressure);
        format!("Marked rise: BP {words}, {systolic:+.0}/{diastolic:+.0} over the baseline")
    }

    /// The first reason to wait with the start.
    fn hold(&self, session: &Session) -> Option<&Sign> {
        if !session.phase.is_before_start() || self.stay.profile.holds.is_empty() {
            return None;
        }
        let evidence = self.evidence(session, None);
        let accepted = session.known_low;
        let mut there = self.stay.profile.holds.iter().filter(|hold| hold.is_there(&evidence));
        there.find(|hold| !(accepted && hold.unless_known_low))
    }

    /// Why the start should wait, and who may start all the same. A high baseline that was accepted
    /// with a reason is no longer a reason to wait.
    pub(super) fn hold_of_start(&self) -> Option<(String, WaivedBy)> {
        let session = self.stay.session.as_ref()?;
        let hold = self.hold(session)?;
        let waived_by = if hold.never { WaivedBy::Nobody } else { WaivedBy::Prescriber };
        (hold.never || !session.overridden).then(|| (hold.text.clone(), waived_by))
    }

    /// Whether a pressure alone is a reason to wait with the start.
    pub(super) fn is_held_pressure(&self, pressure: &Pressure) -> bool {
        let patient = self.patient();
        self.stay.profile.holds.iter().flat_map(|hold| &hold.cuff).any(|test| {
            let limit = patient.plain(test);
            limit.is_some_and(|limit| test.is_beyond(limit, pressure))
        })
    }

    /// What may be considered, and the alert that it belongs to: the same words only once.
    fn suggested(&self) -> u64 {
        self.suggestions().iter().fold(0, |bits, (alert, _)| bits | bit(alert.condition))
    }

    fn suggestions(&self) -> Vec<(&Alert, &str)> {
        let mut all: Vec<(&Alert, &str)> = Vec::new();
        for alert in self.alarms.alerts.iter().filter(|alert| alert.state == AlertState::Active) {
            let row = self.stay.profile.row(alert.condition);
            let suggestion = row.and_then(|row| row.suggestion.as_ref());
            if let Some(suggestion) = suggestion.filter(|s| alert.priority >= s.from)
                && !all.iter().any(|(_, text)| *text == suggestion.text)
            {
                all.push((alert, &suggestion.text));
            }
        }
        all
    }

    /// Urgent alerts of this session that are over and have no outcome yet.
    fn without_outcome(&self) -> impl Iterator<Item = &Alert> {
        let session = self.stay.session.as_ref().map(|session| &session.id);
        self.alarms.alerts.iter().filter(move |alert| {
            alert.priority == Priority::High
                && alert.state == AlertState::Resolved
                && alert.outcome.is_none()
                && alert.session.as_ref() == session
        })
    }
}

fn bit(condition: Condition) -> u64 {
    1 << condition as u64
}

fn rose(value: Option<Decimal>, baseline: Option<Decimal>) -> f64 {
    value.zip(baseline).map_or(0.0, |(value, baseline)| value.as_f64() - baseline.as_f64())
}

fn words(pressure: Pressure) -> String {
    let part = |value: Option<Decimal>| value.map_or("–".to_owned(), |value| value.to_string());
    format!("{}/{}", part(pressure.systolic), part(pressure.diastolic))
}
