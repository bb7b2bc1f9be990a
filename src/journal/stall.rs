//! A disk that hangs, for tests: nothing is read and nothing is committed until it is let go.

use std::path::Path;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Sqlite};

use super::Journal;

/// While it lives, every reader is away and the writer waits for its lock.
pub(crate) struct Stall {
    readers: Vec<PoolConnection<Sqlite>>,
    writer: SqliteConnection,
}

impl Journal {
    pub(crate) async fn stall(&self, folder: &Path) -> Stall {
        let options = SqliteConnectOptions::new().filename(folder.join("dripwatch.db"));
        let mut writer = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
        let mut readers = Vec::new();
        for pool in [&self.readers, &self.long_readers] {
            for _ in 0..pool.options().get_max_connections() {
                readers.push(pool.acquire().await.unwrap());
            }
        }
        Stall { readers, writer }
    }
}

impl Stall {
    pub(crate) async fn end(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.writer).await.unwrap();
        self.writer.close().await.unwrap();
        drop(self.readers);
    }
}
