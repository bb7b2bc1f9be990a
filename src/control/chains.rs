use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::context::ControlContext;
use super::request::{Changed, Request};
use super::sink::audit;
use crate::journal::{Break, Fault, Proof, Verdict, ViewState};
use crate::record::Chain;
use crate::vitals::{Millis, SessionId};

/// How long a command waits while the whole record is read.
const PATIENCE_FOR_THE_RECORD: Duration = Duration::from_secs(6 * 60 * 60);

/// Verifies the whole record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyRecord {}

/// What that showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordState {
    /// Whether everything is as it was written.
    pub whole: bool,
    /// Every chain that is there or is known to have been.
    pub chains: Vec<ChainState>,
    /// The database's file.
    pub database: DatabaseState,
    /// The files that say how far the chains reach.
    pub head_files: Vec<HeadFileState>,
    /// What staff ask for, compared with what the chains tell of.
    pub views: Vec<ViewState>,
}

/// What a walk along a chain showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainState {
    /// Its name.
    pub chain: String,
    /// Whether every entry is as it was written.
    pub whole: bool,
    /// The number of the last entry; of a broken chain, of the first that is not as written.
    pub seq: u64,
    /// The hash of the last entry of a whole chain.
    pub hash: Option<String>,
    /// Entries of a whole chain that left on purpose, as the record says.
    pub left: u64,
    /// What is wrong with that entry.
    pub fault: Option<Fault>,
    /// The number of the last entry that is lost with it.
    pub last_seq: Option<u64>,
    /// The session that they belong to, if that is known.
    pub session: Option<SessionId>,
    /// When the first of them was taken, or the last one before.
    pub from: Option<Millis>,
}

/// What the engine says of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseState {
    /// Whether it found nothing.
    pub whole: bool,
    /// What it found, in its own words.
    pub faults: Vec<String>,
}

/// A file that says how far the chains reach. Whether they do is said of each chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadFileState {
    /// The file.
    pub file: PathBuf,
    /// Whether it says anything.
    pub whole: bool,
    /// Why not.
    pub fault: Option<String>,
}

impl ChainState {
    fn of((chain, verdict): (Chain, Verdict)) -> Self {
        let whole = Self {
            chain: chain.to_string(),
            whole: true,
            seq: 0,
            hash: None,
            left: 0,
            fault: None,
            last_seq: None,
            session: None,
            from: None,
        };
        match verdict {
            Verdict::Whole { last_seq: seq, hash, left } => {
                Self { seq, hash: Some(hash.to_string()), left, ..whole }
            }
            Verdict::Broken(Break { seq, last_seq, fault, session, from }) => Self {
                whole: false,
                seq,
                fault: Some(fault),
                last_seq: Some(last_seq),
                session,
                from,
                ..whole
            },
        }
    }
}

impl From<Proof> for RecordState {
    fn from(proof: Proof) -> Self {
        let Proof { chains, engine, head_files, views } = proof;
        let chains: Vec<ChainState> = chains.into_iter().map(ChainState::of).collect();
        let database = DatabaseState { whole: engine.is_empty(), faults: engine };
        let state = |(file, fault): (PathBuf, Option<String>)| HeadFileState {
            file,
            whole: fault.is_none(),
            fault,
        };
        let head_files: Vec<HeadFileState> = head_files.into_iter().map(state).collect();
        let whole = chains.iter().all(|chain| chain.whole)
            && database.whole
            && head_files.iter().all(|file| file.whole)
            && views.iter().all(|view| view.whole);
        Self { whole, chains, database, head_files, views }
    }
}

impl Request for VerifyRecord {
    type Answer = RecordState;
    const PATIENCE: Duration = PATIENCE_FOR_THE_RECORD;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<RecordState> {
        Ok(context.journal.prove().await?.into())
    }
}

/// Goes on without what is missing: from now on the chains are verified as far as they reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptLoss {
    /// The chains that end earlier than they did, or with other entries.
    pub chains: Vec<Chain>,
}

impl Request for AcceptLoss {
    type Answer = Changed<()>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<()>> {
        let names: Vec<String> = self.chains.iter().map(ToString::to_string).collect();
        let views = vec![audit(context.clock, "accepted a loss", names.join(", "))];
        let details = json!({"chains": self.chains});
        let (sink, clock) = (&context.sink, context.clock);
        let recorded = sink.record(clock, "heads_accepted", details, views).await?;
        Ok(Changed { now: (), recorded })
    }
}

/// Makes anew what the chains tell in full and the views do not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RebuildViews {}

/// What was made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuilt {
    /// Lines of the audit.
    pub audit: u64,
}

impl Request for RebuildViews {
    type Answer = Rebuilt;
    const PATIENCE: Duration = PATIENCE_FOR_THE_RECORD;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Rebuilt> {
        Ok(Rebuilt { audit: context.journal.rebuild_views().await? })
    }
}
