//! What the sender is answered (PROTOCOLS a, "ACK").

use jiff::tz::TimeZone;

use super::message::{Charset, Delimiters, Message, Part};
use super::time::written;
use crate::vitals::Millis;

/// Longest field that is echoed, in characters.
const MAX_ECHO: usize = 1_024;

/// How a message fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Understood, and stored where it held readings.
    Accepted,
    /// Not now, or not this; the text says why and what to do.
    Error(&'static str),
    /// Never in this form.
    Rejected(&'static str),
}

/// What an answer takes from the message that it answers.
#[derive(Clone, Debug)]
pub struct Ack {
    delimiters: Delimiters,
    charset: Charset,
    application: String,
    facility: String,
    trigger: String,
    control_id: String,
    processing: String,
    version: String,
    /// MSH-15 asks for accept acknowledgements: codes are CA, CE, CR.
    commit: bool,
}

impl Ack {
    pub(super) fn to(message: &Message<'_>, charset: Charset) -> Self {
        let header = message.header();
        let echo = |field: Part<'_>| field.raw().trim().chars().take(MAX_ECHO).collect();
        let accept = header.first(15).text().to_ascii_uppercase();
        let kind = header.first(9);
        Self {
            delimiters: message.delimiters(),
            charset,
            application: echo(header.field(3)),
            facility: echo(header.field(4)),
            trigger: echo(kind.component(2)),
            control_id: echo(header.field(10)),
            processing: echo(header.field(11)),
            version: echo(header.field(12)),
            commit: matches!(accept.as_str(), "AL" | "ER" | "SU"),
        }
    }

    /// The answer to something without a header.
    pub(super) fn to_unreadable() -> Self {
        Self {
            delimiters: Delimiters::default(),
            charset: Charset::Utf8,
            application: String::new(),
            facility: String::new(),
            trigger: String::new(),
            control_id: String::new(),
            processing: String::new(),
            version: String::new(),
            commit: false,
        }
    }

    /// The answer in its MLLP frame. What is echoed was written with the same delimiters, so it
    /// needs no escaping; our own text does. `number` makes our control id unique.
    #[must_use]
    pub fn frame(&self, outcome: Outcome, at: Millis, zone: &TimeZone, number: u64) -> Vec<u8> {
        let Delimiters { field: f, component: c, repetition, escape, subcomponent } =
            self.delimiters;
        let (code, text) = match (outcome, self.commit) {
            (Outcome::Accepted, false) => ("AA", ""),
            (Outcome::Accepted, true) => ("CA", ""),
            (Outcome::Error(text), false) => ("AE", text),
            (Outcome::Error(text), true) => ("CE", text),
            (Outcome::Rejected(text), false) => ("AR", text),
            (Outcome::Rejected(text), true) => ("CR", text),
        };
        let kind = match self.trigger.as_str() {
            "" => "ACK".to_owned(),
            trigger => format!("ACK{c}{trigger}{c}ACK"),
        };
        let or = |text: &str, usual: &str| match text {
            "" => usual.to_owned(),
            text => text.to_owned(),
        };
        let header = [
            format!("MSH{f}{c}{repetition}{escape}{subcomponent}"),
            "DRIPWATCH".to_owned(),
            String::new(),
            self.application.clone(),
            self.facility.clone(),
            self.delimiters.escape(&written(at, zone)),
            String::new(),
            kind,
            format!("{}{:05}", at.0, number % 100_000),
            or(&self.processing, "P"),
            or(&self.version, "2.4"),
        ];
        let mut answer = vec!["MSA".to_owned(), code.to_owned(), self.control_id.clone()];
        if !text.is_empty() {
            answer.push(self.delimiters.escape(text));
        }
        let joint = f.to_string();
        let message = format!("{}\r{}\r", header.join(&joint), answer.join(&joint));
        let mut frame = vec![0x0B];
        frame.extend(self.charset.encode(&message));
        frame.extend([0x1C, b'\r']);
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::hl7::message::text_of;

    fn answer(bytes: &[u8], outcome: Outcome) -> Vec<u8> {
        let (text, charset) = text_of(bytes);
        let ack = Ack::to(&Message::parse(&text).unwrap(), charset);
        let at = Millis(1_791_201_600_000);
        ack.frame(outcome, at, &TimeZone::UTC, 7)
    }

    fn code(msh_15: &str, msh_16: &str, outcome: Outcome) -> String {
        let text = format!("MSH|^~\\&|A|B|||T||ORU^R01|42|P|2.6|||{msh_15}|{msh_16}\r");
        let answer = String::from_utf8(answer(text.as_bytes(), outcome)).unwrap();
        let msa = answer.split('\r').nth(1).unwrap();
        msa.split('|').nth(1).unwrap().to_owned()
    }

    #[test]
    fn the_whole_answer() {
        let answer = answer(
            b"MSH|^~\\&|MON^1^EUI-64|UNIT|X|Y|20261005||ORU^R01^ORU_R01|c&7|T|2.3.1\r",
            Outcome::Accepted,
        );
        let expected = "\x0bMSH|^~\\&|DRIPWATCH||MON^1^EUI-64|UNIT|20261005120000+0000||\
            ACK^R01^ACK|179120160000000007|T|2.3.1\rMSA|AA|c&7\r\x1c\r";
        assert_eq!(String::from_utf8(answer).unwrap(), expected);
    }

    #[test]
    fn the_code_follows_what_the_sender_asked_for() {
        let (error, refusal) = (Outcome::Error("x"), Outcome::Rejected("x"));
        for (msh_15, msh_16, codes) in [
            ("", "", ["AA", "AE", "AR"]),
            ("NE", "AL", ["AA", "AE", "AR"]),
            ("NE", "NE", ["AA", "AE", "AR"]),
            ("", "AL", ["AA", "AE", "AR"]),
            ("AL", "NE", ["CA", "CE", "CR"]),
            ("AL", "AL", ["CA", "CE", "CR"]),
            ("al", "", ["CA", "CE", "CR"]),
            ("ER", "NE", ["CA", "CE", "CR"]),
        ] {
            let given = [Outcome::Accepted, error, refusal].map(|o| code(msh_15, msh_16, o));
            assert_eq!(given, codes, "{msh_15:?} {msh_16:?}");
        }
    }

    #[test]
    fn our_text_is_escaped_with_the_senders_delimiters() {
        let answer = answer(b"MSH|^~!s|A|\r", Outcome::Error("so|so"));
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.ends_with("MSA|AE||!T!o!F!!T!o\r\x1c\r"), "{answer}");
    }

    #[test]
    fn latin1_is_answered_in_latin1() {
        let answer = answer(b"MSH|^~\\&|Sch\xe4r|\r", Outcome::Accepted);
        assert!(answer.windows(5).any(|w| w == b"Sch\xe4r"));
    }

    #[test]
    fn what_has_no_header_is_answered_too() {
        let refusal = Outcome::Rejected("not HL7");
        let frame = Ack::to_unreadable().frame(refusal, Millis(0), &TimeZone::UTC, 1);
        let text = String::from_utf8(frame).unwrap();
        assert!(text.contains("||ACK|") && text.contains("\rMSA|AR||not HL7\r"));
    }
}
