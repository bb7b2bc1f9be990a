use std::collections::{HashMap, VecDeque};

use super::Person;
use crate::vitals::Millis;

/// Tokens that are remembered at once.
const REMEMBERED: usize = 1_024;

#[derive(Clone, Debug)]
struct Known {
    person: Person,
    until: Millis,
}

/// Tokens that were looked up a moment ago, so that not every request asks the disk.
#[derive(Debug, Default)]
pub(super) struct KnownTokens {
    known: HashMap<[u8; 32], Known>,
    /// The last ones that ended: the disk may not know yet.
    ended: VecDeque<[u8; 32]>,
}

impl KnownTokens {
    /// Whose token it is, when that was found out a moment ago.
    pub(super) fn person(&self, hash: &[u8; 32], now: Millis) -> Option<Person> {
        self.known.get(hash).filter(|known| known.until > now).map(|known| known.person.clone())
    }

    /// This is whose it is; to be asked again at `until`.
    pub(super) fn remember(&mut self, hash: [u8; 32], person: Person, now: Millis, until: Millis) {
        if self.known.len() >= REMEMBERED {
            self.known.retain(|_, known| known.until > now);
        }
        if self.known.len() >= REMEMBERED {
            let first = self.known.iter().min_by_key(|(_, known)| known.until);
            if let Some(hash) = first.map(|(hash, _)| *hash) {
                self.known.remove(&hash);
            }
        }
        self.known.insert(hash, Known { person, until });
    }

    /// Its login is over, whatever the disk may still say of it.
    pub(super) fn end(&mut self, hash: [u8; 32]) {
        self.known.remove(&hash);
        if self.ended.len() >= REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back(hash);
    }

    /// Whether its login ended a short while ago.
    pub(super) fn has_ended(&self, hash: &[u8; 32]) -> bool {
        self.ended.contains(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    #[test]
    fn tokens_are_known_for_a_while_and_not_without_bound() {
        let person = Person { name: "KM".into(), initials: "KM".into(), role: Role::Nurse };
        let mut tokens = KnownTokens::default();
        tokens.remember([7; 32], person.clone(), Millis(0), Millis(5_000));
        assert_eq!(tokens.person(&[7; 32], Millis(4_999)), Some(person.clone()));
        assert_eq!(tokens.person(&[7; 32], Millis(5_000)), None);
        tokens.end([7; 32]);
        assert_eq!(tokens.person(&[7; 32], Millis(0)), None);
        assert!(tokens.has_ended(&[7; 32]) && !tokens.has_ended(&[8; 32]));
        for n in 0..3_000u16 {
            let mut hash = [0; 32];
            hash[..2].copy_from_slice(&n.to_le_bytes());
            tokens.remember(hash, person.clone(), Millis(0), Millis(5_000));
        }
        assert_eq!(tokens.known.len(), REMEMBERED);
    }
}
