use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::Switch;

const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Asks a running simulation to switch something in a room.
///
/// # Errors
/// There is no simulation at this address, or it refuses.
pub async fn ask(address: SocketAddr, room: &str, switch: Switch, on: bool) -> anyhow::Result<()> {
    // A room's id has no character that a path would take for its own (design.md#ids).
    let is_id = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
    if room.is_empty() || !room.chars().all(is_id) {
        bail!("a room's id has letters, digits and . _ : - only, got {room:?}");
    }
    let http = reqwest::Client::builder().timeout(ANSWER_WITHIN).build()?;
    let request = http.post(format!("http://{address}/rooms/{room}/{switch}"));
    let answer = request.json(&json!({"on": on})).send().await.with_context(|| {
        format!("nothing runs at {address}: start `dripwatch-sim clinic` or `run` with --control")
    })?;
    if answer.status().is_success() {
        return Ok(());
    }
    let said: Value = answer.json().await.unwrap_or_default();
    bail!("{}", said["title"].as_str().unwrap_or("it was refused"))
}
