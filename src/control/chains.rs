use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::PATIENCE_FOR_LONG_WORK;
use super::context::ControlContext;
use super::request::Request;
use crate::journal::{Fault, Verdict};
use crate::record::Chain;

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
    /// What is wrong with that entry.
    pub fault: Option<Fault>,
}

impl Request for VerifyChain {
    type Answer = ChainState;
    const PATIENCE: Duration = PATIENCE_FOR_LONG_WORK;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<ChainState> {
        let Self { chain } = self;
        let verdict = context.journal.verify(&chain.parse::<Chain>()?).await?;
        Ok(match verdict {
            Verdict::Whole { last_seq: seq, hash } => {
                ChainState { chain, whole: true, seq, hash: Some(hash.to_string()), fault: None }
            }
            Verdict::Broken { seq, fault } => {
                ChainState { chain, whole: false, seq, hash: None, fault: Some(fault) }
            }
        })
    }
}
