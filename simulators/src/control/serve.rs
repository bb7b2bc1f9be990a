//! The control listener: a page, and the place that its buttons and `dripwatch-sim fault` post to.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, bail};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tracing::info;

use super::{Board, Refusal, Switch};

const PAGE: &str = include_str!("page.html");
/// An order is a few bytes.
const MAX_BODY_BYTES: usize = 1024;
const ONLY_OURS: &str = "default-src 'none'; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A listener that is ready to serve.
pub struct Control {
    listener: TcpListener,
    board: Board,
}

impl Control {
    /// # Errors
    /// The address is not this machine's own, or is taken.
    pub async fn bind(address: SocketAddr, board: Board) -> anyhow::Result<Self> {
        if !address.ip().is_loopback() {
            bail!(
                "the control page has no password, so it is served on this machine only: \
                 give 127.0.0.1:PORT, not {address}"
            );
        }
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("cannot listen on {address}"))?;
        info!("the control page is at http://{}", listener.local_addr()?);
        Ok(Self { listener, board })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves for ever.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(self) -> anyhow::Result<()> {
        Ok(axum::serve(self.listener, router(self.board)).await?)
    }
}

fn router(board: Board) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/state", get(state))
        .route("/rooms/{room}/{switch}", post(order))
        .fallback(|| async { refused(StatusCode::NOT_FOUND, "there is a page at /") })
        .layer(from_fn(from_this_machine))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(board)
}

async fn page() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, ONLY_OURS),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, PAGE)
}

async fn state(State(board): State<Board>) -> Json<Value> {
    let named = |switch: Switch| {
        let at_the_bedside = matches!(switch, Switch::Trouble(_));
        json!({"name": switch.name(), "stays": switch.stays(), "at_the_bedside": at_the_bedside})
    };
    let switches: Vec<_> = Switch::all().map(named).collect();
    Json(json!({"rooms": board.shown(), "switches": switches}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    on: bool,
}

async fn order(
    State(board): State<Board>,
    Path((room, switch)): Path<(String, String)>,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Response {
    let switch: Switch = match switch.parse() {
        Ok(switch) => switch,
        Err(problem) => return refused(StatusCode::NOT_FOUND, &problem),
    };
    let Ok(Json(Wanted { on })) = wanted else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "post {\"on\":true} or {\"on\":false}");
    };
    match board.order(&room, switch, on) {
        Ok(()) => {
            info!(room, "{switch} {}", if on { "on" } else { "off" });
            Json(json!({"room": room, "switch": switch.name(), "on": on})).into_response()
        }
        Err(refusal @ Refusal::NoRoom(_)) => refused(StatusCode::NOT_FOUND, refusal.text()),
        Err(refusal @ Refusal::NotHere(_)) => refused(StatusCode::CONFLICT, refusal.text()),
    }
}

fn refused(status: StatusCode, title: &str) -> Response {
    (status, Json(json!({"title": title}))).into_response()
}

/// Another site's page in this machine's browser can reach this address too: it must neither order
/// anything (its Origin is different) nor read anything (by a name of its own for this address).
async fn from_this_machine(request: Request, next: Next) -> Response {
    if is_from_this_machine(request.headers()) {
        next.run(request).await
    } else {
        refused(StatusCode::FORBIDDEN, "only this machine's own page may do this")
    }
}

fn is_from_this_machine(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let Some(host) = text(header::HOST) else { return false };
    let named = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let is_own = named == "localhost"
        || named.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    is_own && text(header::ORIGIN).is_none_or(|origin| origin == format!("http://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::ask;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn another_sites_page_may_neither_order_nor_read() {
        assert!(is_from_this_machine(&headers("127.0.0.1:2600", None)));
        assert!(is_from_this_machine(&headers("[::1]:2600", Some("http://[::1]:2600"))));
        assert!(is_from_this_machine(&headers("localhost", Some("http://localhost"))));
        assert!(!is_from_this_machine(&headers("127.0.0.1:2600", Some("https://evil.example"))));
        assert!(!is_from_this_machine(&headers("evil.example:2600", None)));
        assert!(!is_from_this_machine(&HeaderMap::new()));
    }

    #[test]
    fn the_page_is_small_and_loads_nothing_from_elsewhere() {
        assert!(PAGE.len() < 10_000, "{} bytes", PAGE.len());
        assert!(!PAGE.contains("http://") && !PAGE.contains("https://"));
    }

    async fn serving() -> (Board, SocketAddr) {
        let board = Board::default();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let control = Control::bind(any, board.clone()).await.expect("a free port");
        let address = control.address().expect("it is bound");
        tokio::spawn(control.serve());
        (board, address)
    }

    #[tokio::test]
    async fn what_is_asked_reaches_the_room_and_what_is_refused_says_why() {
        let (board, address) = serving().await;
        let orders = board.room("3", false);
        let desaturate = "desaturate".parse().expect("it can be switched");
        ask(address, "3", desaturate, true).await.expect("there is a room 3");
        assert_eq!(orders.take(), [(desaturate, true)]);
        let refused = ask(address, "9", desaturate, true).await.expect_err("no such room");
        assert!(refused.to_string().contains("allowed are 3"), "{refused}");
    }

    #[tokio::test]
    async fn the_page_and_its_state_are_served_and_nonsense_is_told_what_to_post() {
        let (board, address) = serving().await;
        board.room("3", false);
        let get = |path: &str| reqwest::get(format!("http://{address}{path}"));
        let page = get("/").await.expect("it answers");
        assert_eq!(page.headers()["content-security-policy"], ONLY_OURS);
        let state: Value = get("/state").await.expect("it answers").json().await.expect("JSON");
        assert_eq!(state["rooms"], json!([{"room": "3", "is_scripted": false, "on": []}]));
        assert_eq!(state["switches"].as_array().map(Vec::len), Some(15));
        let post = |path: &str, body: &'static str| {
            let request = reqwest::Client::new().post(format!("http://{address}{path}"));
            request.header("content-type", "application/json").body(body).send()
        };
        for (path, body, status) in [
            ("/rooms/3/fire", r#"{"on":true}"#, 404),
            ("/rooms/3/delay", "{}", 422),
            ("/rooms/3/delay", "nonsense", 422),
            ("/rooms/3/delay", r#"{"on":true,"colour":1}"#, 422),
            ("/elsewhere", "", 404),
        ] {
            let answer = post(path, body).await.expect("it answers");
            assert_eq!(answer.status().as_u16(), status, "{path} {body}");
            let said: Value = answer.json().await.expect("JSON");
            assert!(said["title"].is_string(), "{said}");
        }
    }

    #[tokio::test]
    async fn it_is_served_on_this_machine_only() {
        let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let refused = Control::bind(everywhere, Board::default()).await.err();
        assert!(refused.is_some_and(|refused| refused.to_string().contains("this machine only")));
    }
}
