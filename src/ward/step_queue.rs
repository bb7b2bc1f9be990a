//! The queue of what people are told of alerts. Nobody who listens is waited for.

use tokio::sync::broadcast;

use crate::notice::step::AlertStep;

/// The most steps by which a listener may be behind.
const MAX_STEPS_BEHIND: usize = 1_024;
/// Where steps are said.
#[derive(Clone, Debug)]
pub(super) struct Steps(broadcast::Sender<AlertStep>);

impl Default for Steps {
    fn default() -> Self {
        Self(broadcast::Sender::new(MAX_STEPS_BEHIND))
    }
}

impl Steps {
    /// Says a step to everybody who listens.
    pub(super) fn say(&self, step: AlertStep) {
        // Without a listener nobody is told.
        let _ = self.0.send(step);
    }
}

impl Steps {
    /// Every further step.
    pub(super) fn listen(&self) -> broadcast::Receiver<AlertStep> {
        self.0.subscribe()
    }
}
