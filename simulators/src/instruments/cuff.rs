//! The arm cuff: takes half a minute, and is a little wrong (CLINICAL 4.5).

use std::collections::VecDeque;

use crate::Draws;
use crate::patient::Truth;

/// A high reading makes the cuff repeat soon, as staff set it (CLINICAL 6, scenario 3).
const REPEAT_FROM_SYSTOLIC_MMHG: i32 = 160;
const REPEAT_AFTER_S: i64 = 120;

/// How long a measurement takes, mean and deviation (CLINICAL 4.5).
const TAKES_S: (f64, f64) = (33.0, 6.0);
const SLOWEST_S: f64 = 45.0;

/// A reading that is due sooner than this after the last comes late.
const QUICKEST_S: i64 = 25;

/// One cuff reading, mmHg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nibp {
    /// mmHg.
    pub systolic: i32,
    /// mmHg.
    pub diastolic: i32,
    /// mmHg.
    pub mean: i32,
}

impl Nibp {
    /// With the mean that belongs to them.
    pub fn new(systolic: i32, diastolic: i32) -> Self {
        Self { systolic, diastolic, mean: diastolic + (systolic - diastolic) / 3 }
    }
}

/// What the cuff does in one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CuffActivity {
    /// Empty and waiting.
    Idle,
    /// Begins to inflate.
    Starts,
    /// Inflated or letting off.
    Measuring,
    /// Done, in this second.
    Done(Nibp),
    /// Given up, in this second.
    Failed,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Idle,
    Planned { starts_s: i64, due_s: i64 },
    Inflated { ends_s: i64, seen: Truth },
}

/// The cuff of one monitor on one patient.
#[derive(Debug, Clone)]
pub struct Cuff {
    draws: Draws,
    error_scale: f64,
    bias_systolic: f64,
    bias_diastolic: f64,
    cadence_s: Option<i64>,
    due_s: VecDeque<i64>,
    fails_left: u32,
    shows_next: VecDeque<Nibp>,
    state: State,
}

impl Cuff {
    /// A cuff that measures when told to. `error_scale` 0 = no bias and no error, 1 = as
    /// CLINICAL 4.5.
    pub fn new(mut draws: Draws, error_scale: f64) -> Self {
        Self {
            error_scale,
            bias_systolic: error_scale * draws.normal_within(0.0, 2.5, -5.0, 5.0),
            bias_diastolic: error_scale * draws.normal_within(0.0, 2.0, -4.0, 4.0),
            draws,
            cadence_s: None,
            due_s: VecDeque::new(),
            fails_left: 0,
            shows_next: VecDeque::new(),
            state: State::Idle,
        }
    }

    /// Readings are wanted at these seconds, in order, in place of what was planned; after the
    /// last of them one each `cadence_s`.
    pub fn schedule(&mut self, due_s: &[i64], cadence_s: i64) {
        self.due_s = due_s.iter().copied().collect();
        self.cadence_s = Some(cadence_s);
        self.state = State::Idle;
        self.plan_next();
    }

    /// Staff press the button: it inflates in the next second, unless it is inflated.
    pub fn measure(&mut self, now_s: i64) {
        if !matches!(self.state, State::Inflated { .. }) {
            let due_s = now_s + 1 + self.takes_s();
            self.state = State::Planned { starts_s: now_s + 1, due_s };
        }
    }

    /// It leaks: so many measurements from now on fail.
    pub fn fails(&mut self, times: u32) {
        self.fails_left = times;
    }

    /// It is wrong once: instead of the patient's pressure the next measurement finds this. Given
    /// several, each measurement takes one.
    pub fn shows(&mut self, nibp: Nibp) {
        self.shows_next.push_back(nibp);
    }

    fn plan_next(&mut self) {
        if let Some(due_s) = self.due_s.pop_front() {
            let takes_s = self.takes_s();
            self.state = State::Planned { starts_s: due_s - takes_s, due_s };
        }
    }

    fn takes_s(&mut self) -> i64 {
        let (mean_s, deviation_s) = TAKES_S;
        let deviation_s = deviation_s * self.error_scale;
        self.draws.normal_within(mean_s, deviation_s, QUICKEST_S as f64, SLOWEST_S) as i64
    }

    /// One second passes and ends at `now_s`.
    pub fn step(&mut self, now_s: i64, truth: Truth) -> CuffActivity {
        match self.state {
            State::Planned { starts_s, due_s } if now_s >= starts_s => {
                let ends_s = due_s.max(now_s + QUICKEST_S);
                self.state = State::Inflated { ends_s, seen: truth };
                CuffActivity::Starts
            }
            State::Inflated { ends_s, seen } if now_s >= ends_s => {
                self.state = State::Idle;
                let ended = self.end(seen);
                self.plan_cadence(now_s, ended);
                self.plan_next();
                ended
            }
            State::Inflated { .. } => CuffActivity::Measuring,
            State::Idle | State::Planned { .. } => CuffActivity::Idle,
        }
    }

    fn end(&mut self, seen: Truth) -> CuffActivity {
        let nibp = self.read(seen);
        if self.fails_left > 0 {
            self.fails_left -= 1;
            return CuffActivity::Failed;
        }
        CuffActivity::Done(self.shows_next.pop_front().unwrap_or(nibp))
    }

    fn plan_cadence(&mut self, now_s: i64, ended: CuffActivity) {
        let Some(cadence_s) = self.cadence_s.filter(|_| self.due_s.is_empty()) else { return };
        let is_high = matches!(
            ended,
            CuffActivity::Done(nibp) if nibp.systolic >= REPEAT_FROM_SYSTOLIC_MMHG
        );
        self.due_s.push_back(now_s + if is_high { REPEAT_AFTER_S } else { cadence_s });
    }

    fn read(&mut self, seen: Truth) -> Nibp {
        let error = |draws: &mut Draws, deviation: f64| {
            draws.normal_within(0.0, deviation, -3.0 * deviation, 3.0 * deviation)
        };
        let systolic_error = self.error_scale * error(&mut self.draws, 4.0);
        let diastolic_error = self.error_scale * error(&mut self.draws, 3.0);
        let systolic = libm::round(seen.systolic + self.bias_systolic + systolic_error) as i32;
        let diastolic = libm::round(seen.diastolic + self.bias_diastolic + diastolic_error) as i32;
        Nibp::new(systolic, diastolic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::{Patient, Traits};

    fn readings(scale: f64, seconds: i64) -> Vec<(i64, Nibp)> {
        let mut patient = Patient::new(Draws::new(3, 1), Traits::typical());
        let mut cuff = Cuff::new(Draws::new(3, 2), scale);
        cuff.schedule(&[60], 300);
        (0..seconds)
            .filter_map(|now_s| match cuff.step(now_s, patient.step(1.0)) {
                CuffActivity::Done(nibp) => Some((now_s, nibp)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_cuff_without_error_reads_the_truth_at_the_time_asked_and_then_each_5_min() {
        let nibp = Nibp { systolic: 124, diastolic: 78, mean: 93 };
        assert_eq!(readings(0.0, 700), [(60, nibp), (360, nibp), (660, nibp)]);
    }

    #[test]
    fn a_cuff_stays_within_the_standard_of_mean_5_and_deviation_8() {
        let errors: Vec<f64> = readings(1.0, 300_000)
            .iter()
            .map(|(_, nibp)| f64::from(nibp.systolic) - 124.0)
            .collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        let spread =
            errors.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / errors.len() as f64;
        assert!(mean.abs() <= 5.5 && libm::sqrt(spread) <= 8.0, "{mean} {spread}");
    }

    /// What one cuff that is told to measure at 10 s and at 100 s does, where it does something.
    fn told_twice(prepare: impl Fn(&mut Cuff)) -> Vec<(i64, CuffActivity)> {
        let mut patient = Patient::new(Draws::new(3, 1), Traits::typical());
        let mut cuff = Cuff::new(Draws::new(3, 2), 0.0);
        prepare(&mut cuff);
        let mut activities = Vec::new();
        for now_s in 0..1000 {
            let activity = cuff.step(now_s, patient.step(1.0));
            if !matches!(activity, CuffActivity::Idle | CuffActivity::Measuring) {
                activities.push((now_s, activity));
            }
            if now_s == 10 || now_s == 20 || now_s == 100 {
                cuff.measure(now_s);
            }
        }
        activities
    }

    #[test]
    fn a_cuff_told_to_measure_inflates_reads_33_s_later_and_then_waits() {
        let done = CuffActivity::Done(Nibp::new(124, 78));
        assert_eq!(
            told_twice(|_| ()),
            [(11, CuffActivity::Starts), (44, done), (101, CuffActivity::Starts), (134, done)]
        );
    }

    #[test]
    fn a_cuff_may_fail_and_may_be_wrong() {
        let wrong = Nibp::new(204, 122);
        let ends = told_twice(|cuff| {
            cuff.fails(1);
            cuff.shows(wrong);
        });
        assert_eq!(ends[1], (44, CuffActivity::Failed));
        assert_eq!(ends[3], (134, CuffActivity::Done(wrong)));
    }
}
