use std::fs::OpenOptions;
use std::io::{BufRead, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clap::Args;

use super::data::DataArgs;
use super::data_client::DataClient;
use super::say;
use crate::clock::Clock;
use crate::control::ReportSession;
use crate::record::Header;
use crate::report::{About, Assembly, Form, SessionRecord};
use crate::{replay, vitals::SessionId};

/// The longest line of a recording that is read.
const LINE_BYTES: u64 = 16 << 20;

#[derive(Args, Debug)]
pub(super) struct ReportArgs {
    /// A session, as `dripwatch sessions` lists them, or a recording: .ndjson or .ndjson.zst
    #[arg(value_name = "SESSION|FILE")]
    of: String,
    /// The file to write: .html for a page to print, .pdf for the same on A4, .svg or .png for the
    /// chart, .csv for one long table, …alerts.csv for the alerts, .fhir.json for a FHIR document,
    /// .rems.html or .rems.json for the REMS form of esketamine, .json for all of it as data
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The clinic's time zone, as in Europe/Berlin; the machine's when left out
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: ReportArgs) -> anyhow::Result<ExitCode> {
    let name = args.output.display().to_string();
    let Some(form) = Form::of_file(&name) else {
        bail!("{name}: name a file that ends in .html, .pdf, .svg, .png, .csv or .json");
    };
    let zone = zone(args.time_zone)?;
    let file = Path::new(&args.of);
    let written = if file.is_file() {
        form.render(&of_recording(file, zone)?)?
    } else if looks_like_a_file(&args.of) {
        bail!("{}: there is no such recording", args.of);
    } else {
        let session = SessionId::new(&args.of)?;
        let config = args.data.load()?;
        let clinic = Some(config.clinic.name.clone());
        let mut client = DataClient::open(&config, false).await?;
        let asked = ReportSession { session, form, time_zone: zone, clinic };
        let rendered = client.ask(asked).await?;
        client.close().await?;
        BASE64.decode(rendered.base64).context("the server's answer is no file")?
    };
    write(&args.output, &written)?;
    say::note(format_args!("{name} holds the record; it is about a patient."));
    Ok(ExitCode::SUCCESS)
}

fn looks_like_a_file(name: &str) -> bool {
    name.contains('/') || name.ends_with(".ndjson") || name.ends_with(".zst")
}

/// The name of the zone in which times are shown.
fn zone(asked: Option<String>) -> anyhow::Result<Option<String>> {
    match asked {
        Some(name) => {
            jiff::tz::TimeZone::get(&name).map_err(|_| {
                anyhow!("{name:?} is not a time zone: name one, as in Europe/Berlin")
            })?;
            Ok(Some(name))
        }
        None => Ok(jiff::tz::TimeZone::system().iana_name().map(str::to_owned)),
    }
}

/// The record of a recording. A damaged recording gives a record that says so.
fn of_recording(file: &Path, time_zone: Option<String>) -> anyhow::Result<SessionRecord> {
    let of = || file.display().to_string();
    let mut lines = replay::open(file).with_context(of)?;
    let mut number = 0;
    let first = next_line(&mut lines, &mut number).with_context(of)?;
    let first = first.ok_or_else(|| anyhow!("{}: the file is empty", of()))?;
    let header = Header::read(first.trim_start_matches('\u{feff}'));
    let header = header.map_err(|error| anyhow!("{}: line {number}: {error}", of()))?;
    let about = About {
        time_zone,
        made_by_program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: Clock::start().now(),
        ..About::default()
    };
    let mut assembly = Assembly::new(header, about);
    while let Some(line) = next_line(&mut lines, &mut number).with_context(of)? {
        if let Err(error) = assembly.line(number, &line) {
            say::note(format_args!("{}: line {number}: {error}", of()));
        }
    }
    Ok(assembly.finish())
}

/// The next line that is not blank.
fn next_line(lines: &mut impl BufRead, number: &mut u64) -> std::io::Result<Option<String>> {
    loop {
        let mut line = Vec::new();
        *number += 1;
        if lines.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        if !line.trim().is_empty() {
            return Ok(Some(line.into_owned()));
        }
    }
}

/// Writes beside the file first, so that the old one stays until the new one is complete.
fn write(file: &Path, written: &[u8]) -> anyhow::Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let cannot = || format!("{} cannot be written", file.display());
    // Only its owner may read it: it is about a patient.
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut out = options.open(&part).with_context(cannot)?;
    let written = out.write_all(written).and_then(|()| out.sync_all());
    let placed = written.and_then(|()| std::fs::rename(&part, file));
    if placed.is_err() {
        // What is left of it is not a record.
        let _ = std::fs::remove_file(&part);
    }
    placed.with_context(cannot)
}
