use serde::{Deserialize, Serialize};

use super::birth_date::BirthDate;
use crate::vitals::Millis;

/// Longest name, number or place of a person that is kept, characters.
pub const LONGEST_PERSON_NAME: usize = 200;
/// The most numbers of one person that are kept.
pub const MAX_IDS: usize = 16;

/// A number that somebody gave a person: a hospital's, an insurance's.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct NamedId {
    /// As written.
    pub number: String,
    /// The authority that gave it: the same number of another authority is another person's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authority: String,
}

/// Who somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Identity)]
pub struct Person {
    /// Numbers, in the order in which they became known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<NamedId>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Given names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    /// As its sender wrote it: `F`, `M`, `X` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
}

impl Person {
    /// Whether it is the same person: they share a number of the same authority.
    #[must_use]
    pub fn shares_an_id(&self, ids: &[NamedId]) -> bool {
        self.ids.iter().any(|id| ids.contains(id))
    }

    /// Adds numbers that are not known yet, up to [`MAX_IDS`].
    pub fn add_ids(&mut self, ids: &[NamedId]) {
        for id in ids {
            if !self.ids.contains(id) && self.ids.len() < MAX_IDS {
                self.ids.push(id.clone());
            }
        }
    }

    /// Whether an authority gave the two of them different numbers and none in common.
    #[must_use]
    pub fn has_other_number(&self, other: &Self) -> bool {
        let numbers = |person: &Self, authority: &str| -> Vec<String> {
            let of_it = person.ids.iter().filter(|id| id.authority == authority);
            of_it.map(|id| id.number.clone()).collect()
        };
        self.ids.iter().any(|id| {
            let theirs = numbers(other, &id.authority);
            !theirs.is_empty() && !numbers(self, &id.authority).iter().any(|n| theirs.contains(n))
        })
    }

    /// Takes over what is known now; what is not mentioned stays as it was.
    pub fn update(&mut self, newer: &Self) {
        let Self { ids, family, given, birth_date, sex } = newer;
        self.add_ids(ids);
        let texts = [(&mut self.family, family), (&mut self.given, given), (&mut self.sex, sex)];
        for (known, newer) in texts {
            *known = newer.clone().or(known.take());
        }
        self.birth_date = birth_date.or(self.birth_date);
    }

    /// The first letters of given and family name: `J.T.`
    #[must_use]
    pub fn initials(&self) -> Option<String> {
        let first = |name: &Option<String>| name.as_ref()?.chars().find(|c| c.is_alphabetic());
        let letters: Vec<char> =
            [first(&self.given), first(&self.family)].into_iter().flatten().collect();
        let letter = |c: &char| format!("{}.", c.to_uppercase());
        (!letters.is_empty()).then(|| letters.iter().map(letter).collect())
    }
}

/// What a message says of one field: nothing, that it is empty, or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Told<T> {
    /// Nothing: what was known stays.
    #[default]
    Nothing,
    /// HL7's `""`: what was known is removed.
    Empty,
    /// This value.
    Value(T),
}

impl<T: Clone> Told<T> {
    /// Replaces what was known with it.
    pub fn apply_to(&self, known: &mut Option<T>) {
        match self {
            Self::Nothing => {}
            Self::Empty => *known = None,
            Self::Value(value) => *known = Some(value.clone()),
        }
    }
}

/// What happened to a patient's stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StayNews {
    /// They arrived, or are registered (`A01`, `A04`, a cancelled departure `A13`).
    Here,
    /// Something about them changed (`A08`), or where they are (`A02`).
    Changed,
    /// They left (`A03`), or did not come after all (`A11`).
    Left,
    /// The numbers of somebody else are this person's too (`A40`).
    SameAs(Vec<NamedId>),
}

/// One message about a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientNews {
    /// What happened.
    pub what: StayNews,
    /// When it happened, as the sender says; otherwise when the message came.
    pub at: Millis,
    /// The person: at least one number.
    pub ids: Vec<NamedId>,
    /// Family name.
    pub family: Told<String>,
    /// Given names.
    pub given: Told<String>,
    /// Day of birth.
    pub birth_date: Told<BirthDate>,
    /// Sex.
    pub sex: Told<String>,
    /// The place that the hospital's system gives for them. It binds no room.
    pub place: Told<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_numbers_of_a_person_are_kept() {
        let id = |n: usize| NamedId { number: n.to_string(), authority: String::new() };
        let mut person = Person::default();
        person.add_ids(&(0..=MAX_IDS).map(id).collect::<Vec<_>>());
        person.add_ids(&[id(0)]);
        assert_eq!(person.ids, (0..MAX_IDS).map(id).collect::<Vec<_>>());
    }
}
