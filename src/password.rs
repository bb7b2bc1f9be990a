//! What may be a password and what may be a PIN. Pure.
//!
//! Length is what makes a password hard to guess, so there are no rules about kinds of characters
//! (NIST SP 800-63B, 5.1.1.2). Apart from short passwords, those that a guesser tries first are
//! refused: a common word with digits after it, a row of keys, one short piece over and over, and
//! the name of the person whose password it is.

/// Fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 10;
/// Passwords are hashed whole; a longer one is a mistake, such as a file.
pub const LONGEST_PASSWORD_BYTES: usize = 1_024;
/// Digits of a PIN (screens.md#signing-in).
const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=6;
/// A piece of at most this many characters, repeated, counts as one piece.
const LONGEST_PIECE: usize = 4;
/// Parts of a name that are shorter than this are found in many words.
const SHORTEST_PART_OF_A_NAME: usize = 3;

/// Words that a guesser tries first, alone or with digits and signs around them. Those in the first
/// lines lead every published list of leaked passwords; the others are what a clinic's staff see
/// every day.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "pass",
    "passphrase",
    "passcode",
    "motdepasse",
    "contrasena",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "abc",
    "abcd",
    "abcdef",
    "letmein",
    "iloveyou",
    "welcome",
    "willkommen",
    "changeme",
    "default",
    "admin",
    "administrator",
    "root",
    "user",
    "username",
    "guest",
    "login",
    "master",
    "secret",
    "test",
    "testing",
    "tester",
    "hello",
    "hallo",
    "dragon",
    "monkey",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "superman",
    "batman",
    "starwars",
    "pokemon",
    "princess",
    "sunshine",
    "shadow",
    "michael",
    "jennifer",
    "jessica",
    "ashley",
    "daniel",
    "charlie",
    "computer",
    "internet",
    "whatever",
    "trustno",
    "freedom",
    "flower",
    "summer",
    "winter",
    "spring",
    "autumn",
    "sommer",
    "fruhling",
    "herbst",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "clinic",
    "klinik",
    "clinica",
    "hospital",
    "krankenhaus",
    "practice",
    "praxis",
    "infusion",
    "ketamine",
    "ketamin",
    "esketamine",
    "esketamin",
    "spravato",
    "nurse",
    "nurses",
    "nursing",
    "schwester",
    "pfleger",
    "pflege",
    "doctor",
    "doktor",
    "arzt",
    "medic",
    "medical",
    "medicine",
    "patient",
    "patients",
    "station",
    "ward",
    "room",
    "monitor",
    "monitoring",
    "pulse",
    "oxygen",
    "bloodpressure",
    "heartrate",
    "vitals",
    "therapy",
    "therapie",
    "anesthesia",
    "anasthesie",
    "dripwatch",
    "drip",
];

/// Rows of keys and of letters: a run along one of them is no secret.
const ROWS: [&str; 8] = [
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
];

/// Why this cannot be the password of the person who signs in as `name`, in words that say what to
/// choose instead.
#[must_use]
pub fn refusal_of_password(password: &str, name: &str) -> Option<String> {
    let characters = password.chars().count();
    if characters < SHORTEST_PASSWORD {
        return Some(format!(
            "a password has at least {SHORTEST_PASSWORD} characters, this one has {characters}: \
             three or four words are easy to remember"
        ));
    }
    if password.len() > LONGEST_PASSWORD_BYTES {
        return Some(format!("a password has at most {LONGEST_PASSWORD_BYTES} bytes"));
    }
    let why = if is_of_the_name(password, name) {
        "is derived from the name"
    } else if is_common(password)
        || ['i', 'l'].iter().any(|one| is_common(&undisguised(password, *one)))
    {
        "is one of the first that a guesser tries"
    } else if is_piece_over_and_over(password) {
        "repeats one short piece"
    } else if is_walk(password) {
        "is a row of neighbouring keys or letters"
    } else {
        return None;
    };
    Some(format!("this password {why}: choose three or four words that have nothing in common"))
}

/// Why this cannot be a PIN.
#[must_use]
pub fn refusal_of_pin(pin: &str) -> Option<String> {
    let (fewest, most) = (PIN_DIGITS.start(), PIN_DIGITS.end());
    let is_one = PIN_DIGITS.contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit());
    (!is_one).then(|| format!("a PIN has {fewest} to {most} digits"))
}

/// Why somebody should choose another PIN. A guesser has few tries, and begins with these.
#[must_use]
pub fn advice_on_pin(pin: &str) -> Option<&'static str> {
    let is_one_digit = pin.bytes().all(|byte| pin.bytes().next() == Some(byte));
    (is_one_digit || is_walk(pin)).then_some(
        "this PIN is one of the first that a guesser tries: choose one whose digits are not all the \
         same and not in a row",
    )
}

/// Only its letters, in one case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// Replaces digits and signs that are written for letters, as in `P@ssw0rd`, by these letters;
/// `one` is the letter that a 1 is written for. What follows the word stays as it is.
fn undisguised(text: &str, one: char) -> String {
    let tail = text.trim_end_matches(|c: char| !c.is_alphabetic()).len();
    let (word, tail) = text.split_at(tail);
    let plain = |c| match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    word.chars().map(plain).collect::<String>() + tail
}

fn is_common(password: &str) -> bool {
    let word = letters(password);
    let (first, second) = word.split_at_checked(word.len() / 2).unwrap_or((&word, ""));
    // `clinicclinic12` is `clinic12`.
    COMMON.contains(&&*word) || (first == second && COMMON.contains(&first))
}

fn is_of_the_name(password: &str, name: &str) -> bool {
    let word = letters(password);
    let backwards: String = word.chars().rev().collect();
    let whole = letters(name);
    let parts = name.split(|c: char| !c.is_alphabetic()).map(letters);
    let is_it = |part: &String| {
        part.chars().count() >= SHORTEST_PART_OF_A_NAME && (word == *part || backwards == *part)
    };
    password == name || parts.chain([whole]).any(|part| is_it(&part))
}

fn is_piece_over_and_over(password: &str) -> bool {
    let all: Vec<char> = password.chars().collect();
    (1..=LONGEST_PIECE).any(|length| all.iter().zip(all.iter().skip(length)).all(|(a, b)| a == b))
}

fn is_walk(password: &str) -> bool {
    let walked: String = password.chars().flat_map(char::to_lowercase).collect();
    let backwards: String = walked.chars().rev().collect();
    // Repeated in a circle, as in `1234567890123`.
    ROWS.iter().any(|row| {
        let round = row.repeat(walked.len() / row.len() + 2);
        round.contains(&walked) || round.contains(&backwards)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(password: &str) -> String {
        refusal_of_password(password, "Karla Maier").unwrap_or_default()
    }

    #[test]
    fn a_password_has_ten_characters_of_whatever_kind() {
        assert_eq!(
            why("ninechars"),
            "a password has at least 10 characters, this one has 9: three or four words are easy \
             to remember"
        );
        for good in
            ["correct horse", "tencharact", "a long password 7", "ä ö ü ß é é", "8r!k0#Zq1x"]
        {
            assert_eq!(why(good), "", "{good}");
        }
        assert!(why(&"x y".repeat(500)).contains("at most 1024 bytes"));
    }

    #[test]
    fn what_is_guessed_first_is_refused_whatever_is_written_around_it() {
        for bad in [
            "password12",
            "Password!!",
            "P@ssw0rd2026",
            "12345password",
            "passwordpassword",
            "Ketamine2026!",
            "clinicclinic1",
            "dripwatch1",
            "Summer-2026",
            "administrator",
            "Wi11kommen1",
        ] {
            assert!(
                why(bad).contains("one of the first that a guesser tries"),
                "{bad}: {}",
                why(bad)
            );
        }
        for good in ["nurse station lamp", "passwords are hard", "winterreifen karton"] {
            assert_eq!(why(good), "", "{good}");
        }
    }

    #[test]
    fn a_row_of_keys_and_a_piece_over_and_over_are_refused() {
        for bad in
            ["1234567890", "9876543210", "qwertyuiop", "abcdefghij", "poiuytrewq", "12345678901"]
        {
            let why = why(bad);
            assert!(
                why.contains("neighbouring") || why.contains("a guesser tries"),
                "{bad}: {why}"
            );
        }
        for bad in ["aaaaaaaaaa", "ababababab", "xyz1xyz1xyz1", "7777777777"] {
            assert!(why(bad).contains("repeats one short piece"), "{bad}: {}", why(bad));
        }
    }

    #[test]
    fn a_piece_over_and_over_is_no_password_unless_it_is_longer_than_a_guesser_makes_it() {
        let piece = &"7kq0zr"[..LONGEST_PIECE];
        assert!(why(&piece.repeat(5)).contains("repeats one short piece"));
        let longer = &"7kq0zr"[..=LONGEST_PIECE];
        assert_eq!(why(&longer.repeat(4)), "");
    }

    #[test]
    fn a_password_is_hashed_whole_and_so_has_a_longest() {
        let text: String = (0..1_000_u32).map(|n| format!("{} ", n * 7_919)).collect();
        assert_eq!(why(&text[..LONGEST_PASSWORD_BYTES]), "");
        assert_eq!(why(&text[..=LONGEST_PASSWORD_BYTES]), "a password has at most 1024 bytes");
    }

    #[test]
    fn the_name_is_no_secret() {
        for bad in ["Karla Maier", "karlamaier", "Maier-123456", "reiam12345", "KARLA!!!!!"] {
            assert!(why(bad).contains("derived from the name"), "{bad}: {}", why(bad));
        }
        // Initials as a name: two letters are in many words.
        assert_eq!(refusal_of_password("km 4711 lamp", "KM"), None);
    }

    #[test]
    fn a_pin_has_four_to_six_digits_better_not_those_that_are_tried_first() {
        for good in ["4711", "2468", "13579", "902147"] {
            assert_eq!(refusal_of_pin(good), None, "{good}");
            assert_eq!(advice_on_pin(good), None, "{good}");
        }
        for bad in ["12", "1234567", "12a4", ""] {
            assert_eq!(refusal_of_pin(bad).as_deref(), Some("a PIN has 4 to 6 digits"), "{bad}");
        }
        for bad in ["0000", "1111", "1234", "4321", "123456", "7890", "0987"] {
            assert!(advice_on_pin(bad).is_some(), "{bad}");
        }
    }
}
