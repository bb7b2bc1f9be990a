//! Whom it is about, who was there, where, and with what.

use serde_json::{Value, json};

use super::codes::{AGE, WEIGHT, absent_extension, category, loinc};
use super::document::{Document, quantity, text};
use crate::report::RecordedPatient;
use crate::report::words::sex;
use crate::room::{EventType, ListedType, Phase};
use crate::vitals::{Decimal, Millis, RoomId};

impl Document<'_> {
    /// Patient, clinic, room, stay, monitors, program.
    pub(super) fn people(&mut self) {
        let record = self.record;
        let header = &record.header;
        self.add("Patient", "", patient(&header.patient));
        let clinic =
            header.clinic.as_ref().map(|name| self.add("Organization", "", json!({"name": name})));
        let places = self.places(clinic.as_ref());
        let program = json!({
            "deviceName": [{"name": "dripwatch", "type": "model-name"}],
            "type": text("Monitoring software"),
            "version": [{"value": header.made_by_program}],
            "owner": clinic,
        });
        self.add("Device", "program", program);
        for device in &header.devices {
            let id = device.device.as_str();
            let monitor = json!({
                "identifier": [{"value": id}],
                "type": text("Patient monitor"),
                "owner": clinic,
                "location": (header.rooms.len() < 2).then(|| self.place()),
            });
            self.add("Device", &monitor_key(id), monitor);
        }
        let there: Vec<Value> = header
            .staff
            .iter()
            .filter_map(|staff| {
                let who = self.practitioner(&staff.by)?;
                Some(json!({"individual": who}))
            })
            .collect();
        let stay = json!({
            "identifier": [{"value": header.session.as_str()}],
            "status": if header.ended_at.is_some() { "finished" } else { "in-progress" },
            "class": {
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": "AMB",
                "display": "ambulatory",
            },
            "type": [text(&header.profile.title)],
            "subject": self.patient(),
            "participant": there,
            "period": self.period(header.opened_at, header.ended_at),
            "location": places,
            "serviceProvider": clinic,
        });
        self.add("Encounter", "", stay);
        self.measures();
    }

    /// The rooms, and when the patient was in each.
    fn places(&mut self, clinic: Option<&Value>) -> Vec<Value> {
        let record = self.record;
        let header = &record.header;
        let place = |room: &RoomId| {
            json!({
                "identifier": [{"value": room.as_str()}],
                "name": format!("Room {room}"),
                "managingOrganization": clinic,
            })
        };
        let last = self.add("Location", header.room.as_str(), place(&header.room));
        if header.rooms.is_empty() {
            return vec![json!({"location": last})];
        }
        let mut all = Vec::new();
        for stay in &header.rooms {
            let location = self.add("Location", stay.room.as_str(), place(&stay.room));
            all.push(json!({"location": location, "period": self.period(stay.from, stay.to)}));
        }
        all
    }

    /// The room; of a session that moved, the last one.
    pub(super) fn place(&self) -> Value {
        self.reference("Location", self.record.header.room.as_str())
    }

    /// The room in which the patient was at this time; `None` when that is not recorded.
    pub(super) fn room_at(&self, at: Millis) -> Option<Value> {
        let rooms = &self.record.header.rooms;
        let stay = rooms.iter().rev().find(|stay| stay.from <= at)?;
        Some(self.reference("Location", stay.room.as_str()))
    }

    /// Weight and age, as they were stated.
    fn measures(&mut self) {
        let record = self.record;
        let patient = &record.header.patient;
        let check_in = record.events.iter().rev().find(|event| {
            event.kind == ListedType::Event(EventType::CheckIn) && event.withdrawn.is_none()
        });
        let stated = record.stated.as_ref().and_then(|stated| stated.weight_kg);
        let weight = match (stated, check_in) {
            (Some(weight), Some(event)) => Some((weight, event.at, event.by.as_str())),
            _ => patient.weight_kg.map(|kg| (Decimal::trimmed(kg), record.header.opened_at, "")),
        };
        if let Some((kg, at, by)) = weight {
            let value = quantity(kg, "kg", "kg");
            self.measure("weight", loinc(&[WEIGHT], "Body weight"), (value, at), by);
        }
        if let Some(age) = patient.age {
            let value = quantity(Decimal::whole(i32::from(age)), "a", "a");
            self.measure("age", loinc(&[AGE], "Age"), (value, record.header.opened_at), "");
        }
    }

    fn measure(&mut self, key: &str, code: Value, (value, at): (Value, Millis), by: &str) {
        let kind = if key == "weight" { "vital-signs" } else { "exam" };
        let observation = json!({
            "status": "final",
            "category": category(kind),
            "code": code,
            "subject": self.patient(),
            "encounter": self.encounter(),
            "effectiveDateTime": self.instant(at),
            "performer": self.performer(by),
            "valueQuantity": value,
        });
        self.add("Observation", key, observation);
    }

    /// Somebody of the staff: the record knows them by their initials. `None` without any.
    pub(super) fn practitioner(&mut self, by: &str) -> Option<Value> {
        if by.trim().is_empty() {
            return None;
        }
        let known = json!({"identifier": [{"type": text("Initials"), "value": by}], "name": [{"text": by}]});
        Some(self.add("Practitioner", by, known))
    }

    /// Who did it, as a list; empty when the record does not say.
    pub(super) fn performer(&mut self, by: &str) -> Value {
        self.practitioner(by).into_iter().collect()
    }

    /// A monitor, when it is one of the session's.
    pub(super) fn monitor(&self, id: &str) -> Option<Value> {
        let key = monitor_key(id);
        self.has("Device", &key).then(|| self.reference("Device", &key))
    }

    /// The only monitor of the session: what is not signed by another is its.
    pub(super) fn only_monitor(&self) -> Option<Value> {
        match self.record.header.devices.as_slice() {
            [one] => self.monitor(one.device.as_str()),
            _ => None,
        }
    }

    pub(super) fn program(&self) -> Value {
        self.reference("Device", "program")
    }

    /// Whether the treatment was begun and did not go on to its end.
    pub(super) fn is_broken_off(&self) -> bool {
        let record = self.record;
        record.infusion.end_reason.is_some()
            || matches!(record.header.phase, Phase::Aborted | Phase::Transferred)
                && record.given.as_ref().is_none_or(|given| given.not_given_mg > Decimal::whole(0))
    }
}

fn patient(patient: &RecordedPatient) -> Value {
    if patient.is_removed {
        return json!({"name": [absent_extension("masked")]});
    }
    let Some(person) = &patient.person else {
        let initials = patient.initials.trim();
        return json!({"name": match initials {
            "" => json!([absent_extension("unknown")]),
            // Initials are no name.
            initials => json!([{"use": "anonymous", "text": initials}]),
        }});
    };
    let ids = person
        .ids
        .iter()
        .map(|id| json!({"value": id.number, "assigner": {"display": id.authority}}));
    let mut names = [&person.family, &person.given].into_iter().flatten();
    let has_name = names.any(|name| !name.trim().is_empty());
    let name = match has_name {
        true => json!({"family": person.family, "given": [person.given]}),
        false => absent_extension("unknown"),
    };
    json!({
        "identifier": ids.collect::<Vec<_>>(),
        "name": [name],
        "gender": person.sex.as_deref().and_then(sex),
        "birthDate": person.birth_date,
    })
}

/// No monitor has the program's key, whatever its id is.
fn monitor_key(id: &str) -> String {
    format!("monitor/{id}")
}
