//! The profiles that count now, and how a change of them is recorded in the clinic's chain.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Actor, Refusal};
use crate::contract::{self, ProfileSummary, Profiles};
use crate::journal::ReadError;
use crate::profile::{Approval, Change, Profile, builtin, builtin_names};
use crate::store::{AuditRow, KeptProfile, ProfileRow, Store, Upsert};
use crate::vitals::Millis;

/// The most profiles among which staff can still find one.
pub(super) const MOST_PROFILES: usize = 64;

/// The current version of each profile: the newest one that the clinic keeps, otherwise the shipped
/// one.
#[derive(Debug)]
pub struct ProfileRegistry {
    current: BTreeMap<String, Arc<Profile>>,
    /// The highest version that a name ever had, readable or not.
    newest: BTreeMap<String, u32>,
    /// Who made the current version, when it was the clinic.
    changed: BTreeMap<String, Change>,
}

/// A version to be kept: the profile, the entry in the clinic's chain, and its views.
#[derive(Debug)]
pub struct NewVersion {
    /// The profile as it will count.
    pub profile: Arc<Profile>,
    /// Who made it; `None` if this approves a version that was already there.
    changed: Option<Change>,
    /// The time of the change.
    pub at: Millis,
    /// The entry: who, when, and the whole profile under `profile` or `profile_approved`.
    pub body: Json,
    /// The rows.
    pub views: Vec<Upsert>,
}

impl ProfileRegistry {
    /// What is shipped, overlaid by what the clinic keeps.
    pub async fn of(store: &Store) -> Result<Self, ReadError> {
        Ok(Self::overlaid(store.newest_profiles().await?))
    }

    /// What is shipped, as it counts where the clinic stores no version of its own.
    #[must_use]
    pub fn shipped() -> Self {
        Self::overlaid(Vec::new())
    }

    fn overlaid(rows: Vec<ProfileRow>) -> Self {
        let shipped = builtin_names().filter_map(builtin);
        let current: BTreeMap<_, _> = shipped.map(|p| (p.name.clone(), p)).collect();
        let newest = current.iter().map(|(name, p)| (name.clone(), p.version)).collect();
        let mut registry = Self { current, newest, changed: BTreeMap::new() };
        for row in rows {
            let highest = registry.newest.entry(row.name.clone()).or_default();
            *highest = row.version.max(*highest);
            if let Some(KeptProfile { profile, changed }) = row.kept() {
                if let Err(problems) = profile.clone().checked() {
                    // A clinic's approved limits are not dropped because a newer program checks
                    // edits more strictly.
                    let problem = problems.first().map(ToString::to_string);
                    tracing::warn!(profile = profile.label(), problem, "would be refused today");
                }
                registry.changed.extend(changed.map(|changed| (profile.name.clone(), changed)));
                registry.current.insert(profile.name.clone(), Arc::new(profile));
            }
        }
        registry
    }

    /// The profile of this name that counts now.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Profile>> {
        self.current.get(name)
    }

    /// Every profile without its limits, by name.
    #[must_use]
    pub fn shown(&self) -> Profiles {
        Profiles { profiles: self.current.values().map(|profile| self.summary(profile)).collect() }
    }

    fn summary(&self, profile: &Profile) -> ProfileSummary {
        let changed = self.changed.get(&profile.name);
        ProfileSummary {
            name: profile.name.clone(),
            title: profile.title.clone(),
            version: profile.version,
            planned_s: profile.planned_s,
            approved: profile.approved.clone(),
            changed: changed.cloned(),
            shipped: changed.is_none(),
        }
    }

    /// A checked profile as the next version of its name, which nobody has approved yet.
    ///
    /// # Errors
    /// There are already as many profiles as staff can find one among.
    pub fn next_version(
        &self,
        actor: &Actor,
        profile: Profile,
        at: Millis,
    ) -> Result<NewVersion, Refusal> {
        if !self.newest.contains_key(&profile.name) && self.newest.len() >= MOST_PROFILES {
            return Err(Refusal::NotNow(format!(
                "There are already {MOST_PROFILES} profiles: change one of them."
            )));
        }
        let version = self.newest.get(&profile.name).map_or(1, |newest| newest.saturating_add(1));
        let profile = Profile { version, approved: None, ..profile };
        let changed = Some(Change { by: actor.name.clone(), at });
        Ok(NewVersion::of(profile, changed, "profile", ("change profile", actor, at)))
    }

    /// Signs the newest version of a profile.
    ///
    /// # Errors
    /// There is no such profile, it is not the newest version, or it is signed already.
    pub fn approved(
        &self,
        actor: &Actor,
        name: &str,
        version: u32,
        at: Millis,
    ) -> Result<NewVersion, Refusal> {
        let profile = self
            .get(name)
            .ok_or_else(|| Refusal::NotFound { kind: "profile", id: name.to_owned() })?;
        if profile.version != version {
            let newest = profile.version;
            return Err(Refusal::NotNow(format!(
                "The newest version of {name} is {newest}, not {version}: read that one and approve it."
            )));
        }
        if let Some(Approval { by, .. }) = &profile.approved {
            let label = profile.label();
            return Err(Refusal::NotNow(format!("{by} has already approved {label}.")));
        }
        let approved = Some(Approval { by: actor.name.clone(), at: at.0 });
        let profile = Profile { approved, ..(**profile).clone() };
        Ok(NewVersion::of(profile, None, "profile_approved", ("approve profile", actor, at)))
    }

    /// From now on this version counts.
    pub fn place(&mut self, new: &NewVersion) {
        let profile = Arc::clone(&new.profile);
        self.newest.insert(profile.name.clone(), profile.version);
        self.changed.extend(new.changed.clone().map(|changed| (profile.name.clone(), changed)));
        self.current.insert(profile.name.clone(), profile);
    }
}

impl NewVersion {
    fn of(
        profile: Profile,
        changed: Option<Change>,
        key: &'static str,
        (what, actor, at): (&str, &Actor, Millis),
    ) -> Self {
        let mut body = json!({"at": at, "staff": actor.initials});
        body[key] = json!(profile);
        let row = ProfileRow::new(&profile, changed.clone());
        let (who, what) = (actor.name.clone(), what.to_owned());
        // On the command line somebody may act in another's name.
        let detail = format!("{}, entered by {}", profile.label(), actor.initials);
        let audit = AuditRow { at, who, what, detail };
        let views = vec![Upsert::Profile(row), Upsert::Audit(audit)];
        Self { profile: Arc::new(profile), changed, at, body, views }
    }

    /// The answer to whoever asked for it.
    #[must_use]
    pub fn kept(&self) -> contract::KeptProfile {
        let Profile { name, version, approved, .. } = (*self.profile).clone();
        contract::KeptProfile { name, version, approved }
    }
}
