use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{ArgGroup, Args};
use simulators::scenario::Scenario;

use super::say;
use super::scenarios::find;

#[derive(Args)]
#[command(group(ArgGroup::new("what").args(["name", "all"]).required(true)))]
pub(super) struct RecordArgs {
    /// A scenario's name (`dripwatch-sim list`), or the file of one of your own (`….toml`)
    name: Option<String>,
    /// Where to write; standard output without it
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    out: Option<PathBuf>,
    /// Write every scenario
    #[arg(long, requires = "dir")]
    all: bool,
    /// Where `--all` writes `NAME.ndjson` of each
    #[arg(long, value_name = "DIR", requires = "all")]
    dir: Option<PathBuf>,
}

impl RecordArgs {
    pub(super) fn run(self) -> anyhow::Result<()> {
        if let Some(dir) = self.dir {
            return Scenario::all()?.iter().try_for_each(|scenario| {
                write_file(&dir.join(format!("{}.ndjson", scenario.name())), scenario)
            });
        }
        let scenario = find(&self.name.unwrap_or_default())?;
        match self.out {
            Some(file) => write_file(&file, &scenario),
            None => say::answer(&scenario.recording()),
        }
    }
}

fn write_file(file: &Path, scenario: &Scenario) -> anyhow::Result<()> {
    std::fs::write(file, scenario.recording())
        .with_context(|| format!("cannot write the recording to {}", file.display()))
}
