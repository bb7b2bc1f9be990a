use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::data::DataArgs;
use super::desk::{Desk, not_an_answer, note_unless_recorded};
use super::{parse, say};
use crate::access::Role;
use crate::control::{Request, Response};

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Give a program a new token, which is shown this once; its old one ends
    Add(AddArgs),
}

#[derive(Args, Debug)]
pub(super) struct AddArgs {
    /// The program's name, as the record shows it
    name: String,
    /// What it may do
    #[arg(long, value_parser = parse::role())]
    role: Role,
    /// Print JSON, for a program to read
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(TokenCommand::Add(args): TokenCommand) -> anyhow::Result<ExitCode> {
    let (mut desk, _) = Desk::open(&args.data, false).await?;
    let role = args.role.name();
    let answer = desk.ask(Request::AddToken { name: args.name, role: role.to_owned() }).await?;
    desk.close().await?;
    let Response::TokensGiven { tokens, recorded } = answer else {
        return Err(not_an_answer());
    };
    note_unless_recorded(recorded);
    for given in tokens {
        if given.replaced {
            say::note(format_args!("{} had a token; that one has ended.", given.id));
        }
        let line = if args.json {
            json!({"name": given.id, "role": role, "token": given.token}).to_string()
        } else {
            given.token.0
        };
        say::answer(format_args!("{line}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
