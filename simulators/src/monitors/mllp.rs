//! Carries HL7 messages over MLLP: one at a time, each answered before the next
//! (protocols.md#answers).

use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;
use tracing::warn;

use super::carry::{Dial, End, Talk, carry};
use super::outbox::{First, Happened, Out, Outbox, Packet, WhenFull};
use crate::clock::Backoff;

const START: u8 = 0x0B;
const END: [u8; 2] = [0x1C, 0x0D];
/// A bedside monitor keeps messages for about a minute.
const UNANSWERED_MESSAGES: usize = 60;
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The first try and three more.
const ATTEMPTS: usize = 4;
const LONGEST_ANSWER_BYTES: usize = 64 * 1024;

/// How long a connection lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connections {
    /// For days.
    Stay,
    /// For one message and its answer.
    PerMessage,
}

/// Where HL7 goes, and in which manner.
pub(crate) struct Mllp<D> {
    pub(crate) device: String,
    pub(crate) server: D,
    pub(crate) connections: Connections,
}

impl<D: Dial> Mllp<D> {
    /// Carries what the monitor wants until it ends.
    pub(crate) async fn run(&self, wanted: Receiver<Out>, when_full: WhenFull) {
        carry(&self.device, self, Outbox::new(wanted, UNANSWERED_MESSAGES, when_full)).await;
    }

    async fn talk_on(
        &self,
        line: &mut Line<D::Stream>,
        outbox: &mut Outbox,
        backoff: &mut Backoff,
    ) -> anyhow::Result<()> {
        while !outbox.is_done() {
            let Some(message) = outbox.oldest().cloned() else {
                match outbox.next().await {
                    Happened::Said | Happened::Nothing => continue,
                    Happened::Cut => return line.cut(outbox).await,
                    Happened::HangUp => return Ok(()),
                }
            };
            let answer = match outbox.until(line.exchange(&message)).await {
                First::Done(answer) => answer?,
                First::Happened(Happened::Cut) => return line.cut(outbox).await,
                First::Happened(_) => return Ok(()),
            };
            if !matches!(answer.code.as_str(), "AA" | "CA") {
                let Answer { code, control_id, text } = answer;
                warn!(device = self.device, "message {control_id} was refused: {code} {text}");
            }
            outbox.answered_oldest();
            backoff.reset();
            if self.connections == Connections::PerMessage {
                break;
            }
        }
        Ok(())
    }
}

impl<D: Dial> Talk for Mllp<D> {
    type Line = Line<D::Stream>;

    async fn connect(&self) -> anyhow::Result<Self::Line> {
        Ok(Line { stream: self.server.dial().await?, received: Vec::new() })
    }

    fn stays_connected(&self) -> bool {
        self.connections == Connections::Stay
    }

    async fn talk(&self, mut line: Self::Line, outbox: &mut Outbox, backoff: &mut Backoff) -> End {
        match self.talk_on(&mut line, outbox, backoff).await {
            Ok(()) => End::HungUp,
            Err(problem) => End::Broken(problem),
        }
    }
}

/// The MSA segment of an acknowledgement.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    code: String,
    control_id: String,
    text: String,
}

/// One connection, with the bytes received on it that are not a whole frame yet.
pub(crate) struct Line<S> {
    stream: S,
    received: Vec<u8>,
}

fn framed(message: &Packet) -> Vec<u8> {
    [&[START], message.text.as_bytes(), &END].concat()
}

/// MSH-10: the separator after MSH is the first field.
fn control_id(message: &Packet) -> &str {
    let header = message.text.split('\r').next().unwrap_or_default();
    header.split('|').nth(9).unwrap_or_default()
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// Sends a message until it is answered, at most `ATTEMPTS` times.
    async fn exchange(&mut self, message: &Packet) -> anyhow::Result<Answer> {
        let bytes = framed(message);
        for _ in 0..ATTEMPTS {
            self.write(&bytes).await?;
            match timeout(ANSWER_WITHIN, self.answer_to(control_id(message))).await {
                Ok(answer) => return answer,
                Err(_late) => {}
            }
        }
        bail!("message {} was sent {ATTEMPTS} times and not answered", control_id(message));
    }

    /// The cable is pulled in the middle of the newest message.
    async fn cut(&mut self, outbox: &Outbox) -> anyhow::Result<()> {
        let bytes = outbox.newest().map(framed).unwrap_or_default();
        self.write(&bytes[..bytes.len() / 2]).await
    }

    async fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let writing = timeout(ANSWER_WITHIN, self.stream.write_all(bytes));
        Ok(writing.await.context("the server accepts nothing")??)
    }

    /// Waits for the answer to this control id; answers to others (re-sent ones) are skipped.
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
    use crate::monitors::carry::Tcp;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::mpsc::{self, Sender};
    use tokio::task::JoinHandle;

    fn message(number: u64) -> Packet {
        Packet { number, text: format!("MSH|^~\\&||||||||b-{number}\r") }
    }

    async fn read_frame(stream: &mut (impl AsyncRead + Unpin)) -> String {
        let mut received = Vec::new();
        while !received.ends_with(&END) {
            assert_ne!(stream.read_buf(&mut received).await.expect("the monitor writes"), 0);
        }
        String::from_utf8_lossy(&received[1..received.len() - 2]).into_owned()
    }

    async fn answer(stream: &mut TcpStream, number: u64) {
        let answer = format!("\x0BMSH|x\rMSA|AA|b-{number}\r\x1C\r");
        stream.write_all(answer.as_bytes()).await.expect("the monitor listens");
    }

    async fn monitor(connections: Connections) -> (TcpListener, Sender<Out>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let (out, wanted) = mpsc::channel(8);
        let running = tokio::spawn(async move {
            let mllp = Mllp { device: "monitor".to_owned(), server: Tcp { address }, connections };
            mllp.run(wanted, WhenFull::GiveUpOldest).await;
        });
        (listener, out, running)
    }

    #[tokio::test(start_paused = true)]
    async fn an_unanswered_message_is_sent_four_times_and_then_the_connection_is_given_up() {
        let (monitor, mut server) = tokio::io::duplex(4096);
        let mut line = Line { stream: monitor, received: Vec::new() };
        assert!(line.exchange(&message(1)).await.is_err());
        drop(line);
        let mut sent = Vec::new();
        server.read_to_end(&mut sent).await.expect("the monitor has hung up");
        assert_eq!(sent, framed(&message(1)).repeat(ATTEMPTS));
    }

    #[tokio::test]
    async fn an_answer_split_over_reads_and_after_an_older_one_is_found() {
        let (monitor, mut server) = tokio::io::duplex(64);
        let mut line = Line { stream: monitor, received: Vec::new() };
        let answers = async {
            read_frame(&mut server).await;
            let answers = "\x0BMSH|x\rMSA|AA|b-1\r\x1C\r\x0BMSH|x\rMSA|CA|b-2|ok\r\x1C\r";
            for piece in answers.as_bytes().chunks(7) {
                server.write_all(piece).await.expect("the monitor listens");
            }
        };
        let message = message(2);
        let (answer, ()) = tokio::join!(line.exchange(&message), answers);
        let answer = answer.expect("it was answered");
        assert_eq!((answer.code.as_str(), answer.text.as_str()), ("CA", "ok"));
    }

    #[tokio::test]
    async fn a_message_unanswered_at_a_break_is_sent_again_on_the_next_connection() {
        let (listener, out, running) = monitor(Connections::Stay).await;
        out.send(Out::Say(message(1))).await.expect("the monitor lives");
        let (mut first, _) = listener.accept().await.expect("the monitor connects");
        assert_eq!(read_frame(&mut first).await, message(1).text);
        drop(first);
        let (mut second, _) = listener.accept().await.expect("the monitor comes back");
        assert_eq!(read_frame(&mut second).await, message(1).text);
        drop(out);
        answer(&mut second, 1).await;
        running.await.expect("the monitor ends when all is answered");
    }

    #[tokio::test]
    async fn a_gateway_connects_for_each_message() {
        let (listener, out, running) = monitor(Connections::PerMessage).await;
        for number in 1..=2 {
            out.send(Out::Say(message(number))).await.expect("the gateway lives");
            let (mut stream, _) = listener.accept().await.expect("it connects");
            assert_eq!(read_frame(&mut stream).await, message(number).text);
            answer(&mut stream, number).await;
            let mut rest = Vec::new();
            assert_eq!(stream.read_to_end(&mut rest).await.expect("it hangs up"), 0);
        }
        drop(out);
        running.await.expect("it ends");
    }

    #[tokio::test]
    async fn a_cut_message_breaks_off_in_its_middle_and_comes_whole_on_the_next_connection() {
        let (listener, out, running) = monitor(Connections::Stay).await;
        let (mut first, _) = listener.accept().await.expect("the monitor connects");
        out.send(Out::Say(message(1))).await.expect("the monitor lives");
        // Unanswered, so that nothing is on its way when the cable is pulled.
        read_frame(&mut first).await;
        out.send(Out::Cut(message(2))).await.expect("the monitor lives");
        let mut sent = Vec::new();
        first.read_to_end(&mut sent).await.expect("the monitor is gone");
        let whole = framed(&message(2));
        assert_eq!(sent, whole[..whole.len() / 2]);
        let (mut second, _) = listener.accept().await.expect("the monitor comes back");
        for number in 1..=2 {
            assert_eq!(read_frame(&mut second).await, message(number).text);
            answer(&mut second, number).await;
        }
        drop(out);
        running.await.expect("it ends");
    }

    #[tokio::test]
    async fn a_monitor_whose_link_is_down_does_not_connect_until_it_is_up() {
        let (listener, out, running) = monitor(Connections::Stay).await;
        let (mut first, _) = listener.accept().await.expect("the monitor connects");
        for wanted in [Out::Down, Out::Say(message(1))] {
            out.send(wanted).await.expect("the monitor lives");
        }
        let mut sent = Vec::new();
        assert_eq!(first.read_to_end(&mut sent).await.expect("it hung up"), 0);
        let again = timeout(Duration::from_millis(50), listener.accept());
        assert!(again.await.is_err(), "it is down");
        out.send(Out::Up).await.expect("the monitor lives");
        let (mut second, _) = listener.accept().await.expect("the monitor comes back");
        assert_eq!(read_frame(&mut second).await, message(1).text);
        answer(&mut second, 1).await;
        drop(out);
        running.await.expect("it ends");
    }
}
