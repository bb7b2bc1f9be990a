//! The ward judges itself, and publishes its alerts to screens, the list and the clinic's chain.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::Set;
use crate::contract;
use crate::hub::{self, Class};
use crate::journal::Trouble;
use crate::notice::{Delivery, Whose};
use crate::profile::{Condition, Priority};
use crate::record::{Entry, Private};
use crate::room::{Alert, Finding, Input, Receipt};
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

/// Nobody is reached over these channels now; none when all of them work.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct NoteChannels {
    pub down: Vec<String>,
}

impl Command for NoteChannels {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        if let Some(condition) = core.own_alerts.judge_channels(self.down, at) {
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
        if let Some(condition) = self.own_alerts.expect_probe(at) {
            tracing::error!("no probe came back through the rooms for seconds");
            self.report(condition, Json::default(), None, at);
        }
        self.say_steps(at);
    }

    /// A probe has passed every room, after this time.
    pub(in crate::ward) fn judge_probe(&mut self, trip_ms: i64, at: Millis) {
        // A round trip is far below the 2^53 ms that it holds.
        metrics::histogram!("dripwatch_alarm_path_seconds").record(trip_ms as f64 / 1_000.0);
        if let Some(condition) = self.own_alerts.probe_came_back(trip_ms, at) {
            tracing::warn!(trip_ms, "alarm_path has changed: the probe has crossed its bound");
            self.report(condition, Json::default(), None, at);
        }
    }

    /// Which screens have shown the ward's own alerts since this was last recorded.
    pub(in crate::ward) fn tell_own_receipts(&mut self, at: Millis) {
        let mut news: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
        for receipt in self.own_alerts.receipts.take_news() {
            news.entry(receipt.alert.clone()).or_default().push(receipt);
        }
        for (id, receipts) in news {
            let Some(alert) = self.own_alerts.get(&id).cloned() else { continue };
            self.report_alert(&alert, json!({"receipts": receipts}), (None, Vec::new()), at);
        }
    }

    fn say_steps(&mut self, at: Millis) {
        for step in self.own_alerts.take_steps(at) {
            let deliveries = self.away.called(&step, &Whose::default());
            if !deliveries.is_empty() {
                // With a full queue they go out all the same.
                let _ = self.journal.store().put(deliveries, vec![]);
            }
            self.steps.say(step);
        }
        self.away.send(&self.journal);
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
        (private, views): (Option<Private>, Vec<Upsert>),
        at: Millis,
    ) -> Option<Pending> {
        let condition = self.own_alerts.handle(id, input, at)?;
        let cause = match input {
            Input::Acknowledge { staff, .. } => json!({"staff": staff, "acknowledge": id}),
            Input::Outcome { staff, .. } => json!({"staff": staff, "outcome": id}),
            Input::Silence { staff, .. } => json!({"staff": staff, "silence": id}),
            _ => Json::default(),
        };
        self.report_with(condition, cause, (private, views), at)
    }

    /// Shows the alert of a condition as it now is, and records it with what led to it.
    fn report(
        &mut self,
        condition: Condition,
        cause: Json,
        private: Option<Private>,
        at: Millis,
    ) -> Option<Pending> {
        self.report_with(condition, cause, (private, Vec::new()), at)
    }

    /// The same, with what else changes in the views.
    fn report_with(
        &mut self,
        condition: Condition,
        cause: Json,
        beside: (Option<Private>, Vec<Upsert>),
        at: Millis,
    ) -> Option<Pending> {
        self.own_alerts.replaced.iter_mut().for_each(|alert| alert.end(at));
        self.say_steps(at);
        for replaced in std::mem::take(&mut self.own_alerts.replaced) {
            self.report_alert(&replaced, Json::default(), (None, Vec::new()), at);
        }
        let mut alerts = self.own_alerts.alarms.alerts.iter();
        let alert = alerts.find(|alert| alert.condition == condition)?.clone();
        Some(self.report_alert(&alert, cause, beside, at))
    }

    fn report_alert(
        &mut self,
        alert: &Alert,
        cause: Json,
        (private, mut views): (Option<Private>, Vec<Upsert>),
        at: Millis,
    ) -> Pending {
        self.own_alerts.rev += 1;
        let shown = self.own_alerts.detailed(alert);
        self.screens.publish_to_all(|view| {
            let json = written(&self.own_alerts.frame(alert, view)).into();
            hub::Frame { rev: None, room: None, class: Class::Kept, json }
        });
        let mut body = cause;
        body["at"] = json!(at);
        body["alert"] = json!(self.own_alerts.shown(alert));
        let (stored, told) = oneshot::channel();
        let private = private.map(|private| private.json());
        let entry = Entry { at, body: body.to_string(), private, ..Entry::default() };
        views.push(Upsert::Alert(alert_row(&shown)));
        views.extend(self.away.changed(alert, None, &Whose::default(), at));
        self.append_to_clinic(entry, views, vec![stored]);
        self.away.send(&self.journal);
        Pending { json: written(&shown), stored: told }
    }

    /// What the previous run left open is over: this run judges anew. What happened once, and
    /// nobody has taken, is shown again.
    pub(in crate::ward) async fn close_own_alerts_of_the_run_before(
        &mut self,
        told: &[Delivery],
        at: Millis,
    ) -> Result<(), RestoreError> {
        let open =
            AlertFilter { states: AlertStates::Open, of_the_ward: true, ..Default::default() };
        let rows = self.journal.store().alerts(&open, u32::MAX).await?.rows;
        if rows.is_empty() {
            return Ok(());
        }
        let alerts: Vec<contract::Alert> =
            rows.iter().filter_map(|row| serde_json::from_str(&row.json).ok()).collect();
        let is_untaken = |alert: &contract::Alert| {
            alert.shown.condition == Condition::ClockSkew && alert.shown.acknowledged.is_none()
        };
        if let Some(untaken) = alerts.iter().find(|alert| is_untaken(alert)) {
            let finding = Finding::technical(Priority::Medium, &untaken.shown.text);
            self.own_alerts.raise(Condition::ClockSkew, finding, at);
            self.report(Condition::ClockSkew, Json::default(), None, at);
        }
        let ended: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let body = json!({"at": at, "ended_by_restart": ended}).to_string();
        let rows = rows.into_iter().map(|row| Upsert::Alert(resolved(row, at)));
        let mut views: Vec<Upsert> = rows.collect();
        views.extend(alerts.iter().flat_map(|alert| self.away.ended_before(alert, told, at)));
        self.append_to_clinic(Entry { at, body, ..Entry::default() }, views, Vec::new());
        self.away.send(&self.journal);
        Ok(())
    }
}
