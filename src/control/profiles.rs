//! What alarms, and when: profiles as the clinic keeps them.

use anyhow::bail;
use serde_json::{Value, json};

use super::ledger::WHO;
use super::protocol::Response;
use super::work::Office;
use crate::profile::{Form, Profile};
use crate::room::Authority;
use crate::store::KeptProfile;
use crate::ward::{Actor, Shelf};

pub(super) async fn profiles(office: &Office) -> anyhow::Result<Response> {
    let profiles = Shelf::of(&office.store).await?;
    Ok(Response::Profiles { profiles: json!(profiles.shown().profiles) })
}

pub(super) async fn profile(
    office: &Office,
    name: &str,
    version: Option<u32>,
) -> anyhow::Result<Response> {
    let Some(KeptProfile { profile, .. }) = office.store.profile(name, version).await? else {
        match version {
            Some(version) => bail!("there is no version {version} of a profile {name:?}"),
            None => bail!("there is no profile {name:?}: `dripwatch profiles list` shows them all"),
        }
    };
    Ok(Response::Profile { profile: json!(profile) })
}

/// Nothing is done when anything is wrong with it.
pub(super) async fn put_profile(
    office: &Office,
    text: &str,
    form: Form,
) -> anyhow::Result<Response> {
    let profile = match Profile::read(text, form, None) {
        Ok(profile) => profile,
        Err(problems) => return Ok(Response::ProfileRefused { problems }),
    };
    let (kept, recorded) = office.ledger.put_profile(office, actor(None)?, profile).await?;
    kept_answer(&kept, recorded)
}

pub(super) async fn approve_profile(
    office: &Office,
    name: String,
    version: u32,
    by: Option<&str>,
) -> anyhow::Result<Response> {
    let actor = actor(by)?;
    let (kept, recorded) = office.ledger.approve_profile(office, actor, name, version).await?;
    kept_answer(&kept, recorded)
}

fn kept_answer(kept: &Value, recorded: bool) -> anyhow::Result<Response> {
    let name = kept["name"].as_str().unwrap_or_default().to_owned();
    let version = u32::try_from(kept["version"].as_u64().unwrap_or_default())?;
    Ok(Response::ProfileKept { name, version, recorded })
}

/// Whoever may open the data directory may act; they may say in whose name.
fn actor(name: Option<&str>) -> anyhow::Result<Actor> {
    let name = super::people::checked_name(name.unwrap_or(WHO))?;
    let authority = Authority::Prescriber;
    Ok(Actor {
        initials: WHO.to_owned(),
        name,
        authority,
        authority_by_password: authority,
        is_identified: true,
        is_program: true,
        request: None,
    })
}
