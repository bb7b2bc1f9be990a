/// What remains of a value after a step, if it fades with `tau_s`. The exponential is computed once
/// for a length of step, not at each: a session has thousands of steps, all of 1 s.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decay {
    tau_s: f64,
    dt_s: f64,
    kept: f64,
}

impl Decay {
    pub(super) fn with_tau(tau_s: f64) -> Self {
        Self { tau_s, dt_s: 0.0, kept: 1.0 }
    }

    /// The share kept over `dt_s`, 0..=1.
    pub(super) fn over(&mut self, dt_s: f64) -> f64 {
        if self.dt_s != dt_s {
            self.dt_s = dt_s;
            self.kept = libm::exp(-dt_s / self.tau_s);
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_tau_keeps_37_percent_and_a_step_of_another_length_its_own_share() {
        let mut decay = Decay::with_tau(60.0);
        assert!((decay.over(60.0) - 0.3679).abs() < 1e-4);
        assert!((decay.over(120.0) - 0.1353).abs() < 1e-4);
    }
}
