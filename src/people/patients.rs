use std::collections::{BTreeMap, BTreeSet};

use super::birth_date::BirthDate;
use super::person::{NamedId, Person};
use crate::name;
use crate::vitals::{Millis, PatientId};

/// How many patients are found again. Beyond that, those who were here longest ago count as new
/// when they come back; the record has them.
pub const MAX_PATIENTS: usize = 20_000;
/// The most patients that one search shows.
pub const MAX_FOUND: usize = 50;

/// Somebody who was treated here, or is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPatient {
    /// Their id in the record.
    pub id: PatientId,
    /// The person.
    pub person: Person,
    /// When they were last checked in, or changed.
    pub seen_at: Millis,
    /// What a search compares.
    text: String,
}

impl KnownPatient {
    /// A patient of this id.
    #[must_use]
    pub fn new(id: PatientId, person: Person, seen_at: Millis) -> Self {
        let birth_date = person.birth_date.map(|date| date.to_string());
        let names = [&person.family, &person.given, &birth_date].into_iter().flatten();
        let words = names.chain(person.ids.iter().map(|id| &id.number));
        let text = words.map(|word| name::key(word)).collect::<Vec<_>>().join(" ");
        Self { id, person, seen_at, text }
    }
}

/// Why it is not certain who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsure {
    /// The numbers are those of several patients.
    #[error(
        "These numbers belong to different patients: check them, or choose one of the patients."
    )]
    SeveralByNumber,
    /// A number and a birth date that do not belong together.
    #[error(
        "The number is that of a patient with another birth date: check both, or correct the patient first."
    )]
    OtherBirthDate,
    /// Several patients have this name and birth date.
    #[error(
        "Several patients have this name and birth date: choose one of them, or give a number."
    )]
    SeveralByName,
}

/// The patients that are found again, in memory: check-in does not wait for a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patients {
    all: BTreeMap<PatientId, KnownPatient>,
    by_number: BTreeMap<NamedId, BTreeSet<PatientId>>,
    by_birth_date: BTreeMap<BirthDate, BTreeSet<PatientId>>,
    by_last_seen: BTreeSet<(Millis, PatientId)>,
}

impl Patients {
    /// The patient of this id.
    #[must_use]
    pub fn get(&self, id: &PatientId) -> Option<&KnownPatient> {
        self.all.get(id)
    }

    /// The patient that this person is, if they were here before: they share a number, or name and
    /// birth date are the same and no two numbers of one authority contradict it.
    ///
    /// # Errors
    /// It is not certain: staff decide.
    pub fn find(&self, person: &Person) -> Result<Option<&KnownPatient>, Unsure> {
        let of_number = |id| self.by_number.get(id).into_iter().flatten();
        let by_number: BTreeSet<_> = person.ids.iter().flat_map(of_number).collect();
        let known = by_number.iter().find_map(|id| self.all.get(*id));
        if by_number.len() > 1 {
            return Err(Unsure::SeveralByNumber);
        }
        if let Some(known) = known {
            let dates = known.person.birth_date.zip(person.birth_date);
            let is_other = dates.is_some_and(|(known, given)| known != given);
            return if is_other { Err(Unsure::OtherBirthDate) } else { Ok(Some(known)) };
        }
        let Some((name, birth_date)) = name_of(person).zip(person.birth_date) else {
            return Ok(None);
        };
        let of_date = self.by_birth_date.get(&birth_date).into_iter().flatten();
        let same = of_date.filter_map(|id| self.all.get(id)).filter(|known| {
            name_of(&known.person).as_ref() == Some(&name) && !known.person.has_other_number(person)
        });
        match same.collect::<Vec<_>>().as_slice() {
            [] => Ok(None),
            [known] => Ok(Some(known)),
            _ => Err(Unsure::SeveralByName),
        }
    }

    /// Everybody who has one of these numbers.
    #[must_use]
    pub fn with_numbers(&self, ids: &[NamedId]) -> Vec<&KnownPatient> {
        let of_number = |id| self.by_number.get(id).into_iter().flatten();
        let found: BTreeSet<_> = ids.iter().flat_map(of_number).collect();
        found.into_iter().filter_map(|id| self.all.get(id)).collect()
    }

    /// Removes a patient who turned out to be another one.
    pub fn remove(&mut self, id: &PatientId) {
        self.take_out(id);
    }

    /// Those for whom every word of the text is a part of their names, numbers or birth date, the
    /// last one here first; without words, all of them.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<&KnownPatient> {
        let text = name::key(text);
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let newest_first = self.by_last_seen.iter().rev().filter_map(|(_, id)| self.all.get(id));
        newest_first
            .filter(|known| words.iter().all(|word| known.text.contains(word)))
            .take(MAX_FOUND)
            .collect()
    }

    /// Adds a patient, or what changed about one.
    pub fn put(&mut self, patient: KnownPatient) {
        self.take_out(&patient.id);
        if self.all.len() >= MAX_PATIENTS
            && let Some((_, id)) = self.by_last_seen.first().cloned()
        {
            self.take_out(&id);
        }
        let id = &patient.id;
        for number in &patient.person.ids {
            self.by_number.entry(number.clone()).or_default().insert(id.clone());
        }
        if let Some(date) = patient.person.birth_date {
            self.by_birth_date.entry(date).or_default().insert(id.clone());
        }
        self.by_last_seen.insert((patient.seen_at, id.clone()));
        self.all.insert(id.clone(), patient);
    }

    fn take_out(&mut self, id: &PatientId) {
        let Some(known) = self.all.remove(id) else { return };
        self.by_last_seen.remove(&(known.seen_at, known.id.clone()));
        for number in &known.person.ids {
            if let Some(ids) = self.by_number.get_mut(number) {
                ids.remove(id);
                if ids.is_empty() {
                    self.by_number.remove(number);
                }
            }
        }
        if let Some(date) = known.person.birth_date
            && let Some(ids) = self.by_birth_date.get_mut(&date)
        {
            ids.remove(id);
            if ids.is_empty() {
                self.by_birth_date.remove(&date);
            }
        }
    }
}

/// Family and given name in the form in which they are compared; `None` when one of them is not
/// known.
fn name_of(person: &Person) -> Option<(String, String)> {
    let key = |name: &Option<String>| name.as_deref().map(name::key).filter(|key| !key.is_empty());
    key(&person.family).zip(key(&person.given))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(family: &str, given: &str, born: &str, ids: &[(&str, &str)]) -> Person {
        let id = |(number, authority): &(&str, &str)| NamedId {
            number: (*number).to_owned(),
            authority: (*authority).to_owned(),
        };
        Person {
            ids: ids.iter().map(id).collect(),
            family: Some(family.to_owned()),
            given: Some(given.to_owned()),
            birth_date: born.parse().ok(),
            sex: None,
        }
    }

    fn clinic(persons: &[Person]) -> Patients {
        let mut patients = Patients::default();
        for (n, person) in persons.iter().enumerate() {
            let id = PatientId::new(&format!("p{n}")).unwrap();
            patients.put(KnownPatient::new(id, person.clone(), Millis(n as i64)));
        }
        patients
    }

    fn found(patients: &Patients, person: &Person) -> Result<Option<String>, Unsure> {
        Ok(patients.find(person)?.map(|known| known.id.to_string()))
    }

    #[test]
    fn who_was_here_is_found_by_a_number_or_by_name_and_birth_date() {
        let patients = clinic(&[
            person("Quill", "Testa", "1980-02-29", &[("4711", "WEST")]),
            person("Wren", "Avis", "1971-01-01", &[]),
        ]);
        let p0 = Ok(Some("p0".to_owned()));
        let by_number = person("Quill-Wren", "Testa", "1980-02-29", &[("4711", "WEST")]);
        assert_eq!(found(&patients, &by_number), p0);
        let by_name = person("QUILL ", "testa", "1980-02-29", &[("88", "INS")]);
        assert_eq!(found(&patients, &by_name), p0);
        for other in [
            person("Quill", "Testa", "1980-02-28", &[]),
            person("Quill", "Testa", "", &[]),
            person("Quill", "Tessa", "1980-02-29", &[]),
            person("Quill", "Testa", "1980-02-29", &[("4712", "WEST")]),
            person("Other", "Name", "1990-01-01", &[("4711", "EAST")]),
        ] {
            assert_eq!(found(&patients, &other), Ok(None), "{other:?}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_for_staff_to_decide() {
        let patients = clinic(&[
            person("Quill", "Testa", "1980-02-29", &[("1", "W")]),
            person("Wren", "Avis", "1971-01-01", &[("2", "W")]),
            person("Finch", "Ada", "1990-01-01", &[("3", "W")]),
            person("Finch", "Ada", "1990-01-01", &[("4", "W")]),
        ]);
        let found = |person: Person| found(&patients, &person);
        let two = person("Quill", "Testa", "1980-02-29", &[("1", "W"), ("2", "W")]);
        assert_eq!(found(two), Err(Unsure::SeveralByNumber));
        let other_date = person("Quill", "Testa", "1980-02-28", &[("1", "W")]);
        assert_eq!(found(other_date), Err(Unsure::OtherBirthDate));
        assert_eq!(found(person("Finch", "Ada", "1990-01-01", &[])), Err(Unsure::SeveralByName));
    }

    #[test]
    fn a_search_takes_every_word_and_shows_who_was_here_last_first() {
        let patients = clinic(&[
            person("Quill", "Testa", "1980-02-29", &[("4711", "WEST")]),
            person("O'Quill", "<b>", "1981-01-01", &[]),
            person("Wren", "Thörl", "1971-01-01", &[]),
        ]);
        let found = |text: &str| {
            let found = patients.search(text);
            found.iter().map(|known| known.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(found("quill"), ["p1", "p0"]);
        assert_eq!(found(" QUILL  test "), ["p0"]);
        assert_eq!(found("4711"), ["p0"]);
        assert_eq!(found("1971"), ["p2"]);
        assert_eq!(found("tho\u{308}rl"), ["p2"]);
        assert_eq!(found("<b>"), ["p1"]);
        assert_eq!(found(""), ["p2", "p1", "p0"]);
        assert_eq!(found("quill wren"), Vec::<String>::new());
    }

    #[test]
    fn of_more_patients_than_are_found_again_the_longest_unseen_goes_with_all_that_found_them() {
        let one = |n: usize| person("Quill", "Testa", "1980-02-29", &[(&n.to_string(), "W")]);
        let mut patients = clinic(&(0..=MAX_PATIENTS).map(one).collect::<Vec<_>>());
        assert_eq!(patients.all.len(), MAX_PATIENTS);
        assert_eq!(patients.by_number.len(), MAX_PATIENTS);
        assert_eq!(found(&patients, &one(0)), Ok(None));
        assert_eq!(found(&patients, &one(1)), Ok(Some("p1".to_owned())));
        assert_eq!(patients.search("").len(), MAX_FOUND);
        let again = KnownPatient::new(PatientId::new("p1").unwrap(), one(0), Millis(1 << 40));
        patients.put(again);
        assert_eq!(found(&patients, &one(1)), Ok(None));
        assert_eq!(patients.search("")[0].id.as_str(), "p1");
        assert_eq!(patients.all.len(), MAX_PATIENTS);
    }
}
