use crate::room::{Event, ListedType, ShownEvent};
use crate::vitals::{Millis, moved};

/// What staff did, as they entered it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Done {
    pub(super) n: u32,
    pub(super) at: Millis,
    pub(super) entered_at: Millis,
    pub(super) by: String,
    pub(super) event: Event,
    pub(super) is_withdrawn: bool,
}

moved!(Done { moves: at, entered_at; stays: n, by, event, is_withdrawn });

/// What identifies an event that a session lists: a session keeps only the newest ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Listed {
    n: u32,
    at: Millis,
    kind: ListedType,
    text: String,
}

moved!(Listed { moves: at; stays: n, kind, text });

impl Listed {
    pub(super) fn of(event: &ShownEvent) -> Self {
        let ShownEvent { n, at, kind, text, .. } = event.clone();
        Self { n, at, kind, text }
    }

    fn is(&self, event: &ShownEvent) -> bool {
        self.n == event.n
            && self.at == event.at
            && self.kind == event.kind
            && self.text == event.text
    }
}

/// What was listed after `last`, oldest first.
pub(super) fn listed_after<'a>(
    events: &'a [ShownEvent],
    last: Option<&Listed>,
) -> &'a [ShownEvent] {
    let known = last.and_then(|last| events.iter().rposition(|event| last.is(event)));
    &events[known.map_or(0, |index| index + 1)..]
}
