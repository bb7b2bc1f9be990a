//! A room's whole state with a format number (design.md#checkpoints).
//!
//! The state's shape changes with the rules. What an earlier version wrote is upgraded step by
//! step, one step for each format that was ever written ([`upgrade`]), so that an upgrade in the
//! middle of an infusion loses nothing.

#[cfg(test)]
mod format_3;
#[cfg(test)]
mod tests;
mod upgrade;

use serde::{Deserialize, Serialize};

use super::{JudgedAt, Room};

/// Grows with every change of the state's shape; each change brings a step from the format before.
pub const CHECKPOINT_FORMAT: u32 = 6;

/// A checkpoint that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnknownCheckpoint {
    /// A later version wrote it, or none did.
    #[error("checkpoint has format {found}, this version reads 1..={CHECKPOINT_FORMAT}")]
    Format {
        /// The format that it names.
        found: u64,
    },
    /// Not a room's state.
    #[error("checkpoint cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    state: &'a Room,
}

impl Room {
    /// The whole state as JSON: `{"format":6,"state":…}`. Personal data are not part of it.
    #[must_use]
    pub fn checkpoint(&self) -> serde_json::Value {
        let written = Written { format: CHECKPOINT_FORMAT, state: self };
        serde_json::to_value(written).unwrap_or_default()
    }

    /// The room of a checkpoint of this or an earlier format. Every room that does not start empty
    /// begins here: after a restart, a slice out of the middle, a gap or an upgrade.
    ///
    /// # Errors
    /// Its format is not known, or it is not a room's state.
    pub fn from_checkpoint(json: &serde_json::Value) -> Result<Self, UnknownCheckpoint> {
        let found = json.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        let format = u32::try_from(found).unwrap_or(0);
        if !(1..=CHECKPOINT_FORMAT).contains(&format) {
            return Err(UnknownCheckpoint::Format { found });
        }
        let state = json.get("state").unwrap_or(&serde_json::Value::Null);
        let room = match format {
            CHECKPOINT_FORMAT => Self::deserialize(state)?,
            _ => Self::deserialize(upgrade::to_current(state.clone(), format))?,
        };
        Ok(Self { judged_at: JudgedAt(room.now), ..room })
    }
}
