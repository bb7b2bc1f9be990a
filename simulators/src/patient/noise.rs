//! What varies from beat to beat, from breath to breath and over the half hour
//! (clinical.md#instruments).

use core::f64::consts::TAU;

use super::Change;
use super::decay::Decay;
use crate::Draws;

/// A value that wanders around 0 and is drawn back to it (Ornstein and Uhlenbeck).
#[derive(Debug, Clone)]
struct Wander {
    deviation: f64,
    back: Decay,
    kept: f64,
    spread: f64,
    value: f64,
}

impl Wander {
    fn new(deviation: f64, tau_s: f64) -> Self {
        Self { deviation, back: Decay::with_tau(tau_s), kept: 1.0, spread: 0.0, value: 0.0 }
    }

    /// The exact step, so that the spread does not depend on `dt_s`.
    fn step(&mut self, dt_s: f64, draws: &mut Draws) -> f64 {
        let kept = self.back.over(dt_s);
        if kept != self.kept {
            self.kept = kept;
            self.spread = self.deviation * libm::sqrt(1.0 - kept * kept);
        }
        self.value = self.value * kept + self.spread * draws.normal_within(0.0, 1.0, -3.0, 3.0);
        self.value
    }
}

/// The random variation of one patient.
#[derive(Debug, Clone)]
pub(super) struct Noise {
    scale: f64,
    elapsed_s: f64,
    systolic: Wander,
    diastolic: Wander,
    heart_rate: Wander,
    spo2: Wander,
    drift: Wander,
}

impl Noise {
    /// `scale` 0 = none, 1 = the spread of clinical.md#instruments, in between a calmer patient.
    pub(super) fn new(scale: f64) -> Self {
        Self {
            scale,
            elapsed_s: 0.0,
            systolic: Wander::new(4.0, 60.0),
            diastolic: Wander::new(2.5, 60.0),
            heart_rate: Wander::new(3.0, 30.0),
            // Shallow and deep breaths make a display change by one.
            spo2: Wander::new(0.4, 60.0),
            drift: Wander::new(3.0, 1200.0),
        }
    }

    /// What beat, breath and slow wave add, and what the drift adds.
    pub(super) fn step(&mut self, dt_s: f64, draws: &mut Draws) -> (Change, Change) {
        self.elapsed_s += dt_s;
        let slow_wave = libm::sin(TAU * 0.1 * self.elapsed_s);
        let breath = libm::sin(TAU * 0.25 * self.elapsed_s);
        let drift = self.scale * self.drift.step(dt_s, draws);
        let waves = 2.0 * slow_wave + 1.5 * breath;
        let systolic = self.systolic.step(dt_s, draws) + waves;
        // The waves and the drift of the diastolic are in the ratio of the two deviations.
        let share = self.diastolic.deviation / self.systolic.deviation;
        let diastolic = self.diastolic.step(dt_s, draws) + share * waves;
        let heart_rate = self.heart_rate.step(dt_s, draws) + 2.5 * breath;
        let spo2 = self.spo2.step(dt_s, draws);
        let beat = Change { systolic, diastolic, heart_rate, spo2, temp: 0.0 } * self.scale;
        (beat, Change { systolic: drift, diastolic: share * drift, ..Change::default() })
    }
}
