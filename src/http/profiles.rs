//! Monitoring profiles: staff read them, a prescriber changes and approves them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Nurse, Prescriber};
use super::body::{Body, Params, raw};
use super::paths::{Id, ProfileName};
use super::problem::Problem;
use super::{HttpState, answer, reads};
use crate::contract::{self, Details};
use crate::profile::{self, Form, Profile, Rules};
use crate::ward::{ApproveProfile, ListProfiles, PutProfile, ShowProfile};

/// The profiles that there are.
#[utoipa::path(get, path = "/profiles", operation_id = "list_profiles", tag = "profiles",
    responses((status = 200, description = "Without their limits", body = contract::Profiles)))]
pub(super) async fn list(State(state): State<HttpState>, _: Nurse) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, state.ward.ask(ListProfiles).await?))
}

/// The version of a profile.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionQuery {
    /// The current one when left out.
    version: Option<u32>,
}

/// One profile, whole.
#[utoipa::path(get, path = "/profiles/{name}", operation_id = "show_profile", tag = "profiles",
    params(("name" = String, Path, description = "The profile's name"), VersionQuery),
    responses((status = 200, description = "With every limit and delay", body = contract::ProfileDocument)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    _: Nurse,
    Id(ProfileName(name)): Id<ProfileName>,
    Params(VersionQuery { version }): Params<VersionQuery>,
) -> Result<Json<Profile>, Problem> {
    Ok(Json(stored(&state, &name, version).await?))
}

/// The same in sentences, for the medical director who reviews it.
#[utoipa::path(get, path = "/profiles/{name}/rules", operation_id = "show_rules", tag = "profiles",
    params(("name" = String, Path, description = "The profile's name"), VersionQuery),
    responses((status = 200, description = "What alarms, and when", body = profile::RulesText)))]
pub(super) async fn rules(
    State(state): State<HttpState>,
    _: Nurse,
    Id(ProfileName(name)): Id<ProfileName>,
    Params(VersionQuery { version }): Params<VersionQuery>,
) -> Result<Response, Problem> {
    let profile = stored(&state, &name, version).await?;
    Ok(Json(Rules::of(&profile).text()).into_response())
}

async fn stored(state: &HttpState, name: &str, version: Option<u32>) -> Result<Profile, Problem> {
    // The profiles that judge patients now are known without the disk.
    if let Some(profile) = state.ward.ask(ShowProfile { name: name.to_owned(), version }).await? {
        return Ok((*profile).clone());
    }
    let kept = reads::short(state.store.profile(name, version)).await?;
    kept.map(|kept| kept.profile).ok_or_else(|| match version {
        Some(version) => Problem::not_found("profile", &format!("{name}@{version}")),
        None => Problem::not_found("profile", name),
    })
}

/// A profile in a body: TOML when the request says so, else JSON.
pub(super) struct Written(Form, Bytes);

impl FromRequest<HttpState> for Written {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let form = kind.map_or(Form::Json, form_of);
        Ok(Self(form, raw(request, state).await?))
    }
}

/// How a body of this media type is written: `application/toml`, `text/x-toml` and the like are
/// TOML, whatever parameters follow.
fn form_of(media_type: &str) -> Form {
    let essence = media_type.split(';').next().unwrap_or_default();
    let subtype = essence.rsplit('/').next().unwrap_or_default().trim();
    let is_toml = ["toml", "x-toml"].iter().any(|toml| subtype.eq_ignore_ascii_case(toml));
    if is_toml { Form::Toml } else { Form::Json }
}

impl Written {
    fn read(&self, name: &str) -> Result<Profile, Problem> {
        let text = std::str::from_utf8(&self.1).map_err(|error| {
            let what = format!("must be UTF-8, which ends at byte {}", error.valid_up_to());
            let place = "profile".to_owned();
            Problem::refused_profile(vec![profile::Problem { place, line: None, what }])
        })?;
        Profile::read(text, self.0, Some(name)).map_err(Problem::refused_profile)
    }
}

/// Keeps a profile as the next version of its name, which nobody has approved yet. The version in
/// the body does not count.
#[utoipa::path(put, path = "/profiles/{name}", operation_id = "put_profile", tag = "profiles",
    params(("name" = String, Path, description = "The profile's name")),
    request_body(content((contract::ProfileDocument = "application/json"), (String = "application/toml"))),
    responses((status = 200, description = "What it is now", body = contract::Done<contract::KeptProfile>),
        (status = 422, description = "Everything that is wrong with it", body = Details)))]
pub(super) async fn put(
    State(state): State<HttpState>,
    Prescriber(caller): Prescriber,
    Id(ProfileName(name)): Id<ProfileName>,
    written: Written,
) -> Result<Response, Problem> {
    let profile = written.read(&name)?;
    let done = state.ward.act(caller.actor(), PutProfile { profile }).await?;
    Ok(answer::done(done))
}

/// What is being approved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approved {
    /// The newest version: what is signed must be what was read.
    version: u32,
}

/// Signs the newest version of a profile.
#[utoipa::path(post, path = "/profiles/{name}/approve", operation_id = "approve_profile", tag = "profiles", request_body = Approved,
    params(("name" = String, Path, description = "The profile's name")),
    responses((status = 200, description = "What it is now", body = contract::Done<contract::KeptProfile>),
        (status = 409, description = "It is not the newest, or signed already", body = Details)))]
pub(super) async fn approve(
    State(state): State<HttpState>,
    Prescriber(caller): Prescriber,
    Id(ProfileName(name)): Id<ProfileName>,
    Body(Approved { version }): Body<Approved>,
) -> Result<Response, Problem> {
    let done = state.ward.act(caller.actor(), ApproveProfile { name, version }).await?;
    Ok(answer::done(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_toml_when_its_media_type_is() {
        for toml in ["application/toml", "application/TOML; charset=utf-8", "text/x-toml", "toml"] {
            assert_eq!(form_of(toml), Form::Toml, "{toml}");
        }
        for json in ["application/json", "", "text/plain; name=\"a.toml\"", "application/tomlike"] {
            assert_eq!(form_of(json), Form::Json, "{json}");
        }
    }
}
