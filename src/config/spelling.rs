/// The candidate that `word` becomes by slips of the fingers: one in a short word, otherwise two,
/// or one letter in three.
pub(super) fn nearest<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    /// A longer word is no misspelling of ours, and comparing it would take long.
    const LONGEST: usize = 64;
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let slips_allowed = if length <= 3 { 1 } else { (length / 3).max(2) };
    candidates
        .into_iter()
        .map(|candidate| (slips(&word, &candidate.as_ref().to_lowercase()), candidate))
        .filter(|(slips, _)| *slips <= slips_allowed)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// How many letters to insert, remove or change to make one word of the other (Levenshtein's
/// distance).
fn slips(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 4] = ["listen", "data_dir", "id", "time_zone"];

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        assert_eq!(nearest("lisen", WORDS), Some("listen"));
        assert_eq!(nearest("data-dir", WORDS), Some("data_dir"));
        assert_eq!(nearest("timezone", WORDS), Some("time_zone"));
        assert_eq!(nearest("ID", WORDS), Some("id"));
    }

    #[test]
    fn another_word_finds_none() {
        assert_eq!(nearest("password", WORDS), None);
        assert_eq!(nearest(&"l".repeat(1_000), WORDS), None);
    }
}
