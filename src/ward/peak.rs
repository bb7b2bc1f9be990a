//! How far a patient's values went during a treatment: the highest pressures and heart rate, and
//! the lowest saturation, since the infusion first ran.

use std::collections::BTreeMap;

use crate::contract::Peak;
use crate::room::{Latest, Room};
use crate::vitals::{Decimal, Millis, Pressure, Quality, Source, Value, Vital};

/// The most pressures of one treatment that can still be corrected. Of earlier ones the highest
/// counts.
const MAX_REVISABLE: usize = 64;

/// The peak of a session, as the ward keeps it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PeakSoFar {
    /// The peak of pressures that are no longer in `pressures`, and of heart rate and saturation.
    settled: Peak,
    /// In order of measurement.
    pressures: BTreeMap<Millis, Pressure>,
}

impl PeakSoFar {
    /// Continues from what a restart found.
    pub(super) fn of(settled: Peak) -> Self {
        Self { settled, pressures: BTreeMap::new() }
    }

    /// The peak as it is now.
    pub(super) fn now(&self) -> Peak {
        self.pressures.values().fold(self.settled, raised_by)
    }

    /// Takes in what the room knows now. Returns whether anything has changed.
    pub(super) fn note(&mut self, room: &Room, may_be_pressures: bool) -> bool {
        let started = room.session().and_then(|session| session.started_at);
        let Some(started) = started else { return false };
        let before = self.now();
        for latest in room.latest() {
            self.note_continuous(latest, started, room.now());
        }
        if may_be_pressures {
            self.note_pressures(&room.pressures(), started);
        }
        self.now() != before
    }

    fn note_continuous(&mut self, latest: &Latest, started: Millis, now: Millis) {
        if latest.source == Source::Demo || latest.heard_at < started {
            return;
        }
        let Some((Value::Number(value), Quality::Good)) = latest.value_at(now) else { return };
        let Peak { heart_rate, spo2, .. } = &mut self.settled;
        match latest.vital {
            Vital::HeartRate | Vital::PulseRate => *heart_rate = higher(*heart_rate, Some(value)),
            Vital::Spo2 => *spo2 = spo2.map_or(Some(value), |known| Some(known.min(value))),
            _ => {}
        }
    }

    /// From the oldest pressure that it knows on, the room knows every pressure there is: one that
    /// was corrected has its new numbers, and one that was taken back is gone.
    fn note_pressures(&mut self, known: &[(Millis, Pressure)], started: Millis) {
        let oldest = known.iter().map(|(at, _)| *at).min();
        self.pressures.retain(|at, _| oldest.is_some_and(|oldest| *at < oldest));
        self.pressures.extend(known.iter().copied().filter(|(at, _)| *at >= started));
        while self.pressures.len() > MAX_REVISABLE {
            let oldest = self.pressures.pop_first();
            self.settled = oldest.iter().fold(self.settled, |peak, (_, old)| raised_by(peak, old));
        }
    }
}

fn raised_by(peak: Peak, pressure: &Pressure) -> Peak {
    Peak {
        systolic: higher(peak.systolic, pressure.systolic),
        diastolic: higher(peak.diastolic, pressure.diastolic),
        ..peak
    }
}

fn higher(known: Option<Decimal>, value: Option<Decimal>) -> Option<Decimal> {
    known.max(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressure(systolic: i32) -> Pressure {
        let part = |value| Some(Decimal::whole(value));
        Pressure { systolic: part(systolic), diastolic: part(systolic - 50), mean: None }
    }

    fn systolic(peak: &PeakSoFar) -> Option<Decimal> {
        peak.now().systolic
    }

    #[test]
    fn the_highest_pressure_since_the_start_counts_as_it_was_put_right() {
        let mut peak = PeakSoFar::default();
        let at = |minute: i64| Millis(minute * 60_000);
        let mut known =
            vec![(at(0), pressure(200)), (at(5), pressure(150)), (at(10), pressure(190))];
        peak.note_pressures(&known, at(1));
        assert_eq!(systolic(&peak), Some(Decimal::whole(190)));
        assert_eq!(peak.now().diastolic, Some(Decimal::whole(140)));
        known[2].1 = pressure(140);
        peak.note_pressures(&known, at(1));
        assert_eq!(systolic(&peak), Some(Decimal::whole(150)), "it was corrected");
        known.remove(1);
        peak.note_pressures(&known, at(1));
        assert_eq!(systolic(&peak), Some(Decimal::whole(140)), "it was taken back");
        peak.note_pressures(&[], at(1));
        assert_eq!(systolic(&peak), None, "all were");
    }

    #[test]
    fn so_many_pressures_can_be_put_right_and_of_earlier_ones_the_highest_counts() {
        let mut peak = PeakSoFar::default();
        for minute in 0..=MAX_REVISABLE as i64 {
            let systolic = if minute == 0 { 222 } else { 120 };
            peak.note_pressures(&[(Millis(minute), pressure(systolic))], Millis(0));
        }
        assert_eq!(peak.pressures.len(), MAX_REVISABLE);
        assert_eq!(systolic(&peak), Some(Decimal::whole(222)));
        assert_eq!(systolic(&PeakSoFar::of(peak.now())), Some(Decimal::whole(222)));
    }
}
