//! What one transaction writes: entries of rooms as batches, those of the clinic as rows, changes of
//! what was recorded before, views.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem;

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite};

use super::packer::pack_now;
use super::pieces::hash_of;
use super::queue::{Item, Write};
use crate::clock::Mark;
use crate::record::{
    Chain, ChainHash, Entry, HashVersion, Salt, Sealed as SealedEntry, write_batch,
};
use crate::store::columns::to_i64;
use crate::vitals::Millis;

/// Bytes of an entry in a batch beside its body, roughly.
const ENTRY_BYTES: usize = 128;

/// Rows of one statement. Few sizes, so that each stays prepared.
const ROWS_OF_A_STATEMENT: [usize; 3] = [64, 8, 1];

/// What binds an entry to its place.
pub(super) struct Seal {
    pub(super) hash: ChainHash,
    pub(super) private: Option<(Salt, [u8; 32])>,
}

/// What is written in one transaction. Made once, so that every try writes the same bytes.
pub(super) struct Commit {
    pub(super) items: Vec<Item>,
    /// Of the entries of each item.
    pub(super) seals: Vec<Vec<Seal>>,
    /// What becomes of them, in order.
    steps: Vec<Step>,
    /// From when to when entries of rooms in it were taken.
    pub(super) span: Option<(Millis, Millis)>,
    pub(super) last_entry: i64,
}

enum Step {
    /// Entries of rooms that follow each other go into one row. It has the number of the last one.
    Batch { id: i64, entries: Vec<u8> },
    /// Entries of the clinic, by item and place in it, with the number of the first one.
    Rows(i64, Vec<(usize, usize)>),
    /// The item with this number.
    Repack(usize),
}

struct Row<'a> {
    seq: u64,
    entry: &'a Entry,
    seal: &'a Seal,
}

impl Commit {
    pub(super) fn of(items: Vec<Item>, seals: Vec<Vec<Seal>>, last_entry: i64) -> Self {
        let mut commit = Self { items, seals, steps: Vec::new(), span: None, last_entry };
        let (mut of_rooms, mut of_clinic) = (Vec::new(), Vec::new());
        for index in 0..commit.items.len() {
            let places = (0..commit.seals[index].len()).map(|place| (index, place));
            match &commit.items[index].write {
                Write::Entries { chain: Chain::Clinic, .. } => {
                    // They have their place in the order of all.
                    commit.add_batch(mem::take(&mut of_rooms));
                    of_clinic.extend(places);
                }
                Write::Entries { entries, .. } => {
                    let times = || entries.iter().map(|entry| entry.at);
                    commit.span = (commit.span.into_iter())
                        .flat_map(|(from, to)| [from, to])
                        .chain(times())
                        .fold(None, |span, at| {
                            let (from, to) = span.unwrap_or((at, at));
                            Some((at.min(from), at.max(to)))
                        });
                    of_rooms.extend(places);
                    commit.add_rows(mem::take(&mut of_clinic));
                }
                Write::Repack(_) => {
                    // Concerns the entries before it.
                    commit.add_batch(mem::take(&mut of_rooms));
                    commit.add_rows(mem::take(&mut of_clinic));
                    commit.steps.push(Step::Repack(index));
                }
                // Notes of the heads are entries by now.
                Write::Views(_)
                | Write::Alive(_)
                | Write::ClockMove(_)
                | Write::Heads { .. }
                | Write::Barrier => {}
            }
        }
        commit.add_batch(of_rooms);
        commit.add_rows(of_clinic);
        commit
    }

    /// Adds entries of rooms, which get the next numbers.
    fn add_batch(&mut self, places: Vec<(usize, usize)>) {
        if !places.is_empty() {
            self.last_entry += to_i64(places.len() as u64);
            self.steps.push(Step::Batch { id: self.last_entry, entries: self.batch(&places) });
        }
    }

    /// The same with entries of the clinic.
    fn add_rows(&mut self, places: Vec<(usize, usize)>) {
        if !places.is_empty() {
            let first = self.last_entry + 1;
            self.last_entry += to_i64(places.len() as u64);
            self.steps.push(Step::Rows(first, places));
        }
    }

    fn batch(&self, places: &[(usize, usize)]) -> Vec<u8> {
        let names: Vec<Cow<'static, str>> = (self.items.iter())
            .map(|item| match &item.write {
                Write::Entries { chain, .. } => chain.to_string().into(),
                _ => "".into(),
            })
            .collect();
        let sealed = places.iter().filter_map(|(item, place)| {
            let Row { seq, entry, seal } = self.row(*item, *place)?;
            let private = seal.private.as_ref().map(|(salt, digest)| (salt, digest));
            Some(SealedEntry { chain: &names[*item], seq, entry, hash: seal.hash, private })
        });
        let bytes = places.iter().filter_map(|(item, place)| Some(self.row(*item, *place)?.entry));
        let bytes = bytes.map(|entry| ENTRY_BYTES + entry.body.len()).sum();
        write_batch(sealed, bytes)
    }

    fn row(&self, item: usize, place: usize) -> Option<Row<'_>> {
        let Write::Entries { first_seq, entries, .. } = &self.items[item].write else {
            return None;
        };
        let seal = &self.seals[item][place];
        Some(Row { seq: first_seq + place as u64, entry: &entries[place], seal })
    }

    pub(super) fn has_repack(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Repack(_)))
    }

    /// The one batch, if there is nothing else to write.
    pub(super) fn only_batch(&self) -> Option<(i64, &[u8])> {
        let [Step::Batch { id, entries }] = self.steps.as_slice() else { return None };
        let is_bare = |item: &Item| match &item.write {
            Write::Entries { views, .. } => views.is_empty(),
            Write::Barrier => true,
            _ => false,
        };
        self.items.iter().all(is_bare).then_some((*id, entries.as_slice()))
    }

    pub(super) fn batch_bytes(&self) -> usize {
        let bytes = |step: &Step| match step {
            Step::Batch { entries, .. } => entries.len(),
            Step::Rows(..) | Step::Repack(_) => 0,
        };
        self.steps.iter().map(bytes).sum()
    }

    /// Writes all of it, in one transaction of the caller's.
    pub(super) async fn write(
        &self,
        connection: &mut SqliteConnection,
        again: bool,
    ) -> sqlx::Result<()> {
        write_entries(connection, self, again).await?;
        write_views(connection, self).await
    }
}

async fn write_entries(
    connection: &mut SqliteConnection,
    commit: &Commit,
    again: bool,
) -> sqlx::Result<()> {
    for step in &commit.steps {
        match step {
            Step::Batch { id, entries } => {
                let insert = if again {
                    // A commit can report failure and yet be found on disk later, and packed by then.
                    "INSERT INTO batches (id, entries) SELECT ?1, ?2 WHERE NOT EXISTS \
                     (SELECT 1 FROM batches_packed WHERE to_entry >= ?1) ON CONFLICT (id) DO NOTHING"
                } else {
                    "INSERT INTO batches (id, entries) VALUES (?1, ?2)"
                };
                sqlx::query(insert).bind(id).bind(entries).execute(&mut *connection).await?;
            }
            Step::Rows(first, places) => {
                let rows = places.iter().filter_map(|(item, place)| commit.row(*item, *place));
                let rows: Vec<(i64, Row<'_>)> = (*first..).zip(rows).collect();
                insert(connection, &rows, again).await?;
            }
            Step::Repack(item) => {
                if let Write::Repack(repack) = &commit.items[*item].write {
                    if repack.concerns_batches(connection).await? {
                        pack_now(connection).await?;
                    }
                    repack.write(connection).await?;
                }
            }
        }
    }
    if again { all_ours(connection, commit).await } else { Ok(()) }
}

async fn insert(
    connection: &mut SqliteConnection,
    rows: &[(i64, Row<'_>)],
    again: bool,
) -> sqlx::Result<()> {
    let mut rest = rows;
    for size in ROWS_OF_A_STATEMENT {
        while let Some((now, later)) = rest.split_at_checked(size) {
            insert_rows(connection, now, again).await?;
            rest = later;
        }
    }
    Ok(())
}

async fn insert_rows(
    connection: &mut SqliteConnection,
    rows: &[(i64, Row<'_>)],
    again: bool,
) -> sqlx::Result<()> {
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO entries (id, chain, seq, at, body, private, salt, private_digest, hash, \
         hash_version, device, frame_key, session, is_checkpoint) ",
    );
    insert.push_values(rows, |mut values, (id, Row { seq, entry, seal })| {
        let private = seal.private.as_ref();
        values
            .push_bind(*id)
            .push_bind(Chain::Clinic.to_string())
            .push_bind(to_i64(*seq))
            .push_bind(entry.at.0)
            .push_bind(entry.body.as_str())
            .push_bind(entry.private.as_deref())
            .push_bind(private.map(|(salt, _)| salt.as_slice()))
            .push_bind(private.map(|(_, digest)| digest.as_slice()))
            .push_bind(seal.hash.0.as_slice())
            .push_bind(HashVersion::Whole.number())
            .push_bind(entry.device.as_ref().map(|id| id.as_str()))
            .push_bind(entry.frame_key.as_ref().map(|key| key.0.as_slice()))
            .push_bind(entry.session.as_ref().map(|id| id.as_str()))
            .push_bind(entry.is_checkpoint);
    });
    if again {
        // A commit can report failure and yet be found on disk later.
        insert.push(" ON CONFLICT (chain, seq) DO NOTHING");
    }
    insert.build().execute(connection).await?;
    Ok(())
}

/// After a doubtful commit: what is on disk is what we wrote, and not someone else's.
async fn all_ours(connection: &mut SqliteConnection, commit: &Commit) -> sqlx::Result<()> {
    let mut last_of_chains: BTreeMap<&Chain, (u64, ChainHash)> = BTreeMap::new();
    for (item, seals) in commit.items.iter().zip(&commit.seals) {
        if let (Write::Entries { chain, first_seq, .. }, Some(last)) = (&item.write, seals.last()) {
            last_of_chains.insert(chain, (first_seq + seals.len() as u64 - 1, last.hash));
        }
    }
    for (chain, (seq, hash)) in last_of_chains {
        if hash_of(connection, chain, seq).await? != Some(hash) {
            let what = format!("another program wrote entry {seq} of chain {chain}");
            return Err(sqlx::Error::Protocol(what));
        }
    }
    Ok(())
}

async fn write_views(connection: &mut SqliteConnection, commit: &Commit) -> sqlx::Result<()> {
    let mut alive = None;
    for item in &commit.items {
        match &item.write {
            Write::Entries { views, .. } | Write::Views(views) => {
                for view in views {
                    view.apply(connection).await?;
                }
            }
            Write::Alive(mark) => alive = Some(*mark),
            Write::ClockMove(moved) => moved.write(commit.last_entry, connection).await?,
            Write::Repack(_) | Write::Heads { .. } | Write::Barrier => {}
        }
    }
    if let Some(Mark { at, since_boot }) = alive {
        sqlx::query(
            "INSERT INTO alive (id, at, boot, boot_ms) VALUES (1, ?1, ?2, ?3) \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, boot = excluded.boot, \
             boot_ms = excluded.boot_ms",
        )
        .bind(at.0)
        .bind(since_boot.map(|count| count.boot.as_bytes().to_vec()))
        .bind(since_boot.map(|count| count.ms))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
