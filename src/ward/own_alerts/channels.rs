//! Alerts do not reach people away from the screens.

use super::OwnAlerts;
use crate::profile::{Condition, Priority};
use crate::room::Finding;
use crate::vitals::Millis;

impl OwnAlerts {
    /// Nobody is reached over these channels. One more of them is a new alert, also for whoever has
    /// taken the last. Returns what changed, if anything.
    pub(super) fn judge_channels(&mut self, down: Vec<String>, at: Millis) -> Option<Condition> {
        let condition = Condition::ChannelDown;
        let has_one_more = down.iter().any(|channel| !self.channels_down.contains(channel));
        let has_changed = down != self.channels_down;
        self.channels_down = down;
        if self.channels_down.is_empty() {
            self.active(condition)?;
            self.alarms.end(condition, at);
            return Some(condition);
        }
        if has_one_more {
            let finding = Finding::technical(Priority::Medium, &words(&self.channels_down));
            self.raise(condition, finding, at);
            return Some(condition);
        }
        let words = words(&self.channels_down);
        self.active(condition).filter(|_| has_changed)?.text = words;
        Some(condition)
    }
}

fn words(down: &[String]) -> String {
    let names = down.join(", ");
    format!(
        "Alerts do not get out over {names}. Screens work as before. An administrator finds what to \
         do under Channels."
    )
}
