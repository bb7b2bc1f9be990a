use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::data::{AnswerArgs, DataArgs};
use super::data_client::{ask, change, has_data, noted};
use super::{input, say};
use crate::contract::{KeptProfile, ProfileSummary, Profiles};
use crate::control::{ApproveProfile, ListProfiles, PutAnswer, PutProfile, ShowProfile};
use crate::profile::{Form, Problem, Profile, builtin, builtin_names};
use crate::ward::ProfileRegistry;

/// The largest file that is read: twenty times the longest that is shipped.
const LONGEST_PROFILE_BYTES: u64 = 256 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum ProfilesCommand {
    /// List the profiles: the current version, and who approved it
    List(AnswerArgs),
    /// Print a profile, whole
    Show(ShowArgs),
    /// Check a file and print every problem, with its line and what is allowed; needs no data
    Check(CheckArgs),
    /// Store a file as the next version of the profile that it names
    Put(PutArgs),
    /// Approve the newest version of a profile, after reading `dripwatch rules NAME`
    Approve(ApproveArgs),
}

#[derive(Args, Debug)]
pub(super) struct ShowArgs {
    /// The profile's name
    name: String,
    /// Which version; otherwise the current one
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// As TOML, to be edited and put; otherwise JSON
    #[arg(long)]
    toml: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// The profile, in TOML or JSON (- for standard input)
    file: PathBuf,
    /// Print JSON, for a program to read
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct PutArgs {
    /// The profile, in TOML or JSON (- for standard input)
    file: PathBuf,
    #[command(flatten)]
    answer: AnswerArgs,
}

#[derive(Args, Debug)]
pub(super) struct ApproveArgs {
    /// The profile's name
    name: String,
    /// The version that was read: only the newest can be approved
    #[arg(long, value_name = "N")]
    version: u32,
    /// Who approves it, as in "Dr Robin Bell"; otherwise it is signed as "cli"
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(command: ProfilesCommand) -> anyhow::Result<ExitCode> {
    match command {
        ProfilesCommand::List(args) => list(args).await,
        ProfilesCommand::Show(args) => show(args).await,
        ProfilesCommand::Check(args) => check(&args),
        ProfilesCommand::Put(args) => put(args).await,
        ProfilesCommand::Approve(args) => approve(args).await,
    }
}

async fn list(args: AnswerArgs) -> anyhow::Result<ExitCode> {
    let config = args.load()?;
    let listed = if has_data(&config) {
        ask(&config, ListProfiles {}).await?
    } else {
        ProfileRegistry::shipped().shown()
    };
    if args.json {
        say::answer(format_args!("{}\n", serde_json::to_string(&listed)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |ProfileSummary { name, title, version, approved, changed, .. }: ProfileSummary| {
        let made_by = changed.map_or_else(|| "shipped".to_owned(), |changed| changed.by);
        let approved = approved.map_or_else(|| "nobody".to_owned(), |approved| approved.by);
        [name, version.to_string(), made_by, approved, title]
    };
    let Profiles { profiles } = listed;
    let rows: Vec<_> = profiles.into_iter().map(row).collect();
    say::answer(say::table(["NAME", "VERSION", "MADE BY", "APPROVED BY", "TITLE"], &rows))?;
    Ok(ExitCode::SUCCESS)
}

/// A profile as the clinic stores it, otherwise as it is shipped.
pub(super) async fn stored(
    data: &DataArgs,
    name: &str,
    version: Option<u32>,
) -> anyhow::Result<Profile> {
    let config = data.load()?;
    if has_data(&config) {
        return ask(&config, ShowProfile { name: name.to_owned(), version }).await;
    }
    let shipped = as_shipped(name)?;
    match version.filter(|version| *version != shipped.version) {
        Some(version) => bail!("there is no version {version} of a profile {name:?}"),
        None => Ok(shipped),
    }
}

/// A profile as it comes with the program.
pub(super) fn as_shipped(name: &str) -> anyhow::Result<Profile> {
    let shipped = builtin(name).with_context(|| {
        let known: Vec<_> = builtin_names().collect();
        format!("there is no profile {name:?}: {} come with the program", known.join(", "))
    })?;
    Ok((*shipped).clone())
}

async fn show(args: ShowArgs) -> anyhow::Result<ExitCode> {
    let profile = stored(&args.data, &args.name, args.version).await?;
    let text =
        if args.toml { profile.to_toml() } else { serde_json::to_string_pretty(&profile)? + "\n" };
    say::answer(text)?;
    Ok(ExitCode::SUCCESS)
}

fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let (text, form) = read(&args.file)?;
    let read = Profile::read(&text, form, None);
    let problems = read.as_ref().err().map_or(&[][..], Vec::as_slice);
    let answer = match &read {
        _ if args.json => {
            format!("{}\n", json!({"good": problems.is_empty(), "problems": problems}))
        }
        Ok(profile) => {
            let (file, Profile { name, conditions, .. }) = (args.file.display(), profile);
            format!("{file} is good: profile {name}, {} conditions.\n", conditions.len())
        }
        Err(problems) => listing(&args.file, problems),
    };
    say::answer(answer)?;
    Ok(if read.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn put(args: PutArgs) -> anyhow::Result<ExitCode> {
    let (text, form) = read(&args.file)?;
    let KeptProfile { name, version, .. } =
        match ask(&args.answer.load()?, PutProfile { text, form }).await? {
            PutAnswer::Stored(stored) => noted(stored),
            PutAnswer::Bad(problems) => {
                say::note(listing(&args.file, &problems) + "Nothing was changed.");
                return Ok(ExitCode::FAILURE);
            }
        };
    if args.answer.json {
        say::answer(format_args!("{}\n", json!({"name": name, "version": version})))?;
    } else {
        say::answer(format_args!(
            "{name} is now version {version}, which nobody has approved yet: read `dripwatch rules \
             {name}`, then `dripwatch profiles approve {name} --version {version}`.\n"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn approve(args: ApproveArgs) -> anyhow::Result<ExitCode> {
    let ApproveArgs { name, version, by, data } = args;
    let request = ApproveProfile { name, version, by };
    let KeptProfile { name, version, .. } = change(&data.load()?, request).await?;
    say::answer(format_args!("{name} version {version} is approved.\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// One line for each problem: file, line, place, what is allowed.
fn listing(file: &Path, problems: &[Problem]) -> String {
    let file = file.display();
    let line = |problem: &Problem| match problem.line {
        Some(_) => format!("{file} {problem}\n"),
        None => format!("{file}: {problem}\n"),
    };
    problems.iter().map(line).collect()
}

fn read(file: &Path) -> anyhow::Result<(String, Form)> {
    let text = input::text(file, LONGEST_PROFILE_BYTES, "no profile is that long")?;
    // No TOML file begins with a brace.
    let form = if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        Form::Json
    } else {
        Form::Toml
    };
    Ok((text, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE_UP: &str = include_str!("../profile/tests/made-up.toml");

    fn problems(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ours.toml");
        std::fs::write(&file, text).unwrap();
        let (text, form) = read(&file).unwrap();
        let problems = Profile::read(&text, form, None).unwrap_err();
        listing(Path::new("ours.toml"), &problems)
    }

    #[test]
    fn a_problem_is_one_line_with_file_line_place_and_what_is_allowed() {
        let bad = MADE_UP.replace("absolute = 91 }, for_s = 10", "absolute = 91 }, for_s = 3600");
        assert_eq!(
            problems(&bad),
            "ours.toml line 25: conditions[0].rule.held.stages[1].for_s: must be 3..=30 s, got 3600\n"
        );
        assert_eq!(problems("{"), "ours.toml line 1: profile: EOF while parsing an object\n");
    }

    #[test]
    fn a_file_that_is_too_long_is_no_profile() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ours.toml");
        let written = |bytes: u64| {
            std::fs::write(&file, "#".repeat(bytes as usize)).unwrap();
            read(&file).map_err(|error| error.to_string())
        };
        assert_eq!(written(LONGEST_PROFILE_BYTES).unwrap().1, Form::Toml);
        let why = written(LONGEST_PROFILE_BYTES + 1).unwrap_err();
        assert!(why.ends_with("is longer than 262144 bytes: no profile is that long"), "{why}");
    }

    #[test]
    fn what_is_shown_as_toml_can_be_put_again() {
        for name in builtin_names() {
            let profile = as_shipped(name).unwrap();
            let text = profile.to_toml();
            assert_eq!(Profile::from_toml(&text).unwrap(), profile);
        }
        let error = as_shipped("unknown").unwrap_err().to_string();
        assert!(error.contains("ketamine-iv-adult, "), "{error}");
    }
}
