//! The disk is filling up.

use super::OwnAlerts;
use crate::profile::{Condition, Priority};
use crate::room::Finding;
use crate::vitals::Millis;

/// How long the disk must be low before it is an alert: a backup or an upgrade is over by then.
const LOW_FOR_MS: i64 = 30_000;

impl OwnAlerts {
    /// This much is free on the data's disk; the disk is low below `low_mib`, and no longer low
    /// when a quarter more than that is free. Returns what changed, if anything.
    pub(super) fn judge_disk(
        &mut self,
        free_mib: u64,
        low_mib: u64,
        at: Millis,
    ) -> Option<Condition> {
        let condition = Condition::DiskLow;
        let is_active = self.active(condition).is_some();
        if free_mib < low_mib {
            let since = *self.disk_low_since.get_or_insert(at);
            if is_active || at.since(since) < LOW_FOR_MS {
                return None;
            }
            self.raise(condition, Finding::technical(Priority::Low, &disk_low(free_mib)), at);
            return Some(condition);
        }
        self.disk_low_since = None;
        if !is_active || free_mib < low_mib.saturating_add(low_mib / 4) {
            return None;
        }
        self.alarms.end(condition, at);
        Some(condition)
    }
}

pub(super) fn disk_low(free_mib: u64) -> String {
    format!("Disk almost full: {free_mib} MB free. Make space, or recording will stop.")
}
