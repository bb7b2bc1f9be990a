//! What of a request's body nobody has read: a refusal or a repeated answer goes out before it. To
//! take the next request from the same connection it has to be out of the way; left where it is it
//! makes the connection end without a word, and with it perhaps the answer.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::time::timeout;

use super::MAX_BODY_BYTES;

/// What is read for the sake of the connection: no body that we take is larger.
const UNREAD_BYTES: usize = MAX_BODY_BYTES;
/// How long the answer waits for it: a body that is on its way is there by then.
const UNREAD_WITHIN: Duration = Duration::from_millis(500);

type Slot = Arc<Mutex<Option<Body>>>;

/// A body that is given back when whoever was to read it does not want it.
struct Lent {
    body: Option<Body>,
    slot: Slot,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
    }
}

/// What is left of a body after its request was answered.
pub(super) struct Unread {
    slot: Slot,
    /// The sender waits to be told that the body is wanted; it is not.
    waits: bool,
}

impl Unread {
    /// Lends the request its body; nothing when it has none.
    pub(super) fn lend(request: Request) -> (Request, Option<Self>) {
        if request.body().is_end_stream() {
            return (request, None);
        }
        let waits = waits_for_consent(request.headers());
        let slot = Slot::default();
        let lend = |body| Body::new(Lent { body: Some(body), slot: Arc::clone(&slot) });
        let request = request.map(lend);
        (request, Some(Self { slot, waits }))
    }

    /// Reads what is left, so that the connection goes on; where that is too much, too slow, or in
    /// the hands of somebody else, the answer says that the connection ends.
    pub(super) async fn clear(self, response: &mut Response) {
        let body = self.slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        let is_clear = match body {
            Some(body) if body.is_end_stream() => true,
            Some(_) if self.waits => false,
            Some(body) => timeout(UNREAD_WITHIN, read(body)).await == Ok(true),
            None => false,
        };
        if !is_clear {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

fn waits_for_consent(headers: &HeaderMap) -> bool {
    headers
        .get(header::EXPECT)
        .is_some_and(|expect| expect.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

/// Whether the body ended within [`UNREAD_BYTES`].
async fn read(mut body: Body) -> bool {
    let mut left = UNREAD_BYTES;
    while !body.is_end_stream() {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let bytes = match frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
            Some(Err(_)) => return false,
            None => return true,
        };
        let Some(rest) = left.checked_sub(bytes) else { return false };
        left = rest;
    }
    true
}
