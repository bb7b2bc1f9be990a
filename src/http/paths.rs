//! Ids in paths.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::problem::Problem;
use crate::vitals::{CourseId, DeviceId, PatientId, RoomId, SessionId};

/// The one id in a path.
pub(super) struct Id<T>(pub(super) T);

/// Something that a path can name.
pub(super) trait Named: Sized {
    /// Reads the name, or says why it cannot be one.
    fn named(text: &str) -> Result<Self, Problem>;
}

impl<T: Named, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = path.map_err(|rejection| {
            Problem::unreadable_request(rejection.status(), rejection.body_text())
        })?;
        T::named(&text).map(Self)
    }
}

impl Named for RoomId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self::new(text)?)
    }
}

impl Named for DeviceId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self::new(text)?)
    }
}

impl Named for SessionId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self::new(text)?)
    }
}

impl Named for PatientId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self::new(text)?)
    }
}

impl Named for CourseId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self::new(text)?)
    }
}

/// An alert's public id.
pub(super) struct AlertId(pub(super) String);

impl Named for AlertId {
    fn named(text: &str) -> Result<Self, Problem> {
        // An alert's id is that of its session, or of its room and day, with a short suffix.
        let is_id = (1..=160).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b));
        if is_id { Ok(Self(text.to_owned())) } else { Err(Problem::not_found("alert", text)) }
    }
}

/// A profile's name.
pub(super) struct ProfileName(pub(super) String);

impl Named for ProfileName {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self(text.to_owned()))
    }
}
