//! The limits that would alert now, for screens: of every rule that judges one vital by itself, in
//! this phase, with this baseline and with this patient's own limits.

use serde::{Deserialize, Serialize};

use super::Room;
use crate::rules::{
    Compare, Condition, ConditionRow, ContinuousVital, Cuff, CuffPart, Held, Rule, Signs,
};
use crate::vitals::Decimal;

/// Cuffs give whole numbers.
const WHOLE: f64 = 1.0;
/// Two numbers that differ by less than this differ only by rounding.
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

/// The first value beyond a limit that a monitor can give: for "below 95" that is 94.
fn first_beyond(compare: Compare, limit: f64, step: f64) -> f64 {
    let steps = limit / step;
    let first = match compare {
        Compare::AtOrBelow => (steps + SAME).floor(),
        Compare::Below => (steps - SAME).ceil() - 1.0,
        Compare::AtOrAbove => (steps - SAME).ceil(),
        Compare::Above => (steps + SAME).floor() + 1.0,
    };
    // Tenths as they are written, not as they are added in binary.
    (first * step * 10.0).round() / 10.0
}

impl ShownLimits {
    fn of(&mut self, vital: ContinuousVital) -> &mut ShownRange {
        match vital {
            ContinuousVital::Spo2 => &mut self.spo2,
            ContinuousVital::HeartRate => &mut self.heart_rate,
            ContinuousVital::RespRate => &mut self.resp_rate,
            ContinuousVital::Temp => &mut self.temp,
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
        self.of(vital).take(compare, limit, vital.step());
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
        self.limits_of(None)
    }

    /// The same for one stage alone, 1 caution, 2 urgent, 3 extreme, whichever alerts are open: for
    /// the record.
    #[must_use]
    pub fn limits_at(&self, level: u8) -> ShownLimits {
        self.limits_of(Some(level))
    }

    fn limits_of(&self, asked: Option<u8>) -> ShownLimits {
        let mut limits = ShownLimits::default();
        for row in self.stay.profile.conditions.iter().filter(|row| self.applies(row)) {
            match &row.rule {
                Rule::Held(rule) => self.show_held(row, rule, asked, &mut limits),
                Rule::Cuff(rule) => self.show_cuff(row, rule, asked, &mut limits),
                Rule::Signs(rule) => self.show_signs(row, rule, asked, &mut limits),
                _ => {}
            }
        }
        limits
    }

    /// Whether a stage is shown: the one that is asked for, otherwise any that would alert.
    fn is_asked(&self, row: &ConditionRow, level: u8, asked: Option<u8>) -> bool {
        asked.map_or_else(|| !self.is_hidden(row, level), |asked| asked == level)
    }

    fn show_held(
        &self,
        row: &ConditionRow,
        rule: &Held,
        asked: Option<u8>,
        limits: &mut ShownLimits,
    ) {
        let is_shown = |level: u8| self.is_asked(row, level, asked);
        let Held { vital, stages, deficits, .. } = rule;
        let patient = self.patient();
        for stage in stages.iter().filter(|stage| is_shown(stage.level)) {
            let limit = patient.held(row.condition, rule, stage);
            limits.take_held(*vital, stage.compare, limit);
        }
        for stage in deficits.iter().filter(|stage| is_shown(stage.level)) {
            let limit = patient.deficit(row.condition, *vital, &stage.limit);
            let steady = limit.and_then(|limit| stage.steady_value(limit));
            limits.take_held(*vital, Compare::AtOrBelow, steady);
        }
    }

    fn show_cuff(
        &self,
        row: &ConditionRow,
        rule: &Cuff,
        asked: Option<u8>,
        limits: &mut ShownLimits,
    ) {
        let is_shown = |level: u8| self.is_asked(row, level, asked);
        let counts = |with: &[Condition]| {
            with.is_empty() || asked.is_none() && with.iter().any(|c| self.is_open(*c))
        };
        let may_alert =
            rule.stages.iter().filter(|stage| counts(&stage.with) && is_shown(stage.level));
        for stage in may_alert {
            let limit = self.patient().cuff(row.condition, rule, stage);
            limits.take_cuff(stage.test.part, stage.test.compare, limit);
        }
    }

    /// Where one sign alone is enough, its limit alerts.
    fn show_signs(
        &self,
        row: &ConditionRow,
        rule: &Signs,
        asked: Option<u8>,
        limits: &mut ShownLimits,
    ) {
        let mut alone = rule.stages.iter().filter(|stage| stage.at_least <= 1);
        if !alone.any(|stage| self.is_asked(row, stage.level, asked)) {
            return;
        }
        let patient = self.patient();
        for sign in &rule.signs {
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

#[cfg(test)]
mod tests {
    use super::*;

    const TENTH: f64 = 0.1;

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
}
