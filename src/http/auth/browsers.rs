use std::collections::HashMap;

use crate::vitals::Millis;

/// The most browsers that are remembered for one person: stations, a phone, the doctor's room.
const OF_A_PERSON: usize = 16;

/// Which browsers somebody has signed in with before. There they do not wait because of what others
/// try under their name. A browser is known by the cookie of its last login, which is worth nothing
/// else once that login is over; many people may share it.
#[derive(Debug, Default)]
pub(super) struct Browsers {
    /// Only names of staff, so that its size is that of the staff.
    people: HashMap<String, Vec<([u8; 32], Millis)>>,
}

impl Browsers {
    /// Whether this person has used it.
    pub(super) fn knows(&self, name: &str, browser: &[u8; 32]) -> bool {
        self.people.get(name).is_some_and(|all| all.iter().any(|(known, _)| known == browser))
    }

    /// It has a new cookie, for everybody who has used it.
    pub(super) fn renew(&mut self, before: [u8; 32], now: [u8; 32]) {
        let all = self.people.values_mut().flatten();
        all.filter(|(known, _)| *known == before).for_each(|(known, _)| *known = now);
    }

    /// This person has now used it. Returns the browser that is forgotten instead.
    pub(super) fn remember(
        &mut self,
        name: &str,
        browser: [u8; 32],
        now: Millis,
    ) -> Option<[u8; 32]> {
        let all = self.people.entry(name.to_owned()).or_default();
        all.retain(|(known, _)| *known != browser);
        all.push((browser, now));
        if all.len() <= OF_A_PERSON {
            return None;
        }
        let oldest = (0..all.len()).min_by_key(|at| all[*at].1)?;
        Some(all.remove(oldest).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_for_those_who_used_it_and_for_nobody_else() {
        let mut browsers = Browsers::default();
        browsers.remember("KM", [1; 32], Millis(0));
        browsers.remember("TJ", [2; 32], Millis(2));
        assert!(browsers.knows("KM", &[1; 32]) && browsers.knows("TJ", &[2; 32]));
        assert!(!browsers.knows("KM", &[2; 32]) && !browsers.knows("RS", &[1; 32]));
    }

    #[test]
    fn a_shared_browser_stays_known_to_all_when_one_of_them_gets_a_new_cookie() {
        let mut browsers = Browsers::default();
        browsers.remember("KM", [1; 32], Millis(0));
        browsers.renew([1; 32], [2; 32]);
        browsers.remember("TJ", [2; 32], Millis(1));
        assert!(browsers.knows("KM", &[2; 32]) && browsers.knows("TJ", &[2; 32]));
        assert!(!browsers.knows("KM", &[1; 32]), "the old cookie is worth nothing");
    }

    #[test]
    fn the_browser_that_was_not_used_for_longest_is_forgotten() {
        let mut browsers = Browsers::default();
        for n in 0..16_u8 {
            assert_eq!(browsers.remember("KM", [n; 32], Millis(n.into())), None);
        }
        browsers.remember("KM", [0; 32], Millis(20));
        assert_eq!(browsers.remember("KM", [99; 32], Millis(21)), Some([1; 32]));
        assert!(browsers.knows("KM", &[0; 32]) && !browsers.knows("KM", &[1; 32]));
    }
}
