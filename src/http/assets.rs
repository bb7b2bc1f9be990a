//! The staff page, which is part of the program.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file under this path: its type, its bytes, and whether it never changes under this name.
fn page(path: &str) -> Option<(&'static str, &'static [u8], bool)> {
    let name = path.trim_start_matches('/');
    let find = |name: &str| ASSETS.iter().find(|(known, _, _)| *known == name);
    // The page draws its own views: a path without a file's name is one of them.
    let last = name.rsplit('/').next().unwrap_or_default();
    let is_view = !last.contains('.') && !name.starts_with("assets/");
    let (known, kind, bytes) = find(name).or_else(|| find("index.html").filter(|_| is_view))?;
    Some((kind, bytes, known.starts_with("assets/")))
}

/// The file under this path, as browsers get it.
pub(super) fn response(path: &str) -> Option<Response> {
    let (kind, bytes, is_immutable) = page(path)?;
    let cache = if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    Some((headers, Body::from(bytes)).into_response())
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn views_are_drawn_by_the_page_and_missing_files_are_missing() {
        for view in ["/", "/index.html", "/rooms/3", "/alerts"] {
            assert!(page(view).is_some_and(|(kind, _, is_immutable)| {
                kind.starts_with("text/html") && !is_immutable
            }));
        }
        // If browsers kept a worker or a manifest, they would miss an update.
        for (file, kind) in [
            ("/sw.js", "text/javascript; charset=utf-8"),
            ("/manifest.webmanifest", "application/manifest+json"),
            ("/icon-maskable.svg", "image/svg+xml"),
        ] {
            assert_eq!(page(file).map(|(kind, _, fixed)| (kind, fixed)), Some((kind, false)));
        }
        for missing in ["/assets/gone-1a2b.js", "/favicon.gone", "/assets/x"] {
            assert!(page(missing).is_none(), "{missing}");
        }
    }
}
