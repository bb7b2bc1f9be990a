use std::fmt;
use std::str::FromStr;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::error::is_damage;
use super::tail::tail;
use super::{Journal, ReadError};
use crate::clock::{Mark, SinceBoot};
use crate::record::{
    Batched, Chain, ChainHash, Entry, FrameKey, HashVersion, NO_PRIVATE, StoredEntry,
};
use crate::store::NoSuchPlace;
use crate::store::columns::{bytes, decoded, to_i64, unsigned};
use crate::vitals::{DeviceId, Millis, SessionId};

/// The most entries that one call returns, whatever limit it is given.
pub const MAX_PAGE: u32 = 10_000;
/// How many frame keys of a device are remembered (design.md#the-same-reading).
pub const FRAME_KEYS_OF_A_DEVICE: u32 = 4_096;
/// Entries of one page of [`Pages`].
const PAGE: u32 = 1_000;
/// Damaged checkpoints, or pieces with one, that are passed over.
pub(super) const MOST_DAMAGED: usize = 64;

macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "SELECT id, chain, seq, at, body, private, salt, private_digest, hash, hash_version, ",
            "device, frame_key, session, is_checkpoint FROM entries ",
            $rest
        )
    };
}

pub(super) use select_entries;

/// Whose readings are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingsOf {
    /// A device's, bound to a room or not.
    Device(DeviceId),
    /// A session's, of whatever device.
    Session(SessionId),
}

/// Where a page of readings ended. As text, to be handed out and taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingsCursor {
    pub(super) at: Millis,
    pub(super) id: i64,
}

impl fmt::Display for ReadingsCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

impl FromStr for ReadingsCursor {
    type Err = NoSuchPlace;

    fn from_str(text: &str) -> Result<Self, NoSuchPlace> {
        let (at, id) = text.split_once('.').ok_or(NoSuchPlace)?;
        let number = |text: &str| text.parse().map_err(|_| NoSuchPlace);
        Ok(Self { at: Millis(number(at)?), id: number(id)? })
    }
}

/// Readings, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingsPage {
    /// The entries of the frames.
    pub entries: Vec<StoredEntry>,
    /// Where to go on, when there is more.
    pub next: Option<ReadingsCursor>,
}

impl Journal {
    /// Up to `limit` entries of `chain` from number `from_seq` on, in order.
    pub async fn read(
        &self,
        chain: &Chain,
        from_seq: u64,
        limit: u32,
    ) -> Result<Vec<StoredEntry>, ReadError> {
        self.read_between(chain, from_seq, u64::MAX, limit).await.map_err(ReadError::new)
    }

    /// The entries of `chain` numbered `from_seq` to `to_seq`, both included, page by page.
    #[must_use]
    pub fn read_range(&self, chain: &Chain, from_seq: u64, to_seq: u64) -> Pages {
        Pages { journal: self.clone(), chain: chain.clone(), next: Some(from_seq), to_seq }
    }

    pub(super) async fn read_between(
        &self,
        chain: &Chain,
        from_seq: u64,
        to_seq: u64,
        limit: u32,
    ) -> sqlx::Result<Vec<StoredEntry>> {
        self.entries_between(chain, from_seq, to_seq, limit.min(MAX_PAGE) as usize).await
    }

    /// The last entry of `chain` that is on disk.
    pub async fn last(&self, chain: &Chain) -> Result<Option<StoredEntry>, ReadError> {
        let last =
            self.one(select_entries!("WHERE chain = ?1 ORDER BY seq DESC LIMIT 1"), chain).await?;
        let above = last.as_ref().map_or(0, |last| last.seq);
        if self.committed_seq(chain) <= above {
            return Ok(last);
        }
        Ok(self.packed_last(chain, above).await.map_err(ReadError::new)?.or(last))
    }

    /// The last checkpoint of `chain` that is on disk.
    pub async fn latest_checkpoint(&self, chain: &Chain) -> Result<Option<StoredEntry>, ReadError> {
        self.checkpoint_before(chain, u64::MAX).await
    }

    /// The last checkpoint of `chain` that is numbered below `seq` and not damaged. Of damaged ones
    /// a few are passed over: one is written every few hundred entries.
    pub async fn checkpoint_before(
        &self,
        chain: &Chain,
        seq: u64,
    ) -> Result<Option<StoredEntry>, ReadError> {
        let of_batches = self.checkpoint_of_batches_before(chain, seq).await;
        if let Some(found) = of_batches.map_err(ReadError::new)? {
            return Ok(Some(found));
        }
        let row = self.checkpoint_row_before(chain, seq).await.map_err(ReadError::new)?;
        let above = row.as_ref().map_or(0, |found| found.seq);
        match self.packed_checkpoint(chain, above, seq).await {
            Ok(packed) => Ok(packed.or(row)),
            Err(error) if is_damage(&error) => Ok(row),
            Err(error) => Err(ReadError::new(error)),
        }
    }

    async fn checkpoint_of_batches_before(
        &self,
        chain: &Chain,
        seq: u64,
    ) -> sqlx::Result<Option<StoredEntry>> {
        let name = chain.to_string();
        let mut snapshot = self.long_readers.begin().await?;
        let is_one =
            |one: &Batched<'_>| one.is_checkpoint() && one.chain() == name && one.seq() < seq;
        let mut found = tail(&mut snapshot, is_one).await?;
        Ok(found.entries.pop().map(|numbered| numbered.stored))
    }

    async fn checkpoint_row_before(
        &self,
        chain: &Chain,
        mut seq: u64,
    ) -> sqlx::Result<Option<StoredEntry>> {
        for _ in 0..MOST_DAMAGED {
            let row = sqlx::query(select_entries!(
                "WHERE chain = ?1 AND is_checkpoint = 1 AND seq < ?2 ORDER BY seq DESC LIMIT 1"
            ))
            .bind(chain.to_string())
            .bind(to_i64(seq))
            .fetch_optional(&self.long_readers)
            .await;
            let row = match row {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(None),
                // Without its page nobody knows which it is.
                Err(error) if is_damage(&error) => return Ok(None),
                Err(error) => return Err(error),
            };
            if let Ok(stored) = stored_entry(&row) {
                return Ok(Some(stored));
            }
            seq = unsigned(&row, "seq")?;
            tracing::warn!(%chain, seq, "a checkpoint is damaged: the one before it is read");
        }
        Ok(None)
    }

    async fn one(
        &self,
        sql: &'static str,
        chain: &Chain,
    ) -> Result<Option<StoredEntry>, ReadError> {
        let row = sqlx::query(sql).bind(chain.to_string()).fetch_optional(&self.long_readers).await;
        row.and_then(|row| row.as_ref().map(stored_entry).transpose()).map_err(ReadError::new)
    }

    /// The last mark that [`Self::mark_alive`] left.
    pub async fn last_alive(&self) -> Result<Option<Mark>, ReadError> {
        let row = sqlx::query("SELECT at, boot, boot_ms FROM alive");
        let row = row.fetch_optional(&self.long_readers).await;
        row.and_then(|row| row.as_ref().map(alive_mark).transpose()).map_err(ReadError::new)
    }

    /// The newest time in the record; `None` when it is empty. After a clock that ran ahead it is
    /// not the time of the last entry. An entry that is damaged has none.
    pub async fn latest(&self) -> Result<Option<Millis>, ReadError> {
        let mut latest = self.last_alive().await?.map(|mark| mark.at);
        for chain in self.chains() {
            let last = match self.last(&chain).await {
                Ok(last) => last,
                Err(error) if error.is_damage() => None,
                Err(error) => return Err(error),
            };
            latest = latest.max(last.map(|last| last.entry.at));
        }
        Ok(latest)
    }
}

/// A frame that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentFrame {
    /// The device that sent it.
    pub device: DeviceId,
    /// The key by which it is recognised when it is sent again.
    pub key: FrameKey,
    /// When it was heard, by the clock as it was then.
    pub at: Millis,
    /// The number of its entry, in the order of commit over all chains.
    pub entry: i64,
}

/// A part of a chain, read page by page, so that its length does not matter.
#[derive(Clone, Debug)]
pub struct Pages {
    journal: Journal,
    chain: Chain,
    next: Option<u64>,
    to_seq: u64,
}

impl Pages {
    /// The next entries, in order; empty at the end.
    pub async fn next(&mut self) -> Result<Vec<StoredEntry>, ReadError> {
        let Some(from) = self.next else {
            return Ok(Vec::new());
        };
        let page = self.journal.read_between(&self.chain, from, self.to_seq, PAGE).await;
        let page = page.map_err(ReadError::new)?;
        self.next = page.last().map(|entry| entry.seq + 1);
        Ok(page)
    }
}

fn alive_mark(row: &SqliteRow) -> sqlx::Result<Mark> {
    let boot = row.try_get::<Option<&[u8]>, _>(1)?.map(Uuid::from_slice).transpose();
    let ms = row.try_get::<Option<i64>, _>(2)?;
    let since_boot = decoded(boot)?.zip(ms).map(|(boot, ms)| SinceBoot { boot, ms });
    Ok(Mark { at: Millis(row.try_get(0)?), since_boot })
}

pub(super) fn stored_entry(row: &SqliteRow) -> sqlx::Result<StoredEntry> {
    let text = |column: &str| row.try_get::<Option<&str>, _>(column);
    let blob = |column: &str| row.try_get::<Option<&[u8]>, _>(column);
    let entry = Entry {
        at: Millis(row.try_get("at")?),
        body: row.try_get("body")?,
        private: row.try_get("private")?,
        device: decoded(text("device")?.map(DeviceId::new).transpose())?,
        frame_key: blob("frame_key")?.map(bytes).transpose()?.map(FrameKey),
        session: decoded(text("session")?.map(SessionId::new).transpose())?,
        is_checkpoint: row.try_get("is_checkpoint")?,
    };
    Ok(StoredEntry {
        chain: decoded(row.try_get::<&str, _>("chain")?.parse())?,
        seq: unsigned(row, "seq")?,
        entry,
        private_digest: blob("private_digest")?.map_or(Ok(NO_PRIVATE), bytes)?,
        salt: blob("salt")?.map(bytes).transpose()?,
        hash: ChainHash(bytes(row.try_get("hash")?)?),
        hash_version: decoded(HashVersion::try_from(row.try_get::<i64, _>("hash_version")?))?,
    })
}
