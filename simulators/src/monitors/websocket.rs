//! Carries native frames over the ingest WebSocket (protocols.md#json).

use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::{Sink, SinkExt, StreamExt};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::warn;

use super::carry::{Dial, End, Talk, Tcp, carry};
use super::outbox::{Happened, Out, Outbox, Packet, WhenFull};
use crate::clock::{Backoff, Deadline};

/// Ten minutes at one frame a second; older ones are given up first.
const UNANSWERED_FRAMES: usize = 600;
/// A server that answers nothing for this long counts as gone.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Answer {
    Stored {
        seq: u64,
        #[serde(default)]
        problems: Vec<Problem>,
    },
    Rejected {
        seq: u64,
        problem: Problem,
    },
    /// Newer servers may send more.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Problem {
    title: String,
}

/// Where and as which device a native monitor connects.
pub(crate) struct Ingest<D> {
    device: String,
    server: D,
    request: Request,
}

impl Ingest<Tcp> {
    /// # Errors
    /// The URL or the token can never work.
    pub(crate) fn new(device: &str, base_url: &str, token: &str) -> anyhow::Result<Self> {
        let request = socket_request(base_url, "/api/v1/ingest", token)?;
        let address = address(&request)?;
        Ok(Self { device: device.to_owned(), server: Tcp { address }, request })
    }
}

/// Host and port of a request's server.
pub(crate) fn address(request: &Request) -> anyhow::Result<String> {
    let host = request.uri().host().context("the server's URL names no host")?;
    Ok(format!("{host}:{}", request.uri().port_u16().unwrap_or(80)))
}

/// The request that opens a socket of the server at `base_url`.
///
/// # Errors
/// The URL or the token can never work.
pub(crate) fn socket_request(base_url: &str, path: &str, token: &str) -> anyhow::Result<Request> {
    let Some(address) = base_url.strip_prefix("http://") else {
        bail!(
            "the server's URL must start with http:// (got {base_url:?}): run the simulator on \
             the server's own machine, where it is served without TLS"
        );
    };
    let url = format!("ws://{}{path}", address.trim_end_matches('/'));
    let mut request =
        url.into_client_request().with_context(|| format!("{base_url:?} is not a URL"))?;
    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
        .context("the token holds a character that no header can carry: copy it again")?;
    request.headers_mut().insert("authorization", bearer);
    Ok(request)
}

impl<D: Dial> Ingest<D> {
    /// Instead of the network, any other connection to the server.
    #[cfg(test)]
    pub(crate) fn over(device: &str, server: D) -> Self {
        let request = socket_request("http://server", "/api/v1/ingest", "token");
        Self { device: device.to_owned(), server, request: request.expect("a good URL") }
    }

    /// Carries what the monitor wants until it ends: keeps what is unanswered, and sends it
    /// again, unchanged and in order, after each new connection.
    pub(crate) async fn run(&self, wanted: Receiver<Out>, when_full: WhenFull) {
        carry(&self.device, self, Outbox::new(wanted, UNANSWERED_FRAMES, when_full)).await;
    }

    async fn talk_on(
        &self,
        mut socket: WebSocketStream<D::Stream>,
        outbox: &mut Outbox,
        backoff: &mut Backoff,
    ) -> anyhow::Result<()> {
        send(&mut socket, outbox.iter()).await?;
        let mut answer_due = Deadline::within(ANSWER_WITHIN);
        while !outbox.is_done() {
            let was_empty = outbox.is_empty();
            tokio::select! {
                happened = outbox.next() => match happened {
                    Happened::Said => {
                        if was_empty {
                            answer_due.renew();
                        }
                        send(&mut socket, outbox.newest()).await?;
                    }
                    Happened::Cut => return cut(socket, outbox).await,
                    Happened::HangUp => return close(socket).await,
                    Happened::Nothing => {}
                },
                received = socket.next() => {
                    let Some(received) = received else { bail!("the server closed the connection") };
                    match received? {
                        Message::Text(text) => {
                            text.lines().for_each(|line| take_answer(&self.device, line, outbox));
                            answer_due.renew();
                            backoff.reset();
                        }
                        Message::Close(_) => bail!("the server closed the connection"),
                        _ => {}
                    }
                }
                () = answer_due.passes(), if !was_empty => {
                    bail!("the server answered nothing for {} s", ANSWER_WITHIN.as_secs());
                }
            }
        }
        close(socket).await
    }
}

impl<D: Dial> Talk for Ingest<D> {
    type Line = WebSocketStream<D::Stream>;

    async fn connect(&self) -> anyhow::Result<Self::Line> {
        let stream = self.server.dial().await?;
        let (socket, _) = tokio_tungstenite::client_async(self.request.clone(), stream).await?;
        Ok(socket)
    }

    fn stays_connected(&self) -> bool {
        true
    }

    async fn talk(&self, line: Self::Line, outbox: &mut Outbox, backoff: &mut Backoff) -> End {
        match self.talk_on(line, outbox, backoff).await {
            Ok(()) => End::HungUp,
            Err(problem) => End::Broken(problem),
        }
    }
}

async fn send<'a, S>(
    socket: &mut S,
    frames: impl IntoIterator<Item = &'a Packet>,
) -> anyhow::Result<()>
where
    S: Sink<Message, Error = tungstenite::Error> + Unpin,
{
    let sending = async {
        for frame in frames {
            socket.feed(Message::text(frame.text.clone())).await?;
        }
        socket.flush().await
    };
    Ok(timeout(ANSWER_WITHIN, sending).await.context("the server accepts nothing")??)
}

/// Says goodbye; whether that is heard does not matter.
async fn close<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: WebSocketStream<S>,
) -> anyhow::Result<()> {
    let _ = timeout(ANSWER_WITHIN, socket.close(None)).await;
    Ok(())
}

/// The cable is pulled in the middle of the newest frame.
async fn cut<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: WebSocketStream<S>,
    outbox: &Outbox,
) -> anyhow::Result<()> {
    let Some(frame) = outbox.newest() else { return Ok(()) };
    let bytes = raw(frame.text.as_bytes());
    let half = &bytes[..bytes.len() / 2];
    let stream = socket.get_mut();
    timeout(ANSWER_WITHIN, stream.write_all(half))
        .await
        .context("the server accepts nothing")??;
    Ok(stream.flush().await?)
}

/// A text message of a client as RFC 6455 puts it on the wire. The key of the mask is zero.
fn raw(payload: &[u8]) -> Vec<u8> {
    const LAST_TEXT: u8 = 0x81;
    const MASKED: u8 = 0x80;
    let length = payload.len() as u64;
    let mut bytes = vec![LAST_TEXT];
    match length {
        ..=125 => bytes.push(MASKED | length as u8),
        126..=0xFFFF => {
            bytes.push(MASKED | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(MASKED | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

fn take_answer(device: &str, line: &str, outbox: &mut Outbox) {
    match serde_json::from_str(line) {
        Ok(Answer::Stored { seq, problems }) => {
            for problem in problems {
                warn!(device, seq, "the server stored a frame but says: {}", problem.title);
            }
            outbox.stored_up_to(seq);
        }
        Ok(Answer::Rejected { seq, problem }) => {
            warn!(device, seq, "the server rejected a frame: {}", problem.title);
            outbox.rejected(seq);
        }
        Ok(Answer::Unknown) => {}
        Err(problem) => warn!(device, "an answer of unknown form: {problem}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::mpsc::{self, Sender};
    use tokio::task::JoinHandle;
    use tokio_tungstenite::accept_async;

    fn frame(seq: u64) -> Packet {
        Packet { number: seq, text: format!(r#"{{"type":"readings","seq":{seq}}}"#) }
    }

    async fn monitor() -> (TcpListener, Sender<Out>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (out, wanted) = mpsc::channel(8);
        let running = tokio::spawn(async move {
            let ingest = Ingest::new("sim-2", &url, "token").expect("a good URL");
            ingest.run(wanted, WhenFull::GiveUpOldest).await;
        });
        (listener, out, running)
    }

    async fn accept(listener: &TcpListener) -> WebSocketStream<TcpStream> {
        let (stream, _) = listener.accept().await.expect("the monitor connects");
        accept_async(stream).await.expect("the monitor upgrades")
    }

    async fn received(socket: &mut WebSocketStream<TcpStream>, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let message = socket.next().await.expect("the monitor sends").expect("whole messages");
            texts.push(message.into_text().expect("text").to_string());
        }
        texts
    }

    async fn store(socket: &mut WebSocketStream<TcpStream>, seq: u64) {
        let stored = format!(r#"{{"type":"stored","seq":{seq}}}"#);
        socket.send(Message::text(stored)).await.expect("the monitor listens");
    }

    #[tokio::test]
    async fn frames_unanswered_at_a_break_are_sent_again_unchanged_and_in_order() {
        let (listener, out, running) = monitor().await;
        let mut first = accept(&listener).await;
        for seq in 1..=4 {
            out.send(Out::Say(frame(seq))).await.expect("the monitor lives");
        }
        let before = received(&mut first, 4).await;
        store(&mut first, 2).await;
        first.close(None).await.expect("the server closes");
        while first.next().await.is_some_and(|message| message.is_ok()) {}

        let mut second = accept(&listener).await;
        out.send(Out::Say(frame(5))).await.expect("the monitor lives");
        let after = received(&mut second, 3).await;
        assert_eq!(after[..2], before[2..]);
        assert_eq!(after[2], frame(5).text);

        drop(out);
        store(&mut second, 5).await;
        running.await.expect("the monitor ends when all is answered");
    }

    #[tokio::test]
    async fn a_cut_frame_breaks_off_in_its_middle_and_comes_whole_on_the_next_connection() {
        let (listener, out, running) = monitor().await;
        let mut first = accept(&listener).await;
        out.send(Out::Say(frame(1))).await.expect("the monitor lives");
        received(&mut first, 1).await;
        out.send(Out::Cut(frame(2))).await.expect("the monitor lives");
        let mut sent = Vec::new();
        first.get_mut().read_to_end(&mut sent).await.expect("the monitor is gone");
        let whole = raw(frame(2).text.as_bytes());
        assert_eq!(sent, whole[..whole.len() / 2]);
        let mut second = accept(&listener).await;
        assert_eq!(received(&mut second, 2).await, [frame(1).text, frame(2).text]);
        store(&mut second, 2).await;
        drop(out);
        running.await.expect("it ends");
    }

    #[test]
    fn a_url_that_is_not_http_says_what_to_do() {
        let problem = Ingest::new("m", "https://clinic:8080", "token").err().expect("refused");
        assert!(problem.to_string().contains("must start with http://"), "{problem}");
    }
}
