//! Rust text in the pieces that imports are made of.

/// One piece.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, a keyword or a number.
    Word(String),
    /// What is between quotes.
    Text(String),
    /// `::`
    Path,
    /// Any other character that is no space.
    Mark(char),
}

impl Token {
    pub(super) fn is(&self, what: &str) -> bool {
        match self {
            Self::Word(word) => word == what,
            Self::Text(_) => false,
            Self::Path => what == "::",
            Self::Mark(mark) => what.chars().eq([*mark]),
        }
    }
}

/// The pieces of a file, without its comments.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = next(rest, first);
        found.extend(token);
        rest = &rest[length..];
    }
    found
}

/// The piece at the start of the text, and its bytes.
fn next(text: &str, first: char) -> (Option<Token>, usize) {
    let up_to = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    if text.starts_with("//") {
        return (None, up_to("\n"));
    }
    if text.starts_with("/*") {
        return (None, up_to("*/"));
    }
    if let Some(hashes) = raw_text(text) {
        let open = text.find('"').unwrap() + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let length = text[open..].find(&close).unwrap_or(text.len() - open);
        return (
            Some(Token::Text(text[open..open + length].to_owned())),
            open + length + close.len(),
        );
    }
    match first {
        '"' => {
            let length = quoted(text);
            (Some(Token::Text(text[1..length - 1].to_owned())), length)
        }
        '\'' => (None, character(text)),
        ':' if text.starts_with("::") => (Some(Token::Path), 2),
        _ if is_word(first) => {
            let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
            (Some(Token::Word(text[..length].to_owned())), length)
        }
        _ if first.is_whitespace() => (None, first.len_utf8()),
        _ => (Some(Token::Mark(first)), first.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `r"…"`, `r#"…"#`, `br"…"`: how many hashes it has.
fn raw_text(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

/// The bytes of `"…"`, its quotes among them.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == '"' && !is_escaped {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.len()
}

/// The bytes of `'x'`, or of the mark of a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text.chars().skip(1);
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => text[3..].find('\'').map_or(text.len(), |at| at + 4),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 1,
    }
}

#[test]
fn comments_texts_characters_and_lifetimes_hide_nothing_and_are_taken_for_nothing() {
    let words = |text: &str| -> Vec<String> {
        tokens(text)
            .into_iter()
            .filter_map(|token| match token {
                Token::Word(word) => Some(word),
                _ => None,
            })
            .collect()
    };
    assert_eq!(words("use a::b; // use c;\nuse /* d */ e;"), ["use", "a", "b", "use", "e"]);
    assert_eq!(words(r#"f("\"use a;", '"', '\'', '\u{e9}', b'"'); g"#), ["f", "b", "g"]);
    assert_eq!(words("r#\"use \" a\"# b<'c> d"), ["b", "c", "d"]);
    assert_eq!(tokens("a::b")[1], Token::Path);
}
