//! HTTP as a caller speaks it: one request on a line of its own, which may come to grief at any
//! moment.

use std::io::{self, Read, Write};

use anyhow::{Context, ensure};

use super::chance::Chance;
use super::net::{Net, Wire};

/// A request, as bytes.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) token: &'static str,
    pub(crate) key: String,
    pub(crate) body: String,
}

impl Request {
    fn bytes(&self) -> Vec<u8> {
        let Self { path, token, key, body } = self;
        let length = body.len();
        format!(
            "POST /api/v1/{path} HTTP/1.1\r\nhost: clinic\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\nidempotency-key: {key}\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// What a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    /// `None` while a part of it is missing.
    fn read(bytes: &[u8]) -> anyhow::Result<Option<Self>> {
        let text = String::from_utf8_lossy(bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { return Ok(None) };
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no status in {head:?}"))?;
        let mut lengths = head.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
        });
        let length = lengths.next_back().with_context(|| format!("no length in {head:?}"))??;
        ensure!(body.len() <= length, "more than was announced: {head:?}");
        Ok((body.len() == length).then(|| Self { status, body: body.to_owned() }))
    }
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestFault {
    /// The line drops when so many bytes of the request are sent.
    CutWhileAsking(usize),
    /// The caller falls silent there, and never listens.
    SilentWhileAsking(usize),
    /// The line drops as soon as the request is sent.
    CutBeforeAnswer,
    /// The caller asks, and never listens.
    NeverListens,
    /// The line drops when so many bytes of the answer have come.
    CutInAnswer(usize),
}

impl RequestFault {
    pub(crate) fn draw(chance: &mut Chance, length: usize) -> Self {
        match chance.below(6) {
            0 => Self::CutWhileAsking(chance.below(length as u64) as usize),
            1 => Self::SilentWhileAsking(chance.below(length as u64) as usize),
            2 | 3 => Self::CutBeforeAnswer,
            4 => Self::NeverListens,
            _ => Self::CutInAnswer(1 + chance.below(600) as usize),
        }
    }
}

/// One try of a request.
pub(crate) struct Attempt {
    /// None when nothing more is to be expected.
    wire: Option<Wire>,
    heard: Vec<u8>,
    mishap: Option<RequestFault>,
}

impl Attempt {
    /// Sends the request.
    pub(crate) fn begin(net: &Net, request: &Request, mishap: Option<RequestFault>) -> Self {
        let mut wire = net.connect(9);
        let bytes = request.bytes();
        let sent = match mishap {
            Some(RequestFault::CutWhileAsking(sent) | RequestFault::SilentWhileAsking(sent)) => {
                sent
            }
            Some(RequestFault::CutInAnswer(heard)) => {
                wire = wire.drops_after(heard);
                bytes.len()
            }
            _ => bytes.len(),
        };
        // A server that is gone hears nothing.
        let _ = wire.write_all(&bytes[..sent.min(bytes.len())]);
        Self { wire: Some(wire), heard: Vec::new(), mishap }
    }

    /// Listens: the answer, once it is whole.
    pub(crate) fn hear(&mut self) -> anyhow::Result<Option<Answer>> {
        match self.mishap {
            Some(RequestFault::CutWhileAsking(_) | RequestFault::CutBeforeAnswer) => {
                self.wire.take().into_iter().for_each(Wire::cut);
            }
            Some(RequestFault::SilentWhileAsking(_) | RequestFault::NeverListens) => {
                return Ok(None);
            }
            Some(RequestFault::CutInAnswer(_)) | None => {}
        }
        let Some(wire) = &mut self.wire else { return Ok(None) };
        let ended = wire.read_to_end(&mut self.heard);
        let is_over = !ended.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        let answer = Answer::read(&self.heard)?;
        if is_over || answer.is_some() {
            self.wire.take().into_iter().for_each(Wire::cut);
        }
        Ok(answer)
    }

    /// Whether an answer may still come.
    pub(crate) fn is_open(&self) -> bool {
        let is_deaf = matches!(
            self.mishap,
            Some(RequestFault::SilentWhileAsking(_) | RequestFault::NeverListens)
        );
        self.wire.is_some() && !is_deaf
    }

    /// Waits no longer: hangs up.
    pub(crate) fn give_up(self) {
        self.wire.into_iter().for_each(Wire::cut);
    }

    /// The line, where nobody speaks or listens any more and it is open all the same.
    pub(crate) fn left_open(self) -> Option<Wire> {
        self.wire
    }
}
