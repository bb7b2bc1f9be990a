//! Turns texts into valid values. Pure: each fault says what is wrong and what to write.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;

use jiff::tz::{self, TimeZone};

use super::problem::quoted;
use super::spelling::nearest;
use super::{AdapterKind, Fault};
use crate::name::{self, LONGEST_NAME, NotAName};
use crate::vitals::{DeviceId, RoomId};

/// The server's own address: a loopback address and a port; port 0 for any that is free.
/// For `--listen` as well as for the file.
///
/// # Errors
/// The text is not an address and a port, or others could reach it: staff sign in here, and this
/// version does not speak TLS.
pub fn server_listen(text: &str) -> Result<SocketAddr, Fault> {
    let address = socket_address(text, 8080)?;
    if address.ip().to_canonical().is_loopback() {
        return Ok(address);
    }
    Err(Fault::new(
        format!(
            "{} can be reached from other machines, which needs TLS, and this version has none",
            quoted(text)
        ),
        format!(
            r#"use a loopback address behind a TLS proxy on this machine, as in "127.0.0.1:{}""#,
            address.port()
        ),
    ))
}

/// An adapter's address, on any interface.
pub(super) fn adapter_listen(text: &str) -> Result<SocketAddr, Fault> {
    socket_address(text, 2575)
}

fn socket_address(text: &str, usual_port: u16) -> Result<SocketAddr, Fault> {
    text.parse().map_err(|_| {
        // What was probably meant: "localhost:80", an address alone, or ":80".
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => (host, port.parse().ok()),
            _ => (text, text.parse().ok()),
        };
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let ip = ip.unwrap_or(IpAddr::from([127, 0, 0, 1]));
        let meant = SocketAddr::new(ip, port.unwrap_or(usual_port));
        Fault::new(
            format!("{} is not an address and a port", quoted(text)),
            format!(r#"write both in digits, as in "{meant}""#),
        )
    })
}

/// A directory, whether or not it is there yet.
pub(super) fn data_dir(text: &str) -> Result<PathBuf, Fault> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err(Fault::new(
            format!("{} is not a directory", quoted(text)),
            r#"write a path, as in "data" or "/var/lib/dripwatch""#,
        ));
    }
    Ok(PathBuf::from(text))
}

/// A file, whether or not it is there yet, in a folder that may be away.
pub(super) fn heads_file(text: &str) -> Result<PathBuf, Fault> {
    let is_one = !text.trim().is_empty() && !text.contains('\0') && !text.ends_with('/');
    let what = || format!("{} is not a file", quoted(text));
    let remedy = r#"write a path on another disk, as in "/mnt/other/dripwatch.heads""#;
    is_one.then(|| PathBuf::from(text)).ok_or_else(|| Fault::new(what(), remedy))
}

/// A name for people to read: one line of 1 to 100 characters that can be seen.
pub(super) fn name(text: &str) -> Result<String, Fault> {
    name::checked(text, LONGEST_NAME).map_err(|problem| {
        let remedy = match problem {
            NotAName::Length { longest, .. } => {
                format!("write one line of 1 to {longest} characters")
            }
            problem => format!("it {problem}"),
        };
        Fault::new(format!("{} is not a name", quoted(text)), remedy)
    })
}

/// A zone by its name in the IANA database, in capitals or not.
pub(super) fn time_zone(text: &str) -> Result<TimeZone, Fault> {
    TimeZone::get(text).map_err(|_| {
        let remedy = if tz::db().is_definitively_empty() {
            "install this machine's time zone database (Debian: tzdata), or leave time_zone out"
                .to_owned()
        } else {
            let known = tz::db().available().map(|name| name.to_string());
            let meant = nearest(text, known).unwrap_or_else(|| "Europe/Berlin".to_owned());
            format!(r#"write a name of the IANA database, as in "{meant}", or leave it out"#)
        };
        Fault::new(format!("{} is not a time zone", quoted(text)), remedy)
    })
}

/// A kind of adapter.
pub(super) fn adapter_kind(text: &str) -> Result<AdapterKind, Fault> {
    let kind = AdapterKind::ALL.into_iter().find(|kind| kind.name() == text);
    kind.ok_or_else(|| {
        let kinds = AdapterKind::ALL.map(|kind| format!("{:?}", kind.name()));
        Fault::new(
            format!("{} is not a kind that this version has", quoted(text)),
            format!("write {}; other monitors can send JSON to /api/v1/ingest", kinds.join(" or ")),
        )
    })
}

/// A room's id.
pub(super) fn room_id(text: &str) -> Result<RoomId, Fault> {
    RoomId::new(text).map_err(|_| invalid_id(text))
}

/// A device's id.
pub(super) fn device_id(text: &str) -> Result<DeviceId, Fault> {
    DeviceId::new(text).map_err(|_| invalid_id(text))
}

fn invalid_id(text: &str) -> Fault {
    Fault::new(format!("{} is not an id", quoted(text)), "write 1 to 128 of A-Z a-z 0-9 . _ : -")
}

/// A number from 1 to `most`.
pub(super) fn number_up_to(most: u32, number: i64) -> Result<NonZeroU32, Fault> {
    let within = u32::try_from(number).ok().filter(|number| *number <= most);
    within.and_then(NonZeroU32::new).ok_or_else(|| {
        Fault::new(format!("{number} is out of range"), format!("write a number from 1 to {most}"))
    })
}

/// A number from 0 to `most`.
pub(super) fn count_up_to(most: u32, number: i64) -> Result<u32, Fault> {
    let within = u32::try_from(number).ok().filter(|number| *number <= most);
    within.ok_or_else(|| {
        Fault::new(format!("{number} is out of range"), format!("write a number from 0 to {most}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
        result.unwrap_err().remedy
    }

    #[test]
    fn the_server_listens_on_loopback_addresses_only() {
        for good in ["127.0.0.1:8080", "127.9.9.9:1", "[::1]:8080", "127.0.0.1:0"] {
            assert!(server_listen(good).is_ok(), "{good}");
        }
        for bad in ["0.0.0.0:8080", "[::]:8080", "192.168.1.5:8080"] {
            assert_eq!(
                remedy(server_listen(bad)),
                r#"use a loopback address behind a TLS proxy on this machine, as in "127.0.0.1:8080""#,
                "{bad}"
            );
        }
    }

    #[test]
    fn a_half_address_is_answered_with_the_whole_one() {
        for (half, whole) in [
            ("localhost:9000", "127.0.0.1:9000"),
            ("9000", "127.0.0.1:9000"),
            (":9000", "127.0.0.1:9000"),
            ("10.0.0.7", "10.0.0.7:2575"),
            ("::1", "[::1]:2575"),
            ("10.0.0.7:99999", "10.0.0.7:2575"),
            ("", "127.0.0.1:2575"),
        ] {
            assert_eq!(
                remedy(adapter_listen(half)),
                format!(r#"write both in digits, as in "{whole}""#),
                "{half}"
            );
        }
    }

    #[test]
    fn a_misspelt_time_zone_is_answered_with_the_nearest() {
        assert_eq!(time_zone("UTC"), Ok(TimeZone::UTC));
        if !tz::db().is_definitively_empty() {
            assert_eq!(
                remedy(time_zone("Europe/Berlim")),
                r#"write a name of the IANA database, as in "Europe/Berlin", or leave it out"#
            );
        }
    }

    #[test]
    fn a_name_is_one_line_without_the_space_around_it() {
        assert_eq!(name(" Room 3 "), Ok("Room 3".to_owned()));
        for bad in ["", "  ", "a\nb", "a\u{200b}b", "a\u{a0}b", &"x".repeat(101)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_count_may_be_nothing() {
        assert_eq!(count_up_to(9, 0), Ok(0));
        assert_eq!(count_up_to(9, 9), Ok(9));
        for bad in [-1, 10, i64::MIN] {
            assert_eq!(remedy(count_up_to(9, bad)), "write a number from 0 to 9", "{bad}");
        }
    }

    #[test]
    fn a_number_is_from_one_to_the_most_that_its_key_allows() {
        assert!(number_up_to(1_000_000, 1).is_ok());
        assert!(number_up_to(1_000_000, 1_000_000).is_ok());
        for bad in [-1, 0, 1_000_001, i64::MAX] {
            assert!(number_up_to(1_000_000, bad).is_err(), "{bad}");
        }
    }
}
