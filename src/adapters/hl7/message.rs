//! HL7 v2 text as segments, fields, repetitions, components and sub-components.
//!
//! The splitter is our own: `hl7-parser` 0.3 reads every clean message, but at the first segment
//! that it dislikes (a bare `OBX`, a blank before a segment's name, an MSH-2 of two characters)
//! it drops the rest of the message and still reports success. Lost readings must not look like
//! success. Here every line is a segment, whatever it holds, and nothing is copied: fields are
//! found when they are asked for.

use std::borrow::Cow;

use super::delimiters::{Delimiters, is_mark};

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

    /// The field as the standard numbers it; empty if it is missing.
    pub(super) fn field(&self, number: usize) -> Part<'a> {
        // The delimiter itself is MSH-1, so the header's fields are one place earlier.
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
    /// As written in the message.
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

    /// The component, counted from one; empty if it is missing.
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
}
