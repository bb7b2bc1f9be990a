//! What a command reads.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, bail};

/// The text of a file, or of standard input for `-`. A text of more than this many bytes is
/// refused: `otherwise` says what to do.
pub(super) fn text(file: &Path, longest_bytes: u64, otherwise: &str) -> anyhow::Result<String> {
    let open = || -> io::Result<Box<dyn Read>> {
        if file == Path::new("-") {
            return Ok(Box::new(io::stdin()));
        }
        Ok(Box::new(File::open(file)?))
    };
    let mut text = String::new();
    let read = open().and_then(|file| file.take(longest_bytes + 1).read_to_string(&mut text));
    read.with_context(|| format!("{} cannot be read", file.display()))?;
    if text.len() as u64 > longest_bytes {
        bail!("{} is longer than {longest_bytes} bytes: {otherwise}", file.display());
    }
    Ok(text)
}
