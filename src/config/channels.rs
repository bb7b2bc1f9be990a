//! The ways by which alerts reach people away from the screens.

use std::path::PathBuf;

use lettre::message::Mailbox;
use url::{Host, Url};

use super::problem::quoted;
use super::section::{Section, Written};
use super::spelling::nearest;
use super::{
    AddressRange, Channel, Email, Fault, MAX_CHANNELS, MAX_RECIPIENTS, Ping, Push, SmtpTls, Way,
    Webhook, is_in_the_house, is_private, schema, values,
};
use crate::notice::{Audience, Format};
use crate::profile::Priority;

/// The longest name of a channel.
const LONGEST_ID: usize = 64;

const KINDS: [&str; 4] = ["webhook", "email", "push", "ping"];

/// Keys that every channel for alerts may have.
const OF_ALERTS: [&str; 4] = ["priorities", "audiences", "initials", "allow"];

pub(super) fn channels(written: &Written<'_>) -> Vec<Channel> {
    let sections = written.entries(&schema::CHANNELS).unwrap_or_default();
    if sections.len() > MAX_CHANNELS {
        let what = format!("names {} channels", sections.len());
        written.note(&schema::CHANNELS, Fault::new(what, format!("write {MAX_CHANNELS} at most")));
    }
    let mut ids: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for section in &sections {
        let kind = section.required("kind", "webhook");
        let kind = kind.and_then(|text| section.judged("kind", &text, kind_of));
        let id = section.get("id", channel_id);
        let Some(kind) = kind else { continue };
        let id = id.unwrap_or_else(|| kind.to_owned());
        if ids.contains(&id) {
            let what = format!("{} is the name of another channel", quoted(&id));
            section.note("id", Fault::new(what, r#"give each its own, as in id = "night-pager""#));
        }
        ids.push(id.clone());
        has_no_other_keys(section, kind);
        found.extend(channel(section, kind, id));
    }
    let pushes = found.iter().filter(|one: &&Channel| matches!(one.way, Way::Push(_))).count();
    if pushes > 1 {
        let what = "names more than one channel of kind push";
        let remedy = "write one: everybody who wants it subscribes on screen";
        written.note(&schema::CHANNELS, Fault::new(what, remedy));
    }
    found
}

fn channel(section: &Section<'_>, kind: &str, id: String) -> Option<Channel> {
    let (priorities, audiences) = if kind == "ping" {
        (Some(Vec::new()), Some(Vec::new()))
    } else {
        (priorities(section), audiences(section))
    };
    let has_initials = section.value::<bool>("initials").is_some_and(|it| it.into_inner());
    let way = match kind {
        "email" => email(section).map(Way::Email),
        "push" => push(section).map(Way::Push),
        "ping" => ping(section).map(Way::Ping),
        _ => webhook(section).map(Way::Webhook),
    };
    Some(Channel { id, priorities: priorities?, audiences: audiences?, has_initials, way: way? })
}

/// Keys of another kind would be left without effect.
fn has_no_other_keys(section: &Section<'_>, kind: &str) {
    let own: &[&str] = match kind {
        "email" => &["server", "tls", "user", "password_file", "from", "to"],
        "push" => &["contact"],
        "ping" => &["url", "every_s", "allow"],
        _ => &["url", "format", "secret_file", "token_file"],
    };
    let is_of_alerts = |key: &str| kind != "ping" && OF_ALERTS.contains(&key);
    let is_known =
        |key: &str| ["kind", "id"].contains(&key) || own.contains(&key) || is_of_alerts(key);
    for key in schema::CHANNELS.keys {
        if section.has(key) && !(is_known(key) && !(kind == "email" && *key == "allow")) {
            let what = format!("means nothing for a channel of kind {kind}");
            section.note(key, Fault::new(what, "remove it"));
        }
    }
}

fn kind_of(text: &str) -> Result<&'static str, Fault> {
    KINDS
        .into_iter()
        .find(|kind| *kind == text)
        .ok_or_else(|| one_of("a kind of channel", text, &KINDS))
}

fn one_of(what: &str, text: &str, words: &[&str]) -> Fault {
    let remedy = match nearest(text, words) {
        Some(meant) => format!("write {meant:?}"),
        None => format!("write one of {}", words.join(", ")),
    };
    Fault::new(format!("{} is not {what}", quoted(text)), remedy)
}

fn channel_id(text: &str) -> Result<String, Fault> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(is_letter) {
        return Ok(text.to_owned());
    }
    let remedy = format!("write 1 to {LONGEST_ID} of A-Z a-z 0-9 . _ -");
    Err(Fault::new(format!("{} cannot name a channel", quoted(text)), remedy))
}

/// What each text of a list stands for; `usual` when there is no list.
fn listed<T: PartialEq>(
    section: &Section<'_>,
    (key, usual): (&str, Vec<T>),
    judge: impl Fn(&str) -> Result<T, Fault>,
) -> Option<Vec<T>> {
    if !section.has(key) {
        return Some(usual);
    }
    let texts = section.texts(key)?;
    if texts.is_empty() {
        section.note(key, Fault::new("names nothing", "write at least one, or leave it out"));
        return None;
    }
    let judged = texts.iter().map(|text| section.judged(key, text, &judge));
    judged.collect()
}

fn priorities(section: &Section<'_>) -> Option<Vec<Priority>> {
    let all = [Priority::High, Priority::Medium, Priority::Low];
    listed(section, ("priorities", vec![Priority::High]), |text| {
        let known = all.into_iter().find(|priority| priority.name() == text);
        known.ok_or_else(|| one_of("a priority", text, &all.map(Priority::name)))
    })
}

fn audiences(section: &Section<'_>) -> Option<Vec<Audience>> {
    let all = [Audience::First, Audience::Second, Audience::Prescriber];
    listed(section, ("audiences", all.to_vec()), |text| {
        let known = all.into_iter().find(|audience| audience.name() == text);
        known.ok_or_else(|| one_of("an audience", text, &all.map(Audience::name)))
    })
}

fn allow(section: &Section<'_>) -> Option<Vec<AddressRange>> {
    if !section.has("allow") {
        return Some(Vec::new());
    }
    let texts = section.texts("allow")?;
    texts.iter().map(|text| section.judged("allow", text, str::parse)).collect()
}

fn webhook(section: &Section<'_>) -> Option<Webhook> {
    let allow = allow(section);
    let url = url(section, "https://pager.example/hook", allow.as_deref().unwrap_or_default());
    let format = section.get("format", |text| {
        let known = Format::ALL.into_iter().find(|format| format.name() == text);
        known.ok_or_else(|| one_of("a format", text, &Format::ALL.map(Format::name)))
    });
    let has_bad_format = section.has("format") && format.is_none();
    Some(Webhook {
        url: url?,
        format: format.or((!has_bad_format).then(Format::default))?,
        secret_file: file(section, "secret_file"),
        token_file: file(section, "token_file"),
        allow: allow?,
    })
}

/// A file that holds a secret. It is only looked for: what it holds is read at the start.
fn file(section: &Section<'_>, key: &str) -> Option<PathBuf> {
    section.get(key, |text| {
        let file = values::data_dir(text)
            .map_err(|_| Fault::new(format!("{} is not a file", quoted(text)), "write a path"))?;
        let remedy = "write the secret into it in one line, or leave the key out";
        match std::fs::metadata(&file) {
            Ok(found) if found.is_file() => Ok(file),
            Ok(_) => Err(Fault::new(format!("{} is not a file", quoted(text)), remedy)),
            Err(error) => {
                let what = format!("{} cannot be read ({})", quoted(text), error.kind());
                Err(Fault::new(what, remedy))
            }
        }
    })
}

/// An address on the web: over TLS, unless it is plain that the way there is in the house.
fn url(section: &Section<'_>, example: &str, allow: &[AddressRange]) -> Option<Url> {
    let text = section.required("url", example)?;
    section.judged("url", &text, |text| {
        let url = web_address(text, example)?;
        if url.scheme() == "http" && !is_in_the_house(&url) && allow.is_empty() {
            return Err(Fault::new(
                "would be read by everybody on the way there: it is not https",
                r#"write https://…; or, for a machine of your own network, also its addresses, as in allow = ["10.20.0.0/16"]"#,
            ));
        }
        Ok(url)
    })
}

fn web_address(text: &str, example: &str) -> Result<Url, Fault> {
    let fault = || {
        let what = "is not a web address without a name and a password in it";
        Fault::new(what, format!("write it as in {example:?}"))
    };
    let url = Url::parse(text).map_err(|_| fault())?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    let has_login = !url.username().is_empty() || url.password().is_some();
    if !is_web || has_login { Err(fault()) } else { Ok(url) }
}

fn email(section: &Section<'_>) -> Option<Email> {
    let tls = section.get("tls", |text| match text {
        "starttls" => Ok(SmtpTls::StartTls),
        "tls" => Ok(SmtpTls::Tls),
        "none" => Ok(SmtpTls::None),
        other => Err(one_of("a way to encrypt", other, &["starttls", "tls", "none"])),
    });
    let has_bad_tls = section.has("tls") && tls.is_none();
    let tls = tls.or((!has_bad_tls).then_some(SmtpTls::StartTls));
    let server = section.required("server", "mail.example:587");
    let server = server.and_then(|text| section.judged("server", &text, mail_server));
    let (user, password_file) = (section.get("user", plain), file(section, "password_file"));
    if section.has("user") != section.has("password_file") {
        let (is, missing) = match section.has("user") {
            true => ("user", "password_file"),
            false => ("password_file", "user"),
        };
        section.note(is, Fault::new(format!("needs {missing}"), "write both or neither"));
    }
    let from = section.required("from", "Alerts <alerts@clinic.example>");
    let from = from.and_then(|text| section.judged("from", &text, mailbox));
    let to = recipients(section);
    let (host, port) = server?;
    if tls == Some(SmtpTls::None)
        && !Url::parse(&format!("smtp://{host}")).is_ok_and(|it| is_house_host(&it))
    {
        let what = r#"cannot be "none" for a server elsewhere: everybody on the way would read it"#;
        section.note("tls", Fault::new(what, r#"write "starttls" or "tls""#));
        return None;
    }
    Some(Email { host, port, tls: tls?, user, password_file, from: from?, to: to? })
}

/// As [`is_in_the_house`], for addresses of schemes whose hosts are not taken apart.
fn is_house_host(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(is_private)
}

fn plain(text: &str) -> Result<String, Fault> {
    let is_plain = !text.is_empty() && !text.chars().any(char::is_control);
    is_plain
        .then(|| text.to_owned())
        .ok_or_else(|| Fault::new("is empty or has more than one line", "write one line"))
}

fn mail_server(text: &str) -> Result<(String, u16), Fault> {
    let fault = || {
        let what = format!("{} is not a mail server and its port", quoted(text));
        Fault::new(what, r#"write both, as in "mail.example:587""#)
    };
    let (host, port) = text.rsplit_once(':').ok_or_else(fault)?;
    let port = port.parse().map_err(|_| fault())?;
    let bare = host.trim_matches(['[', ']']);
    Host::parse(host).map_err(|_| fault())?;
    Ok((bare.to_owned(), port))
}

fn mailbox(text: &str) -> Result<Mailbox, Fault> {
    text.parse().map_err(|_| {
        let what = format!("{} is not an e-mail address", quoted(text));
        Fault::new(what, r#"write it as in "Alerts <alerts@clinic.example>""#)
    })
}

fn recipients(section: &Section<'_>) -> Option<Vec<Mailbox>> {
    if !section.has("to") {
        let remedy = r#"write who gets the messages, as in to = ["nurses@clinic.example"]"#;
        section.note("to", Fault::new("is missing", remedy));
        return None;
    }
    let to = listed(section, ("to", Vec::new()), mailbox)?;
    if to.len() > MAX_RECIPIENTS {
        let what = format!("names {} people", to.len());
        let remedy = format!("write {MAX_RECIPIENTS} at most, or a mailing list's address");
        section.note("to", Fault::new(what, remedy));
    }
    Some(to)
}

fn push(section: &Section<'_>) -> Option<Push> {
    let allow = allow(section);
    let contact = section.required("contact", "mailto:it@clinic.example")?;
    let contact = section.judged("contact", &contact, |text| {
        let mail =
            text.strip_prefix("mailto:").is_some_and(|it| it.parse::<lettre::Address>().is_ok());
        let is_page = Url::parse(text).is_ok_and(|url| url.scheme() == "https");
        if mail || is_page {
            return Ok(text.to_owned());
        }
        let what = format!("{} is not where the browsers' makers can reach you", quoted(text));
        Err(Fault::new(what, r#"write an address, as in "mailto:it@clinic.example""#))
    });
    Some(Push { contact: contact?, allow: allow? })
}

fn ping(section: &Section<'_>) -> Option<Ping> {
    const USUAL_S: u32 = 60;
    let allow = allow(section);
    let url = url(section, "https://watch.example/ping/1a2b", allow.as_deref().unwrap_or_default());
    let every_s = match section.value::<i64>("every_s") {
        None => (!section.has("every_s")).then_some(USUAL_S),
        Some(number) => match u32::try_from(number.into_inner()) {
            Ok(seconds @ 10..=3_600) => Some(seconds),
            _ => {
                let remedy = "write 10 to 3600 seconds";
                section.note("every_s", Fault::new("is not a time between two pings", remedy));
                None
            }
        },
    };
    Some(Ping { url: url?, every_s: every_s?, allow: allow? })
}
