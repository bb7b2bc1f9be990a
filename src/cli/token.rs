use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::data::{AnswerArgs, DataArgs};
use super::data_client::{ask, change};
use super::{parse, say};
use crate::access::Role;
use crate::control::{AddToken, ListTokens, ProgramToken, RevokeToken};

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Give a program a new token, which is shown this once; its old one ends
    Add(AddArgs),
    /// List the programs that have a token
    List(AnswerArgs),
    /// End a program's token; whatever it has open ends at once
    Revoke(RevokeArgs),
}

#[derive(Args, Debug)]
pub(super) struct RevokeArgs {
    /// The program's name
    name: String,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args, Debug)]
pub(super) struct AddArgs {
    /// The program's name, as the record shows it
    name: String,
    /// What it may do
    #[arg(long, value_parser = parse::role())]
    role: Role,
    #[command(flatten)]
    answer: AnswerArgs,
}

pub(super) async fn run(command: TokenCommand) -> anyhow::Result<ExitCode> {
    match command {
        TokenCommand::Add(args) => add(args).await,
        TokenCommand::List(args) => list(args).await,
        TokenCommand::Revoke(args) => revoke(args).await,
    }
}

async fn list(args: AnswerArgs) -> anyhow::Result<ExitCode> {
    let config = args.load()?;
    let tokens = ask(&config, ListTokens {}).await?;
    if args.json {
        say::answer(format_args!("{}\n", json!({ "tokens": tokens })))?;
    } else if tokens.is_empty() {
        say::note("No program has a token yet: `dripwatch token add NAME --role R` gives one.");
    } else {
        let zone = config.clinic.zone();
        let row = |ProgramToken { name, role, created_at, last_used }: ProgramToken| {
            let used = last_used.map_or("never".to_owned(), |at| say::minute(at, &zone));
            [name, role, say::minute(created_at, &zone), used]
        };
        let rows: Vec<_> = tokens.into_iter().map(row).collect();
        say::answer(say::table(["NAME", "ROLE", "SINCE", "LAST USED"], &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn revoke(args: RevokeArgs) -> anyhow::Result<ExitCode> {
    change(&args.data.load()?, RevokeToken { name: args.name.clone() }).await?;
    say::answer(format_args!("{} no longer has a token.\n", args.name.trim()))?;
    Ok(ExitCode::SUCCESS)
}

async fn add(args: AddArgs) -> anyhow::Result<ExitCode> {
    let AddArgs { name, role, answer } = args;
    let issued = change(&answer.load()?, AddToken { name, role }).await?;
    if issued.replaced {
        say::note(format_args!("{} already had a token, which has ended.", issued.id));
    }
    let token = if answer.json {
        json!({"name": issued.id, "role": role, "token": issued.token}).to_string()
    } else {
        issued.token.0
    };
    say::answer(format_args!("{token}\n"))?;
    Ok(ExitCode::SUCCESS)
}
