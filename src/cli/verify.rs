use std::process::ExitCode;

use clap::Args;
use jiff::tz::TimeZone;

use super::data::AnswerArgs;
use super::data_client::{DataClient, noted};
use super::say;
use crate::control::{AcceptLoss, ChainState, RebuildViews, RecordState, VerifyRecord};
use crate::journal::{Fault, ToldOf, ViewState};

/// Walks every chain, compares each entry with its hash and each chain with how far it is known to
/// have reached, and checks the database's file. Exits with 1 when something is not as it was
/// written.
#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    /// Go on without what is missing: notes in the record that the chains end earlier than they did,
    /// or that dripwatch.heads was lost
    #[arg(long)]
    accept: bool,
    /// Make anew what is missing of the audit and told by the chains, before verifying
    #[arg(long)]
    rebuild: bool,
    #[command(flatten)]
    answer: AnswerArgs,
}

pub(super) async fn run(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let config = args.answer.load()?;
    let zone = config.clinic.zone();
    let mut client = match args.accept {
        false => DataClient::open(&config, false).await?,
        true => DataClient::open_as_it_is(&config).await?,
    };
    if args.rebuild {
        let rebuilt = client.ask(RebuildViews {}).await?;
        say::note(format_args!(
            "{} lines of the audit were missing, and are made anew.",
            rebuilt.audit
        ));
    }
    let mut state = client.ask(VerifyRecord {}).await?;
    if args.accept {
        let chains = state.chains.iter().filter(|chain| ends_otherwise(chain));
        let chains = chains.map(|chain| chain.chain.parse()).collect::<Result<_, _>>()?;
        noted(client.ask(AcceptLoss { chains }).await?);
        state = client.ask(VerifyRecord {}).await?;
    }
    client.close().await?;
    if args.answer.json {
        say::answer(format_args!("{}\n", serde_json::to_string(&state)?))?;
    } else {
        say::answer(sentences(&state, &zone))?;
    }
    Ok(if state.whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether what is wrong with a chain is that it does not reach as far as it did.
fn ends_otherwise(chain: &ChainState) -> bool {
    matches!(chain.fault, Some(Fault::Missing | Fault::Replaced))
}

fn sentences(state: &RecordState, zone: &TimeZone) -> String {
    let mut said: String = state.chains.iter().map(|chain| sentence(chain, zone)).collect();
    for fault in &state.database.faults {
        said += &format!("database: BROKEN, {fault}\n");
    }
    for file in &state.head_files {
        if let Some(fault) = &file.fault {
            said += &format!("{}: BROKEN, it {fault}\n", file.file.display());
        }
    }
    for view in state.views.iter().filter(|view| !view.whole) {
        said += &view_sentence(view, zone);
    }
    said + match state.whole {
        true => "Everything is as it was written.\n",
        false => {
            "What is broken above was changed outside of dripwatch: keep a copy of the data, and restore a backup.\n"
        }
    }
}

fn view_sentence(state: &ViewState, zone: &TimeZone) -> String {
    let ViewState { view, told, missing, different, first, .. } = state;
    let counts = [(missing, "missing"), (different, "different")];
    let counts = counts.iter().filter(|(count, _)| **count > 0);
    let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
    let counts = counts.join(" and ");
    let first = first.as_ref().map_or_else(String::new, |ToldOf { what, at }| {
        format!(", the first is that of {}: {}", say::minute(*at, zone), what.trim_end())
    });
    format!("{view}: BROKEN, of {told} that the chains tell of {counts}{first}\n")
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
    let (entries, is, has, was) = match last_seq {
        Some(last) => (format!("entries {seq} to {last}"), "are", "have", "were"),
        None => (format!("entry {seq}"), "is", "has", "was"),
    };
    let fault = match fault {
        Some(Fault::Missing) => format!("{is} missing"),
        Some(Fault::Replaced) => format!("{was} replaced"),
        Some(Fault::PrivateChanged) => format!("{has} a changed private part"),
        Some(Fault::PrivateMissing) => {
            format!("{has} lost what was private, which nobody removed")
        }
        Some(Fault::Unreadable) => "cannot be read".to_owned(),
        Some(Fault::Changed) | None => format!("{was} changed"),
    };
    let session = session.as_ref().map(|session| format!(", of session {session}"));
    let from = from.map(|from| format!(", from {} on", say::minute(from, zone)));
    let of = [session, from].into_iter().flatten().collect::<String>();
    format!("{chain}: BROKEN, {entries} {fault}{of}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{DatabaseState, HeadFileState};
    use crate::vitals::{Millis, SessionId};

    fn whole() -> ChainState {
        ChainState {
            chain: "room/3".into(),
            whole: true,
            seq: 12,
            hash: Some("00".into()),
            left: 0,
            fault: None,
            last_seq: None,
            session: None,
            from: None,
        }
    }

    #[test]
    fn a_chain_is_one_sentence() {
        let said = |state: &ChainState| sentence(state, &TimeZone::UTC);
        assert_eq!(said(&whole()), "room/3: 12 entries, whole\n");
        let left = ChainState { left: 5, ..whole() };
        assert_eq!(said(&left), "room/3: 12 entries, whole, 5 of them left on purpose\n");
        let missing =
            ChainState { whole: false, fault: Some(Fault::Missing), last_seq: Some(12), ..whole() };
        assert_eq!(said(&missing), "room/3: BROKEN, entry 12 is missing\n");
        let from = Some(Millis(1_763_726_400_000));
        let tail = ChainState { last_seq: Some(60), from, ..missing.clone() };
        assert_eq!(
            said(&tail),
            "room/3: BROKEN, entries 12 to 60 are missing, from 2025-11-21 12:00 on\n"
        );
        let replaced = ChainState { fault: Some(Fault::Replaced), ..tail };
        assert_eq!(
            said(&replaced),
            "room/3: BROKEN, entries 12 to 60 were replaced, from 2025-11-21 12:00 on\n"
        );
        let piece = ChainState {
            last_seq: Some(511),
            fault: Some(Fault::Changed),
            session: SessionId::new("s1").ok(),
            from,
            ..missing
        };
        assert_eq!(
            said(&piece),
            "room/3: BROKEN, entries 12 to 511 were changed, of session s1, from 2025-11-21 12:00 on\n"
        );
    }

    #[test]
    fn the_database_and_the_files_beside_it_are_named_where_they_are_broken() {
        let state = RecordState {
            whole: false,
            chains: vec![whole()],
            database: DatabaseState { whole: false, faults: vec!["row 3 missing".into()] },
            head_files: vec![
                HeadFileState { file: "a.heads".into(), whole: true, fault: None },
                HeadFileState {
                    file: "b.heads".into(),
                    whole: false,
                    fault: Some("is not there".into()),
                },
            ],
            views: vec![ViewState {
                view: "audit".into(),
                whole: false,
                told: 9,
                missing: 2,
                different: 0,
                first: Some(ToldOf {
                    what: "Kim, signed in ".into(),
                    at: Millis(1_763_726_400_000),
                }),
            }],
        };
        assert_eq!(
            sentences(&state, &TimeZone::UTC),
            "room/3: 12 entries, whole\n\
             database: BROKEN, row 3 missing\n\
             b.heads: BROKEN, it is not there\n\
             audit: BROKEN, of 9 that the chains tell of 2 missing, the first is that of 2025-11-21 12:00: \
             Kim, signed in\n\
             What is broken above was changed outside of dripwatch: keep a copy of the data, and restore a backup.\n"
        );
    }
}
