//! New versions of profiles, and approvals: kept, and in force at once in the rooms that they
//! watch.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::profile_registry::NewVersion;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::profile::{DEFAULT_PROFILE, Profile};
use crate::record::Entry;
use crate::vitals::{Millis, RoomId};

/// `{"profiles":[…]}`: every profile without its limits.
#[derive(Debug)]
pub struct ListProfiles;

impl Command for ListProfiles {
    type Answer = String;

    fn run(self, core: &mut Core, _at: Millis) -> String {
        written(&core.profiles.shown())
    }
}

/// A profile that counts now, or one that a running session uses: the current version when
/// `version` is `None`. Other older versions come from the store.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ShowProfile {
    pub name: String,
    pub version: Option<u32>,
}

impl Command for ShowProfile {
    type Answer = Option<Arc<Profile>>;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        let is_it = |profile: &&Arc<Profile>| {
            profile.name == self.name
                && self.version.is_none_or(|version| version == profile.version)
        };
        let of_sessions = || {
            core.rooms.values().filter_map(|room_actor| Some(&room_actor.card.as_ref()?.profile))
        };
        let current = core.profiles.get(&self.name).filter(is_it);
        current.or_else(|| of_sessions().find(is_it)).cloned()
    }
}

/// Keeps a checked profile as the next version of its name, whatever version it carries. Sessions
/// use it from their opening; a running session keeps its own version.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct PutProfile {
    pub profile: Profile,
}

impl Act for PutProfile {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let new = core.profiles.next_version(actor, self.profile, at)?;
        core.keep_profile(new)
    }
}

/// Signs the newest version of a profile.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ApproveProfile {
    pub name: String,
    pub version: u32,
}

impl Act for ApproveProfile {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let new = core.profiles.approved(actor, &self.name, self.version, at)?;
        core.keep_profile(new)
    }
}

impl Core {
    /// What the journal has no room for does not count either: no alert may name a version that
    /// nobody can read again.
    fn keep_profile(&mut self, mut new: NewVersion) -> Result<Pending, Refusal> {
        let at = new.at;
        let entry = Entry { at, body: new.body.to_string(), ..Entry::default() };
        let (stored, told) = oneshot::channel();
        if !self.append_to_clinic(entry, std::mem::take(&mut new.views), vec![stored]) {
            return Err(Refusal::not_recorded());
        }
        self.profiles.place(&new);
        if new.profile.name == DEFAULT_PROFILE {
            self.clinic_profile = Arc::clone(&new.profile);
            let rooms: Vec<RoomId> = self.rooms.keys().cloned().collect();
            for room in rooms {
                self.renew_clinic_profile(&room, at);
            }
        }
        Ok(Pending { json: written(&new.kept()), stored: told })
    }
}
