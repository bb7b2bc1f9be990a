//! Names of people and programs.

use anyhow::bail;

use crate::name::{self, LONGEST_NAME};

pub(super) fn checked_name(text: &str) -> anyhow::Result<String> {
    name::checked(text, LONGEST_NAME)
        .map_err(|problem| anyhow::anyhow!("{text:?} is not a name: it {problem}"))
}

/// No name may be mistaken for one that already exists.
pub(super) fn must_differ<'a>(
    name: &str,
    others: impl Iterator<Item = &'a str>,
) -> anyhow::Result<()> {
    let key = name::key(name);
    let mut same = others.filter(|other| *other != name && name::key(other) == key);
    match same.next() {
        None => Ok(()),
        Some(other) => bail!("{name:?} looks like {other:?}, who already exists: choose another"),
    }
}
