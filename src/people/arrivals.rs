use serde::{Deserialize, Serialize};

use super::person::{PatientNews, Person, StayNews};
use crate::vitals::{Millis, moved};

/// The most people that check-in offers. Beyond that, those who were heard of longest ago are
/// dropped.
pub const MAX_ARRIVALS: usize = 2_000;
/// Somebody who was not heard of for this long is no longer offered.
const OFFERED_MS: i64 = 24 * 3_600_000;

/// Somebody whom the hospital's system has named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Numbered by this clinic.
    pub number: u64,
    /// The person.
    pub person: Person,
    /// The place that the hospital's system gives for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whether they are here: not when they left, or when messages only reported something about
    /// them.
    pub is_here: bool,
    /// The newest time that a message about them carries.
    pub told_at: Millis,
    /// When the last one came.
    pub heard_at: Millis,
}

moved!(Arrival { moves: told_at, heard_at; stays: number, person, place, is_here });

/// Who is expected or here, as the hospital's system reports it. Check-in offers them; no such
/// message brings anybody into a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    all: Vec<Arrival>,
    counted: u64,
}

/// What a message changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Heard<'a> {
    /// The person it is about, as they are now.
    pub now: &'a Arrival,
    /// The numbers of those that are no longer kept: merged into one, or too long ago.
    pub gone: Vec<u64>,
}

impl Arrivals {
    /// Those that were kept before a restart.
    #[must_use]
    pub fn restored(all: Vec<Arrival>) -> Self {
        let counted = all.iter().map(|known| known.number).max().unwrap_or(0);
        Self { all, counted }
    }

    /// Takes in a message that came `at` this time.
    pub fn hear(&mut self, news: &PatientNews, at: Millis) -> Heard<'_> {
        let mut ids = news.ids.clone();
        if let StayNews::SameAs(others) = &news.what {
            ids.extend(others.iter().cloned());
        }
        let mut gone = Vec::new();
        let mut arrival = self.take_all_of(&ids, &mut gone).unwrap_or_else(|| {
            self.counted += 1;
            Arrival {
                number: self.counted,
                person: Person::default(),
                place: None,
                is_here: false,
                told_at: news.at,
                heard_at: at,
            }
        });
        arrival.person.add_ids(&ids);
        arrival.heard_at = at;
        // What was sent late overwrites nothing newer.
        if news.at >= arrival.told_at {
            arrival.told_at = news.at;
            let Person { family, given, birth_date, sex, ids: _ } = &mut arrival.person;
            news.family.apply_to(family);
            news.given.apply_to(given);
            news.birth_date.apply_to(birth_date);
            news.sex.apply_to(sex);
            news.place.apply_to(&mut arrival.place);
            match news.what {
                StayNews::Here => arrival.is_here = true,
                StayNews::Left => arrival.is_here = false,
                StayNews::Changed | StayNews::SameAs(_) => {}
            }
        }
        self.forget_old(at, &mut gone);
        self.all.push(arrival);
        Heard { now: &self.all[self.all.len() - 1], gone }
    }

    /// Makes room for one more: nobody is kept for longer than they are offered.
    fn forget_old(&mut self, now: Millis, gone: &mut Vec<u64>) {
        let is_old = |known: &Arrival| now.since(known.heard_at) > OFFERED_MS;
        gone.extend(self.all.extract_if(.., |known| is_old(known)).map(|known| known.number));
        if self.all.len() >= MAX_ARRIVALS {
            let oldest = (0..self.all.len()).min_by_key(|index| self.all[*index].heard_at);
            gone.extend(oldest.map(|index| self.all.remove(index).number));
        }
    }

    /// Takes out everybody who has one of these numbers, as one person; the newest wins.
    fn take_all_of(&mut self, ids: &[super::NamedId], gone: &mut Vec<u64>) -> Option<Arrival> {
        let (mut same, others): (Vec<_>, Vec<_>) =
            self.all.drain(..).partition(|known| known.person.shares_an_id(ids));
        self.all = others;
        same.sort_by_key(|known| known.told_at);
        same.into_iter().reduce(|older, mut newer| {
            gone.push(older.number);
            newer.is_here |= older.is_here;
            let mut person = older.person;
            person.update(&newer.person);
            newer.person = person;
            newer
        })
    }

    /// Those who are here, the last heard first.
    #[must_use]
    pub fn offered(&self, now: Millis) -> Vec<&Arrival> {
        let is_offered =
            |known: &&Arrival| known.is_here && now.since(known.heard_at) <= OFFERED_MS;
        let mut offered: Vec<_> = self.all.iter().filter(is_offered).collect();
        offered.sort_by_key(|known| std::cmp::Reverse(known.heard_at));
        offered
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NamedId, Told};
    use super::*;

    fn id(number: &str) -> NamedId {
        NamedId { number: number.to_owned(), authority: "CLINIC".to_owned() }
    }

    fn news(what: StayNews, minute: i64, ids: &[&str], family: &str) -> PatientNews {
        let told = |text: &str| match text {
            "" => Told::Nothing,
            text => Told::Value(text.to_owned()),
        };
        PatientNews {
            what,
            at: at(minute),
            ids: ids.iter().map(|number| id(number)).collect(),
            family: told(family),
            given: Told::Nothing,
            birth_date: Told::Nothing,
            sex: Told::Nothing,
            place: Told::Nothing,
        }
    }

    fn at(minute: i64) -> Millis {
        Millis(1_790_000_000_000 + minute * 60_000)
    }

    fn heard(all: &[PatientNews]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for news in all {
            arrivals.hear(news, news.at);
        }
        arrivals
    }

    fn offered(arrivals: &Arrivals, minute: i64) -> Vec<String> {
        let name = |arrival: &&Arrival| arrival.person.family.clone().unwrap_or_default();
        arrivals.offered(at(minute)).iter().map(name).collect()
    }

    #[test]
    fn who_is_admitted_is_offered_until_they_leave_or_a_day_has_passed() {
        let came = [
            news(StayNews::Here, 0, &["1"], "Quill"),
            news(StayNews::Here, 5, &["2"], "Wren"),
            news(StayNews::Changed, 6, &["3"], "Never Came"),
        ];
        assert_eq!(offered(&heard(&came), 10), ["Wren", "Quill"]);
        let mut left = heard(&came);
        left.hear(&news(StayNews::Left, 20, &["2"], ""), at(20));
        assert_eq!(offered(&left, 21), ["Quill"]);
        assert_eq!(offered(&left, 24 * 60 + 1), Vec::<String>::new());
    }

    #[test]
    fn a_set_of_numbers_that_shares_one_is_the_same_person() {
        let came = [
            news(StayNews::Here, 0, &["1", "7"], "Quill"),
            news(StayNews::Changed, 1, &["7", "9"], "Quill-Wren"),
        ];
        assert_eq!(offered(&heard(&came), 2), ["Quill-Wren"]);
        let arrivals = heard(&came);
        assert_eq!(arrivals.offered(at(2))[0].person.ids, [id("1"), id("7"), id("9")]);
    }

    #[test]
    fn a_merge_makes_two_one_and_nobody_is_lost() {
        let came = [
            news(StayNews::Here, 0, &["1"], "Quill"),
            news(StayNews::Here, 1, &["2"], "Quil"),
            news(StayNews::SameAs(vec![id("2")]), 2, &["1"], ""),
        ];
        let arrivals = heard(&came);
        let offered = arrivals.offered(at(3));
        assert_eq!(offered.len(), 1);
        assert_eq!(offered[0].person.family.as_deref(), Some("Quil"));
        assert_eq!(offered[0].person.ids.len(), 2);
    }

    #[test]
    fn what_is_gone_is_named_and_numbers_go_on_after_a_restart() {
        let mut arrivals = heard(&[
            news(StayNews::Here, 0, &["1"], "Quill"),
            news(StayNews::Here, 1, &["2"], "Wren"),
        ]);
        let merged = arrivals.hear(&news(StayNews::SameAs(vec![id("2")]), 2, &["1"], ""), at(2));
        assert_eq!((merged.now.number, merged.gone), (2, vec![1]));
        let mut arrivals = Arrivals::restored(arrivals.all);
        let next =
            arrivals.hear(&news(StayNews::Here, 24 * 60 + 3, &["9"], "Finch"), at(24 * 60 + 3));
        assert_eq!((next.now.number, next.gone), (3, vec![2]));
        assert_eq!(arrivals.all.len(), 1, "nobody is kept for longer than they are offered");
    }

    #[test]
    fn what_was_sent_late_overwrites_nothing_that_is_newer() {
        let mut arrivals = heard(&[
            news(StayNews::Here, 0, &["1"], "Quill"),
            news(StayNews::Left, 30, &["1"], "Quill-Wren"),
        ]);
        arrivals.hear(&news(StayNews::Here, 10, &["1"], "Quil"), at(40));
        assert_eq!(offered(&arrivals, 41), Vec::<String>::new());
    }

    #[test]
    fn an_explicit_null_empties_a_field_and_an_empty_one_leaves_it() {
        let mut arrivals = heard(&[news(StayNews::Here, 0, &["1"], "Quill")]);
        arrivals.hear(&news(StayNews::Changed, 1, &["1"], ""), at(1));
        assert_eq!(offered(&arrivals, 2), ["Quill"]);
        let emptied = PatientNews { family: Told::Empty, ..news(StayNews::Changed, 2, &["1"], "") };
        arrivals.hear(&emptied, at(2));
        assert_eq!(offered(&arrivals, 3), [""]);
    }

    #[test]
    fn of_more_people_than_are_kept_the_longest_unheard_goes() {
        let mut arrivals = Arrivals::default();
        for n in 0..=MAX_ARRIVALS {
            let news = news(StayNews::Here, 0, &[&n.to_string()], &format!("p{n}"));
            arrivals.hear(&news, at(0).plus(n as i64));
        }
        let offered = offered(&arrivals, 1);
        assert_eq!(offered.len(), MAX_ARRIVALS);
        assert_eq!(offered.last().map(String::as_str), Some("p1"));
    }

    #[test]
    fn initials_are_first_letters() {
        let person = |given: &str, family: &str| Person {
            given: Some(given.to_owned()),
            family: Some(family.to_owned()),
            ..Person::default()
        };
        assert_eq!(person("jana", "thörl").initials().as_deref(), Some("J.T."));
        assert_eq!(person("", "'Ómar").initials().as_deref(), Some("Ó."));
        assert_eq!(person("", "").initials(), None);
    }
}
