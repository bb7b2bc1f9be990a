//! New versions of profiles, and approvals: kept, and at once in the rooms that they watch.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::bed::written;
use super::command::Pending;
use super::core::Core;
use super::shelf::NewVersion;
use super::{Actor, Refusal};
use crate::journal::Entry;
use crate::profile::{DEFAULT_PROFILE, Profile};
use crate::vitals::{Millis, RoomId};

impl Core {
    /// The profile of this name that counts now, or the version by which a session runs.
    pub(super) fn profile(&self, name: &str, version: Option<u32>) -> Option<Arc<Profile>> {
        let is_it = |profile: &&Arc<Profile>| {
            profile.name == name && version.is_none_or(|version| version == profile.version)
        };
        let of_sessions = || self.beds.values().filter_map(|bed| Some(&bed.card.as_ref()?.profile));
        self.profiles.get(name).filter(is_it).or_else(|| of_sessions().find(is_it)).cloned()
    }

    pub(super) fn put_profile(
        &mut self,
        actor: &Actor,
        profile: Profile,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let new = self.profiles.next_version(actor, profile, at)?;
        self.keep_profile(new)
    }

    pub(super) fn approve_profile(
        &mut self,
        actor: &Actor,
        name: &str,
        version: u32,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let new = self.profiles.approved(actor, name, version, at)?;
        self.keep_profile(new)
    }

    /// What the journal has no place for does not count either: no alert may name a version that
    /// nobody can read again.
    fn keep_profile(&mut self, mut new: NewVersion) -> Result<Pending, Refusal> {
        let at = new.at;
        let entry = Entry { at, body: new.body.to_string(), ..Entry::default() };
        let (stored, told) = oneshot::channel();
        if !self.append_to_clinic(entry, std::mem::take(&mut new.views), vec![stored]) {
            let text = "Nothing can be recorded now: the disk is full or does not answer. Monitoring goes on.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        self.profiles.place(&new);
        if new.profile.name == DEFAULT_PROFILE {
            self.clinic_profile = Arc::clone(&new.profile);
            let rooms: Vec<RoomId> = self.beds.keys().cloned().collect();
            for room in rooms {
                self.renew_clinic_profile(&room, at);
            }
        }
        Ok(Pending { json: written(&new.kept()), stored: told })
    }
}
