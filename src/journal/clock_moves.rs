//! How the mark of the last moment alive was moved with the clock.

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::{Journal, ReadError};
use crate::store::move_answers;
use crate::vitals::Millis;

/// How many moves are remembered; a start that finds that the clock was set adds one.
const MOST_CLOCK_MOVES: i64 = 64;

/// The clock was set while the server was away, and the mark of its last moment alive with it.
/// Earlier entries keep the times that they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockMove {
    /// The last moment alive by the clock as it was.
    pub from: Millis,
    /// The same moment by the clock as it is since then.
    pub to: Millis,
}

/// A move that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredClockMove {
    /// What was moved.
    pub moved: ClockMove,
    /// The last entry before it, in the order of commit over all chains.
    pub last_entry: i64,
}

impl ClockMove {
    /// Written again after a doubtful commit, it moves nothing twice.
    pub(super) async fn write(
        self,
        last_entry: i64,
        connection: &mut SqliteConnection,
    ) -> sqlx::Result<()> {
        let noted = sqlx::query(
            "INSERT OR IGNORE INTO clock_moves (from_at, at, entry) VALUES (?1, ?2, ?3)",
        )
        .bind(self.from.0)
        .bind(self.to.0)
        .bind(last_entry)
        .execute(&mut *connection)
        .await?;
        if noted.rows_affected() > 0 {
            move_answers(self.to.since(self.from), connection).await?;
        }
        sqlx::query(
            "DELETE FROM clock_moves WHERE rowid NOT IN \
             (SELECT rowid FROM clock_moves ORDER BY rowid DESC LIMIT ?1)",
        )
        .bind(MOST_CLOCK_MOVES)
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Journal {
    /// How the mark of the last moment alive was moved, the newest first.
    pub async fn clock_moves(&self) -> Result<Vec<StoredClockMove>, ReadError> {
        let query = sqlx::query("SELECT from_at, at, entry FROM clock_moves ORDER BY rowid DESC");
        let rows = query.fetch_all(&self.long_readers).await.map_err(ReadError::new)?;
        let moved = |row: &SqliteRow| {
            let moved = ClockMove { from: Millis(row.try_get(0)?), to: Millis(row.try_get(1)?) };
            Ok(StoredClockMove { moved, last_entry: row.try_get(2)? })
        };
        rows.iter().map(moved).collect::<sqlx::Result<_>>().map_err(ReadError::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Mark;

    #[tokio::test]
    async fn of_many_settings_of_the_clock_the_newest_64_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        for n in 1..=70 {
            journal.move_alive(Millis(n), Mark::by_our_clock_alone(Millis(1_000 + n)));
        }
        let (stored, told) = tokio::sync::oneshot::channel();
        journal.barrier(stored);
        told.await.unwrap();
        let kept = journal.clock_moves().await.unwrap();
        let kept: Vec<_> = kept.iter().map(|stored| stored.moved).collect();
        let newest = |n| ClockMove { from: Millis(n), to: Millis(1_000 + n) };
        assert_eq!(kept, (7..=70).rev().map(newest).collect::<Vec<_>>());
        assert_eq!(journal.last_alive().await.unwrap().unwrap().at, Millis(1_070));
    }
}
