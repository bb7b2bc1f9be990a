//! A connection to a system, plain or TLS.

use std::io;
use std::path::Path;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::ServerName;

use super::delivery::words;
use super::pace::Pace;
use super::tls;

/// What can be spoken over.
pub(super) trait Speech: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Speech for S {}

pub(super) type Socket = Box<dyn Speech>;

/// Where a system is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) is_tls: bool,
    pub(super) ca_file: Option<&'a Path>,
}

/// Connects.
///
/// # Errors
/// In words: why there is no connection.
pub(super) async fn connect(peer: Peer<'_>, pace: Pace) -> Result<Socket, String> {
    let connecting = timeout(pace.connect, open(peer));
    connecting.await.unwrap_or_else(|_| Err("nobody answers at this address".to_owned()))
}

async fn open(peer: Peer<'_>) -> Result<Socket, String> {
    let Peer { host, port, is_tls, ca_file } = peer;
    let failed = |error: io::Error| words(&error);
    let stream = TcpStream::connect((host, port)).await.map_err(failed)?;
    // A message is written in one go.
    let _ = stream.set_nodelay(true);
    if !is_tls {
        return Ok(Box::new(stream));
    }
    let ca_file = ca_file.map(Path::to_owned);
    let reading = tokio::task::spawn_blocking(move || tls::connector(ca_file.as_deref()));
    let connector = reading.await.map_err(|error| error.to_string())??;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let secured = connector.connect(name, stream).await;
    Ok(Box::new(secured.map_err(|error| format!("no TLS connection: {error}"))?))
}
