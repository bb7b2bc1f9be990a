use std::collections::HashMap;

use crate::contract::{Person, Proof};
use crate::vitals::Millis;

/// How long somebody who has identified themselves acts at a station.
pub(super) const ACTS_FOR_MS: i64 = 120_000;
/// The most stations at which somebody may act at once.
const STATIONS: usize = 1_024;

/// Somebody who acts at a station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Acts {
    /// The person.
    pub(in crate::http) person: Person,
    /// How they proved who they are.
    pub(in crate::http) proof: Proof,
    /// When it ends.
    pub(in crate::http) until: Millis,
}

/// Who acts at which station.
#[derive(Debug, Default)]
pub(super) struct Acting {
    people: HashMap<[u8; 32], Acts>,
}

impl Acting {
    /// From now on `person` acts at the station with this login.
    pub(super) fn begin(
        &mut self,
        station: [u8; 32],
        person: Person,
        proof: Proof,
        now: Millis,
    ) -> Acts {
        self.people.retain(|_, acts| acts.until > now);
        if self.people.len() >= STATIONS {
            // The one whose time ends first has to identify themselves again.
            let first = self.people.iter().min_by_key(|(_, acts)| acts.until);
            if let Some(station) = first.map(|(station, _)| *station) {
                self.people.remove(&station);
            }
        }
        let acts = Acts { person, proof, until: now.plus(ACTS_FOR_MS) };
        self.people.insert(station, acts.clone());
        acts
    }

    /// Who acts there now.
    pub(super) fn at(&self, station: &[u8; 32], now: Millis) -> Option<Acts> {
        self.people.get(station).filter(|acts| acts.until > now).cloned()
    }

    /// They have finished, or the station was signed out.
    pub(super) fn end(&mut self, station: &[u8; 32]) {
        self.people.remove(station);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    fn person(initials: &str) -> Person {
        Person { name: initials.into(), initials: initials.into(), role: Role::Nurse }
    }

    #[test]
    fn somebody_acts_at_one_station_for_two_minutes() {
        let mut acting = Acting::default();
        acting.begin([1; 32], person("KM"), Proof::Pin, Millis(0));
        let at = |acting: &Acting, station, ms| {
            acting.at(&[station; 32], Millis(ms)).map(|acts| acts.person.initials)
        };
        assert_eq!(at(&acting, 1, 119_999).as_deref(), Some("KM"));
        assert_eq!(at(&acting, 1, 120_000), None);
        assert_eq!(at(&acting, 2, 0), None);
        acting.begin([1; 32], person("TS"), Proof::Password, Millis(50));
        assert_eq!(at(&acting, 1, 60).as_deref(), Some("TS"), "the last one who said so");
        acting.end(&[1; 32]);
        assert_eq!(at(&acting, 1, 60), None);
    }

    #[test]
    fn memory_is_bounded_whatever_stations_there_are() {
        let mut acting = Acting::default();
        for n in 0..2_000u16 {
            let mut station = [0; 32];
            station[..2].copy_from_slice(&n.to_le_bytes());
            acting.begin(station, person("KM"), Proof::Pin, Millis(i64::from(n)));
        }
        assert_eq!(acting.people.len(), STATIONS);
    }
}
