//! The scenarios by name, and their list.

use std::fmt::Write as _;

use anyhow::Context;
use simulators::scenario::Scenario;

use super::say;

/// A line for each scenario.
pub(super) fn list() -> anyhow::Result<()> {
    let scenarios = Scenario::all()?;
    let longest = scenarios.iter().map(|scenario| scenario.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for scenario in &scenarios {
        writeln!(text, "{:longest$}  {}", scenario.name(), scenario.shows())?;
    }
    say::answer(&text)
}

/// A scenario that comes with the program, or somebody's own file.
pub(super) fn find(name: &str) -> anyhow::Result<Scenario> {
    if name.ends_with(".toml") {
        let text = std::fs::read_to_string(name)
            .with_context(|| format!("cannot read the scenario in {name}"))?;
        return Ok(Scenario::read(name.trim_end_matches(".toml"), name, &text)?);
    }
    Scenario::named(name)?
        .with_context(|| format!("no scenario is called {name:?}: see `dripwatch-sim list`"))
}
