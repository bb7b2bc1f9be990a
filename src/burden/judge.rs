//! True or false (clinical.md#alarm-burden): an alert is false when no event of the body is on, and
//! no true value was beyond its limit in the last 60 s.

use std::collections::VecDeque;

use simulators::patient::Truth;
use simulators::session::Second;

use crate::profile::Condition;
use crate::room::AlertLine;

/// How long the truth is looked back at, seconds.
const BACK_S: usize = 60;

/// The truth of the last minute.
#[derive(Debug, Default)]
pub(super) struct Judge {
    last: VecDeque<Truth>,
    event_until_s: Option<u32>,
    now_s: u32,
}

impl Judge {
    pub(super) fn see(&mut self, second: &Second) {
        if self.last.len() == BACK_S {
            self.last.pop_front();
        }
        self.last.push_back(second.truth);
        self.now_s = second.at_s;
        if second.episode.is_some_and(|episode| episode.what.is_of_the_body()) {
            self.event_until_s = Some(second.at_s);
        }
    }

    pub(super) fn is_true(&self, line: &AlertLine) -> bool {
        let since_event = self.event_until_s.map(|until| self.now_s - until);
        since_event.is_some_and(|seconds| seconds <= BACK_S as u32) || self.was_beyond(line)
    }

    fn was_beyond(&self, line: &AlertLine) -> bool {
        let Some(limit) = line.limit.map(crate::vitals::Decimal::as_f64) else { return false };
        let any = |beyond: &dyn Fn(&Truth) -> bool| self.last.iter().any(beyond);
        match line.condition {
            Condition::Spo2Low | Condition::Spo2Falling => any(&|truth| truth.spo2 <= limit),
            Condition::HrLow | Condition::HrFalling => any(&|truth| truth.heart_rate <= limit),
            Condition::HrHigh => any(&|truth| truth.heart_rate >= limit),
            Condition::SystolicLow => any(&|truth| truth.systolic < limit),
            Condition::SystolicHigh => any(&|truth| truth.systolic >= limit),
            Condition::DiastolicHigh => any(&|truth| truth.diastolic >= limit),
            Condition::TempHigh => any(&|truth| truth.temp >= limit),
            _ => false,
        }
    }
}
