use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::data::AnswerArgs;
use super::data_client::DataClient;
use super::say;
use crate::control::{ChainState, ListChains, VerifyChain};
use crate::journal::Fault;

/// Walks every chain and compares each entry with its hash. Exits with 1 when one is not as it was
/// written.
#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    answer: AnswerArgs,
}

pub(super) async fn run(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let mut client = DataClient::open(&args.answer.load()?, false).await?;
    let mut states = Vec::new();
    for chain in client.ask(ListChains {}).await? {
        let state = client.ask(VerifyChain { chain }).await?;
        if !args.answer.json {
            say::answer(sentence(&state))?;
        }
        states.push(state);
    }
    client.close().await?;
    let whole = states.iter().all(|state| state.whole);
    if args.answer.json {
        say::answer(format_args!("{}\n", json!({"whole": whole, "chains": states})))?;
    } else if whole {
        say::answer("Everything is as it was written.\n")?;
    } else {
        say::answer(
            "What is broken above was changed outside of dripwatch: keep a copy of the data, and restore a backup.\n",
        )?;
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sentence(state: &ChainState) -> String {
    let ChainState { chain, whole, seq, fault, .. } = state;
    if *whole {
        return format!("{chain}: {seq} entries, whole\n");
    }
    let fault = match fault {
        Some(Fault::Missing) => "is missing",
        Some(Fault::PrivateChanged) => "has a changed private part",
        Some(Fault::Changed) | None => "was changed",
    };
    format!("{chain}: BROKEN, entry {seq} {fault}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_one_sentence() {
        let mut state = ChainState {
            chain: "room/3".into(),
            whole: true,
            seq: 12,
            hash: Some("00".into()),
            fault: None,
        };
        assert_eq!(sentence(&state), "room/3: 12 entries, whole\n");
        state = ChainState { whole: false, fault: Some(Fault::Missing), ..state };
        assert_eq!(sentence(&state), "room/3: BROKEN, entry 12 is missing\n");
    }
}
