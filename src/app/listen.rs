use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};
use tracing::info;

use crate::config::{Adapter, Config};

/// The most connections that may wait to be accepted: when a network comes back, all monitors come
/// at once.
const BACKLOG: u32 = 4_096;

/// Why nobody can connect at an address. One sentence: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program listens there.
    #[error(
        "{what} cannot listen on {address}, which is in use by another program: \
         stop that one, or choose another port {remedy}"
    )]
    Taken {
        /// Who wants to listen.
        what: &'static str,
        /// The address.
        address: SocketAddr,
        /// Where the address is chosen.
        remedy: &'static str,
    },
    /// Anything else.
    #[error("{what} cannot listen on {address} ({cause}): choose another address {remedy}")]
    Unusable {
        /// Who wants to listen.
        what: &'static str,
        /// The address.
        address: SocketAddr,
        /// Where the address is chosen.
        remedy: &'static str,
        /// The system's error.
        #[source]
        cause: io::Error,
    },
}

/// Every socket on which a server listens for others.
#[derive(Debug)]
pub struct Listeners {
    pub(super) http: TcpListener,
    pub(super) adapters: Vec<(Adapter, TcpListener)>,
}

impl Listeners {
    /// Listens at every address of the configuration, and logs it.
    ///
    /// # Errors
    /// An address is taken or cannot be used.
    pub fn bind(config: &Config) -> Result<Self, ListenError> {
        let remedy = "with --listen, or as [server] listen in the configuration";
        let http = bind(config.server.listen, "the server", remedy)?;
        let mut adapters = Vec::new();
        for adapter in &config.adapters {
            let remedy = "as [[adapters]] listen in the configuration";
            let listener = bind(adapter.listen, "an adapter for monitors", remedy)?;
            adapters.push((adapter.clone(), listener));
        }
        let listeners = Self { http, adapters };
        listeners.log();
        Ok(listeners)
    }

    /// Where screens and programs connect; the port is the one that the system gave.
    ///
    /// # Errors
    /// The system does not say.
    pub fn http_address(&self) -> io::Result<SocketAddr> {
        self.http.local_addr()
    }

    /// Where the monitors of each adapter connect.
    pub fn adapter_addresses(&self) -> impl Iterator<Item = io::Result<SocketAddr>> {
        self.adapters.iter().map(|(_, listener)| listener.local_addr())
    }

    fn log(&self) {
        if let Ok(address) = self.http.local_addr() {
            info!("screens and programs connect to http://{address}");
        }
        for (adapter, listener) in &self.adapters {
            let allow: Vec<_> = adapter.allow.iter().map(ToString::to_string).collect();
            if let Ok(address) = listener.local_addr() {
                let kind = adapter.kind.name();
                info!("monitors connect to {address} ({kind}), from {}", allow.join(", "));
            }
        }
    }
}

fn bind(
    address: SocketAddr,
    what: &'static str,
    remedy: &'static str,
) -> Result<TcpListener, ListenError> {
    listen(address).map_err(|cause| match cause.kind() {
        ErrorKind::AddrInUse => ListenError::Taken { what, address, remedy },
        _ => ListenError::Unusable { what, address, remedy, cause },
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that starts again need not wait until old connections have faded.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_is_said_in_one_sentence() {
        let mut config = Config { adapters: Vec::new(), ..Config::default() };
        config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let first = Listeners::bind(&config).unwrap();
        config.server.listen = first.http_address().unwrap();
        let error = Listeners::bind(&config).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the server cannot listen on {}, which is in use by another program: stop that one, \
                 or choose another port with --listen, or as [server] listen in the configuration",
                config.server.listen
            )
        );
    }
}
