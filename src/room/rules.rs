//! Which rules of the profile are judged when, and what their findings do to alerts.

use std::sync::Arc;

use super::alert::{AlertState, Judgement, Standing};
use super::continuous::Clears;
use super::cuff::Look;
use super::history::History;
use super::limits::Patient;
use super::recurring::STAYS_S;
use super::session::Baseline;
use super::{Alert, Condition, Phase, Room, STALE_AFTER_MS, continuous};
use crate::profile::{ConditionRow, ContinuousVital, CuffCount, Kind, Priority, Rule, Span};
use crate::vitals::{Decimal, Millis, Vital};

/// A pressure of before counts for this much longer than the cadence (clinical.md#ages).
const CUFF_VALID_BEYOND_CADENCE_MS: i64 = 90_000;

/// What the accepted baseline is while there is none.
const NO_BASELINE: Baseline =
    Baseline { systolic: None, diastolic: None, heart_rate: None, spo2: None, temp: None };

impl Room {
    pub(super) fn history(&self, vital: ContinuousVital) -> &History {
        self.stay.histories.of(vital)
    }

    pub(super) fn history_mut(&mut self, vital: ContinuousVital) -> &mut History {
        self.stay.histories.of_mut(vital)
    }

    pub(super) fn patient(&self) -> Patient<'_> {
        match &self.stay.session {
            Some(session) => Patient {
                baseline: session.baseline.as_ref().unwrap_or(&NO_BASELINE),
                personal: &session.personal,
            },
            None => Patient { baseline: &NO_BASELINE, personal: &[] },
        }
    }

    pub(super) fn phase(&self) -> Option<Phase> {
        self.stay.session.as_ref().map(|session| session.phase)
    }

    fn span(&self) -> Span {
        match self.phase() {
            None => Span::NoSession,
            Some(phase) if phase.is_before_start() => Span::BeforeStart,
            Some(_) => Span::Treatment,
        }
    }

    pub(super) fn applies(&self, row: &ConditionRow) -> bool {
        row.during.contains(&self.span())
    }

    /// Limits, phase or profile have changed: what stands by the new ones alarms now, and what
    /// they no longer judge is over.
    pub(super) fn judge_anew(&mut self) {
        for condition in Condition::ALL {
            let is_judged = self.stay.profile.row(condition).is_some_and(|row| self.applies(row));
            if !is_judged && !condition.is_of_the_ward() {
                self.end(condition);
            }
        }
        for vital in ContinuousVital::ALL {
            // What was good some time ago says nothing about now.
            let newest_at = self.history(vital).newest_at();
            let longest_ms = self.history(vital).rhythm().patience_ms(STALE_AFTER_MS);
            if newest_at.is_some_and(|at| self.now.since(at) <= longest_ms) {
                self.judge_continuous(vital);
            }
        }
        self.judge_cuff(false);
        self.judge_entries(None);
    }

    /// Judges the limits and falls of a vital at its newest value.
    pub(super) fn judge_continuous(&mut self, vital: ContinuousVital) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            let is_of_it = match &row.rule {
                Rule::Held { vital: of, .. } | Rule::Fall { vital: of, .. } => *of == vital,
                _ => false,
            };
            if is_of_it && self.applies(row) {
                self.judge_one(row);
            } else if let Rule::Signs { signs, .. } = &row.rule
                && self.applies(row)
                && signs.iter().any(|s| s.held.is_some_and(|held| held.vital == vital))
            {
                self.judge_signs(row, None);
            }
        }
    }

    fn judge_one(&mut self, row: &ConditionRow) {
        let is_it = |alert: &&Alert| alert.condition == row.condition && !alert.is_past;
        let active =
            self.alarms.alerts.iter().filter(is_it).find(|a| a.state == AlertState::Active);
        let judgement = match &row.rule {
            Rule::Held { vital, clearing, .. } => {
                // A value counted by hand is not undone by what the monitor showed before it.
                let clearing_ms = i64::from(clearing.for_s) * 1_000;
                let may_end = active.is_some_and(|alert| {
                    alert.value_at.is_none_or(|at| self.now.since(at) >= clearing_ms)
                });
                let clears = if may_end { self.clears(row.condition) } else { Clears::Not };
                continuous::held(self.history(*vital), row, self.patient(), clears)
            }
            Rule::Fall { vital, .. } => {
                let fallen_to = active.map(|alert| alert.limit.map(Decimal::as_f64));
                let is_open = |condition| self.is_open(condition);
                let clears = self.clears(row.condition);
                let (history, patient) = (self.history(*vital), self.patient());
                continuous::fall(history, row, patient, fallen_to, clears, &is_open)
            }
            _ => return,
        };
        match judgement {
            Judgement { standing: Some(standing), .. } => self.stand_unless_hidden(row, standing),
            Judgement { is_over: true, .. } => self.end(row.condition),
            // Milder than it was, but not over.
            Judgement { .. } => {}
        }
        self.note_worst(row);
    }

    /// When the alert of a condition that is active may be over.
    fn clears(&self, condition: Condition) -> Clears {
        Clears::AfterS(if self.stay.recurring.stays(condition) { STAYS_S } else { 0 })
    }

    /// Whether an alert of this level may fall to what was found now: the value has been back
    /// inside the limits of its level for as long as it takes to be over.
    pub(super) fn has_left_level(
        &self,
        row: &ConditionRow,
        level: u8,
        standing: &Standing,
    ) -> bool {
        match &row.rule {
            _ if !standing.may_fall => false,
            Rule::Held { vital, clearing, .. } if standing.level < level => {
                let levels = standing.level + 1..=level;
                let history = self.history(*vital);
                levels.into_iter().all(|level| {
                    continuous::has_left(history, row, self.patient(), (level, clearing.for_s))
                })
            }
            _ => true,
        }
    }

    /// The newest value of an alert that is active may be its worst.
    fn note_worst(&mut self, row: &ConditionRow) {
        let (value, at, vitals) = match &row.rule {
            Rule::Held { vital, .. } | Rule::Fall { vital, .. } => {
                let history = self.history(*vital);
                (history.newest(), history.newest_at(), vital.sources())
            }
            Rule::Cuff { part, .. } => {
                let newest = self.stay.cuff.last();
                let value =
                    newest.and_then(|newest| super::cuff::value_of(&newest.pressure, *part));
                (value, newest.map(|newest| newest.measured_at), &[Vital::Nibp][..])
            }
            _ => return,
        };
        let Some((value, at)) = value.zip(at) else { return };
        let of_vital =
            |latest: &&super::Latest| vitals.contains(&latest.vital) && latest.heard_at == at;
        let bound = self.bedside.latest.iter().find(of_vital).and_then(|latest| latest.bound);
        let is_it = |alert: &&mut Alert| {
            alert.condition == row.condition && alert.state == AlertState::Active && !alert.is_past
        };
        if let Some(alert) = self.alarms.alerts.iter_mut().find(is_it)
            && alert.note_worst(value, bound, at)
        {
            let id = alert.id();
            self.outputs.push_back(super::Output::AlertTouched(id));
        }
    }

    /// A value was corrected or taken back: what it alone raised is over.
    pub(super) fn judge_revised(&mut self, vital: ContinuousVital, at: Millis) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            let is_of_it = match &row.rule {
                Rule::Held { vital: of, .. } | Rule::Fall { vital: of, .. } => *of == vital,
                _ => false,
            };
            if !is_of_it || !self.applies(row) {
                continue;
            }
            let is_by_it = self.alarms.alerts.iter().any(|alert| {
                alert.condition == row.condition
                    && alert.state == AlertState::Active
                    && alert.value_at == Some(at)
            });
            if is_by_it {
                self.forget_worst(row.condition, self.history(vital).newest(), None);
                self.end(row.condition);
            }
        }
        if self.history(vital).newest_at().is_some() {
            self.judge_continuous(vital);
        }
    }

    /// The same for the cuff; whether it was the newest reading.
    pub(super) fn judge_revised_cuff(&mut self, is_newest: bool) {
        let profile = self.stay.profile.clone();
        if self.stay.cuff.last().is_none() || !is_newest {
            for row in &profile.conditions {
                if self.stay.cuff.last().is_none() && matches!(row.rule, Rule::Cuff { .. }) {
                    self.forget_worst(row.condition, None, None);
                    self.end(row.condition);
                }
            }
            self.judge_cuff(false);
            return;
        }
        for row in profile.conditions.iter().filter(|row| matches!(row.rule, Rule::Cuff { .. })) {
            if !self.applies(row) {
                continue;
            }
            let Rule::Cuff { part, .. } = &row.rule else { continue };
            let newest = self.stay.cuff.last();
            let value = newest.and_then(|newest| super::cuff::value_of(&newest.pressure, *part));
            let at = newest.map(|newest| newest.measured_at);
            let was =
                self.alarms.alerts.iter().any(|alert| {
                    alert.condition == row.condition && alert.state == AlertState::Active
                });
            self.forget_worst(row.condition, value, at);
            // With its new numbers the reading is a first one.
            if !self.judge_cuff_row(row, true) && was {
                self.end(row.condition);
            }
        }
        for row in profile.conditions.iter().filter(|row| matches!(row.rule, Rule::Signs { .. })) {
            if self.applies(row) {
                self.judge_signs(row, None);
            }
        }
    }

    fn forget_worst(&mut self, condition: Condition, value: Option<Decimal>, at: Option<Millis>) {
        let is_it = |alert: &&mut Alert| {
            alert.condition == condition && alert.state == AlertState::Active && !alert.is_past
        };
        if let Some(alert) = self.alarms.alerts.iter_mut().find(is_it) {
            alert.forget_worst(value, at);
        }
    }

    /// Judges one value that a person counted: there is no run to wait for. A person who enters
    /// something urgent although a monitor gives the vital (`is_watched`) does not trust it: that
    /// is told, nothing milder is, and nothing is over by it.
    pub(super) fn judge_by_hand(
        &mut self,
        vital: ContinuousVital,
        (value, at): (Decimal, Millis),
        is_watched: bool,
    ) {
        let profile = self.stay.profile.clone();
        let measured = (value, self.now);
        let judge = |row: &ConditionRow| {
            let is_active = self.is_active(row.condition);
            let mut judgement =
                continuous::by_hand(row, vital, measured, self.patient(), is_active);
            if is_watched {
                judgement.is_over = false;
                judgement.standing.take_if(|standing| standing.priority < Priority::High);
                let standing = judgement.standing.as_mut()?;
                standing.text.push_str(" by hand");
            }
            Some(judgement)
        };
        let rows = profile.conditions.iter().filter(|row| self.applies(row));
        let judged: Vec<(&ConditionRow, Judgement)> =
            rows.filter_map(|row| Some((row, judge(row)?))).collect();
        if !is_watched {
            self.history_mut(vital).push(at, value);
        }
        for (row, judgement) in judged {
            match judgement {
                Judgement { standing: Some(standing), .. } => {
                    let counted_anew = self.alarms.alerts.iter_mut().find(|alert| {
                        alert.condition == row.condition
                            && alert.state == AlertState::Active
                            && !alert.is_past
                            && alert.level >= standing.level
                    });
                    match counted_anew {
                        // It stands as it is, and does not end by what the monitor shows.
                        Some(alert) if is_watched => alert.value_at = Some(measured.1),
                        _ => self.stand_unless_hidden(row, standing),
                    }
                }
                Judgement { is_over: true, .. } => self.end(row.condition),
                Judgement { .. } if matches!(row.rule, Rule::Signs { .. }) => {
                    self.judge_signs(row, None);
                }
                Judgement { .. } => {}
            }
        }
    }

    /// Judges the pressure conditions by the newest cuff reading, which has just come or is
    /// looked at again.
    pub(super) fn judge_cuff(&mut self, is_new: bool) {
        let profile = self.stay.profile.clone();
        if !is_new && self.current_pressure().is_none() {
            return;
        }
        for row in profile.conditions.iter().filter(|row| matches!(row.rule, Rule::Cuff { .. })) {
            if self.applies(row) {
                self.judge_cuff_row(row, is_new);
            }
        }
        for row in profile.conditions.iter().filter(|row| matches!(row.rule, Rule::Signs { .. })) {
            if self.applies(row) {
                self.judge_signs(row, None);
            }
        }
    }

    /// Judges the pressure conditions by one row; whether it found something.
    fn judge_cuff_row(&mut self, row: &ConditionRow, is_new: bool) -> bool {
        let is_it = |alert: &&Alert| alert.condition == row.condition && !alert.is_past;
        let open = self.alarms.alerts.iter().filter(is_it).find(|alert| alert.is_open());
        let open_level = open.map(|alert| alert.level);
        let mut cuff = std::mem::take(&mut self.stay.cuff);
        let is_open = |condition| self.is_open(condition);
        let look = Look { patient: self.patient(), open_level, is_new, is_open: &is_open };
        let judgement = cuff.judge(row, look);
        self.stay.cuff = cuff;
        let is_found = judgement.standing.is_some();
        match judgement.standing {
            Some(standing) => self.stand_unless_hidden(row, standing),
            None if judgement.is_over => self.end(row.condition),
            None => {}
        }
        self.note_worst(row);
        self.show_waiting(row);
        is_found
    }

    /// A first reading beyond an urgent limit: its alert says that it waits for a second one,
    /// and staff are asked for it.
    fn show_waiting(&mut self, row: &ConditionRow) {
        let waiting = self.stay.cuff.waiting(row.condition);
        if waiting.is_some() && !self.is_hidden(row, waiting_level(row)) {
            self.want_cuff_reading(super::tasks::Why::Unconfirmed(row.condition), self.now);
        }
        let is_it = |alert: &&mut Alert| {
            alert.condition == row.condition && alert.is_open() && !alert.is_past
        };
        if let Some(alert) = self.alarms.alerts.iter_mut().find(is_it)
            && alert.waits_for != waiting
        {
            alert.waits_for = waiting;
            let id = alert.id();
            self.outputs.push_back(super::Output::AlertTouched(id));
        }
    }

    /// The newest pressure, while it is not too old to judge by.
    pub(super) fn current_pressure(&self) -> Option<crate::vitals::Pressure> {
        self.stay.cuff.newest(self.now, self.cadence_ms() + CUFF_VALID_BEYOND_CADENCE_MS)
    }

    /// Judges what staff have entered; `entered` is the symptom that they have just entered.
    pub(super) fn judge_entries(&mut self, entered: Option<&str>) {
        let profile = self.stay.profile.clone();
        for row in profile.conditions.iter() {
            if !self.applies(row) {
                continue;
            }
            match &row.rule {
                Rule::Entered { .. } => {
                    let standing = self.stay.session.as_ref().and_then(|session| {
                        super::entered::entered(row, session, &profile, entered)
                    });
                    match standing {
                        Some(standing) => self.stand_unless_hidden(row, standing),
                        None => self.end(row.condition),
                    }
                }
                Rule::Signs { .. } => self.judge_signs(row, entered),
                _ => {}
            }
        }
    }

    fn judge_signs(&mut self, row: &ConditionRow, entered: Option<&str>) {
        let Some(session) = &self.stay.session else { return };
        let found = super::entered::signs(
            row,
            &super::entered::Seen {
                session,
                patient: self.patient(),
                pressure: self.current_pressure(),
                has_pressure: self.stay.cuff.last_at().is_some(),
                histories: &self.stay.histories,
                now: self.now,
                entered,
            },
        );
        match found.standing {
            Some(standing) => self.stand_unless_hidden(row, standing),
            None if found.is_over => self.end(row.condition),
            None => {}
        }
    }

    /// A condition has an alert again: stages of other conditions that count only with it.
    pub(super) fn judge_with(&mut self, raised: Condition) {
        let profile = Arc::clone(&self.stay.profile);
        for row in &profile.conditions {
            let counts_with = match &row.rule {
                Rule::Cuff { stages, .. } => stages.iter().any(|s| s.with.contains(&raised)),
                Rule::Fall { stages, .. } => stages.iter().any(|s| s.with.contains(&raised)),
                _ => false,
            };
            if !counts_with || !self.applies(row) {
                continue;
            }
            match &row.rule {
                Rule::Cuff { .. } if self.current_pressure().is_some() => {
                    self.judge_cuff_row(row, false);
                }
                Rule::Fall { .. } => self.judge_one(row),
                _ => {}
            }
        }
    }

    pub(super) fn stand_unless_hidden(&mut self, row: &ConditionRow, standing: Standing) {
        if !self.is_hidden(row, standing.level) {
            self.stand(row, standing);
        }
    }

    /// Whether a new alert would say no more than one that is active and at least as grave. One
    /// that is open itself may always become worse.
    pub(super) fn is_hidden(&self, row: &ConditionRow, level: u8) -> bool {
        // A fall beside what it fell to says nothing more, however that has gone on since.
        let is_fall = matches!(row.rule, Rule::Fall { .. });
        let hides = |alert: &Alert| {
            row.hidden_by.contains(&alert.condition)
                && (alert.state == AlertState::Active || is_fall && alert.is_open())
                && !alert.is_past
                && match alert.condition.kind() {
                    Kind::Physiological => is_fall || alert.level >= level,
                    Kind::Technical => self.is_of_lost_monitor(row),
                }
        };
        (row.condition.kind() == Kind::Technical || !self.is_open(row.condition))
            && self.alarms.alerts.iter().any(hides)
    }
}

/// The stage that a first reading of this condition waits for.
fn waiting_level(row: &ConditionRow) -> u8 {
    let Rule::Cuff { stages, .. } = &row.rule else { return 0 };
    let confirmed = stages.iter().find(|s| matches!(s.readings, CuffCount::Confirmed { .. }));
    confirmed.map_or(0, |stage| stage.level)
}
