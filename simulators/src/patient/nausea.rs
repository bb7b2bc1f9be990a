//! Feeling sick, or being sick: a quick heart and then a slow one (clinical.md#events).

use super::Change;

const FAST_S: f64 = 60.0;
const SLOW_S: f64 = 60.0;
const FAST_BPM: f64 = 15.0;
const SLOW_BPM: f64 = -10.0;
const MOVES_S: f64 = 30.0;

/// A spell, from its beginning.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Nausea {
    elapsed_s: f64,
}

impl Nausea {
    pub(super) fn step(&mut self, dt_s: f64) -> Change {
        self.elapsed_s += dt_s;
        let heart_rate = if self.elapsed_s <= FAST_S {
            FAST_BPM
        } else if self.elapsed_s <= FAST_S + SLOW_S {
            SLOW_BPM
        } else {
            0.0
        };
        Change { heart_rate, ..Change::default() }
    }

    pub(super) fn moves(self) -> bool {
        self.elapsed_s <= MOVES_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heart_is_15_faster_for_a_minute_then_10_slower_for_one_and_the_hand_moves_for_30_s() {
        let mut nausea = Nausea::default();
        let seconds: Vec<_> =
            (0..180).map(|_| (nausea.step(1.0).heart_rate, nausea.moves())).collect();
        assert!(seconds[..60].iter().all(|(bpm, _)| *bpm == 15.0));
        assert!(seconds[60..120].iter().all(|(bpm, _)| *bpm == -10.0));
        assert!(seconds[120..].iter().all(|(bpm, _)| *bpm == 0.0));
        assert_eq!(seconds.iter().filter(|(_, moves)| *moves).count(), 30);
    }
}
