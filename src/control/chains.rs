use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::PATIENCE_FOR_LONG_WORK;
use super::context::ControlContext;
use super::request::Request;
use crate::journal::{Break, Fault, Verdict};
use crate::record::Chain;
use crate::vitals::{Millis, SessionId};

/// The names of the chains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListChains {}

impl Request for ListChains {
    type Answer = Vec<String>;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Vec<String>> {
        Ok(context.journal.chains().iter().map(ToString::to_string).collect())
    }
}

/// Walks the hashes of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyChain {
    /// The chain's name.
    pub chain: String,
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

impl Request for VerifyChain {
    type Answer = ChainState;
    const PATIENCE: Duration = PATIENCE_FOR_LONG_WORK;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<ChainState> {
        let Self { chain } = self;
        let verdict = context.journal.verify(&chain.parse::<Chain>()?).await?;
        let whole = ChainState {
            chain,
            whole: true,
            seq: 0,
            hash: None,
            left: 0,
            fault: None,
            last_seq: None,
            session: None,
            from: None,
        };
        Ok(match verdict {
            Verdict::Whole { last_seq: seq, hash, left } => {
                ChainState { seq, hash: Some(hash.to_string()), left, ..whole }
            }
            Verdict::Broken(Break { seq, last_seq, fault, session, from }) => ChainState {
                whole: false,
                seq,
                fault: Some(fault),
                last_seq: Some(last_seq),
                session,
                from,
                ..whole
            },
        })
    }
}
