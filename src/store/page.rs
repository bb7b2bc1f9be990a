use std::fmt;
use std::str::FromStr;

use sqlx::{QueryBuilder, Sqlite};

use crate::vitals::Millis;

/// The most rows that one call returns, whatever limit it is given.
pub const MAX_ROWS: u32 = 1_000;

/// Where a page of a list ended. As text, to be handed out and taken back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub(super) at: Millis,
    pub(super) id: String,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

/// A text that is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place to go on from: give `next` of the answer before, unchanged")]
pub struct NoSuchPlace;

impl FromStr for Cursor {
    type Err = NoSuchPlace;

    fn from_str(text: &str) -> Result<Self, NoSuchPlace> {
        let (at, id) = text.split_once('.').ok_or(NoSuchPlace)?;
        let at = at.parse().map_err(|_| NoSuchPlace)?;
        Ok(Self { at: Millis(at), id: id.to_owned() })
    }
}

/// A part of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where to go on, when there is more.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// From up to `limit` rows and one more that shows that there is more.
    pub(super) fn of(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { rows, next }
    }

    /// This page without those of its rows that are no longer right, and with rows of the same list
    /// that are `known` without the disk: up to `limit`, after `after`.
    pub(super) fn joined(
        self,
        is_right: impl Fn(&T) -> bool,
        known: impl Iterator<Item = T>,
        (after, limit): (Option<&Cursor>, u32),
        cursor: impl Fn(&T) -> Cursor,
    ) -> Self {
        let Self { mut rows, next } = self;
        // What comes after the last row of a page that goes on is for the next one.
        let end = rows.last().filter(|_| next.is_some()).map(&cursor);
        rows.retain(is_right);
        rows.extend(known.filter(|row| {
            let place = cursor(row);
            after.is_none_or(|after| place < *after) && end.as_ref().is_none_or(|end| place >= *end)
        }));
        rows.sort_by_key(|row| std::cmp::Reverse(cursor(row)));
        let limit = limit.clamp(1, MAX_ROWS) as usize;
        let next = if rows.len() > limit {
            rows.truncate(limit);
            rows.last().map(cursor)
        } else {
            next
        };
        Self { rows, next }
    }
}

/// Conditions joined by `AND`, each left out when nothing is asked.
pub(super) struct Filter {
    pub(super) query: QueryBuilder<Sqlite>,
}

impl Filter {
    /// `select` ends before its `WHERE`.
    pub(super) fn new(select: &str) -> Self {
        Self { query: QueryBuilder::new(format!("{select} WHERE true")) }
    }

    /// ` AND {condition}{value}`; `condition` ends where the value goes.
    pub(super) fn and<'v, T>(&mut self, condition: &'static str, value: Option<T>)
    where
        T: sqlx::Encode<'v, Sqlite> + sqlx::Type<Sqlite>,
    {
        if let Some(value) = value {
            self.query.push(" AND ").push(condition).push_bind(value);
        }
    }

    /// Newest first by `time` and id, after `after`, one row more than `limit`.
    pub(super) fn newest_first(&mut self, time: &'static str, after: Option<&Cursor>, limit: u32) {
        let query = &mut self.query;
        if let Some(Cursor { at, id }) = after {
            query.push(format!(" AND ({time}, id) < (")).push_bind(at.0);
            query.push(", ").push_bind(id.as_str()).push(")");
        }
        query.push(format!(" ORDER BY {time} DESC, id DESC LIMIT ")).push_bind(limit + 1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::journal::Journal;
    use crate::store::{AuditRow, Upsert};

    #[tokio::test]
    async fn a_list_goes_on_after_a_thousand_rows_however_many_are_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let store = Journal::open(folder.path()).await.unwrap().store();
        let keep = async |lines: std::ops::Range<u32>| {
            let line = |n: u32| {
                let (who, what, detail) = ("KM".into(), "signed in".into(), String::new());
                Upsert::Audit(AuditRow { at: Millis(n.into()), who, what, detail })
            };
            let (stored, told) = oneshot::channel();
            store.put(lines.map(line).collect(), vec![stored]).unwrap();
            told.await.unwrap();
        };
        keep(0..MAX_ROWS).await;
        let whole = store.audit(None, u32::MAX).await.unwrap();
        assert_eq!((whole.rows.len(), whole.next), (1_000, None));
        keep(MAX_ROWS..MAX_ROWS + 1).await;
        let Page { rows, next } = store.audit(None, u32::MAX).await.unwrap();
        assert_eq!((rows.len(), rows[0].at), (1_000, Millis(1_000)));
        let rest = store.audit(next.as_ref(), u32::MAX).await.unwrap();
        assert_eq!((rest.rows.len(), rest.rows[0].at, rest.next), (1, Millis(0), None));
    }
}
