use crate::vitals::Millis;

/// Times to points across.
#[derive(Clone, Copy)]
pub(super) struct Across {
    pub(super) from: Millis,
    pub(super) to: Millis,
    pub(super) left: f64,
    pub(super) right: f64,
}

impl Across {
    pub(super) fn x(&self, at: Millis) -> f64 {
        let all = self.to.since(self.from).max(1) as f64;
        let part = at.since(self.from) as f64 / all;
        self.left + part.clamp(0.0, 1.0) * (self.right - self.left)
    }

    pub(super) fn ms_per_point(&self) -> f64 {
        self.to.since(self.from).max(1) as f64 / (self.right - self.left)
    }
}

/// Values of one panel to points down.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) lowest: f64,
    pub(super) highest: f64,
    pub(super) step: f64,
}

impl Panel {
    pub(super) fn y(&self, value: f64) -> f64 {
        let part = (value - self.lowest) / (self.highest - self.lowest);
        self.bottom - part.clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    pub(super) fn holds(&self, value: f64) -> bool {
        (self.lowest..=self.highest).contains(&value)
    }

    /// A panel from `usual`, extended by whole steps to include these values.
    pub(super) fn holding(
        (top, bottom): (f64, f64),
        (mut lowest, mut highest): (f64, f64),
        step: f64,
        values: impl Iterator<Item = f64>,
    ) -> Self {
        for value in values.filter(|value| value.is_finite()) {
            lowest = lowest.min((value / step).floor() * step);
            highest = highest.max((value / step).ceil() * step);
        }
        Self { top, bottom, lowest, highest, step }
    }

    /// The values at which the axis is labelled: at most nine.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let mut step = self.step;
        while (self.highest - self.lowest) / step > 8.0 {
            step *= 2.0;
        }
        let first = (self.lowest / step).ceil() * step;
        let count = ((self.highest - first) / step).floor() as usize;
        (0..=count).map(|n| first + n as f64 * step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_holds_what_is_drawn_in_it() {
        let panel = Panel::holding((0.0, 100.0), (60.0, 200.0), 20.0, [52.0, 214.0].into_iter());
        assert_eq!((panel.lowest, panel.highest), (40.0, 220.0));
        assert_eq!((panel.y(40.0), panel.y(220.0)), (100.0, 0.0));
        assert!(panel.ticks().len() <= 9, "{:?}", panel.ticks());
    }
}
