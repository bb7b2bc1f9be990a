//! Names that people choose: of rooms, staff, programs, the clinic. Pure.
//!
//! A name is one line that reads as it is written: no control characters, none that cannot be seen
//! (zero-width marks, marks that turn the direction of the text), no space but the usual one. Two
//! things of a kind have names that people can distinguish: [`key`] is equal for names that differ
//! only in their case, their spaces or how an accent is composed.

use unicode_normalization::UnicodeNormalization;

/// The longest name of a person, a program or the clinic, in characters.
pub const LONGEST_NAME: usize = 100;
/// The longest name of a room, in characters: it has to fit a tile.
pub const LONGEST_ROOM_NAME: usize = 60;

/// Why a text is not a name. Completes a sentence that begins with what it should have been:
/// `name …`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing is left of it, or it is too long.
    #[error("must have 1 to {longest} characters")]
    Length {
        /// The largest number of characters.
        longest: usize,
        /// How many characters it has.
        length: usize,
    },
    /// A line end, a tab, an escape.
    #[error("must be on one line: U+{:04X} is a control character", u32::from(*.0))]
    Control(char),
    /// Two names with and without it look the same.
    #[error("must show all of its characters: U+{:04X} cannot be seen, type it again", u32::from(*.0))]
    Invisible(char),
    /// It looks like the usual space and is another one.
    #[error("must have usual spaces: U+{:04X} is another one, type it again", u32::from(*.0))]
    Space(char),
}

/// The name without the space around it.
///
/// # Errors
/// See [`NotAName`].
pub fn checked(text: &str, longest: usize) -> Result<String, NotAName> {
    let name = text.trim_matches(' ');
    for c in name.chars() {
        if c.is_control() {
            return Err(NotAName::Control(c));
        }
        if c != ' ' && c.is_whitespace() {
            return Err(NotAName::Space(c));
        }
        if is_invisible(c) {
            return Err(NotAName::Invisible(c));
        }
    }
    let length = name.chars().count();
    if !(1..=longest).contains(&length) {
        return Err(NotAName::Length { longest, length });
    }
    Ok(name.to_owned())
}

/// Turns a name that others wrote, such as a hospital's system, into one that [`checked`] accepts:
/// what cannot be seen is left out, other spaces become the usual one, and it has at most this many
/// characters.
#[must_use]
pub fn cleaned(text: &str, longest: usize) -> String {
    let one_line = text.chars().filter(|c| !is_invisible(*c));
    let one_line = one_line.map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c });
    let text: String = one_line.collect();
    let cut: String = text.trim_matches(' ').chars().take(longest).collect();
    cut.trim_matches(' ').to_owned()
}

/// Equal for names that look the same: case, runs of spaces, and the ways to write one letter
/// (`é` in one or in two characters, full-width letters) make no difference.
#[must_use]
pub fn key(name: &str) -> String {
    let one_way: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    one_way.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that take no room, or that only change how their neighbours are drawn: Unicode's
/// `Default_Ignorable_Code_Point`, the fillers of Hangul, the empty Braille cell, and the
/// separators between the lines of a text.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFC
        | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Text from elsewhere, such as the id that a monitor gives itself, as it can be shown: on one
/// line, invisible characters as `U+200B`, at most this many characters, the last one `…` when
/// there are more.
#[must_use]
pub fn displayed(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for c in text.chars() {
        let is_plain = !c.is_control() && !is_invisible(c) && (c == ' ' || !c.is_whitespace());
        let word = if is_plain { c.to_string() } else { format!("U+{:04X}", u32::from(c)) };
        length += word.chars().count();
        if length > longest {
            shown = shown.chars().take(longest.saturating_sub(1)).collect();
            shown.push('…');
            return shown;
        }
        shown.push_str(&word);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_reads_as_it_is_written() {
        for (text, name) in [(" Room 3 ", "Room 3"), ("Bär", "Bär"), ("部屋 3", "部屋 3")] {
            assert_eq!(checked(text, 60), Ok(name.to_owned()));
        }
        for (text, wrong) in [
            ("", NotAName::Length { longest: 60, length: 0 }),
            ("  ", NotAName::Length { longest: 60, length: 0 }),
            ("a\nb", NotAName::Control('\n')),
            ("a\u{1b}[31m", NotAName::Control('\u{1b}')),
            ("Room\u{200b} 3", NotAName::Invisible('\u{200b}')),
            ("Room\u{202e}3", NotAName::Invisible('\u{202e}')),
            ("Room\u{2066}3", NotAName::Invisible('\u{2066}')),
            ("\u{feff}Room 3", NotAName::Invisible('\u{feff}')),
            ("Room\u{3164}3", NotAName::Invisible('\u{3164}')),
            ("Room\u{e0041}3", NotAName::Invisible('\u{e0041}')),
            ("Room\u{a0}3", NotAName::Space('\u{a0}')),
            ("\u{3000}Room 3", NotAName::Space('\u{3000}')),
        ] {
            assert_eq!(checked(text, 60), Err(wrong), "{text:?}");
        }
        assert!(checked(&"ä".repeat(60), 60).is_ok());
        assert_eq!(checked(&"ä".repeat(61), 60), Err(NotAName::Length { longest: 60, length: 61 }));
    }

    #[test]
    fn a_name_that_others_wrote_is_made_one_that_is_taken() {
        for (text, name) in [
            (" Jana\u{200b}\tQuill\n", "Jana Quill"),
            ("\u{202e}\u{5d0}\u{5d1}", "\u{5d0}\u{5d1}"),
            ("O'Quill <b>", "O'Quill <b>"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(cleaned(text, 60), name);
        }
        assert_eq!(cleaned(&"ä".repeat(500), 60), "ä".repeat(60));
        assert_eq!(checked(&cleaned("a\u{a0}b\u{7}", 60), 60), Ok("a b".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_said_with_the_character() {
        let said = |text: &str| checked(text, 60).unwrap_err().to_string();
        assert_eq!(
            said("a\u{200b}"),
            "must show all of its characters: U+200B cannot be seen, type it again"
        );
        assert_eq!(said(""), "must have 1 to 60 characters");
    }

    #[test]
    fn names_that_look_the_same_have_one_key_and_others_do_not() {
        for (a, b) in [
            ("Room 3", "room  3"),
            ("Room 3", "ROOM 3 "),
            ("Caf\u{e9}", "Cafe\u{301}"),
            ("Room 3", "\u{ff32}oom 3"),
            ("\u{1e9e}", "\u{df}"),
        ] {
            assert_eq!(key(a), key(b), "{a:?} and {b:?}");
        }
        for (a, b) in [("Room 3", "Room 4"), ("Room 3", "Room3"), ("Bar", "B\u{e4}r")] {
            assert_ne!(key(a), key(b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn what_others_call_themselves_is_shown_on_one_short_line() {
        assert_eq!(displayed("bed/1", 64), "bed/1");
        assert_eq!(displayed("bed\u{202e}1\n", 64), "bedU+202E1U+000A");
        assert_eq!(displayed(&"x".repeat(65), 64), format!("{}…", "x".repeat(63)));
        assert_eq!(displayed(&"x".repeat(64), 64), "x".repeat(64));
    }
}
