//! The journal as its users see it, over real files.

mod appending;
mod batches;
mod chains;
mod heads;
mod layouts;
mod opening;
mod packed;
mod proven;
mod reading;
mod views;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::as_rows::as_rows;
use crate::record::{ChainHash, FrameKey, StoredEntry};
use crate::store::{AuditRow, Upsert};
use crate::vitals::{DeviceId, RoomId, SessionId};

const LONG: Duration = Duration::from_secs(60);

struct Bench {
    folder: TempDir,
    journal: Journal,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        Self { folder, journal }
    }

    async fn reopened(self) -> Self {
        let folder = self.closed().await;
        let journal = Journal::open(folder.path()).await.unwrap();
        Self { folder, journal }
    }

    async fn closed(self) -> TempDir {
        self.journal.close(LONG).await.unwrap();
        self.folder
    }

    fn append(&self, chain: &Chain, entries: Vec<Entry>) {
        let seq = self.journal.next_seq(chain);
        self.journal.append(chain, seq, entries, vec![], vec![]).unwrap();
    }

    async fn all_stored(&self) {
        let (stored, told) = oneshot::channel();
        self.journal.barrier(stored);
        told.await.unwrap();
    }

    /// Looks at, or tampers with, the file behind the journal's back.
    async fn raw(&self) -> SqliteConnection {
        raw(self.folder.path()).await
    }

    async fn tamper(&self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.raw().await).await.unwrap();
    }

    /// The same behind the back of a version before there were batches, which kept rows.
    async fn tamper_with_rows(&self, sql: &'static str) {
        let mut raw = self.raw().await;
        as_rows(&mut raw).await;
        sqlx::query(sql).execute(&mut raw).await.unwrap();
    }

    /// What is recorded is as versions before there were batches left it.
    async fn kept_as_rows(self) -> Self {
        as_rows(&mut self.raw().await).await;
        self.reopened().await
    }

    async fn disk_fails(&self) {
        for table in ["entries", "batches"] {
            let trigger = format!(
                "CREATE TRIGGER full_{table} BEFORE INSERT ON {table} \
                 BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
            );
            sqlx::query(AssertSqlSafe(trigger)).execute(&mut self.raw().await).await.unwrap();
        }
    }

    async fn disk_works(&self) {
        self.tamper("DROP TRIGGER full_entries").await;
        self.tamper("DROP TRIGGER full_batches").await;
    }

    async fn failed_once(&self) {
        while self.journal.counters().failures == 0 {
            tokio::task::yield_now().await;
        }
    }
}

async fn raw(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("dripwatch.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn room(id: &str) -> Chain {
    Chain::Room(RoomId::new(id).unwrap())
}

fn note(at: i64, text: &str) -> Entry {
    Entry { at: Millis(at), body: format!("{{\"note\":\"{text}\"}}"), ..Entry::default() }
}

fn frame(device: &str, at: i64, number: u32) -> Entry {
    Entry {
        device: Some(DeviceId::new(device).unwrap()),
        frame_key: Some(FrameKey::of(&[&number.to_le_bytes()])),
        ..note(at, &number.to_string())
    }
}

fn bodies(entries: &[StoredEntry]) -> Vec<&str> {
    entries.iter().map(|stored| stored.entry.body.as_str()).collect()
}

fn session() -> SessionId {
    SessionId::new("s1").unwrap()
}
