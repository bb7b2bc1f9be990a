use serde::{Deserialize, Serialize};

use super::Room;

/// Grows when the state's shape changes.
pub const CHECKPOINT_FORMAT: u32 = 2;

/// A checkpoint that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnknownCheckpoint {
    /// Written by another version.
    #[error("checkpoint has format {found}, this version reads {CHECKPOINT_FORMAT}")]
    Format {
        /// Its format.
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

#[derive(Deserialize)]
struct Read {
    state: Room,
}

impl Room {
    /// The whole state as JSON: `{"format":1,"state":…}`. Personal data are not part of it.
    #[must_use]
    pub fn checkpoint(&self) -> serde_json::Value {
        let written = Written { format: CHECKPOINT_FORMAT, state: self };
        serde_json::to_value(written).unwrap_or_default()
    }

    /// The room of a checkpoint. Everything that a room does not start empty for comes in here:
    /// a restart, a slice out of the middle, a gap, an upgrade.
    pub fn from_checkpoint(json: &serde_json::Value) -> Result<Self, UnknownCheckpoint> {
        let format = json.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format != u64::from(CHECKPOINT_FORMAT) {
            return Err(UnknownCheckpoint::Format { found: format });
        }
        Ok(Read::deserialize(json)?.state)
    }
}
