use axum::http::{HeaderMap, Method, Uri, header};

/// Whether a request with these headers may change something by virtue of a cookie, or open a
/// socket: for that it has to say that a page of this very host made it.
pub(super) fn must_be_named(method: &Method, headers: &HeaderMap) -> bool {
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    changes || headers.contains_key(header::UPGRADE)
}

/// Whether it has an `Origin`.
pub(super) fn is_named(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN)
}

/// Whether its `Origin` names the host that it addresses.
pub(super) fn is_ours(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).or_else(|| uri.authority().map(|host| host.as_str()));
    match (text(header::ORIGIN), host) {
        (Some(origin), Some(host)) => is_same_host(origin, host),
        _ => false,
    }
}

fn is_same_host(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let bare = |text: &str| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    !host.is_empty() && bare(authority) == bare(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_very_host_are_ours() {
        for (origin, host) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("https://Ward.Example", "ward.example"),
            ("https://ward.example", "ward.example:443"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            assert!(is_same_host(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("null", "ward.example"),
            ("", ""),
            ("http://", ""),
            ("https://evil.example", "ward.example"),
            ("https://ward.example.evil.example", "ward.example"),
            ("https://ward.example:8443", "ward.example"),
            ("http://127.0.0.1:8081", "127.0.0.1:8080"),
            ("file://ward.example", "ward.example"),
        ] {
            assert!(!is_same_host(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn reading_needs_no_origin_but_changing_and_sockets_do() {
        let mut headers = HeaderMap::new();
        assert!(!must_be_named(&Method::GET, &headers));
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            assert!(must_be_named(&method, &headers));
        }
        headers.insert(header::UPGRADE, axum::http::HeaderValue::from_static("websocket"));
        assert!(must_be_named(&Method::GET, &headers));
    }
}
