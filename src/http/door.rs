//! Where connections come from: the network, and anything else that provides two-way connections,
//! such as a simulated network.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// How much the system may buffer for a peer that reads slowly: old numbers ahead of a new alert.
pub(super) const SEND_BUFFER_BYTES: usize = 64 << 10;
/// A peer that accepts nothing of what is sent to it for this long, or shows no sign of life, is
/// disconnected.
pub(super) const TAKES_WITHIN: Duration = Duration::from_secs(30);

/// The only way in: [`super::serve`] takes its connections from here.
pub trait Door: Send {
    /// A connection: both ends may speak, until one of them hangs up.
    type Line: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Waits for the next connection and says where it comes from. If the call is dropped, it has
    /// taken none.
    ///
    /// # Errors
    /// This connection failed, such as for lack of file handles; the next one may not.
    fn next(&mut self) -> impl Future<Output = io::Result<(Self::Line, SocketAddr)>> + Send;
}

impl Door for TcpListener {
    type Line = TcpStream;

    async fn next(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = self.accept().await?;
        prepare(&stream);
        Ok((stream, peer))
    }
}

/// Without these it is only slower, or a dead peer keeps its place until that place is needed.
fn prepare(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    let _ = socket.set_send_buffer_size(SEND_BUFFER_BYTES);
    let _ = socket.set_tcp_user_timeout(Some(TAKES_WITHIN));
    let asking = TcpKeepalive::new().with_time(TAKES_WITHIN).with_interval(TAKES_WITHIN / 3);
    let _ = socket.set_tcp_keepalive(&asking.with_retries(3));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_system_keeps_little_for_a_peer_and_notices_a_dead_one() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        prepare(&stream);
        let socket = SockRef::from(&stream);
        assert!(socket.tcp_nodelay().unwrap() && socket.keepalive().unwrap());
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(TAKES_WITHIN));
        // Linux doubles it for its own bookkeeping.
        assert!(socket.send_buffer_size().unwrap() <= 2 * SEND_BUFFER_BYTES);
    }
}
