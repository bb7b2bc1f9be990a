//! What a device sends that is not understood here, for the person who set it up
//! (protocols.md#what-is-not-understood).

use crate::adapters::NotUnderstood;
use crate::contract::UnknownCode;
use crate::vitals::Millis;

/// The most codes that are listed for one device; beyond it the one heard longest ago gives way.
const LISTED: usize = 32;

/// One code and unit.
#[derive(Debug)]
struct Unknown {
    what: NotUnderstood,
    count: u64,
    last_at: Millis,
}

/// Codes and units, those heard first first.
#[derive(Debug, Default)]
pub(super) struct Unknowns(Vec<Unknown>);

impl Unknowns {
    /// Counts what a frame contained.
    pub(super) fn add(&mut self, not_understood: Vec<NotUnderstood>, at: Millis) {
        for what in not_understood {
            let is_it = |known: &&mut Unknown| {
                (&known.what.code, &known.what.unit) == (&what.code, &what.unit)
            };
            if let Some(known) = self.0.iter_mut().find(is_it) {
                known.count += 1;
                known.last_at = at;
                continue;
            }
            if self.0.len() == LISTED {
                let heard = |(_, known): &(usize, &Unknown)| known.last_at;
                let oldest = self.0.iter().enumerate().min_by_key(heard).map(|(index, _)| index);
                self.0.remove(oldest.unwrap_or(0));
            }
            self.0.push(Unknown { what, count: 1, last_at: at });
        }
    }

    /// The list as calls answer it.
    pub(super) fn shown(&self) -> Vec<UnknownCode<'_>> {
        self.0.iter().map(Unknown::shown).collect()
    }
}

impl Unknown {
    fn shown(&self) -> UnknownCode<'_> {
        let NotUnderstood { code, unit, name } = &self.what;
        UnknownCode { code, unit, name: name.as_deref(), count: self.count, last_at: self.last_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(unknowns: &Unknowns) -> Vec<(String, u64, i64)> {
        unknowns.0.iter().map(|u| (u.what.code.clone(), u.count, u.last_at.0)).collect()
    }

    #[test]
    fn each_code_and_unit_is_counted_and_the_one_heard_longest_ago_gives_way() {
        let mut unknowns = Unknowns::default();
        let what = |code: usize, unit: &str| NotUnderstood::new(&code.to_string(), unit, "");
        for code in 0..LISTED {
            unknowns.add(vec![what(code, "l")], Millis(code as i64));
        }
        unknowns.add(vec![what(0, "l"), what(0, "l")], Millis(100));
        unknowns.add(vec![what(0, "ml")], Millis(101));
        let told = told(&unknowns);
        assert_eq!(told.len(), LISTED);
        assert_eq!(told[0], ("0".to_owned(), 3, 100));
        assert_eq!(told[LISTED - 1], ("0".to_owned(), 1, 101));
        assert!(!told.iter().any(|(code, ..)| code == "1"));
    }
}
