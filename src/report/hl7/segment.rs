//! Segments, and what may stand in them.

/// A segment in the making.
#[derive(Debug)]
pub(super) struct Segment {
    name: &'static str,
    /// From field 1; of the header from field 2, as the delimiter itself is field 1.
    fields: Vec<String>,
}

impl Segment {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, fields: Vec::new() }
    }

    /// Sets a field, by HL7's number, to what is escaped already.
    pub(super) fn set(mut self, number: usize, field: impl Into<String>) -> Self {
        let place = number - if self.name == "MSH" { 2 } else { 1 };
        if self.fields.len() <= place {
            self.fields.resize(place + 1, String::new());
        }
        self.fields[place] = field.into();
        self
    }

    /// Writes it, without empty fields at its end.
    pub(super) fn write(&self, to: &mut String) {
        to.push_str(self.name);
        let used = self.fields.iter().rposition(|field| !field.is_empty()).map_or(0, |n| n + 1);
        for field in &self.fields[..used] {
            to.push('|');
            to.push_str(field);
        }
        to.push('\r');
    }
}

/// Components, escaped, without empty ones at the end.
pub(super) fn components(all: &[&str]) -> String {
    let used = all.iter().rposition(|one| !one.trim().is_empty()).map_or(0, |n| n + 1);
    all[..used].iter().map(|one| text(one)).collect::<Vec<_>>().join("^")
}

/// Text of one line, escaped. What HL7's frames and lines are made of cannot stand in it.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            '|' => escaped.push_str("\\F\\"),
            '^' => escaped.push_str("\\S\\"),
            '~' => escaped.push_str("\\R\\"),
            '\\' => escaped.push_str("\\E\\"),
            '&' => escaped.push_str("\\T\\"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_field_a_segment_or_a_frame() {
        assert_eq!(
            text(" a|b^c~d\\e&f\u{b}\u{1c}\r\n李 "),
            "a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f    李"
        );
        assert_eq!(components(&["a^b", "", "c", " ", ""]), "a\\S\\b^^c");
        assert_eq!(components(&["", ""]), "");
    }

    #[test]
    fn fields_have_hl7_s_numbers_and_empty_ones_at_the_end_are_left_out() {
        let mut written = String::new();
        Segment::new("MSH").set(2, "^~\\&").set(4, "x").write(&mut written);
        Segment::new("OBX").set(1, "1").set(5, "").set(3, "c").set(9, "").write(&mut written);
        Segment::new("NTE").write(&mut written);
        assert_eq!(written, "MSH|^~\\&||x\rOBX|1||c\rNTE\r");
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_text_is_it_stays_in_its_field(any in proptest::prelude::any::<String>()) {
            let escaped = text(&any);
            let marks = ['|', '^', '~', '&', '\r', '\n', '\u{b}', '\u{1c}'];
            proptest::prop_assert!(!escaped.contains(marks));
            // Each escape is whole.
            proptest::prop_assert_eq!(escaped.matches('\\').count() % 2, 0);
        }
    }
}
