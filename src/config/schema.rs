//! What a configuration may contain: to check its shape, to suggest names, and to read the
//! environment.

use toml::de::DeValue;

use super::Fault;

/// A section and its keys.
pub(super) struct Known {
    pub(super) name: &'static str,
    /// Whether it is a list of entries, `[[rooms]]`.
    pub(super) list: bool,
    pub(super) keys: &'static [&'static str],
}

impl Known {
    const fn one(name: &'static str, keys: &'static [&'static str]) -> Self {
        let list = false;
        Self { name, list, keys }
    }

    const fn list(name: &'static str, keys: &'static [&'static str]) -> Self {
        let list = true;
        Self { name, list, keys }
    }

    /// The section's heading as it is written.
    pub(super) fn heading(&self) -> String {
        let name = self.name;
        if self.list { format!("[[{name}]]") } else { format!("[{name}]") }
    }
}

pub(super) static CLINIC: Known = Known::one("clinic", &["name", "time_zone"]);
pub(super) static SERVER: Known = Known::one("server", &["listen", "data_dir", "heads_file"]);
pub(super) static ROOMS: Known = Known::list("rooms", &["id", "name"]);
pub(super) static ADAPTERS: Known =
    Known::list("adapters", &["kind", "listen", "connect", "serial", "device", "allow"]);
pub(super) static DEVICES: Known = Known::list("devices", &["id", "room"]);
pub(super) static OUTBOUND: Known = Known::list(
    "outbound",
    &[
        "name",
        "kind",
        "connect",
        "over_tls",
        "ack",
        "application",
        "facility",
        "url",
        "token_file",
        "ca_file",
        "when",
        "timeout_s",
    ],
);
pub(super) static CHANNELS: Known = Known::list(
    "channels",
    &[
        "kind",
        "id",
        "priorities",
        "audiences",
        "initials",
        "url",
        "format",
        "secret_file",
        "token_file",
        "server",
        "tls",
        "user",
        "password_file",
        "from",
        "to",
        "contact",
        "every_s",
        "allow",
    ],
);
pub(super) static LIMITS: Known = Known::one("limits", &["frames_per_second", "disk_low_mib"]);

pub(super) static RETENTION: Known =
    Known::one("retention", &["seal_after_hours", "sessions_days", "raw_hours"]);

/// Every section, in the order of the documentation.
pub(super) static SECTIONS: [&Known; 9] =
    [&CLINIC, &SERVER, &ROOMS, &ADAPTERS, &DEVICES, &CHANNELS, &OUTBOUND, &LIMITS, &RETENTION];

/// The section of that name.
pub(super) fn section(name: &str) -> Option<&'static Known> {
    SECTIONS.into_iter().find(|known| known.name == name)
}

/// The section that has the key.
pub(super) fn home_of(key: &str) -> Option<&'static Known> {
    SECTIONS.into_iter().find(|known| known.keys.contains(&key))
}

/// What may be written for a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Text,
    Texts,
    Number,
    Flag,
}

use Takes::{Flag, Number, Text, Texts};

impl Takes {
    /// What a key of any section takes.
    pub(super) fn of(key: &str) -> Self {
        match key {
            "allow" | "priorities" | "audiences" | "to" => Texts,
            "frames_per_second" | "disk_low_mib" | "timeout_s" | "every_s" | "seal_after_hours"
            | "sessions_days" | "raw_hours" => Number,
            "over_tls" | "initials" => Flag,
            _ => Text,
        }
    }

    /// What is wrong if a value of another kind is written for the key.
    pub(super) fn misfit(self, key: &str, value: &DeValue<'_>) -> Option<Fault> {
        let (wanted, remedy) = match (self, value, whole(value)) {
            (Text, DeValue::String(_), _)
            | (Texts, DeValue::Array(_), _)
            | (Flag, DeValue::Boolean(_), _)
            | (Number, _, Some(_)) => return None,
            (Text, _, Some(number)) => ("a text", format!(r#"put it in quotes, "{number}""#)),
            (Text, ..) => ("a text", "write a text in quotes".to_owned()),
            (Texts, ..) => ("a list of texts", format!(r#"write {key} = ["…"]"#)),
            (Flag, ..) => ("true or false", format!("write {key} = true or {key} = false")),
            (Number, ..) => {
                ("a whole number", format!("write digits without quotes, as in {key} = 1000"))
            }
        };
        Some(Fault::new(format!("must be {wanted}, not {}", kind(value)), remedy))
    }
}

/// The kind of value, as messages call it.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) if whole(value).is_none() => "a number with too many digits",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The value as a whole number, unless it has too many digits.
fn whole(value: &DeValue<'_>) -> Option<i64> {
    let digits = value.as_integer()?;
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}
