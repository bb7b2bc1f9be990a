//! Walks the tree from section to section and notes the problems on the way.

use std::cell::RefCell;

use super::section::Written;
use super::tree::Table;
use super::{
    Clinic, Config, Limits, Problems, Server, adapters, environment, rooms, schema, tree, values,
};

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
    let problems = RefCell::new(problems);
    // Half a file would be blamed for what the other half holds.
    let config = if whole {
        sections(&Written::new(&tree, &problems), file.is_some())
    } else {
        Config::default()
    };
    match Problems::of(problems.into_inner()) {
        Some(problems) => Err(problems),
        None => Ok(config),
    }
}

fn sections(written: &Written<'_>, has_file: bool) -> Config {
    let server = server(written);
    let rooms = rooms::rooms(written);
    Config {
        clinic: clinic(written),
        adapters: adapters::adapters(written, has_file, &server),
        devices: rooms::devices(written, &rooms),
        limits: limits(written),
        server,
        rooms,
    }
}

fn clinic(written: &Written<'_>) -> Clinic {
    let clinic = Clinic::default();
    let Some(section) = written.one(&schema::CLINIC) else { return clinic };
    Clinic {
        name: section.get("name", values::name).unwrap_or(clinic.name),
        time_zone: section.get("time_zone", values::time_zone),
    }
}

fn server(written: &Written<'_>) -> Server {
    let server = Server::default();
    let Some(section) = written.one(&schema::SERVER) else { return server };
    Server {
        listen: section.get("listen", values::server_listen).unwrap_or(server.listen),
        data_dir: section.get("data_dir", values::data_dir).unwrap_or(server.data_dir),
    }
}

fn limits(written: &Written<'_>) -> Limits {
    let limits = Limits::default();
    let Some(section) = written.one(&schema::LIMITS) else { return limits };
    let number = |key: &str, most: u32| {
        let read = values::number_up_to(most, section.number(key)?);
        read.map_err(|fault| section.note(key, fault)).ok()
    };
    let frames = number("frames_per_second", 1_000_000);
    let mib = number("disk_low_mib", 1_000_000_000);
    Limits {
        frames_per_second: frames.unwrap_or(limits.frames_per_second),
        disk_low_mib: mib.map_or(limits.disk_low_mib, |mib| mib.get().into()),
    }
}
