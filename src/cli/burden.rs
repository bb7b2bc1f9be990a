use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;

use super::say;
use crate::burden::{Burden, table};
use crate::profile::{DEFAULT_PROFILE, Profile, builtin, builtin_names};

#[derive(Args, Debug)]
pub(super) struct BurdenArgs {
    /// Sessions of 95 minutes, at the rates of a clinic
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    sessions: u64,
    /// The same seed gives the same sessions
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Sessions of each severe event; 0 leaves them out
    #[arg(long, default_value_t = 500, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=100_000))]
    severe: u64,
    /// How many of 100 bursts of motion the monitor does not notice, so that it trusts the numbers
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    unflagged_motion: u32,
    /// A profile's name, or a file in TOML; twice compares two
    #[arg(long, value_name = "PROFILE", default_value = DEFAULT_PROFILE)]
    profile: Vec<String>,
}

pub(super) fn run(args: &BurdenArgs) -> anyhow::Result<ExitCode> {
    let burden = Burden {
        sessions: args.sessions,
        of_each_severe: args.severe,
        seed: args.seed,
        unflagged_motion_percent: args.unflagged_motion,
    };
    // A mistake in the last profile is reported before the first is played.
    let profiles: Vec<_> =
        args.profile.iter().map(|name| profile(name)).collect::<Result<_, _>>()?;
    let columns: Vec<_> =
        profiles.iter().map(|profile| (profile.label(), burden.of(profile))).collect();
    let mut said = table(&columns);
    if args.unflagged_motion > 0 {
        said.insert_str(
            0,
            &format!("motion that the monitor does not flag: {} %\n", args.unflagged_motion),
        );
    }
    say::answer(said)?;
    Ok(ExitCode::SUCCESS)
}

fn profile(name: &str) -> anyhow::Result<Arc<Profile>> {
    if let Some(profile) = builtin(name) {
        return Ok(profile);
    }
    if !name.ends_with(".toml") {
        let known: Vec<_> = builtin_names().collect();
        bail!("there is no profile {name}; there are {}, or a file in TOML", known.join(", "));
    }
    let text = std::fs::read_to_string(name).with_context(|| format!("cannot read {name}"))?;
    Profile::from_toml(&text).map(Arc::new).map_err(|problems| {
        let told: Vec<_> = problems.iter().map(|problem| format!("{name} {problem}")).collect();
        anyhow::anyhow!(told.join("\n"))
    })
}
