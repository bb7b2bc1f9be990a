//! One request over one connection of its own: no redirect is followed, no proxy is asked, and the
//! address is judged after its name was looked up, by the one who then connects to it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::failure::Failure;
use crate::config::{AddressRange, is_in_the_house, is_private};

/// A receiver that has not answered within this time has failed.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Who asks whom for what.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) url: &'a Url,
    pub(super) reach: Reach<'a>,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) body: Vec<u8>,
}

/// Which addresses that are not public a URL may lead to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach<'a> {
    /// It is the clinic's own: what it says itself, and these.
    Configured(&'a [AddressRange]),
    /// Somebody gave it to us: these alone.
    Given(&'a [AddressRange]),
}

impl Reach<'_> {
    /// Whether a connection may go there.
    pub(super) fn has(self, url: &Url, address: IpAddr) -> bool {
        let in_ranges = |ranges: &[AddressRange]| ranges.iter().any(|one| one.contains(address));
        match self {
            Self::Configured(ranges) => {
                !is_private(address) || is_in_the_house(url) || in_ranges(ranges)
            }
            Self::Given(ranges) => !is_private(address) || in_ranges(ranges),
        }
    }
}

/// Connects to the web. Cheap to clone.
#[derive(Clone)]
pub(super) struct Web {
    tls: TlsConnector,
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Web").finish_non_exhaustive()
    }
}

impl Web {
    /// Trusts whom the machine trusts.
    pub(super) fn new() -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            tracing::warn!(
                "this machine trusts nobody, so that nothing can be sent over TLS: install its \
                 certificates (Debian: ca-certificates)"
            );
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)) })
    }

    /// Asks, and gives the status of the answer.
    pub(super) async fn status(&self, call: Call<'_>) -> Result<StatusCode, Failure> {
        let host = call.url.host_str().unwrap_or_default().to_owned();
        match tokio::time::timeout(ANSWERS_WITHIN, self.ask(call)).await {
            Ok(answered) => answered,
            Err(_) => Err(Failure::new(
                format!("{host} has not answered within {} s.", ANSWERS_WITHIN.as_secs()),
                "Check whether it works, and the way to it.",
            )),
        }
    }

    async fn ask(&self, call: Call<'_>) -> Result<StatusCode, Failure> {
        let stream = connected(call.url, call.reach).await?;
        if call.url.scheme() != "https" {
            return answered(stream, call).await;
        }
        let host = call.url.host_str().unwrap_or_default();
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
        let name = name.map_err(|_| not_reached(host, "its name is none that TLS knows"))?;
        match self.tls.connect(name, stream).await {
            Ok(stream) => answered(stream, call).await,
            Err(error) => Err(Failure::new(
                format!("{host} is not who it should be, or does not speak TLS ({error})."),
                "Check its certificate, and whether this machine trusts its issuer.",
            )),
        }
    }
}

async fn connected(url: &Url, reach: Reach<'_>) -> Result<TcpStream, Failure> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => match tokio::net::lookup_host((name, port)).await {
            Ok(found) => found.collect(),
            Err(error) => {
                return Err(Failure::new(
                    format!("Nobody knows where {host} is ({error})."),
                    "Check its spelling, and this machine's name server.",
                ));
            }
        },
        None => Vec::new(),
    };
    let allowed: Vec<SocketAddr> =
        addresses.iter().copied().filter(|one| reach.has(url, one.ip())).collect();
    if let (true, Some(refused)) = (allowed.is_empty(), addresses.first()) {
        return Err(Failure::new(
            format!("{host} leads to {}, an address that is not public.", refused.ip()),
            "If that is right, name its range in the channel, as in allow = [\"10.20.0.0/16\"].",
        ));
    }
    TcpStream::connect(allowed.as_slice())
        .await
        .map_err(|error| not_reached(host, &error.to_string()))
}

fn not_reached(host: &str, why: &str) -> Failure {
    Failure::new(
        format!("{host} cannot be reached ({why})."),
        "Check whether it works, and the way to it.",
    )
}

async fn answered<S>(stream: S, call: Call<'_>) -> Result<StatusCode, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let host = call.url.host_str().unwrap_or_default().to_owned();
    let broken = |error: hyper::Error| not_reached(&host, &error.to_string());
    let request = request(call)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::pin!(connection);
    let answer = sender.send_request(request);
    tokio::pin!(answer);
    tokio::select! {
        answer = &mut answer => answer.map(|it| it.status()).map_err(broken),
        ended = &mut connection => match ended {
            // The answer may have come together with the end.
            Ok(()) => answer.await.map(|it| it.status()).map_err(broken),
            Err(error) => Err(broken(error)),
        },
    }
}

fn request(call: Call<'_>) -> Result<Request<Body>, Failure> {
    let Call { method, url, headers, body, .. } = call;
    let unusable = |what: &str| Failure::new(format!("{what} cannot be sent."), "Change it.");
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().map_err(|_| unusable("The path of the address"))?;
    let own = [(header::HOST, host), (header::USER_AGENT, "dripwatch".to_owned())];
    for (name, value) in own.into_iter().chain(headers) {
        let value = HeaderValue::from_str(&value);
        let value = value.map_err(|_| unusable(&format!("The header {name}")))?;
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

/// Whether the receiver took it, by the status of its answer.
pub(super) fn taken(host: &str, status: StatusCode) -> Result<(), Failure> {
    let code = status.as_u16();
    if status.is_success() {
        return Ok(());
    }
    Err(match code {
        300..=399 => Failure::new(
            format!("{host} sends us elsewhere ({code}), where nobody goes."),
            "Write the address to which it leads, if you trust it.",
        ),
        401 | 403 => Failure::new(
            format!("{host} does not let us in ({code})."),
            "Check the token, the secret and the address.",
        ),
        404 | 410 => Failure::new(
            format!("{host} does not know this address ({code})."),
            "Check it where you got it.",
        ),
        429 => Failure::new(
            format!("{host} has had too many messages ({code})."),
            "Choose fewer priorities, or ask its operator for more.",
        ),
        400..=499 => Failure::new(
            format!("{host} does not understand the message ({code})."),
            "Check the format of the channel.",
        ),
        _ => Failure::new(format!("{host} has failed ({code})."), "Look into its own log."),
    })
}
