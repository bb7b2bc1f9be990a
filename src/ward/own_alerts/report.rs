//! The ward judges itself, and publishes its alerts to screens, the list and the clinic's chain.

use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::{Set, shown};
use crate::contract;
use crate::hub::{self, Class};
use crate::journal::Trouble;
use crate::profile::{Condition, Priority};
use crate::record::{Entry, Private};
use crate::room::{Alert, Finding, Input};
use crate::store::{AlertFilter, AlertStates, Upsert};
use crate::vitals::Millis;
use crate::ward::Pending;
use crate::ward::alert_row::{alert_row, resolved};
use crate::ward::command::Command;
use crate::ward::core::Core;
use crate::ward::read_room::RestoreError;
use crate::ward::written::written;

/// This much is free on the data's disk, and this little would be low.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct NoteDisk {
    pub free_mib: u64,
    pub low_mib: u64,
}

impl Command for NoteDisk {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        let Self { free_mib, low_mib } = self;
        if let Some(condition) = core.own_alerts.judge_disk(free_mib, low_mib, at) {
            tracing::warn!(free_mib, low_mib, "the disk's free space has crossed its limit");
            core.report(condition, Json::default(), None, at);
        }
    }
}

impl Core {
    /// Judges whether the journal keeps up, given how far it is behind, and ends silences that have
    /// run out.
    pub(in crate::ward) fn judge_own_alerts(&mut self, at: Millis, lag_ms: i64) {
        let unread = self.rooms.values().filter(|room_actor| room_actor.unread_since.is_some());
        let unread = unread.map(|room_actor| room_actor.id().clone()).collect();
        let trouble = self.journal.trouble();
        if let Some(condition) = self.own_alerts.judge_recording((lag_ms, trouble), unread, at) {
            tracing::error!(
                lag_ms,
                trouble = trouble.map(Trouble::what),
                "recording_stopped has changed: the journal's lag has crossed its limit, its files are not in order, or a room's past cannot be read"
            );
            self.report(condition, Json::default(), None, at);
        }
        for condition in self.own_alerts.on_time(at) {
            self.report(condition, Json::default(), None, at);
        }
        self.say_steps(at);
    }

    fn say_steps(&mut self, at: Millis) {
        for step in self.own_alerts.take_steps(at) {
            self.steps.say(step);
        }
    }

    /// Judges a step of the machine's clock.
    pub(in crate::ward) fn judge_clock(&mut self, step_ms: i64, when: Set, at: Millis) {
        if let Some(condition) = self.own_alerts.judge_clock(step_ms, when, at) {
            tracing::error!(step_ms, ?when, "the machine's clock was set by more than a day");
            self.report(condition, Json::default(), None, at);
        }
    }

    /// What staff do about an alert of the ward's own.
    pub(in crate::ward) fn own_input(
        &mut self,
        id: &str,
        input: &Input,
        private: Option<Private>,
        at: Millis,
    ) -> Option<Pending> {
        let condition = self.own_alerts.handle(id, input, at)?;
        let cause = match input {
            Input::Acknowledge { staff, .. } => json!({"staff": staff, "acknowledge": id}),
            Input::Outcome { staff, .. } => json!({"staff": staff, "outcome": id}),
            Input::Silence { staff, .. } => json!({"staff": staff, "silence": id}),
            _ => Json::default(),
        };
        self.report(condition, cause, private, at)
    }

    /// Shows the alert of a condition as it now is, and records it with what led to it.
    fn report(
        &mut self,
        condition: Condition,
        cause: Json,
        private: Option<Private>,
        at: Millis,
    ) -> Option<Pending> {
        self.own_alerts.replaced.iter_mut().for_each(|alert| alert.end(at));
        self.say_steps(at);
        for replaced in std::mem::take(&mut self.own_alerts.replaced) {
            self.report_alert(&replaced, Json::default(), None, at);
        }
        let mut alerts = self.own_alerts.alarms.alerts.iter();
        let alert = alerts.find(|alert| alert.condition == condition)?.clone();
        Some(self.report_alert(&alert, cause, private, at))
    }

    fn report_alert(
        &mut self,
        alert: &Alert,
        cause: Json,
        private: Option<Private>,
        at: Millis,
    ) -> Pending {
        self.own_alerts.rev += 1;
        let shown = shown(alert);
        let class = Class::Kept;
        self.screens.publish_to_all(|view| {
            let json = written(&self.own_alerts.frame(alert, view)).into();
            hub::Frame { rev: None, room: None, class, json }
        });
        let mut body = cause;
        body["at"] = json!(at);
        body["alert"] = json!(shown);
        let (stored, told) = oneshot::channel();
        let private = private.map(|private| private.json());
        let entry = Entry { at, body: body.to_string(), private, ..Entry::default() };
        self.append_to_clinic(entry, vec![Upsert::Alert(alert_row(&shown))], vec![stored]);
        Pending { json: written(&shown), stored: told }
    }

    /// What the previous run left open is over: this run judges anew. What happened once, and
    /// nobody has taken, is shown again.
    pub(in crate::ward) async fn close_own_alerts_of_the_run_before(
        &mut self,
        at: Millis,
    ) -> Result<(), RestoreError> {
        let open =
            AlertFilter { states: AlertStates::Open, of_the_ward: true, ..Default::default() };
        let rows = self.journal.store().alerts(&open, u32::MAX).await?.rows;
        if rows.is_empty() {
            return Ok(());
        }
        let mut alerts =
            rows.iter().filter_map(|row| serde_json::from_str::<contract::Alert>(&row.json).ok());
        let is_untaken = |alert: &contract::Alert| {
            alert.shown.condition == Condition::ClockSkew && alert.shown.acknowledged.is_none()
        };
        if let Some(untaken) = alerts.find(is_untaken) {
            let finding = Finding::technical(Priority::Medium, &untaken.shown.text);
            self.own_alerts.raise(Condition::ClockSkew, finding, at);
            self.report(Condition::ClockSkew, Json::default(), None, at);
        }
        let ended: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let body = json!({"at": at, "ended_by_restart": ended}).to_string();
        let views = rows.into_iter().map(|row| Upsert::Alert(resolved(row, at))).collect();
        self.append_to_clinic(Entry { at, body, ..Entry::default() }, views, Vec::new());
        Ok(())
    }
}
