//! Bodies with a clock: a request's body has a total time, and the connection is notified when an
//! answer's body is sent.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body as AnyBody, Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::seats::Seat;

/// The rest of the request did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("the request's body took too long")]
pub(super) struct TooSlow;

/// A request's body. Arriving bytes do not prolong its time.
pub(super) struct TimedBody {
    body: Incoming,
    over: Pin<Box<Sleep>>,
    seat: Seat,
}

impl TimedBody {
    /// A body that must be whole within this time; the connection is notified when it is.
    pub(super) fn of(body: Incoming, within: Duration, seat: Seat) -> AnyBody {
        if body.is_end_stream() {
            seat.asked();
            return AnyBody::empty();
        }
        AnyBody::new(Self { body, over: Box::pin(sleep(within)), seat })
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if frame.is_none() || self.body.is_end_stream() {
                self.seat.asked();
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(self.over.as_mut().poll(context));
        Poll::Ready(Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body.
pub(super) struct AnswerBody {
    body: AnyBody,
    seat: Seat,
}

impl AnswerBody {
    /// The same body; the connection is notified when it is sent, or is no longer wanted.
    pub(super) fn of(body: AnyBody, seat: Seat) -> Self {
        Self { body, seat }
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.seat.answered();
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
