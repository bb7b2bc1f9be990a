/// The shape of most events: nothing before `on_s`, straight to 1 within `fall_s`, 1 for
/// `hold_s`, then back with `tau_s` (clinical.md#events, "dip").
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dip {
    pub(super) on_s: f64,
    pub(super) fall_s: f64,
    pub(super) hold_s: f64,
    pub(super) tau_s: f64,
}

impl Dip {
    /// How much of the event there is after `elapsed_s`, 0..=1.
    pub(super) fn at(&self, elapsed_s: f64) -> f64 {
        let since_on_s = elapsed_s - self.on_s;
        let since_hold_s = since_on_s - self.fall_s;
        if since_on_s <= 0.0 {
            0.0
        } else if since_hold_s < 0.0 {
            since_on_s / self.fall_s
        } else if since_hold_s <= self.hold_s {
            1.0
        } else {
            libm::exp(-(since_hold_s - self.hold_s) / self.tau_s)
        }
    }

    /// Whether it is at its full height.
    pub(super) fn holds(&self, elapsed_s: f64) -> bool {
        let since_hold_s = elapsed_s - self.on_s - self.fall_s;
        (0.0..=self.hold_s).contains(&since_hold_s)
    }
}
