//! What can be read of a chain whose rows or pages may be damaged: a record is made of that, and
//! says what it lacks. Whatever must not miss an entry reads by [`Pages`](super::Pages) instead.

use futures_util::TryStreamExt;
use sqlx::Row;

use super::error::is_damage;
use super::read::{select_entries, stored_entry};
use super::{Journal, ReadError};
use crate::record::{Chain, Line, StoredEntry};
use crate::room::Input;
use crate::store::SessionRow;
use crate::store::columns::{decoded, to_i64, unsigned};
use crate::vitals::{Millis, SessionId};

/// Entries of one page.
const PAGE: u32 = 1_000;
/// Entries of one chain in whose place the database finds nothing that it can read, and that are
/// stepped over: each costs two questions.
const MOST_STEPS: usize = 1_000;

/// Entries with words or names, of one session, among which its opening is looked for.
const MOST_LOOKED_THROUGH: u32 = 5_000;

/// A numbered place in a chain.
#[derive(Debug)]
pub(super) enum Found {
    /// What was written there.
    Entry(StoredEntry),
    /// Something was, but it cannot be read.
    Unreadable(u64),
    /// Nothing can be read from this number on.
    End(u64),
}

/// A part of a chain, read page by page, whatever of it can be read.
#[derive(Debug)]
pub(super) struct Readable {
    journal: Journal,
    chain: Chain,
    next: Option<u64>,
    to_seq: u64,
    steps: usize,
}

impl Journal {
    /// What can be read of the entries of `chain` numbered `from_seq` to `to_seq`, both included.
    pub(super) fn readable(&self, chain: &Chain, from_seq: u64, to_seq: u64) -> Readable {
        let (journal, chain) = (self.clone(), chain.clone());
        Readable { journal, chain, next: Some(from_seq), to_seq, steps: 0 }
    }

    /// One entry, if it is there and can be read.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn readable_entry(
        &self,
        chain: &Chain,
        seq: u64,
    ) -> Result<Option<StoredEntry>, ReadError> {
        let found = self.readable(chain, seq, seq).next().await?;
        Ok(found.into_iter().find_map(|found| match found {
            Found::Entry(entry) => Some(entry),
            Found::Unreadable(_) | Found::End(_) => None,
        }))
    }
}

impl Journal {
    /// What the chains know of a session whose row in the list cannot be read: where it began, or
    /// came from another room, last. `None` when its opening cannot be read either.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn session_in_chains(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionRow>, ReadError> {
        self.look_through(session).await.map_err(ReadError::new)
    }

    async fn look_through(&self, session: &SessionId) -> sqlx::Result<Option<SessionRow>> {
        let rows = sqlx::query(
            "SELECT chain, seq, at, body FROM entries WHERE session = ?1 AND private IS NOT NULL \
             ORDER BY id DESC LIMIT ?2",
        )
        .bind(session.as_str())
        .bind(MOST_LOOKED_THROUGH)
        .fetch_all(&self.long_readers)
        .await?;
        for row in rows {
            let (Ok(chain), Ok(body)) = (row.try_get::<&str, _>("chain"), row.try_get("body"))
            else {
                continue;
            };
            let (Ok(Chain::Room(room)), Ok((_, line))) = (decoded(chain.parse()), Line::read(body))
            else {
                continue;
            };
            let Line::Input(Input::Open(opening) | Input::MoveIn { opening, .. }) = line else {
                continue;
            };
            let opened_seq = unsigned(&row, "seq")?;
            return Ok(Some(SessionRow {
                id: session.clone(),
                ended_seq: self.next_session(chain, opened_seq, session).await?,
                room,
                profile: opening.profile.name.as_str().to_owned(),
                // What only the list knows.
                phase: String::new(),
                opened_at: Millis(row.try_get("at")?),
                started_at: None,
                ended_at: None,
                opened_seq,
                json: String::new(),
            }));
        }
        Ok(None)
    }

    /// The last entry of a room before another session is in it.
    async fn next_session(
        &self,
        chain: &str,
        opened_seq: u64,
        session: &SessionId,
    ) -> sqlx::Result<Option<u64>> {
        let row = sqlx::query(
            "SELECT seq FROM entries WHERE chain = ?1 AND seq > ?2 AND session IS NOT NULL \
             AND session <> ?3 ORDER BY seq LIMIT 1",
        )
        .bind(chain)
        .bind(to_i64(opened_seq))
        .bind(session.as_str())
        .fetch_optional(&self.long_readers)
        .await?;
        Ok(row.map(|row| unsigned(&row, "seq")).transpose()?.map(|next| next - 1))
    }
}

impl Readable {
    /// The next places, in order; empty at the end.
    ///
    /// # Errors
    /// The database does not answer. What is damaged is no error.
    pub(super) async fn next(&mut self) -> Result<Vec<Found>, ReadError> {
        let Some(from) = self.next.filter(|from| *from <= self.to_seq) else {
            return Ok(Vec::new());
        };
        let mut all = Vec::new();
        let broken = self.page(from, &mut all).await.map_err(ReadError::new)?;
        let last = all.last().map(Found::seq);
        self.next = last.map(|last| last + 1);
        if broken {
            self.step(last.map_or(from, |last| last + 1), &mut all).await?;
        }
        Ok(all)
    }

    /// Reads a page, and says whether it ended early because of damage.
    async fn page(&self, from: u64, all: &mut Vec<Found>) -> sqlx::Result<bool> {
        let mut rows = sqlx::query(select_entries!(
            "WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT ?4"
        ))
        .bind(self.chain.to_string())
        .bind(to_i64(from))
        .bind(to_i64(self.to_seq))
        .bind(PAGE)
        .fetch(&self.journal.long_readers);
        loop {
            match rows.try_next().await {
                Ok(Some(row)) => {
                    let seq = unsigned(&row, "seq")?;
                    all.push(stored_entry(&row).map_or(Found::Unreadable(seq), Found::Entry));
                }
                Ok(None) => return Ok(false),
                Err(error) if is_damage(&error) => return Ok(true),
                Err(error) => return Err(error),
            }
        }
    }

    /// Steps over the entry from this number on that the database cannot read. Which one that is,
    /// the index knows, where it is whole.
    async fn step(&mut self, from: u64, all: &mut Vec<Found>) -> Result<(), ReadError> {
        self.steps += 1;
        let number = match self.steps {
            0..=MOST_STEPS => self.first_number(from).await,
            _ => Err(sqlx::Error::RowNotFound),
        };
        let found = match number {
            Ok(Some(seq)) => Found::Unreadable(seq),
            // What the page broke at has no number in the index: nothing is behind it.
            Ok(None) => {
                self.next = None;
                return Ok(());
            }
            Err(error) if is_damage(&error) || self.steps > MOST_STEPS => Found::End(from),
            Err(error) => return Err(ReadError::new(error)),
        };
        self.next = match found {
            Found::Unreadable(seq) => Some(seq + 1),
            _ => None,
        };
        all.push(found);
        Ok(())
    }

    async fn first_number(&self, from: u64) -> sqlx::Result<Option<u64>> {
        // Answered by the index alone.
        let row = sqlx::query(
            "SELECT seq FROM entries INDEXED BY entries_by_chain \
             WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT 1",
        )
        .bind(self.chain.to_string())
        .bind(to_i64(from))
        .bind(to_i64(self.to_seq))
        .fetch_optional(&self.journal.long_readers)
        .await?;
        row.map(|row| unsigned(&row, "seq")).transpose()
    }
}

impl Found {
    const fn seq(&self) -> u64 {
        match self {
            Self::Entry(entry) => entry.seq,
            Self::Unreadable(seq) | Self::End(seq) => *seq,
        }
    }
}
