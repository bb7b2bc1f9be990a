use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

#[derive(Args)]
pub(super) struct PlotArgs {
    /// Where `plasma.svg` and `drive.svg` go
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

impl PlotArgs {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let dir = &self.dir;
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        simulators::plot::charts()?.into_iter().try_for_each(|chart| {
            let file = dir.join(chart.file);
            std::fs::write(&file, chart.svg)
                .with_context(|| format!("cannot write the chart to {}", file.display()))
        })
    }
}
