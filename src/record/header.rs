use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::{LineError, Patient};
use crate::profile::{Profile, builtin, builtin_names};
use crate::vitals::RoomId;

/// The first line of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The room.
    pub room: RoomId,
    /// The profile that alarms are judged by.
    pub profile: Arc<Profile>,
    /// The patient.
    pub patient: Patient,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeader<'a> {
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    room: RoomId,
    #[serde(borrow)]
    profile: &'a RawValue,
    #[serde(default)]
    patient: Patient,
}

impl Header {
    /// Reads the first line.
    pub fn read(json: &str) -> Result<Self, LineError> {
        let raw: RawHeader<'_> = serde_json::from_str(json)?;
        if raw.kind != "recording" {
            return Err(LineError::new(format!("type must be recording, got {:?}", raw.kind)));
        }
        if raw.version != 1 {
            let found = raw.version;
            return Err(LineError::new(format!(
                "the recording has version {found}, this program reads version 1"
            )));
        }
        Ok(Self { room: raw.room, profile: profile(raw.profile)?, patient: raw.patient })
    }
}

/// A built-in's name, or the whole profile.
pub(super) fn profile(raw: &RawValue) -> Result<Arc<Profile>, LineError> {
    if let Ok(name) = serde_json::from_str::<String>(raw.get()) {
        return builtin(&name).ok_or_else(|| {
            let known: Vec<_> = builtin_names().collect();
            LineError::new(format!(
                "profile {name:?} is not one of this version ({})",
                known.join(", ")
            ))
        });
    }
    let profile: Profile = serde_json::from_str(raw.get()).map_err(|error| {
        LineError::new(format!("profile cannot be read by this version: {error}"))
    })?;
    let checked = profile.checked().map_err(|problems| {
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        LineError::new(format!("profile: {}", texts.join("; ")))
    })?;
    Ok(Arc::new(checked))
}

/// The header of a recording.
#[must_use]
pub fn write_header(header: &Header) -> String {
    json!({"type": "recording", "version": 1, "room": header.room,
           "profile": *header.profile, "patient": header.patient})
    .to_string()
}
