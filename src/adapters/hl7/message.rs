//! HL7 v2 text as segments, fields, repetitions, components and sub-components.
//!
//! The splitter is our own: `hl7-parser` 0.3 reads every clean message, but at the first segment
//! that it dislikes (a bare `OBX`, a blank before a segment's name, an MSH-2 of two characters)
//! it drops the rest of the message and still reports success. Lost readings must not look like
//! success. Here every line is a segment, whatever it holds, and nothing is copied: fields are
//! found when they are asked for.

use std::borrow::Cow;

/// How the sender wrote its characters; answers are written the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Latin1,
}

impl Charset {
    /// Text for the sender; what ISO-8859-1 lacks becomes `?`.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Latin1 => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
        }
    }
}

/// UTF-8, else ISO-8859-1, which can read anything: MSH-18 is often empty or wrong.
pub(super) fn text_of(bytes: &[u8]) -> (Cow<'_, str>, Charset) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Charset::Utf8),
        Err(_) => (bytes.iter().copied().map(char::from).collect(), Charset::Latin1),
    }
}

/// The message's own delimiters, from MSH-1 and MSH-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delimiters {
    pub(super) field: char,
    pub(super) component: char,
    pub(super) repetition: char,
    pub(super) escape: char,
    pub(super) subcomponent: char,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' }
    }
}

/// What stands in for a delimiter that is missing, or that the message uses for another already.
const SPARE: [char; 5] = ['#', '@', '!', '$', '%'];

impl Delimiters {
    /// MSH-1 and what MSH-2 names; where that names none, the usual one. Each is another: with one
    /// mark for two of them nobody, we included, could read what is written.
    fn of(field: char, marks: &str) -> Self {
        let mut taken = vec![field];
        let mut given = marks.chars();
        let mut next = |usual: char| {
            let named = given.next().filter(|mark| is_mark(*mark));
            let candidates = named.into_iter().chain([usual]).chain(SPARE);
            // Of the spare ones there are more than delimiters.
            let mark = candidates.into_iter().find(|mark| !taken.contains(mark)).unwrap_or(usual);
            taken.push(mark);
            mark
        };
        let usual = Self::default();
        Self {
            component: next(usual.component),
            repetition: next(usual.repetition),
            escape: next(usual.escape),
            subcomponent: next(usual.subcomponent),
            field,
        }
    }

    /// `text` with every delimiter escaped and line ends as blanks.
    pub(super) fn escape(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            let letter = match c {
                c if c == self.field => 'F',
                c if c == self.component => 'S',
                c if c == self.repetition => 'R',
                c if c == self.escape => 'E',
                c if c == self.subcomponent => 'T',
                c => {
                    out.push(if c.is_control() { ' ' } else { c });
                    continue;
                }
            };
            out.extend([self.escape, letter, self.escape]);
        }
        out
    }

    fn unescape<'a>(&self, raw: &'a str) -> Cow<'a, str> {
        if !raw.contains(self.escape) {
            return Cow::Borrowed(raw);
        }
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once(self.escape) {
            out.push_str(before);
            let Some((sequence, tail)) = after.split_once(self.escape) else {
                // A lone escape character: dirty, but the text after it is real.
                out.push(self.escape);
                rest = after;
                break;
            };
            rest = tail;
            match sequence {
                "F" => out.push(self.field),
                "S" => out.push(self.component),
                "T" => out.push(self.subcomponent),
                "R" => out.push(self.repetition),
                "E" => out.push(self.escape),
                "H" | "N" => {}
                _ if sequence.starts_with('.') => out.push(' '),
                _ => match sequence.strip_prefix('X').and_then(hex_bytes) {
                    Some(bytes) => out.push_str(&text_of(&bytes).0),
                    // Not an escape after all: keep both characters as they stood.
                    None => {
                        out.push(self.escape);
                        out.push_str(sequence);
                        rest = &after[sequence.len()..];
                    }
                },
            }
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

/// Whether it can part one thing from the next: letters, digits and blanks are what is parted.
fn is_mark(mark: char) -> bool {
    !(mark.is_alphanumeric() || mark.is_control() || mark.is_whitespace())
}

fn hex_bytes(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let digit = |b: u8| char::from(b).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>().filter(|b| !b.is_empty())
}

/// The text does not begin with an MSH segment that names its delimiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message does not begin with an MSH segment")]
pub(super) struct NoHeader;

/// A message, split on demand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    text: &'a str,
    delimiters: Delimiters,
}

impl<'a> Message<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, NoHeader> {
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let after = text.strip_prefix("MSH").ok_or(NoHeader)?;
        let field = after.chars().next().ok_or(NoHeader)?;
        if !is_mark(field) {
            return Err(NoHeader);
        }
        let line = after.split(['\r', '\n']).next().unwrap_or_default();
        let marks = line.split(field).nth(1).unwrap_or_default();
        Ok(Self { text, delimiters: Delimiters::of(field, marks) })
    }

    pub(super) fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// The MSH segment.
    pub(super) fn header(&self) -> Segment<'a> {
        self.segments().next().unwrap_or(Segment { text: "MSH", delimiters: self.delimiters })
    }

    /// Every line that is not blank.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        let delimiters = self.delimiters;
        self.text
            .split(['\r', '\n'])
            .map(str::trim_start)
            .filter(|line| !line.is_empty())
            .map(move |text| Segment { text, delimiters })
    }

    /// The first segment with this name.
    pub(super) fn segment(&self, id: &str) -> Option<Segment<'a>> {
        self.segments().find(|s| s.is(id))
    }
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    text: &'a str,
    delimiters: Delimiters,
}

impl<'a> Segment<'a> {
    /// Whether this is the segment's name, such as `OBX`.
    pub(super) fn is(&self, id: &str) -> bool {
        let own = self.text.split(self.delimiters.field).next();
        own.is_some_and(|own| own.trim_end().eq_ignore_ascii_case(id))
    }

    /// The field as the standard numbers it; empty when it is not there.
    pub(super) fn field(&self, number: usize) -> Part<'a> {
        // The delimiter itself is MSH-1, so the header's fields stand one place earlier.
        let place = number - usize::from(self.is("MSH"));
        self.part(self.text.split(self.delimiters.field).nth(place))
    }

    /// The field's first repetition.
    pub(super) fn first(&self, number: usize) -> Part<'a> {
        let field = self.field(number);
        self.part(field.raw.split(self.delimiters.repetition).next())
    }

    fn part(&self, raw: Option<&'a str>) -> Part<'a> {
        Part { raw: raw.unwrap_or_default(), delimiters: self.delimiters }
    }
}

/// A field, or a piece of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    raw: &'a str,
    delimiters: Delimiters,
}

impl<'a> Part<'a> {
    /// As it stands in the message.
    pub(super) fn raw(&self) -> &'a str {
        self.raw
    }

    pub(super) fn repetitions(&self) -> impl Iterator<Item = Self> + use<'a> {
        self.split(self.delimiters.repetition)
    }

    pub(super) fn components(&self) -> impl Iterator<Item = Self> + use<'a> {
        self.split(self.delimiters.component)
    }

    pub(super) fn subcomponents(&self) -> impl Iterator<Item = Self> + use<'a> {
        self.split(self.delimiters.subcomponent)
    }

    /// The component, counted from one; empty when it is not there.
    pub(super) fn component(&self, number: usize) -> Self {
        self.components().nth(number - 1).unwrap_or(Self { raw: "", delimiters: self.delimiters })
    }

    /// Without escapes and outer blanks; the explicit null `""` is no text.
    pub(super) fn text(&self) -> Cow<'a, str> {
        let raw = self.raw.trim();
        if raw == "\"\"" {
            return Cow::Borrowed("");
        }
        self.delimiters.unescape(raw)
    }

    fn split(&self, at: char) -> impl Iterator<Item = Self> + use<'a> {
        let delimiters = self.delimiters;
        self.raw.split(at).map(move |raw| Self { raw, delimiters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obx<'a>(message: &Message<'a>) -> Segment<'a> {
        message.segment("OBX").unwrap()
    }

    #[test]
    fn delimiters_come_from_the_header() {
        let message = Message::parse("MSH#*!?%#WARD*7#\rOBX#1#NM#a*b%c!d#\r").unwrap();
        assert_eq!(message.header().field(3).component(2).text(), "7");
        let code = obx(&message).first(3);
        assert_eq!(code.component(1).text(), "a");
        let subs: Vec<_> = code.component(2).subcomponents().map(|s| s.raw()).collect();
        assert_eq!(subs, ["b", "c"]);
        assert_eq!(obx(&message).field(3).repetitions().count(), 2);
    }

    #[test]
    fn a_short_header_gets_the_usual_delimiters() {
        let message = Message::parse("MSH|^\rOBX|1|NM|x^y&z\r").unwrap();
        assert_eq!(message.delimiters(), Delimiters::default());
    }

    #[test]
    fn no_mark_parts_two_kinds_of_things() {
        let of = |header: &str| Message::parse(header).unwrap().delimiters();
        let doubled = of("MSH~^~\\|||x\r");
        assert_eq!((doubled.field, doubled.component), ('~', '^'));
        assert_eq!((doubled.repetition, doubled.escape, doubled.subcomponent), ('#', '\\', '&'));
        assert_eq!(of("MSH|^^\\^|\r"), of("MSH|^~\\&|\r"));
        assert_eq!(of("MSH|A1 \t|\r"), Delimiters::default(), "letters part nothing");
    }

    #[test]
    fn any_line_end_blank_lines_and_bare_segments_lose_nothing() {
        let message = Message::parse("\u{feff}\nMSH|^~\\&|A\n\r\nOBX\r\r  OBX|2\nobx|3\n").unwrap();
        let numbers: Vec<_> =
            message.segments().filter(|s| s.is("OBX")).map(|s| s.field(1).raw()).collect();
        assert_eq!(numbers, ["", "2", "3"]);
    }

    #[test]
    fn what_has_no_header_is_refused() {
        for text in ["", "PID|1", "MSH", "MSHA^", "MSH\r", "msh|^~\\&|", "MSH 1"] {
            assert!(Message::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn escapes_are_read() {
        let message = Message::parse("MSH|^~\\&|\rOBX|a\\F\\b\\S\\\\T\\\\R\\\\E\\|\\X4f4B\\|\r");
        let message = message.unwrap();
        assert_eq!(obx(&message).field(1).text(), "a|b^&~\\");
        assert_eq!(obx(&message).field(2).text(), "OK");
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        let message = Message::parse("MSH|^~\\&|\rOBX|5\\6|\\X4\\|\\zz\\F\\|\\\\|\r").unwrap();
        let texts: Vec<_> = (1..=4).map(|n| obx(&message).field(n).text()).collect();
        assert_eq!(texts, ["5\\6", "\\X4\\", "\\zz|", "\\\\"]);
    }

    #[test]
    fn explicit_null_is_no_text() {
        let message = Message::parse("MSH|^~\\&|\rOBX|\"\"|\r").unwrap();
        assert_eq!(obx(&message).field(1).text(), "");
        assert_eq!(obx(&message).field(1).raw(), "\"\"");
    }

    #[test]
    fn text_that_is_not_utf8_is_latin1_and_goes_back_as_such() {
        let (text, charset) = text_of(b"M\xfcller");
        assert_eq!((&*text, charset), ("Müller", Charset::Latin1));
        assert_eq!(charset.encode(&text), b"M\xfcller");
        assert_eq!(text_of("Müller".as_bytes()).1, Charset::Utf8);
    }

    #[test]
    fn our_own_text_is_escaped() {
        let escaped = Delimiters::default().escape("a|b^c\r\\");
        assert_eq!(escaped, "a\\F\\b\\S\\c \\E\\");
    }
}
