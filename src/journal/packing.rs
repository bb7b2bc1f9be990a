//! Entries are packed into a piece, or leave for good. What a session is packed into, and what
//! leaves, is one transaction together with the entry of the chain `clinic` that says so; what
//! is packed to make room ([`super::packer`]) no entry speaks of.

use serde_json::{Value as Json, json};
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite};

use super::pieces::Place;
use super::runs::{Run, UNNOTED, devices, last_checkpoint};
use super::tail::tail_of;
use crate::people::NamedId;
use crate::record::{BadPiece, Chain, ChainHash, Entry, Numbered, Piece, pack, piece_hash};
use crate::store::columns::{decoded, to_i64};
use crate::store::erase_outbound;
use crate::vitals::{DeviceId, Millis, PatientId, SessionId};

/// Pieces that are emptied in one transaction.
const EMPTIED_AT_ONCE: i64 = 32;
/// Rows of one statement.
const ROWS_OF_A_STATEMENT: usize = 64;

/// Entries of a session, or of none, packed.
#[derive(Clone, Debug)]
pub struct PackedRun {
    /// Where they were.
    pub run: Run,
    /// Whose they are.
    pub session: Option<SessionId>,
    /// The entries.
    pub piece: Piece,
    /// Its last checkpoint.
    pub checkpoint_seq: Option<u64>,
    /// From when to when frames of a device are in it.
    pub devices: Vec<(DeviceId, Millis, Millis)>,
}

impl PackedRun {
    /// Packs entries of a session; `None` when there are none.
    ///
    /// # Errors
    /// They cannot be packed.
    pub fn of(session: &SessionId, entries: &[Numbered]) -> Result<Option<Self>, BadPiece> {
        Self::packed(Some(session.clone()), entries)
    }

    pub(super) fn packed(
        session: Option<SessionId>,
        entries: &[Numbered],
    ) -> Result<Option<Self>, BadPiece> {
        let Some(run) = Run::of(entries) else { return Ok(None) };
        let (checkpoint_seq, devices) = (last_checkpoint(entries), devices(entries));
        let piece = pack(entries)?;
        Ok(Some(Self { run, session, piece, checkpoint_seq, devices }))
    }

    /// The hash of the packed entries.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        piece_hash(&self.piece.entries)
    }

    /// What the chain of the clinic says about it.
    #[must_use]
    pub fn note(&self, at: Millis) -> Entry {
        let Run { chain, first_seq, last_seq, last_hash, .. } = &self.run;
        let body = json!({"at": at, "packed": {"session": self.session,
            "chain": chain.to_string(), "first_seq": first_seq, "last_seq": last_seq,
            "hash": ChainHash(self.hash()).to_string(), "last_hash": last_hash.to_string()}});
        Entry { at, body: body.to_string(), ..Entry::default() }
    }

    /// Bytes that it holds, roughly.
    fn bytes(&self) -> usize {
        self.piece.entries.len() + self.piece.private.as_ref().map_or(0, Vec::len)
    }
}

/// What the chain of the clinic says about runs of `chain` that leave, as readings outside sessions
/// do after so many hours.
#[must_use]
pub fn note_of_dropped(chain: &Chain, runs: &[Run], raw_hours: u32, at: Millis) -> Entry {
    let run = |run: &Run| {
        json!({"first_seq": run.first_seq, "last_seq": run.last_seq,
            "last_hash": run.last_hash.to_string()})
    };
    let noted: Vec<Json> = runs.iter().map(run).collect();
    let body = json!({"at": at, "dropped": {"chain": chain.to_string(), "raw_hours": raw_hours,
        "runs": noted}});
    Entry { at, body: body.to_string(), ..Entry::default() }
}

/// Whose personal fields are removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of one session.
    Session(SessionId),
    /// Those of a patient, of all their sessions, and of admissions with one of their numbers.
    Patient(PatientId, Vec<NamedId>),
}

/// What becomes of entries that were recorded before.
#[derive(Clone, Debug)]
pub(super) enum Repack {
    /// They are packed.
    Pack { packed: Box<PackedRun>, noted_seq: u64 },
    /// They leave for good.
    Drop { runs: Vec<Run>, noted_seq: u64 },
    /// Some pieces of a session lose what is packed in them.
    Empty { session: SessionId, left_seq: u64 },
    /// Personal fields leave.
    Erase(Whose),
}

impl Repack {
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Pack { packed, .. } => packed.bytes(),
            Self::Drop { runs, .. } => runs.len() * size_of::<Run>(),
            Self::Empty { .. } | Self::Erase(_) => 0,
        }
    }

    /// Whether it concerns entries that may still be in batches.
    pub(super) async fn concerns_batches(
        &self,
        connection: &mut SqliteConnection,
    ) -> sqlx::Result<bool> {
        let runs = match self {
            Self::Pack { packed, .. } => std::slice::from_ref(&packed.run),
            Self::Drop { runs, .. } => runs,
            Self::Empty { .. } => return Ok(false),
            Self::Erase(_) => return Ok(true),
        };
        let Some(run) = runs.last() else { return Ok(false) };
        let tail = tail_of(connection, &run.chain, 0, run.last_seq).await?;
        Ok(!tail.entries.is_empty())
    }

    /// Written again after a doubtful commit, it changes nothing twice.
    pub(super) async fn write(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        match self {
            Self::Pack { packed, noted_seq } => write_packed(packed, *noted_seq, connection).await,
            Self::Drop { runs, noted_seq } => {
                for run in runs {
                    remove(run, connection).await?;
                    let left = Some(*noted_seq);
                    write_run(run, (*noted_seq, left), None, connection).await?;
                }
                Ok(())
            }
            Self::Empty { session, left_seq } => empty(session, *left_seq, connection).await,
            Self::Erase(Whose::Session(session)) => erase(session.as_str(), connection).await,
            Self::Erase(Whose::Patient(patient, numbers)) => {
                erase_patient(patient, numbers, connection).await
            }
        }
    }
}

async fn write_packed(
    packed: &PackedRun,
    noted_seq: u64,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    remove(&packed.run, connection).await?;
    write_run(&packed.run, (noted_seq, None), Some(packed), connection).await?;
    write_devices(std::slice::from_ref(packed), connection).await
}

/// Writes pieces that no entry speaks of.
pub(super) async fn write_unnoted(
    pieces: &[PackedRun],
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    for packed in pieces {
        let written = write_run(&packed.run, (UNNOTED, None), Some(packed), connection).await?;
        if written != 1 {
            // What it was made of would be gone with it.
            let what = "a piece ends where another one does".to_owned();
            return Err(sqlx::Error::Protocol(what));
        }
    }
    write_devices(pieces, connection).await
}

async fn write_devices(
    pieces: &[PackedRun],
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    let rows: Vec<_> = pieces
        .iter()
        .flat_map(|packed| packed.devices.iter().map(move |device| (&packed.run, device)))
        .collect();
    for rows in rows.chunks(ROWS_OF_A_STATEMENT) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT OR IGNORE INTO piece_devices (device, from_at, to_at, chain, last_seq) ",
        );
        insert.push_values(rows, |mut values, (run, (device, from, to))| {
            values
                .push_bind(device.as_str())
                .push_bind(from.0)
                .push_bind(to.0)
                .push_bind(run.chain.to_string())
                .push_bind(to_i64(run.last_seq));
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// How many pieces that wrote: none where one ends there already.
async fn write_run(
    run: &Run,
    (noted_seq, left_seq): (u64, Option<u64>),
    packed: Option<&PackedRun>,
    connection: &mut SqliteConnection,
) -> sqlx::Result<u64> {
    let session = packed.and_then(|packed| packed.session.as_ref());
    sqlx::query(
        "INSERT OR IGNORE INTO pieces (chain, first_seq, last_seq, session, from_at, to_at, \
         checkpoint_seq, hash, last_hash, noted_seq, left_seq, entries, private) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(run.chain.to_string())
    .bind(to_i64(run.first_seq))
    .bind(to_i64(run.last_seq))
    .bind(session.map(SessionId::as_str))
    .bind(run.from_at.0)
    .bind(run.to_at.0)
    .bind(packed.and_then(|packed| packed.checkpoint_seq).map(to_i64))
    .bind(packed.map(|packed| packed.hash().to_vec()))
    .bind(run.last_hash.0.to_vec())
    .bind(to_i64(noted_seq))
    .bind(left_seq.map(to_i64))
    .bind(packed.map(|packed| packed.piece.entries.as_slice()))
    .bind(packed.and_then(|packed| packed.piece.private.as_deref()))
    .execute(connection)
    .await
    .map(|done| done.rows_affected())
}

/// Takes a run out of the rows, and out of the pieces that no entry speaks of: what stands before
/// or behind it in these stays packed.
async fn remove(run: &Run, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    remove_rows(run, connection).await?;
    let mut from = run.first_seq;
    while let Some(place) = Place::next(connection, &run.chain, from, run.last_seq).await? {
        from = place.last_seq + 1;
        if place.is_noted() {
            continue;
        }
        let entries = place.entries(connection, &run.chain).await?;
        let is_before = |one: &Numbered| one.stored.seq < run.first_seq;
        let is_behind = |one: &Numbered| one.stored.seq > run.last_seq;
        let (before, rest) = entries.split_at(entries.partition_point(is_before));
        let behind = &rest[rest.partition_point(|one| !is_behind(one))..];
        remove_unnoted(&[Replaced::of(&place, &run.chain, &entries)], connection).await?;
        let mut left = Vec::new();
        for part in [before, behind] {
            left.extend(decoded(PackedRun::packed(place.session.clone(), part))?);
        }
        write_unnoted(&left, connection).await?;
    }
    Ok(())
}

/// A piece that no entry speaks of and that others take the place of, with what it is found by.
#[derive(Debug)]
pub(super) struct Replaced {
    id: i64,
    chain: Chain,
    last_seq: u64,
    devices: Vec<(DeviceId, Millis)>,
}

impl Replaced {
    pub(super) fn of(place: &Place, chain: &Chain, entries: &[Numbered]) -> Self {
        let devices = devices(entries).into_iter().map(|(device, from, _)| (device, from));
        let (id, last_seq) = (place.id, place.last_seq);
        Self { id, chain: chain.clone(), last_seq, devices: devices.collect() }
    }
}

/// Removes such pieces.
pub(super) async fn remove_unnoted(
    replaced: &[Replaced],
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    for some in replaced.chunks(ROWS_OF_A_STATEMENT) {
        let mut delete = QueryBuilder::<Sqlite>::new("DELETE FROM pieces WHERE id IN (");
        let mut ids = delete.separated(", ");
        for one in some {
            ids.push_bind(one.id);
        }
        delete.push(") AND noted_seq = ").push_bind(to_i64(UNNOTED));
        let removed = delete.build().execute(&mut *connection).await?.rows_affected();
        if removed != some.len() as u64 {
            let what = "a piece that was to be replaced has changed".to_owned();
            return Err(sqlx::Error::Protocol(what));
        }
    }
    let rows: Vec<_> = (replaced.iter())
        .flat_map(|one| one.devices.iter().map(move |device| (one, device)))
        .collect();
    for rows in rows.chunks(ROWS_OF_A_STATEMENT) {
        let mut delete = QueryBuilder::<Sqlite>::new("DELETE FROM piece_devices WHERE ");
        let mut all = delete.separated(" OR ");
        for (one, (device, from)) in rows {
            all.push("(device = ").push_bind_unseparated(device.as_str());
            all.push_unseparated(" AND from_at = ").push_bind_unseparated(from.0);
            all.push_unseparated(" AND chain = ").push_bind_unseparated(one.chain.to_string());
            all.push_unseparated(" AND last_seq = ");
            all.push_bind_unseparated(to_i64(one.last_seq)).push_unseparated(")");
        }
        delete.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(super) async fn remove_rows(run: &Run, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM entries WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3")
        .bind(run.chain.to_string())
        .bind(to_i64(run.first_seq))
        .bind(to_i64(run.last_seq))
        .execute(connection)
        .await?;
    Ok(())
}

async fn empty(
    session: &SessionId,
    left_seq: u64,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    for sql in [
        "DELETE FROM piece_devices WHERE (chain, last_seq) IN (SELECT chain, last_seq FROM pieces \
         WHERE session = ?1 AND entries IS NOT NULL ORDER BY from_at, id LIMIT ?2)",
        "UPDATE pieces SET entries = NULL, private = NULL, left_seq = ?3 WHERE id IN ( \
             SELECT id FROM pieces WHERE session = ?1 AND entries IS NOT NULL \
             ORDER BY from_at, id LIMIT ?2)",
    ] {
        let query = sqlx::query(sql).bind(session.as_str()).bind(EMPTIED_AT_ONCE);
        query.bind(to_i64(left_seq)).execute(&mut *connection).await?;
    }
    erase_outbound(session.as_str(), connection).await
}

async fn erase(session: &str, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    for sql in [
        "UPDATE entries SET private = NULL, salt = NULL WHERE session = ?1 AND private IS NOT NULL",
        "UPDATE pieces SET private = NULL WHERE session = ?1 AND private IS NOT NULL",
    ] {
        sqlx::query(sql).bind(session).execute(&mut *connection).await?;
    }
    // What names the patient and has not left yet stays here, and goes.
    erase_outbound(session, connection).await
}

async fn erase_patient(
    patient: &PatientId,
    numbers: &[NamedId],
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    let sessions: Vec<String> = sqlx::query_scalar("SELECT id FROM sessions WHERE patient = ?1")
        .bind(patient.as_str())
        .fetch_all(&mut *connection)
        .await?;
    for session in sessions {
        erase(&session, connection).await?;
    }
    // Who they are, in the chain of the clinic; two people who turned out to be one are one here.
    sqlx::query(
        "UPDATE entries SET private = NULL, salt = NULL \
         WHERE session IS NULL AND private IS NOT NULL AND chain = 'clinic' AND json_valid(body) \
         AND (json_extract(body, '$.patient.id') = ?1 \
             OR json_extract(body, '$.merged.patient') = ?1 \
             OR json_extract(body, '$.patient.id') IN ( \
                 SELECT gone.value FROM entries AS merger, \
                     json_each(merger.body, '$.merged.others') AS gone \
                 WHERE merger.chain = 'clinic' AND merger.session IS NULL \
                 AND json_valid(merger.body) \
                 AND json_extract(merger.body, '$.merged.patient') = ?1))",
    )
    .bind(patient.as_str())
    .execute(&mut *connection)
    .await?;
    for NamedId { number, .. } in numbers {
        sqlx::query(
            "UPDATE entries SET private = NULL, salt = NULL \
             WHERE session IS NULL AND private IS NOT NULL AND chain = 'clinic' \
             AND json_valid(body) AND json_type(body, '$.admission') IS NOT NULL \
             AND instr(private, ?1) > 0",
        )
        .bind(number)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
