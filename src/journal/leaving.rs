//! How entries leave their rows.

use tokio::sync::oneshot;

use super::packing::{PackedRun, Repack, Whose};
use super::queue::Write;
use super::runs::Run;
use super::{AppendError, Journal};
use crate::vitals::SessionId;

impl Journal {
    /// Packs a run of entries that are on disk; the entry `noted_seq` of the chain `clinic`, which
    /// is appended in the same unit, says so.
    pub fn pack(&self, packed: PackedRun, noted_seq: u64) -> Result<(), AppendError> {
        let packed = Box::new(packed);
        self.repack(Repack::Pack { packed, noted_seq }, Vec::new())
    }

    /// Drops runs of entries that are on disk.
    pub fn drop_runs(&self, runs: Vec<Run>, noted_seq: u64) -> Result<(), AppendError> {
        self.repack(Repack::Drop { runs, noted_seq }, Vec::new())
    }

    /// Empties some of the pieces of a session that was deleted by the entry `left_seq`.
    pub fn empty_some(
        &self,
        session: &SessionId,
        left_seq: u64,
        stored: oneshot::Sender<()>,
    ) -> Result<(), AppendError> {
        self.repack(Repack::Empty { session: session.clone(), left_seq }, vec![stored])
    }

    /// Removes the private parts of all entries of `whose` appended so far. The chains still
    /// verify.
    pub fn erase_private(
        &self,
        whose: Whose,
        stored: Vec<oneshot::Sender<()>>,
    ) -> Result<(), AppendError> {
        self.repack(Repack::Erase(whose), stored)
    }

    fn repack(&self, repack: Repack, stored: Vec<oneshot::Sender<()>>) -> Result<(), AppendError> {
        self.handle.queue.push(Write::Repack(repack), stored)
    }
}
