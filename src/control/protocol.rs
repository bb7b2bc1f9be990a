use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{PATIENCE, PATIENCE_FOR_LONG_WORK};
use crate::profile::{Form, Problem};
use crate::replay::{Part, Place};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId};

/// A password, PIN or token on its way. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a command asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Adds somebody who may sign in, or changes them when the name is there.
    AddStaff {
        /// With which they sign in.
        name: String,
        /// What the record shows; made of the name when `None`.
        initials: Option<String>,
        /// A role's name.
        role: String,
        /// Their password.
        password: Secret,
        /// With which they say who they are at a shared station.
        pin: Option<Secret>,
    },
    /// Who may sign in.
    Staff {},
    /// Gives each device a new token, and ends its old one.
    AddDevices {
        /// The devices; no id stands twice.
        devices: Vec<NewDevice>,
    },
    /// The devices that were ever heard, are bound or have a token.
    Devices {},
    /// Forgets a device that belongs to no room, and ends its token.
    RemoveDevice {
        /// The device.
        device: DeviceId,
    },
    /// Gives a program a new token, and ends its old one.
    AddToken {
        /// The program's name.
        name: String,
        /// A role's name.
        role: String,
    },
    /// The programs that have a token.
    Tokens {},
    /// Ends a program's token, and whatever it has open.
    RevokeToken {
        /// The program's name.
        name: String,
    },
    /// Lets somebody sign in no more, and ends whatever they have open.
    DisableStaff {
        /// With which they signed in.
        name: String,
    },
    /// Gives somebody another role. Their screens come back with it.
    SetRole {
        /// With which they sign in.
        name: String,
        /// A role's name.
        role: String,
    },
    /// Gives somebody a new password. They have to sign in again everywhere.
    SetPassword {
        /// With which they sign in.
        name: String,
        /// The new one.
        password: Secret,
    },
    /// The profiles, without their limits.
    Profiles {},
    /// One profile, whole.
    Profile {
        /// Its name.
        name: String,
        /// Which; the one that counts now when `None`.
        version: Option<u32>,
    },
    /// Keeps a profile as the next version of its name.
    PutProfile {
        /// The profile, as written.
        text: String,
        /// How it is written.
        form: Form,
    },
    /// Signs the newest version of a profile.
    ApproveProfile {
        /// Its name.
        name: String,
        /// The newest version.
        version: u32,
        /// In whose name.
        by: Option<String>,
    },
    /// A page of the sessions, newest first.
    Sessions {
        /// Where the page before ended.
        after: Option<SessionsAfter>,
    },
    /// A part of a session's recording.
    Export {
        /// The session.
        session: SessionId,
        /// Where the part before ended.
        place: Option<Place>,
    },
    /// The names of the chains.
    Chains {},
    /// Walks the hashes of a chain.
    Verify {
        /// The chain's name.
        chain: String,
    },
}

impl Request {
    /// How long its answer may take.
    pub(super) fn patience(&self) -> Duration {
        match self {
            Self::Verify { .. } | Self::AddDevices { .. } => PATIENCE_FOR_LONG_WORK,
            _ => PATIENCE,
        }
    }

    /// Whether it only looks: there is no use in making a database for it.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        !matches!(
            self,
            Self::AddStaff { .. }
                | Self::AddDevices { .. }
                | Self::RemoveDevice { .. }
                | Self::AddToken { .. }
                | Self::RevokeToken { .. }
                | Self::DisableStaff { .. }
                | Self::SetRole { .. }
                | Self::SetPassword { .. }
                | Self::PutProfile { .. }
                | Self::ApproveProfile { .. }
        )
    }
}

/// Where a page of sessions ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionsAfter(pub String);

/// A device that shall have a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// The device.
    pub id: DeviceId,
    /// The room to which it shall be bound; left as it is when `None`.
    pub room: Option<RoomId>,
}

/// A device in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDevice {
    /// Its id.
    pub id: DeviceId,
    /// What it calls itself, where that is no id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// The room that it belongs to.
    pub room: Option<RoomId>,
    /// The language in which it was heard.
    pub adapter: Option<String>,
    /// When it was heard last; without a running server, when that was last noted.
    pub last_seen: Option<Millis>,
    /// Whether it has a token.
    #[serde(default)]
    pub token: bool,
}

impl KnownDevice {
    /// One of which only the id is known.
    pub(super) fn of(id: DeviceId) -> Self {
        Self { id, original: None, room: None, adapter: None, last_seen: None, token: false }
    }
}

/// What a command is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Response {
    /// Somebody may sign in.
    StaffAdded {
        /// As they now stand.
        person: Person,
        /// Whether the name was there before.
        existed: bool,
        /// Whether it is on disk already.
        recorded: bool,
    },
    /// Somebody's rights have changed.
    StaffChanged {
        /// As they now are.
        person: Person,
        /// Whether it is on disk already.
        recorded: bool,
    },
    /// Who may sign in.
    Staff {
        /// By name.
        staff: Vec<Person>,
    },
    /// The programs that have a token.
    Tokens {
        /// By name.
        tokens: Vec<ProgramToken>,
    },
    /// A token has ended.
    TokenRevoked {
        /// Whether it is on disk already.
        recorded: bool,
    },
    /// The new tokens, which nobody can show again.
    TokensGiven {
        /// In the order in which they were asked for.
        tokens: Vec<Given>,
        /// Whether they are on disk already.
        recorded: bool,
    },
    /// The devices.
    Devices {
        /// By id.
        devices: Vec<KnownDevice>,
    },
    /// A device is forgotten.
    DeviceRemoved {
        /// Which.
        id: DeviceId,
        /// Whether that is on disk already.
        recorded: bool,
    },
    /// The profiles.
    Profiles {
        /// As `GET profiles` lists them.
        profiles: Value,
    },
    /// One profile.
    Profile {
        /// Whole.
        profile: Value,
    },
    /// A profile is kept.
    ProfileKept {
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
        /// Whether it is on disk already.
        recorded: bool,
    },
    /// A profile may not be used; nothing was changed.
    ProfileRefused {
        /// Everything that is wrong with it.
        problems: Vec<Problem>,
    },
    /// A page of the sessions.
    Sessions {
        /// Newest first.
        sessions: Vec<SessionEntry>,
        /// Where to go on, when there is more.
        next: Option<SessionsAfter>,
    },
    /// A part of a recording.
    Recording {
        /// The part.
        #[serde(flatten)]
        part: Part,
    },
    /// The chains.
    Chains {
        /// Their names.
        chains: Vec<String>,
    },
    /// What walking a chain showed.
    Verified {
        /// The chain.
        #[serde(flatten)]
        state: ChainState,
    },
    /// It was not done.
    Refused {
        /// Why, and what to do instead: a sentence for the person who asked.
        why: String,
    },
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// With which they sign in.
    pub name: String,
    /// What the record shows.
    pub initials: String,
    /// Their role's name.
    pub role: String,
    /// Whether they have a PIN.
    pub pin: bool,
    /// Whether they may sign in now.
    pub active: bool,
}

/// A program's token, which nobody can show again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramToken {
    /// The program's name.
    pub name: String,
    /// A role's name.
    pub role: String,
    /// When it was given out.
    pub created_at: Millis,
    /// When it was last used, to the hour.
    pub last_used: Option<Millis>,
}

/// A token that was given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Whose: a device's id or a program's name.
    pub id: String,
    /// The token itself.
    pub token: Secret,
    /// Whether an older one ended.
    pub replaced: bool,
}

/// A session in a list. Says nothing about whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Its id.
    pub id: SessionId,
    /// Where.
    pub room: RoomId,
    /// Which profile.
    pub profile: String,
    /// How far it is, or how it ended.
    pub phase: String,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion was started.
    pub started_at: Option<Millis>,
    /// When it was over.
    pub ended_at: Option<Millis>,
}

/// What walking a chain showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainState {
    /// Its name.
    pub chain: String,
    /// Whether every entry is as it was written.
    pub whole: bool,
    /// The number of the last entry; of a broken chain, of the first that is not as written.
    pub seq: u64,
    /// The hash of the last entry of a whole chain.
    pub hash: Option<String>,
    /// What is wrong: `missing`, `changed` or `private_changed`.
    pub fault: Option<String>,
}
