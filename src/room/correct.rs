//! Entries that are withdrawn. Nothing is deleted: a withdrawn entry stays in the list and counts
//! as if it had never been made.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::session::{
    GivenScore, MOST_ENTRIES, NOTICED, OpenSymptom, SHOWN_EVENTS, Session, ShownEvent,
};
use super::{Room, tasks::Why};
use crate::profile::Profile;
use crate::vitals::{Millis, moved};

/// Why values by hand can no longer be withdrawn.
pub(super) const TOO_OLD_VALUES: &str = "This entry is too old to be withdrawn: enter the right values, and say in a note which were wrong.";

/// The number of what stood before entries were kept.
const BEFORE: u32 = 0;

/// Who withdrew an entry, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Withdrawn {
    /// Initials.
    pub by: String,
    /// When.
    pub at: Millis,
}

moved!(Withdrawn { moves: at; stays: by });

/// A symptom or a score as it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    n: u32,
    at: Millis,
    what: What,
}

moved!(Entry { moves: at; stays: n, what });

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Symptom { symptom: String, over: bool },
    Score { score: String, value: i32 },
}

impl What {
    fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Symptom { symptom, over, .. } => {
                Some(Self::Symptom { symptom: symptom.clone(), over: *over })
            }
            Event::Score { score, value, .. } => {
                Some(Self::Score { score: score.clone(), value: *value })
            }
            _ => None,
        }
    }

    fn is_about_the_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Symptom { symptom: a, .. }, Self::Symptom { symptom: b, .. })
            | (Self::Score { score: a, .. }, Self::Score { score: b, .. }) => a == b,
            _ => false,
        }
    }
}

impl Session {
    /// Takes a symptom or a score, and remembers that it was entered.
    pub(super) fn enter(&mut self, event: &Event, at: Millis, profile: &Profile) {
        let Some(what) = What::of(event) else { return };
        if !self.entries.iter().any(|entry| entry.what.is_about_the_same_as(&what)) {
            let before = self.standing(&what);
            self.entries.extend(before);
        }
        // Its number is the one under which it is listed next.
        let entry = Entry { n: self.counted_events + 1, at, what };
        self.stand(&entry, profile);
        self.entries.push(entry);
        let more = self.entries.len().saturating_sub(SHOWN_EVENTS);
        self.entries.drain(..more);
    }

    /// What stands of this symptom or score, as an entry.
    fn standing(&self, what: &What) -> Option<Entry> {
        match what {
            What::Symptom { symptom, .. } => {
                let open = self.symptoms.iter().find(|open| open.symptom == *symptom)?;
                let what = What::Symptom { symptom: symptom.clone(), over: false };
                Some(Entry { n: BEFORE, at: open.since, what })
            }
            What::Score { score, .. } => {
                let given = self.scores.iter().find(|given| given.score == *score)?;
                let what = What::Score { score: score.clone(), value: given.value };
                Some(Entry { n: BEFORE, at: given.at, what })
            }
        }
    }

    fn stand(&mut self, entry: &Entry, profile: &Profile) {
        let at = entry.at;
        match &entry.what {
            What::Symptom { symptom, over } => {
                self.symptoms.retain(|open| !*over || open.symptom != *symptom);
                let is_known = profile.symptoms.iter().any(|choice| choice.name == *symptom);
                if is_known
                    && !over
                    && !self.has_symptom(symptom)
                    && self.symptoms.len() < MOST_ENTRIES
                {
                    self.symptoms.push(OpenSymptom { symptom: symptom.clone(), since: at });
                }
            }
            What::Score { score, value } => {
                let is_newest = |given: &GivenScore| given.score == *score && given.at > at;
                let is_known = profile.scores.iter().any(|choice| choice.name == *score);
                // One of before, entered late, is for the record.
                if !is_known || self.scores.iter().any(is_newest) {
                    return;
                }
                self.scores.retain(|given| given.score != *score);
                if self.scores.len() < MOST_ENTRIES {
                    self.scores.push(GivenScore { score: score.clone(), value: *value, at });
                }
            }
        }
    }

    /// Withdraws entry `n`, if it is one that can be.
    pub(super) fn withdraw(&mut self, n: u32, (by, at): (&str, Millis), profile: &Profile) {
        if self.refusal_to_withdraw(n).is_some() {
            return;
        }
        let is_it = |event: &&mut ShownEvent| event.n == n && event.kind != NOTICED;
        if let Some(listed) = self.events.iter_mut().find(is_it) {
            listed.withdrawn = Some(Withdrawn { by: by.to_owned(), at });
        }
        let Some(index) = self.entries.iter().position(|entry| entry.n == n) else { return };
        let what = self.entries.remove(index).what;
        match &what {
            What::Symptom { symptom, .. } => self.symptoms.retain(|open| open.symptom != *symptom),
            What::Score { score, .. } => self.scores.retain(|given| given.score != *score),
        }
        let entries = std::mem::take(&mut self.entries);
        for entry in entries.iter().filter(|entry| entry.what.is_about_the_same_as(&what)) {
            self.stand(entry, profile);
        }
        self.entries = entries;
    }

    /// Why entry `n` cannot be withdrawn, in words that say what to do instead.
    pub(super) fn refusal_to_withdraw(&self, n: u32) -> Option<String> {
        let is_it = |event: &&ShownEvent| event.n == n && event.kind != NOTICED;
        let Some(listed) = self.events.iter().find(is_it) else {
            return Some(format!("There is no entry {n} in this session's list."));
        };
        if let Some(Withdrawn { by, .. }) = &listed.withdrawn {
            return Some(format!("{by} has withdrawn this entry already."));
        }
        let remedy = match listed.kind.as_str() {
            "note" | "rate_change" | "bp_now" => return None,
            "symptom" | "score" if self.entries.iter().any(|entry| entry.n == n) => return None,
            // Whether the room still knows how, it says itself.
            "manual_vitals" if listed.values.is_some() => return None,
            "symptom" => "This entry is too old to be withdrawn: say that the symptom has gone.",
            "score" => "This entry is too old to be withdrawn: give the score again.",
            "accept_baseline" => "A baseline cannot be withdrawn: accept the right one.",
            "limits" => "Own limits cannot be withdrawn: take them away, and say why.",
            "manual_vitals" => TOO_OLD_VALUES,
            _ => {
                "A step of the session cannot be withdrawn: take the next one, or say in a note \
                 what was wrong."
            }
        };
        Some(remedy.to_owned())
    }
}

impl Room {
    /// An entry was withdrawn: what followed from it alone is over.
    pub(super) fn entry_was_withdrawn(&mut self, n: u32) {
        if let Some(wanted) = self.stay.tasks.wanted.filter(|wanted| wanted.why == Why::Asked) {
            let events = self.stay.session.iter().flat_map(|session| &session.events);
            let mut asked = events.filter(|event| event.kind == "bp_now");
            let stands = |event: &ShownEvent| event.withdrawn.is_none() && event.at >= wanted.since;
            if asked.clone().any(|event| event.n == n) && !asked.any(stands) {
                self.stay.tasks.wanted = None;
            }
        }
        self.withdraw_by_hand(n);
        self.judge_entries(None);
    }
}
