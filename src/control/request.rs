use std::fmt;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::PATIENCE;
use super::context::ControlContext;

/// What a command asks for: a struct with its answer's type and the work itself, which is the same
/// in a running server and without one.
pub trait Request: Send {
    /// The answer when it is done.
    type Answer: Serialize + DeserializeOwned + Send;

    /// Whether it may begin a database in a folder that has none.
    const MAY_BEGIN_DATA: bool = false;
    /// How long the answer may take.
    const PATIENCE: Duration = PATIENCE;

    /// Carries it out. An error is a sentence for whoever asked: why nothing was done, and what to
    /// do instead.
    fn perform(
        self,
        context: &ControlContext,
    ) -> impl Future<Output = anyhow::Result<Self::Answer>> + Send;
}

/// The line that answers a request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(super) enum Reply<A> {
    /// The request was carried out.
    Done {
        /// The answer, of the request's own type.
        result: A,
    },
    /// The request was not carried out.
    Refused {
        /// Why, and what to do instead: a sentence for the person who asked.
        why: String,
    },
}

impl<A: Serialize> Reply<A> {
    pub(super) fn of(done: anyhow::Result<A>) -> Self {
        match done {
            Ok(result) => Self::Done { result },
            Err(error) => Self::Refused { why: error.to_string() },
        }
    }

    pub(super) fn line(&self) -> String {
        // Texts, numbers and maps with text keys cannot fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a change led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed<T> {
    /// As it is now.
    pub now: T,
    /// Whether the change is on disk. `false` when a server's disk is slow: it is made, and lost
    /// only if the power fails before the disk has it.
    pub recorded: bool,
}

/// A password, PIN or token on its way. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
