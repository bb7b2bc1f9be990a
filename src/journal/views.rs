//! Whether the views hold what the chains tell of: lines of the audit, sessions, alerts.
//!
//! Only entries of layout 19 and later are asked: before, an edition could keep less in its views.

use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use super::noted::Noted;
use super::tail::tail;
use super::{Journal, ReadError};
use crate::record::{Batched, Chain, Entry, HashVersion, StoredEntry};
use crate::store::columns::unsigned;
use crate::store::{AuditRow, Upsert};
use crate::vitals::{Millis, SessionId};

/// Rows that are made anew in one transaction.
const REBUILT_AT_ONCE: usize = 500;

/// A view, compared with the chains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewState {
    /// Its name.
    pub view: String,
    /// Whether it holds all that the chains tell of, and the same.
    pub whole: bool,
    /// How often a chain tells of something in it.
    pub told: u64,
    /// Of these, how often it is not there.
    pub missing: u64,
    /// How often it is something else.
    pub different: u64,
    /// The first of both.
    pub first: Option<ToldOf>,
}

/// Something that a chain tells of and a view does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldOf {
    /// What it is.
    pub what: String,
    /// When that was told.
    pub at: Millis,
}

/// All views that are compared.
#[derive(Debug)]
struct Views {
    audit: ViewState,
    sessions: ViewState,
    alerts: ViewState,
}

/// Something that a chain tells of.
enum Told {
    Audit(AuditRow),
    Session(SessionId),
    Alert { id: String, condition: String },
}

#[derive(Clone, Copy)]
enum Found {
    Same,
    Different,
    Missing,
}

impl ViewState {
    fn of(view: &str) -> Self {
        Self { view: view.to_owned(), whole: true, ..Self::default() }
    }

    fn count(&mut self, found: Found, what: impl FnOnce() -> String, at: Millis) {
        self.told += 1;
        match found {
            Found::Same => return,
            Found::Different => self.different += 1,
            Found::Missing => self.missing += 1,
        }
        self.whole = false;
        self.first.get_or_insert_with(|| ToldOf { what: what(), at });
    }
}

/// The lines of the audit that go with entries: told by the last of them, from which they can be made
/// anew.
pub(super) fn tell_audit(entries: &mut [Entry], views: &[Upsert]) {
    let rows: Vec<&AuditRow> = (views.iter())
        .filter_map(|view| match view {
            Upsert::Audit(row) => Some(row),
            _ => None,
        })
        .collect();
    let Some(entry) = entries.last_mut().filter(|_| !rows.is_empty()) else { return };
    let Ok(mut body) = serde_json::from_str::<serde_json::Value>(&entry.body) else { return };
    if let Some(fields) = body.as_object_mut() {
        fields.insert("audit".to_owned(), serde_json::json!(rows));
        entry.body = body.to_string();
    }
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    audit: Vec<AuditRow>,
    open: Option<Opened>,
    alert: Option<Shown>,
}

#[derive(Deserialize)]
struct Opened {
    session: SessionId,
}

#[derive(Deserialize)]
struct Shown {
    alert: String,
    condition: String,
}

/// What an entry tells of; nothing for most.
fn told(chain: &Chain, stored: &StoredEntry) -> Vec<Told> {
    let StoredEntry { entry, hash_version, .. } = stored;
    let words: &[&str] = match chain {
        Chain::Clinic => &["\"audit\""],
        Chain::Room(_) => &["\"open\"", "\"alert\""],
    };
    let is_old = *hash_version == HashVersion::WithoutAddress;
    if is_old || entry.is_checkpoint || !words.iter().any(|word| entry.body.contains(word)) {
        return Vec::new();
    }
    let Ok(Body { audit, open, alert }) = serde_json::from_str(&entry.body) else {
        return Vec::new();
    };
    if *chain == Chain::Clinic {
        return audit.into_iter().map(Told::Audit).collect();
    }
    let alert = alert.and_then(|Shown { alert, condition }| {
        // `a1` in a session, and otherwise the whole id. The end of one after its session is told
        // outside of it: then those before have told of it.
        let is_short = alert.strip_prefix('a').is_some_and(|n| n.parse::<u32>().is_ok());
        let id = match &entry.session {
            Some(session) if is_short => format!("{session}-{alert}"),
            None if is_short => return None,
            _ => alert,
        };
        Some(Told::Alert { id, condition })
    });
    open.map(|open| Told::Session(open.session)).into_iter().chain(alert).collect()
}

impl Told {
    fn view<'a>(&self, views: &'a mut Views) -> &'a mut ViewState {
        match self {
            Self::Audit(_) => &mut views.audit,
            Self::Session(_) => &mut views.sessions,
            Self::Alert { .. } => &mut views.alerts,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Audit(AuditRow { who, what, detail, .. }) => format!("{who}, {what} {detail}"),
            Self::Session(id) => id.to_string(),
            Self::Alert { id, .. } => id.clone(),
        }
    }

    async fn find(&self, reader: &mut SqliteConnection) -> sqlx::Result<Found> {
        let row =
            match self {
                Self::Audit(AuditRow { at, who, what, detail }) => sqlx::query(
                    "SELECT 1 FROM audit WHERE at = ?1 AND who = ?2 AND what = ?3 AND detail = ?4",
                )
                .bind(at.0)
                .bind(who)
                .bind(what)
                .bind(detail)
                .fetch_optional(&mut *reader)
                .await?,
                // Its room and first entry are those of an entry of it.
                Self::Session(id) => {
                    sqlx::query(
                        "SELECT EXISTS (SELECT 1 FROM entries WHERE chain = 'room/' || one.room \
                         AND seq = one.opened_seq AND session = one.id) \
                     OR EXISTS (SELECT 1 FROM pieces WHERE chain = 'room/' || one.room \
                         AND last_seq >= one.opened_seq AND first_seq <= one.opened_seq \
                         AND session = one.id) \
                     FROM sessions AS one WHERE id = ?1",
                    )
                    .bind(id.as_str())
                    .fetch_optional(&mut *reader)
                    .await?
                }
                Self::Alert { id, condition } => {
                    sqlx::query("SELECT condition = ?2 FROM alerts WHERE id = ?1")
                        .bind(id)
                        .bind(condition)
                        .fetch_optional(&mut *reader)
                        .await?
                }
            };
        let Some(row) = row else { return Ok(Found::Missing) };
        let is_same = row.try_get(0)? || self.is_in_batches(reader).await?;
        Ok(if is_same { Found::Same } else { Found::Different })
    }

    /// Whether a session's room and first entry are those of an entry in a batch.
    async fn is_in_batches(&self, reader: &mut SqliteConnection) -> sqlx::Result<bool> {
        let Self::Session(id) = self else { return Ok(false) };
        let row = sqlx::query("SELECT room, opened_seq FROM sessions WHERE id = ?1");
        let row = row.bind(id.as_str()).fetch_one(&mut *reader).await?;
        let (chain, seq) = (format!("room/{}", row.try_get::<&str, _>(0)?), unsigned(&row, 1)?);
        let is_it = |one: &Batched<'_>| {
            one.chain() == chain && one.seq() == seq && one.session() == Some(id.as_str())
        };
        Ok(!tail(reader, is_it).await?.entries.is_empty())
    }
}

impl Journal {
    /// Compares the views with what the chains tell of.
    pub(super) async fn views(&self, noted: &Noted) -> Result<Vec<ViewState>, ReadError> {
        let mut views = Views {
            audit: ViewState::of("audit"),
            sessions: ViewState::of("sessions"),
            alerts: ViewState::of("alerts"),
        };
        for chain in self.chains() {
            let mut pages = self.read_range(&chain, 1, self.committed_seq(&chain));
            loop {
                let page = match pages.next().await {
                    Ok(page) => page,
                    // The chain is broken there, and said to be.
                    Err(error) if error.is_damage() => break,
                    Err(error) => return Err(error),
                };
                if page.is_empty() {
                    break;
                }
                for stored in &page {
                    self.compare(&chain, stored, noted, &mut views)
                        .await
                        .map_err(ReadError::new)?;
                }
            }
        }
        Ok(vec![views.audit, views.sessions, views.alerts])
    }

    async fn compare(
        &self,
        chain: &Chain,
        stored: &StoredEntry,
        noted: &Noted,
        views: &mut Views,
    ) -> sqlx::Result<()> {
        let all = told(chain, stored);
        if all.is_empty() {
            return Ok(());
        }
        let mut reader = self.long_readers.acquire().await?;
        for one in all {
            // The alerts of a session that was deleted are gone from the lists.
            let is_gone = matches!(one, Told::Alert { .. })
                && stored.entry.session.as_ref().is_some_and(|id| noted.is_deleted(id));
            if !is_gone {
                let found = one.find(&mut reader).await?;
                one.view(views).count(found, || one.name(), stored.entry.at);
            }
        }
        Ok(())
    }

    /// Makes anew the lines of the audit that are not there; gives how many. What else the views hold
    /// is not told in full by the chains.
    pub async fn rebuild_views(&self) -> Result<u64, ReadError> {
        let chain = Chain::Clinic;
        let mut pages = self.read_range(&chain, 1, self.committed_seq(&chain));
        let (mut rebuilt, mut rows) = (0, Vec::new());
        loop {
            let page = pages.next().await?;
            if page.is_empty() {
                break;
            }
            for one in page.iter().flat_map(|stored| told(&chain, stored)) {
                let mut reader = self.long_readers.acquire().await.map_err(ReadError::new)?;
                let found = one.find(&mut reader).await.map_err(ReadError::new)?;
                drop(reader);
                if let (Told::Audit(row), Found::Missing) = (one, found) {
                    rows.push(Upsert::Audit(row));
                    rebuilt += 1;
                }
            }
            if rows.len() >= REBUILT_AT_ONCE {
                self.put(std::mem::take(&mut rows)).await?;
            }
        }
        self.put(rows).await?;
        Ok(rebuilt)
    }

    async fn put(&self, rows: Vec<Upsert>) -> Result<(), ReadError> {
        let (stored, told) = oneshot::channel();
        let refused = |what: String| ReadError::new(sqlx::Error::Protocol(what));
        self.store().put(rows, vec![stored]).map_err(|error| refused(error.to_string()))?;
        told.await.map_err(|_| refused("the disk did not take it".to_owned()))
    }
}
