//! Patients: whom check-in offers, who was here before, and whom a session is about. Names are in
//! the private parts of the clinic's chain, and never in the log.

use jiff::civil::Date;
use serde_json::json;
use tokio::sync::oneshot;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::room_actor::RoomActor;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::{ListedPatient, ListedPatients, RunningSession};
use crate::name;
use crate::people::{KnownPatient, Person};
use crate::record::{Entry, Patient, Private};
use crate::store::{PatientRow, Upsert};
use crate::vitals::{CourseId, Millis, PatientId, RoomId};

/// The most people that one answer offers.
const MAX_OFFERED: usize = 200;

/// The person that check-in names.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Named {
    /// By initials alone.
    #[default]
    Nobody,
    /// Somebody who was here before.
    Known(PatientId),
    /// Somebody by name and numbers, whether they were here before or not.
    Person(Person),
}

/// The course that a session is to belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct OfCourse {
    /// Its id.
    pub id: CourseId,
    /// The patient.
    pub patient: PatientId,
    /// The number of this treatment in the course.
    pub number: u32,
}

/// Those who were admitted and have not left, the last heard of first.
#[derive(Debug)]
pub struct ListArrivals;

impl Command for ListArrivals {
    type Answer = ListedPatients;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let offered = core.arrivals.offered(at);
        let listed = offered.into_iter().take(MAX_OFFERED).map(|arrival| {
            let known = core.patients.find(&arrival.person).ok().flatten();
            let session = known.and_then(|known| core.running_session_of(&known.id));
            let named = arrival.place.as_deref().and_then(|place| core.room_of_place(place));
            let offered_room = named.filter(|room| core.is_free(room));
            ListedPatient { session, offered_room, ..ListedPatient::arrived(arrival, known) }
        });
        ListedPatients { patients: listed.collect() }
    }
}

/// Those who were here before, by words of their names, numbers and birth dates.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct SearchPatients {
    pub text: String,
}

impl Command for SearchPatients {
    type Answer = ListedPatients;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        let found = core.patients.search(&self.text);
        ListedPatients { patients: found.into_iter().map(ListedPatient::known).collect() }
    }
}

/// Somebody who was here before.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ShowPatient {
    pub id: PatientId,
}

impl Command for ShowPatient {
    type Answer = Option<ListedPatient>;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        core.patients.get(&self.id).map(ListedPatient::known)
    }
}

/// Who somebody is, if they were here before and that is certain.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct WhoIs {
    pub named: Named,
}

impl Command for WhoIs {
    type Answer = Option<PatientId>;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        match self.named {
            Named::Nobody => None,
            Named::Known(id) => core.patients.get(&id).map(|known| known.id.clone()),
            Named::Person(person) => {
                core.patients.find(&person).ok().flatten().map(|known| known.id.clone())
            }
        }
    }
}

/// Corrects who somebody is; what was known before is replaced, and the record keeps it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct CorrectPatient {
    pub id: PatientId,
    pub person: Person,
}

impl Act for CorrectPatient {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { id, person } = self;
        core.known_patient(&id)?;
        match core.patients.find(&person) {
            Ok(Some(other)) if other.id != id => {
                let text = "The numbers, or name and birth date, are those of another patient.";
                return Err(Refusal::NotNow(text.to_owned()));
            }
            // That is what is corrected here.
            Ok(_) | Err(crate::people::Unsure::OtherBirthDate) => {}
            Err(unsure) => return Err(Refusal::NotNow(unsure.to_string())),
        }
        let patient = KnownPatient::new(id, person, at);
        let json = written(&ListedPatient::known(&patient));
        let stored = core.keep_patient(actor, patient, at)?;
        Ok(Pending { json, stored })
    }
}

impl Core {
    fn running_session_of(&self, patient: &PatientId) -> Option<RunningSession> {
        self.rooms.values().find_map(|room_actor| {
            let card = room_actor.card.as_ref()?;
            let session = room_actor.room.session()?;
            let running = RunningSession { id: session.id.clone(), room: room_actor.id().clone() };
            (card.patient.id.as_ref() == Some(patient)).then_some(running)
        })
    }

    /// The only room that the hospital's system can mean: a part of the place is its id or name.
    fn room_of_place(&self, place: &str) -> Option<RoomId> {
        let parts: Vec<String> = place.split(" · ").map(name::key).collect();
        let is_meant = |room_actor: &&RoomActor| {
            let names = [name::key(room_actor.id().as_str()), name::key(&room_actor.name)];
            parts.iter().any(|part| names.contains(part))
        };
        let mut meant = self.rooms.values().filter(is_meant);
        match (meant.next(), meant.next()) {
            (Some(one), None) => Some(one.id().clone()),
            _ => None,
        }
    }

    /// Whether nobody has a session there, the patient of whom it is asked included.
    fn is_free(&self, room: &RoomId) -> bool {
        self.rooms.get(room).is_some_and(|room_actor| room_actor.room.session().is_none())
    }

    pub(super) fn known_patient(&self, id: &PatientId) -> Result<&KnownPatient, Refusal> {
        let known = self.patients.get(id);
        known.ok_or_else(|| Refusal::NotFound { kind: "patient", id: id.to_string() })
    }

    /// The person that a session is to be about: somebody who was here before, updated, or somebody
    /// new.
    pub(super) fn whom(
        &self,
        named: Named,
        of_course: Option<&OfCourse>,
        at: Millis,
    ) -> Result<Option<KnownPatient>, Refusal> {
        let patient = match named {
            Named::Nobody => None,
            Named::Known(id) => {
                let person = self.known_patient(&id)?.person.clone();
                Some(KnownPatient::new(id, person, at))
            }
            Named::Person(person) => {
                let found = self.patients.find(&person);
                match found.map_err(|unsure| Refusal::NotNow(unsure.to_string()))? {
                    Some(known) => {
                        let mut updated = known.person.clone();
                        updated.update(&person);
                        Some(KnownPatient::new(known.id.clone(), updated, at))
                    }
                    None => {
                        let unique = format!("p-{}", uuid::Uuid::now_v7().simple());
                        let id = PatientId::new(&unique);
                        let id = id.map_err(|error| Refusal::NotNow(error.to_string()))?;
                        Some(KnownPatient::new(id, person, at))
                    }
                }
            }
        };
        if let Some(of_course) = of_course
            && patient.as_ref().is_none_or(|patient| patient.id != of_course.patient)
        {
            let text = "The course is another patient's: choose one of this patient's, or none.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        if let Some(patient) = &patient {
            let is_theirs =
                |card: &super::render::SessionCard| card.patient.id.as_ref() == Some(&patient.id);
            let elsewhere = self.rooms.values().find(|room_actor| {
                room_actor.room.session().is_some()
                    && room_actor.card.as_ref().is_some_and(is_theirs)
            });
            if let Some(room_actor) = elsewhere {
                let room = room_actor.id();
                return Err(Refusal::NotNow(format!(
                    "This patient already has a session in room {room}: end that one, or move it."
                )));
            }
        }
        Ok(patient)
    }

    /// Writes into the clinic's chain who somebody is, with its view.
    pub(super) fn keep_patient(
        &mut self,
        actor: &Actor,
        patient: KnownPatient,
        at: Millis,
    ) -> Result<oneshot::Receiver<()>, Refusal> {
        let person = patient.person.clone();
        let entry = Entry {
            at,
            body: json!({"at": at, "staff": actor.initials, "patient": {"id": patient.id}})
                .to_string(),
            private: Some(Private::Patient { person }.json()),
            ..Entry::default()
        };
        let views = vec![Upsert::Patient(PatientRow::new(&patient))];
        let (stored, told) = oneshot::channel();
        if !self.append_to_clinic(entry, views, vec![stored]) {
            return Err(Refusal::not_recorded());
        }
        self.patients.put(patient);
        Ok(told)
    }
}

/// What the session knows of its patient: initials as staff gave them, otherwise those of the name;
/// the age by the birth date, on this day of the clinic.
pub(super) fn as_named(
    patient: Patient,
    known: &KnownPatient,
    today: Option<Date>,
) -> Result<Patient, Refusal> {
    let birth_date = known.person.birth_date;
    let by_date = birth_date.zip(today).map(|(date, today)| date.age_on(today)).transpose();
    let by_date = by_date.map_err(|error| Refusal::NotNow(error.to_string()))?;
    if let (Some(age), Some(by_date)) = (patient.age, by_date)
        && age != by_date
    {
        return Err(Refusal::NotNow(format!(
            "The age is given as {age}, but by the birth date it is {by_date}: leave the age out, or correct one of them."
        )));
    }
    let initials = match patient.initials.is_empty() {
        true => known.person.initials().ok_or_else(|| {
            Refusal::NotNow("This patient's name is not known: give initials.".to_owned())
        })?,
        false => patient.initials,
    };
    Ok(Patient { initials, age: patient.age.or(by_date), id: Some(known.id.clone()), ..patient })
}
