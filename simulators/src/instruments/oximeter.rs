//! The finger clip: late, averaged, biased, in whole numbers, and sometimes off
//! (clinical.md#instruments).

use std::collections::VecDeque;

use crate::Draws;
use crate::patient::Truth;

/// From the lungs to the finger, seconds: usual, least and greatest.
const FINGER_DELAY_S: usize = 20;
const DELAYS_S: (f64, f64) = (15.0, 26.0);
const AVERAGING_S: usize = 8;
const SEARCHING_S: u32 = 6;

/// How much a monitor trusts a value that it shows.
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
    /// The clip is on a finger without a pulse.
    NoPulse,
    /// The clip is on a finger with too weak a pulse.
    LowPerfusion,
    /// No clip is plugged in.
    NoSensor,
    /// There is too much noise to find a pulse.
    Noisy,
    /// The pulse is there, but no two beats agree.
    Erratic,
    /// The monitor shows "-?-".
    Invalid,
    /// Clip or monitor is broken.
    Malfunction,
    /// A cuff on the same arm: the last value is older than usual.
    ExtendedUpdate,
}

impl SensorStatus {
    /// The word in a `status` frame.
    pub fn word(self) -> &'static str {
        match self {
            Self::SensorOff => "sensor_off",
            Self::Searching => "searching",
            Self::NoPulse => "no_pulse",
            Self::LowPerfusion => "low_perfusion",
            Self::NoSensor => "no_sensor",
            Self::Noisy => "noisy",
            Self::Erratic => "erratic",
            Self::Invalid => "invalid",
            Self::Malfunction => "malfunction",
            Self::ExtendedUpdate => "extended_update",
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

/// Numbers as displayed, whatever the patient's are: including 0, 127 and 101.
#[derive(Debug, Clone, Copy, PartialEq)]
struct FalseReading {
    spo2: Option<u32>,
    pulse_rate: Option<u32>,
    left_s: u32,
}

/// What a moving hand does to the numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Artefact {
    /// As in scenario 15 of clinical.md#scenarios: saturation down by 3 to 20, any pulse from 40 to
    /// 160.
    Wide,
    /// As in clinical.md#instruments: saturation down by 3 to 15, pulse off by up to 30 or counted
    /// twice.
    Usual,
}

/// Motion that the oximeter does not notice.
#[derive(Debug, Clone)]
struct MissedMotion {
    /// The share of the bursts, 0..=1.
    share: f64,
    draws: Draws,
}

/// The oximeter of one monitor on one patient.
#[derive(Debug, Clone)]
pub struct Oximeter {
    draws: Draws,
    bias_percent: f64,
    delay_s: usize,
    artefact: Artefact,
    jitter: f64,
    saturations: VecDeque<f64>,
    heart_rates: VecDeque<f64>,
    site: Site,
    motion_left_s: u32,
    overlooked: Option<MissedMotion>,
    /// While the hand moves: how far the oximeter trusts the numbers of this burst.
    moved: Option<Quality>,
    cold_left_s: u32,
    lost: Option<(SensorStatus, u32)>,
    pretence: Option<FalseReading>,
    last_good: Option<(u32, u32)>,
}

impl Oximeter {
    /// A clip on a finger. `scale` 0 = no bias and no jitter, 1 = as in clinical.md#instruments.
    pub fn new(mut draws: Draws, scale: f64) -> Self {
        Self {
            bias_percent: scale * draws.normal_within(0.0, 1.0, -1.5, 1.5),
            delay_s: FINGER_DELAY_S,
            artefact: Artefact::Wide,
            jitter: scale,
            draws,
            saturations: VecDeque::with_capacity(FINGER_DELAY_S + AVERAGING_S),
            heart_rates: VecDeque::with_capacity(AVERAGING_S),
            site: Site::On,
            motion_left_s: 0,
            overlooked: None,
            moved: None,
            cold_left_s: 0,
            lost: None,
            pretence: None,
            last_good: None,
        }
    }

    /// A clip as in clinical.md#instruments: the delay to this finger is 15 to 25 s, and the bias
    /// may be large.
    pub fn fallible(mut draws: Draws) -> Self {
        let bias_percent = draws.normal_within(0.0, 1.0, -3.0, 3.0);
        let delay_s = draws.uniform(DELAYS_S.0, DELAYS_S.1) as usize;
        let length = delay_s + AVERAGING_S;
        Self {
            bias_percent,
            delay_s,
            artefact: Artefact::Usual,
            saturations: VecDeque::with_capacity(length),
            ..Self::new(draws, 1.0)
        }
    }

    /// The finger is cold for this long: the values stay what they were, and are doubted.
    pub fn cools(&mut self, lasting_s: u32) {
        self.cold_left_s = lasting_s;
    }

    /// It has no values for this long, and says why.
    pub fn loses(&mut self, status: SensorStatus, lasting_s: u32) {
        self.lost = Some((status, lasting_s));
    }

    /// The clip slips: 3 to 8 s of garbage, then it is off.
    pub fn slips(&mut self) {
        self.site = Site::Slipping { left_s: self.draws.uniform(3.0, 9.0) as u32 };
    }

    /// The clip is put back and looks for the pulse.
    pub fn resited(&mut self) {
        self.site = Site::Searching { left_s: SEARCHING_S };
    }

    /// The hand moves for this long; `is_noticed`: the numbers are doubted.
    pub fn moves(&mut self, lasting_s: u32, is_noticed: bool) {
        self.motion_left_s = lasting_s;
        self.moved = (!is_noticed).then_some(Quality::Good);
    }

    /// It does not notice this many of 100 bursts of motion.
    pub fn overlooks_motion(&mut self, percent: u32, draws: Draws) {
        let share = f64::from(percent) / 100.0;
        self.overlooked = (percent > 0).then_some(MissedMotion { share, draws });
    }

    /// For this long it shows these values, and trusts them; what is left out stays the patient's.
    pub fn pretends(&mut self, spo2: Option<u32>, pulse_rate: Option<u32>, lasting_s: u32) {
        self.pretence = Some(FalseReading { spo2, pulse_rate, left_s: lasting_s });
    }

    /// One second passes. `is_squeezed`: a cuff on the same arm holds the blood back.
    pub fn step(&mut self, truth: Truth, is_squeezed: bool) -> Oximetry {
        keep(&mut self.saturations, truth.spo2, self.delay_s + AVERAGING_S);
        keep(&mut self.heart_rates, truth.heart_rate, AVERAGING_S);
        let moves = truth.moves || self.motion_left_s > 0;
        self.motion_left_s = self.motion_left_s.saturating_sub(1);
        self.moved = moves.then(|| self.moved.unwrap_or_else(|| self.noticed()));
        match self.site {
            Site::On => {
                let shown = if let Some(status) = self.lost() {
                    Oximetry::Absent(status)
                } else if is_squeezed {
                    self.squeezed()
                } else if let Some(trust) = self.moved {
                    self.moving(trust)
                } else if self.cold_left_s > 0 {
                    self.cold()
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

    fn lost(&mut self) -> Option<SensorStatus> {
        let (status, left_s) = self.lost?;
        self.lost = (left_s > 1).then_some((status, left_s - 1));
        Some(status)
    }

    /// The last values, and a doubt.
    fn cold(&mut self) -> Oximetry {
        self.cold_left_s -= 1;
        let Some((spo2, pulse_rate)) = self.last_good else {
            return Oximetry::Absent(SensorStatus::LowPerfusion);
        };
        Oximetry::Value { spo2, pulse_rate, quality: Quality::Questionable }
    }

    /// Whether it notices a burst of motion that begins now.
    fn noticed(&mut self) -> Quality {
        let is_overlooked = self
            .overlooked
            .as_mut()
            .is_some_and(|MissedMotion { share, draws }| draws.chance(*share));
        if is_overlooked { Quality::Good } else { Quality::Questionable }
    }

    /// Numbers from the movement, not from the blood.
    fn moving(&mut self, quality: Quality) -> Oximetry {
        let most = match self.artefact {
            Artefact::Wide => 20.0,
            Artefact::Usual => 16.0,
        };
        let lost = self.draws.uniform(3.0, most) as u32;
        let lot = self.draws.uniform(40.0, 161.0);
        match self.measured() {
            Oximetry::Value { spo2, pulse_rate, .. } => Oximetry::Value {
                spo2: spo2.saturating_sub(lost).max(1),
                pulse_rate: match self.artefact {
                    Artefact::Wide => lot as u32,
                    Artefact::Usual => miscounted(pulse_rate, (lot - 40.0) / 121.0),
                },
                quality,
            },
            absent @ Oximetry::Absent(_) => absent,
        }
    }

    fn pretended(&mut self, shown: Oximetry) -> Oximetry {
        let Some(pretence) = &mut self.pretence else { return shown };
        let FalseReading { spo2: false_spo2, pulse_rate: false_pulse_rate, .. } = *pretence;
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

/// A pulse in a moving hand: counted twice in one second of four, otherwise off by up to 30. `lot`
/// 0..1.
fn miscounted(pulse_rate: u32, lot: f64) -> u32 {
    if lot < 0.25 {
        return (2 * pulse_rate).min(250);
    }
    let off = 80.0 * (lot - 0.25) - 30.0;
    libm::round(f64::from(pulse_rate) + off).clamp(20.0, 250.0) as u32
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
mod tests;
