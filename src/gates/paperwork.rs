use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facts::Signed;
use super::statement::Statement;
use crate::dose::Order;
use crate::vitals::{Decimal, Millis, moved};

/// Entries of one session's paperwork that are kept; more are refused.
pub const MOST_PAPERS: usize = 200;

/// Why staff go on although something speaks against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// For the record. Empty once it was removed from it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What staff state when a patient arrives. What is left out stays as it was stated before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    /// What was asked and matches: both are needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Consent is on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<bool>,
    /// Which treatment of the series it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// Who takes the patient home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escort: Option<Escort>,
    /// Body weight as measured today, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Decimal>,
    /// What the patient must not be given, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allergies: Option<String>,
    /// Why all the same, when something is missing.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
}

/// By what a patient is identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// The full name.
    Name,
    /// The birth date.
    BirthDate,
}

/// A treatment's number in its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Counts from 1.
    pub number: u16,
    /// Planned, when the series has an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u16>,
}

/// Who takes the patient home. Empty once it was removed from the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Escort {
    /// Their name.
    #[serde(default)]
    pub name: String,
    /// A number to call.
    #[serde(default)]
    pub phone: String,
}

impl CheckIn {
    /// Whether it states nothing: the paperwork is kept elsewhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What was answered in the screening. What is left out stays as it was answered before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    /// By the item's name in the profile: `true` is yes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, bool>,
    /// A prescriber has looked at what was answered with yes, and lets the session go on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reviewed: bool,
    /// Words for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why all the same, when something is missing.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Override>,
}

/// One entry of the paperwork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// Stated at check-in.
    CheckIn(CheckIn),
    /// Answered in the screening.
    Screening(Screening),
    /// Ordered, with what follows from it.
    Order(Order),
    /// An item is ticked, or no longer is.
    Tick {
        /// Its name in the profile.
        item: String,
        /// It is no longer.
        over: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entered {
    n: u32,
    by: String,
    at: Millis,
    paper: Paper,
}

moved!(Entered { moves: at; stays: n, by, paper });

/// The paperwork of one session: what staff stated, answered, ordered and ticked, oldest first. An
/// entry that is withdrawn counts as if it had never been made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paperwork {
    entries: Vec<Entered>,
}

moved!(Paperwork { moves: entries; stays: });

impl Paperwork {
    /// Whether it has begun: from then on every gate asks for all of its items.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Every paper, to take what is personal out of it.
    pub fn papers_mut(&mut self) -> impl Iterator<Item = &mut Paper> {
        self.entries.iter_mut().map(|entered| &mut entered.paper)
    }

    /// Whether one more entry has room.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.entries.len() < MOST_PAPERS
    }

    /// Adds entry `n` of staff. Beyond [`MOST_PAPERS`] the oldest tick goes.
    pub fn add(&mut self, n: u32, by: &str, at: Millis, paper: Paper) {
        if !self.has_room() {
            let is_tick = |entered: &Entered| matches!(entered.paper, Paper::Tick { .. });
            let oldest = self.entries.iter().position(is_tick).unwrap_or(0);
            self.entries.remove(oldest);
        }
        self.entries.push(Entered { n, by: by.to_owned(), at, paper });
    }

    /// Takes back entry `n`.
    pub fn withdraw(&mut self, n: u32) {
        self.entries.retain(|entered| entered.n != n);
    }

    /// The newest entry that says something of it, with who made it.
    fn last<T>(&self, says: impl Fn(&Paper) -> Option<T>) -> Option<(T, Signed)> {
        self.entries.iter().rev().find_map(|entered| {
            let signed = || Signed { by: entered.by.clone(), at: entered.at };
            says(&entered.paper).map(|said| (said, signed()))
        })
    }

    fn checked_in<T>(&self, says: impl Fn(&CheckIn) -> Option<T>) -> Option<(T, Signed)> {
        self.last(|paper| match paper {
            Paper::CheckIn(check_in) => says(check_in),
            _ => None,
        })
    }

    /// The newest order, and who entered it.
    #[must_use]
    pub fn order(&self) -> Option<(Order, Signed)> {
        self.last(|paper| match paper {
            Paper::Order(order) => Some(order.clone()),
            _ => None,
        })
    }

    /// Body weight as stated, kg.
    #[must_use]
    pub fn weight_kg(&self) -> Option<(Decimal, Signed)> {
        self.checked_in(|check_in| check_in.weight_kg)
    }

    /// Which treatment of the series it is.
    #[must_use]
    pub fn series(&self) -> Option<Series> {
        self.checked_in(|check_in| check_in.series).map(|(series, _)| series)
    }

    /// What the patient must not be given.
    #[must_use]
    pub fn allergies(&self) -> Option<String> {
        self.checked_in(|check_in| check_in.allergies.clone()).map(|(words, _)| words)
    }

    /// Who takes the patient home.
    #[must_use]
    pub fn escort(&self) -> Option<Escort> {
        self.checked_in(|check_in| check_in.escort.clone()).map(|(escort, _)| escort)
    }

    /// Who ticked an item; none while it is not ticked.
    #[must_use]
    pub fn ticked(&self, item: &str) -> Option<Signed> {
        let (is_over, signed) = self.last(|paper| match paper {
            Paper::Tick { item: ticked, over } if ticked == item => Some(*over),
            _ => None,
        })?;
        (!is_over).then_some(signed)
    }

    /// What was answered to a question: `true` is yes.
    #[must_use]
    pub fn answered(&self, item: &str) -> Option<(bool, Signed)> {
        self.last(|paper| match paper {
            Paper::Screening(screening) => screening.answers.get(item).copied(),
            _ => None,
        })
    }

    /// The prescriber who has looked at every answer that was given before.
    #[must_use]
    pub fn reviewed(&self) -> Option<Signed> {
        let is_new_yes = |paper: &Paper| matches!(paper, Paper::Screening(s) if !s.reviewed && s.answers.values().any(|yes| *yes));
        let is_review = |paper: &Paper| matches!(paper, Paper::Screening(s) if s.reviewed);
        let newest =
            self.entries.iter().rev().find(|e| is_new_yes(&e.paper) || is_review(&e.paper))?;
        let signed = Signed { by: newest.by.clone(), at: newest.at };
        is_review(&newest.paper).then_some(signed)
    }

    /// Another person than who entered the order has ticked this item since.
    #[must_use]
    pub fn second_check(&self, item: &str) -> Option<Signed> {
        let (_, ordered) = self.order()?;
        let checked = self.ticked(item)?;
        (checked.by != ordered.by && checked.at >= ordered.at).then_some(checked)
    }

    /// What was stated, in words.
    #[must_use]
    pub fn stated(&self, what: Statement, item: &str) -> Option<(String, Signed)> {
        match what {
            Statement::Identifiers => self.checked_in(|check_in| {
                let has = |identifier| check_in.identifiers.contains(&identifier);
                let are_both = has(Identifier::Name) && has(Identifier::BirthDate);
                are_both.then(|| "both match".to_owned())
            }),
            Statement::Consent => {
                let (is_there, signed) = self.checked_in(|check_in| check_in.consent)?;
                is_there.then(|| (String::new(), signed))
            }
            Statement::Series => self.checked_in(|check_in| {
                let Series { number, of } = check_in.series?;
                Some(of.map_or_else(|| number.to_string(), |of| format!("{number} of {of}")))
            }),
            Statement::Escort => self.checked_in(|check_in| {
                let Escort { name, phone } = check_in.escort.as_ref()?;
                let is_whole = !name.trim().is_empty() && !phone.trim().is_empty();
                is_whole.then(|| name.clone())
            }),
            Statement::Weight => {
                let (weight, signed) = self.weight_kg()?;
                Some((format!("{weight} kg"), signed))
            }
            Statement::Order => {
                let (order, signed) = self.order()?;
                Some((order.words(), signed))
            }
            Statement::SecondCheck => Some((String::new(), self.second_check(item)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Millis {
        Millis(1_790_000_000_000 + minute * 60_000)
    }

    fn check_in(json: serde_json::Value) -> Paper {
        Paper::CheckIn(serde_json::from_value(json).unwrap())
    }

    fn tick(item: &str, over: bool) -> Paper {
        Paper::Tick { item: item.to_owned(), over }
    }

    fn answers(yes: bool, reviewed: bool) -> Paper {
        let answers = [("heart".to_owned(), yes)].into();
        Paper::Screening(Screening { answers, reviewed, ..Screening::default() })
    }

    fn papers(all: &[(&str, Paper)]) -> Paperwork {
        let mut paperwork = Paperwork::default();
        for (n, (by, paper)) in (1..).zip(all) {
            paperwork.add(n, by, at(i64::from(n)), paper.clone());
        }
        paperwork
    }

    fn words(paperwork: &Paperwork, what: Statement) -> Option<String> {
        paperwork.stated(what, "second_check").map(|(words, _)| words)
    }

    #[test]
    fn check_in_is_stated_piece_by_piece() {
        let first = check_in(serde_json::json!({"identifiers": ["name"], "consent": true}));
        let second = check_in(serde_json::json!({"identifiers": ["name", "birth_date"],
            "series": {"number": 3, "of": 6}, "escort": {"name": "D.B.", "phone": ""}}));
        let one = papers(&[("KM", first.clone())]);
        assert_eq!(words(&one, Statement::Identifiers), None);
        assert_eq!(words(&one, Statement::Consent).as_deref(), Some(""));
        let both = papers(&[("KM", first), ("TJ", second)]);
        assert_eq!(words(&both, Statement::Identifiers).as_deref(), Some("both match"));
        assert_eq!(words(&both, Statement::Consent).as_deref(), Some(""));
        assert_eq!(words(&both, Statement::Series).as_deref(), Some("3 of 6"));
        assert_eq!(words(&both, Statement::Escort), None, "without a phone nobody can be called");
    }

    #[test]
    fn a_tick_can_be_taken_back_and_a_withdrawn_one_never_was() {
        let mut paperwork = papers(&[("KM", tick("kit", false))]);
        assert_eq!(paperwork.ticked("kit").map(|signed| signed.by).as_deref(), Some("KM"));
        paperwork.add(2, "TJ", at(2), tick("kit", true));
        assert_eq!(paperwork.ticked("kit"), None);
        paperwork.withdraw(2);
        assert!(paperwork.ticked("kit").is_some());
        paperwork.withdraw(1);
        assert!(!paperwork.has_begun());
    }

    #[test]
    fn a_review_covers_what_was_answered_before_it() {
        let reviewed = papers(&[("KM", answers(true, false)), ("SN", answers(true, true))]);
        assert_eq!(reviewed.reviewed().map(|signed| signed.by).as_deref(), Some("SN"));
        let again = papers(&[
            ("KM", answers(true, false)),
            ("SN", Paper::Screening(Screening { reviewed: true, ..Screening::default() })),
            ("KM", answers(true, false)),
        ]);
        assert_eq!(again.reviewed(), None);
    }

    #[test]
    fn the_second_check_is_by_another_person_and_of_this_order() {
        let order = || Paper::Order(Order::default());
        let own = papers(&[("KM", order()), ("KM", tick("second_check", false))]);
        assert_eq!(words(&own, Statement::SecondCheck), None);
        let other = papers(&[("KM", order()), ("TJ", tick("second_check", false))]);
        assert!(words(&other, Statement::SecondCheck).is_some());
        let changed =
            papers(&[("KM", order()), ("TJ", tick("second_check", false)), ("KM", order())]);
        assert_eq!(words(&changed, Statement::SecondCheck), None);
    }

    #[test]
    fn of_more_papers_than_are_kept_the_oldest_tick_goes() {
        let mut paperwork = papers(&[("KM", check_in(serde_json::json!({"consent": true})))]);
        for n in 2..=MOST_PAPERS as u32 {
            paperwork.add(n, "KM", at(1), tick(&format!("item {n}"), false));
        }
        assert!(!paperwork.has_room());
        paperwork.add(999, "KM", at(2), tick("last", false));
        assert_eq!(paperwork.entries.len(), MOST_PAPERS);
        assert!(paperwork.ticked("last").is_some() && paperwork.ticked("item 2").is_none());
        assert!(words(&paperwork, Statement::Consent).is_some());
    }
}
