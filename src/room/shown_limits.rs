//! The limits that would alert now, for screens: of every rule that judges one vital by itself,
//! at this phase, this baseline and this patient's own limits.

use serde::{Deserialize, Serialize};

use super::Room;
use crate::profile::{
    Compare, Condition, ConditionRow, ContinuousVital, CuffPart, DeficitStage, Rule,
};
use crate::vitals::Decimal;

/// Monitors give whole numbers, and temperatures in tenths.
const WHOLE: f64 = 1.0;
const TENTH: f64 = 0.1;
/// Below this, two numbers differ only by how a computer adds.
const SAME: f64 = 1e-6;

/// The nearest values that alert now, held for as long as their rules ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShownLimits {
    /// 1/min.
    pub heart_rate: ShownRange,
    /// %.
    pub spo2: ShownRange,
    /// mmHg.
    pub systolic: ShownRange,
    /// mmHg.
    pub diastolic: ShownRange,
    /// 1/min.
    #[serde(default, skip_serializing_if = "ShownRange::is_empty")]
    pub resp_rate: ShownRange,
    /// °C.
    #[serde(default, skip_serializing_if = "ShownRange::is_empty")]
    pub temp: ShownRange,
}

/// The nearest values below and above that alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShownRange {
    /// This value and lower ones alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<Decimal>,
    /// This value and higher ones alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<Decimal>,
}

impl ShownRange {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn take(&mut self, compare: Compare, limit: f64, step: f64) {
        let first = Decimal::trimmed(first_beyond(compare, limit, step));
        if compare.is_upper() {
            self.high = Some(self.high.map_or(first, |known| known.min(first)));
        } else {
            self.low = Some(self.low.map_or(first, |known| known.max(first)));
        }
    }
}

/// The first value beyond a limit that a monitor can give: beyond "below 95" that is 94.
fn first_beyond(compare: Compare, limit: f64, step: f64) -> f64 {
    let steps = limit / step;
    let first = match compare {
        Compare::AtOrBelow => (steps + SAME).floor(),
        Compare::Below => (steps - SAME).ceil() - 1.0,
        Compare::AtOrAbove => (steps - SAME).ceil(),
        Compare::Above => (steps + SAME).floor() + 1.0,
    };
    // Tenths as they are written, not as they add up.
    (first * step * 10.0).round() / 10.0
}

impl ShownLimits {
    fn of(&mut self, vital: ContinuousVital) -> (&mut ShownRange, f64) {
        match vital {
            ContinuousVital::Spo2 => (&mut self.spo2, WHOLE),
            ContinuousVital::HeartRate => (&mut self.heart_rate, WHOLE),
            ContinuousVital::RespRate => (&mut self.resp_rate, WHOLE),
            ContinuousVital::Temp => (&mut self.temp, TENTH),
        }
    }

    fn of_part(&mut self, part: CuffPart) -> &mut ShownRange {
        match part {
            CuffPart::Systolic => &mut self.systolic,
            CuffPart::Diastolic => &mut self.diastolic,
        }
    }

    fn take_held(&mut self, vital: ContinuousVital, compare: Compare, limit: Option<f64>) {
        let Some(limit) = limit else { return };
        let (range, step) = self.of(vital);
        range.take(compare, limit, step);
    }

    fn take_cuff(&mut self, part: CuffPart, compare: Compare, limit: Option<f64>) {
        let Some(limit) = limit else { return };
        self.of_part(part).take(compare, limit, WHOLE);
    }
}

impl Room {
    /// The nearest values that would alert now. A fall is no limit, and what counts only together
    /// with something else does not count until that is there.
    #[must_use]
    pub fn shown_limits(&self) -> ShownLimits {
        let mut limits = ShownLimits::default();
        for row in self.stay.profile.conditions.iter().filter(|row| self.applies(row)) {
            match &row.rule {
                Rule::Held { .. } => self.show_held(row, &mut limits),
                Rule::Cuff { .. } => self.show_cuff(row, &mut limits),
                Rule::Signs { .. } => self.show_signs(row, &mut limits),
                _ => {}
            }
        }
        limits
    }

    fn show_held(&self, row: &ConditionRow, limits: &mut ShownLimits) {
        let Rule::Held { vital, stages, deficits, .. } = &row.rule else { return };
        let patient = self.patient();
        for stage in stages.iter().filter(|stage| !self.is_hidden(row, stage.level)) {
            let limit = patient.held(row.condition, *vital, stages, stage);
            limits.take_held(*vital, stage.compare, limit);
        }
        for stage in deficits.iter().filter(|stage| !self.is_hidden(row, stage.level)) {
            let limit = patient.deficit(row.condition, *vital, &stage.limit);
            let steady = limit.and_then(|limit| steady_deficit(stage, limit));
            limits.take_held(*vital, Compare::AtOrBelow, steady);
        }
    }

    fn show_cuff(&self, row: &ConditionRow, limits: &mut ShownLimits) {
        let Rule::Cuff { stages, .. } = &row.rule else { return };
        let counts = |with: &[Condition]| with.is_empty() || with.iter().any(|c| self.is_open(*c));
        let may_alert =
            stages.iter().filter(|stage| counts(&stage.with) && !self.is_hidden(row, stage.level));
        for stage in may_alert {
            let limit = self.patient().cuff(row, stage.level, &stage.test);
            limits.take_cuff(stage.test.part, stage.test.compare, limit);
        }
    }

    /// Where one sign alone is enough, its limit alerts.
    fn show_signs(&self, row: &ConditionRow, limits: &mut ShownLimits) {
        let Rule::Signs { signs, stages, .. } = &row.rule else { return };
        let alone = |stage: &&crate::profile::SignsStage| {
            stage.at_least <= 1 && !self.is_hidden(row, stage.level)
        };
        if !stages.iter().any(|stage| alone(&stage)) {
            return;
        }
        let patient = self.patient();
        for sign in signs {
            for test in &sign.cuff {
                limits.take_cuff(test.part, test.compare, patient.plain(test));
            }
            if let Some(test) = &sign.held {
                let limit = test.limit.value(patient.baseline_of(test.vital));
                limits.take_held(test.vital, test.compare, limit);
            }
        }
    }
}

/// The value that, held, fills the area of a stage in its time; `None` when none is low enough.
fn steady_deficit(stage: &DeficitStage, limit: f64) -> Option<f64> {
    let below = stage.area / f64::from(stage.over_s.max(1));
    (below <= stage.most).then_some(limit - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_beyond_a_limit_is_one_that_a_monitor_can_give() {
        let first = |compare, limit| first_beyond(compare, limit, WHOLE);
        assert_eq!(first(Compare::AtOrBelow, 92.0), 92.0);
        assert_eq!(first(Compare::AtOrBelow, 88.5), 88.0);
        assert_eq!(first(Compare::Below, 95.0), 94.0);
        assert_eq!(first(Compare::Below, 88.5), 88.0);
        assert_eq!(first(Compare::AtOrAbove, 160.0), 160.0);
        assert_eq!(first(Compare::AtOrAbove, 147.5), 148.0);
        assert_eq!(first(Compare::Above, 24.0), 25.0);
        assert_eq!(first_beyond(Compare::AtOrAbove, 36.8 + 1.0, TENTH), 37.8);
        assert_eq!(first_beyond(Compare::Above, 38.0, TENTH), 38.1);
    }

    #[test]
    fn an_area_that_no_steady_value_fills_has_no_limit() {
        let stage = DeficitStage {
            level: 2,
            priority: crate::profile::Priority::High,
            limit: crate::profile::Limit {
                absolute: Some(90.0),
                offset: None,
                percent: None,
                at_least: None,
            },
            most: 8.0,
            over_s: 60,
            area: 30.0,
            after_bad_s: 0,
        };
        assert_eq!(steady_deficit(&stage, 90.0), Some(89.5));
        assert_eq!(steady_deficit(&DeficitStage { area: 600.0, ..stage }, 90.0), None);
    }
}
