//! HL7 v2 in MLLP frames (protocols.md#what-is-sent).

use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connect::{Peer, Socket, connect};
use super::delivery::{Delivery, Load, Why, words};
use super::pace::Pace;
use crate::adapters::hl7::{Acknowledgement, Framed, Framer};
use crate::config::Hl7;

const START: u8 = 0x0B;
const END: [u8; 2] = [0x1C, b'\r'];
/// Bytes of one read.
const READ_BYTES: usize = 8 * 1024;
/// The most answers to one message that are looked at: two are wanted.
const MOST_ANSWERS: usize = 8;

pub(super) async fn deliver(
    to: &Hl7,
    ca_file: Option<&Path>,
    load: Load<'_>,
    pace: Pace,
) -> Delivery {
    let peer = Peer { host: &to.host, port: to.port, is_tls: to.tls, ca_file };
    let mut socket = match connect(peer, pace).await {
        Ok(socket) => socket,
        Err(why) => return Delivery::trouble(why),
    };
    let mut frame = Vec::with_capacity(load.text.len() + 3);
    frame.push(START);
    frame.extend_from_slice(load.text.as_bytes());
    frame.extend_from_slice(&END);
    let sent = async {
        socket.write_all(&frame).await?;
        socket.flush().await
    };
    if let Err(error) = sent.await {
        return Delivery::trouble(words(&error));
    }
    answered(&mut socket, &load, to.is_enhanced).await
}

/// Reads until it is known what became of the message.
async fn answered(socket: &mut Socket, load: &Load<'_>, is_enhanced: bool) -> Delivery {
    let mut framer = Framer::default();
    let mut buffer = vec![0; READ_BYTES];
    let mut answers = 0;
    loop {
        let read = match socket.read(&mut buffer).await {
            Ok(read) => read,
            Err(error) => return Delivery::trouble(words(&error)),
        };
        if read == 0 {
            // Some receivers close where the frame should end.
            framer.idle();
        } else {
            framer.push(&buffer[..read]);
        }
        while let Some(framed) = framer.next() {
            answers += 1;
            let (Framed::Message(answer) | Framed::TooLong(answer)) = framed;
            match understood(&answer, load.control, is_enhanced) {
                Understood::Final(delivery) => {
                    if let Delivery::Arrived | Delivery::Refused { .. } = delivery {
                        confirm(socket, &answer, is_enhanced).await;
                    }
                    return delivery;
                }
                Understood::Committed if answers < MOST_ANSWERS => {}
                Understood::Committed => {
                    return Delivery::trouble("it says again and again that the message arrived");
                }
            }
        }
        if read == 0 {
            return Delivery::trouble("the connection was closed before an answer came");
        }
    }
}

/// An application's answer that asks for it is confirmed, so that the receiver does not repeat it.
async fn confirm(socket: &mut Socket, answer: &[u8], is_enhanced: bool) {
    let Some(read) = Acknowledgement::read(answer).filter(|read| read.wants_commit) else { return };
    if !is_enhanced || read.code.starts_with('C') {
        return;
    }
    let id: String =
        read.control_id.chars().filter(|c| c.is_ascii_graphic() && *c != '|').collect();
    let text = format!("MSH|^~\\&|dripwatch||||||ACK|C{id}|P|2.5.1\rMSA|CA|{id}\r");
    let mut frame = vec![START];
    frame.extend_from_slice(text.as_bytes());
    frame.extend_from_slice(&END);
    // The message has been judged: whether this arrives changes nothing for us.
    let _ = socket.write_all(&frame).await;
    let _ = socket.flush().await;
}

/// What an answer says.
#[derive(Debug, PartialEq, Eq)]
enum Understood {
    Final(Delivery),
    /// The message has arrived there; what becomes of it is still to come.
    Committed,
}

fn understood(answer: &[u8], control: &str, is_enhanced: bool) -> Understood {
    let trouble = |ours: &str| Understood::Final(Delivery::trouble(ours));
    let Some(read) = Acknowledgement::read(answer) else {
        return trouble("it answers something that is not HL7");
    };
    let refused = |ours: &str| {
        let why = Why { ours: ours.to_owned(), theirs: read.words.clone() };
        Understood::Final(Delivery::Refused { why, is_final: false })
    };
    match &*read.code {
        _ if read.of != control => trouble("it answers another message than the one that it got"),
        "AA" => Understood::Final(Delivery::Arrived),
        "CA" if is_enhanced => Understood::Committed,
        "CA" => trouble("it answers twice: write ack = \"enhanced\" in the configuration"),
        "AE" => refused("error (AE)"),
        "AR" => refused("rejected (AR)"),
        "CE" => refused("not stored (CE)"),
        "CR" => refused("rejected on arrival (CR)"),
        _ => trouble("its answer says neither yes nor no"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: &str, of: &str) -> Vec<u8> {
        format!("MSH|^~\\&|EHR\rMSA|{code}|{of}|no bed\r").into_bytes()
    }

    #[test]
    fn only_an_answer_to_this_message_says_what_became_of_it() {
        let arrived = Understood::Final(Delivery::Arrived);
        for is_enhanced in [false, true] {
            assert_eq!(understood(&answer("AA", "DW1"), "DW1", is_enhanced), arrived);
            for code in ["AE", "AR", "CE", "CR"] {
                let judged = understood(&answer(code, "DW1"), "DW1", is_enhanced);
                let Understood::Final(Delivery::Refused { why, is_final: false }) = judged else {
                    panic!("{code}: {judged:?}")
                };
                assert!(why.ours.contains(code) && why.theirs == "no bed", "{why:?}");
            }
            for wrong in [
                answer("AA", "DW2"),
                answer("AA", ""),
                answer("", "DW1"),
                answer("XX", "DW1"),
                b"HTTP/1.1 400 Bad Request".to_vec(),
                Vec::new(),
            ] {
                let judged = understood(&wrong, "DW1", is_enhanced);
                assert!(matches!(judged, Understood::Final(Delivery::Trouble(_))), "{judged:?}");
            }
        }
        assert_eq!(understood(&answer("CA", "DW1"), "DW1", true), Understood::Committed);
        let early = understood(&answer("CA", "DW1"), "DW1", false);
        assert!(matches!(early, Understood::Final(Delivery::Trouble(_))), "{early:?}");
    }
}
