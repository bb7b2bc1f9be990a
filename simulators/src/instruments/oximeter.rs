//! The finger clip: late, averaged, biased, in whole numbers, and sometimes off (CLINICAL 4.5).

use std::collections::VecDeque;

use crate::Draws;
use crate::patient::Truth;

/// From the lungs to the finger.
const FINGER_DELAY_S: usize = 20;
const AVERAGING_S: usize = 8;
const SEARCHING_S: u32 = 6;

/// How much a monitor trusts a value it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Trusted.
    Good,
    /// Shown with a question mark.
    Questionable,
}

/// Why there is no value. The words are those of the ingest frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SensorStatus {
    /// The clip is not on a finger.
    SensorOff,
    /// The clip is on a finger and looks for a pulse.
    Searching,
    /// The clip is on a finger in which no blood pulses.
    NoPulse,
    /// The clip is on a finger with too weak a pulse.
    LowPerfusion,
}

impl SensorStatus {
    /// The word in a `status` frame.
    pub fn word(self) -> &'static str {
        match self {
            Self::SensorOff => "sensor_off",
            Self::Searching => "searching",
            Self::NoPulse => "no_pulse",
            Self::LowPerfusion => "low_perfusion",
        }
    }
}

/// What the oximeter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oximetry {
    /// Numbers.
    Value {
        /// Percent, 1..=100.
        spo2: u32,
        /// 1/min.
        pulse_rate: u32,
        /// Whether the oximeter trusts them.
        quality: Quality,
    },
    /// No numbers, and why.
    Absent(SensorStatus),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Site {
    On,
    Slipping { left_s: u32 },
    Off,
    Searching { left_s: u32 },
}

/// Numbers as displayed, whatever the patient's are: 0, 127 and 101 among them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pretence {
    spo2: Option<u32>,
    pulse_rate: Option<u32>,
    left_s: u32,
}

/// The oximeter of one monitor on one patient.
#[derive(Debug, Clone)]
pub struct Oximeter {
    draws: Draws,
    bias_percent: f64,
    jitter: f64,
    saturations: VecDeque<f64>,
    heart_rates: VecDeque<f64>,
    site: Site,
    motion_left_s: u32,
    pretence: Option<Pretence>,
    last_good: Option<(u32, u32)>,
}

impl Oximeter {
    /// A clip on a finger. `scale` 0 = no bias and no jitter, 1 = as CLINICAL 4.5.
    pub fn new(mut draws: Draws, scale: f64) -> Self {
        Self {
            bias_percent: scale * draws.normal_within(0.0, 1.0, -1.5, 1.5),
            jitter: scale,
            draws,
            saturations: VecDeque::with_capacity(FINGER_DELAY_S + AVERAGING_S),
            heart_rates: VecDeque::with_capacity(AVERAGING_S),
            site: Site::On,
            motion_left_s: 0,
            pretence: None,
            last_good: None,
        }
    }

    /// The clip slips: 3 to 8 s of garbage, then it is off.
    pub fn slips(&mut self) {
        self.site = Site::Slipping { left_s: self.draws.uniform(3.0, 9.0) as u32 };
    }

    /// The clip is put back and looks for the pulse.
    pub fn resited(&mut self) {
        self.site = Site::Searching { left_s: SEARCHING_S };
    }

    /// The hand moves for so long.
    pub fn moves(&mut self, lasting_s: u32) {
        self.motion_left_s = lasting_s;
    }

    /// For so long it shows these, and trusts them; what is left out stays the patient's.
    pub fn pretends(&mut self, spo2: Option<u32>, pulse_rate: Option<u32>, lasting_s: u32) {
        self.pretence = Some(Pretence { spo2, pulse_rate, left_s: lasting_s });
    }

    /// One second passes. `is_squeezed`: a cuff on the same arm holds the blood back.
    pub fn step(&mut self, truth: Truth, is_squeezed: bool) -> Oximetry {
        keep(&mut self.saturations, truth.spo2, FINGER_DELAY_S + AVERAGING_S);
        keep(&mut self.heart_rates, truth.heart_rate, AVERAGING_S);
        let moves = truth.moves || self.motion_left_s > 0;
        self.motion_left_s = self.motion_left_s.saturating_sub(1);
        match self.site {
            Site::On => {
                let shown = if is_squeezed {
                    self.squeezed()
                } else if moves {
                    self.moving()
                } else if truth.has_poor_perfusion && self.draws.uniform(0.0, 1.0) < 0.5 {
                    Oximetry::Absent(SensorStatus::LowPerfusion)
                } else {
                    self.measured()
                };
                self.pretended(shown)
            }
            Site::Off => Oximetry::Absent(SensorStatus::SensorOff),
            Site::Slipping { left_s } => {
                self.site =
                    if left_s > 1 { Site::Slipping { left_s: left_s - 1 } } else { Site::Off };
                Oximetry::Value {
                    spo2: self.draws.uniform(60.0, 96.0) as u32,
                    pulse_rate: self.draws.uniform(40.0, 160.0) as u32,
                    quality: Quality::Questionable,
                }
            }
            Site::Searching { left_s } => {
                self.site =
                    if left_s > 1 { Site::Searching { left_s: left_s - 1 } } else { Site::On };
                Oximetry::Absent(SensorStatus::Searching)
            }
        }
    }

    /// 70 % nothing, 20 % the last value, 10 % a false one.
    fn squeezed(&mut self) -> Oximetry {
        let lot = self.draws.uniform(0.0, 1.0);
        let Some((spo2, pulse_rate)) = self.last_good.filter(|_| lot >= 0.7) else {
            return Oximetry::Absent(SensorStatus::NoPulse);
        };
        let error = if lot >= 0.9 { self.draws.normal_within(2.9, 5.0, -17.0, 17.0) } else { 0.0 };
        let spo2 = libm::round(f64::from(spo2) + error).clamp(1.0, 100.0) as u32;
        Oximetry::Value { spo2, pulse_rate, quality: Quality::Good }
    }

    /// Numbers of the movement and not of the blood, and the oximeter knows it.
    fn moving(&mut self) -> Oximetry {
        let lost = self.draws.uniform(3.0, 20.0) as u32;
        let pulse_rate = self.draws.uniform(40.0, 161.0) as u32;
        match self.measured() {
            Oximetry::Value { spo2, .. } => Oximetry::Value {
                spo2: spo2.saturating_sub(lost).max(1),
                pulse_rate,
                quality: Quality::Questionable,
            },
            absent @ Oximetry::Absent(_) => absent,
        }
    }

    fn pretended(&mut self, shown: Oximetry) -> Oximetry {
        let Some(pretence) = &mut self.pretence else { return shown };
        let Pretence { spo2: false_spo2, pulse_rate: false_pulse_rate, .. } = *pretence;
        pretence.left_s = pretence.left_s.saturating_sub(1);
        if pretence.left_s == 0 {
            self.pretence = None;
        }
        match shown {
            Oximetry::Value { spo2, pulse_rate, quality } => Oximetry::Value {
                spo2: false_spo2.unwrap_or(spo2),
                pulse_rate: false_pulse_rate.unwrap_or(pulse_rate),
                quality,
            },
            absent @ Oximetry::Absent(_) => absent,
        }
    }

    fn measured(&mut self) -> Oximetry {
        // The oldest eight are those that have reached the finger.
        let at_finger = mean(self.saturations.iter().take(AVERAGING_S));
        let jitter = self.jitter * self.draws.uniform(-1.0, 1.0);
        let spo2 = libm::round(at_finger + self.bias_percent).clamp(1.0, 100.0);
        let pulse_rate = libm::round(mean(self.heart_rates.iter()) + jitter);
        let (spo2, pulse_rate) = (spo2 as u32, pulse_rate as u32);
        self.last_good = Some((spo2, pulse_rate));
        Oximetry::Value { spo2, pulse_rate, quality: Quality::Good }
    }
}

/// Appends to a window of `length` values; the first value fills the whole window.
fn keep(window: &mut VecDeque<f64>, value: f64, length: usize) {
    if window.len() == length {
        window.pop_front();
    }
    while window.len() < length {
        window.push_back(value);
    }
}

fn mean<'a>(values: impl ExactSizeIterator<Item = &'a f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::{Event, Obstruction, Patient, Traits};

    /// What the display shows in each second after breathing weakened (index 0 = at once).
    fn displayed(obstruction: Obstruction, lasting_s: f64) -> Vec<u32> {
        // The saturation of undisturbed lungs in the model; the display shows 97.
        let traits = Traits { spo2: 97.39, ..Traits::typical() };
        let mut patient = Patient::new(Draws::new(1, 1), traits);
        let mut oximeter = Oximeter::new(Draws::new(1, 2), 0.0);
        oximeter.step(patient.step(1.0), false);
        patient.happens(Event::Obstructed { obstruction, lasting_s });
        (0..240)
            .map(|_| match oximeter.step(patient.step(1.0), false) {
                Oximetry::Value { spo2, .. } => spo2,
                Oximetry::Absent(status) => panic!("the clip is on, but {status:?}"),
            })
            .collect()
    }

    /// The second in which the last `run` values were all at or under `limit`.
    fn at_or_under(shown: &[u32], limit: u32, run: usize) -> Option<usize> {
        (run..=shown.len()).find(|end| shown[end - run..*end].iter().all(|spo2| *spo2 <= limit))
    }

    fn assert_near(found: Option<usize>, expected_s: usize) {
        let found = found.expect("the display gets there");
        assert!(found.abs_diff(expected_s) <= 3, "at {found} s, expected {expected_s} s");
    }

    /// The lowest value, and that it is shown at about this second.
    fn assert_lowest(shown: &[u32], expected: u32, at_s: usize) {
        let lowest = *shown.iter().min().expect("240 values");
        assert!(lowest.abs_diff(expected) <= 1, "lowest {lowest}");
        let seconds = (1..).zip(shown).filter(|(_, spo2)| **spo2 == lowest);
        let nearest = seconds.map(|(second, _)| second).min_by_key(|s: &usize| s.abs_diff(at_s));
        assert_near(nearest, at_s);
    }

    #[test]
    fn no_breathing_for_60_s_follows_clinical_5() {
        let shown = displayed(Obstruction::Apnoea, 60.0);
        assert_lowest(&shown, 72, 81);
        assert_near(at_or_under(&shown, 92, 1), 54);
        assert_near(at_or_under(&shown, 92, 30), 83);
        assert_near(at_or_under(&shown, 89, 15), 75);
        assert_near(at_or_under(&shown, 85, 5), 72);
        assert_near((81..240).find(|second| shown[second - 1] >= 94), 96);
    }

    #[test]
    fn a_breath_hold_of_30_s_stays_above_92() {
        let shown = displayed(Obstruction::Apnoea, 30.0);
        assert_lowest(&shown, 93, 50);
        assert_eq!(at_or_under(&shown, 92, 1), None);
    }

    #[test]
    fn obstruction_for_90_s_follows_clinical_5() {
        let shown = displayed(Obstruction::Marked, 90.0);
        assert_lowest(&shown, 86, 110);
        assert_near(at_or_under(&shown, 92, 1), 83);
        assert_near(at_or_under(&shown, 92, 30), 112);
        assert_near(at_or_under(&shown, 89, 15), 113);
        assert_eq!(at_or_under(&shown, 85, 5), None);
    }

    #[test]
    fn mild_obstruction_for_150_s_reaches_only_the_caution() {
        let shown = displayed(Obstruction::Mild, 150.0);
        assert_lowest(&shown, 90, 165);
        assert_near(at_or_under(&shown, 92, 1), 143);
        assert_near(at_or_under(&shown, 92, 30), 172);
        assert_eq!(at_or_under(&shown, 89, 15), None);
        assert_near((166..240).find(|second| shown[second - 1] >= 94), 185);
    }

    #[test]
    fn a_probe_that_slips_shows_3_to_8_questionable_seconds_and_then_is_off() {
        for seed in 0..50 {
            let mut patient = Patient::new(Draws::new(seed, 1), Traits::typical());
            let mut oximeter = Oximeter::new(Draws::new(seed, 2), 1.0);
            oximeter.slips();
            let garbage = (0..20)
                .map(|_| oximeter.step(patient.step(1.0), false))
                .take_while(|shown| {
                    matches!(
                        shown,
                        Oximetry::Value { spo2: 60..=95, quality: Quality::Questionable, .. }
                    )
                })
                .count();
            assert!((3..=8).contains(&garbage), "seed {seed}: {garbage} s");
            let shown = oximeter.step(patient.step(1.0), false);
            assert_eq!(shown, Oximetry::Absent(SensorStatus::SensorOff));
        }
    }

    fn steps(oximeter: &mut Oximeter, seconds: usize, is_squeezed: bool) -> Vec<Oximetry> {
        let mut patient = Patient::new(Draws::new(1, 1), Traits::typical());
        (0..seconds).map(|_| oximeter.step(patient.step(1.0), is_squeezed)).collect()
    }

    #[test]
    fn motion_shows_78_to_94_and_a_pulse_of_40_to_160_and_marks_both() {
        let mut oximeter = Oximeter::new(Draws::new(1, 2), 0.0);
        oximeter.moves(40);
        let shown = steps(&mut oximeter, 60, false);
        assert!(shown[..40].iter().all(|shown| matches!(
            shown,
            Oximetry::Value { spo2: 78..=94, pulse_rate: 40..=160, quality: Quality::Questionable }
        )));
        let calm = Oximetry::Value { spo2: 97, pulse_rate: 72, quality: Quality::Good };
        assert!(shown[40..].iter().all(|shown| *shown == calm));
    }

    #[test]
    fn a_cuff_on_the_same_arm_leaves_a_value_in_three_of_ten_seconds() {
        let mut oximeter = Oximeter::new(Draws::new(1, 2), 0.0);
        steps(&mut oximeter, 10, false);
        let shown = steps(&mut oximeter, 1000, true);
        let none =
            shown.iter().filter(|shown| **shown == Oximetry::Absent(SensorStatus::NoPulse)).count();
        let frozen = shown
            .iter()
            .filter(|shown| matches!(shown, Oximetry::Value { spo2: 97, pulse_rate: 72, .. }))
            .count();
        assert!((650..=750).contains(&none), "{none}");
        assert!((170..=250).contains(&frozen), "{frozen}");
    }

    #[test]
    fn an_oximeter_may_show_what_no_patient_has() {
        let mut oximeter = Oximeter::new(Draws::new(1, 2), 0.0);
        oximeter.pretends(Some(127), None, 2);
        let spo2: Vec<_> = steps(&mut oximeter, 3, false)
            .into_iter()
            .map(|shown| match shown {
                Oximetry::Value { spo2, pulse_rate: 72, .. } => spo2,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(spo2, [127, 127, 97]);
    }
}
