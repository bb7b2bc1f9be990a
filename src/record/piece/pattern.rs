//! A body with its numbers taken out. Nothing is interpreted: whatever a body is, it comes back byte
//! for byte.

use super::BadPiece;

/// In a pattern: a whole number was here.
const WHOLE: u8 = 0;
/// In a pattern: a number with so many digits behind its point, which the next byte says.
const DECIMAL: u8 = 1;
/// A number has no more digits than this to be taken out.
const MOST_DIGITS: usize = 18;

/// A body without its numbers, and these.
pub(super) fn take_apart(body: &[u8]) -> (Vec<u8>, Vec<i64>) {
    if body.iter().any(|byte| [WHOLE, DECIMAL].contains(byte)) {
        // As no JSON does: it is left alone. `put_together` finds no number in it, since none of
        // these bytes is followed by what a pattern has.
        return (escaped(body), Vec::new());
    }
    let (mut pattern, mut numbers) = (Vec::with_capacity(body.len()), Vec::new());
    let (mut at, mut is_text) = (0, false);
    while let Some(&byte) = body.get(at) {
        if is_text {
            let length = if byte == b'\\' { 2 } else { 1 };
            is_text = byte != b'"';
            let end = body.len().min(at + length);
            pattern.extend_from_slice(&body[at..end]);
            at = end;
            continue;
        }
        match number_at(&body[at..]) {
            Some((number, scale, length)) => {
                match scale {
                    0 => pattern.push(WHOLE),
                    scale => pattern.extend([DECIMAL, scale]),
                }
                numbers.push(number);
                at += length;
            }
            None => {
                is_text = byte == b'"';
                // All digits of a number that is too long stay together.
                let rest = &body[at + 1..];
                let digits = if byte.is_ascii_digit() || byte == b'-' {
                    rest.iter().take_while(|byte| is_of_number(**byte)).count()
                } else {
                    0
                };
                pattern.extend_from_slice(&body[at..=at + digits]);
                at += 1 + digits;
            }
        }
    }
    (pattern, numbers)
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b".eE+-".contains(&byte)
}

/// The number with which the text begins, its digits behind the point, and its length; `None` unless
/// exactly the same is written for it again.
fn number_at(text: &[u8]) -> Option<(i64, u8, usize)> {
    let length = text.iter().take_while(|byte| is_of_number(**byte)).count();
    let token = std::str::from_utf8(&text[..length]).ok()?;
    let (whole, decimals) = token.split_once('.').unwrap_or((token, ""));
    if token.len() > MOST_DIGITS {
        return None;
    }
    let number: i64 = format!("{whole}{decimals}").parse().ok()?;
    let scale = u8::try_from(decimals.len()).ok()?;
    let mut again = Vec::with_capacity(length);
    write_number(&mut again, number, scale);
    (again == token.as_bytes()).then_some((number, scale, length))
}

fn write_number(into: &mut Vec<u8>, number: i64, scale: u8) {
    let scale = usize::from(scale);
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, decimals) = digits.split_at(digits.len() - scale);
    if number < 0 {
        into.push(b'-');
    }
    into.extend_from_slice(whole.as_bytes());
    if scale > 0 {
        into.push(b'.');
        into.extend_from_slice(decimals.as_bytes());
    }
}

/// A body that has a byte of the patterns' own is written with 0 digits behind the point before each.
fn escaped(body: &[u8]) -> Vec<u8> {
    let mut pattern = Vec::with_capacity(body.len() + 8);
    for &byte in body {
        if [WHOLE, DECIMAL].contains(&byte) {
            pattern.extend([DECIMAL, 0]);
        }
        pattern.push(byte);
    }
    pattern
}

pub(super) fn put_together(
    pattern: &[u8],
    mut next: impl FnMut() -> Option<i64>,
) -> Result<String, BadPiece> {
    let bad = || BadPiece::new("a pattern is none");
    let mut body = Vec::with_capacity(pattern.len() + 32);
    let mut rest = pattern.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            WHOLE => write_number(&mut body, next().ok_or_else(bad)?, 0),
            DECIMAL => match rest.next().ok_or_else(bad)? {
                0 => body.push(rest.next().ok_or_else(bad)?),
                scale if usize::from(scale) <= MOST_DIGITS => {
                    write_number(&mut body, next().ok_or_else(bad)?, scale);
                }
                _ => return Err(bad()),
            },
            byte => body.push(byte),
        }
    }
    String::from_utf8(body).map_err(BadPiece::new)
}

pub(super) fn slots(pattern: &[u8]) -> usize {
    let mut count = 0;
    let mut rest = pattern.iter();
    while let Some(byte) = rest.next() {
        match *byte {
            WHOLE => count += 1,
            DECIMAL => match rest.next() {
                Some(0) => drop(rest.next()),
                _ => count += 1,
            },
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apart(body: &str) -> (String, Vec<i64>) {
        let (pattern, numbers) = take_apart(body.as_bytes());
        (String::from_utf8(pattern).unwrap().replace('\0', "#").replace('\u{1}', "%"), numbers)
    }

    fn comes_back(body: &str) -> bool {
        let (pattern, numbers) = take_apart(body.as_bytes());
        assert_eq!(slots(&pattern), numbers.len(), "{body}");
        let mut numbers = numbers.into_iter();
        put_together(&pattern, || numbers.next()).unwrap() == body
    }

    #[test]
    fn numbers_are_taken_out_of_a_body_and_nothing_else_is() {
        assert_eq!(
            apart(r#"{"at":17,"spo2":97}"#),
            (r##"{"at":#,"spo2":#}"##.to_owned(), vec![17, 97])
        );
        let (pattern, numbers) = apart(r#"{"t":[36.50,-0.5,-12],"boot":"7f3 12","ok":true}"#);
        // A number with digits behind the point is followed by how many.
        let expected = "{\"t\":[%\u{2},%%,#],\"boot\":\"7f3 12\",\"ok\":true}";
        assert_eq!(pattern, expected);
        assert_eq!(numbers, [3_650, -5, -12]);
        // What would not be written so again stays.
        for odd in ["007", "1e9", "1.", "-0", "--1", "1234567890123456789012", "1.2.3", "-"] {
            let body = format!("[{odd},5]");
            let (_, numbers) = take_apart(body.as_bytes());
            assert_eq!(numbers, [5], "{odd}");
            assert!(comes_back(&body), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn every_body_comes_back(body in prop_oneof![
            any::<String>(), "[-0-9.,eE\\[\\]\"\\\\\u{0}\u{1}\u{2} a]{0,40}",
            (any::<i64>(), any::<f64>()).prop_map(|(a, b)| format!("{{\"a\":{a},\"b\":[{b}]}}")),
        ]) {
            prop_assert!(comes_back(&body), "{body:?}");
        }
    }
}
