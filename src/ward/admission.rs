//! A patient's arrival and departure, as a monitor or the hospital reports it: kept in the clinic's
//! chain, its text in the private part, so that check-in can offer who is here. It binds no room.

use serde_json::json;

use super::core::Core;
use crate::adapters::Admission;
use crate::people::{KnownPatient, NamedId, PatientNews, StayNews};
use crate::record::{Entry, Private};
use crate::store::{ArrivalRow, PatientRow, Upsert};
use crate::vitals::{Millis, PatientId};

/// The longest message that is kept whole; of a longer message the beginning is kept.
const MAX_TEXT_BYTES: usize = 16 * 1024;

impl Core {
    pub(super) fn admit(&mut self, admission: Admission, at: Millis) {
        let Admission { device, adapter, event, mut text, news, stored } = admission;
        let is_cut = text.len() > MAX_TEXT_BYTES;
        text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
        let admission =
            json!({"device": device, "adapter": adapter, "event": event, "cut": is_cut});
        let entry = Entry {
            at,
            body: json!({"at": at, "admission": admission}).to_string(),
            private: Some(Private::Admission { message: text }.json()),
            ..Entry::default()
        };
        let views = news.map_or_else(Vec::new, |news| {
            self.merge(&news, at);
            let heard = self.arrivals.hear(&news, at);
            let gone = heard.gone.into_iter().map(|number| Upsert::ArrivalGone { number });
            gone.chain([Upsert::Arrival(ArrivalRow::new(heard.now))]).collect()
        });
        self.append_to_clinic(entry, views, vec![stored]);
    }

    /// The hospital reports that several numbers belong to one person: people who were known here
    /// by different numbers are one person from now on, with all their histories. Two birth dates
    /// are two people, whatever a message says: staff decide that.
    fn merge(&mut self, news: &PatientNews, at: Millis) {
        let StayNews::SameAs(others) = &news.what else { return };
        let all: Vec<NamedId> = news.ids.iter().chain(others).cloned().collect();
        let known: Vec<KnownPatient> =
            self.patients.with_numbers(&all).into_iter().cloned().collect();
        let remains = known.iter().find(|known| known.person.shares_an_id(&news.ids));
        let Some(remains) = remains.or(known.first()) else { return };
        let mut person = remains.person.clone();
        let mut gone = Vec::new();
        for other in known.iter().filter(|other| other.id != remains.id) {
            let dates = person.birth_date.zip(other.person.birth_date);
            if dates.is_some_and(|(one, two)| one != two) {
                tracing::warn!(patient = %remains.id, other = %other.id, "the hospital's system says that they are one patient, but their birth dates differ: not merged");
                continue;
            }
            let mut merged = other.person.clone();
            merged.update(&person);
            person = merged;
            gone.push(other.id.clone());
        }
        let theirs = others.iter().filter(|id| {
            let holders = known.iter().filter(|known| known.person.ids.contains(id));
            holders.clone().count() == 0 || holders.clone().any(|known| gone.contains(&known.id))
        });
        person.add_ids(&news.ids);
        person.add_ids(&theirs.cloned().collect::<Vec<_>>());
        let remains = KnownPatient::new(remains.id.clone(), person, remains.seen_at.max(at));
        let entry = Entry {
            at,
            body: json!({"at": at, "merged": {"patient": remains.id, "others": gone}}).to_string(),
            private: Some(Private::Patient { person: remains.person.clone() }.json()),
            ..Entry::default()
        };
        let mut views = vec![Upsert::Patient(PatientRow::new(&remains))];
        for other in &gone {
            self.patients.remove(other);
            let (into, gone) = (remains.id.clone(), other.clone());
            views.push(Upsert::PatientMerged { gone, into });
        }
        self.rooms.for_each(|room_actor| {
            let is_gone = |id: &PatientId| gone.contains(id);
            if let Some(card) = &mut room_actor.card
                && card.patient.id.as_ref().is_some_and(is_gone)
            {
                card.patient.id = Some(remains.id.clone());
            }
        });
        self.patients.put(remains);
        self.append_to_clinic(entry, views, Vec::new());
    }
}
