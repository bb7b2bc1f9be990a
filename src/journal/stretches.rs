//! The rooms in which a session was: a stretch of the chain of each.

use serde::{Deserialize, Serialize};

use super::{Journal, ReadError};
use crate::record::{Chain, Line};
use crate::room::{Input, MovedFrom};
use crate::store::SessionRow;
use crate::vitals::RoomId;

/// Moves to another room of one session that are followed.
const MOST_MOVES: usize = 100;

/// What a session was in one room: a stretch of its chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    pub(super) room: RoomId,
    pub(super) first_seq: u64,
    pub(super) last_seq: u64,
}

/// Where a session was, room after room.
#[derive(Debug)]
pub(super) struct Stretches {
    /// The first room first.
    pub(super) all: Vec<Stretch>,
    /// It came to the first of them from elsewhere: it moved more often than is followed.
    pub(super) is_cut: bool,
}

/// Back through the rooms to where the session was opened, or to where nothing can be read.
pub(super) async fn stretches(journal: &Journal, row: &SessionRow) -> Result<Stretches, ReadError> {
    let last_seq = journal.committed_seq(&Chain::Room(row.room.clone()));
    let last_seq = row.ended_seq.unwrap_or(last_seq);
    let last = Stretch { room: row.room.clone(), first_seq: row.opened_seq, last_seq };
    let mut all = vec![last];
    loop {
        let Stretch { room, first_seq, .. } = &all[0];
        let chain = Chain::Room(room.clone());
        let first = journal.readable_entry(&chain, *first_seq).await?;
        let line = first.and_then(|open| Line::read(&open.entry.body).ok());
        let Some((_, Line::Input(Input::MoveIn { from, .. }))) = line else {
            return Ok(Stretches { all, is_cut: false });
        };
        if all.len() > MOST_MOVES {
            return Ok(Stretches { all, is_cut: true });
        }
        let MovedFrom { room, opened_seq, moved_seq } = from;
        all.insert(0, Stretch { room, first_seq: opened_seq, last_seq: moved_seq });
    }
}
