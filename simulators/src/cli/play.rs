//! Which patients, and how fast.

use clap::Args;

#[derive(Args)]
pub(super) struct Play {
    /// The same seed gives the same patients, readings and events
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Simulated seconds per second of real time, 0.25 to 1000
    #[arg(long, default_value_t = 1.0, value_name = "X", value_parser = speed)]
    pub(super) speed: f64,
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.25..=1000.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.25 to 1000".to_owned()),
    }
}
