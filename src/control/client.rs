use std::io;
use std::path::{Path, PathBuf};

use futures_util::{SinkExt, StreamExt};
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

use super::path::SocketPath;
use super::{LONGEST_ANSWER_BYTES, LONGEST_REQUEST_BYTES, PATIENCE, Request, Response, SOCKET};

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
    /// It is asked for more than it takes at once.
    #[error(
        "this is more than the server takes at once, which is {LONGEST_REQUEST_BYTES} bytes: give it in parts"
    )]
    TooMuch,
    /// Its answer is longer than any that makes sense.
    #[error(
        "the server's answer is longer than {LONGEST_ANSWER_BYTES} bytes, and so it is not read"
    )]
    AnswerTooLong,
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
        Self::connect_for(folder, LONGEST_ANSWER_BYTES).await
    }

    /// The same for answers of so many bytes at most.
    pub(super) async fn connect_for(
        folder: &Path,
        longest_answer_bytes: usize,
    ) -> Result<Option<Self>, ControlError> {
        let refused = |cause| ControlError::Refused { file: folder.join(SOCKET), cause };
        let connecting = async {
            let path = SocketPath::new(folder, SOCKET)?;
            UnixStream::connect(path.as_path()).await
        };
        match timeout(PATIENCE, connecting).await {
            Ok(Ok(socket)) => {
                let codec = LinesCodec::new_with_max_length(longest_answer_bytes);
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
    /// It is too much to ask for at once, and nothing is done. Or the server is gone or silent, or its
    /// answer is too long: whether it did what it was asked is then not known.
    pub async fn ask(&mut self, request: &Request) -> Result<Response, ControlError> {
        let patience = request.patience();
        // Texts, numbers and lists cannot fail to be written.
        let line = serde_json::to_string(request).unwrap_or_default();
        if line.len() > LONGEST_REQUEST_BYTES {
            return Err(ControlError::TooMuch);
        }
        let asking = async {
            self.lines.send(line).await.map_err(|_| ControlError::Gone)?;
            match self.lines.next().await {
                Some(Ok(answer)) => serde_json::from_str(&answer).map_err(|_| ControlError::Gone),
                Some(Err(LinesCodecError::MaxLineLengthExceeded)) => {
                    Err(ControlError::AnswerTooLong)
                }
                Some(Err(_)) | None => Err(ControlError::Gone),
            }
        };
        let answer = timeout(patience, asking).await;
        answer.unwrap_or(Err(ControlError::Silent { seconds: patience.as_secs() }))
    }
}

/// No socket, or one that a server left behind.
fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}
