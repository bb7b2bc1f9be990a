//! Medicines that staff give besides the treatment (clinical.md#events).

mod clonidine;
mod hydralazine;
mod labetalol;
mod midazolam;

use super::Change;
use crate::Draws;

/// A medicine, in the usual single dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medicine {
    /// 10 to 20 mg into the vein.
    Labetalol,
    /// 0.1 mg by mouth.
    Clonidine,
    /// 10 mg into the vein.
    Hydralazine,
    /// 1 mg into the vein.
    Midazolam,
}

/// What one dose does to one patient.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Effect {
    full: Change,
    /// Nothing happens before this.
    lag_s: f64,
    /// How fast it sets in, and how fast it wears off after `lasts_s`.
    tau_s: f64,
    lasts_s: f64,
    /// Steps of the MOAA/S scale by which it sedates.
    sedates: u32,
    /// The share of restlessness that remains at full effect.
    restlessness_left: f64,
}

impl Effect {
    /// Its share after `elapsed_s`, 0..=1.
    fn share(&self, elapsed_s: f64) -> f64 {
        let since_s = elapsed_s - self.lag_s;
        if since_s <= 0.0 {
            return 0.0;
        }
        let came = 1.0 - libm::exp(-since_s.min(self.lasts_s) / self.tau_s);
        came * libm::exp(-(since_s - self.lasts_s).max(0.0) / self.tau_s)
    }
}

/// A dose, from when it was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dose {
    effect: Effect,
    elapsed_s: f64,
    share: f64,
}

impl Dose {
    /// `spread` 0 = the typical effect, 1 = as patients differ.
    pub(super) fn new(medicine: Medicine, spread: f64, draws: &mut Draws) -> Self {
        let effect = match medicine {
            Medicine::Labetalol => labetalol::effect(spread, draws),
            Medicine::Clonidine => clonidine::effect(spread, draws),
            Medicine::Hydralazine => hydralazine::effect(spread, draws),
            Medicine::Midazolam => midazolam::effect(),
        };
        Self { effect, elapsed_s: 0.0, share: 0.0 }
    }

    pub(super) fn step(&mut self, dt_s: f64) -> Change {
        self.elapsed_s += dt_s;
        self.share = self.effect.share(self.elapsed_s);
        self.effect.full * self.share
    }

    /// Steps of the MOAA/S scale that it takes now.
    pub(super) fn sedation(&self) -> u32 {
        if self.share >= 0.5 { self.effect.sedates } else { 0 }
    }

    /// The share of restlessness that remains now.
    pub(super) fn restlessness_left(&self) -> f64 {
        1.0 - (1.0 - self.effect.restlessness_left) * self.share
    }
}

/// The typical patient's values this many minutes after a dose.
#[cfg(test)]
fn after(medicine: Medicine, minutes: u32) -> Change {
    let mut given = Dose::new(medicine, 0.0, &mut Draws::new(1, 1));
    (0..minutes * 60).map(|_| given.step(1.0)).last().unwrap_or_default()
}
