//! The whole record, proved: every chain, the engine's own check, the files beside the database, and
//! the views.

use std::collections::BTreeSet;
use std::path::PathBuf;

use sqlx::Row;

use super::error::is_damage;
use super::{Journal, ReadError, Verdict, ViewState};
use crate::record::Chain;

/// The most faults that the engine is asked to tell.
const MOST_ENGINE_FAULTS: usize = 100;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Every chain that is there or is known to have been.
    pub chains: Vec<(Chain, Verdict)>,
    /// What the engine says of its file, in its own words; nothing when all is right.
    pub engine: Vec<String>,
    /// The files that say how far the chains reach, with what is wrong with one that says nothing.
    pub head_files: Vec<(PathBuf, Option<String>)>,
    /// What staff ask for, compared with what the chains tell of.
    pub views: Vec<ViewState>,
}

impl Journal {
    /// Verifies all of it. Takes as long as it takes to read everything.
    pub async fn prove(&self) -> Result<Proof, ReadError> {
        let engine = self.integrity().await.map_err(ReadError::new)?;
        let noted = self.noted().await?;
        let known: BTreeSet<Chain> =
            self.chains().into_iter().chain(noted.chains().cloned()).collect();
        let mut chains = Vec::new();
        for chain in known {
            let verdict = self.verify_with(&chain, &noted).await?;
            chains.push((chain, verdict));
        }
        let views = self.views(&noted).await?;
        Ok(Proof { chains, engine, head_files: noted.files, views })
    }

    /// The engine's own check of its pages and indexes.
    async fn integrity(&self) -> sqlx::Result<Vec<String>> {
        let check = format!("PRAGMA integrity_check({MOST_ENGINE_FAULTS})");
        let rows = sqlx::query(sqlx::AssertSqlSafe(check)).fetch_all(&self.long_readers).await;
        let rows = match rows {
            Ok(rows) => rows,
            // So damaged that not even the check can go through it.
            Err(error) if is_damage(&error) => return Ok(vec![error.to_string()]),
            Err(error) => return Err(error),
        };
        let words = rows.iter().map(|row| row.try_get::<String, _>(0));
        let words = words.collect::<sqlx::Result<Vec<_>>>()?;
        Ok(words.into_iter().filter(|word| word != "ok").collect())
    }
}
