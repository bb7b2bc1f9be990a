//! What a room does goes into its chain; after a time for which the journal had no room, with a
//! gap.

use tokio::sync::oneshot;

use super::{Effects, RoomActor};
use crate::journal::{AppendError, Journal};
use crate::record::{AnswerRow, Entry, write_checkpoint_apart, write_input};
use crate::room::Input;
use crate::store::{SessionRow, Upsert};
use crate::vitals::Millis;
use crate::ward::alert_row::alert_row;

/// A full journal is not asked again for each frame.
const TRY_AGAIN_MS: i64 = 1_000;

/// The most answers that are kept until their effects can be recorded: more than a person gives
/// commands in a room before somebody attends to a full disk.
const UNRECORDED_ANSWERS: usize = 64;

impl RoomActor {
    /// The number that the next input gets, if nothing falls due before it: after a gap that is
    /// still to be recorded.
    pub(in crate::ward) fn next_seq(&self, journal: &Journal) -> u64 {
        journal.next_seq(&self.chain) + u64::from(self.unrecorded.is_some())
    }

    /// Writes a checkpoint if anything has come since the last one.
    pub(in crate::ward) fn note_state(
        &mut self,
        at: Millis,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        let entries = if self.since_checkpoint > 0 { vec![self.checkpoint(at)] } else { vec![] };
        self.append(Effects { entries, views: vec![] }, vec![], at, journal)
    }

    pub(super) fn checkpoint(&mut self, at: Millis) -> Entry {
        self.since_checkpoint = 0;
        let (body, private) = write_checkpoint_apart(at, &self.room);
        let private = private.map(|private| private.json());
        let session = self.session_id();
        Entry { at, body, private, session, is_checkpoint: true, ..Entry::default() }
    }

    pub(super) fn append(
        &mut self,
        effects: Effects,
        stored: Vec<oneshot::Sender<()>>,
        at: Millis,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        let result = self.record(effects, stored, at, journal);
        self.away.send(journal);
        result
    }

    fn record(
        &mut self,
        mut effects: Effects,
        stored: Vec<oneshot::Sender<()>>,
        at: Millis,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        if effects.entries.is_empty() && effects.views.is_empty() {
            return Ok(());
        }
        let ended = effects.views.iter().find_map(|view| match view {
            Upsert::Session(row) if row.ended_at.is_some() => Some(row.clone()),
            _ => None,
        });
        let lately = ended.clone().or_else(|| self.ended_lately.take());
        self.ended_lately = lately.filter(|row| self.is_not_on_disk(row, journal));
        if let Some((from, tried_at)) = self.unrecorded {
            if at.since(tried_at) < TRY_AGAIN_MS {
                self.ended_unrecorded = ended.or(self.ended_unrecorded.take());
                return Err(AppendError::Full);
            }
            self.record_gap(from, journal.next_seq(&self.chain), &mut effects, at);
        }
        let seq = journal.next_seq(&self.chain);
        let result = journal.append(&self.chain, seq, effects.entries, effects.views, stored);
        (self.unrecorded, self.ended_unrecorded) = match &result {
            Ok(()) => {
                self.unrecorded_answers.clear();
                (None, None)
            }
            Err(_) => {
                let since = self.unrecorded.map_or(at, |(since, _)| since);
                // Kept until it is recorded, however often that takes.
                (Some((since, at)), ended.or(self.ended_unrecorded.take()))
            }
        };
        result
    }

    /// After a time without a record: writes an entry that says so, and a checkpoint.
    fn record_gap(&mut self, from: Millis, gap_seq: u64, effects: &mut Effects, at: Millis) {
        let reason = "the journal could not keep up".to_owned();
        let to = effects.entries.first().map_or(at, |entry| entry.at);
        let gap = write_input(to, &Input::Gap { from: from.min(to), to, reason });
        effects.entries.insert(0, Entry { at: to, body: gap, ..Entry::default() });
        let checkpoint = self.checkpoint(at);
        effects.entries.push(checkpoint);
        // What should have been its last entry does not exist: that is the gap.
        let ended_seq = Some(gap_seq);
        let ended = self.ended_unrecorded.clone().map(|row| SessionRow { ended_seq, ..row });
        effects.views.extend(ended.map(Upsert::Session));
        effects.views.extend(self.session_row(self.room.session(), None));
        let rows = self.room.alerts().iter();
        let rows = rows.map(|alert| alert_row(&self.detailed_alert(alert)));
        effects.views.extend(rows.map(Upsert::Alert));
        effects.views.extend(self.unrecorded_answers.iter().cloned().map(Upsert::Answer));
    }

    /// A request was answered although the journal has no room for its effect: both are recorded
    /// together when it has.
    pub(in crate::ward) fn answer_when_recorded(&mut self, answer: AnswerRow) {
        if self.unrecorded_answers.len() == UNRECORDED_ANSWERS {
            self.unrecorded_answers.pop_front();
        }
        self.unrecorded_answers.push_back(answer);
    }

    /// Whether the journal has no room for what this room does.
    pub(in crate::ward) fn is_unrecorded(&self) -> bool {
        self.unrecorded.is_some()
    }
}
