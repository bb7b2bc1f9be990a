//! The rooms, and the monitors that belong to one for good.

use std::collections::BTreeMap;

use super::problem::quoted;
use super::section::{Distinct, Section, Written};
use super::{Config, Device, Fault, Room, schema, values};
use crate::name;
use crate::vitals::{MAX_ROOMS, RoomId};

pub(super) fn rooms(written: &Written<'_>) -> Vec<Room> {
    let Some(sections) = written.entries(&schema::ROOMS) else { return Config::default().rooms };
    if !(1..=MAX_ROOMS).contains(&sections.len()) {
        let what = format!("names {} rooms", sections.len());
        let remedy = format!("write 1 to {MAX_ROOMS}, or leave rooms out for Room 1 to Room 8");
        written.note(&schema::ROOMS, Fault::new(what, remedy));
    }
    let mut ids = Distinct::default();
    let mut names = BTreeMap::new();
    sections.iter().filter_map(|section| room(section, &mut ids, &mut names)).collect()
}

fn room(
    section: &Section<'_>,
    ids: &mut Distinct,
    names: &mut BTreeMap<String, RoomId>,
) -> Option<Room> {
    let name = section.get("name", values::name);
    let text = section.required("id", "3")?;
    let id = section.judged("id", &text, values::room_id)?;
    if !ids.add("id", section, &text) {
        return None;
    }
    let name = name.unwrap_or_else(|| Room::default_name(&id));
    if let Some(other) = names.insert(name::key(&name), id.clone()) {
        let what = format!("{} looks like the name of room {other}", quoted(&name));
        let remedy = "write names that cannot be mistaken for one another";
        section.note("name", Fault::new(what, remedy));
    }
    Some(Room { id, name })
}

pub(super) fn devices(written: &Written<'_>, rooms: &[Room]) -> Vec<Device> {
    let sections = written.entries(&schema::DEVICES).unwrap_or_default();
    let mut ids = Distinct::default();
    sections.iter().filter_map(|section| device(section, &mut ids, rooms)).collect()
}

fn device(section: &Section<'_>, ids: &mut Distinct, rooms: &[Room]) -> Option<Device> {
    let id = section.required("id", "mon-3").and_then(|text| {
        ids.add("id", section, &text);
        section.judged("id", &text, values::device_id)
    });
    let text = section.required("room", "3")?;
    let room = section.judged("room", &text, values::room_id)?;
    if rooms.iter().all(|known| known.id != room) {
        section.note_text("room", &text, no_such_room(text.get_ref(), rooms));
    }
    Some(Device { id: id?, room })
}

fn no_such_room(room: &str, rooms: &[Room]) -> Fault {
    /// If there are more than fit on a line, the list is cut short.
    const LISTED: usize = 10;
    let mut ids: Vec<_> = rooms.iter().take(LISTED).map(|room| room.id.as_str()).collect();
    if rooms.len() > LISTED {
        ids.push("…");
    }
    let remedy = match ids.as_slice() {
        [] => "add it below [[rooms]]".to_owned(),
        [only] => format!("write {only:?}, or add the room below [[rooms]]"),
        _ => format!("write one of {}, or add the room below [[rooms]]", ids.join(", ")),
    };
    Fault::new(format!("{} does not exist", quoted(room)), remedy)
}
