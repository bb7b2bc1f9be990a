use super::Change;
use super::decay::Decay;

const ON_TAU_S: f64 = 10.0;
const OFF_TAU_S: f64 = 180.0;

/// Pressure above what the drug explains.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surge {
    by: Change,
    left_s: f64,
    height: f64,
    coming: Decay,
    going: Decay,
}

impl Default for Surge {
    fn default() -> Self {
        Self {
            by: Change::default(),
            left_s: 0.0,
            height: 0.0,
            coming: Decay::with_tau(ON_TAU_S),
            going: Decay::with_tau(OFF_TAU_S),
        }
    }
}

impl Surge {
    /// It starts from the height that it has.
    pub(super) fn begins(&mut self, by: Change, lasting_s: f64) {
        self.by = by;
        self.left_s = lasting_s;
    }

    pub(super) fn step(&mut self, dt_s: f64) -> Change {
        let is_on = self.left_s > 0.0;
        if !is_on && self.height == 0.0 {
            return Change::default();
        }
        let (aim, decay) = if is_on { (1.0, &mut self.coming) } else { (0.0, &mut self.going) };
        self.height = aim + (self.height - aim) * decay.over(dt_s);
        self.left_s = (self.left_s - dt_s).max(0.0);
        self.by * self.height
    }
}
