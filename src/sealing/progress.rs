use std::collections::BTreeMap;

use crate::record::Chain;

/// How far the chains have been looked through.
#[derive(Debug, Default)]
pub(super) struct RawReadings {
    /// The next entry of each that was begun.
    pub(super) next: BTreeMap<Chain, u64>,
    /// Chains that are still to be looked at.
    pub(super) waiting: Vec<Chain>,
    pub(super) has_begun: bool,
}

impl RawReadings {
    /// Looks at every chain again, each from where it was.
    pub(super) fn begin(&mut self) {
        self.has_begun = false;
    }
}
