use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde_json::{Value as Json, json};

use crate::access::{Right, Role};
use crate::error::Problem;
use crate::room::Authority;
use crate::vitals::Millis;
use crate::ward::{Actor, View};

/// Somebody of the staff, or a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Person {
    /// With which they sign in.
    pub(in crate::http) name: String,
    /// What the record shows.
    pub(in crate::http) initials: String,
    /// What they may do.
    pub(in crate::http) role: Role,
}

impl Person {
    pub(in crate::http) fn to_json(&self) -> Json {
        json!({"name": self.name, "initials": self.initials, "role": self.role.name()})
    }
}

/// Who calls, as [`super::require`] found out.
#[derive(Clone, Debug)]
pub(in crate::http) struct Caller {
    /// Whose token it is.
    pub(in crate::http) signed_in: Person,
    /// Who said at this station that it is they who act, and until when.
    pub(in crate::http) acting: Option<(Person, Millis)>,
    /// Hash of the token.
    pub(in crate::http) token: [u8; 32],
    /// Whether they came with a cookie.
    pub(in crate::http) has_cookie: bool,
    /// Ends with the token, and with whatever else takes the caller's rights away.
    pub(in crate::http) right: Right,
}

impl Caller {
    fn person(&self) -> &Person {
        self.acting.as_ref().map_or(&self.signed_in, |(person, _)| person)
    }

    /// The name of whoever acts.
    pub(super) fn name(&self) -> &str {
        &self.person().name
    }

    /// Who acts, for the record.
    pub(in crate::http) fn actor(&self) -> Actor {
        let Person { name, initials, role } = self.person().clone();
        let authority = match role {
            Role::Prescriber | Role::Admin => Authority::Prescriber,
            Role::Lead => Authority::Lead,
            Role::Nurse | Role::Display => Authority::Nurse,
        };
        let is_program = !self.has_cookie;
        // A program of the nurses' may do what any of them may at a station.
        let is_identified = self.acting.is_some() || (is_program && authority > Authority::Nurse);
        Actor { initials, name, authority, is_identified, is_program }
    }

    /// What they may see.
    pub(in crate::http) fn view(&self) -> View {
        if self.signed_in.role.is_staff() { View::Staff } else { View::Display }
    }

    fn at_least(self, role: Role) -> Result<Self, Problem> {
        if self.person().role >= role { Ok(self) } else { Err(Problem::needs_role(role)) }
    }

    fn of(parts: &Parts) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_signed_in)
    }
}

/// Anybody who is signed in.
pub(in crate::http) struct Viewer(pub(in crate::http) Caller);
/// A nurse or above.
pub(in crate::http) struct Nurse(pub(in crate::http) Caller);
/// A lead or above.
pub(in crate::http) struct Lead(pub(in crate::http) Caller);
/// A prescriber or an administrator.
pub(in crate::http) struct Prescriber(pub(in crate::http) Caller);

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Caller::of(parts).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Nurse {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Caller::of(parts)?.at_least(Role::Nurse).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Lead {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Caller::of(parts)?.at_least(Role::Lead).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Prescriber {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Caller::of(parts)?.at_least(Role::Prescriber).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(initials: &str, role: Role) -> Person {
        Person { name: format!("name of {initials}"), initials: initials.into(), role }
    }

    #[test]
    fn who_acts_at_a_shared_station_acts_with_their_own_name_and_role() {
        let station = person("ST", Role::Lead);
        let right = Right::default();
        let (acting, token) = (None, [0; 32]);
        let alone = Caller { signed_in: station, acting, token, has_cookie: true, right };
        assert!(alone.clone().at_least(Role::Lead).is_ok());
        let acting = Some((person("KM", Role::Nurse), Millis(1)));
        let shared = Caller { acting, ..alone };
        assert_eq!(shared.actor().initials, "KM");
        assert!(shared.clone().at_least(Role::Nurse).is_ok());
        assert!(shared.at_least(Role::Lead).is_err());
    }
}
