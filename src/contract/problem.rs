use axum::http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Alert;
use crate::profile;
use crate::vitals::RoomId;

/// What could not be done and why: RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// `about:blank`: the title says it.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// What is wrong, in a few words.
    pub(crate) title: String,
    /// The HTTP status.
    #[serde(serialize_with = "number")]
    #[schema(value_type = u16)]
    pub(crate) status: StatusCode,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) detail: Option<String>,
    /// For programs, such as `already_acknowledged`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) code: Option<&'static str>,
    /// Which field of the request is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) field: Option<String>,
    /// The alert as it is, when somebody else has taken it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Alert>)]
    pub(crate) alert: Option<Box<RawValue>>,
    /// What a gate still waits for, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) unmet: Vec<String>,
    /// Everything that is wrong with a profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) problems: Vec<profile::Problem>,
    /// After how many seconds one may try again: the header `Retry-After`, for pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) retry_after_s: Option<u32>,
}

/// Rooms that a problem names.
const NAMED_ROOMS: usize = 8;

impl Details {
    /// A problem of which nothing more is known.
    pub(crate) fn new(status: StatusCode, title: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: title.into(),
            status,
            detail: None,
            code: None,
            field: None,
            alert: None,
            unmet: Vec::new(),
            problems: Vec::new(),
            retry_after_s: None,
        }
    }

    /// A screen asks for rooms that are not there; it is shown the others.
    pub(crate) fn unknown_rooms(rooms: &[&RoomId]) -> Self {
        let named: Vec<_> =
            rooms.iter().take(NAMED_ROOMS).map(|room| format!("{room:?}")).collect();
        let more = match rooms.len().saturating_sub(NAMED_ROOMS) {
            0 => String::new(),
            more => format!(", nor {more} more"),
        };
        let title = format!("there is no room {}{more}", named.join(", "));
        let detail = "The others that you asked for are shown. GET /api/v1/rooms lists them all.";
        Self {
            field: Some("rooms".to_owned()),
            detail: Some(detail.to_owned()),
            code: Some("unknown_room"),
            ..Self::new(StatusCode::NOT_FOUND, title)
        }
    }
}

fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
