use std::fmt;

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::columns::{bytes, decoded, readable};
use crate::access::Role;
use crate::contract::ProgramToken;
use crate::vitals::Millis;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A monitor sends readings; the subject is its device id.
    Device,
    /// A program asks questions; the subject is its name.
    Program,
    /// Somebody is signed in; the subject is their name.
    Login,
}

impl TokenKind {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Program => "program",
            Self::Login => "login",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "device" => Ok(Self::Device),
            "program" => Ok(Self::Program),
            "login" => Ok(Self::Login),
            _ => Err(format!("unknown kind of token {text:?}")),
        }
    }
}

/// A token that was given out. The token itself is not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// BLAKE3 of the token.
    pub hash: [u8; 32],
    /// What it is for.
    pub kind: TokenKind,
    /// Whose it is: a device's id, a program's or a person's name.
    pub subject: String,
    /// The role that it carries, when it is not the subject's own.
    pub role: Option<String>,
    /// When it was given out.
    pub created_at: Millis,
    /// From when on it is no longer valid.
    pub expires_at: Option<Millis>,
    /// When it was last used, as far as [`super::Upsert::TokenUsed`] said so.
    pub last_used: Option<Millis>,
    /// Whether it was taken back. Once taken back it stays so.
    pub ended: bool,
}

impl fmt::Debug for TokenRow {
    /// Without the hash: what is printed ends in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRow")
            .field("kind", &self.kind)
            .field("subject", &self.subject)
            .field("role", &self.role)
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl TokenRow {
    pub(super) async fn upsert(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO tokens (hash, kind, subject, role, created_at, expires_at, last_used, \
             ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET \
             role = excluded.role, created_at = excluded.created_at, \
             expires_at = excluded.expires_at, \
             last_used = coalesce(excluded.last_used, last_used), \
             ended = max(ended, excluded.ended)",
        )
        .bind(self.hash.as_slice())
        .bind(self.kind.as_str())
        .bind(&self.subject)
        .bind(self.role.as_ref())
        .bind(self.created_at.0)
        .bind(self.expires_at.map(|at| at.0))
        .bind(self.last_used.map(|at| at.0))
        .bind(self.ended)
        .execute(&mut *connection)
        .await?;
        // Signing in is what makes tokens pile up, so it is also what clears the worthless ones.
        sqlx::query("DELETE FROM tokens WHERE kind = 'login' AND expires_at <= ?")
            .bind(self.created_at.0)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn read(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            hash: bytes(row.try_get("hash")?)?,
            kind: decoded(TokenKind::parse(row.try_get("kind")?))?,
            subject: row.try_get("subject")?,
            role: row.try_get("role")?,
            created_at: Millis(row.try_get("created_at")?),
            expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(Millis),
            last_used: row.try_get::<Option<i64>, _>("last_used")?.map(Millis),
            ended: row.try_get("ended")?,
        })
    }
}

/// Notes a use, and moves the end of its life when `expires_at` is given.
pub(super) async fn used(
    hash: &[u8; 32],
    at: Millis,
    expires_at: Option<Millis>,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE tokens SET last_used = ?2, expires_at = coalesce(?3, expires_at) WHERE hash = ?1",
    )
    .bind(hash.as_slice())
    .bind(at.0)
    .bind(expires_at.map(|at| at.0))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn end(hash: &[u8; 32], connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let query = sqlx::query("UPDATE tokens SET ended = 1 WHERE hash = ?").bind(hash.as_slice());
    query.execute(connection).await?;
    Ok(())
}

pub(super) async fn end_all(
    kind: TokenKind,
    subject: &str,
    connection: &mut SqliteConnection,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE tokens SET ended = 1 WHERE kind = ? AND subject = ? AND ended = 0")
        .bind(kind.as_str())
        .bind(subject)
        .execute(connection)
        .await?;
    Ok(())
}

/// Those that were not taken back, expired or not.
pub(super) async fn not_ended(connection: &mut SqliteConnection) -> sqlx::Result<Vec<TokenRow>> {
    let rows = sqlx::query("SELECT * FROM tokens WHERE ended = 0").fetch_all(connection).await?;
    Ok(readable(rows.iter().map(TokenRow::read), "a token"))
}

impl From<TokenRow> for ProgramToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.subject.clone(),
            name: row.subject,
            role: row.role.and_then(|role| role.parse().ok()).unwrap_or(Role::Display),
            created_at: row.created_at,
            last_used: row.last_used,
        }
    }
}
