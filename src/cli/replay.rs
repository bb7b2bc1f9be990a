use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::say;
use crate::profile::Priority;
use crate::replay::{self, Difference, Player};
use crate::room::AlertLine;
use crate::vitals::{Millis, RoomId};

/// Plays recordings through the same rules that watch patients, in the order given, and prints
/// each change of an alert. The same recording gives the same bytes.
#[derive(Args, Debug)]
pub(super) struct ReplayArgs {
    /// Recordings: .ndjson or .ndjson.zst
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON object a line and nothing else; with several files, each names its file
    #[arg(long)]
    json: bool,
    /// Compare with the alerts that were shown when it was recorded; exit with 1 when they differ
    #[arg(long)]
    verify: bool,
}

/// A recording that cannot be played does not stop the others.
pub(super) fn run(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut all_good = true;
    for file in &args.files {
        match one(file, args, &mut out) {
            Ok(good) => all_good &= good,
            Err(error) if error.is::<Recording>() => {
                out.flush()?;
                say::note(format_args!("{error:#}"));
                all_good = false;
            }
            Err(error) => return Err(error.context(say::NOT_WRITTEN)),
        }
    }
    out.flush()?;
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The recording that an error is about. An error without one concerns the output.
#[derive(Debug)]
struct Recording(String);

impl Recording {
    fn of(file: &Path) -> Self {
        Self(file.display().to_string())
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn player(file: &Path) -> anyhow::Result<Player<Box<dyn BufRead>>> {
    let recording = || Recording::of(file);
    let lines = replay::open(file).with_context(recording)?;
    Player::new(lines).with_context(recording)
}

/// Plays one; `false` when it differs from what was shown.
fn one(file: &Path, args: &ReplayArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let recording = || Recording::of(file);
    if args.json {
        let mut player = player(file)?;
        let name = (args.files.len() > 1).then(|| file.display().to_string());
        while let Some(lines) = player.step().with_context(recording)? {
            for line in &lines {
                let shown = FileLine { line, file: name.as_deref() };
                writeln!(out, "{}", serde_json::to_string(&shown)?)?;
            }
        }
    } else if !args.verify {
        play_for_people(file, out)?;
    }
    if !args.verify {
        return Ok(true);
    }
    let differences = player(file)?.verify().with_context(recording)?;
    let text = compared(&recording().0, &differences);
    if args.json {
        // Standard output holds alerts and nothing else.
        out.flush()?;
        say::note(text.trim_end());
    } else {
        out.write_all(text.as_bytes())?;
    }
    Ok(differences.is_empty())
}

/// A line, with the name of its recording if there are several.
#[derive(Serialize)]
struct FileLine<'a> {
    #[serde(flatten)]
    line: &'a AlertLine,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
}

fn play_for_people(file: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let recording = || Recording::of(file);
    let mut player = player(file)?;
    let header = player.header();
    writeln!(out, "{}: room {}, {}", recording(), header.room, header.profile.name)?;
    let mut highest: BTreeMap<(RoomId, String), Priority> = BTreeMap::new();
    let mut changes = 0;
    while let Some(lines) = player.step().with_context(recording)? {
        for line in lines {
            writeln!(out, "  {}", sentence(&line))?;
            changes += 1;
            let alert = highest.entry((line.room, line.alert)).or_insert(line.priority);
            *alert = line.priority.max(*alert);
        }
    }
    writeln!(out, "  {}", summary(&highest.into_values().collect::<Vec<_>>(), changes))?;
    Ok(())
}

fn summary(alerts: &[Priority], changes: usize) -> String {
    if alerts.is_empty() {
        return "no alert".to_owned();
    }
    let count = |priority| alerts.iter().filter(|found| **found == priority).count();
    let (high, medium) = (count(Priority::High), count(Priority::Medium));
    let low = count(Priority::Low);
    let (alerts, changes) = (counted(alerts.len(), "alert"), counted(changes, "change"));
    format!("{alerts}: {high} high, {medium} medium, {low} low; {changes}")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// One change, in words. Times are UTC.
fn sentence(line: &AlertLine) -> String {
    let mut text = format!(
        "{}  {:<4} {:<16} {:<6} {:<8}",
        time(line.at, "%Y-%m-%d %H:%M:%S%.3f"),
        line.alert,
        line.condition.name(),
        line.priority.name(),
        line.state.name()
    );
    if let Some(value) = line.value {
        text += &format!("  {value}");
    }
    if let Some(limit) = line.limit {
        text += &format!("  (limit {limit})");
    }
    if let Some(acknowledged) = &line.acknowledged {
        text += &format!("  acknowledged by {}", acknowledged.by);
    }
    if let Some(until) = line.silenced_until {
        text += &format!("  silenced until {}", time(until, "%H:%M:%S"));
    }
    text.trim_end().to_owned()
}

fn time(at: Millis, format: &str) -> String {
    let time = Timestamp::from_millisecond(at.0);
    time.map_or_else(|_| at.to_string(), |time| time.strftime(format).to_string())
}

fn compared(file: &str, differences: &[Difference]) -> String {
    if differences.is_empty() {
        return format!("{file}: the same alerts as were shown\n");
    }
    let mut text = format!("{file}: {}\n", counted(differences.len(), "difference"));
    let said = |line: &Option<AlertLine>| line.as_ref().map_or("nothing".to_owned(), sentence);
    for Difference { recorded, replayed } in differences {
        text += &format!("  shown   {}\n  replay  {}\n", said(recorded), said(replayed));
    }
    if differences.iter().all(|difference| difference.recorded.is_none()) {
        text += "  (the recording may hold no alerts to compare with: only an export of a session does)\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> AlertLine {
        serde_json::from_str(
            r#"{"at":1763726504000,"room":"3","alert":"a1","condition":"spo2_low",
            "priority":"medium","state":"active","acknowledged":{"by":"KM","at":1763726503000},
            "silenced_until":1763726600000,"value":90,"limit":92}"#,
        )
        .unwrap()
    }

    #[test]
    fn the_file_is_the_last_key() {
        let json = |file| serde_json::to_string(&FileLine { line: &line(), file }).unwrap();
        let plain = json(None);
        assert!(plain.ends_with("\"value\":90,\"limit\":92}"), "{plain}");
        let with_file = json(Some("a \"b\".ndjson"));
        assert!(with_file.ends_with(",\"limit\":92,\"file\":\"a \\\"b\\\".ndjson\"}"));
        assert_eq!(with_file[..plain.len() - 1], plain[..plain.len() - 1]);
    }

    #[test]
    fn a_change_is_one_line_for_people() {
        assert_eq!(
            sentence(&line()),
            "2025-11-21 12:01:44.000  a1   spo2_low         medium active    90  (limit 92)  \
             acknowledged by KM  silenced until 12:03:20"
        );
    }

    #[test]
    fn a_summary_counts_each_alert_once() {
        assert_eq!(summary(&[], 0), "no alert");
        let alerts = [Priority::High, Priority::Medium, Priority::High];
        assert_eq!(summary(&alerts, 7), "3 alerts: 2 high, 1 medium, 0 low; 7 changes");
    }

    #[test]
    fn an_error_names_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bad.ndjson");
        let header = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult"}"#;
        std::fs::write(&file, format!("{header}\n{{\"at\":1}}\n")).unwrap();
        let args = ReplayArgs { files: vec![file.clone()], json: true, verify: false };
        let error = one(&file, &args, &mut Vec::new()).unwrap_err();
        assert!(error.is::<Recording>());
        let said = format!("{error:#}").replace(&file.display().to_string(), "bad.ndjson");
        assert_eq!(said, "bad.ndjson: line 2: the line says nothing known");
    }

    #[test]
    fn a_difference_shows_both_sides() {
        let difference = Difference { recorded: Some(line()), replayed: None };
        let text = compared("a.ndjson", &[difference]);
        assert!(text.starts_with("a.ndjson: 1 difference\n  shown   2025-11-21 12:01:44"));
        assert!(text.ends_with("  replay  nothing\n"));
        assert_eq!(compared("a.ndjson", &[]), "a.ndjson: the same alerts as were shown\n");
    }
}
