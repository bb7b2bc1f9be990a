//! The tail of the chains of rooms: what is committed and not packed into pieces yet, batch after
//! batch. Read as a whole each time: it is bounded by what the writer lets wait
//! ([`super::packer`]).

use futures_util::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::error::is_damage;
use crate::record::{Batched, Chain, Numbered, read_batch};

/// Entries out of the batches, in the order of commit.
#[derive(Debug, Default)]
pub(super) struct Tail {
    pub(super) entries: Vec<Numbered>,
    /// The last batch.
    pub(super) to_id: i64,
    /// Batches that cannot be read.
    pub(super) damaged: Vec<i64>,
    /// The database could not read on.
    pub(super) is_cut: bool,
}

impl Tail {
    /// Whether there may be entries that are not here.
    pub(super) fn has_damage(&self) -> bool {
        self.is_cut || !self.damaged.is_empty()
    }
}

/// The entries that are wanted. What cannot be read is left out, and said.
pub(super) async fn tail(
    connection: &mut SqliteConnection,
    is_wanted: impl Fn(&Batched<'_>) -> bool,
) -> sqlx::Result<Tail> {
    let mut tail = Tail::default();
    let mut rows = sqlx::query("SELECT id, entries FROM batches ORDER BY id").fetch(connection);
    loop {
        let row = match rows.try_next().await {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(tail),
            Err(error) if is_damage(&error) => {
                tail.is_cut = true;
                return Ok(tail);
            }
            Err(error) => return Err(error),
        };
        let id: i64 = row.try_get(0)?;
        tail.to_id = id;
        let before = tail.entries.len();
        let whole = row.try_get::<&[u8], _>(1).ok().and_then(|bytes| read_batch(bytes, id).ok());
        let whole = whole.and_then(|batch| {
            let wanted = batch.iter().filter(|batched| is_wanted(batched));
            wanted.map(Batched::numbered).collect::<Result<Vec<_>, _>>().ok()
        });
        match whole {
            Some(entries) => tail.entries.extend(entries),
            None => {
                tail.entries.truncate(before);
                tail.damaged.push(id);
            }
        }
    }
}

/// The entries of one chain, numbered `from` to `to`, both included.
pub(super) async fn tail_of(
    connection: &mut SqliteConnection,
    chain: &Chain,
    from: u64,
    to: u64,
) -> sqlx::Result<Tail> {
    if *chain == Chain::Clinic {
        // It is in rows.
        return Ok(Tail::default());
    }
    let name = chain.to_string();
    tail(connection, |batched| batched.chain() == name && (from..=to).contains(&batched.seq()))
        .await
}
