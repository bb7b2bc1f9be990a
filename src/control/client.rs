use std::io;
use std::path::{Path, PathBuf};

use futures_util::{SinkExt, StreamExt};
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec};

use super::path::SocketPath;
use super::{LONGEST_ANSWER_BYTES, PATIENCE, Request, Response, SOCKET};

/// Why the running server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The system does not let us in.
    #[error("the running server cannot be reached at {}: {cause}", file.display())]
    Refused {
        /// The socket.
        file: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It went away, or says what is no answer.
    #[error("the server ended before it answered: look into its log, and try again")]
    Gone,
    /// It is there and says nothing.
    #[error("the server has not answered for {seconds} s: look into its log, and try again")]
    Silent {
        /// How long it was given.
        seconds: u64,
    },
}

/// A connection to the server that has a data directory open.
#[derive(Debug)]
pub struct Client {
    lines: Framed<UnixStream, LinesCodec>,
}

impl Client {
    /// Knocks at the server of `folder`. `None` when there is none.
    ///
    /// # Errors
    /// There is a server, which belongs to somebody else.
    pub async fn connect(folder: &Path) -> Result<Option<Self>, ControlError> {
        let refused = |cause| ControlError::Refused { file: folder.join(SOCKET), cause };
        let connecting = async {
            let path = SocketPath::new(folder, SOCKET)?;
            UnixStream::connect(path.as_path()).await
        };
        match timeout(PATIENCE, connecting).await {
            Ok(Ok(socket)) => {
                let codec = LinesCodec::new_with_max_length(LONGEST_ANSWER_BYTES);
                Ok(Some(Self { lines: Framed::new(socket, codec) }))
            }
            Ok(Err(error)) if is_nobody(&error) => Ok(None),
            Ok(Err(error)) => Err(refused(error)),
            Err(_) => Err(ControlError::Silent { seconds: PATIENCE.as_secs() }),
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// The server is gone or silent. Whether it did what it was asked is then not known.
    pub async fn ask(&mut self, request: &Request) -> Result<Response, ControlError> {
        let patience = request.patience();
        let asking = async {
            // Texts, numbers and lists cannot fail to be written.
            let line = serde_json::to_string(request).unwrap_or_default();
            self.lines.send(line).await.ok()?;
            let answer = self.lines.next().await?.ok()?;
            serde_json::from_str(&answer).ok()
        };
        match timeout(patience, asking).await {
            Ok(answer) => answer.ok_or(ControlError::Gone),
            Err(_) => Err(ControlError::Silent { seconds: patience.as_secs() }),
        }
    }
}

/// No socket, or one that a server left behind.
fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}
