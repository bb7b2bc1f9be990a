use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::context::ControlContext;
use super::names::checked_name;
use super::request::{Changed, Request};
use super::sink::{RecordSink, WHO, append};
use crate::contract::{KeptProfile, Profiles};
use crate::journal::Journal;
use crate::profile::{Form, Problem, Profile};
use crate::room::Authority;
use crate::store;
use crate::ward::{self, Actor, Answer, NewVersion, ProfileRegistry};

/// The profiles, without their limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListProfiles {}

impl Request for ListProfiles {
    type Answer = Profiles;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Profiles> {
        Ok(ProfileRegistry::of(&context.store).await?.shown())
    }
}

/// One profile, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowProfile {
    /// Its name.
    pub name: String,
    /// Which version; the current one when `None`.
    pub version: Option<u32>,
}

impl Request for ShowProfile {
    type Answer = Profile;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Profile> {
        let Self { name, version } = self;
        let stored = context.store.profile(&name, version).await?;
        let store::KeptProfile { profile, .. } = stored.with_context(|| match version {
            Some(version) => format!("there is no version {version} of a profile {name:?}"),
            None => {
                format!("there is no profile {name:?}: `dripwatch profiles list` shows them all")
            }
        })?;
        Ok(profile)
    }
}

/// Stores a profile as the next version of its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutProfile {
    /// The profile, as written.
    pub text: String,
    /// How it is written.
    pub form: Form,
}

/// What became of a profile that was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PutAnswer {
    /// It was stored as the next version.
    Stored(Changed<KeptProfile>),
    /// It may not be used, and nothing was changed: everything that is wrong with it.
    Bad(Vec<Problem>),
}

impl Request for PutProfile {
    type Answer = PutAnswer;
    const MAY_BEGIN_DATA: bool = true;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<PutAnswer> {
        let profile = match Profile::read(&self.text, self.form, None) {
            Ok(profile) => profile,
            Err(problems) => return Ok(PutAnswer::Bad(problems)),
        };
        let actor = actor(None)?;
        let stored = match &context.sink {
            RecordSink::Ward(ward) => {
                from_ward(&ward.act(actor, ward::PutProfile { profile }).await?)?
            }
            RecordSink::Journal(journal) => {
                let registry = ProfileRegistry::of(&context.store).await?;
                let new = registry.next_version(&actor, profile, context.clock.now())?;
                into_journal(journal, new).await?
            }
        };
        Ok(PutAnswer::Stored(stored))
    }
}

/// Signs the newest version of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveProfile {
    /// Its name.
    pub name: String,
    /// The newest version.
    pub version: u32,
    /// The name in which it is signed.
    pub by: Option<String>,
}

impl Request for ApproveProfile {
    type Answer = Changed<KeptProfile>;
    const MAY_BEGIN_DATA: bool = true;

    async fn perform(self, context: &ControlContext) -> anyhow::Result<Changed<KeptProfile>> {
        let Self { name, version, by } = self;
        let actor = actor(by.as_deref())?;
        match &context.sink {
            RecordSink::Ward(ward) => {
                from_ward(&ward.act(actor, ward::ApproveProfile { name, version }).await?)
            }
            RecordSink::Journal(journal) => {
                let registry = ProfileRegistry::of(&context.store).await?;
                let new = registry.approved(&actor, &name, version, context.clock.now())?;
                into_journal(journal, new).await
            }
        }
    }
}

fn from_ward(answer: &Answer) -> anyhow::Result<Changed<KeptProfile>> {
    Ok(Changed { now: serde_json::from_str(&answer.json)?, recorded: answer.recorded })
}

async fn into_journal(journal: &Journal, new: NewVersion) -> anyhow::Result<Changed<KeptProfile>> {
    let now = new.kept();
    append(journal, new.at, &new.body, new.views).await?;
    Ok(Changed { now, recorded: true })
}

/// Whoever may open the data directory may act; they may say in whose name.
fn actor(name: Option<&str>) -> anyhow::Result<Actor> {
    Ok(super::sink::actor(checked_name(name.unwrap_or(WHO))?, Authority::Prescriber))
}
