//! Batches become pieces, each of one chain: in the background, once enough waits, and at once when
//! entries that may be in them are to leave. What was recorded before there were batches follows,
//! some rows at a time.
//!
//! A piece is of one session or of none. The last one of a chain grows until it is full: it is
//! written anew with what follows it. Batches go in the same transaction by which the pieces come.

use std::collections::BTreeMap;
use std::mem;

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use tokio::task::JoinHandle;

use super::error::is_damage;
use super::packing::{PackedRun, Replaced, remove_rows, remove_unnoted, write_unnoted};
use super::pieces::{Place, rows};
use super::runs::Run;
use super::tail::{Tail, tail};
use crate::record::{Chain, MAX_PIECE_ENTRIES, Numbered, fitting};
use crate::store::columns::decoded;
use crate::vitals::Millis;

/// What may wait in batches before it is packed: so many batches,
const MOST_BATCHES: u64 = 2_000;
/// so many bytes,
const MOST_BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// or so long, by the time of the record.
const LONGEST_BATCHED_MS: i64 = 60_000;
/// Rows of before that are packed together with batches.
const ROWS_AT_ONCE: usize = 4_000;

/// What waits in batches.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waiting {
    batches: u64,
    bytes: u64,
    /// When the first entry that came in this run was taken.
    since: Option<Millis>,
    /// How old it is by the last one.
    age_ms: i64,
    /// Whether rooms have rows of before.
    has_rows: bool,
}

impl Waiting {
    pub(super) async fn of(connection: &mut SqliteConnection) -> sqlx::Result<Self> {
        let row = sqlx::query(
            "SELECT count(*), coalesce(sum(length(entries)), 0), \
                 EXISTS (SELECT 1 FROM entries WHERE chain > 'clinic') \
             FROM batches",
        );
        let row = row.fetch_one(connection).await?;
        let number = |at: usize| decoded(u64::try_from(row.try_get::<i64, _>(at)?));
        let (batches, bytes, has_rows) = (number(0)?, number(1)?, row.try_get(2)?);
        Ok(Self { batches, bytes, has_rows, ..Self::default() })
    }

    fn is_enough(&self) -> bool {
        self.batches >= MOST_BATCHES
            || self.bytes >= MOST_BATCH_BYTES
            || self.age_ms >= LONGEST_BATCHED_MS
    }
}

/// What was packed, not yet written.
#[derive(Debug)]
pub(super) struct Packed {
    to_id: i64,
    damaged: Vec<i64>,
    pieces: Vec<PackedRun>,
    /// Last pieces that have grown.
    replaced: Vec<Replaced>,
    rows: Option<Run>,
}

/// Packs in the background. Owned by the writer, who writes what was packed.
#[derive(Debug)]
pub(super) struct Packer {
    waiting: Waiting,
    under_way: Option<JoinHandle<sqlx::Result<Packed>>>,
}

impl Packer {
    pub(super) fn new(waiting: Waiting) -> Self {
        Self { waiting, under_way: None }
    }

    /// A batch was committed, of entries taken from one time to another.
    pub(super) fn committed(&mut self, bytes: usize, (from, to): (Millis, Millis)) {
        let waiting = &mut self.waiting;
        waiting.batches += 1;
        waiting.bytes += bytes as u64;
        waiting.age_ms = to.since(*waiting.since.get_or_insert(from));
    }

    /// Begins to pack if there is enough, and nothing is being packed. Whether something is.
    pub(super) fn begin(&mut self, reader: &SqlitePool) -> bool {
        if self.under_way.is_some() || !self.waiting.is_enough() {
            return self.under_way.is_some();
        }
        let with_rows = mem::take(&mut self.waiting).has_rows;
        self.waiting.has_rows = with_rows;
        let reader = reader.clone();
        self.under_way = Some(tokio::spawn(async move {
            let mut snapshot = reader.begin().await?;
            pack(&mut snapshot, with_rows).await
        }));
        true
    }

    /// What was packed in the background, when it is done; never when nothing is under way.
    pub(super) async fn packed(&mut self) -> Option<Packed> {
        let Some(under_way) = &mut self.under_way else { return std::future::pending().await };
        let packed = under_way.await;
        self.under_way = None;
        match packed {
            Ok(Ok(packed)) => Some(packed),
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "what was recorded is not packed; trying again later");
                None
            }
            // Aborted, or a bug that has been told of.
            Err(_) => None,
        }
    }

    /// Others change what was read: what is under way counts no more.
    pub(super) fn forget(&mut self) {
        if let Some(under_way) = self.under_way.take() {
            under_way.abort();
        }
    }

    /// What was packed is written.
    pub(super) fn written(&mut self, packed: &Packed) {
        if self.waiting.has_rows && packed.rows.is_none() {
            self.waiting.has_rows = false;
        }
    }
}

/// Packs all that is in batches now, within a transaction of the writer.
pub(super) async fn pack_now(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    pack(connection, false).await?.write(connection).await
}

/// Packs what is found in one snapshot, chain by chain: of one chain alone are the entries of its
/// last piece in memory.
async fn pack(connection: &mut SqliteConnection, with_rows: bool) -> sqlx::Result<Packed> {
    let Tail { entries, to_id, damaged, .. } = tail(connection, |_| true).await?;
    let mut chains: BTreeMap<Chain, Vec<Numbered>> = BTreeMap::new();
    for one in entries {
        match chains.get_mut(&one.stored.chain) {
            Some(chain) => chain.push(one),
            None => drop(chains.insert(one.stored.chain.clone(), vec![one])),
        }
    }
    let mut packed =
        Packed { to_id, damaged, pieces: Vec::new(), replaced: Vec::new(), rows: None };
    for (chain, entries) in chains {
        let (grown, entries) = grown(connection, &chain, entries).await?;
        packed.replaced.extend(grown);
        packed.pieces.extend(pack_elsewhere(entries).await?);
    }
    if with_rows {
        let rows = rows_of_before(connection).await?;
        packed.rows = Run::of(&rows);
        packed.pieces.extend(pack_elsewhere(rows).await?);
    }
    Ok(packed)
}

/// These entries behind those of the chain's last piece, if that may grow.
async fn grown(
    connection: &mut SqliteConnection,
    chain: &Chain,
    entries: Vec<Numbered>,
) -> sqlx::Result<(Option<Replaced>, Vec<Numbered>)> {
    let Some(first) = entries.first() else { return Ok((None, entries)) };
    let place = Place::unnoted_before(connection, chain, first.stored.seq).await?;
    let may_grow = |place: &Place| {
        let count = place.last_seq + 1 - place.first_seq;
        count < MAX_PIECE_ENTRIES as u64 && place.session == first.stored.entry.session
    };
    let Some(place) = place.filter(may_grow) else { return Ok((None, entries)) };
    match place.entries(connection, chain).await {
        Ok(mut before) => {
            let replaced = Replaced::of(&place, chain, &before);
            before.extend(entries);
            Ok((Some(replaced), before))
        }
        // It stays as it is.
        Err(error) if is_damage(&error) => Ok((None, entries)),
        Err(error) => Err(error),
    }
}

/// The first rows of the first chain that has some and can be read.
async fn rows_of_before(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Numbered>> {
    let mut after = Chain::Clinic.to_string();
    loop {
        let next = sqlx::query_scalar("SELECT min(chain) FROM entries WHERE chain > ?1");
        let next: Option<String> = next.bind(&after).fetch_one(&mut *connection).await?;
        let Some(name) = next else { return Ok(Vec::new()) };
        let found = match name.parse() {
            Ok(chain) => rows(connection, &chain, (0, u64::MAX), ROWS_AT_ONCE).await,
            Err(_) => Ok(Vec::new()),
        };
        match found {
            Ok(rows) if !rows.is_empty() => return Ok(rows),
            // What is damaged stays for whoever can repair it.
            Ok(_) => {}
            Err(error) if is_damage(&error) => {}
            Err(error) => return Err(error),
        }
        after = name;
    }
}

/// Some milliseconds of work, for which no other task should wait.
async fn pack_elsewhere(entries: Vec<Numbered>) -> sqlx::Result<Vec<PackedRun>> {
    let packing = tokio::task::spawn_blocking(move || {
        let packed = runs(&entries).into_iter().map(|run| {
            let session = run[0].stored.entry.session.clone();
            PackedRun::packed(session, run)
        });
        packed.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()
    });
    decoded(packing.await.map_err(|_| sqlx::Error::WorkerCrashed)?)
}

/// Entries of one chain, cut into what becomes a piece each.
fn runs(entries: &[Numbered]) -> Vec<&[Numbered]> {
    let belong = |one: &Numbered, next: &Numbered| {
        one.stored.seq + 1 == next.stored.seq
            && one.stored.entry.session == next.stored.entry.session
    };
    let mut runs = Vec::new();
    for mut run in entries.chunk_by(belong) {
        while !run.is_empty() {
            let (fits, further) = run.split_at(fitting(run));
            runs.push(fits);
            run = further;
        }
    }
    runs
}

impl Packed {
    pub(super) async fn write(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        remove_unnoted(&self.replaced, connection).await?;
        if let Some(run) = &self.rows {
            remove_rows(run, connection).await?;
        }
        write_unnoted(&self.pieces, connection).await?;
        let mut delete =
            sqlx::QueryBuilder::<sqlx::Sqlite>::new("DELETE FROM batches WHERE id <= ");
        delete.push_bind(self.to_id);
        for damaged in &self.damaged {
            delete.push(" AND id <> ").push_bind(*damaged);
        }
        delete.build().execute(&mut *connection).await?;
        sqlx::query(
            "INSERT INTO batches_packed (id, to_entry) VALUES (1, ?1) \
             ON CONFLICT (id) DO UPDATE SET to_entry = max(to_entry, excluded.to_entry)",
        )
        .bind(self.to_id)
        .execute(connection)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ChainHash, Entry, HashVersion, NO_PRIVATE, StoredEntry};
    use crate::vitals::{RoomId, SessionId};

    fn entry(seq: u64, session: Option<&str>) -> Numbered {
        let session = session.map(|id| SessionId::new(id).unwrap());
        let stored = StoredEntry {
            chain: Chain::Room(RoomId::new("1").unwrap()),
            seq,
            entry: Entry { session, ..Entry::default() },
            private_digest: NO_PRIVATE,
            salt: None,
            hash: ChainHash([0; 32]),
            hash_version: HashVersion::Whole,
        };
        Numbered { id: 1, stored }
    }

    #[test]
    fn a_piece_is_of_one_session_without_a_gap_and_holds_so_many() {
        let many = MAX_PIECE_ENTRIES as u64;
        let entries: Vec<_> =
            [entry(1, None), entry(2, None), entry(3, Some("s")), entry(5, Some("s"))]
                .into_iter()
                .chain((6..6 + many).map(|seq| entry(seq, Some("t"))))
                .chain([entry(6 + many, Some("t"))])
                .collect();
        let lengths: Vec<usize> = runs(&entries).into_iter().map(<[_]>::len).collect();
        assert_eq!(lengths, [2, 1, 1, MAX_PIECE_ENTRIES, 1]);
        assert!(runs(&[]).is_empty());
    }

    #[test]
    fn it_packs_after_so_much_or_so_long() {
        let mut packer = Packer::new(Waiting::default());
        packer.committed(10, (Millis(1_000), Millis(1_000)));
        assert!(!packer.waiting.is_enough());
        packer.committed(10, (Millis(60_999), Millis(60_999)));
        assert!(!packer.waiting.is_enough());
        packer.committed(10, (Millis(61_000), Millis(61_000)));
        assert!(packer.waiting.is_enough(), "a minute");
        let mut packer = Packer::new(Waiting::default());
        packer.committed(4 << 20, (Millis(0), Millis(0)));
        assert!(packer.waiting.is_enough(), "so many bytes");
        let mut packer = Packer::new(Waiting::default());
        (0..2_000).for_each(|_| packer.committed(1, (Millis(0), Millis(0))));
        assert!(packer.waiting.is_enough(), "so many batches");
    }
}
