//! What monitors sent, by time: out of the rows, the pieces and the batches.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::pieces::{Place, is_frame, numbered};
use super::read::{MAX_PAGE, select_entries};
use super::tail::tail;
use super::{
    FRAME_KEYS_OF_A_DEVICE, Journal, ReadError, ReadingsCursor, ReadingsOf, ReadingsPage,
    RecentFrame,
};
use crate::record::{Batched, Chain, FrameKey, Numbered, StoredEntry};
use crate::store::columns::{bytes, decoded, unsigned};
use crate::vitals::{DeviceId, Millis};

/// Places of one question.
const PLACES: u32 = 32;

/// Frames in the order of a page.
type Frames = BTreeMap<(Millis, i64), StoredEntry>;

/// Which frames are asked for.
struct Wanted<'a> {
    of: &'a ReadingsOf,
    from: Option<Millis>,
    to: Option<Millis>,
    after: Option<ReadingsCursor>,
    count: usize,
}

impl Wanted<'_> {
    fn is(&self, id: i64, stored: &StoredEntry) -> bool {
        let entry = &stored.entry;
        let is_whose = match self.of {
            ReadingsOf::Device(device) => entry.device.as_ref() == Some(device),
            ReadingsOf::Session(session) => entry.session.as_ref() == Some(session),
        };
        is_whose
            && is_frame(entry)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at <= to)
            && self.after.is_none_or(|after| (entry.at, id) > (after.at, after.id))
    }

    fn may_be(&self, batched: &Batched<'_>) -> bool {
        let device = batched.frame_of();
        device.is_some()
            && match self.of {
                ReadingsOf::Device(wanted) => device == Some(wanted.as_str()),
                ReadingsOf::Session(wanted) => batched.session() == Some(wanted.as_str()),
            }
    }

    /// Adds frames and keeps the first ones.
    fn take(&self, frames: &mut Frames, found: impl Iterator<Item = Numbered>) {
        for Numbered { id, stored } in found {
            frames.insert((stored.entry.at, id), stored);
            if frames.len() > self.count {
                frames.pop_last();
            }
        }
    }

    /// Whether nothing that begins at `from_at` belongs to the first ones.
    fn is_whole(&self, frames: &Frames, from_at: i64) -> bool {
        let last = frames.last_key_value();
        frames.len() >= self.count && last.is_some_and(|((at, _), _)| at.0 < from_at)
    }
}

impl Journal {
    /// Frames of a device or session whose `at` is within `from` to `to`, both included, by `at`
    /// and then in the order in which they came: up to `limit` of them, after `after`. Entries
    /// without a `frame_key` are not frames.
    pub async fn readings(
        &self,
        of: &ReadingsOf,
        from: Option<Millis>,
        to: Option<Millis>,
        after: Option<ReadingsCursor>,
        limit: u32,
    ) -> Result<ReadingsPage, ReadError> {
        let limit = limit.clamp(1, MAX_PAGE) as usize;
        // One more than asked for, to see whether there is more.
        let wanted = Wanted { of, from, to, after, count: limit + 1 };
        let frames = self.first_frames(&wanted).await.map_err(ReadError::new)?;
        let has_more = frames.len() > limit;
        let keys = frames.keys().take(limit).next_back();
        let next = keys.filter(|_| has_more).map(|(at, id)| ReadingsCursor { at: *at, id: *id });
        Ok(ReadingsPage { entries: frames.into_values().take(limit).collect(), next })
    }

    async fn first_frames(&self, wanted: &Wanted<'_>) -> sqlx::Result<Frames> {
        let mut snapshot = self.long_readers.begin().await?;
        let mut frames = Frames::new();
        wanted.take(&mut frames, rows(&mut snapshot, wanted).await?.into_iter());
        let of_batches = tail(&mut snapshot, |batched| wanted.may_be(batched)).await?.entries;
        let of_batches = of_batches.into_iter();
        wanted.take(&mut frames, of_batches.filter(|one| wanted.is(one.id, &one.stored)));
        let mut seen = 0;
        loop {
            let places = places(&mut snapshot, wanted, seen).await?;
            for (chain, last_seq, from_at) in &places {
                if wanted.is_whole(&frames, *from_at) {
                    return Ok(frames);
                }
                let found = in_piece(&mut snapshot, chain, *last_seq).await?;
                let found = found.into_iter();
                wanted.take(&mut frames, found.filter(|one| wanted.is(one.id, &one.stored)));
            }
            if places.len() < PLACES as usize {
                return Ok(frames);
            }
            seen += PLACES;
        }
    }

    /// The keys of the newest frames of every device, at most [`FRAME_KEYS_OF_A_DEVICE`] each and
    /// none older than `since` or, of a clock that once ran ahead, newer than `until`; each
    /// device's oldest first.
    pub async fn recent_frame_keys(
        &self,
        since: Millis,
        until: Millis,
    ) -> Result<Vec<RecentFrame>, ReadError> {
        self.frame_keys(since, until).await.map_err(ReadError::new)
    }

    async fn frame_keys(&self, since: Millis, until: Millis) -> sqlx::Result<Vec<RecentFrame>> {
        let mut snapshot = self.long_readers.begin().await?;
        // From name to name through the index, then only the tail of each device.
        let rows = sqlx::query(
            "WITH RECURSIVE names (name) AS ( \
                 SELECT min(device) FROM entries WHERE frame_key IS NOT NULL \
                 UNION ALL \
                 SELECT (SELECT min(device) FROM entries \
                         WHERE frame_key IS NOT NULL AND device > name) \
                 FROM names WHERE name IS NOT NULL \
             ) \
             SELECT device, frame_key, at, entries.id FROM names JOIN entries ON entries.id IN ( \
                 SELECT id FROM entries \
                 WHERE frame_key IS NOT NULL AND device = name AND at BETWEEN ?1 AND ?3 \
                 ORDER BY at DESC, id DESC LIMIT ?2) \
             ORDER BY device, at, entries.id",
        )
        .bind(since.0)
        .bind(FRAME_KEYS_OF_A_DEVICE)
        .bind(until.0)
        .fetch_all(&mut *snapshot)
        .await?;
        let mut all: BTreeMap<DeviceId, BTreeMap<(Millis, i64), FrameKey>> = BTreeMap::new();
        for row in &rows {
            let key = FrameKey(bytes(row.try_get(1)?)?);
            let device = decoded(DeviceId::new(row.try_get(0)?))?;
            let place = (Millis(row.try_get(2)?), row.try_get(3)?);
            all.entry(device).or_default().insert(place, key);
        }
        // What was packed a moment after it came is sent again as well.
        let packed = sqlx::query(
            "SELECT DISTINCT chain, last_seq FROM piece_devices \
             WHERE from_at <= ?2 AND to_at >= ?1",
        )
        .bind(since.0)
        .bind(until.0)
        .fetch_all(&mut *snapshot)
        .await?;
        for row in packed {
            let chain: Chain = decoded(row.try_get::<&str, _>(0)?.parse())?;
            for Numbered { id, stored } in
                in_piece(&mut snapshot, &chain, unsigned(&row, 1)?).await?
            {
                let entry = stored.entry;
                if let (Some(device), Some(key)) = (entry.device, entry.frame_key)
                    && (since..=until).contains(&entry.at)
                {
                    all.entry(device).or_default().insert((entry.at, id), key);
                }
            }
        }
        let within = since..=until;
        let is_recent = |one: &Batched<'_>| one.frame_of().is_some() && within.contains(&one.at());
        for Numbered { id, stored } in tail(&mut snapshot, is_recent).await?.entries {
            let StoredEntry { entry, .. } = stored;
            if let (Some(device), Some(key)) = (entry.device, entry.frame_key) {
                all.entry(device).or_default().insert((entry.at, id), key);
            }
        }
        let newest = |(device, keys): (DeviceId, BTreeMap<(Millis, i64), FrameKey>)| {
            let more = keys.len().saturating_sub(FRAME_KEYS_OF_A_DEVICE as usize);
            keys.into_iter().skip(more).map(move |((at, entry), key)| RecentFrame {
                device: device.clone(),
                key,
                at,
                entry,
            })
        };
        Ok(all.into_iter().flat_map(newest).collect())
    }
}

async fn rows(
    connection: &mut SqliteConnection,
    wanted: &Wanted<'_>,
) -> sqlx::Result<Vec<Numbered>> {
    let mut query = QueryBuilder::<Sqlite>::new(select_entries!("WHERE frame_key IS NOT NULL"));
    match wanted.of {
        ReadingsOf::Device(id) => query.push(" AND device = ").push_bind(id.as_str()),
        ReadingsOf::Session(id) => query.push(" AND session = ").push_bind(id.as_str()),
    };
    if let Some(from) = wanted.from {
        query.push(" AND at >= ").push_bind(from.0);
    }
    if let Some(to) = wanted.to {
        query.push(" AND at <= ").push_bind(to.0);
    }
    if let Some(ReadingsCursor { at, id }) = wanted.after {
        query.push(" AND (at, id) > (").push_bind(at.0).push(", ").push_bind(id).push(")");
    }
    let count = i64::try_from(wanted.count).unwrap_or(i64::MAX);
    query.push(" ORDER BY at, id LIMIT ").push_bind(count);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(numbered).collect()
}

/// The pieces in which there may be some, by the time of their earliest entry.
async fn places(
    connection: &mut SqliteConnection,
    wanted: &Wanted<'_>,
    seen: u32,
) -> sqlx::Result<Vec<(Chain, u64, i64)>> {
    let from = wanted.from.max(wanted.after.map(|after| after.at));
    let mut query = QueryBuilder::<Sqlite>::new("SELECT chain, last_seq, from_at FROM ");
    match wanted.of {
        ReadingsOf::Device(id) => {
            query.push("piece_devices WHERE device = ").push_bind(id.as_str());
        }
        ReadingsOf::Session(id) => {
            query.push("pieces WHERE entries IS NOT NULL AND session = ").push_bind(id.as_str());
        }
    }
    if let Some(from) = from {
        query.push(" AND to_at >= ").push_bind(from.0);
    }
    if let Some(to) = wanted.to {
        query.push(" AND from_at <= ").push_bind(to.0);
    }
    query.push(" ORDER BY from_at, chain, last_seq LIMIT ").push_bind(PLACES);
    query.push(" OFFSET ").push_bind(seen);
    let rows = query.build().fetch_all(connection).await?;
    let read = |row: &sqlx::sqlite::SqliteRow| {
        let chain = decoded(row.try_get::<&str, _>(0)?.parse())?;
        Ok((chain, unsigned(row, 1)?, row.try_get(2)?))
    };
    rows.iter().map(read).collect()
}

async fn in_piece(
    connection: &mut SqliteConnection,
    chain: &Chain,
    last_seq: u64,
) -> sqlx::Result<Vec<Numbered>> {
    match Place::next(connection, chain, last_seq, last_seq).await? {
        Some(place) => place.entries(connection, chain).await,
        None => Ok(Vec::new()),
    }
}
