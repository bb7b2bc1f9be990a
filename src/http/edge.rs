//! What every request passes through: it is counted, logged once if it fails, given the headers
//! that browsers need, protected from panics, and rid of a body that nobody has read.

use std::any::Any;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::assets;
use super::problem::Problem;
use super::unread::Unread;

/// Nothing from elsewhere, and nobody may frame our pages.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; connect-src 'self'; worker-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
     frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// The outermost layer.
pub(super) async fn edge(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // Without the query, and never the body: paths hold only ids.
    let path = request.uri().path().to_owned();
    let (request, unread) = Unread::lend(request);
    let mut response = next.run(request).await;
    if let Some(unread) = unread {
        unread.clear(&mut response).await;
    }
    let status = response.status();
    let class = ["1xx", "2xx", "3xx", "4xx", "5xx"]
        .get(usize::from(status.as_u16() / 100).saturating_sub(1))
        .copied()
        .unwrap_or("other");
    metrics::counter!("dripwatch_http_requests_total", "class" => class).increment(1);
    // Monitoring asks every second whether we are fit for work, and that notes its own changes.
    if status.is_server_error() && !matches!(&*path, "/readyz" | "/healthz") {
        tracing::warn!("{method} {path} was answered {status}");
    } else if status.is_client_error() {
        tracing::debug!("{method} {path} was answered {status}");
    }
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    // What is said about patients is in no cache.
    if path.starts_with("/api/") {
        let never = HeaderValue::from_static("no-store");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(never);
    }
    response
}

/// A panic is a bug of ours: the rest of the server continues.
pub(super) fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!("a request panicked: {}", text.as_deref().unwrap_or("no message"));
    Problem::our_fault().into_response()
}

/// The path is known, but the method is not.
pub(super) async fn wrong_method(method: Method) -> Problem {
    Problem::wrong_method(method.as_str())
}

/// No call has this path: it is a part of the page, or nothing.
pub(super) async fn elsewhere(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::unknown_path(path).into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return Problem::wrong_method(method.as_str()).into_response();
    }
    assets::response(path).unwrap_or_else(|| Problem::unknown_path(path).into_response())
}
