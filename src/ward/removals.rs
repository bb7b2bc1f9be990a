use std::collections::VecDeque;

use crate::vitals::SessionId;

/// The most removals of this run that are remembered until the disk is certain to have them.
const MAX_LATE_REMOVALS: usize = 256;

/// What was removed by this run, so that nothing is removed twice and nothing that was read before
/// a removal is packed after it.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// How many there were.
    pub(super) count: u64,
    late: VecDeque<(SessionId, bool)>,
}

impl Removals {
    pub(super) fn note(&mut self, session: &SessionId, is_deleted: bool) {
        self.count += 1;
        if self.late.len() == MAX_LATE_REMOVALS {
            self.late.pop_front();
        }
        self.late.push_back((session.clone(), is_deleted));
    }

    pub(super) fn has(&self, session: &SessionId, is_deleted: bool) -> bool {
        self.late.iter().any(|(id, deleted)| id == session && *deleted >= is_deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_removals_are_remembered_and_a_deletion_is_one_of_personal_details_too() {
        let session = |n: usize| SessionId::new(&format!("s{n}")).unwrap();
        let mut removals = Removals::default();
        removals.note(&session(0), false);
        assert!(removals.has(&session(0), false) && !removals.has(&session(0), true));
        for n in 1..MAX_LATE_REMOVALS {
            removals.note(&session(n), true);
        }
        assert!(removals.has(&session(0), false) && removals.has(&session(1), false));
        removals.note(&session(MAX_LATE_REMOVALS), true);
        assert!(!removals.has(&session(0), false) && removals.has(&session(1), true));
        assert_eq!(removals.count, MAX_LATE_REMOVALS as u64 + 1);
    }
}
