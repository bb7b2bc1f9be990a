//! Who may sign in. For administrators, by their own sign-in. Secrets come in and never go out.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::HttpState;
use super::answer;
use super::auth::Admin;
use super::body::Body;
use super::paths::{Id, Named};
use super::problem::Problem;
use crate::access::{self, LONGEST_INITIALS, Role};
use crate::contract::{self, Details, StaffMember};
use crate::name::{self, LONGEST_NAME};
use crate::password;
use crate::store::StaffRow;
use crate::ward::{self, ChangeStaff, StaffChange};

/// A person's or a program's name in a path.
pub(super) struct StaffName(pub(super) String);

impl Named for StaffName {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self(text.to_owned()))
    }
}

/// Everybody who may sign in, or once could. For administrators.
#[utoipa::path(get, path = "/staff", operation_id = "list_staff", tag = "staff",
    responses((status = 200, description = "By name", body = contract::Staff)))]
pub(super) async fn list(State(state): State<HttpState>, _: Admin) -> Json<contract::Staff> {
    let staff = state.store.register().staff().iter().map(StaffMember::from).collect();
    Json(contract::Staff { staff })
}

/// A new person who may sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStaff {
    /// The name they sign in with: 1 to 100 characters that can be seen, and unlike anybody's.
    name: String,
    /// The initials that the record shows, 1 to 4 characters; made from the name when left out.
    initials: Option<String>,
    /// What they may do.
    role: Role,
    /// At least 10 characters, and not easy to guess.
    password: String,
    /// 4 to 6 digits, with which they identify themselves at a shared station.
    pin: Option<String>,
}

/// Adds somebody who may sign in. For administrators.
#[utoipa::path(post, path = "/staff", operation_id = "add_staff", tag = "staff", request_body = NewStaff,
    responses((status = 201, description = "As they are now", body = contract::Done<StaffMember>),
        (status = 409, description = "Somebody has this name, or one that looks like it", body = Details),
        (status = 422, description = "The name, the initials, the password or the PIN will not do: the title says why", body = Details)))]
pub(super) async fn add(
    State(state): State<HttpState>,
    Admin(caller): Admin,
    Body(new): Body<NewStaff>,
) -> Result<Response, Problem> {
    let NewStaff { name, initials, role, password, pin } = new;
    let name = name::checked(&name, LONGEST_NAME)
        .map_err(|problem| bad("name", format!("name {problem}")))?;
    let initials = initials.unwrap_or_else(|| access::initials(&name));
    check_initials(&initials)?;
    check_password(&password, &name)?;
    check_pin(pin.as_deref())?;
    let (password_hash, pin_hash) = (hash(password).await?, hash_of(pin).await?);
    let role = role.name().to_owned();
    let row = StaffRow { name, initials, role, password_hash, pin_hash, active: true };
    let register = state.store.register().clone();
    let _turn = register.changing().await;
    Ok(answer::done(state.ward.act(caller.actor(), ward::AddStaff { row }).await?))
}

/// What should change about somebody; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedStaff {
    /// The initials that the record shows from now on, 1 to 4 characters.
    initials: Option<String>,
    /// Their role from now on; their screens reconnect with it.
    role: Option<Role>,
    /// A new password: they have to sign in again everywhere.
    password: Option<String>,
    /// A new PIN of 4 to 6 digits; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pin: Option<Option<String>>,
    /// `false` stops them from signing in, and ends what they have open; `true` lets them sign in
    /// again.
    active: Option<bool>,
}

/// A value that was given, including `null`.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Changes somebody's initials, role, password or PIN, and whether they may sign in. It takes
/// effect at once, also for what they have open. For administrators.
#[utoipa::path(patch, path = "/staff/{id}", operation_id = "change_staff", tag = "staff", request_body = ChangedStaff,
    params(("id" = String, Path, description = "Their name")),
    responses((status = 200, description = "As they are now", body = contract::Done<StaffMember>),
        (status = 409, description = "They are the only administrator", body = Details),
        (status = 422, description = "The initials, the password or the PIN will not do: the title says why", body = Details)))]
pub(super) async fn change(
    State(state): State<HttpState>,
    Admin(caller): Admin,
    Id(StaffName(name)): Id<StaffName>,
    Body(changed): Body<ChangedStaff>,
) -> Result<Response, Problem> {
    let ChangedStaff { initials, role, password, pin, active } = changed;
    if let Some(initials) = &initials {
        check_initials(initials)?;
    }
    if let Some(password) = &password {
        check_password(password, &name)?;
    }
    check_pin(pin.as_ref().and_then(Option::as_deref))?;
    let pin_hash = match pin {
        Some(pin) => Some(hash_of(pin).await?),
        None => None,
    };
    let password_hash = hash_of(password).await?;
    let change = StaffChange { initials, role, password_hash, pin_hash, active };
    if change == StaffChange::default() {
        let title = "say what should change: initials, role, password, pin or active";
        return Err(Problem::bad_field(None, title));
    }
    apply(&state, &caller, ChangeStaff { name, change }).await
}

/// Stops somebody from signing in, and ends what they have open at once. What they recorded stays,
/// under their name; `PATCH` with `{"active":true}` lets them in again. For administrators.
#[utoipa::path(delete, path = "/staff/{id}", operation_id = "disable_staff", tag = "staff",
    params(("id" = String, Path, description = "Their name")),
    responses((status = 200, description = "As they are now", body = contract::Done<StaffMember>),
        (status = 409, description = "They are the only administrator", body = Details)))]
pub(super) async fn disable(
    State(state): State<HttpState>,
    Admin(caller): Admin,
    Id(StaffName(name)): Id<StaffName>,
) -> Result<Response, Problem> {
    let change = StaffChange { active: Some(false), ..StaffChange::default() };
    apply(&state, &caller, ChangeStaff { name, change }).await
}

async fn apply(
    state: &HttpState,
    caller: &super::auth::Caller,
    act: ChangeStaff,
) -> Result<Response, Problem> {
    // A command on this machine may be changing the same person.
    let register = state.store.register().clone();
    let _turn = register.changing().await;
    Ok(answer::done(state.ward.act(caller.actor(), act).await?))
}

fn bad(field: &str, title: impl Into<String>) -> Problem {
    Problem::bad_field(Some(field.to_owned()), title)
}

fn check_initials(initials: &str) -> Result<(), Problem> {
    if access::are_initials(initials) {
        return Ok(());
    }
    let title = format!(
        "initials must be 1 to {LONGEST_INITIALS} characters without a space, got {initials:?}"
    );
    Err(bad("initials", title))
}

fn check_password(password: &str, name: &str) -> Result<(), Problem> {
    password::refusal_of_password(password, name).map_or(Ok(()), |why| Err(bad("password", why)))
}

fn check_pin(pin: Option<&str>) -> Result<(), Problem> {
    let refusal = pin.and_then(password::refusal_of_pin);
    refusal.map_or(Ok(()), |why| Err(bad("pin", why)))
}

/// Off the runtime's own threads: it takes tens of milliseconds.
async fn hash(secret: String) -> Result<String, Problem> {
    let hashed = tokio::task::spawn_blocking(move || access::hash_secret(&secret)).await;
    hashed.map_err(|_| Problem::our_fault())?.map_err(Problem::from)
}

async fn hash_of(secret: Option<String>) -> Result<Option<String>, Problem> {
    match secret {
        Some(secret) => hash(secret).await.map(Some),
        None => Ok(None),
    }
}
