//! A web server of the test's own, which answers as it is told.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::in_time;

/// How it answers.
#[derive(Clone, Debug)]
pub(super) enum Answering {
    Status(u16),
    Redirect(String),
    Never,
}

/// A request as it came.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) line: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    came: mpsc::UnboundedReceiver<Request>,
}

impl Receiver {
    /// Answers every request alike.
    pub(super) async fn always(answering: Answering) -> Self {
        Self::with(move |_| answering.clone()).await
    }

    pub(super) async fn with(
        answering: impl Fn(&Request) -> Answering + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, came) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answering.clone(), sender.clone()));
            }
        });
        Self { address, came }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(super) async fn next(&mut self) -> Request {
        in_time(self.came.recv()).await.unwrap()
    }

    pub(super) fn has_none(&mut self) -> bool {
        self.came.try_recv().is_err()
    }
}

async fn serve(
    mut stream: TcpStream,
    answering: impl Fn(&Request) -> Answering,
    came: mpsc::UnboundedSender<Request>,
) {
    let Some(request) = request(&mut stream).await else { return };
    let answering = answering(&request);
    let _ = came.send(request);
    let answer = match answering {
        Answering::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"),
        Answering::Redirect(to) => {
            format!("HTTP/1.1 302 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
        }
        Answering::Never => {
            std::future::pending::<()>().await;
            unreachable!()
        }
    };
    let _ = stream.write_all(answer.as_bytes()).await;
}

async fn request(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let line = lines.next()?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<String, String> =
        headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { line, headers, body })
}
