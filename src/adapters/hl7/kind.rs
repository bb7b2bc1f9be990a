//! What kind of message it is.

use super::message::Message;

/// What kind of message it is, by MSH-9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ORU^R01`.
    Vitals,
    /// An alarm (`ORU^R40`) or a wave (`ORU^W01`): acknowledged and dropped.
    Event,
    /// The patient's stay (`ADT`): kept for later.
    Admission,
    /// The monitor asks for something.
    Query,
    /// An answer, which is never answered: two programs would answer each other for ever.
    Acknowledgement,
    /// Anything else.
    Other,
    /// It has no MSH segment.
    Unreadable,
}

impl Kind {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let (code, trigger) = type_of(message);
        match (code.as_str(), trigger.as_str()) {
            ("ORU", "R01" | "") => Self::Vitals,
            ("ORU", "R40" | "W01") => Self::Event,
            ("ADT", _) => Self::Admission,
            ("QRY", _) => Self::Query,
            ("ACK", _) => Self::Acknowledgement,
            _ => Self::Other,
        }
    }
}

/// MSH-9 as code and trigger: `ORU^R01`, `ORU_R01`, `oru^r01^ORU_R01`, `^^ORU_R01`.
pub(super) fn type_of(message: &Message<'_>) -> (String, String) {
    let kind = message.header().first(9);
    let upper = |n| kind.component(n).text().to_ascii_uppercase();
    let first = Some(upper(1)).filter(|code| !code.is_empty()).unwrap_or_else(|| upper(3));
    match first.split_once('_') {
        Some((code, trigger)) => (code.to_owned(), trigger.to_owned()),
        None => (first, upper(2)),
    }
}
