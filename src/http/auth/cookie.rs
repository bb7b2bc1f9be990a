use axum::http::{HeaderMap, HeaderValue, header};

use crate::access::Role;

/// A login of staff lives this long: the longest shift.
const SHIFT_S: i64 = 16 * 60 * 60;
/// A display's login lives this long after its last use, which is as long as browsers keep a
/// cookie. A wall that signed itself out on Sunday would show nothing on Monday.
const WALL_S: i64 = 400 * 24 * 60 * 60;
/// The cookie itself stays as long as browsers keep one, also after its login has ended: then it
/// only shows that this browser was used before, and whoever used it signs in without a delay.
const COOKIE_S: i64 = WALL_S;

/// How long a login of this role lives.
pub(super) const fn life_s(role: Role) -> i64 {
    match role {
        Role::Display => WALL_S,
        Role::Nurse | Role::Lead | Role::Prescriber | Role::Admin => SHIFT_S,
    }
}

/// The cookie's name: where there is TLS, with the prefix that browsers accept only over TLS.
pub(super) const fn name(secure: bool) -> &'static str {
    if secure { "__Host-dripwatch_session" } else { "dripwatch_session" }
}

/// The cookie's token, if the request carries one.
pub(super) fn token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';'));
    pairs.find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name(secure) && !value.is_empty()).then_some(value.trim_matches('"'))
    })
}

/// Gives the cookie to a browser.
pub(super) fn set(token: &str, secure: bool) -> Option<HeaderValue> {
    let name = name(secure);
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{name}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={COOKIE_S}{secure}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn our_cookie_is_found_among_others() {
        let among = headers(&["theme=dark; dripwatch_session=abc; x=y"]);
        assert_eq!(token(&among, false), Some("abc"));
        assert_eq!(token(&headers(&["a=b", "dripwatch_session=abc"]), false), Some("abc"));
        assert_eq!(token(&headers(&["xdripwatch_session=abc"]), false), None);
        assert_eq!(token(&headers(&["dripwatch_session="]), false), None);
        assert_eq!(token(&headers(&[";;=;"]), false), None);
    }

    #[test]
    fn over_tls_only_the_cookie_that_is_bound_to_this_host_counts() {
        assert_eq!(token(&headers(&["dripwatch_session=abc"]), true), None);
        assert_eq!(token(&headers(&["__Host-dripwatch_session=abc"]), true), Some("abc"));
    }

    #[test]
    fn no_script_and_no_other_site_gets_the_cookie() {
        assert_eq!(
            set("abc", true).unwrap(),
            "__Host-dripwatch_session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=34560000; \
             Secure"
        );
        assert_eq!(
            set("abc", false).unwrap(),
            "dripwatch_session=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=34560000"
        );
    }

    #[test]
    fn a_wall_stays_signed_in_for_more_than_a_year_and_staff_for_a_shift() {
        let days = |role| life_s(role) / 86_400;
        assert_eq!(days(Role::Display), 400);
        for staff in [Role::Nurse, Role::Lead, Role::Prescriber, Role::Admin] {
            assert_eq!(days(staff), 0, "{staff}");
        }
    }
}
