//! The hospital's systems to which finished sessions are sent.

use std::net::IpAddr;
use std::path::PathBuf;

use axum::http::Uri;

use super::problem::quoted;
use super::section::{Distinct, Section, Written};
use super::spelling::nearest;
use super::{Fault, schema, values};

/// The most systems.
const MOST_DESTINATIONS: usize = 16;
/// The longest time that a system may be given to answer.
const LONGEST_TIMEOUT_S: u32 = 600;
const USUAL_TIMEOUT_S: u32 = 30;

/// `[[outbound]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Its name as staff read it; no two share one.
    pub name: String,
    /// How it is spoken to.
    pub way: Protocol,
    /// When a session is sent.
    pub when: When,
    /// How long it may take to answer.
    pub timeout_s: u32,
    /// Certificates of those whom a TLS connection trusts besides those whom the machine trusts.
    pub ca_file: Option<PathBuf>,
}

/// How a system is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HL7 v2 in MLLP frames over TCP.
    Hl7(Hl7),
    /// FHIR R4 over HTTP.
    Fhir(Fhir),
}

/// `kind = "hl7-mllp"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hl7 {
    /// Where it listens: a name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the connection is TLS.
    pub tls: bool,
    /// Whether it answers twice: that a message has arrived, and what became of it.
    pub is_enhanced: bool,
    /// MSH-5.
    pub application: String,
    /// MSH-6.
    pub facility: String,
}

/// `kind = "fhir"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fhir {
    /// The server's base, without a slash at its end.
    pub url: String,
    /// Holds the token with which it lets us in.
    pub token_file: Option<PathBuf>,
}

/// When a session is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Once it is over.
    Ended,
    /// Once somebody has signed it off.
    SignedOff,
}

impl Protocol {
    const KINDS: [&'static str; 2] = ["hl7-mllp", "fhir"];

    /// Its name in the configuration.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Hl7(_) => Self::KINDS[0],
            Self::Fhir(_) => Self::KINDS[1],
        }
    }

    /// Where it is, for people.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Hl7(Hl7 { host, port, .. }) if host.contains(':') => format!("[{host}]:{port}"),
            Self::Hl7(Hl7 { host, port, .. }) => format!("{host}:{port}"),
            Self::Fhir(Fhir { url, .. }) => url.clone(),
        }
    }
}

impl When {
    const NAMES: [(&'static str, Self); 2] =
        [("ended", Self::Ended), ("signed-off", Self::SignedOff)];
}

pub(super) fn outbound(written: &Written<'_>) -> Vec<Outbound> {
    let sections = written.entries(&schema::OUTBOUND).unwrap_or_default();
    if sections.len() > MOST_DESTINATIONS {
        let what = format!("names {} systems", sections.len());
        written.note(
            &schema::OUTBOUND,
            Fault::new(what, format!("write at most {MOST_DESTINATIONS}")),
        );
    }
    let mut names = Distinct::default();
    sections.iter().filter_map(|section| one(section, &mut names)).collect()
}

fn one(section: &Section<'_>, names: &mut Distinct) -> Option<Outbound> {
    let name = section.required("name", "EHR").and_then(|text| {
        names.add("name", section, &text);
        section.judged("name", &text, values::name)
    });
    let kind = section.required("kind", Protocol::KINDS[0]);
    let kind = kind.and_then(|text| section.judged("kind", &text, kind_named));
    let when = section.get("when", |text| choice("when", text, &When::NAMES));
    let timeout_s = section.value("timeout_s").and_then(|number| {
        let judged = values::number_up_to(LONGEST_TIMEOUT_S, number.into_inner());
        judged.map_err(|fault| section.note("timeout_s", fault)).ok()
    });
    let ca_file = section.get("ca_file", file);
    let kind = kind?;
    let (way, foreign) = if kind == Protocol::KINDS[0] {
        (hl7(section), ["url", "token_file"].as_slice())
    } else {
        (fhir(section), ["connect", "over_tls", "ack", "application", "facility"].as_slice())
    };
    for key in foreign.iter().filter(|key| section.has(key)) {
        let what = format!("is not of kind = {kind:?}");
        section.note(key, Fault::new(what, "remove it, or write the other kind"));
    }
    Some(Outbound {
        name: name?,
        way: way?,
        when: when.unwrap_or(When::Ended),
        timeout_s: timeout_s.map_or(USUAL_TIMEOUT_S, std::num::NonZeroU32::get),
        ca_file,
    })
}

fn hl7(section: &Section<'_>) -> Option<Protocol> {
    let address = section.required("connect", "ehr.example:2575");
    let address = address.and_then(|text| section.judged("connect", &text, host_and_port));
    let tls = section.value::<bool>("over_tls").map(toml::Spanned::into_inner);
    let ack =
        section.get("ack", |text| choice("ack", text, &[("original", false), ("enhanced", true)]));
    let application = section.get("application", values::name);
    let facility = section.get("facility", values::name);
    let (host, port) = address?;
    Some(Protocol::Hl7(Hl7 {
        host,
        port,
        tls: tls.unwrap_or(false),
        is_enhanced: ack.unwrap_or(false),
        application: application.unwrap_or_default(),
        facility: facility.unwrap_or_default(),
    }))
}

fn fhir(section: &Section<'_>) -> Option<Protocol> {
    let url = section.required("url", "https://fhir.example/r4");
    let url = url.and_then(|text| section.judged("url", &text, base));
    let token_file = section.get("token_file", file);
    Some(Protocol::Fhir(Fhir { url: url?, token_file }))
}

fn kind_named(text: &str) -> Result<&'static str, Fault> {
    choice("kind", text, &Protocol::KINDS.map(|kind| (kind, kind)))
}

/// One of a few words.
fn choice<T: Copy>(key: &str, text: &str, all: &[(&'static str, T)]) -> Result<T, Fault> {
    if let Some((_, value)) = all.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let remedy = match nearest(text, all.iter().map(|(name, _)| *name)) {
        Some(meant) => format!("write {meant:?}"),
        None => {
            let names: Vec<_> = all.iter().map(|(name, _)| format!("{name:?}")).collect();
            format!("write {}", names.join(" or "))
        }
    };
    Err(Fault::new(format!("{} is not a choice of {key}", quoted(text)), remedy))
}

fn file(text: &str) -> Result<PathBuf, Fault> {
    if text.trim().is_empty() || text.contains('\0') {
        let what = format!("{} is not a file", quoted(text));
        return Err(Fault::new(what, r#"write a path, as in "fhir.token""#));
    }
    Ok(PathBuf::from(text))
}

fn host_and_port(text: &str) -> Result<(String, u16), Fault> {
    let wrong = || {
        let what = format!("{} is not a host and a port", quoted(text));
        Fault::new(what, r#"write both, as in "ehr.example:2575""#)
    };
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match bare {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_name(host),
    };
    let port = port.parse::<u16>().ok().filter(|port| *port > 0 && is_host).ok_or_else(wrong)?;
    Ok((bare.unwrap_or(host).to_owned(), port))
}

fn is_name(host: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    !host.is_empty() && host.len() <= 253 && host.bytes().all(is_letter)
}

/// The base of a FHIR server. Patients' data and the token go there: only to this machine without TLS.
fn base(text: &str) -> Result<String, Fault> {
    let wrong = |what: &str, remedy: &str| Fault::new(format!("{} {what}", quoted(text)), remedy);
    let uri =
        text.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    let usual = r#"write the server's base, as in "https://fhir.example/r4""#;
    let Some(uri) = uri else { return Err(wrong("is not an address of a server", usual)) };
    let has_more = uri.query().is_some()
        || text.contains('#')
        || uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if has_more {
        return Err(wrong("is more than the base of a server", usual));
    }
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_here => {}
        Some("http") => {
            return Err(wrong(
                "would send patients' data over the network for everybody to read",
                "write https://",
            ));
        }
        _ => return Err(wrong("is not an address of a server", usual)),
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_spoken_to_over_tls_alone() {
        for (good, base_) in [
            ("https://fhir.example/r4/", "https://fhir.example/r4"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/fhir", "http://[::1]:8080/fhir"),
            ("http://localhost/", "http://localhost"),
        ] {
            assert_eq!(base(good), Ok(base_.to_owned()));
        }
        for bad in [
            "http://fhir.example/r4",
            "http://10.0.0.7",
            "ftp://fhir.example",
            "fhir.example",
            "/r4",
            "",
            "https://me:secret@fhir.example",
            "https://fhir.example/r4?x=1",
            "https://fhir.example/r4#x",
        ] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_host_has_a_port() {
        assert_eq!(host_and_port("ehr.example:2575"), Ok(("ehr.example".to_owned(), 2575)));
        assert_eq!(host_and_port("[::1]:2575"), Ok(("::1".to_owned(), 2575)));
        for bad in ["ehr", "ehr:", "ehr:0", "ehr:70000", ":2575", "::1:2575", "a b:1", "[x]:1"] {
            assert!(host_and_port(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_system_is_shown_by_its_address() {
        let hl7 = |host: &str| {
            let host = host.to_owned();
            let (application, facility) = (String::new(), String::new());
            Protocol::Hl7(Hl7 {
                host,
                port: 1,
                tls: false,
                is_enhanced: false,
                application,
                facility,
            })
        };
        assert_eq!([hl7("a").address(), hl7("::1").address()], ["a:1", "[::1]:1"]);
    }
}
