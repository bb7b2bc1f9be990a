//! What of a session's entries is not as it was written, in words for staff.

use crate::report::{Lack, LackKind};
use crate::vitals::RoomId;

/// What is not as it was written.
#[derive(Default)]
pub(super) struct Damage {
    /// Entries that say something else than what was written.
    pub(super) changed: Entries,
    /// Entries that are there, and that the database cannot read.
    pub(super) unreadable: Entries,
    /// Entries that are not there.
    pub(super) lost: u64,
    /// From where on nothing of a room can be read, of the first such room.
    pub(super) ends: Option<(RoomId, u64)>,
    /// The first entry is none that opens a session.
    pub(super) has_lost_opening: bool,
    /// Where the session was before cannot be followed further back.
    pub(super) is_cut: bool,
    /// The sign-off and what was added cannot be read.
    pub(super) is_unreadable_after: bool,
}

/// How many, and which one is the first.
#[derive(Default)]
pub(super) struct Entries {
    first: Option<(RoomId, u64)>,
    count: u64,
}

impl Entries {
    pub(super) fn add(&mut self, room: &RoomId, seq: u64) {
        self.count += 1;
        self.first.get_or_insert_with(|| (room.clone(), seq));
    }

    /// "1 stored entry is", "3 stored entries are"; and where the first is.
    fn in_words(&self) -> Option<(String, String)> {
        let (room, seq) = self.first.as_ref()?;
        let place = format!("number {seq} of room {room}");
        Some(match self.count {
            1 => ("1 stored entry is".to_owned(), place),
            count => (format!("{count} stored entries are"), format!("the first is {place}")),
        })
    }
}

impl Damage {
    pub(super) fn lacks(self) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let mut add = |kind, text: String| {
            lacks.push(Lack { kind, text, from: None, to: None });
        };
        if self.has_lost_opening {
            let text = "The entry that opened the session cannot be read. Whom it is about, and by \
                        which version of the profile it was watched, is not here; nor what was \
                        recorded in another room, had the patient come from there.";
            add(LackKind::Damaged, text.to_owned());
        }
        if let Some((count, place)) = self.changed.in_words() {
            let text =
                format!("{count} not as written ({place}): what they say cannot be trusted.");
            add(LackKind::Damaged, text);
        }
        if let Some((count, place)) = self.unreadable.in_words() {
            let text = format!("{count} unreadable ({place}): what they said is not here.");
            add(LackKind::Damaged, text);
        }
        if let Some((room, seq)) = &self.ends {
            let text = format!(
                "The database is damaged: of room {room} nothing can be read from entry {seq} on."
            );
            add(LackKind::Damaged, text);
        }
        match self.lost {
            0 => {}
            1 => add(
                LackKind::Damaged,
                "1 stored entry is missing: what it said is not here.".into(),
            ),
            lost => {
                let text =
                    format!("{lost} stored entries are missing: what they said is not here.");
                add(LackKind::Damaged, text);
            }
        }
        if self.is_unreadable_after {
            let text = "Who signed the session off and what was added to it cannot be read.";
            add(LackKind::Damaged, text.to_owned());
        }
        if self.is_cut {
            let text = "The patient moved more often than a record follows: it begins with one of \
                        the moves.";
            add(LackKind::TooMuch, text.to_owned());
        }
        lacks
    }
}
