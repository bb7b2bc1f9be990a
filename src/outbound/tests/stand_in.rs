//! A hospital's system that behaves as a test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{field, in_time};

/// What it does with the next connection.
#[derive(Clone, Debug)]
pub(super) enum Does {
    /// Reads the message, then says this; `ID` stands for the message's control id.
    Says(Vec<String>),
    /// Reads the message, then closes.
    Closes,
    /// Closes at once.
    Refuses,
    /// Reads the message, then says nothing for ever.
    IsSilent,
}

impl Does {
    /// An answer in a frame for each code.
    pub(super) fn answers(codes: &[&str]) -> Self {
        let framed = |code: &&str| {
            format!(
                "\u{b}MSH|^~\\&|EHR|H|dripwatch||20261127||ACK|9|P|2.5.1\rMSA|{code}|ID|said {code}\r\u{1c}\r"
            )
        };
        Self::Says(codes.iter().map(framed).collect())
    }

    pub(super) fn says(text: &str) -> Self {
        Self::Says(vec![text.to_owned()])
    }
}

/// A system that listens, and what it has received.
pub(super) struct StandIn {
    pub(super) port: u16,
    next: Arc<Mutex<VecDeque<Does>>>,
    received: mpsc::UnboundedReceiver<String>,
    serving: JoinHandle<()>,
}

impl StandIn {
    /// One that does these, and then always the last of them.
    pub(super) async fn that(does: impl IntoIterator<Item = Does>) -> Self {
        Self::on(0, does).await
    }

    /// The same at a port that is known.
    pub(super) async fn on(port: u16, does: impl IntoIterator<Item = Does>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let next: Arc<Mutex<VecDeque<Does>>> = Arc::new(Mutex::new(does.into_iter().collect()));
        let (heard, received) = mpsc::unbounded_channel();
        let serving = tokio::spawn(serve(listener, Arc::clone(&next), heard));
        Self { port, next, received, serving }
    }

    pub(super) fn now_does(&self, does: Does) {
        *self.next.lock().unwrap() = VecDeque::from([does]);
    }

    /// The next message, without its frame.
    pub(super) async fn message(&mut self) -> String {
        in_time(self.received.recv()).await.unwrap()
    }

    /// What has come and was not asked for.
    pub(super) fn further(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Ok(message) = self.received.try_recv() {
            all.push(message);
        }
        all
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(
    listener: TcpListener,
    next: Arc<Mutex<VecDeque<Does>>>,
    heard: mpsc::UnboundedSender<String>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let does = {
            let mut next = next.lock().unwrap();
            if next.len() > 1 { next.pop_front() } else { next.front().cloned() }
        };
        tokio::spawn(converse(stream, does.unwrap(), heard.clone()));
    }
}

async fn converse(mut stream: TcpStream, does: Does, heard: mpsc::UnboundedSender<String>) {
    if let Does::Refuses = does {
        return;
    }
    let Some(message) = framed(&mut stream).await else { return };
    let id = field(&message, "MSH", 10).to_owned();
    let _ = heard.send(message);
    match does {
        Does::Says(all) => {
            for said in all {
                let _ = stream.write_all(said.replace("ID", &id).as_bytes()).await;
            }
            // Until the sender has read it and leaves.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        Does::IsSilent => {
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        Does::Closes | Does::Refuses => {}
    }
}

/// A message as its frame holds it.
pub(super) async fn framed<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\x1c\r") {
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    assert_eq!(bytes[0], 0x0b, "a message begins with its mark");
    let message = String::from_utf8(bytes[1..bytes.len() - 2].to_vec()).unwrap();
    assert!(!message.contains(['\u{b}', '\u{1c}', '\n']), "nothing in it ends its frame");
    Some(message)
}
