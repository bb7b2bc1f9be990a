//! Entries leave their rows: packed into a piece, or for good. Each is one transaction, together
//! with the entry of the chain `clinic` that says so.

use serde_json::{Value as Json, json};
use sqlx::sqlite::SqliteConnection;

use crate::people::NamedId;
use crate::record::{BadPiece, Chain, ChainHash, Entry, Numbered, Piece, pack, piece_hash};
use crate::store::columns::to_i64;
use crate::store::erase_outbound;
use crate::vitals::{DeviceId, Millis, PatientId, SessionId};

/// Pieces that are emptied in one transaction.
const EMPTIED_AT_ONCE: i64 = 32;

/// A run of a chain that is to be no rows any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The chain.
    pub chain: Chain,
    /// Its first entry.
    pub first_seq: u64,
    /// Its last.
    pub last_seq: u64,
    /// When its earliest entry was taken.
    pub from_at: Millis,
    /// When its latest was.
    pub to_at: Millis,
    /// The hash of its last entry: what follows builds on it.
    pub last_hash: ChainHash,
}

/// Entries of a session, packed.
#[derive(Clone, Debug)]
pub struct PackedRun {
    /// Where they were.
    pub run: Run,
    /// Whose they are.
    pub session: SessionId,
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
        let Some(run) = Run::of(entries) else { return Ok(None) };
        let (checkpoint_seq, devices) = (last_checkpoint(entries), devices(entries));
        let (session, piece) = (session.clone(), pack(entries)?);
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

/// The last checkpoint among entries.
pub(super) fn last_checkpoint(entries: &[Numbered]) -> Option<u64> {
    let is_checkpoint = |one: &&Numbered| one.stored.entry.is_checkpoint;
    entries.iter().rev().find(is_checkpoint).map(|one| one.stored.seq)
}

/// From when to when frames of a device are among entries.
pub(super) fn devices(entries: &[Numbered]) -> Vec<(DeviceId, Millis, Millis)> {
    let mut devices: Vec<(DeviceId, Millis, Millis)> = Vec::new();
    for Numbered { stored, .. } in entries {
        let entry = &stored.entry;
        let Some(device) = entry.device.as_ref().filter(|_| entry.frame_key.is_some()) else {
            continue;
        };
        match devices.iter_mut().find(|(known, ..)| known == device) {
            Some((_, from, to)) => (*from, *to) = (entry.at.min(*from), entry.at.max(*to)),
            None => devices.push((device.clone(), entry.at, entry.at)),
        }
    }
    devices
}

impl Run {
    /// The run of these entries of one chain; `None` when there are none.
    #[must_use]
    pub fn of(entries: &[Numbered]) -> Option<Self> {
        let (first, last) = (&entries.first()?.stored, &entries.last()?.stored);
        let times = || entries.iter().map(|one| one.stored.entry.at);
        Some(Self {
            chain: first.chain.clone(),
            first_seq: first.seq,
            last_seq: last.seq,
            from_at: times().min()?,
            to_at: times().max()?,
            last_hash: last.hash,
        })
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

    /// Written again after a doubtful commit, it changes nothing twice.
    pub(super) async fn write(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        match self {
            Self::Pack { packed, noted_seq } => write_packed(packed, *noted_seq, connection).await,
            Self::Drop { runs, noted_seq } => {
                for run in runs {
                    let left = Some(*noted_seq);
                    write_run(run, (*noted_seq, left), None, connection).await?;
                    remove_rows(run, connection).await?;
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
    let run = &packed.run;
    write_run(run, (noted_seq, None), Some(packed), connection).await?;
    for (device, from, to) in &packed.devices {
        sqlx::query(
            "INSERT OR IGNORE INTO piece_devices (device, from_at, to_at, chain, last_seq) \
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(device.as_str())
        .bind(from.0)
        .bind(to.0)
        .bind(run.chain.to_string())
        .bind(to_i64(run.last_seq))
        .execute(&mut *connection)
        .await?;
    }
    remove_rows(run, connection).await
}

async fn write_run(
    run: &Run,
    (noted_seq, left_seq): (u64, Option<u64>),
    packed: Option<&PackedRun>,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT OR IGNORE INTO pieces (chain, first_seq, last_seq, session, from_at, to_at, \
         checkpoint_seq, hash, last_hash, noted_seq, left_seq, entries, private) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(run.chain.to_string())
    .bind(to_i64(run.first_seq))
    .bind(to_i64(run.last_seq))
    .bind(packed.map(|packed| packed.session.as_str()))
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
    .await?;
    Ok(())
}

async fn remove_rows(run: &Run, connection: &mut SqliteConnection) -> sqlx::Result<()> {
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
