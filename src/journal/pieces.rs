//! Where a chain's entries are: in rows, in pieces of them that were packed, or, the last ones, in
//! batches. Whoever reads asks here and need not know. All are read in one snapshot, as entries may
//! be packed meanwhile.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row};

use super::error::is_damage;
use super::read::{MOST_DAMAGED, select_entries, stored_entry};
use super::runs::{Run, UNNOTED, devices, last_checkpoint};
use super::stretches::{Stretch, stretches};
use super::tail::tail_of;
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
    pub(super) id: i64,
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

    /// The piece that ends just before `seq`, if it is one that no entry speaks of.
    pub(super) async fn unnoted_before(
        connection: &mut SqliteConnection,
        chain: &Chain,
        seq: u64,
    ) -> sqlx::Result<Option<Self>> {
        let before = seq.saturating_sub(1);
        let place = Self::next(connection, chain, before, before).await?;
        Ok(place.filter(|place| !place.is_noted() && place.last_seq == before))
    }

    /// Whether an entry of the chain `clinic` speaks of it.
    pub(super) fn is_noted(&self) -> bool {
        self.noted_seq != UNNOTED
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

/// Which entries are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    All,
    /// Those that are in no piece of which an entry of the chain `clinic` speaks.
    Unnoted,
}

impl Journal {
    /// Up to `limit` entries of `chain` from `from` to `to`, both included, wherever they are.
    pub(super) async fn entries_between(
        &self,
        chain: &Chain,
        from: u64,
        to: u64,
        limit: usize,
    ) -> sqlx::Result<Vec<StoredEntry>> {
        let all = self.numbered_between(chain, (from, to), limit, Which::All).await?;
        Ok(all.into_iter().map(|numbered| numbered.stored).collect())
    }

    /// Up to `limit` entries of `chain` from `from` to `to` that no entry of the chain `clinic`
    /// speaks of as packed.
    pub async fn unpacked(
        &self,
        chain: &Chain,
        from: u64,
        to: u64,
        limit: usize,
    ) -> Result<Vec<Numbered>, ReadError> {
        let found = self.numbered_between(chain, (from, to), limit, Which::Unnoted).await;
        found.map_err(ReadError::new)
    }

    async fn numbered_between(
        &self,
        chain: &Chain,
        (mut from, to): (u64, u64),
        limit: usize,
        which: Which,
    ) -> sqlx::Result<Vec<Numbered>> {
        // Asked first: what is on disk by then is in the snapshot.
        let committed = self.committed_seq(chain);
        let mut snapshot = self.long_readers.begin().await?;
        let mut all: Vec<Numbered> = Vec::new();
        while from <= to && all.len() < limit {
            let place = Place::next(&mut snapshot, chain, from, to).await?;
            let until = match place {
                Some(place) if place.first_seq <= from => {
                    if which == Which::All || !place.is_noted() {
                        let entries = place.entries(&mut snapshot, chain).await?;
                        let is_asked = |one: &Numbered| (from..=to).contains(&one.stored.seq);
                        all.extend(entries.into_iter().filter(is_asked));
                    }
                    from = place.last_seq + 1;
                    continue;
                }
                Some(ahead) => ahead.first_seq - 1,
                None => to,
            };
            let wanted = limit - all.len();
            let rows = rows(&mut snapshot, chain, (from, until), wanted).await?;
            let is_filled = rows.len() == wanted;
            if let Some(last) = rows.last() {
                from = last.stored.seq + 1;
            }
            all.extend(rows);
            if is_filled || until == to {
                break;
            }
            from = until + 1;
        }
        if from <= to && from <= committed && all.len() < limit {
            let mut tail = tail_of(&mut snapshot, chain, from, to).await?;
            tail.entries.truncate(limit - all.len());
            let is_whole = (from..).zip(&tail.entries).all(|(seq, one)| one.stored.seq == seq);
            let is_filled = all.len() + tail.entries.len() == limit;
            let end = tail.entries.last().map_or(from, |last| last.stored.seq + 1);
            if tail.has_damage() && !(is_whole && (is_filled || end > to.min(committed))) {
                return decoded(Err("entries are in a batch that cannot be read"));
            }
            all.extend(tail.entries);
        }
        all.truncate(limit);
        Ok(all)
    }

    /// Whether something of a session is packed, as an entry of the chain `clinic` says.
    pub async fn has_packed(&self, session: &SessionId) -> Result<bool, ReadError> {
        let query = sqlx::query(
            "SELECT 1 FROM pieces WHERE session = ?1 AND entries IS NOT NULL \
                         AND noted_seq > 0 LIMIT 1",
        );
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
        for _ in 0..MOST_DAMAGED {
            let sql = format!(
                "{SELECT} WHERE chain = ?1 AND last_seq > ?2 AND first_seq < ?3 \
                 AND checkpoint_seq IS NOT NULL AND entries IS NOT NULL \
                 ORDER BY last_seq DESC LIMIT 1"
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(chain.to_string());
            let query = query.bind(to_i64(above)).bind(to_i64(below));
            let row = query.fetch_optional(&mut *snapshot).await?;
            let Some(place) = row.as_ref().map(Place::read).transpose()? else { return Ok(None) };
            let entries = match place.entries(&mut snapshot, chain).await {
                Ok(entries) => entries,
                Err(error) if is_damage(&error) => {
                    let last_seq = place.last_seq;
                    tracing::warn!(%chain, last_seq, "a piece is damaged: a checkpoint before it is read");
                    Vec::new()
                }
                Err(error) => return Err(error),
            };
            let is_it = |stored: &StoredEntry| {
                stored.entry.is_checkpoint && stored.seq > above && stored.seq < below
            };
            let entries = entries.into_iter().map(|numbered| numbered.stored);
            if let Some(found) = entries.filter(is_it).last() {
                return Ok(Some(found));
            }
            below = place.first_seq;
        }
        Ok(None)
    }

    /// The last entry of `chain` in batches and pieces that is numbered above `above`.
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
        let mut tail = tail_of(&mut snapshot, chain, above + 1, u64::MAX).await?;
        if let Some(last) = tail.entries.pop() {
            return Ok(Some(last.stored));
        }
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

pub(super) async fn rows(
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

/// The hash of an entry, wherever it is.
pub(super) async fn hash_of(
    connection: &mut SqliteConnection,
    chain: &Chain,
    seq: u64,
) -> sqlx::Result<Option<ChainHash>> {
    let row = sqlx::query(
        "SELECT hash FROM entries WHERE chain = ?1 AND seq = ?2 \
         UNION ALL SELECT last_hash FROM pieces WHERE chain = ?1 AND last_seq = ?2",
    );
    let row = row.bind(chain.to_string()).bind(to_i64(seq));
    if let Some(row) = row.fetch_optional(&mut *connection).await? {
        return Ok(Some(ChainHash(bytes(row.try_get(0)?)?)));
    }
    let packed = match Place::next(connection, chain, seq, seq).await? {
        Some(place) => place.entries(connection, chain).await?,
        None => tail_of(connection, chain, seq, seq).await?.entries,
    };
    Ok(packed.iter().find(|one| one.stored.seq == seq).map(|one| one.stored.hash))
}
