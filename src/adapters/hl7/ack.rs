//! The answer that a sender gets (protocols.md#answers).

use jiff::tz::TimeZone;

use super::charset::Charset;
use super::delimiters::Delimiters;
use super::kind::type_of;
use super::message::{Message, Part};
use super::time::written;
use crate::vitals::Millis;

/// The longest field that is echoed, in characters.
const MAX_ECHO: usize = 1_024;

/// The outcome of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Understood, and stored if it held readings.
    Accepted,
    /// Not now, or not this; the text says why and what to do.
    Error(&'static str),
    /// Never in this form.
    Rejected(&'static str),
}

/// The answers that a sender wants, by MSH-15 and MSH-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AckCondition {
    Always,
    OnError,
    OnSuccess,
    /// `NE`, or nothing.
    Never,
}

impl AckCondition {
    fn of(field: &Part<'_>) -> Self {
        match field.text().to_ascii_uppercase().as_str() {
            "AL" => Self::Always,
            "ER" => Self::OnError,
            "SU" => Self::OnSuccess,
            _ => Self::Never,
        }
    }

    fn after(self, outcome: Outcome) -> bool {
        match self {
            Self::Always => true,
            Self::OnError => outcome != Outcome::Accepted,
            Self::OnSuccess => outcome == Outcome::Accepted,
            Self::Never => false,
        }
    }
}

/// The level of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// That the message has arrived: CA, CE, CR.
    Commit,
    /// What became of it: AA, AE, AR.
    Application,
}

/// What an answer takes from the message that it answers.
#[derive(Clone, Debug)]
pub struct Ack {
    delimiters: Delimiters,
    charset: Charset,
    /// Whom the message addressed, which is us.
    us: [String; 2],
    application: String,
    facility: String,
    trigger: String,
    control_id: String,
    processing: String,
    version: String,
    commit: AckCondition,
    application_answer: AckCondition,
}

impl Ack {
    pub(super) fn to(message: &Message<'_>, charset: Charset) -> Self {
        let header = message.header();
        // A frame's marks would tear the answer apart, and its sender would wait for it for ever.
        let is_text = |c: &char| !matches!(c, '\u{b}' | '\u{1c}');
        let echo =
            |field: Part<'_>| field.raw().trim().chars().filter(is_text).take(MAX_ECHO).collect();
        let (_, trigger) = type_of(message);
        Self {
            delimiters: message.delimiters(),
            charset,
            us: [echo(header.field(5)), echo(header.field(6))],
            application: echo(header.field(3)),
            facility: echo(header.field(4)),
            trigger: trigger.chars().filter(char::is_ascii_alphanumeric).take(8).collect(),
            control_id: echo(header.field(10)),
            processing: echo(header.field(11)),
            version: echo(header.field(12)),
            commit: AckCondition::of(&header.first(15)),
            application_answer: AckCondition::of(&header.first(16)),
        }
    }

    /// The answer to something without a header.
    pub(super) fn to_unreadable() -> Self {
        Self {
            delimiters: Delimiters::default(),
            charset: Charset::Utf8,
            us: [String::new(), String::new()],
            application: String::new(),
            facility: String::new(),
            trigger: String::new(),
            control_id: String::new(),
            processing: String::new(),
            version: String::new(),
            commit: AckCondition::Never,
            application_answer: AckCondition::Never,
        }
    }

    /// The answer before the message is stored: that it arrived. Only for a sender that wants this
    /// answer and a second one with the outcome.
    #[must_use]
    pub fn at_once(&self, outcome: Outcome) -> Option<Outcome> {
        let came = match outcome {
            Outcome::Rejected(_) => outcome,
            Outcome::Accepted | Outcome::Error(_) => Outcome::Accepted,
        };
        (self.is_answered_twice() && self.commit.after(came)).then_some(came)
    }

    /// The answer with the outcome of the message. Senders that want none are answered all the
    /// same: it does no harm, and one that waits for it would send no more.
    #[must_use]
    pub fn afterwards(&self, outcome: Outcome) -> Option<Level> {
        if !self.is_answered_twice() {
            let is_commit = self.commit != AckCondition::Never;
            return Some(if is_commit { Level::Commit } else { Level::Application });
        }
        let is_taken = !matches!(outcome, Outcome::Rejected(_));
        (is_taken && self.application_answer.after(outcome)).then_some(Level::Application)
    }

    fn is_answered_twice(&self) -> bool {
        self.commit != AckCondition::Never && self.application_answer != AckCondition::Never
    }

    /// The answer in its MLLP frame. What is echoed was written with the same delimiters, so it
    /// needs no escaping; our own text does. `number` makes our control id unique.
    #[must_use]
    pub fn frame(
        &self,
        level: Level,
        outcome: Outcome,
        at: Millis,
        zone: &TimeZone,
        number: u64,
    ) -> Vec<u8> {
        let Delimiters { field: f, component: c, repetition, escape, subcomponent } =
            self.delimiters;
        let (letter, text) = match outcome {
            Outcome::Accepted => ('A', ""),
            Outcome::Error(text) => ('E', text),
            Outcome::Rejected(text) => ('R', text),
        };
        let code = match level {
            Level::Commit => format!("C{letter}"),
            Level::Application => format!("A{letter}"),
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
            or(&self.us[0], "DRIPWATCH"),
            self.us[1].clone(),
            self.application.clone(),
            self.facility.clone(),
            self.delimiters.escape(&written(at, zone)),
            String::new(),
            kind,
            format!("{}{:05}", at.0, number % 100_000),
            or(&self.processing, "P"),
            or(&self.version, "2.4"),
        ];
        let mut answer = vec!["MSA".to_owned(), code, self.control_id.clone()];
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
    use crate::adapters::hl7::charset::text_of;

    fn ack(bytes: &[u8]) -> Ack {
        let (text, charset) = text_of(bytes);
        Ack::to(&Message::parse(&text).unwrap(), charset)
    }

    fn answer(bytes: &[u8], outcome: Outcome) -> Vec<u8> {
        let ack = ack(bytes);
        let at = Millis(1_791_201_600_000);
        ack.frame(ack.afterwards(outcome).unwrap(), outcome, at, &TimeZone::UTC, 7)
    }

    #[test]
    fn what_is_echoed_is_bounded() {
        let long = "7".repeat(100_000);
        let text = format!("MSH|^~\\&|{long}|{long}|||T||ORU^R01|{long}|P|2.6\r");
        let answer = answer(text.as_bytes(), Outcome::Accepted);
        assert!(answer.len() < 4 * MAX_ECHO, "{}", answer.len());
    }

    /// Every answer's code, in their order.
    fn codes(msh_15: &str, msh_16: &str, outcome: Outcome) -> String {
        let text = format!("MSH|^~\\&|A|B|||T||ORU^R01|42|P|2.6|||{msh_15}|{msh_16}\r");
        let ack = ack(text.as_bytes());
        let at_once = ack.at_once(outcome).map(|came| (Level::Commit, came));
        let afterwards = ack.afterwards(outcome).map(|level| (level, outcome));
        let code = |(level, outcome)| {
            let frame = ack.frame(level, outcome, Millis(0), &TimeZone::UTC, 7);
            let answer = String::from_utf8(frame).unwrap();
            let msa = answer.split('\r').nth(1).unwrap().to_owned();
            assert_eq!(msa.split('|').nth(2), Some("42"));
            msa.split('|').nth(1).unwrap().to_owned()
        };
        at_once.into_iter().chain(afterwards).map(code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_whole_answer() {
        let answer = answer(
            b"MSH|^~\\&|MON^1^EUI-64|UNIT|X|Y|20261005||ORU^R01^ORU_R01|c&7|T|2.3.1\r",
            Outcome::Accepted,
        );
        let expected = "\x0bMSH|^~\\&|X|Y|MON^1^EUI-64|UNIT|20261005120000+0000||\
            ACK^R01^ACK|179120160000000007|T|2.3.1\rMSA|AA|c&7\r\x1c\r";
        assert_eq!(String::from_utf8(answer).unwrap(), expected);
    }

    #[test]
    fn the_answer_comes_from_whom_the_message_addressed() {
        for (addressed, from) in [
            ("HUB^1.2^ISO|WARD 2", "HUB^1.2^ISO|WARD 2"),
            ("|WARD 2", "DRIPWATCH|WARD 2"),
            ("|", "DRIPWATCH|"),
        ] {
            let message = format!("MSH|^~\\&|MON|UNIT|{addressed}|T||ORU_R01|1|P|2.6\r");
            let answer = String::from_utf8(answer(message.as_bytes(), Outcome::Accepted)).unwrap();
            let expected = format!("\x0bMSH|^~\\&|{from}|MON|UNIT|");
            assert!(answer.starts_with(&expected), "{answer}");
            assert!(answer.contains("||ACK^R01^ACK|"), "{answer}");
        }
    }

    #[test]
    fn the_codes_follow_what_the_sender_asked_for() {
        let (error, refusal) = (Outcome::Error("x"), Outcome::Rejected("x"));
        for (msh_15, msh_16, expected) in [
            ("", "", ["AA", "AE", "AR"]),
            ("NE", "AL", ["AA", "AE", "AR"]),
            ("NE", "NE", ["AA", "AE", "AR"]),
            ("", "AL", ["AA", "AE", "AR"]),
            ("AL", "NE", ["CA", "CE", "CR"]),
            ("AL", "AL", ["CA AA", "CA AE", "CR"]),
            ("al", "al", ["CA AA", "CA AE", "CR"]),
            ("AL", "ER", ["CA", "CA AE", "CR"]),
            ("AL", "SU", ["CA AA", "CA", "CR"]),
            ("ER", "AL", ["AA", "AE", "CR"]),
            ("al", "", ["CA", "CE", "CR"]),
            ("ER", "NE", ["CA", "CE", "CR"]),
        ] {
            let given = [Outcome::Accepted, error, refusal].map(|o| codes(msh_15, msh_16, o));
            assert_eq!(given, expected, "{msh_15:?} {msh_16:?}");
        }
    }

    #[test]
    fn our_text_is_escaped_with_the_senders_delimiters() {
        let answer = answer(b"MSH|^~!*|A|\r", Outcome::Error("*o|*o"));
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.ends_with("MSA|AE||!T!o!F!!T!o\r\x1c\r"), "{answer}");
    }

    #[test]
    fn no_mark_of_a_frame_is_echoed() {
        let answer = answer(b"MSH|^~\\&|A\x1c\x0bB||||||ORU|7\x1c|\r", Outcome::Accepted);
        let marks = answer.iter().filter(|byte| matches!(byte, 0x0B | 0x1C)).count();
        assert_eq!(marks, 2, "{:?}", String::from_utf8_lossy(&answer));
    }

    #[test]
    fn latin1_is_answered_in_latin1() {
        let answer = answer(b"MSH|^~\\&|Sch\xe4r|\r", Outcome::Accepted);
        assert!(answer.windows(5).any(|w| w == b"Sch\xe4r"));
    }

    #[test]
    fn what_has_no_header_is_answered_too() {
        let refusal = Outcome::Rejected("not HL7");
        let frame =
            Ack::to_unreadable().frame(Level::Application, refusal, Millis(0), &TimeZone::UTC, 1);
        let text = String::from_utf8(frame).unwrap();
        assert!(text.contains("||ACK|") && text.contains("\rMSA|AR||not HL7\r"));
    }
}
