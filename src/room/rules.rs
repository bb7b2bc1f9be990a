//! The rule shapes of a profile, judged.

use super::alert::Standing;
use super::history::{History, Window};
use super::{Condition, Phase, Room};
use crate::profile::{
    Clearing, ConditionRow, ContinuousVital, HeldStage, Kind, LostStage, Priority, Rule,
};
use crate::vitals::{Decimal, Millis, Vital};

/// What is missing, for how long, and whether the monitor says that the sensor is off.
struct Absence {
    since: Millis,
    sensor_off_since: Option<Millis>,
}

impl Room {
    fn history(&self, vital: ContinuousVital) -> &History {
        match vital {
            ContinuousVital::Spo2 => &self.spo2,
            ContinuousVital::HeartRate => &self.heart_rate,
        }
    }

    /// Judges the held limits of the vital that has a new value.
    pub(super) fn judge_held(&mut self, heard: Vital) {
        let profile = self.profile.clone();
        for row in &profile.conditions {
            let Rule::Held { vital, gap_s, stages, clearing } = &row.rule else {
                continue;
            };
            if !vital.sources().contains(&heard) {
                continue;
            }
            let baseline = self.baseline_of(*vital);
            let history = self.history(*vital);
            if let Some(standing) = held(history, row, *gap_s, stages, baseline) {
                if !self.is_hidden(row, &standing) {
                    self.stand(row.condition, standing);
                }
            } else if self.is_active(row.condition)
                && is_back_inside(self.history(*vital), *gap_s, stages, *clearing, baseline)
            {
                self.end(row.condition);
            }
        }
    }

    /// Judges the pressure conditions by a new cuff reading.
    pub(super) fn judge_cuff(&mut self) {
        let profile = self.profile.clone();
        let baseline = self.baseline();
        for row in &profile.conditions {
            let open = self.alerts.iter().find(|a| a.condition == row.condition && a.is_open());
            let judgement = self.cuff.judge(row, open.map(|alert| alert.level), &baseline);
            match judgement.standing {
                Some(standing) if !self.is_hidden(row, &standing) => {
                    self.stand(row.condition, standing)
                }
                None if judgement.is_over => self.end(row.condition),
                _ => {}
            }
        }
    }

    /// Judges what depends on time alone.
    pub(super) fn judge_technical(&mut self) {
        let profile = self.profile.clone();
        for row in &profile.conditions {
            let (standing, is_over) = match &row.rule {
                Rule::Lost { stages } => {
                    let since = self.lost_since();
                    let standing = since.and_then(|since| self.gravest_lost(row, stages, since));
                    let is_over = standing.is_none() && self.all_heard_again();
                    (standing, is_over)
                }
                Rule::Absence { vital, .. } => match self.absence(*vital) {
                    Some(absence) => (self.gravest_absence(row, &absence), false),
                    None => (None, true),
                },
                Rule::Held { .. } | Rule::Cuff { .. } | Rule::Reported { .. } => continue,
            };
            match standing {
                Some(standing) if !self.is_hidden(row, &standing) => {
                    self.stand(row.condition, standing)
                }
                None if is_over => self.end(row.condition),
                _ => {}
            }
        }
    }

    /// The times at which a technical stage that does not hold yet will.
    pub(super) fn technical_deadline(&self) -> Option<Millis> {
        self.session.as_ref()?;
        let after = |since: Millis, s: u32| since.plus(i64::from(s) * 1_000);
        let now = self.now;
        let deadlines = self.profile.conditions.iter().filter_map(|row| match &row.rule {
            Rule::Lost { stages } => {
                let since = self.lost_since()?;
                let at = stages.iter().filter(|s| self.counts(s.infusing));
                at.map(|stage| after(since, stage.after_s)).filter(|at| *at > now).min()
            }
            Rule::Absence { vital, stages, .. } => {
                let Some(absence) = self.absence(*vital) else {
                    return self.stale_at(*vital);
                };
                let at = stages.iter().filter(|s| self.counts(s.infusing)).filter_map(|stage| {
                    let off = stage.sensor_off.then_some(absence.sensor_off_since);
                    Some(after(off.unwrap_or(Some(absence.since))?, stage.after_s))
                });
                at.filter(|at| *at > now).min()
            }
            Rule::Held { .. } | Rule::Cuff { .. } | Rule::Reported { .. } => None,
        });
        deadlines.min()
    }

    fn gravest_lost(
        &self,
        row: &ConditionRow,
        stages: &[LostStage],
        since: Millis,
    ) -> Option<Standing> {
        let waited_ms = self.now.since(since);
        let hold = |stage: &&LostStage| {
            self.counts(stage.infusing) && waited_ms >= i64::from(stage.after_s) * 1_000
        };
        let priority = stages.iter().filter(hold).map(|stage| stage.priority).max()?;
        Some(technical(priority, &row.text))
    }

    fn gravest_absence(&self, row: &ConditionRow, absence: &Absence) -> Option<Standing> {
        let Rule::Absence { stages, sensor_off_text, .. } = &row.rule else {
            return None;
        };
        let holding = stages.iter().filter(|stage| {
            let since =
                if stage.sensor_off { absence.sensor_off_since } else { Some(absence.since) };
            let waited_ms = since.map(|since| self.now.since(since));
            self.counts(stage.infusing)
                && waited_ms.is_some_and(|waited| waited >= i64::from(stage.after_s) * 1_000)
        });
        let priority = holding.map(|stage| stage.priority).max()?;
        let is_off = absence.sensor_off_since.is_some();
        Some(technical(priority, if is_off { sensor_off_text } else { &row.text }))
    }

    /// Whether a stage that may be for the infusion alone counts now.
    fn counts(&self, infusing_only: bool) -> bool {
        !infusing_only || self.phase() == Some(Phase::Infusing)
    }

    fn phase(&self) -> Option<Phase> {
        self.session.as_ref().map(|session| session.phase)
    }

    /// Since when a monitor of the session is gone. Before the infusion only one that was heard
    /// in this session can be; while infusing there must be one.
    fn lost_since(&self) -> Option<Millis> {
        let session = self.session.as_ref()?;
        let heard = self.monitors.iter().filter(|m| m.last_heard >= session.opened_at);
        let silent = heard.clone().filter_map(super::Monitor::silent_since);
        let is_unheard = heard.count() == 0 && session.phase == Phase::Infusing;
        let alone_since = session.phase_since.max(session.opened_at).max(self.unbound_at);
        let unheard = is_unheard.then_some(alone_since);
        Some(silent.chain(unheard).min()?.max(self.ages_from))
    }

    /// Whether every monitor of the session was heard since the last blind time; until then a monitor that was
    /// lost counts as lost.
    fn all_heard_again(&self) -> bool {
        let opened_at = self.session.as_ref().map_or(Millis(0), |session| session.opened_at);
        let of_session = self.monitors.iter().filter(|monitor| monitor.last_heard >= opened_at);
        of_session.map(|monitor| monitor.last_heard).all(|heard| heard >= self.ages_from)
    }

    /// When a value that is current now will be too old.
    fn stale_at(&self, vital: ContinuousVital) -> Option<Millis> {
        let known = self.latest.iter().filter(|l| vital.sources().contains(&l.vital));
        let stale = known.map(|latest| latest.heard_at.plus(super::STALE_AFTER_MS + 1));
        stale.filter(|at| *at > self.now).max()
    }

    /// Since when a vital that this session needs has no value: one that had a value in it, or,
    /// while infusing, any.
    fn absence(&self, vital: ContinuousVital) -> Option<Absence> {
        let session = self.session.as_ref()?;
        let known = self.latest.iter().filter(|l| vital.sources().contains(&l.vital));
        if known.clone().any(|latest| latest.value_at(self.now).is_some()) {
            return None;
        }
        let had_value = known.clone().filter(|latest| {
            latest.last_value.is_some_and(|last| last.heard_at >= session.opened_at)
        });
        let newest = had_value.clone().max_by_key(|latest| latest.no_value_since());
        if vital == ContinuousVital::HeartRate && self.is_pulse_of_absent_spo2() {
            return None;
        }
        if let Some(latest) = newest {
            return Some(Absence {
                since: latest.no_value_since().max(session.opened_at).max(self.ages_from),
                sensor_off_since: latest.sensor_off_since.map(|since| since.max(self.ages_from)),
            });
        }
        let alone_since = session.phase_since.max(session.opened_at).max(self.unbound_at);
        (session.phase == Phase::Infusing).then(|| Absence {
            since: alone_since.max(self.ages_from),
            sensor_off_since: known.filter_map(|latest| latest.sensor_off_since).min(),
        })
    }

    /// The finger clip gives saturation and pulse: one missing clip is one alert.
    fn is_pulse_of_absent_spo2(&self) -> bool {
        let latest = |vital| self.latest.iter().find(|latest| latest.vital == vital);
        let has_ecg = latest(Vital::HeartRate).is_some_and(|ecg| ecg.last_value.is_some());
        !has_ecg && !self.has_value(Vital::Spo2)
    }

    pub(super) fn has_value(&self, vital: Vital) -> bool {
        let latest = self.latest.iter().find(|latest| latest.vital == vital);
        latest.is_some_and(|latest| latest.value_at(self.now).is_some())
    }

    /// Whether a new alert would say no more than one that is open. One that is open itself may
    /// always become worse, and nothing grave hides behind something milder.
    fn is_hidden(&self, row: &ConditionRow, standing: &Standing) -> bool {
        let is_open = |condition| {
            self.alerts.iter().any(|a: &super::Alert| a.condition == condition && a.is_open())
        };
        let hides = |alert: &super::Alert| {
            row.hidden_by.contains(&alert.condition)
                && match alert.condition.kind() {
                    Kind::Physiological => alert.is_open() && alert.priority >= standing.priority,
                    Kind::Technical => alert.state == super::AlertState::Active,
                }
        };
        (row.condition.kind() == Kind::Technical || !is_open(row.condition))
            && self.alerts.iter().any(hides)
    }

    fn is_active(&self, condition: Condition) -> bool {
        let is_it = |a: &super::Alert| a.condition == condition;
        self.alerts.iter().any(|a| is_it(a) && a.state == super::AlertState::Active)
    }

    /// Raises a condition that the ward has found.
    pub(super) fn report(&mut self, condition: Condition) {
        let profile = self.profile.clone();
        if let Some(row) = profile.row(condition)
            && let Rule::Reported { priority } = row.rule
        {
            self.stand(condition, technical(priority, &row.text));
        }
    }

    fn baseline_of(&self, vital: ContinuousVital) -> Option<f64> {
        let baseline = self.baseline();
        match vital {
            ContinuousVital::Spo2 => baseline.spo2,
            ContinuousVital::HeartRate => baseline.heart_rate,
        }
        .map(Decimal::as_f64)
    }
}

fn technical(priority: Priority, text: &str) -> Standing {
    Standing {
        level: priority as u8 + 1,
        priority,
        value: None,
        limit: None,
        text: text.to_owned(),
    }
}

/// The gravest stage that holds at the newest sample.
fn held(
    history: &History,
    row: &ConditionRow,
    gap_s: u32,
    stages: &[HeldStage],
    baseline: Option<f64>,
) -> Option<Standing> {
    let holding = stages.iter().filter_map(|stage| {
        let limit = stage.limit.value(baseline)?;
        let window = Window { for_s: stage.for_s, gap_s, share: stage.share };
        history.holds(window, |value| stage.compare.holds(value, limit)).then_some((stage, limit))
    });
    let (stage, limit) =
        holding.reduce(|known, next| if next.0.level > known.0.level { next } else { known })?;
    Some(Standing {
        level: stage.level,
        priority: stage.priority,
        value: history.newest(),
        limit: Some(Decimal::trimmed(limit)),
        text: row.text.clone(),
    })
}

/// Back inside every caution limit by the margin, for the clearing time.
fn is_back_inside(
    history: &History,
    gap_s: u32,
    stages: &[HeldStage],
    clearing: Clearing,
    baseline: Option<f64>,
) -> bool {
    let cautions = || stages.iter().filter(|stage| stage.level == 1);
    let window = Window { for_s: clearing.for_s, gap_s, share: 1.0 };
    history.holds(window, |value| {
        cautions().all(|stage| match stage.limit.value(baseline) {
            Some(limit) => stage.compare.back_inside(value, limit, clearing.margin),
            None => true,
        })
    })
}
