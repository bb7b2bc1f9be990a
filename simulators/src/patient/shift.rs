use super::Change;
use super::dip::Dip;

/// Values that change for a while: straight there, a plateau, and back with a tau.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    by: Change,
    shape: Dip,
    elapsed_s: f64,
}

impl Shift {
    /// By `by` within `over_s`, there for `lasting_s`, then back with `back_tau_s`.
    pub fn new(by: Change, over_s: f64, lasting_s: f64, back_tau_s: f64) -> Self {
        let shape = Dip { on_s: 0.0, fall_s: over_s, hold_s: lasting_s, tau_s: back_tau_s };
        Self { by, shape, elapsed_s: 0.0 }
    }

    /// Whether it has faded to nothing.
    pub(super) fn is_over(&self) -> bool {
        let Dip { fall_s, hold_s, tau_s, .. } = self.shape;
        self.elapsed_s > fall_s + hold_s + 20.0 * tau_s
    }

    pub(super) fn step(&mut self, dt_s: f64) -> Change {
        self.elapsed_s += dt_s;
        self.by * self.shape.at(self.elapsed_s)
    }
}
