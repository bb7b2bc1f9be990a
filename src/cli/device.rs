use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use super::data::AnswerArgs;
use super::data_client::{ask, change};
use super::{input, parse, say};
use crate::control::{
    AddDevices, Device, IssuedToken, ListDevices, NewDevice, RemoveDevice, Secret,
};
use crate::vitals::{DeviceId, RoomId};

/// The largest list that is read.
const LONGEST_LIST_BYTES: u64 = 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    /// Give a monitor a new token, which is shown this once; its old one ends
    Add(AddArgs),
    /// List the devices that have ever sent data, are bound to a room or have a token
    List(AnswerArgs),
    /// Remove a device that belongs to no room, and end its token
    Remove(RemoveArgs),
}

#[derive(Args, Debug)]
pub(super) struct RemoveArgs {
    /// The device's id, as `dripwatch device list` shows it
    #[arg(value_parser = parse::device)]
    id: DeviceId,
    #[command(flatten)]
    answer: AnswerArgs,
}

#[derive(Args, Debug)]
pub(super) struct AddArgs {
    /// The id that the monitor gives itself
    #[arg(value_parser = parse::device, required_unless_present = "from")]
    id: Option<DeviceId>,
    /// The room to bind it to; staff can also bind it on screen
    #[arg(long, value_parser = parse::room, conflicts_with = "from")]
    room: Option<RoomId>,
    /// Many at once: a file of lines `ID ROOM`, or `ID` alone; prints lines `ID TOKEN` (- for standard
    /// input)
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    from: Option<PathBuf>,
    #[command(flatten)]
    answer: AnswerArgs,
}

pub(super) async fn run(command: DeviceCommand) -> anyhow::Result<ExitCode> {
    match command {
        DeviceCommand::Add(args) => add(args).await,
        DeviceCommand::List(args) => list(args).await,
        DeviceCommand::Remove(args) => remove(args).await,
    }
}

async fn list(args: AnswerArgs) -> anyhow::Result<ExitCode> {
    let config = args.load()?;
    let devices = ask(&config, ListDevices {}).await?;
    if args.json {
        say::answer(format_args!("{}\n", json!({ "devices": devices })))?;
    } else if devices.is_empty() {
        say::note("No device has been heard yet, and none has a token.");
    } else {
        let zone = config.clinic.zone();
        let rows: Vec<_> = devices.iter().map(|device| row(device, &zone)).collect();
        let head = ["DEVICE", "ROOM", "TOKEN", "LANGUAGE", "LAST HEARD", "CALLS ITSELF"];
        say::answer(say::table(head, &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(device: &Device, zone: &TimeZone) -> [String; 6] {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        device.id.to_string(),
        or_none(device.room.as_ref().map(ToString::to_string)),
        if device.token { "yes" } else { "-" }.to_owned(),
        or_none(device.adapter.clone()),
        or_none(device.last_seen.map(|at| say::minute(at, zone))),
        device.original.clone().unwrap_or_default(),
    ]
}

async fn remove(args: RemoveArgs) -> anyhow::Result<ExitCode> {
    let id = change(&args.answer.load()?, RemoveDevice { device: args.id }).await?;
    if args.answer.json {
        say::answer(format_args!("{}\n", json!({ "id": id })))?;
    } else {
        say::note(format_args!("{id} is removed, and its token, if it had one, has ended."));
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(args: AddArgs) -> anyhow::Result<ExitCode> {
    let devices = match (&args.from, args.id) {
        (Some(file), _) => read(file)?,
        (None, Some(id)) => vec![NewDevice { id, room: args.room }],
        (None, None) => Vec::new(),
    };
    let tokens = change(&args.answer.load()?, AddDevices { devices }).await?;
    for IssuedToken { id, replaced, .. } in &tokens {
        if *replaced {
            say::note(format_args!("{id} already had a token, which has ended."));
        }
    }
    say::answer(answered(&tokens, args.from.is_some(), args.answer.json)?)?;
    Ok(ExitCode::SUCCESS)
}

/// A new token, for a program to read.
#[derive(Serialize)]
struct NewToken<'a> {
    id: &'a str,
    token: &'a Secret,
}

impl<'a> From<&'a IssuedToken> for NewToken<'a> {
    fn from(issued: &'a IssuedToken) -> Self {
        Self { id: &issued.id, token: &issued.token }
    }
}

fn answered(tokens: &[IssuedToken], many: bool, json: bool) -> serde_json::Result<String> {
    if json && many {
        let devices: Vec<NewToken<'_>> = tokens.iter().map(NewToken::from).collect();
        return Ok(format!("{}\n", json!({ "devices": devices })));
    }
    let line = |issued: &IssuedToken| match (json, many) {
        (true, _) => serde_json::to_string(&NewToken::from(issued)),
        (false, true) => Ok(format!("{} {}", issued.id, issued.token.0)),
        (false, false) => Ok(issued.token.0.clone()),
    };
    tokens.iter().map(|issued| Ok(line(issued)? + "\n")).collect()
}

fn read(file: &Path) -> anyhow::Result<Vec<NewDevice>> {
    let text = input::text(file, LONGEST_LIST_BYTES, "give its devices in several lists")?;
    let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines()).map(|(number, line)| {
        device(line).with_context(|| format!("{}:{number}", file.display())).transpose()
    });
    lines.flatten().collect()
}

/// The device of a line; `None` on an empty line or a comment.
fn device(line: &str) -> anyhow::Result<Option<NewDevice>> {
    let line = line.split_once('#').map_or(line, |(before, _)| before);
    let mut words = line.split_whitespace();
    let Some(id) = words.next() else { return Ok(None) };
    let room = words.next().map(RoomId::new).transpose()?;
    if let Some(more) = words.next() {
        anyhow::bail!("{more:?} is one word too many: write `ID ROOM`");
    }
    Ok(Some(NewDevice { id: DeviceId::new(id)?, room }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Result<Vec<NewDevice>, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list");
        std::fs::write(&file, text).unwrap();
        let name = file.display().to_string();
        read(&file).map_err(|error| format!("{error:#}").replace(&name, "list"))
    }

    #[test]
    fn a_list_has_a_device_a_line() {
        let device = |id, room: Option<&str>| NewDevice {
            id: DeviceId::new(id).unwrap(),
            room: room.map(|room| RoomId::new(room).unwrap()),
        };
        let read = list("# ours\nmon-1 1\n\n  mon-2\t2  # by the window\nmon-3\n").unwrap();
        assert_eq!(
            read,
            [device("mon-1", Some("1")), device("mon-2", Some("2")), device("mon-3", None)]
        );
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said_with_its_line() {
        assert_eq!(
            list("mon-1 1\nmon-2 room 2\n").unwrap_err(),
            "list:2: \"2\" is one word too many: write `ID ROOM`"
        );
        assert!(list("m\u{fc}n 1\n").unwrap_err().starts_with("list:1: device"));
    }

    #[test]
    fn a_list_that_is_too_long_adds_none_of_its_devices() {
        let text = |bytes: u64| format!("mon-1 1\n{}", "#".repeat(bytes as usize - 8));
        assert_eq!(list(&text(LONGEST_LIST_BYTES)).unwrap().len(), 1);
        assert_eq!(
            list(&text(LONGEST_LIST_BYTES + 1)).unwrap_err(),
            "list is longer than 1048576 bytes: give its devices in several lists"
        );
    }

    #[test]
    fn one_token_is_alone_and_many_are_with_their_ids() {
        let given = |id: &str| {
            let token = Secret("t".into());
            IssuedToken { id: id.into(), token, replaced: false }
        };
        assert_eq!(answered(&[given("a")], false, false).unwrap(), "t\n");
        assert_eq!(answered(&[given("a"), given("b")], true, false).unwrap(), "a t\nb t\n");
        assert_eq!(
            answered(&[given("a")], false, true).unwrap(),
            "{\"id\":\"a\",\"token\":\"t\"}\n"
        );
        let many = "{\"devices\":[{\"id\":\"a\",\"token\":\"t\"}]}\n";
        assert_eq!(answered(&[given("a")], true, true).unwrap(), many);
    }
}
