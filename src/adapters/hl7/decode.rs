//! One HL7 message becomes one frame of one device, and the answer it is owed. Pure.

use jiff::tz::TimeZone;

use super::ack::{Ack, Outcome};
use super::identity::{Sender, device, identity};
use super::message::{Message, text_of};
use super::readings::{Readings, Shared, readings};
use super::rows::{Clock, Problems, rows};
use crate::adapters::Identity;
use crate::vitals::{DeviceId, Frame, Millis};

/// What kind of message it is, by MSH-9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ORU^R01`.
    Vitals,
    /// An alarm (`ORU^R40`), a wave (`ORU^W01`) or the patient's stay (`ADT`): acknowledged and
    /// dropped.
    Event,
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
    fn of(message: &Message<'_>) -> Self {
        let kind = message.header().first(9);
        let upper = |n| kind.component(n).text().to_ascii_uppercase();
        match (upper(1).as_str(), upper(2).as_str()) {
            ("ORU", "R01" | "") => Self::Vitals,
            ("ORU", "R40" | "W01") | ("ADT", "A01" | "A03" | "A08") => Self::Event,
            ("QRY", _) => Self::Query,
            ("ACK", _) => Self::Acknowledgement,
            _ => Self::Other,
        }
    }
}

/// What a message is read with.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// When its last byte arrived.
    pub arrived_at: Millis,
    /// The clinic's, for stamps without one.
    pub zone: &'a TimeZone,
    /// Who is connected.
    pub sender: Sender<'a>,
}

/// A message, understood as far as it can be.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// MSH-10 as it stands.
    pub control_id: String,
    /// What kind of message it is.
    pub kind: Kind,
    /// Whose it is; only of messages with vitals.
    pub device: Option<DeviceId>,
    /// The bed and patient that it names.
    pub identity: Identity,
    /// Its readings, when it has any.
    pub frame: Option<Frame>,
    /// What was odd or refused, for the log: no values, no names.
    pub problems: Vec<String>,
    /// What its sender is told, once the frame (if any) is stored; `None`: nothing.
    pub outcome: Option<Outcome>,
    /// How that is written.
    pub ack: Ack,
}

/// Reads one message, whatever its bytes.
#[must_use]
pub fn decode(bytes: &[u8], context: &Context<'_>) -> Decoded {
    let (text, charset) = text_of(bytes);
    let Ok(message) = Message::parse(&text) else {
        let refusal = Outcome::Rejected("not an HL7 message: it does not begin with MSH");
        return Decoded {
            control_id: String::new(),
            kind: Kind::Unreadable,
            device: None,
            identity: Identity::default(),
            frame: None,
            problems: vec!["it does not begin with MSH".to_owned()],
            outcome: Some(refusal),
            ack: Ack::to_unreadable(),
        };
    };
    let kind = Kind::of(&message);
    let mut decoded = Decoded {
        control_id: message.header().field(10).raw().to_owned(),
        kind,
        device: None,
        identity: Identity::default(),
        frame: None,
        problems: Vec::new(),
        outcome: match kind {
            Kind::Vitals | Kind::Event => Some(Outcome::Accepted),
            Kind::Query => Some(Outcome::Error("not supported")),
            Kind::Acknowledgement => None,
            Kind::Other | Kind::Unreadable => {
                Some(Outcome::Rejected("messages of this type are not supported"))
            }
        },
        ack: Ack::to(&message, charset),
    };
    if kind == Kind::Vitals {
        decoded.read_vitals(&message, context);
    }
    decoded
}

impl Decoded {
    fn read_vitals(&mut self, message: &Message<'_>, context: &Context<'_>) {
        let Ok(identity) = identity(message) else {
            self.problems = vec!["it names two patients or two beds".to_owned()];
            self.outcome = Some(Outcome::Rejected("send one patient and bed a message"));
            return;
        };
        let mut problems = Problems::default();
        let clock = Clock { zone: context.zone, arrived_at: context.arrived_at };
        let sent_at = clock.read(&message.header().first(7), &mut problems);
        let found = rows(message, &clock, &mut problems);
        let shared = Shared { taken_at: found.ordered_at.or(sent_at), demo: is_training(message) };
        let Readings { readings, implausible } = readings(&found.rows, shared, &mut problems);
        self.device = device(message, identity.bed.as_deref(), &context.sender);
        self.identity = identity;
        self.problems = problems.into_vec();
        let device = self.device.clone().filter(|_| !readings.is_empty() || implausible > 0);
        self.frame = device.map(|device| Frame {
            device,
            seq: None,
            boot: None,
            sent_at,
            taken_at: found.ordered_at.filter(|at| Some(*at) != sent_at),
            implausible,
            readings,
        });
    }
}

/// MSH-11: training or debugging is no patient (PROTOCOLS 0.6).
fn is_training(message: &Message<'_>) -> bool {
    let processing = message.header().first(11).component(1).text();
    matches!(processing.to_ascii_uppercase().as_str(), "T" | "D")
}

#[cfg(test)]
#[path = "decode_test.rs"]
mod tests;
