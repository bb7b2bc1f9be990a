use std::borrow::Cow;

use super::charset::text_of;

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

/// What replaces a delimiter that is missing, or that the message already uses for another.
const SPARE: [char; 5] = ['#', '@', '!', '$', '%'];

impl Delimiters {
    /// MSH-1 and what MSH-2 names; where it names none, the usual one. All are different: if two
    /// were the same mark, nobody, including us, could read what is written.
    pub(super) fn of(field: char, marks: &str) -> Self {
        let mut taken = vec![field];
        let mut given = marks.chars();
        let mut next = |usual: char| {
            let named = given.next().filter(|mark| is_mark(*mark));
            let candidates = named.into_iter().chain([usual]).chain(SPARE);
            // There are more spare marks than delimiters.
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

    pub(super) fn unescape<'a>(&self, raw: &'a str) -> Cow<'a, str> {
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
                    // Not an escape after all: keep both characters as they were.
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

/// Whether it can separate: letters, digits and blanks are what is separated.
pub(super) fn is_mark(mark: char) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_text_is_escaped() {
        let escaped = Delimiters::default().escape("a|b^c\r\\");
        assert_eq!(escaped, "a\\F\\b\\S\\c \\E\\");
    }
}
