//! A WebSocket as a monitor or a screen has it, over a line of the simulated network.

use std::mem;

use anyhow::bail;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::{HandshakeError, MidHandshake};
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::{ClientHandshake, Message, WebSocket, client};

use super::net::{Net, Wire};

/// One connection, in whichever of its lives.
pub(crate) enum Socket {
    Shaking(Box<MidHandshake<ClientHandshake<Wire>>>),
    Open(Box<WebSocket<Wire>>),
    Gone,
}

impl Socket {
    /// Begins to shake hands.
    pub(crate) fn open(net: &Net, host: u8, path: &str, token: &str) -> anyhow::Result<Self> {
        let mut request = format!("ws://clinic/api/v1/{path}").into_client_request()?;
        request.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse()?);
        match client::client(request, net.connect(host)) {
            Err(HandshakeError::Interrupted(shaking)) => Ok(Self::Shaking(Box::new(shaking))),
            Err(HandshakeError::Failure(_)) => Ok(Self::Gone),
            Ok(_) => bail!("nobody has answered yet"),
        }
    }

    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, Self::Gone)
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// Goes on shaking hands; `true` at the moment when that is done.
    pub(crate) fn is_opened(&mut self) -> bool {
        let Self::Shaking(_) = self else { return false };
        let Self::Shaking(shaking) = mem::replace(self, Self::Gone) else { return false };
        *self = match shaking.handshake() {
            Ok((socket, _)) => Self::Open(Box::new(socket)),
            Err(HandshakeError::Interrupted(shaking)) => Self::Shaking(Box::new(shaking)),
            Err(HandshakeError::Failure(_)) => Self::Gone,
        };
        self.is_open()
    }

    /// Says it, if there is somebody to hear it.
    pub(crate) fn say(&mut self, text: String) {
        let Self::Open(socket) = self else { return };
        if let Err(error) = socket.send(Message::text(text))
            && !is_for_later(&error)
        {
            *self = Self::Gone;
        }
    }

    /// The lines that have come; whoever pings is answered.
    pub(crate) fn hear(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Self::Open(socket) = self {
            match socket.read() {
                Ok(Message::Text(text)) => lines.extend(text.lines().map(str::to_owned)),
                Ok(_) => {}
                Err(error) if is_for_later(&error) => break,
                Err(_) => *self = Self::Gone,
            }
        }
        lines
    }

    /// The line drops.
    pub(crate) fn cut(&mut self) {
        if let Self::Open(socket) = mem::replace(self, Self::Gone) {
            socket.into_inner().cut();
        }
    }

    /// Nobody speaks or listens any more, and the line stays open.
    pub(crate) fn fall_silent(&mut self) -> Option<Wire> {
        match mem::replace(self, Self::Gone) {
            Self::Open(socket) => Some(socket.into_inner()),
            Self::Shaking(_) | Self::Gone => None,
        }
    }
}

fn is_for_later(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == std::io::ErrorKind::WouldBlock)
        || matches!(error, Error::WriteBufferFull(_))
}
