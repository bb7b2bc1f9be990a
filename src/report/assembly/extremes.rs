//! The furthest that the values of monitors and people went since the infusion first ran, as
//! `GET sessions/{id}` shows it while the session runs, with their times.

use crate::room::Room;
use crate::vitals::{Decimal, Millis, Quality, Source, Value, Vital, moved};

/// A value and when it first occurred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct At {
    pub(super) value: Decimal,
    pub(super) at: Millis,
}

moved!(At { moves: at; stays: value });

/// Lowest and highest of heart rate and SpO2. Pressures may still be corrected: theirs are taken
/// from the list of pressures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extremes {
    pub(super) highest_heart_rate: Option<At>,
    pub(super) lowest_heart_rate: Option<At>,
    pub(super) highest_spo2: Option<At>,
    pub(super) lowest_spo2: Option<At>,
}

moved!(Extremes {
    moves: highest_heart_rate, lowest_heart_rate, highest_spo2, lowest_spo2;
    stays:
});

impl Extremes {
    /// Takes in what the room knows now.
    pub(super) fn note(&mut self, room: &Room) {
        let Some(started) = room.session().and_then(|session| session.started_at) else { return };
        for latest in room.latest() {
            if latest.source == Source::Demo || latest.heard_at < started {
                continue;
            }
            let Some((Value::Number(value), Quality::Good)) = latest.value_at(room.now()) else {
                continue;
            };
            let new = At { value, at: latest.heard_at };
            let (highest, lowest) = match latest.vital {
                Vital::HeartRate | Vital::PulseRate => {
                    (&mut self.highest_heart_rate, &mut self.lowest_heart_rate)
                }
                Vital::Spo2 => (&mut self.highest_spo2, &mut self.lowest_spo2),
                _ => continue,
            };
            replace(highest, new, |known| value > known);
            replace(lowest, new, |known| value < known);
        }
    }
}

fn replace(known: &mut Option<At>, new: At, is_further: impl Fn(Decimal) -> bool) {
    if known.is_none_or(|known| is_further(known.value)) {
        *known = Some(new);
    }
}
