//! Who signed, and what was still entered afterwards.

use crate::record::{Addendum, SignedOff};
use crate::report::{Correction, RecordedAlert, RecordedEvent, Signature};
use crate::vitals::Millis;

/// The signature, and whether what was signed is still what there is.
pub(super) fn signature(
    signed: Option<SignedOff>,
    addenda: &[Addendum],
    entries: &Entries<'_>,
) -> Option<Signature> {
    let SignedOff { by, name, at, open } = signed?;
    let is_added = addenda.iter().any(|added| added.after_sign_off || added.at > at);
    let changed_since = is_added || entries.newest().is_some_and(|newest| newest > at);
    Some(Signature { by, name, at, open, changed_since })
}

/// What people enter, of which any may come after a signature.
pub(super) struct Entries<'a> {
    pub(super) events: &'a [RecordedEvent],
    pub(super) corrections: &'a [Correction],
    pub(super) alerts: &'a [RecordedAlert],
}

impl Entries<'_> {
    fn newest(&self) -> Option<Millis> {
        let events = self.events.iter().map(|event| event.entered_at);
        let withdrawn = self.events.iter().filter_map(|event| Some(event.withdrawn.as_ref()?.at));
        let corrections = self.corrections.iter().map(|correction| correction.at);
        let outcomes = self.alerts.iter().filter_map(|alert| Some(alert.outcome.as_ref()?.at));
        let taken = self.alerts.iter().flat_map(|alert| &alert.taken).map(|taken| taken.at);
        events.chain(withdrawn).chain(corrections).chain(outcomes).chain(taken).max()
    }
}
