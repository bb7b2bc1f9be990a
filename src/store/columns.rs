//! Converts between the types of columns and ours.

use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Row};

/// A stored text or number that is not what we write there is the engine's error, not a panic.
pub(crate) fn decoded<T, E: Into<BoxDynError>>(parsed: Result<T, E>) -> sqlx::Result<T> {
    parsed.map_err(|cause| sqlx::Error::Decode(cause.into()))
}

/// Columns are signed. Sequence numbers do not reach the limit; asking for all up to the last may.
pub(crate) fn to_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that is never negative.
pub(crate) fn unsigned<I: ColumnIndex<SqliteRow>>(row: &SqliteRow, column: I) -> sqlx::Result<u64> {
    decoded(u64::try_from(row.try_get::<i64, _>(column)?))
}

/// A digest or key of known length.
pub(crate) fn bytes<const N: usize>(stored: &[u8]) -> sqlx::Result<[u8; N]> {
    decoded(stored.try_into())
}

/// The rows that can be read. One that cannot, such as a newer version's, is left out: it must not
/// keep the others, or a server, from starting.
pub(crate) fn readable<T>(rows: impl Iterator<Item = sqlx::Result<T>>, what: &str) -> Vec<T> {
    let shown = |error: &sqlx::Error| tracing::error!(%error, "{what} on disk cannot be read");
    rows.filter_map(|row| row.inspect_err(shown).ok()).collect()
}
