use std::io;
use std::path::{Path, PathBuf};

use futures_util::{SinkExt, StreamExt};
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

use super::any::AnyRequest;
use super::path::SocketPath;
use super::request::{Reply, Request};
use super::{LONGEST_ANSWER_BYTES, LONGEST_REQUEST_BYTES, PATIENCE, SOCKET};

/// Why the running server did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The server refuses, and says why.
    #[error("{why}")]
    Refused {
        /// A sentence for whoever asked: why, and what to do instead.
        why: String,
    },
    /// The system does not let us in.
    #[error("the running server cannot be reached at {}: {cause}", file.display())]
    Unreachable {
        /// The socket.
        file: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The server went away.
    #[error("the server ended before it answered: look into its log, and try again")]
    Gone,
    /// Its answer does not fit the request, as that of a server of another version.
    #[error("the running server is of another version: use the program that it was started with")]
    OtherVersion,
    /// The request is larger than the server accepts.
    #[error(
        "this is more than the server takes at once, which is {LONGEST_REQUEST_BYTES} bytes: give it in parts"
    )]
    TooMuch,
    /// Its answer is longer than any that makes sense.
    #[error(
        "the server's answer is longer than {LONGEST_ANSWER_BYTES} bytes, and so it is not read"
    )]
    AnswerTooLong,
    /// The server does not answer.
    #[error("the server has not answered for {seconds} s: look into its log, and try again")]
    Silent {
        /// How long the client waited.
        seconds: u64,
    },
}

/// A connection to the server that has a data directory open.
#[derive(Debug)]
pub struct Client {
    lines: Framed<UnixStream, LinesCodec>,
}

impl Client {
    /// Connects to the server of `folder`. `None` when there is none.
    ///
    /// # Errors
    /// There is a server, which belongs to somebody else.
    pub async fn connect(folder: &Path) -> Result<Option<Self>, ControlError> {
        Self::connect_for(folder, LONGEST_ANSWER_BYTES).await
    }

    /// The same, for answers of at most so many bytes.
    pub(super) async fn connect_for(
        folder: &Path,
        longest_answer_bytes: usize,
    ) -> Result<Option<Self>, ControlError> {
        let refused = |cause| ControlError::Unreachable { file: folder.join(SOCKET), cause };
        let connecting = async {
            let path = SocketPath::new(folder, SOCKET)?;
            UnixStream::connect(path.as_path()).await
        };
        match timeout(PATIENCE, connecting).await {
            Ok(Ok(socket)) => {
                let codec = LinesCodec::new_with_max_length(longest_answer_bytes);
                Ok(Some(Self { lines: Framed::new(socket, codec) }))
            }
            Ok(Err(error)) if has_no_server(&error) => Ok(None),
            Ok(Err(error)) => Err(refused(error)),
            Err(_) => Err(ControlError::Silent { seconds: PATIENCE.as_secs() }),
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors The request is refused or too large, and nothing is done. Or the server is gone,
    /// silent or of another version, or its answer is too long: then it is not known whether it did
    /// what it was asked to.
    pub async fn ask<R>(&mut self, request: R) -> Result<R::Answer, ControlError>
    where
        R: Request + Into<AnyRequest>,
    {
        let request: AnyRequest = request.into();
        // Texts, numbers and lists cannot fail to be written.
        let line = serde_json::to_string(&request).unwrap_or_default();
        if line.len() > LONGEST_REQUEST_BYTES {
            return Err(ControlError::TooMuch);
        }
        let answer = timeout(R::PATIENCE, self.answer(line)).await;
        let answer =
            answer.map_err(|_| ControlError::Silent { seconds: R::PATIENCE.as_secs() })??;
        match serde_json::from_str(&answer).map_err(|_| ControlError::OtherVersion)? {
            Reply::Done { result } => Ok(result),
            Reply::Refused { why } => Err(ControlError::Refused { why }),
        }
    }

    async fn answer(&mut self, line: String) -> Result<String, ControlError> {
        self.lines.send(line).await.map_err(|_| ControlError::Gone)?;
        match self.lines.next().await {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(LinesCodecError::MaxLineLengthExceeded)) => Err(ControlError::AnswerTooLong),
            Some(Err(_)) | None => Err(ControlError::Gone),
        }
    }
}

/// No socket, or one that a server left behind.
fn has_no_server(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}
