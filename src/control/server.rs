use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::any::AnyRequest;
use super::context::ControlContext;
use super::path::SocketPath;
use super::request::Reply;
use super::{CONNECTIONS, LONGEST_REQUEST_BYTES, PATIENCE, SOCKET};

/// The socket of a data directory, to which only its owner may connect. Gone when dropped.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    file: PathBuf,
}

impl Listener {
    /// Opens the socket in `folder`. One that an earlier run left behind is replaced: whoever
    /// calls this holds the folder's lock, so nobody serves it any more.
    ///
    /// # Errors
    /// The folder cannot be written, or holds no sockets.
    pub fn bind(folder: &Path) -> io::Result<Self> {
        // Made where nobody else can look, and moved once only the owner may open it: between
        // making a socket and closing it to others there must be no moment in which they could.
        let nest = folder.join(format!("{SOCKET}.new"));
        if let Err(error) = fs::remove_dir_all(&nest)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        DirBuilder::new().mode(0o700).create(&nest)?;
        let path = SocketPath::new(&nest, SOCKET)?;
        let socket = UnixListener::bind(path.as_path())?;
        let made = nest.join(SOCKET);
        fs::set_permissions(&made, Permissions::from_mode(0o600))?;
        let file = folder.join(SOCKET);
        fs::rename(&made, &file)?;
        fs::remove_dir(&nest)?;
        Ok(Self { socket, file })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // What is left behind is replaced by the next server.
        let _ = fs::remove_file(&self.file);
    }
}

/// Serves the commands until `stop`; a request that is being done is still answered.
pub async fn serve(listener: Listener, context: ControlContext, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    let accept = async {
        loop {
            // The semaphore is never closed.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match listener.socket.accept().await {
                Ok((socket, _)) => {
                    let (context, stop) = (context.clone(), stop.clone());
                    connections.spawn(async move {
                        connection(socket, &context, &stop).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    warn!("a command could not connect: {error}");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop.cancelled() => {}
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Answers requests one after the other until the command leaves, is silent for too long, or the
/// server stops. What goes wrong here concerns that command alone, which says so to its user.
async fn connection(socket: UnixStream, context: &ControlContext, stop: &CancellationToken) {
    let codec = LinesCodec::new_with_max_length(LONGEST_REQUEST_BYTES);
    let mut lines = Framed::new(socket, codec);
    loop {
        let line = tokio::select! {
            line = timeout(PATIENCE, lines.next()) => line,
            () = stop.cancelled() => return,
        };
        let Ok(Some(line)) = line else { return };
        // After a line that is too long, or not text, nobody can tell where the next begins.
        let (response, is_last) = match line {
            Ok(line) => (answer(&line, context).await, false),
            Err(error) => (not_understood(&error), true),
        };
        let sent = timeout(PATIENCE, lines.send(response)).await;
        if is_last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

async fn answer(line: &str, context: &ControlContext) -> String {
    match serde_json::from_str::<AnyRequest>(line) {
        Ok(request) => {
            debug!(request = request.name(), "a command asks");
            request.perform(context).await
        }
        Err(error) => not_understood(&error),
    }
}

fn not_understood(error: &dyn std::error::Error) -> String {
    // The parser may repeat a value, which goes back to whoever sent it and nowhere else.
    let why =
        format!("the server does not understand this command, are both of one version? ({error})");
    Reply::<()>::Refused { why }.line()
}
