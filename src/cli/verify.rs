use std::process::ExitCode;

use clap::Args;
use jiff::tz::TimeZone;
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
    let config = args.answer.load()?;
    let zone = config.clinic.zone();
    let mut client = DataClient::open(&config, false).await?;
    let mut states = Vec::new();
    for chain in client.ask(ListChains {}).await? {
        let state = client.ask(VerifyChain { chain }).await?;
        if !args.answer.json {
            say::answer(sentence(&state, &zone))?;
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

fn sentence(state: &ChainState, zone: &TimeZone) -> String {
    let ChainState { chain, whole, seq, left, fault, last_seq, session, from, .. } = state;
    if *whole {
        let left = match left {
            0 => String::new(),
            left => format!(", {left} of them left on purpose"),
        };
        return format!("{chain}: {seq} entries, whole{left}\n");
    }
    let last_seq = last_seq.filter(|last| last > seq);
    let (entries, is, has) = match last_seq {
        Some(last) => (format!("entries {seq} to {last}"), "are", "have"),
        None => (format!("entry {seq}"), "is", "has"),
    };
    let fault = match fault {
        Some(Fault::Missing) => format!("{is} missing"),
        Some(Fault::PrivateChanged) => format!("{has} a changed private part"),
        Some(Fault::Unreadable) => "cannot be read".to_owned(),
        Some(Fault::Changed) | None if last_seq.is_some() => "were changed".to_owned(),
        Some(Fault::Changed) | None => "was changed".to_owned(),
    };
    let session = session.as_ref().map(|session| format!(", of session {session}"));
    let from = from.map(|from| format!(", from {} on", say::minute(from, zone)));
    let of = [session, from].into_iter().flatten().collect::<String>();
    format!("{chain}: BROKEN, {entries} {fault}{of}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::{Millis, SessionId};

    #[test]
    fn a_chain_is_one_sentence() {
        let whole = ChainState {
            chain: "room/3".into(),
            whole: true,
            seq: 12,
            hash: Some("00".into()),
            left: 0,
            fault: None,
            last_seq: None,
            session: None,
            from: None,
        };
        let said = |state: &ChainState| sentence(state, &TimeZone::UTC);
        assert_eq!(said(&whole), "room/3: 12 entries, whole\n");
        let left = ChainState { left: 5, ..whole.clone() };
        assert_eq!(said(&left), "room/3: 12 entries, whole, 5 of them left on purpose\n");
        let missing =
            ChainState { whole: false, fault: Some(Fault::Missing), last_seq: Some(12), ..whole };
        assert_eq!(said(&missing), "room/3: BROKEN, entry 12 is missing\n");
        let piece = ChainState {
            last_seq: Some(511),
            fault: Some(Fault::Changed),
            session: SessionId::new("s1").ok(),
            from: Some(Millis(1_763_726_400_000)),
            ..missing
        };
        assert_eq!(
            said(&piece),
            "room/3: BROKEN, entries 12 to 511 were changed, of session s1, from 2025-11-21 12:00 on\n"
        );
    }
}
