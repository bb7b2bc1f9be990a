//! What is sent to the hospital's systems: a queue for each of them, in its order.

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::Store;
use super::columns::{decoded, to_i64, unsigned};
use crate::journal::ReadError;
use crate::vitals::{Millis, SessionId};

/// The most messages set aside for one system whose text is kept; of older ones it is written anew
/// when somebody has them sent again.
pub const MOST_TEXTS_SET_ASIDE: u32 = 1_000;

/// Where a message of the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboundState {
    /// Its turn has not come.
    Waiting,
    /// Its turn has come: it is written, and sent until it has arrived or is refused for good.
    Sending,
    /// The receiver has it.
    Arrived,
    /// The receiver refused it, and it waits for a person.
    SetAside,
}

impl OutboundState {
    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Arrived => "arrived",
            Self::SetAside => "set_aside",
        }
    }

    fn named(name: &str) -> Result<Self, String> {
        let all = [Self::Waiting, Self::Sending, Self::Arrived, Self::SetAside];
        let known = all.into_iter().find(|state| state.name() == name);
        known.ok_or_else(|| format!("{name:?} is no state of a message"))
    }
}

/// A message as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundText {
    /// The message, to the letter.
    pub text: String,
    /// By which the receiver knows it.
    pub control: String,
    /// A digest of what it says.
    pub content: String,
    /// What a later message has to know of it: JSON.
    pub filed: String,
    /// Whether it changes something that has arrived.
    pub is_correction: bool,
}

/// A message of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundRow {
    /// Its number; those of one system are sent in this order.
    pub n: u64,
    /// The system's name in the configuration.
    pub destination: String,
    /// The session that it is about.
    pub session: SessionId,
    /// Where it is.
    pub state: OutboundState,
    /// Since when it waits.
    pub queued_at: Millis,
    /// The message; `None` before its turn, and once it has arrived.
    pub text: Option<String>,
    /// By which the receiver knows it.
    pub control: Option<String>,
    /// A digest of what it says.
    pub content: Option<String>,
    /// What a later message has to know of it.
    pub filed: Option<String>,
    /// Whether it changes something that has arrived.
    pub is_correction: bool,
    /// A person has it sent again, and nobody has looked yet whether the text is still right.
    pub is_again: bool,
    /// How often it was refused.
    pub tries: u32,
    /// When it was last tried in vain.
    pub tried_at: Option<Millis>,
    /// What went wrong then.
    pub why: Option<String>,
    /// Since when it cannot be brought there.
    pub trouble_since: Option<Millis>,
    /// When it arrived or was set aside.
    pub ended_at: Option<Millis>,
}

/// How much there is for a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboundCounts {
    /// Messages that wait or are being sent.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Millis>,
    /// Sessions whose newest message has arrived.
    pub arrived: u64,
    /// When the last one did.
    pub last_arrived_at: Option<Millis>,
    /// Messages that were set aside.
    pub set_aside: u64,
}

/// A change of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboundChange {
    /// The configuration has this system.
    Known {
        /// Its name.
        destination: String,
        /// The present.
        at: Millis,
    },
    /// Something of a session is to be sent, unless that waits already.
    Queued {
        /// To which system.
        destination: String,
        /// Which session.
        session: SessionId,
        /// The present.
        at: Millis,
    },
    /// A change of a session was looked at.
    Looked {
        /// Its number.
        n: u64,
    },
    /// The turn of a message has come: what changes from now on is another message's.
    Begun {
        /// Its number.
        n: u64,
    },
    /// It is written.
    Written {
        /// Its number.
        n: u64,
        /// As it will be sent.
        text: OutboundText,
    },
    /// It was tried in vain, and will be tried again.
    Tried {
        /// Its number.
        n: u64,
        /// When.
        at: Millis,
        /// How often it was refused.
        tries: u32,
        /// What went wrong.
        why: String,
        /// Since when it cannot be brought there; `None` when it was brought and refused.
        trouble_since: Option<Millis>,
    },
    /// The receiver has it.
    Arrived {
        /// Its number.
        n: u64,
        /// When.
        at: Millis,
    },
    /// It waits for a person.
    SetAside {
        /// Its number.
        n: u64,
        /// When.
        at: Millis,
        /// How often it was refused.
        tries: u32,
        /// What was said.
        why: String,
    },
    /// A person has it sent again.
    Again {
        /// Its number.
        n: u64,
    },
    /// There is nothing to send.
    Dropped {
        /// Its number.
        n: u64,
    },
}

impl OutboundChange {
    pub(super) async fn apply(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let query = match self {
            Self::Known { destination, at } => {
                let sql = "INSERT OR IGNORE INTO outbound_destinations (name, since) VALUES (?, ?)";
                sqlx::query(sql).bind(destination).bind(at.0)
            }
            Self::Queued { destination, session, at } => sqlx::query(
                "INSERT INTO outbound (destination, session, state, queued_at) \
                 SELECT ?1, ?2, 'waiting', ?3 WHERE NOT EXISTS (SELECT 1 FROM outbound \
                     WHERE destination = ?1 AND session = ?2 AND state = 'waiting')",
            )
            .bind(destination)
            .bind(session.as_str())
            .bind(at.0),
            Self::Looked { n } => {
                sqlx::query("DELETE FROM outbound_changes WHERE n = ?").bind(to_i64(*n))
            }
            Self::Begun { n } => sqlx::query(
                "UPDATE outbound SET state = 'sending' WHERE n = ? AND state = 'waiting'",
            )
            .bind(to_i64(*n)),
            Self::Written { n, text } => sqlx::query(
                "UPDATE outbound SET text = ?2, control = ?3, content = ?4, filed = ?5, \
                 is_correction = ?6, again = 0 WHERE n = ?1 AND state = 'sending'",
            )
            .bind(to_i64(*n))
            .bind(&text.text)
            .bind(&text.control)
            .bind(&text.content)
            .bind(&text.filed)
            .bind(text.is_correction),
            Self::Tried { n, at, tries, why, trouble_since } => sqlx::query(
                "UPDATE outbound SET tries = ?2, tried_at = ?3, why = ?4, trouble_since = ?5 \
                 WHERE n = ?1 AND state = 'sending'",
            )
            .bind(to_i64(*n))
            .bind(*tries)
            .bind(at.0)
            .bind(why)
            .bind(trouble_since.map(|since| since.0)),
            Self::Arrived { n, at } => {
                let arrived = sqlx::query(
                    "UPDATE outbound SET state = 'arrived', text = NULL, why = NULL, \
                     trouble_since = NULL, ended_at = ?2 WHERE n = ?1 AND state = 'sending'",
                );
                arrived.bind(to_i64(*n)).bind(at.0).execute(&mut *connection).await?;
                // What it says is newer than what any earlier one of the session said.
                sqlx::query(
                    "DELETE FROM outbound WHERE n < ?1 AND state IN ('arrived', 'set_aside') \
                     AND (destination, session) = \
                         (SELECT destination, session FROM outbound WHERE n = ?1 AND state = 'arrived')",
                )
                .bind(to_i64(*n))
            }
            Self::SetAside { n, at, tries, why } => {
                let set_aside = sqlx::query(
                    "UPDATE outbound SET state = 'set_aside', tries = ?2, tried_at = ?3, \
                     ended_at = ?3, why = ?4, trouble_since = NULL \
                     WHERE n = ?1 AND state IN ('waiting', 'sending')",
                );
                let bound = set_aside.bind(to_i64(*n)).bind(*tries).bind(at.0).bind(why);
                bound.execute(&mut *connection).await?;
                sqlx::query(
                    "UPDATE outbound SET text = NULL WHERE state = 'set_aside' AND text IS NOT NULL \
                     AND destination = (SELECT destination FROM outbound WHERE n = ?1) \
                     AND n < (SELECT min(n) FROM (SELECT n FROM outbound AS kept \
                         WHERE kept.state = 'set_aside' AND kept.destination = \
                             (SELECT destination FROM outbound WHERE n = ?1) \
                         ORDER BY n DESC LIMIT ?2))",
                )
                .bind(to_i64(*n))
                .bind(MOST_TEXTS_SET_ASIDE)
            }
            Self::Again { n } => sqlx::query(
                "UPDATE outbound SET state = 'waiting', tries = 0, again = 1, ended_at = NULL \
                 WHERE n = ? AND state = 'set_aside'",
            )
            .bind(to_i64(*n)),
            Self::Dropped { n } => {
                let sql = "DELETE FROM outbound WHERE n = ? AND state IN ('waiting', 'sending')";
                sqlx::query(sql).bind(to_i64(*n))
            }
        };
        query.execute(connection).await?;
        Ok(())
    }

    /// Bytes of text that it holds.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Written { text, .. } => text.text.len() + text.filed.len(),
            Self::Tried { why, .. } | Self::SetAside { why, .. } => why.len(),
            _ => 0,
        }
    }
}

/// Removes what names the patient of a session and has not arrived: it is not sent any more.
pub(crate) async fn erase(session: &str, connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM outbound WHERE session = ? AND state <> 'arrived'")
        .bind(session)
        .execute(connection)
        .await?;
    Ok(())
}

const SELECT: &str = "SELECT * FROM outbound";

impl OutboundRow {
    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        let time =
            |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Millis));
        Ok(Self {
            n: unsigned(row, "n")?,
            destination: row.try_get("destination")?,
            session: decoded(SessionId::new(row.try_get("session")?))?,
            state: decoded(OutboundState::named(row.try_get("state")?))?,
            queued_at: Millis(row.try_get("queued_at")?),
            text: row.try_get("text")?,
            control: row.try_get("control")?,
            content: row.try_get("content")?,
            filed: row.try_get("filed")?,
            is_correction: row.try_get("is_correction")?,
            is_again: row.try_get("again")?,
            tries: row.try_get("tries")?,
            tried_at: time("tried_at")?,
            why: row.try_get("why")?,
            trouble_since: time("trouble_since")?,
            ended_at: time("ended_at")?,
        })
    }
}

impl Store {
    /// Changes of sessions that are over, the first ones first: number and session.
    pub async fn outbound_changes(&self, limit: u32) -> Result<Vec<(u64, SessionId)>, ReadError> {
        let query =
            sqlx::query("SELECT n, session FROM outbound_changes ORDER BY n LIMIT ?").bind(limit);
        let read = |row: &SqliteRow| {
            Ok((unsigned(row, "n")?, decoded(SessionId::new(row.try_get("session")?))?))
        };
        self.all(query, read).await
    }

    /// Since when a system is known.
    pub async fn outbound_since(&self, destination: &str) -> Result<Option<Millis>, ReadError> {
        let query = sqlx::query("SELECT since FROM outbound_destinations WHERE name = ?");
        self.one(query.bind(destination), |row| Ok(Millis(row.try_get("since")?))).await
    }

    /// The message whose turn it is.
    pub async fn outbound_next(&self, destination: &str) -> Result<Option<OutboundRow>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM outbound WHERE destination = ? AND state IN ('waiting', 'sending') \
             ORDER BY n LIMIT 1",
        );
        self.one(query.bind(destination), OutboundRow::read).await
    }

    /// The last message of a session that has arrived there.
    pub async fn outbound_arrived(
        &self,
        destination: &str,
        session: &SessionId,
    ) -> Result<Option<OutboundRow>, ReadError> {
        let query = sqlx::query(
            "SELECT * FROM outbound WHERE destination = ? AND session = ? AND state = 'arrived' \
             ORDER BY n DESC LIMIT 1",
        );
        self.one(query.bind(destination).bind(session.as_str()), OutboundRow::read).await
    }

    /// The message of this number.
    pub async fn outbound(&self, n: u64) -> Result<Option<OutboundRow>, ReadError> {
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE n = ?")));
        self.one(query.bind(to_i64(n)), OutboundRow::read).await
    }

    /// Those that were set aside for a system, the newest first, without their text.
    pub async fn outbound_set_aside(
        &self,
        destination: &str,
        limit: u32,
    ) -> Result<Vec<OutboundRow>, ReadError> {
        let query = sqlx::query(
            "SELECT n, destination, session, state, queued_at, NULL AS text, control, content, \
                 NULL AS filed, is_correction, again, tries, tried_at, why, trouble_since, ended_at \
             FROM outbound WHERE destination = ? AND state = 'set_aside' ORDER BY n DESC LIMIT ?",
        );
        self.all(query.bind(destination).bind(limit), OutboundRow::read).await
    }

    /// How much there is for a system.
    pub async fn outbound_counts(&self, destination: &str) -> Result<OutboundCounts, ReadError> {
        let query = sqlx::query(
            // Each of them by an index: what has arrived stays, and is asked for every second.
            "SELECT (SELECT count(*) FROM outbound WHERE destination = ?1 \
                     AND state IN ('waiting', 'sending')) AS waiting, \
                 (SELECT min(queued_at) FROM outbound WHERE destination = ?1 \
                     AND state IN ('waiting', 'sending')) AS oldest, \
                 (SELECT count(*) FROM outbound WHERE destination = ?1 \
                     AND state = 'arrived') AS arrived, \
                 (SELECT max(ended_at) FROM outbound WHERE destination = ?1 \
                     AND state = 'arrived') AS last_arrived_at, \
                 (SELECT count(*) FROM outbound WHERE destination = ?1 \
                     AND state = 'set_aside') AS set_aside",
        );
        let read = |row: &SqliteRow| {
            let time = |column: &str| {
                Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Millis))
            };
            Ok(OutboundCounts {
                waiting: unsigned(row, "waiting")?,
                oldest: time("oldest")?,
                arrived: unsigned(row, "arrived")?,
                last_arrived_at: time("last_arrived_at")?,
                set_aside: unsigned(row, "set_aside")?,
            })
        };
        Ok(self.one(query.bind(destination), read).await?.unwrap_or_default())
    }
}
