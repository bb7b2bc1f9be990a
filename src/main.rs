//! `dripwatch`: watches over patients during infusions.

use std::process::ExitCode;

use clap::Parser;
use dripwatch::cli::{self, Cli};

fn main() -> ExitCode {
    cli::run(Cli::parse())
}
