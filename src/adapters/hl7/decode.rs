//! Turns one HL7 message into one frame of one device, and the answer that it requires. Pure.

use jiff::tz::TimeZone;

use super::ack::{Ack, Outcome};
use super::admission::patient_news;
use super::charset::text_of;
use super::identity::{Sender, device, identity};
use super::kind::{Kind, type_of};
use super::message::Message;
use super::readings::{Readings, Shared, readings};
use super::rows::{Clock, Problems, rows};
use crate::adapters::{Identity, NotUnderstood};
use crate::people::PatientNews;
use crate::vitals::{DeviceId, Frame, Millis};

/// What is needed to read a message.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// When its last byte arrived.
    pub arrived_at: Millis,
    /// The clinic's zone, for stamps without one.
    pub zone: &'a TimeZone,
    /// The peer.
    pub sender: Sender<'a>,
}

/// A message, understood as far as it can be.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// MSH-10 as written.
    pub control_id: String,
    /// What kind of message it is.
    pub kind: Kind,
    /// The device; only for messages with vitals or about a patient's stay.
    pub device: Option<DeviceId>,
    /// The bed and patient that it names.
    pub identity: Identity,
    /// Its readings; for a message with vitals also when there are none, so that its sender is
    /// known to be there.
    pub frame: Option<Frame>,
    /// Codes, units and forms that are not understood.
    pub not_understood: Vec<NotUnderstood>,
    /// What happened to a patient.
    pub admission: Option<Stay>,
    /// What was odd or refused, for the log: no values, no names.
    pub problems: Vec<String>,
    /// What its sender is told once the frame (if any) is stored; `None` for nothing.
    pub outcome: Option<Outcome>,
    /// How that text is encoded.
    pub ack: Ack,
}

/// A message about a patient's stay.
#[derive(Clone, Debug)]
pub struct Stay {
    /// What happened, such as `A01`.
    pub event: String,
    /// The message itself.
    pub text: String,
    /// What check-in needs of it.
    pub news: Option<PatientNews>,
}

/// Reads one message, whatever its bytes.
#[must_use]
pub fn decode(bytes: &[u8], context: &Context<'_>) -> Decoded {
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, charset) = text_of(bytes);
    let Ok(message) = Message::parse(&text) else {
        let refusal = Outcome::Rejected("not an HL7 message: it does not begin with MSH");
        return Decoded {
            control_id: String::new(),
            kind: Kind::Unreadable,
            device: None,
            identity: Identity::default(),
            frame: None,
            not_understood: Vec::new(),
            admission: None,
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
        not_understood: Vec::new(),
        admission: None,
        problems: Vec::new(),
        outcome: match kind {
            Kind::Vitals | Kind::Event | Kind::Admission => Some(Outcome::Accepted),
            Kind::Query => Some(Outcome::Error("not supported")),
            Kind::Acknowledgement => None,
            Kind::Other | Kind::Unreadable => {
                Some(Outcome::Rejected("messages of this type are not supported"))
            }
        },
        ack: Ack::to(&message, charset),
    };
    match kind {
        Kind::Vitals => decoded.read_vitals(&message, context),
        Kind::Admission => {
            decoded.device = device(&message, false, &context.sender).map(|named| named.device);
            let event = type_of(&message).1;
            let clock = Clock { zone: context.zone, arrived_at: context.arrived_at };
            let news = patient_news(&message, &event, &clock);
            decoded.admission = Some(Stay { event, text: text.into_owned(), news });
        }
        _ => {}
    }
    decoded
}

/// The answer to a message that is too long, of which the first line is known.
pub(super) fn too_long(header: &[u8]) -> (Ack, Outcome) {
    let (text, charset) = text_of(header);
    let ack = Message::parse(&text).map_or_else(|_| Ack::to_unreadable(), |m| Ack::to(&m, charset));
    (ack, Outcome::Rejected("the message is longer than 1 MiB: send less in one message"))
}

impl Decoded {
    fn read_vitals(&mut self, message: &Message<'_>, context: &Context<'_>) {
        let Ok(identity) = identity(message, context.sender.peer) else {
            self.problems = vec!["it names two patients or two beds".to_owned()];
            self.outcome = Some(Outcome::Rejected("send one patient and one bed per message"));
            return;
        };
        let mut problems = Problems::default();
        let clock = Clock { zone: context.zone, arrived_at: context.arrived_at };
        let sent_at = clock.read(&message.header().first(7), &mut problems);
        let mut found = rows(message, &clock, &mut problems);
        let shared = Shared { taken_at: found.ordered_at.or(sent_at), demo: is_training(message) };
        let Readings { readings, implausible, in_doubt } =
            readings(&found.rows, shared, &mut problems);
        in_doubt.into_iter().for_each(|unknown| found.note(unknown));
        self.not_understood = found.not_understood;
        self.identity = identity;
        if let Some(named) = device(message, true, &context.sender) {
            self.device = Some(named.device);
            self.identity.original = named.original;
            self.identity.old_id = named.old_id;
        }
        self.problems = problems.into_vec();
        self.frame = self.device.clone().map(|device| Frame {
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

/// MSH-11: training or debugging messages are not about a patient (protocols.md#messages).
fn is_training(message: &Message<'_>) -> bool {
    let processing = message.header().first(11).component(1).text();
    matches!(processing.to_ascii_uppercase().as_str(), "T" | "D")
}

#[cfg(test)]
#[path = "decode_test/mod.rs"]
mod tests;
