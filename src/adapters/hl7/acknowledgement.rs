//! The answer to a message that we sent.

use super::charset::text_of;
use super::message::Message;

/// The longest words of a receiver that are kept, characters.
const MAX_WORDS: usize = 300;

/// What a receiver answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// MSA-1: `AA`, `AE`, `AR`, `CA`, `CE`, `CR`, in capitals.
    pub code: String,
    /// MSA-2: the message that it answers.
    pub of: String,
    /// Why, in the receiver's words; may be empty. They may name the patient.
    pub words: String,
    /// MSH-10: its own control id.
    pub control_id: String,
    /// MSH-15: whether it wants to hear that it has arrived.
    pub wants_commit: bool,
}

impl Acknowledgement {
    /// Reads an answer; `None` for what is none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (text, _) = text_of(bytes);
        let message = Message::parse(&text).ok()?;
        let (header, answer) = (message.header(), message.segment("MSA")?);
        let mut words = vec![answer.field(3).text().into_owned()];
        for error in message.segments().filter(|segment| segment.is("ERR")) {
            // The code's own text, what the program says, what a person is to read.
            let code = error.first(3);
            let texts = [code.component(2).text(), error.first(7).text(), error.first(8).text()];
            words.extend(texts.map(|text| text.into_owned()));
        }
        words.retain(|text| !text.trim().is_empty());
        words.dedup();
        let words = words.join("; ");
        let printable = |c: char| if c.is_control() { ' ' } else { c };
        Some(Self {
            code: answer.field(1).text().to_ascii_uppercase(),
            of: answer.field(2).text().into_owned(),
            words: words.chars().map(printable).take(MAX_WORDS).collect(),
            control_id: header.field(10).text().into_owned(),
            wants_commit: matches!(&*header.field(15).text().to_ascii_uppercase(), "AL" | "SU"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_of_which_message_it_is_and_why() {
        let text = "MSH|^~\\&|EHR|H|dripwatch||20261127||ACK^R01|77|P|2.5.1|||AL\r\
                    MSA|ae|DW1|Unknown\\T\\patient\r\
                    ERR||PID^1^3|204^Unknown key identifier^HL70357|E||||No patient 4711\r";
        let read = Acknowledgement::read(text.as_bytes()).unwrap();
        let words = "Unknown&patient; Unknown key identifier; No patient 4711";
        assert_eq!((&*read.code, &*read.of, &*read.words), ("AE", "DW1", words));
        assert_eq!((&*read.control_id, read.wants_commit), ("77", true));
    }

    #[test]
    fn what_is_no_answer_is_none_and_words_have_a_longest() {
        for text in ["", "hello", "MSH|^~\\&|EHR\r", "MSA|AA|1\r"] {
            assert_eq!(Acknowledgement::read(text.as_bytes()), None, "{text:?}");
        }
        let long = format!("MSH|^~\\&|\rMSA|AR|1|{}\u{1}\r", "x".repeat(2 * MAX_WORDS));
        assert_eq!(Acknowledgement::read(long.as_bytes()).unwrap().words.len(), MAX_WORDS);
        let bare = Acknowledgement::read(b"MSH|^~\\&|\rMSA|AA\xff|1").unwrap();
        assert_eq!((&*bare.of, &*bare.words, bare.wants_commit), ("1", "", false));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_none(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
        ) {
            let _ = Acknowledgement::read(&bytes);
            let framed = [b"MSH|^~\\&|\rMSA|AA|1|".as_slice(), &bytes, b"\rERR|".as_slice(), &bytes].concat();
            let read = Acknowledgement::read(&framed);
            proptest::prop_assert!(read.is_none_or(|read| read.words.chars().count() <= MAX_WORDS));
        }
    }
}
