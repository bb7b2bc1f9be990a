//! The network, in memory: lines that drop when the schedule says so, or on which nobody speaks or
//! listens any more.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use dripwatch::http::Door;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};
use tokio::sync::mpsc;

/// What may be under way in each direction: as much as the server lets the system keep.
const UNDER_WAY_BYTES: usize = 64 << 10;

/// The server's end of a line.
pub(crate) struct Line {
    ours: DuplexStream,
    is_cut: Arc<AtomicBool>,
}

/// The other end, in the schedule's hands: nothing waits here.
pub(crate) struct Wire {
    ours: DuplexStream,
    is_cut: Arc<AtomicBool>,
    /// So much more of what is said comes through, and then the line drops.
    comes_through: Option<usize>,
}

/// The network outside a server's door.
#[derive(Clone)]
pub(crate) struct Net(mpsc::UnboundedSender<(Line, SocketAddr)>);

/// Accepts the connections of the simulated network.
pub(crate) struct Acceptor(mpsc::UnboundedReceiver<(Line, SocketAddr)>);

/// A server's door, and the network outside it.
pub(crate) fn network() -> (Net, Acceptor) {
    let (outside, inside) = mpsc::unbounded_channel();
    (Net(outside), Acceptor(inside))
}

impl Door for Acceptor {
    type Line = Line;

    async fn next(&mut self) -> io::Result<(Line, SocketAddr)> {
        match self.0.recv().await {
            Some(connection) => Ok(connection),
            // Nobody is left who could come.
            None => std::future::pending().await,
        }
    }
}

impl Net {
    /// Connects from the address with this last number.
    pub(crate) fn connect(&self, host: u8) -> Wire {
        let (theirs, ours) = duplex(UNDER_WAY_BYTES);
        let is_cut = Arc::<AtomicBool>::default();
        let line = Line { ours: theirs, is_cut: Arc::clone(&is_cut) };
        // A server that is gone answers nobody: the line is dead.
        let _ = self.0.send((line, SocketAddr::from((Ipv4Addr::new(10, 0, 0, host), 40_000))));
        Wire { ours, is_cut, comes_through: None }
    }
}

impl Wire {
    /// The line drops once so much more has come through.
    pub(crate) fn drops_after(mut self, bytes: usize) -> Self {
        self.comes_through = Some(bytes);
        self
    }

    /// The line drops: the server's end finds it broken, rather than closed.
    pub(crate) fn cut(self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }
}

fn now<T>(poll: Poll<io::Result<T>>) -> io::Result<T> {
    match poll {
        Poll::Ready(done) => done,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = self.comes_through.unwrap_or(usize::MAX).min(into.len());
        if most == 0 && !into.is_empty() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let mut buffer = ReadBuf::new(&mut into[..most]);
        let context = &mut Context::from_waker(Waker::noop());
        now(Pin::new(&mut self.ours).poll_read(context, &mut buffer))?;
        let read = buffer.filled().len();
        if let Some(left) = &mut self.comes_through {
            *left -= read;
        }
        Ok(read)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let context = &mut Context::from_waker(Waker::noop());
        now(Pin::new(&mut self.ours).poll_write(context, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.ours).poll_read(context, buffer);
        let is_over = matches!(read, Poll::Ready(Ok(()))) && buffer.filled().len() == before;
        if is_over && self.is_cut.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        read
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.ours).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.ours).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.ours).poll_shutdown(context)
    }
}
