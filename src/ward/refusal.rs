/// Why the ward did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing.
    #[error("there is no {kind} {id:?}")]
    NotFound {
        /// room, session, alert, device, profile, patient, course or list.
        kind: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// It cannot be done now; the text says what to do instead.
    #[error("{0}")]
    NotNow(String),
    /// A gate is still missing something.
    #[error("{why}")]
    Unmet {
        /// What to do instead.
        why: String,
        /// Each thing that is not met yet.
        unmet: Vec<String>,
    },
    /// Only an identified person may do it; the text says what will happen, and what to do.
    #[error("{0}")]
    NeedsIdentity(String),
    /// A PIN is not enough for it, but their password would be.
    #[error("{0}")]
    NeedsPassword(String),
    /// Only somebody who has read what will happen may do it.
    #[error("{0}")]
    NeedsConfirmation(String),
    /// Somebody else has taken the alert.
    #[error("already acknowledged by {by}")]
    AlreadyAcknowledged {
        /// The initials of who has it.
        by: String,
        /// The alert as it is, as JSON.
        alert: String,
    },
    /// The ward has ended.
    #[error("the server is stopping")]
    Stopping,
}

impl Refusal {
    /// The journal accepts nothing now.
    pub(super) fn not_recorded() -> Self {
        let text =
            "Nothing can be recorded now: the disk is full or does not answer. Monitoring goes on.";
        Self::NotNow(text.to_owned())
    }
}
