use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, Problems, environment};

/// Which data a command is about.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DataArgs {
    /// The configuration; otherwise dripwatch.toml here, if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the data are, whatever the configuration says
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl DataArgs {
    /// The configuration with what the command line says otherwise.
    pub(super) fn load(&self) -> Result<Config, Problems> {
        let mut config = Config::load(self.config.as_deref(), environment())?;
        if let Some(folder) = &self.data_dir {
            config.server.data_dir.clone_from(folder);
        }
        Ok(config)
    }
}
