//! What nobody has read of a request's body: a refusal or a repeated answer goes out before the
//! body is read. To take the next request from the same connection the body has to be out of the
//! way; if it is left, the connection ends without a word, and perhaps the answer is lost with it.

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

/// How much is read for the sake of the connection: no body that the server accepts is larger.
const UNREAD_BYTES: usize = MAX_BODY_BYTES;
/// How long the answer waits for it: a body that is on its way has arrived by then.
const UNREAD_WITHIN: Duration = Duration::from_millis(500);

/// Where a body is.
#[derive(Default)]
enum Place {
    /// With the code that was to read it, or broken.
    #[default]
    Lent,
    /// Read to its end; it must not be read again.
    Ended,
    /// Given back before its end.
    Left(Body),
}

type Slot = Arc<Mutex<Place>>;

/// A body that is given back when the code that was to read it does not want it.
struct Lent {
    body: Body,
    /// It must not be read further.
    is_over: bool,
    /// Its connection broke, or what came is not a body.
    is_broken: bool,
    slot: Slot,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.is_over |= matches!(polled, Poll::Ready(None | Some(Err(_))));
        self.is_broken |= matches!(polled, Poll::Ready(Some(Err(_))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let place = match (self.is_broken, self.is_over || self.body.is_end_stream()) {
            (true, _) => Place::Lent,
            (false, true) => Place::Ended,
            (false, false) => Place::Left(std::mem::take(&mut self.body)),
        };
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }
}

/// What is left of a body after its request was answered.
pub(super) struct Unread {
    slot: Slot,
    /// The sender waits to hear that the body is wanted; it is not.
    waits: bool,
}

impl Unread {
    /// Lends the request its body; `None` if it has none.
    pub(super) fn lend(request: Request) -> (Request, Option<Self>) {
        if request.body().is_end_stream() {
            return (request, None);
        }
        let waits = waits_for_consent(request.headers());
        let slot = Slot::default();
        let request = request.map(|body| {
            let slot = Arc::clone(&slot);
            Body::new(Lent { body, is_over: false, is_broken: false, slot })
        });
        (request, Some(Self { slot, waits }))
    }

    /// Reads what is left, so that the connection continues; if that is too much, too slow or
    /// elsewhere, the answer says that the connection ends.
    pub(super) async fn clear(self, response: &mut Response) {
        let place = std::mem::take(&mut *self.slot.lock().unwrap_or_else(PoisonError::into_inner));
        let is_clear = match place {
            Place::Ended => true,
            Place::Left(_) if self.waits => false,
            Place::Left(body) => timeout(UNREAD_WITHIN, read(body)).await == Ok(true),
            Place::Lent => false,
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
