use std::fmt;

use crate::vitals::Millis;

/// A request with an `Idempotency-Key`: the same one gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyedRequest {
    /// The key, as the caller chose it.
    pub key: String,
    /// Who asks: a login, a program or a device, with its name.
    pub who: String,
    /// Method and path, such as `POST /api/v1/alerts/x/acknowledge`.
    pub method_path: String,
}

/// The answer that a request with an `Idempotency-Key` got.
#[derive(Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// The request.
    pub request: KeyedRequest,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// When it was given.
    pub at: Millis,
}

impl fmt::Debug for AnswerRow {
    /// Without the body, which may speak of a patient.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerRow")
            .field("method_path", &self.request.method_path)
            .field("status", &self.status)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
