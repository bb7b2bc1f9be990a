//! What arriving, a needle and talking add for a while (clinical.md#arrival-and-cannulation).

use super::{Change, Shift};

/// Arriving, at its peak; it fades with `COAT_TAU_S`.
pub(super) const COAT: Change =
    Change { systolic: 8.0, diastolic: 3.0, heart_rate: 6.0, spo2: 0.0, temp: 0.0 };
pub(super) const COAT_TAU_S: f64 = 480.0;

const NEEDLE: Change =
    Change { systolic: 8.0, diastolic: 0.0, heart_rate: 12.0, spo2: 0.0, temp: 0.0 };
const NEEDLE_TAU_S: f64 = 120.0;

const TALK: Change =
    Change { systolic: 8.0, diastolic: 5.0, heart_rate: 0.0, spo2: 0.0, temp: 0.0 };
const HUSH_TAU_S: f64 = 5.0;

/// The pain of a cannula.
pub(super) fn needle() -> Shift {
    Shift::new(NEEDLE, 0.0, 0.0, NEEDLE_TAU_S)
}

/// Talking, for this long.
pub(super) fn talk(lasting_s: f64) -> Shift {
    Shift::new(TALK, 0.0, lasting_s, HUSH_TAU_S)
}

#[cfg(test)]
mod tests {
    use crate::Draws;
    use crate::patient::{Event, Patient, Traits, Truth};

    fn after(event: Option<Event>, white_coat: f64, seconds: usize) -> Truth {
        let traits = Traits { white_coat, ..Traits::typical() };
        let mut patient = Patient::new(Draws::new(1, 1), traits);
        event.into_iter().for_each(|event| patient.happens(event));
        (0..seconds).map(|_| patient.step(1.0)).last().expect("some seconds")
    }

    fn assert_at(truth: Truth, systolic: f64, diastolic: f64, heart_rate: f64) {
        assert!((truth.systolic - systolic).abs() < 0.2, "{truth:?}");
        assert!((truth.diastolic - diastolic).abs() < 0.2, "{truth:?}");
        assert!((truth.heart_rate - heart_rate).abs() < 0.2, "{truth:?}");
    }

    #[test]
    fn arriving_adds_8_3_and_6_and_37_percent_of_it_are_left_after_8_min() {
        assert_at(after(None, 1.0, 1), 132.0, 81.0, 78.0);
        assert_at(after(None, 1.0, 480), 124.0 + 2.94, 78.0 + 1.1, 72.0 + 2.2);
    }

    #[test]
    fn a_needle_adds_8_and_12_and_37_percent_of_it_are_left_after_2_min() {
        assert_at(after(Some(Event::Needle), 0.0, 1), 132.0, 78.0, 84.0);
        assert_at(after(Some(Event::Needle), 0.0, 121), 124.0 + 2.94, 78.0, 72.0 + 4.4);
    }

    #[test]
    fn talking_adds_8_5_while_it_lasts() {
        let talk = Event::Talks { lasting_s: 60.0 };
        assert_at(after(Some(talk), 0.0, 30), 132.0, 83.0, 72.0);
        assert_at(after(Some(talk), 0.0, 90), 124.0, 78.0, 72.0);
    }
}
