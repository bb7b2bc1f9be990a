use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::data::DataArgs;
use super::profiles::{as_shipped, stored};
use super::say;
use crate::profile::{DEFAULT_PROFILE, Rules};

/// Prints what alarms and when, in sentences, as a page in Markdown for the medical director who
/// reviews and signs it.
#[derive(Args, Debug)]
pub(super) struct RulesArgs {
    /// The profile's name
    #[arg(default_value = DEFAULT_PROFILE)]
    name: String,
    /// Which version; otherwise the current one
    #[arg(long, value_name = "N", conflicts_with = "shipped")]
    version: Option<u32>,
    /// As it comes with the program, whatever the clinic stores
    #[arg(long)]
    shipped: bool,
    /// Write the page here
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: RulesArgs) -> anyhow::Result<ExitCode> {
    let profile = if args.shipped {
        as_shipped(&args.name)?
    } else {
        stored(&args.data, &args.name, args.version).await?
    };
    let page = Rules::of(&profile).to_markdown();
    match args.out {
        Some(file) => std::fs::write(&file, page)
            .with_context(|| format!("{} cannot be written", file.display()))?,
        None => say::answer(page)?,
    }
    Ok(ExitCode::SUCCESS)
}
