//! What can be read of a chain whose rows or pages may be damaged: a record is made of that, and
//! says what it lacks. Whatever must not miss an entry reads by [`Pages`](super::Pages) instead.

use futures_util::TryStreamExt;
use sqlx::Row;

use super::error::is_damage;
use super::pieces::Place;
use super::read::{select_entries, stored_entry};
use super::tail::{tail, tail_of};
use super::{Journal, ReadError};
use crate::record::{Batched, Chain, ChainHash, Line, Numbered, StoredEntry};
use crate::room::Input;
use crate::store::SessionRow;
use crate::store::columns::{to_i64, unsigned};
use crate::vitals::{Millis, SessionId};

/// Entries of one page.
const PAGE: u32 = 1_000;
/// Entries of one chain in whose place the database finds nothing that it can read, and that are
/// stepped over: each costs two questions.
const MOST_STEPS: usize = 1_000;

/// Entries with words or names, of one session, among which its opening is looked for.
const MOST_LOOKED_THROUGH: u32 = 5_000;
/// Pieces with words or names, of one session, among which the same is done.
const MOST_PIECES_LOOKED_THROUGH: u32 = 1_000;

/// A numbered place in a chain.
#[derive(Debug)]
pub(crate) enum Found {
    /// What was written there.
    Entry(StoredEntry),
    /// Something was, but it cannot be read.
    Unreadable(u64),
    /// Entries up to this number left on purpose; what follows builds on the hash.
    Left(u64, ChainHash),
    /// Nothing can be read from this number on.
    End(u64),
}

/// What is at a place of a chain.
enum Ahead {
    /// Something that is packed, or was.
    Packed,
    /// Rows, up to this number, and behind the last piece batches.
    Rows(u64),
}

/// A part of a chain, read page by page, whatever of it can be read.
#[derive(Debug)]
pub(crate) struct Readable {
    journal: Journal,
    chain: Chain,
    next: Option<u64>,
    to_seq: u64,
    steps: usize,
}

impl Journal {
    /// What can be read of the entries of `chain` numbered `from_seq` to `to_seq`, both included.
    pub(crate) fn readable(&self, chain: &Chain, from_seq: u64, to_seq: u64) -> Readable {
        let (journal, chain) = (self.clone(), chain.clone());
        Readable { journal, chain, next: Some(from_seq), to_seq, steps: 0 }
    }

    /// One entry, if it is there and can be read.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn readable_entry(
        &self,
        chain: &Chain,
        seq: u64,
    ) -> Result<Option<StoredEntry>, ReadError> {
        let found = self.readable(chain, seq, seq).next().await?;
        Ok(found.into_iter().find_map(|found| match found {
            Found::Entry(entry) => Some(entry),
            Found::Unreadable(_) | Found::Left(..) | Found::End(_) => None,
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
        let is_of =
            |one: &Batched<'_>| one.has_private() && one.session() == Some(session.as_str());
        let mut reader = self.long_readers.acquire().await?;
        let of_batches = tail(&mut reader, is_of).await?.entries;
        drop(reader);
        for Numbered { stored, .. } in
            of_batches.into_iter().rev().take(MOST_LOOKED_THROUGH as usize)
        {
            let place = (&stored.chain, stored.seq, stored.entry.at);
            if let Some(found) = self.opened_by(session, place, &stored.entry.body).await? {
                return Ok(Some(found));
            }
        }
        let rows = sqlx::query(
            "SELECT chain, seq, at, body FROM entries WHERE session = ?1 AND private IS NOT NULL \
             ORDER BY id DESC LIMIT ?2",
        )
        .bind(session.as_str())
        .bind(MOST_LOOKED_THROUGH)
        .fetch_all(&self.long_readers)
        .await?;
        let rows = rows.iter().filter_map(|row| {
            let chain = row.try_get::<&str, _>("chain").ok()?.parse().ok()?;
            let at = Millis(row.try_get("at").ok()?);
            Some((chain, unsigned(row, "seq").ok()?, at, row.try_get("body").ok()?))
        });
        for (chain, seq, at, body) in rows {
            if let Some(found) = self.opened_by(session, (&chain, seq, at), body).await? {
                return Ok(Some(found));
            }
        }
        for StoredEntry { chain, seq, entry, .. } in
            self.packed_private(session, MOST_PIECES_LOOKED_THROUGH).await?
        {
            let place = (&chain, seq, entry.at);
            if let Some(found) = self.opened_by(session, place, &entry.body).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// What the entry says of the session, if it is the one by which it came to its room.
    async fn opened_by(
        &self,
        session: &SessionId,
        (chain, opened_seq, opened_at): (&Chain, u64, Millis),
        body: &str,
    ) -> sqlx::Result<Option<SessionRow>> {
        let (Chain::Room(room), Ok((_, line))) = (chain, Line::read(body)) else {
            return Ok(None);
        };
        let Line::Input(Input::Open(opening) | Input::MoveIn { opening, .. }) = line else {
            return Ok(None);
        };
        Ok(Some(SessionRow {
            id: session.clone(),
            ended_seq: self.next_session(&chain.to_string(), opened_seq, session).await?,
            room: room.clone(),
            profile: opening.profile.name.as_str().to_owned(),
            // What only the list knows.
            phase: String::new(),
            opened_at,
            started_at: None,
            ended_at: None,
            opened_seq,
            json: String::new(),
        }))
    }

    /// The last entry of a room before another session is in it.
    async fn next_session(
        &self,
        chain: &str,
        opened_seq: u64,
        session: &SessionId,
    ) -> sqlx::Result<Option<u64>> {
        let row = sqlx::query(
            "SELECT min(seq) AS seq FROM ( \
                 SELECT * FROM (SELECT seq FROM entries WHERE chain = ?1 AND seq > ?2 \
                     AND session IS NOT NULL AND session <> ?3 ORDER BY seq LIMIT 1) \
                 UNION ALL \
                 SELECT * FROM (SELECT first_seq FROM pieces WHERE chain = ?1 AND last_seq > ?2 \
                     AND session IS NOT NULL AND session <> ?3 ORDER BY last_seq LIMIT 1)) \
             HAVING min(seq) IS NOT NULL",
        )
        .bind(chain)
        .bind(to_i64(opened_seq))
        .bind(session.as_str())
        .fetch_optional(&self.long_readers)
        .await?;
        let mut next = row.map(|row| unsigned(&row, "seq")).transpose()?;
        if next.is_none() {
            let is_next = |one: &Batched<'_>| {
                one.chain() == chain
                    && one.seq() > opened_seq
                    && one.session().is_some_and(|id| id != session.as_str())
            };
            let mut reader = self.long_readers.acquire().await?;
            let tail = tail(&mut reader, is_next).await?;
            next = tail.entries.first().map(|one| one.stored.seq);
        }
        Ok(next.map(|next| next - 1))
    }
}

impl Readable {
    /// The next places, in order; empty at the end.
    ///
    /// # Errors
    /// The database does not answer. What is damaged is no error.
    pub(crate) async fn next(&mut self) -> Result<Vec<Found>, ReadError> {
        let mut all = Vec::new();
        while let Some(from) = self.next.filter(|from| *from <= self.to_seq) {
            match self.place(from, &mut all).await.map_err(ReadError::new)? {
                Ahead::Packed => {}
                Ahead::Rows(until) => self.rows(from, until, &mut all).await?,
            }
            if !all.is_empty() {
                break;
            }
        }
        Ok(all)
    }

    /// What is packed from this number on, or how far there are rows before that.
    async fn place(&mut self, from: u64, all: &mut Vec<Found>) -> sqlx::Result<Ahead> {
        let mut snapshot = self.journal.long_readers.begin().await?;
        let place = match Place::next(&mut snapshot, &self.chain, from, self.to_seq).await {
            Ok(Some(place)) => place,
            Ok(None) => return Ok(Ahead::Rows(self.to_seq)),
            // Nobody knows where something is packed.
            Err(error) if is_damage(&error) => return Ok(Ahead::Rows(self.to_seq)),
            Err(error) => return Err(error),
        };
        if place.first_seq > from {
            return Ok(Ahead::Rows(place.first_seq - 1));
        }
        self.next = Some(place.last_seq + 1);
        if place.is_empty {
            all.push(Found::Left(place.last_seq, place.last_hash));
            return Ok(Ahead::Packed);
        }
        let asked = from..=self.to_seq;
        match place.entries(&mut snapshot, &self.chain).await {
            Ok(entries) => {
                let entries = entries.into_iter().map(|numbered| numbered.stored);
                let entries = entries.filter(|stored| asked.contains(&stored.seq));
                all.extend(entries.map(Found::Entry));
            }
            Err(error) if is_damage(&error) => {
                let lost = from..=place.last_seq.min(self.to_seq);
                all.extend(lost.map(Found::Unreadable));
            }
            Err(error) => return Err(error),
        }
        Ok(Ahead::Packed)
    }

    /// Reads rows, and goes on behind the last one.
    async fn rows(&mut self, from: u64, until: u64, all: &mut Vec<Found>) -> Result<(), ReadError> {
        let broken = self.page(from, until, all).await.map_err(ReadError::new)?;
        let last = all.last().map(Found::seq);
        let is_filled = all.len() == PAGE as usize;
        self.next = match last {
            Some(last) if is_filled || broken => Some(last + 1),
            _ => until.checked_add(1),
        };
        if broken {
            let from = last.map_or(from, |last| last + 1);
            self.step(from, until, all).await?;
        } else if !is_filled && until == self.to_seq {
            // No piece is ahead: what follows is in batches.
            let from = last.map_or(from, |last| last + 1);
            self.batches(from, all).await.map_err(ReadError::new)?;
        }
        Ok(())
    }

    /// The last entries; of batches that cannot be read, those that are missing are unreadable.
    async fn batches(&self, from: u64, all: &mut Vec<Found>) -> sqlx::Result<()> {
        let until = self.to_seq.min(self.journal.committed_seq(&self.chain));
        if from > until {
            return Ok(());
        }
        let mut reader = self.journal.long_readers.acquire().await?;
        let tail = tail_of(&mut reader, &self.chain, from, until).await?;
        let mut next = from;
        let is_damaged = tail.has_damage();
        for Numbered { stored, .. } in tail.entries {
            if is_damaged {
                all.extend((next..stored.seq).map(Found::Unreadable));
            }
            next = stored.seq + 1;
            all.push(Found::Entry(stored));
        }
        if is_damaged {
            all.extend((next..=until).map(Found::Unreadable));
        }
        Ok(())
    }

    /// Reads a page, and says whether it ended early because of damage.
    async fn page(&self, from: u64, until: u64, all: &mut Vec<Found>) -> sqlx::Result<bool> {
        let mut rows = sqlx::query(select_entries!(
            "WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT ?4"
        ))
        .bind(self.chain.to_string())
        .bind(to_i64(from))
        .bind(to_i64(until))
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
    async fn step(&mut self, from: u64, until: u64, all: &mut Vec<Found>) -> Result<(), ReadError> {
        self.steps += 1;
        let number = match self.steps {
            0..=MOST_STEPS => self.first_number(from, until).await,
            _ => Err(sqlx::Error::RowNotFound),
        };
        let found = match number {
            Ok(Some(seq)) => Found::Unreadable(seq),
            // What the page broke at has no number in the index: nothing is behind it.
            Ok(None) => {
                self.next = until.checked_add(1);
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

    async fn first_number(&self, from: u64, until: u64) -> sqlx::Result<Option<u64>> {
        // Answered by the index alone.
        let row = sqlx::query(
            "SELECT seq FROM entries INDEXED BY entries_by_chain \
             WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq LIMIT 1",
        )
        .bind(self.chain.to_string())
        .bind(to_i64(from))
        .bind(to_i64(until))
        .fetch_optional(&self.journal.long_readers)
        .await?;
        row.map(|row| unsigned(&row, "seq")).transpose()
    }
}

impl Found {
    const fn seq(&self) -> u64 {
        match self {
            Self::Entry(entry) => entry.seq,
            Self::Unreadable(seq) | Self::Left(seq, _) | Self::End(seq) => *seq,
        }
    }
}
