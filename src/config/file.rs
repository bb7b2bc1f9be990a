use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::Fault;

/// A larger file is not a configuration.
const LARGEST_FILE_BYTES: u64 = 1 << 20;

/// The text of a file that was named.
pub(super) fn text(path: &Path) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::new(
                "there is no such file",
                "name one that exists, or leave --config out to use the defaults",
            ),
            ErrorKind::IsADirectory => Fault::new("this is a directory", "name a file in it"),
            _ => Fault::new(
                format!("the file cannot be read ({error})"),
                "let the user who runs dripwatch read it",
            ),
        })?;
    if bytes.len() as u64 > LARGEST_FILE_BYTES {
        return Err(Fault::new("the file is larger than 1 MiB", "name a configuration file"));
    }
    String::from_utf8(bytes)
        .map_err(|_| Fault::new("the file is not UTF-8 text", "save it as UTF-8"))
}
