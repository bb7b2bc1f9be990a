use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::access::{Right, Role};
use crate::contract::{Acting, Person, Proof};
use crate::http::problem::Problem;
use crate::record::KeyedRequest;
use crate::room::Authority;
use crate::ward::{Actor, View};

use super::acting::Acts;

/// The caller, as [`super::require`] found out.
#[derive(Clone, Debug)]
pub(in crate::http) struct Caller {
    /// The owner of the token.
    pub(in crate::http) signed_in: Person,
    /// The person who has identified themselves at this station.
    pub(in crate::http) acting: Option<Acts>,
    /// Hash of the token.
    pub(in crate::http) token: [u8; 32],
    /// Whether they came with a cookie.
    pub(in crate::http) has_cookie: bool,
    /// The request, when it has an `Idempotency-Key`.
    pub(in crate::http) request: Option<Arc<KeyedRequest>>,
    /// Ends with the token, and with anything else that takes the caller's rights away.
    pub(in crate::http) right: Right,
}

impl Caller {
    fn person(&self) -> &Person {
        self.acting.as_ref().map_or(&self.signed_in, |acts| &acts.person)
    }

    /// What the person who acts may do here: by their own sign-in or token everything that their
    /// role may, by their password at a shared station at most what a prescriber may, and by their
    /// PIN what a nurse may. Every check of rights asks this, and nothing else.
    pub(in crate::http) fn role(&self) -> Role {
        self.role_with(self.acting.as_ref().map(|acts| acts.proof))
    }

    fn role_with(&self, proof: Option<Proof>) -> Role {
        let own = self.person().role;
        let most = match proof {
            None => return own,
            // Their own screen, at which they identified themselves once more.
            Some(_) if self.person().name == self.signed_in.name => return self.signed_in.role,
            Some(Proof::Password) => Role::Prescriber,
            Some(Proof::Pin) => Role::Nurse,
        };
        own.min(most)
    }

    /// The name of the person who acts.
    pub(super) fn name(&self) -> &str {
        &self.person().name
    }

    /// The person who acts, for the record.
    pub(in crate::http) fn actor(&self) -> Actor {
        let Person { name, initials, .. } = self.person().clone();
        let role = self.role();
        let is_program = !self.has_cookie;
        let is_identified = match self.acting {
            Some(_) => true,
            // A program with a nurse's role may do what any nurse may at a station.
            None if is_program => role > Role::Nurse,
            // A nurse's or a lead's login may be that of a station; these are personal.
            None => role >= Role::Prescriber,
        };
        let by_password = self.acting.as_ref().map(|_| Proof::Password);
        Actor {
            initials,
            name,
            authority: authority(role),
            authority_by_password: authority(self.role_with(by_password)),
            is_identified,
            is_program,
            request: self.request.clone(),
        }
    }

    /// The person who acts here, what they may do here, how they proved who they are, and until
    /// when.
    pub(super) fn acting_here(&self) -> Option<Acting> {
        let Acts { person, proof, until } = self.acting.clone()?;
        Some(Acting { person: Person { role: self.role(), ..person }, proof, until })
    }

    /// What they may see.
    pub(in crate::http) fn view(&self) -> View {
        if self.signed_in.role.is_staff() { View::Staff } else { View::Display }
    }

    /// Whose count the wrong tries here belong to.
    pub(super) fn account(&self) -> String {
        let name = &self.signed_in.name;
        if self.has_cookie { name.clone() } else { format!("program {name}") }
    }

    fn at_least(self, role: Role) -> Result<Self, Problem> {
        let by_password = self.acting.as_ref().map(|_| Proof::Password);
        if self.role() >= role {
            Ok(self)
        } else if self.role_with(by_password) >= role {
            Err(Problem::needs_password_of(role))
        } else if self.person().role >= role {
            Err(Problem::needs_own_sign_in())
        } else {
            Err(Problem::needs_role(role))
        }
    }

    fn of(parts: &Parts) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_signed_in)
    }
}

fn authority(role: Role) -> Authority {
    match role {
        Role::Prescriber | Role::Admin => Authority::Prescriber,
        Role::Lead => Authority::Lead,
        Role::Nurse | Role::Display => Authority::Nurse,
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
/// An administrator, by their own sign-in or by a program's token.
pub(in crate::http) struct Admin(pub(in crate::http) Caller);

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

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Caller::of(parts)?.at_least(Role::Admin).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::Millis;

    fn person(initials: &str, role: Role) -> Person {
        Person { name: format!("name of {initials}"), initials: initials.into(), role }
    }

    fn at(signed_in: Role, acting: Option<(Role, Proof)>) -> Caller {
        let acting = acting.map(|(role, proof)| Acts {
            person: person("KM", role),
            proof,
            until: Millis(1),
        });
        let (signed_in, right) = (person("ST", signed_in), Right::default());
        Caller { signed_in, acting, token: [0; 32], has_cookie: true, right, request: None }
    }

    #[test]
    fn who_acts_at_a_shared_station_acts_with_their_own_name_and_role() {
        assert!(at(Role::Lead, None).at_least(Role::Lead).is_ok());
        let shared = at(Role::Lead, Some((Role::Nurse, Proof::Pin)));
        assert_eq!(shared.actor().initials, "KM");
        assert!(shared.clone().at_least(Role::Nurse).is_ok());
        assert!(shared.at_least(Role::Lead).is_err());
    }

    #[test]
    fn a_pin_gives_a_nurses_rights_a_password_a_prescribers_and_admin_acts_are_ones_own() {
        for role in [Role::Nurse, Role::Lead, Role::Prescriber, Role::Admin] {
            for station in [Role::Nurse, Role::Admin] {
                let by = |proof| at(station, Some((role, proof)));
                assert_eq!(by(Proof::Pin).role(), Role::Nurse, "{role} at {station}");
                assert_eq!(by(Proof::Password).role(), role.min(Role::Prescriber));
            }
            assert_eq!(at(role, None).role(), role);
        }
        let refused = |role, proof, wanted| {
            let refusal = at(Role::Nurse, Some((role, proof))).at_least(wanted).unwrap_err();
            (refusal.status().as_u16(), refusal.title().to_owned())
        };
        assert_eq!(
            refused(Role::Admin, Proof::Pin, Role::Prescriber),
            (403, "this needs the password of a prescriber".to_owned())
        );
        assert_eq!(
            refused(Role::Admin, Proof::Password, Role::Admin),
            (403, "this needs your own sign-in".to_owned())
        );
        assert_eq!(
            refused(Role::Lead, Proof::Password, Role::Prescriber),
            (403, "this needs the role prescriber or a higher one".to_owned())
        );
    }

    #[test]
    fn at_their_own_screen_a_pin_takes_nothing_away() {
        let mut own = at(Role::Prescriber, Some((Role::Prescriber, Proof::Pin)));
        own.signed_in = person("KM", Role::Prescriber);
        assert_eq!(own.role(), Role::Prescriber);
    }

    #[test]
    fn the_ward_hears_what_somebody_may_decide_and_what_they_might_with_their_password() {
        let actor = |caller: Caller| {
            let actor = caller.actor();
            (actor.authority, actor.authority_by_password, actor.is_identified)
        };
        use Authority::{Lead, Nurse, Prescriber};
        let by_pin = at(Role::Nurse, Some((Role::Prescriber, Proof::Pin)));
        assert_eq!(actor(by_pin), (Nurse, Prescriber, true));
        let by_password = at(Role::Nurse, Some((Role::Admin, Proof::Password)));
        assert_eq!(actor(by_password), (Prescriber, Prescriber, true));
        assert_eq!(actor(at(Role::Prescriber, None)), (Prescriber, Prescriber, true));
        assert_eq!(actor(at(Role::Lead, None)), (Lead, Lead, false), "perhaps a station's");
    }
}
