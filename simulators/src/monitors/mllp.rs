//! Carries HL7 messages over MLLP: one at a time, each answered before the next (PROTOCOLS a).

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;
use tracing::{info, warn};

use super::hl7::Hl7Message;
use super::outbox::Outbox;
use crate::clock::Backoff;

const START: u8 = 0x0B;
const END: [u8; 2] = [0x1C, 0x0D];
/// A bedside monitor keeps about a minute.
const UNANSWERED_MESSAGES: usize = 60;
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The first try and three more.
const ATTEMPTS: usize = 4;
const LONGEST_ANSWER_BYTES: usize = 64 * 1024;

/// Sends messages for ever, reconnecting as needed. Ends when the messages end.
pub(crate) async fn run(device: &str, server: SocketAddr, mut messages: Receiver<Vec<Hl7Message>>) {
    let mut outbox = Outbox::new(UNANSWERED_MESSAGES);
    let mut backoff = Backoff::default();
    loop {
        let connecting = async {
            backoff.wait().await;
            let stream = TcpStream::connect(server);
            anyhow::Ok(timeout(ANSWER_WITHIN, stream).await.context("no answer")??)
        };
        let Some(connected) = outbox.collect_until(connecting, &mut messages).await else {
            return;
        };
        let ended = match connected {
            Ok(stream) => {
                info!(device, "connected");
                match talk(device, stream, &mut outbox, &mut messages, &mut backoff).await {
                    Ok(()) => return,
                    Err(problem) => problem,
                }
            }
            Err(problem) => problem,
        };
        warn!(device, "no connection to {server}, trying again: {ended:#}");
    }
}

/// One connection's life: `Ok` when the messages end, an error when the connection does.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    device: &str,
    stream: S,
    outbox: &mut Outbox<Hl7Message>,
    messages: &mut Receiver<Vec<Hl7Message>>,
    backoff: &mut Backoff,
) -> anyhow::Result<()> {
    let mut line = Line { stream, received: Vec::new() };
    loop {
        let Some(message) = outbox.oldest().cloned() else {
            let Some(produced) = messages.recv().await else {
                return Ok(());
            };
            produced.into_iter().for_each(|message| outbox.push(message));
            continue;
        };
        let exchange = line.exchange(&message);
        let Some(answer) = outbox.collect_until(exchange, messages).await else {
            return Ok(());
        };
        let answer = answer?;
        if !matches!(answer.code.as_str(), "AA" | "CA") {
            warn!(
                device,
                "message {} was refused: {} {}", message.control_id, answer.code, answer.text
            );
        }
        outbox.stored_up_to(message.number);
        backoff.reset();
    }
}

/// The MSA segment of an acknowledgement.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    code: String,
    control_id: String,
    text: String,
}

/// One connection and what came in on it that is not yet a whole frame.
struct Line<S> {
    stream: S,
    received: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// Sends a message until it is answered, at most `ATTEMPTS` times.
    async fn exchange(&mut self, message: &Hl7Message) -> anyhow::Result<Answer> {
        let mut bytes = vec![START];
        bytes.extend_from_slice(message.text.as_bytes());
        bytes.extend_from_slice(&END);
        for _ in 0..ATTEMPTS {
            let writing = timeout(ANSWER_WITHIN, self.stream.write_all(&bytes));
            writing.await.context("the server takes nothing in")??;
            match timeout(ANSWER_WITHIN, self.answer_to(&message.control_id)).await {
                Ok(answer) => return answer,
                Err(_late) => {}
            }
        }
        bail!("message {} was sent {ATTEMPTS} times and not answered", message.control_id);
    }

    /// Waits for the answer to this control id; answers to others (re-sent ones) are passed over.
    async fn answer_to(&mut self, control_id: &str) -> anyhow::Result<Answer> {
        loop {
            while let Some(end) = self.received.iter().position(|byte| *byte == END[0]) {
                let answer = parse_answer(&self.received[..end]);
                self.received.drain(..=end);
                if let Some(answer) = answer.filter(|answer| answer.control_id == control_id) {
                    return Ok(answer);
                }
            }
            if self.received.len() > LONGEST_ANSWER_BYTES {
                bail!("the server's answer is longer than {LONGEST_ANSWER_BYTES} bytes");
            }
            if self.stream.read_buf(&mut self.received).await.context("reading an answer")? == 0 {
                bail!("the server closed the connection");
            }
        }
    }
}

fn parse_answer(frame: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(frame);
    let segment = text.split(['\r', '\n']).find(|segment| segment.starts_with("MSA|"))?;
    let mut fields = segment.split('|').skip(1).map(str::to_owned);
    Some(Answer {
        code: fields.next()?,
        control_id: fields.next()?,
        text: fields.next().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;
    use tokio::sync::mpsc;

    fn message(number: u64) -> Hl7Message {
        let control_id = format!("b-{number}");
        Hl7Message { number, text: format!("MSH|^~\\&|||||||||{control_id}\r"), control_id }
    }

    fn framed(text: &str) -> Vec<u8> {
        [&[START], text.as_bytes(), &END].concat()
    }

    async fn read_frame(stream: &mut (impl AsyncRead + Unpin)) -> String {
        let mut received = Vec::new();
        while !received.ends_with(&END) {
            assert_ne!(stream.read_buf(&mut received).await.expect("the monitor writes"), 0);
        }
        String::from_utf8_lossy(&received[1..received.len() - 2]).into_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn an_unanswered_message_is_sent_four_times_and_then_the_connection_is_given_up() {
        let (monitor, mut server) = tokio::io::duplex(4096);
        let mut line = Line { stream: monitor, received: Vec::new() };
        assert!(line.exchange(&message(1)).await.is_err());
        drop(line);
        let mut sent = Vec::new();
        server.read_to_end(&mut sent).await.expect("the monitor has hung up");
        assert_eq!(sent, framed(&message(1).text).repeat(ATTEMPTS));
    }

    #[tokio::test]
    async fn an_answer_split_over_reads_and_after_an_older_one_is_found() {
        let (monitor, mut server) = tokio::io::duplex(64);
        let mut line = Line { stream: monitor, received: Vec::new() };
        let answers = async {
            read_frame(&mut server).await;
            let answers =
                [framed("MSH|x\rMSA|AA|b-1\r"), framed("MSH|x\rMSA|CA|b-2|ok\r")].concat();
            for piece in answers.chunks(7) {
                server.write_all(piece).await.expect("the monitor listens");
            }
        };
        let message = message(2);
        let (answer, ()) = tokio::join!(line.exchange(&message), answers);
        let answer = answer.expect("it was answered");
        assert_eq!((answer.code.as_str(), answer.text.as_str()), ("CA", "ok"));
    }

    #[tokio::test]
    async fn a_message_unanswered_at_a_cut_is_sent_again_on_the_next_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = listener.local_addr().expect("it is bound");
        let (out, messages) = mpsc::channel(8);
        let monitor = tokio::spawn(async move { run("monitor", server, messages).await });
        out.send(vec![message(1)]).await.expect("the monitor lives");
        let (mut first, _) = listener.accept().await.expect("the monitor connects");
        assert_eq!(read_frame(&mut first).await, message(1).text);
        drop(first);
        let (mut second, _) = listener.accept().await.expect("the monitor comes back");
        assert_eq!(read_frame(&mut second).await, message(1).text);
        drop(out);
        monitor.await.expect("the monitor ends with its messages");
    }
}
