//! Where a chain's entries are: rows, or pieces of them that were packed. Whoever reads asks here
//! and need not know. Both are read in one snapshot, as entries may be packed meanwhile.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row};

use super::packing::{Run, devices, last_checkpoint};
use super::read::{select_entries, stored_entry};
use super::stretches::{Stretch, stretches};
use super::{Journal, ReadError};
use crate::record::{Chain, ChainHash, Entry, Numbered, Piece, StoredEntry, piece_hash, unpack};
use crate::store::SessionRow;
use crate::store::columns::{bytes, decoded, to_i64, unsigned};
use crate::vitals::SessionId;

const SELECT: &str = "SELECT id, first_seq, last_seq, session, hash, last_hash, noted_seq, \
                      left_seq, from_at, entries IS NULL AS is_empty FROM pieces ";

/// A run of a chain that is packed, or was until it left.
#[derive(Clone, Debug)]
pub(super) struct Place {
    id: i64,
    pub(super) first_seq: u64,
    pub(super) last_seq: u64,
    pub(super) session: Option<SessionId>,
    /// When the earliest of its entries was taken, ms.
    pub(super) from_at: i64,
    /// Of what is packed.
    pub(super) hash: Option<[u8; 32]>,
    /// Of its last entry, in the chain.
    pub(super) last_hash: ChainHash,
    pub(super) noted_seq: u64,
    pub(super) left_seq: Option<u64>,
    /// Its entries are gone.
    pub(super) is_empty: bool,
}

impl Place {
    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let hash = row.try_get::<Option<&[u8]>, _>("hash")?;
        let session = row.try_get::<Option<&str>, _>("session")?.map(SessionId::new);
        let left = row.try_get::<Option<i64>, _>("left_seq")?;
        Ok(Self {
            id: row.try_get("id")?,
            first_seq: unsigned(row, "first_seq")?,
            last_seq: unsigned(row, "last_seq")?,
            session: decoded(session.transpose())?,
            from_at: row.try_get("from_at")?,
            hash: hash.map(bytes).transpose()?,
            last_hash: ChainHash(bytes(row.try_get("last_hash")?)?),
            noted_seq: unsigned(row, "noted_seq")?,
            left_seq: decoded(left.map(u64::try_from).transpose())?,
            is_empty: row.try_get("is_empty")?,
        })
    }

    /// The first place of a chain that ends at `from` or later and begins at `to` or earlier.
    pub(super) async fn next(
        connection: &mut SqliteConnection,
        chain: &Chain,
        from: u64,
        to: u64,
    ) -> sqlx::Result<Option<Self>> {
        let sql = format!(
            "{SELECT} WHERE chain = ?1 AND last_seq >= ?2 AND first_seq <= ?3 \
             ORDER BY last_seq LIMIT 1"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(chain.to_string());
        let row = query.bind(to_i64(from)).bind(to_i64(to)).fetch_optional(connection).await?;
        row.as_ref().map(Self::read).transpose()
    }

    /// What is packed here; `None` once it left.
    pub(super) async fn packed(
        &self,
        connection: &mut SqliteConnection,
    ) -> sqlx::Result<Option<Piece>> {
        let row = sqlx::query("SELECT entries, private FROM pieces WHERE id = ?1")
            .bind(self.id)
            .fetch_one(connection)
            .await?;
        let entries = row.try_get::<Option<Vec<u8>>, _>(0)?;
        let private = row.try_get::<Option<Vec<u8>>, _>(1)?;
        Ok(entries.map(|entries| Piece { entries, private }))
    }

    /// Its entries; none once they left.
    pub(super) async fn entries(
        &self,
        connection: &mut SqliteConnection,
        chain: &Chain,
    ) -> sqlx::Result<Vec<Numbered>> {
        match self.packed(connection).await? {
            Some(piece) => decoded(unpack(chain, &piece)),
            None => Ok(Vec::new()),
        }
    }

    /// Whether what it is found by, times, a checkpoint and devices, is that of its entries.
    pub(super) async fn is_found_by(
        &self,
        entries: &[Numbered],
        connection: &mut SqliteConnection,
    ) -> sqlx::Result<bool> {
        let Some(run) = Run::of(entries) else { return Ok(false) };
        let row = sqlx::query("SELECT from_at, to_at, checkpoint_seq FROM pieces WHERE id = ?1");
        let row = row.bind(self.id).fetch_one(&mut *connection).await?;
        let found = (row.try_get(0)?, row.try_get(1)?, row.try_get::<Option<i64>, _>(2)?);
        let checkpoint = last_checkpoint(entries).map(to_i64);
        if found != (run.from_at.0, run.to_at.0, checkpoint) {
            return Ok(false);
        }
        for (device, from, to) in devices(entries) {
            let row = sqlx::query(
                "SELECT 1 FROM piece_devices WHERE device = ?1 AND from_at = ?2 AND to_at = ?3 \
                 AND chain = ?4 AND last_seq = ?5",
            );
            let row = row.bind(device.as_str()).bind(from.0).bind(to.0);
            let row = row.bind(run.chain.to_string()).bind(to_i64(run.last_seq));
            if row.fetch_optional(&mut *connection).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the packed bytes are those that were packed.
    pub(super) fn is_as_packed(&self, piece: &Piece) -> bool {
        self.hash == Some(piece_hash(&piece.entries))
    }
}

/// A part of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The chain.
    pub chain: Chain,
    /// Its first entry.
    pub first_seq: u64,
    /// Its last.
    pub last_seq: u64,
}

impl Journal {
    /// Up to `limit` entries of `chain` from `from` to `to`, both included, wherever they are.
    pub(super) async fn entries_between(
        &self,
        chain: &Chain,
        mut from: u64,
        to: u64,
        limit: usize,
    ) -> sqlx::Result<Vec<StoredEntry>> {
        let mut snapshot = self.long_readers.begin().await?;
        let mut all = Vec::new();
        while from <= to && all.len() < limit {
            let place = Place::next(&mut snapshot, chain, from, to).await?;
            let until = match place {
                Some(place) if place.first_seq <= from => {
                    let entries = place.entries(&mut snapshot, chain).await?;
                    let entries = entries.into_iter().map(|numbered| numbered.stored);
                    all.extend(entries.filter(|stored| (from..=to).contains(&stored.seq)));
                    from = place.last_seq + 1;
                    continue;
                }
                Some(ahead) => ahead.first_seq - 1,
                None => to,
            };
            let wanted = limit - all.len();
            let rows = rows(&mut snapshot, chain, (from, until), wanted).await?;
            let is_filled = rows.len() == wanted;
            all.extend(rows.into_iter().map(|numbered| numbered.stored));
            if is_filled || until == to {
                break;
            }
            from = until + 1;
        }
        all.truncate(limit);
        Ok(all)
    }

    /// Up to `limit` entries of `chain` from `from` to `to` that are not packed.
    pub async fn unpacked(
        &self,
        chain: &Chain,
        from: u64,
        to: u64,
        limit: usize,
    ) -> Result<Vec<Numbered>, ReadError> {
        let mut snapshot = self.long_readers.begin().await.map_err(ReadError::new)?;
        rows(&mut snapshot, chain, (from, to), limit).await.map_err(ReadError::new)
    }

    /// Whether something of a session is packed.
    pub async fn has_packed(&self, session: &SessionId) -> Result<bool, ReadError> {
        let query =
            sqlx::query("SELECT 1 FROM pieces WHERE session = ?1 AND entries IS NOT NULL LIMIT 1");
        let found = query.bind(session.as_str()).fetch_optional(&self.long_readers).await;
        Ok(found.map_err(ReadError::new)?.is_some())
    }

    /// The parts of chains in which a session that is over is.
    pub async fn parts_of(&self, row: &SessionRow) -> Result<Vec<Part>, ReadError> {
        let stretches = stretches(self, row).await?.all.into_iter();
        let part = |Stretch { room, first_seq, last_seq }| Part {
            chain: Chain::Room(room),
            first_seq,
            last_seq,
        };
        Ok(stretches.map(part).collect())
    }

    /// The last checkpoint of `chain` that is packed and numbered above `above` and below `below`.
    pub(super) async fn packed_checkpoint(
        &self,
        chain: &Chain,
        above: u64,
        mut below: u64,
    ) -> sqlx::Result<Option<StoredEntry>> {
        let mut snapshot = self.long_readers.begin().await?;
        loop {
            let sql = format!(
                "{SELECT} WHERE chain = ?1 AND last_seq > ?2 AND first_seq < ?3 \
                 AND checkpoint_seq IS NOT NULL AND entries IS NOT NULL \
                 ORDER BY last_seq DESC LIMIT 1"
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(chain.to_string());
            let query = query.bind(to_i64(above)).bind(to_i64(below));
            let row = query.fetch_optional(&mut *snapshot).await?;
            let Some(place) = row.as_ref().map(Place::read).transpose()? else { return Ok(None) };
            let entries = place.entries(&mut snapshot, chain).await?;
            let is_it = |stored: &StoredEntry| {
                stored.entry.is_checkpoint && stored.seq > above && stored.seq < below
            };
            let entries = entries.into_iter().map(|numbered| numbered.stored);
            if let Some(found) = entries.filter(is_it).last() {
                return Ok(Some(found));
            }
            below = place.first_seq;
        }
    }

    /// The last entry of `chain`, if it is packed.
    pub(super) async fn packed_last(
        &self,
        chain: &Chain,
        above: u64,
    ) -> sqlx::Result<Option<StoredEntry>> {
        let sql = format!(
            "{SELECT} WHERE chain = ?1 AND last_seq > ?2 AND entries IS NOT NULL \
             ORDER BY last_seq DESC LIMIT 1"
        );
        let mut snapshot = self.long_readers.begin().await?;
        let query = sqlx::query(AssertSqlSafe(sql)).bind(chain.to_string()).bind(to_i64(above));
        let row = query.fetch_optional(&mut *snapshot).await?;
        let Some(place) = row.as_ref().map(Place::read).transpose()? else { return Ok(None) };
        let entries = place.entries(&mut snapshot, chain).await?;
        Ok(entries.into_iter().last().map(|numbered| numbered.stored))
    }

    /// The packed entries of a session that have what is personal, the last ones first.
    pub(super) async fn packed_private(
        &self,
        session: &SessionId,
        most: u32,
    ) -> sqlx::Result<Vec<StoredEntry>> {
        let mut snapshot = self.long_readers.begin().await?;
        let rows = sqlx::query(
            "SELECT chain, last_seq FROM pieces WHERE session = ?1 AND private IS NOT NULL \
             ORDER BY from_at DESC, last_seq DESC LIMIT ?2",
        );
        let rows = rows.bind(session.as_str()).bind(most).fetch_all(&mut *snapshot).await?;
        let mut all = Vec::new();
        for row in rows {
            let chain: Chain = decoded(row.try_get::<&str, _>(0)?.parse())?;
            let last_seq = unsigned(&row, 1)?;
            let place = Place::next(&mut snapshot, &chain, last_seq, last_seq).await?;
            let Some(place) = place else { continue };
            // One that is damaged does not keep the others from being looked through.
            let entries = place.entries(&mut snapshot, &chain).await.unwrap_or_default();
            let entries = entries.into_iter().map(|numbered| numbered.stored);
            all.extend(entries.filter(|stored| stored.entry.private.is_some()).rev());
        }
        Ok(all)
    }
}

async fn rows(
    connection: &mut SqliteConnection,
    chain: &Chain,
    (from, to): (u64, u64),
    limit: usize,
) -> sqlx::Result<Vec<Numbered>> {
    let rows = sqlx::query(select_entries!(
        "WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT ?4"
    ))
    .bind(chain.to_string())
    .bind(to_i64(from))
    .bind(to_i64(to))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter().map(numbered).collect()
}

pub(super) fn numbered(row: &SqliteRow) -> sqlx::Result<Numbered> {
    Ok(Numbered { id: row.try_get("id")?, stored: stored_entry(row)? })
}

/// Whether an entry is a frame: what a monitor sent.
pub(super) fn is_frame(entry: &Entry) -> bool {
    entry.frame_key.is_some()
}
