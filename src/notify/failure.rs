use std::fmt;

/// Why nothing was said over a channel, for an administrator: without secrets, and with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, a sentence.
    pub why: String,
    /// What to do about it, a sentence.
    pub remedy: String,
    /// Some were reached and some were not: the channel itself works.
    pub is_partial: bool,
}

impl Failure {
    pub(super) fn new(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { why: why.into(), remedy: remedy.into(), is_partial: false }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.why, self.remedy)
    }
}

/// Why a server cannot start with its channels.
#[derive(Debug, thiserror::Error)]
#[error("the channel {channel:?} cannot be used: {what}")]
pub struct ChannelError {
    /// The channel.
    pub channel: String,
    /// What is wrong, and what to do.
    pub what: String,
}
