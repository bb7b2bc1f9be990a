//! The caller may not do it, or not yet.

use axum::http::StatusCode;

use super::Problem;
use crate::access::Role;

impl Problem {
    /// Nobody is signed in, or the token is not valid.
    #[must_use]
    pub(crate) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign in first").coded("not_signed_in").detail(
            "Sign in with POST /api/v1/login, or send `Authorization: Bearer` with a token.",
        )
    }

    /// Name or password is wrong; which one is not said.
    #[must_use]
    pub(crate) fn wrong_password() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "name or password is wrong").coded("wrong_secret")
    }

    /// Initials or PIN are wrong. The station stays signed in, so this is not a 401.
    #[must_use]
    pub(crate) fn wrong_pin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "initials or PIN is wrong").coded("wrong_secret")
    }

    /// Initials or password are wrong, where the station stays signed in.
    #[must_use]
    pub(crate) fn wrong_password_here() -> Self {
        Self::new(StatusCode::FORBIDDEN, "initials or password is wrong").coded("wrong_secret")
    }

    /// No PIN is accepted any more; the password is.
    #[must_use]
    pub(crate) fn no_more_pins() -> Self {
        Self::new(StatusCode::FORBIDDEN, "too many wrong PINs")
            .detail("Give your password here, or use your own screen.")
            .coded("needs_password")
    }

    /// A PIN is not enough.
    #[must_use]
    pub(crate) fn needs_password_of(role: Role) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("this needs the password of a {role}"))
            .detail(
                "A PIN gives a nurse's rights. Give your password here, or use your own screen.",
            )
            .coded("needs_password")
    }

    /// A PIN is not enough; `why` says for what.
    #[must_use]
    pub(crate) fn needs_password(why: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "this needs your password")
            .detail(format!("{why} A PIN gives a nurse's rights."))
            .coded("needs_password")
    }

    /// Not allowed at somebody else's station, however they identify themselves.
    #[must_use]
    pub(crate) fn needs_own_sign_in() -> Self {
        Self::new(StatusCode::FORBIDDEN, "this needs your own sign-in")
            .detail("Sign in with your own account, and sign out afterwards.")
            .coded("needs_own_sign_in")
    }

    /// Only an identified person may do it; `remedy` says what will happen, and what to do.
    #[must_use]
    pub(crate) fn needs_identity(remedy: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "this needs your PIN")
            .detail(remedy)
            .coded("needs_identity")
    }

    /// The role is too low.
    #[must_use]
    pub(crate) fn needs_role(role: Role) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("this needs the role {role} or a higher one"))
            .coded("needs_role")
    }

    /// The token is meant for something else.
    #[must_use]
    pub(crate) fn wrong_token(what: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, what).coded("wrong_token")
    }

    /// A request with a cookie that another page made, or that does not say which page made it.
    #[must_use]
    pub(crate) fn foreign_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "this page may not do that here")
            .coded("foreign_origin")
            .detail("With a cookie, `Origin` must name this server. Programs use a Bearer token.")
    }

    /// Too many wrong tries.
    #[must_use]
    pub(crate) fn too_many_tries(wait_s: u32) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!("too many wrong tries: wait {wait_s} s"),
        );
        problem.0.retry_after_s = Some(wait_s);
        problem.coded("too_many_tries")
    }

    /// The command was given under the name of somebody who no longer acts there.
    #[must_use]
    pub(crate) fn not_as_named(who: &str) -> Self {
        let title = format!("{who} is signed in here now");
        let remedy = "Nothing was done. Check whose screen this is, and tap again.";
        Self::new(StatusCode::CONFLICT, title).detail(remedy).coded("not_as_named")
    }
}
