use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, Problems, environment};

/// The data that a command works on.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DataArgs {
    /// The configuration; otherwise dripwatch.toml here, if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder, in place of the configuration's
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl DataArgs {
    /// The configuration, with what the command line overrides.
    pub(super) fn load(&self) -> Result<Config, Problems> {
        let mut config = Config::load(self.config.as_deref(), environment())?;
        if let Some(folder) = &self.data_dir {
            config.server.data_dir.clone_from(folder);
        }
        Ok(config)
    }
}

/// The same, for a command whose answer a program may read.
#[derive(Args, Debug)]
pub(super) struct AnswerArgs {
    /// Print JSON, for a program to read
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    data: DataArgs,
}

impl AnswerArgs {
    /// The configuration, with what the command line overrides.
    pub(super) fn load(&self) -> Result<Config, Problems> {
        self.data.load()
    }
}
