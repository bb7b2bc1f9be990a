//! The arm cuff: it takes half a minute, and is slightly wrong (clinical.md#instruments).

use std::collections::VecDeque;

use crate::Draws;
use crate::patient::Truth;

/// A high reading makes the cuff repeat soon, as staff set it (clinical.md#scenarios, scenario 3).
const REPEAT_FROM_SYSTOLIC_MMHG: i32 = 160;
const REPEAT_AFTER_S: i64 = 120;

/// How long a measurement takes, mean and deviation (clinical.md#instruments).
const TAKES_S: (f64, f64) = (33.0, 6.0);
const SLOWEST_S: f64 = 45.0;

/// An automatic second try (clinical.md#instruments).
const RETRY_TAKES_S: i64 = 30;

/// A reading that is due sooner than this after the last one comes late.
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
    /// Adds the mean that belongs to them.
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
    /// Inflated or deflating.
    Measuring,
    /// Done in this second.
    Done(Nibp),
    /// Given up in this second.
    Failed,
}

/// How often a cuff goes wrong (clinical.md#instruments), each 0..=1.
#[derive(Debug, Clone, Copy)]
struct Faults {
    /// The first try fails, when the arm is still and when it moves.
    first_try: f64,
    first_try_moving: f64,
    /// The second try fails too: with the first, 1 % of readings and 10 % of those in motion.
    second_try: f64,
    /// The arm is bent or leaned on: the reading is off by 15 to 30.
    bent: f64,
    /// The cuff is too small, or too large, for this arm: off by this much for the whole session
    /// (clinical.md#instruments).
    small: f64,
    large: f64,
}

impl Faults {
    const NONE: Self = Self {
        first_try: 0.0,
        first_try_moving: 0.0,
        second_try: 0.0,
        bent: 0.0,
        small: 0.0,
        large: 0.0,
    };
    const USUAL: Self = Self {
        first_try: 0.03,
        first_try_moving: 0.30,
        second_try: 1.0 / 3.0,
        bent: 0.01,
        small: 0.02,
        large: 0.02,
    };
}

const BENT_MMHG: (f64, f64) = (15.0, 30.0);

/// How a cuff fits an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CuffSize {
    /// Correctly.
    Right,
    /// Readings are too high.
    TooSmall,
    /// Readings are too low.
    TooLarge,
}

impl CuffSize {
    /// What it adds to each reading.
    fn error_mmhg(self) -> f64 {
        match self {
            Self::Right => 0.0,
            Self::TooSmall => 8.0,
            Self::TooLarge => -6.0,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum State {
    Idle,
    Planned { starts_s: i64, due_s: i64 },
    Inflated { ends_s: i64, seen: Truth, is_second_try: bool, moved: bool },
}

/// The cuff of one monitor on one patient.
#[derive(Debug, Clone)]
pub struct Cuff {
    draws: Draws,
    error_scale: f64,
    faults: Faults,
    bias_systolic: f64,
    bias_diastolic: f64,
    size: CuffSize,
    /// How far the next reading is off.
    bent_once_mmhg: f64,
    cadence_s: Option<i64>,
    due_s: VecDeque<i64>,
    fails_left: u32,
    shows_next: VecDeque<Nibp>,
    state: State,
}

impl Cuff {
    /// A cuff that measures when told to. `error_scale` 0 = no bias and no error, 1 = as in
    /// clinical.md#instruments.
    pub fn new(mut draws: Draws, error_scale: f64) -> Self {
        Self {
            error_scale,
            faults: Faults::NONE,
            bias_systolic: error_scale * draws.normal_within(0.0, 2.5, -5.0, 5.0),
            bias_diastolic: error_scale * draws.normal_within(0.0, 2.0, -4.0, 4.0),
            draws,
            size: CuffSize::Right,
            bent_once_mmhg: 0.0,
            cadence_s: None,
            due_s: VecDeque::new(),
            fails_left: 0,
            shows_next: VecDeque::new(),
            state: State::Idle,
        }
    }

    /// A cuff as in clinical.md#instruments: besides bias and errors it also fails now and then, is
    /// on a bent arm, and on some patients has the wrong size.
    pub fn fallible(draws: Draws) -> Self {
        Self::with_faults(draws, Faults::USUAL)
    }

    /// The same on straight arms and in the right size: it fails, but is never grossly wrong.
    pub fn well_placed(draws: Draws) -> Self {
        Self::with_faults(draws, Faults { bent: 0.0, small: 0.0, large: 0.0, ..Faults::USUAL })
    }

    fn with_faults(draws: Draws, faults: Faults) -> Self {
        let mut cuff = Self { faults, ..Self::new(draws, 1.0) };
        let lot = cuff.draws.uniform(0.0, 1.0);
        if lot < cuff.faults.small {
            cuff.size = CuffSize::TooSmall;
        } else if lot < cuff.faults.small + cuff.faults.large {
            cuff.size = CuffSize::TooLarge;
        }
        cuff
    }

    /// Another cuff is put on.
    pub fn fits(&mut self, size: CuffSize) {
        self.size = size;
    }

    /// The arm is bent, or leaned on, during the next reading.
    pub fn is_bent_once_by(&mut self, mmhg: f64) {
        self.bent_once_mmhg = mmhg;
    }

    /// Readings are wanted at these seconds, in order, instead of the planned ones; after the last
    /// of them one every `cadence_s`.
    pub fn schedule(&mut self, due_s: &[i64], cadence_s: i64) {
        self.due_s = due_s.iter().copied().collect();
        self.cadence_s = Some(cadence_s);
        self.state = State::Idle;
        self.plan_next();
    }

    /// Staff press the button: it inflates in the next second, unless it is already inflated.
    pub fn measure(&mut self, now_s: i64) {
        if !matches!(self.state, State::Inflated { .. }) {
            let due_s = now_s + 1 + self.takes_s();
            self.state = State::Planned { starts_s: now_s + 1, due_s };
        }
    }

    /// A reading is wanted at this second: it inflates early enough, or as soon as it can. A busy
    /// cuff ignores this.
    pub fn measure_by(&mut self, due_s: i64) {
        if self.is_idle() {
            let starts_s = due_s - self.takes_s();
            self.state = State::Planned { starts_s, due_s };
        }
    }

    /// Whether no reading is planned.
    pub fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle)
    }

    /// It leaks: this many measurements from now on fail.
    pub fn fails(&mut self, times: u32) {
        self.fails_left = times;
    }

    /// It is wrong once: instead of the patient's pressure the next measurement finds this. Of
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

    /// One second passes; it ends at `now_s`.
    pub fn step(&mut self, now_s: i64, truth: Truth) -> CuffActivity {
        match &mut self.state {
            State::Planned { starts_s, due_s } if now_s >= *starts_s => {
                let ends_s = (*due_s).max(now_s + QUICKEST_S);
                let moved = truth.moves;
                self.state = State::Inflated { ends_s, seen: truth, is_second_try: false, moved };
                CuffActivity::Starts
            }
            State::Inflated { ends_s, seen, is_second_try, moved } => {
                *moved |= truth.moves;
                if now_s < *ends_s {
                    return CuffActivity::Measuring;
                }
                let (is_second_try, moved) = (*is_second_try, *moved);
                let seen = *seen;
                let failed = self.try_fails(is_second_try, moved);
                if failed && !is_second_try {
                    let ends_s = now_s + RETRY_TAKES_S;
                    self.state =
                        State::Inflated { ends_s, seen: truth, is_second_try: true, moved: false };
                    return CuffActivity::Measuring;
                }
                self.state = State::Idle;
                let ended = if failed { CuffActivity::Failed } else { self.end(seen) };
                self.plan_cadence(now_s, ended);
                self.plan_next();
                ended
            }
            State::Idle | State::Planned { .. } => CuffActivity::Idle,
        }
    }

    fn try_fails(&mut self, is_second_try: bool, moved: bool) -> bool {
        let Faults { first_try, first_try_moving, second_try, .. } = self.faults;
        let often = match (is_second_try, moved) {
            (true, _) => second_try,
            (false, true) => first_try_moving,
            (false, false) => first_try,
        };
        // A cuff that never fails uses no draw for it.
        often > 0.0 && self.draws.chance(often)
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
        let gross = self.size.error_mmhg() + self.bent_mmhg();
        let mmhg =
            |seen: f64, bias: f64, error: f64| libm::round(seen + bias + error + gross) as i32;
        let systolic = mmhg(seen.systolic, self.bias_systolic, systolic_error);
        let diastolic = mmhg(seen.diastolic, self.bias_diastolic, diastolic_error);
        Nibp::new(systolic, diastolic)
    }

    /// What a bent arm, or an arm that is leaned on, adds to this reading.
    fn bent_mmhg(&mut self) -> f64 {
        let once = std::mem::take(&mut self.bent_once_mmhg);
        if once != 0.0 {
            return once;
        }
        if self.faults.bent == 0.0 || !self.draws.chance(self.faults.bent) {
            return 0.0;
        }
        let by = self.draws.uniform(BENT_MMHG.0, BENT_MMHG.1);
        if self.draws.chance(0.5) { by } else { -by }
    }
}

#[cfg(test)]
mod tests;
