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

/// UTF-8, otherwise ISO-8859-1, which can read anything: MSH-18 is often empty or wrong.
pub(super) fn text_of(bytes: &[u8]) -> (Cow<'_, str>, Charset) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Charset::Utf8),
        Err(_) => (bytes.iter().copied().map(char::from).collect(), Charset::Latin1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_utf8_is_latin1_and_goes_back_as_such() {
        let (text, charset) = text_of(b"M\xfcller");
        assert_eq!((&*text, charset), ("Müller", Charset::Latin1));
        assert_eq!(charset.encode(&text), b"M\xfcller");
        assert_eq!(text_of("Müller".as_bytes()).1, Charset::Utf8);
    }
}
