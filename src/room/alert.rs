use serde::{Deserialize, Serialize};

use crate::profile::Escalation;
use crate::rules::{Condition, Finding, Priority, Waiting};
use crate::vitals::{Bound, Decimal, Millis, SessionId, moved};

use super::calling::Calling;
use super::{Outcome, Step};

/// A high alert that is still active asks again this long after it was acknowledged (clinical.md#asking-again-and-silence).
const ASK_AGAIN_HIGH_MS: i64 = 120_000;
/// A medium alert that is still active asks again this long after it was acknowledged.
const ASK_AGAIN_MEDIUM_MS: i64 = 600_000;
/// The longest silence of an alert, seconds.
pub const LONGEST_SILENCE_S: u32 = 120;

/// Whether an alert's condition still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It holds.
    Active,
    /// Over, but nobody has seen it.
    Latched,
    /// Closed.
    Resolved,
}

impl AlertState {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Latched => "latched",
            Self::Resolved => "resolved",
        }
    }
}

/// Who took an alert, and at what time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Acknowledged {
    /// Initials.
    pub by: String,
    /// The time at which they took it.
    pub at: Millis,
}

moved!(Acknowledged { moves: at; stays: by });

/// Something that needs a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What its number counts within: the session, or room and day without one.
    pub scope: String,
    /// Its number within that, from 1.
    pub number: u32,
    /// The session in which it was raised.
    pub session: Option<SessionId>,
    /// What it is about.
    pub condition: Condition,
    /// The stage reached: 1 caution, 2 urgent, 3 extreme; for technical ones the priority.
    pub level: u8,
    /// Never falls while nobody has acknowledged it; then it follows its condition.
    pub priority: Priority,
    /// Whether its condition still holds.
    pub state: AlertState,
    /// The value that crossed.
    pub value: Option<Decimal>,
    /// The limit that it crossed.
    pub limit: Option<Decimal>,
    /// When that value was taken, by our clock: before `raised_at` when it came late.
    pub value_at: Option<Millis>,
    /// The words that staff read before the value.
    pub text: String,
    /// The version of the profile that it came from, `name@version`; none for the ward's own.
    pub profile: Option<String>,
    /// The value furthest beyond the limit so far.
    pub worst: Option<Decimal>,
    /// That value is beyond the end of the monitor's range.
    pub worst_bound: Option<Bound>,
    /// When it was taken, by our clock.
    pub worst_at: Option<Millis>,
    /// When it was raised.
    pub raised_at: Millis,
    /// When it last became active.
    pub active_since: Millis,
    /// When its condition was over.
    pub ended_at: Option<Millis>,
    /// Who has taken it.
    pub acknowledged: Option<Acknowledged>,
    /// Who had it before it asked again, or got worse.
    #[serde(default)]
    pub acknowledged_before: Option<Acknowledged>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// No sound until then.
    pub silenced_until: Option<Millis>,
    /// When it came back, no worse, soon after it had ended: then without a tone.
    pub reopened_at: Option<Millis>,
    /// Something graver is waiting for a second reading.
    pub waits_for: Option<Waiting>,
    /// The patient whom it was about has left.
    pub(super) is_past: bool,
    /// Whether a screen has shown it.
    pub received: bool,
    ask_again_at: Option<Millis>,
    /// How people are called to it.
    pub(super) calling: Calling,
}

moved!(Alert {
    moves: value_at, worst_at, raised_at, active_since, ended_at, acknowledged, acknowledged_before,
        silenced_until, reopened_at, ask_again_at, calling;
    stays: scope, number, session, condition, level, priority, state, value, limit, text, profile,
        worst, worst_bound, outcome, waits_for, is_past, received
});

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing.
    Nothing,
    /// It reads differently for staff.
    Words,
    /// A change that is a line of the log.
    Line,
}

impl Alert {
    pub(crate) fn raise(
        (scope, number): (String, u32),
        session: Option<SessionId>,
        condition: Condition,
        profile: Option<String>,
        finding: Finding,
        at: Millis,
    ) -> Self {
        Self {
            scope,
            number,
            session,
            condition,
            level: finding.level,
            priority: finding.priority,
            state: AlertState::Active,
            value: finding.value,
            limit: finding.limit,
            value_at: finding.value_at,
            text: finding.text,
            profile,
            worst: finding.value,
            worst_bound: None,
            worst_at: finding.value_at,
            raised_at: at,
            active_since: at,
            ended_at: None,
            acknowledged: None,
            acknowledged_before: None,
            outcome: None,
            silenced_until: None,
            reopened_at: None,
            waits_for: None,
            is_past: false,
            received: false,
            ask_again_at: None,
            calling: Calling::of(condition, at),
        }
    }

    /// The id outside: unique in the clinic.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-a{}", self.scope, self.number)
    }

    /// Whether [`Self::id`] is this, without building the text: a ward looks through all alerts.
    #[must_use]
    pub fn is_called(&self, id: &str) -> bool {
        let rest = id.strip_prefix(self.scope.as_str()).and_then(|rest| rest.strip_prefix("-a"));
        let digits = rest.filter(|digits| digits.starts_with(|c: char| ('1'..='9').contains(&c)));
        digits.and_then(|digits| digits.parse().ok()) == Some(self.number)
    }

    /// What staff read: `SpO2 low 84 (limit 89)`.
    #[must_use]
    pub fn words(&self) -> String {
        let sign = match self.worst_bound {
            Some(Bound::Below) => "<",
            Some(Bound::Above) => ">",
            None => "",
        };
        let words = match (self.value, self.worst, self.limit) {
            (Some(value), Some(worst), Some(limit)) if worst != value => {
                format!("{}, worst {sign}{worst} (limit {limit})", self.text)
            }
            (Some(value), _, Some(limit)) => format!("{} {sign}{value} (limit {limit})", self.text),
            _ => self.text.clone(),
        };
        match self.waits_for {
            Some(Waiting { value: Some(value), limit }) => {
                format!("{words}; {value} (limit {limit}) unconfirmed, repeat now")
            }
            _ => words,
        }
    }

    /// The patient whom it was about has left the room.
    #[must_use]
    pub const fn is_past(&self) -> bool {
        self.is_past
    }

    /// Whether it is not closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != AlertState::Resolved
    }

    /// Its condition holds, perhaps at a worse level. Getting worse ends silence and
    /// acknowledgement; so does coming back. An alert that somebody has taken follows its condition
    /// down, if it `may_fall`.
    pub(super) fn update(&mut self, finding: Finding, may_fall: bool, now: Millis) -> Change {
        let is_worse = finding.level > self.level || finding.priority > self.priority;
        let has_recurred = self.state == AlertState::Latched;
        let is_milder = finding.level < self.level || finding.priority < self.priority;
        if is_milder && may_fall && !finding.is_anew && self.acknowledged.is_some() && !has_recurred
        {
            self.fall(finding);
            return Change::Line;
        }
        if !is_worse && !has_recurred && !finding.is_anew {
            // A milder value does not replace the worst; of symptoms, the remaining ones do.
            let is_milder = finding.level < self.level && finding.value.is_some();
            if self.text == finding.text || is_milder {
                return Change::Nothing;
            }
            self.text = finding.text;
            return Change::Words;
        }

        self.reopened_at = None;
        if has_recurred {
            self.active_since = now;
        }
        let is_more = is_worse || finding.is_anew && !has_recurred;
        self.be_active_again();
        self.take(finding);
        let step = if is_more { Step::Worse } else { Step::Raised };
        self.calling.begin(self.condition, step, now);
        Change::Line
    }

    /// Its condition is milder now, and somebody has taken it.
    fn fall(&mut self, finding: Finding) {
        self.level = finding.level;
        self.priority = finding.priority;
        self.limit = finding.limit;
        self.text = finding.text;
        let taken_at = self.acknowledged.as_ref().map(|taken| taken.at);
        self.ask_again_at = taken_at.and_then(|at| Some(at.plus(ask_again_ms(self.priority)?)));
    }

    /// A value was taken while it is active. Returns whether it is the furthest beyond the limit so
    /// far.
    pub(super) fn note_worst(&mut self, value: Decimal, bound: Option<Bound>, at: Millis) -> bool {
        let is_worst = match (self.worst, self.condition.is_upper()) {
            (None, _) => true,
            (Some(worst), true) => value > worst,
            (Some(worst), false) => value < worst,
        };
        let is_first = self.worst == Some(value) && self.worst_at == Some(at);
        if is_first {
            self.worst_bound = bound;
        }
        if is_worst {
            (self.worst, self.worst_bound, self.worst_at) = (Some(value), bound, Some(at));
        }
        is_worst
    }

    /// The value that raised it now has other numbers, or none: the worst value is no longer known.
    pub(super) fn forget_worst(&mut self, value: Option<Decimal>, at: Option<Millis>) {
        (self.worst, self.worst_bound, self.worst_at) = (value, None, at);
    }

    /// Whether a condition that holds again so soon still belongs to this alert: a caution that has
    /// ended, with nothing milder now (clinical.md#coming-back).
    pub(super) fn is_still(&self, finding: &Finding, realert_s: u32, now: Millis) -> bool {
        let since = self.ended_at.map(|ended| now.since(ended));
        self.state == AlertState::Resolved
            && self.priority == Priority::Medium
            && since.is_some_and(|ms| ms <= i64::from(realert_s) * 1_000)
            && finding.level >= self.level
            && finding.priority >= self.priority
    }

    /// The condition is back.
    pub(super) fn reopen(&mut self, finding: Finding, now: Millis) {
        let is_worse = finding.level > self.level || finding.priority > self.priority;
        self.reopened_at = (!is_worse).then_some(now);
        self.active_since = now;
        self.be_active_again();
        self.take(finding);
        if is_worse {
            self.calling.begin(self.condition, Step::Worse, now);
        } else {
            self.calling.begin_without_tone(now);
        }
    }

    fn be_active_again(&mut self) {
        self.state = AlertState::Active;
        self.ended_at = None;
        self.give_back();
        self.silenced_until = None;
        self.ask_again_at = None;
    }

    /// Nobody has taken it any more; who had it is remembered.
    fn give_back(&mut self) {
        self.acknowledged_before = self.acknowledged.take().or(self.acknowledged_before.take());
    }

    fn take(&mut self, finding: Finding) {
        self.level = self.level.max(finding.level);
        self.priority = self.priority.max(finding.priority);
        self.value = finding.value;
        self.limit = finding.limit;
        self.value_at = finding.value_at;
        if let (Some(value), Some(at)) = (finding.value, finding.value_at) {
            self.note_worst(value, None, at);
        }
        self.text = finding.text;
        self.waits_for = None;
    }

    /// The condition is over. A high alert that nobody took stays latched until somebody has seen
    /// it (clinical.md#clearing-and-latching).
    pub(crate) fn end(&mut self, at: Millis) {
        let is_unseen = self.priority == Priority::High && self.acknowledged.is_none();
        self.close(if is_unseen { AlertState::Latched } else { AlertState::Resolved }, at);
    }

    pub(super) fn close(&mut self, state: AlertState, at: Millis) {
        if self.state == AlertState::Active {
            self.calling.end(Step::Resolved);
        }
        self.state = state;
        self.ended_at = self.ended_at.or(Some(at));
        self.silenced_until = None;
        self.ask_again_at = None;
        self.waits_for = None;
    }

    pub(super) fn acknowledge(&mut self, by: &str, at: Millis) {
        self.acknowledged = Some(Acknowledged { by: by.to_owned(), at });
        self.calling.end(Step::Acknowledged);
        if self.state == AlertState::Latched {
            self.close(AlertState::Resolved, at);
        } else if let Some(ms) = ask_again_ms(self.priority) {
            self.ask_again_at = Some(at.plus(ms));
        }
    }

    pub(super) fn silence(&mut self, seconds: u32, at: Millis) {
        let seconds = seconds.min(LONGEST_SILENCE_S);
        self.silenced_until = Some(at.plus(i64::from(seconds) * 1_000));
    }

    /// When it will next change by time alone.
    pub(super) fn deadline(&self, escalation: &Escalation) -> Option<Millis> {
        let calls_at = self.calls_at(escalation);
        [self.silenced_until, self.ask_again_at, calls_at].into_iter().flatten().min()
    }

    /// Ends a silence that has run out, asks again, and calls people. Returns what became of it.
    pub(crate) fn on_time(&mut self, escalation: &Escalation, now: Millis) -> Change {
        let silence_is_over = self.silenced_until.is_some_and(|until| until <= now);
        let asks_again = self.ask_again_at.is_some_and(|at| at <= now);
        if silence_is_over {
            self.silenced_until = None;
        }
        if asks_again {
            self.ask_again(now);
        }
        let is_called = self.call(escalation, now);
        match (silence_is_over || asks_again, is_called) {
            (true, _) => Change::Line,
            (false, true) => Change::Words,
            (false, false) => Change::Nothing,
        }
    }

    /// It is still there long after somebody took it. Whoever called for help is no longer alone by
    /// then, and can call again.
    fn ask_again(&mut self, now: Millis) {
        self.ask_again_at = None;
        if self.condition == Condition::Help {
            self.end(now);
        } else {
            self.give_back();
            self.calling.begin(self.condition, Step::Repeat, now);
        }
    }
}

fn ask_again_ms(priority: Priority) -> Option<i64> {
    match priority {
        Priority::High => Some(ASK_AGAIN_HIGH_MS),
        Priority::Medium => Some(ASK_AGAIN_MEDIUM_MS),
        Priority::Low => None,
    }
}
