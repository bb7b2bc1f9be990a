//! Walks the tree from section to section and collects the problems on the way.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::net::SocketAddr;
use std::path::Path;

use super::place::Place;
use super::problem::quoted;
use super::section::{Section, Text, repeated, report_unknown_sections};
use super::tree::Table;
use super::{
    Adapter, AdapterKind, AddressRange, Clinic, Config, Device, Fault, Limits, Problem, Problems,
    Room, Server, environment, schema, tree, values,
};
use crate::name;
use crate::vitals::{MAX_ROOMS, RoomId};

/// A larger file is not a configuration.
const LARGEST_FILE_BYTES: u64 = 1 << 20;

/// The text of a file that was named.
pub(super) fn file(path: &Path) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::new(
                "there is no such file",
                "name one that exists, or leave --config out to use the defaults",
            ),
            ErrorKind::IsADirectory => Fault::new("this is a directory", "name a file in it"),
            _ => Fault::new(
                format!("the file cannot be read ({error})"),
                "let the user who runs dripwatch read it",
            ),
        })?;
    if bytes.len() as u64 > LARGEST_FILE_BYTES {
        return Err(Fault::new("the file is larger than 1 MiB", "name a configuration file"));
    }
    String::from_utf8(bytes)
        .map_err(|_| Fault::new("the file is not UTF-8 text", "save it as UTF-8"))
}

/// The configuration of a file, if there is one, and of the environment over it.
pub(super) fn config(
    file: Option<(&str, &str)>,
    env: impl Iterator<Item = (String, String)>,
) -> Result<Config, Problems> {
    let parsed = file.map_or(Ok(Table::new()), |(name, text)| tree::parse(name, text));
    let (mut tree, mut problems) = match parsed {
        Ok(tree) => (tree, Vec::new()),
        Err(problems) => (Table::new(), problems),
    };
    let whole = problems.is_empty();
    problems.extend(environment::apply(&mut tree, env));
    // Half a file would be blamed for what the other half holds.
    let config =
        if whole { sections(&tree, file.is_some(), &mut problems) } else { Config::default() };
    match Problems::of(problems) {
        Some(problems) => Err(problems),
        None => Ok(config),
    }
}

fn sections(tree: &Table, file_given: bool, problems: &mut Vec<Problem>) -> Config {
    report_unknown_sections(tree, problems);
    let server = server(tree, problems);
    let rooms = rooms(tree, problems);
    Config {
        clinic: clinic(tree, problems),
        adapters: adapters(tree, file_given, &server, problems),
        devices: devices(tree, &rooms, problems),
        limits: limits(tree, problems),
        server,
        rooms,
    }
}

fn clinic(tree: &Table, problems: &mut Vec<Problem>) -> Clinic {
    let mut clinic = Clinic::default();
    let Some(section) = Section::one(tree, &schema::CLINIC, problems) else {
        return clinic;
    };
    if let Some(text) = section.text("name", problems)
        && let Some(name) = section.read("name", text, values::name, problems)
    {
        clinic.name = name;
    }
    if let Some(text) = section.text("time_zone", problems) {
        clinic.time_zone = section.read("time_zone", text, values::time_zone, problems);
    }
    clinic
}

fn server(tree: &Table, problems: &mut Vec<Problem>) -> Server {
    let mut server = Server::default();
    let Some(section) = Section::one(tree, &schema::SERVER, problems) else {
        return server;
    };
    if let Some(text) = section.text("listen", problems)
        && let Some(listen) = section.read("listen", text, values::server_listen, problems)
    {
        server.listen = listen;
    }
    if let Some(text) = section.text("data_dir", problems)
        && let Some(data_dir) = section.read("data_dir", text, values::data_dir, problems)
    {
        server.data_dir = data_dir;
    }
    server
}

fn rooms(tree: &Table, problems: &mut Vec<Problem>) -> Vec<Room> {
    let Some(sections) = Section::entries(tree, &schema::ROOMS, problems) else {
        return Config::default().rooms;
    };
    if !(1..=MAX_ROOMS).contains(&sections.len())
        && let Some((place, _)) = tree.get(schema::ROOMS.name)
    {
        let what = format!("names {} rooms", sections.len());
        let remedy = format!("write 1 to {MAX_ROOMS}, or leave rooms out for Room 1 to Room 8");
        problems.push(Fault::new(what, remedy).at(place, schema::ROOMS.heading()));
    }
    let mut seen = Seen::default();
    let mut names: BTreeMap<String, RoomId> = BTreeMap::new();
    sections
        .iter()
        .filter_map(|section| {
            let written_name = section.text("name", problems);
            let name = written_name.map(|text| section.read("name", text, values::name, problems));
            let text = section.required("id", "3", problems)?;
            let id = section.read("id", text, values::room_id, problems)?;
            if !seen.once("id", section, text, problems) {
                return None;
            }
            let name = name.flatten().unwrap_or_else(|| Room::default_name(&id));
            if let Some(other) = names.insert(name::key(&name), id.clone()) {
                let what = format!("{} looks like the name of room {other}", quoted(&name));
                let remedy = "write names that nobody takes for one another";
                section.report("name", Fault::new(what, remedy), problems);
            }
            Some(Room { id, name })
        })
        .collect()
}

fn adapters(
    tree: &Table,
    file_given: bool,
    server: &Server,
    problems: &mut Vec<Problem>,
) -> Vec<Adapter> {
    let Some(sections) = Section::entries(tree, &schema::ADAPTERS, problems) else {
        return if file_given { Vec::new() } else { Config::default().adapters };
    };
    let mut seen = Seen::default();
    sections.iter().filter_map(|section| adapter(section, server, &mut seen, problems)).collect()
}

fn adapter<'t>(
    section: &Section<'t>,
    server: &Server,
    seen: &mut Seen<'t>,
    problems: &mut Vec<Problem>,
) -> Option<Adapter> {
    let kind = section.required("kind", AdapterKind::Hl7Mllp.name(), problems);
    let kind = kind.and_then(|text| section.read("kind", text, values::adapter_kind, problems));
    let device = section.text("device", problems);
    let device = device.and_then(|text| section.read("device", text, values::device_id, problems));
    let listen = adapter_listen(section, server, seen, problems);
    let allow = allow(section, listen, problems);
    Some(Adapter { kind: kind?, listen: listen?, device, allow: allow? })
}

fn adapter_listen<'t>(
    section: &Section<'t>,
    server: &Server,
    seen: &mut Seen<'t>,
    problems: &mut Vec<Problem>,
) -> Option<SocketAddr> {
    const USUAL: &str = "127.0.0.1:2575";
    let mut other_way = false;
    for key in ["connect", "serial"].into_iter().filter(|key| section.has(key)) {
        let remedy = format!("write listen = {USUAL:?} and let the monitor connect");
        section.report(key, Fault::new("is not in this version", remedy), problems);
        other_way = true;
    }
    let text = if other_way {
        section.text("listen", problems)?
    } else {
        section.required("listen", USUAL, problems)?
    };
    let listen = section.read("listen", text, values::adapter_listen, problems)?;
    // With port 0 each gets a free one.
    if listen.port() != 0 {
        seen.once("listen", section, text, problems);
        if clash(listen, server.listen) {
            let what = format!("{} is taken by the server itself", quoted(text.letters));
            section.report_text("listen", text, Fault::new(what, "write another port"), problems);
        }
    }
    Some(listen)
}

/// Whether two sockets cannot listen there side by side.
fn clash(a: SocketAddr, b: SocketAddr) -> bool {
    let (a_ip, b_ip) = (a.ip().to_canonical(), b.ip().to_canonical());
    a.port() == b.port() && (a_ip == b_ip || a_ip.is_unspecified() || b_ip.is_unspecified())
}

/// Who may connect: whom the file names, or this machine where nobody else could anyhow.
fn allow(
    section: &Section<'_>,
    listen: Option<SocketAddr>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<AddressRange>> {
    if section.has("allow") {
        let texts = section.texts("allow", problems)?;
        if texts.is_empty() {
            let what = "names nobody, so that no monitor could connect";
            let remedy = r#"write who may, as in allow = ["127.0.0.0/8"], or remove the adapter"#;
            section.report("allow", Fault::new(what, remedy), problems);
        }
        let ranges =
            texts.into_iter().filter_map(|text| section.read("allow", text, str::parse, problems));
        return Some(ranges.collect());
    }
    let address = listen?.ip();
    if !address.to_canonical().is_loopback() {
        let what = "is missing, and other machines can reach this adapter";
        let remedy = r#"write who may connect, as in allow = ["192.168.20.0/24"]"#;
        section.report("allow", Fault::new(what, remedy), problems);
    }
    Some(vec![AddressRange::loopback_of(address)])
}

fn devices(tree: &Table, rooms: &[Room], problems: &mut Vec<Problem>) -> Vec<Device> {
    let mut seen = Seen::default();
    Section::entries(tree, &schema::DEVICES, problems)
        .unwrap_or_default()
        .iter()
        .filter_map(|section| {
            let id = section.required("id", "mon-3", problems).and_then(|text| {
                seen.once("id", section, text, problems);
                section.read("id", text, values::device_id, problems)
            });
            let text = section.required("room", "3", problems)?;
            let room = section.read("room", text, values::room_id, problems)?;
            if rooms.iter().all(|known| known.id != room) {
                section.report_text("room", text, no_such_room(text.letters, rooms), problems);
            }
            Some(Device { id: id?, room })
        })
        .collect()
}

fn no_such_room(room: &str, rooms: &[Room]) -> Fault {
    /// More than fit a line are cut short.
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

fn limits(tree: &Table, problems: &mut Vec<Problem>) -> Limits {
    let mut limits = Limits::default();
    let Some(section) = Section::one(tree, &schema::LIMITS, problems) else { return limits };
    let mut number = |key: &str, most: u32| {
        let number = section.number(key, problems)?;
        let read = values::number_up_to(most, number);
        read.map_err(|fault| section.report(key, fault, problems)).ok()
    };
    if let Some(frames) = number("frames_per_second", 1_000_000) {
        limits.frames_per_second = frames;
    }
    if let Some(mib) = number("disk_low_mib", 1_000_000_000) {
        limits.disk_low_mib = mib.get().into();
    }
    limits
}

/// What stood where, to find what stands twice.
#[derive(Default)]
struct Seen<'t>(BTreeMap<&'t str, Place>);

impl<'t> Seen<'t> {
    /// Whether the text is new; reports it if it was there before.
    fn once(
        &mut self,
        key: &str,
        section: &Section<'t>,
        text: Text<'t>,
        problems: &mut Vec<Problem>,
    ) -> bool {
        match self.0.get(text.letters) {
            Some(first) => {
                section.report_text(key, text, repeated(text.letters, first), problems);
                false
            }
            None => {
                self.0.insert(text.letters, text.place.clone());
                true
            }
        }
    }
}
