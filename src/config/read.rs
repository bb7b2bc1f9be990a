//! Reads section by section, and notes the problems on the way.

use toml::de::DeTable;

use super::place::Places;
use super::section::Written;
use super::{
    Clinic, Config, Limits, Problems, Retention, Server, adapters, channels, environment, outbound,
    rooms, schema, tree, values,
};

/// The configuration of a file, if there is one, and of the environment over it.
pub(super) fn config(
    file: Option<(&str, &str)>,
    env: impl Iterator<Item = (String, String)>,
) -> Result<Config, Problems> {
    let (name, text) = file.unwrap_or_default();
    // Windows editors put a byte order mark before it.
    let text = text.trim_start_matches('\u{feff}');
    let mut variables: Vec<_> = env.collect();
    // A section's own variable sorts before those of its keys, which then refine it.
    variables.sort();
    let places = Places::new(name, text, &variables);
    let parsed = tree::parse(text, &places);
    // A file that does not parse is not judged: half of it would be blamed for the other half.
    let whole = parsed.is_ok();
    let (mut tree, mut problems) = match parsed {
        Ok(tree) => (tree, Vec::new()),
        Err(problems) => (DeTable::new(), problems),
    };
    problems.extend(environment::apply(&mut tree, &places));
    let written = Written::new(&tree, &places, problems);
    let config = if whole { sections(&written, file.is_some()) } else { Config::default() };
    match Problems::of(written.into_problems()) {
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
        outbound: outbound::outbound(written),
        channels: channels::channels(written),
        limits: limits(written),
        retention: retention(written),
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
        heads_file: section.get("heads_file", values::heads_file),
    }
}

fn limits(written: &Written<'_>) -> Limits {
    let limits = Limits::default();
    let Some(section) = written.one(&schema::LIMITS) else { return limits };
    let number = |key: &str, most: u32| {
        let judged = values::number_up_to(most, section.value(key)?.into_inner());
        judged.map_err(|fault| section.note(key, fault)).ok()
    };
    let frames = number("frames_per_second", 1_000_000);
    let mib = number("disk_low_mib", 1_000_000_000);
    Limits {
        frames_per_second: frames.unwrap_or(limits.frames_per_second),
        disk_low_mib: mib.map_or(limits.disk_low_mib, |mib| mib.get().into()),
    }
}

/// The most hours and days that may be written: a hundred years.
const MAX_HOURS: u32 = 876_600;
const MAX_DAYS: u32 = 36_525;

fn retention(written: &Written<'_>) -> Retention {
    let retention = Retention::default();
    let Some(section) = written.one(&schema::RETENTION) else { return retention };
    let number = |key: &str| section.value::<i64>(key).map(toml::Spanned::into_inner);
    let seal = number("seal_after_hours").and_then(|hours| {
        let judged = values::count_up_to(MAX_HOURS, hours);
        judged.map_err(|fault| section.note("seal_after_hours", fault)).ok()
    });
    let above_zero = |key: &str, most: u32| {
        let judged = values::number_up_to(most, number(key)?);
        judged.map_err(|fault| section.note(key, fault)).ok().map(std::num::NonZeroU32::get)
    };
    Retention {
        seal_after_hours: seal.unwrap_or(retention.seal_after_hours),
        sessions_days: above_zero("sessions_days", MAX_DAYS),
        raw_hours: above_zero("raw_hours", MAX_HOURS).unwrap_or(retention.raw_hours),
    }
}
