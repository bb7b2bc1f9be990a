//! Connections: how many, how long they may take to say what they want, and how much may lie in
//! the system's buffers on the way to a screen.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// Connections at a time; a further one waits to be accepted.
const MAX_CONNECTIONS: usize = 4_096;
/// Who has not said in this time what they want is disconnected.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// What the system may keep for a peer that reads slowly: old numbers before a new alert.
const SEND_BUFFER_BYTES: usize = 64 << 10;
/// Rest after the system refused a connection, such as for want of file handles.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Serves until `stop`; then lets what has begun end.
pub async fn serve(listener: TcpListener, calls: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let connections = TaskTracker::new();
    loop {
        let place = tokio::select! {
            () = stop.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let served = connection(stream, peer, calls.clone(), stop.clone());
                connections.spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
}

async fn connection(stream: TcpStream, peer: SocketAddr, calls: Router, stop: CancellationToken) {
    // Without these it is only slower.
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER_BYTES);
    let answer = move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let calls = calls.clone();
        async move { calls.oneshot(request.map(Body::new)).await as Result<_, Infallible> }
    };
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer))
        .with_upgrades();
    tokio::pin!(serving);
    // A peer that breaks off, or sends what is no HTTP, has been answered as far as it can be.
    tokio::select! {
        _ = &mut serving => {}
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
}
