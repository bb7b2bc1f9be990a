//! Entries that are withdrawn. Nothing is deleted: a withdrawn entry stays in the list and counts
//! as if it had never been made.

use super::Room;
use super::entry::{BEFORE, Entry, What};
use super::event::Event;
use super::event_type::EventType;
use super::listed::{ListedType, SHOWN_EVENTS, ShownEvent, Withdrawn};
use super::session::{MOST_ENTRIES, Session};
use super::tasks::Why;
use crate::gates::SymptomTime;
use crate::profile::Profile;
use crate::rules::{GivenScore, OpenSymptom};
use crate::vitals::Millis;

/// Why values by hand can no longer be withdrawn.
pub(super) const TOO_OLD_VALUES: &str = "This entry is too old to be withdrawn: enter the right values, and say in a note which were wrong.";

impl Session {
    /// Takes a symptom or a score, and remembers that it was entered.
    pub(super) fn enter(&mut self, event: &Event, at: Millis, profile: &Profile) {
        let Some(what) = What::of(event) else { return };
        if !self.entries.iter().any(|entry| entry.what.is_about_the_same_as(&what)) {
            let before = self.as_entry(&what);
            self.entries.extend(before);
        }
        // Its number is the one under which it is listed next.
        let entry = Entry { n: self.counted_events + 1, at, what };
        self.count(&entry, profile);
        self.entries.push(entry);
        let more = self.entries.len().saturating_sub(SHOWN_EVENTS);
        self.entries.drain(..more);
    }

    /// The current state of this symptom or score, as an entry.
    fn as_entry(&self, what: &What) -> Option<Entry> {
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

    fn count(&mut self, entry: &Entry, profile: &Profile) {
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
                // An earlier one that is entered late is only for the record.
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

    /// Withdraws entry `n`, if it can be withdrawn.
    pub(super) fn withdraw(&mut self, n: u32, (by, at): (&str, Millis), profile: &Profile) {
        if self.refusal_to_withdraw(n).is_some() {
            return;
        }
        if let Some(listed) = self.events.iter_mut().find(|event| event.is_entry(n)) {
            listed.withdrawn = Some(Withdrawn { by: by.to_owned(), at });
        }
        self.treatment.withdraw(n);
        let Some(index) = self.entries.iter().position(|entry| entry.n == n) else { return };
        let what = self.entries.remove(index).what;
        match &what {
            What::Symptom { symptom, .. } => self.symptoms.retain(|open| open.symptom != *symptom),
            What::Score { score, .. } => self.scores.retain(|given| given.score != *score),
        }
        let entries = std::mem::take(&mut self.entries);
        for entry in entries.iter().filter(|entry| entry.what.is_about_the_same_as(&what)) {
            self.count(entry, profile);
        }
        self.entries = entries;
    }

    /// The state of a symptom, as it was last entered.
    pub(super) fn symptom_time(&self, symptom: &str) -> SymptomTime {
        if self.has_symptom(symptom) {
            return SymptomTime::There;
        }
        let gone = self.entries.iter().filter_map(|entry| match &entry.what {
            What::Symptom { symptom: entered, over: true } if entered == symptom => Some(entry.at),
            _ => None,
        });
        gone.max().map_or(SymptomTime::Never, SymptomTime::Last)
    }

    /// The initials of who gave a score; `None` when it is too old to be listed.
    pub(super) fn who_scored(&self, given: &GivenScore) -> String {
        let entry = self.entries.iter().rev().find(|entry| {
            entry.at == given.at
                && matches!(&entry.what, What::Score { score, .. } if *score == given.score)
        });
        let listed = entry.and_then(|entry| self.events.iter().find(|e| e.is_entry(entry.n)));
        listed.map(|listed| listed.by.clone()).unwrap_or_default()
    }

    /// Why entry `n` cannot be withdrawn, in words that say what to do instead.
    pub(super) fn refusal_to_withdraw(&self, n: u32) -> Option<String> {
        let Some(listed) = self.events.iter().find(|event| event.is_entry(n)) else {
            return Some(format!("There is no entry {n} in this session's list."));
        };
        if let Some(Withdrawn { by, .. }) = &listed.withdrawn {
            return Some(format!("{by} has already withdrawn this entry."));
        }
        let is_known = || self.entries.iter().any(|entry| entry.n == n);
        let remedy = match listed.kind {
            ListedType::Event(
                EventType::Note
                | EventType::RateChange
                | EventType::BpNow
                | EventType::Order
                | EventType::Check
                | EventType::Bolus
                | EventType::Medication
                | EventType::Oxygen
                | EventType::AdverseEvent,
            ) => return None,
            ListedType::Event(EventType::Symptom | EventType::Score) if is_known() => return None,
            // If the room still knows the entry, it says itself why not.
            ListedType::Event(EventType::ManualVitals) if listed.values.is_some() => return None,
            ListedType::Event(EventType::Symptom) => {
                "This entry is too old to be withdrawn: enter that the symptom has gone."
            }
            ListedType::Event(EventType::Score) => {
                "This entry is too old to be withdrawn: give the score again."
            }
            ListedType::Event(EventType::AcceptBaseline) => {
                "A baseline cannot be withdrawn: accept the right one."
            }
            ListedType::Event(EventType::Limits) => {
                "Own limits cannot be withdrawn: remove them, and say why."
            }
            ListedType::Event(EventType::ManualVitals) => TOO_OLD_VALUES,
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
            let mut asked =
                events.filter(|event| event.kind == ListedType::Event(EventType::BpNow));
            let counts = |event: &ShownEvent| event.withdrawn.is_none() && event.at >= wanted.since;
            if asked.clone().any(|event| event.n == n) && !asked.any(counts) {
                self.stay.tasks.wanted = None;
            }
        }
        self.withdraw_by_hand(n);
        self.judge_entries(None);
    }
}
