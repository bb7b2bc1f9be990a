//! Monitoring profiles, for staff to read.

use axum::Json;
use serde_json::{Value, json};

use super::auth::Nurse;
use super::paths::{Id, ProfileName};
use super::shapes;
use crate::error::Problem;
use crate::profile::{Profile, builtin, builtin_names};

/// The profiles that there are.
#[utoipa::path(get, path = "/profiles", tag = "profiles",
    responses((status = 200, description = "Without their limits", body = shapes::Profiles)))]
pub(super) async fn list(_: Nurse) -> Json<Value> {
    let profiles: Vec<_> =
        builtin_names().filter_map(builtin).map(|profile| summary(&profile)).collect();
    Json(json!({"profiles": profiles}))
}

fn summary(profile: &Profile) -> Value {
    json!({"name": profile.name, "title": profile.title, "version": profile.version,
           "planned_s": profile.planned_s, "approved": profile.approved})
}

/// One profile, whole.
#[utoipa::path(get, path = "/profiles/{name}", tag = "profiles",
    params(("name" = String, Path, description = "The profile's name")),
    responses((status = 200, description = "With every limit and delay", body = Object)))]
pub(super) async fn show(
    _: Nurse,
    Id(ProfileName(name)): Id<ProfileName>,
) -> Result<Json<Profile>, Problem> {
    let profile = builtin(&name).ok_or_else(|| Problem::not_found("profile", &name))?;
    Ok(Json((*profile).clone()))
}
