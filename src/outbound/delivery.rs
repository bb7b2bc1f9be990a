//! A message on its way, and what came of it.

/// A message on its way.
pub(super) struct Load<'a> {
    pub(super) text: &'a str,
    /// By which the receiver knows it.
    pub(super) control: &'a str,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The receiver has it.
    Arrived,
    /// The receiver has read it, and does not take it.
    Refused {
        why: Why,
        /// It would say the same tomorrow.
        is_final: bool,
    },
    /// It is not certain that the receiver has it.
    Trouble(Why),
}

/// Why it was not delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Why {
    /// In our words, which name nobody.
    pub(super) ours: String,
    /// In the words of the receiver, which may name the patient: never in the log.
    pub(super) theirs: String,
}

impl Why {
    /// Nothing but our words.
    pub(super) fn of(ours: impl Into<String>) -> Self {
        Self { ours: ours.into(), theirs: String::new() }
    }

    /// For the administrator's page.
    pub(super) fn shown(&self) -> String {
        match self.theirs.trim() {
            "" => self.ours.clone(),
            theirs => format!("{}: {theirs}", self.ours),
        }
    }
}

impl Delivery {
    pub(super) fn trouble(ours: impl Into<String>) -> Self {
        Self::Trouble(Why::of(ours))
    }
}

/// A system's error, as people who run a network say it.
pub(super) fn words(error: &std::io::Error) -> String {
    use std::io::ErrorKind::{
        ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable,
        NotFound, TimedOut, UnexpectedEof,
    };
    match error.kind() {
        ConnectionRefused => "nothing listens at this address".to_owned(),
        ConnectionReset | ConnectionAborted | UnexpectedEof => {
            "the connection was cut before an answer came".to_owned()
        }
        HostUnreachable | NetworkUnreachable => "the network does not lead there".to_owned(),
        TimedOut => "nobody answers at this address".to_owned(),
        NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}
