//! The ward's own alerts: nothing is recorded any more, or the disk is filling up. Monitoring and
//! alarms go on in either case.

use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::bed::written;
use super::command::Command;
use super::core::Core;
use super::read_room::RestoreError;
use super::{Actor, Pending, Refusal, View, bed};
use crate::contract::{self, StreamFrame, WardState};
use crate::hub::{self, Class};
use crate::journal::{Entry, Trouble};
use crate::profile::{Condition, Priority};
use crate::room::{Alert, AlertState, Outcome, Standing};
use crate::store::{AlertFilter, AlertStates, Upsert};
use crate::vitals::{Millis, RoomId};

/// The journal is behind by more than this: `recording_stopped` (design.md#the-disk).
const STOPPED_AFTER_MS: i64 = 2_000;
/// It has caught up to within this.
const RESUMED_WITHIN_MS: i64 = 1_000;
/// The disk is low for this long before anybody is told: a backup or an upgrade passes.
const LOW_FOR_MS: i64 = 30_000;

/// A clock that is set by more than this is no correction: staff decide which time is right.
const CLOCK_SET_MS: i64 = 86_400_000;

const STOPPED: &str = "Recording has stopped: the disk cannot keep up. Monitoring goes on.";

/// When the machine's clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// Since the server last ran: its times are right again, those of before may be wrong.
    BetweenRuns,
    /// While it runs: it goes on by the time of before.
    WhileRunning,
}

/// The ward's own alerts. Of each condition there is one at most; a closed one stays until the
/// next, so that staff can still say what came of it.
#[derive(Debug, Default)]
pub(super) struct OwnAlerts {
    rev: u64,
    counted: u32,
    alerts: Vec<Alert>,
    /// Open ones whose place a newer one of their condition has taken: their end is still to be
    /// told.
    replaced: Vec<Alert>,
    disk_low_since: Option<Millis>,
    /// Rooms of whose running session the record could not be read.
    unread: Vec<RoomId>,
}

impl OwnAlerts {
    /// The ward's part of a snapshot.
    pub(super) fn snapshot(&self, view: View) -> WardState {
        let open = self.alerts.iter().filter(|alert| alert.is_open());
        let alerts = open.map(|alert| shown(alert).seen(view)).collect();
        WardState { rev: self.rev, alerts }
    }

    /// All that are known, open or over.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Alert, Option<&RoomId>)> {
        self.alerts.iter().map(|alert| (alert, None))
    }

    /// What a screen that was away is told: of each alert how it is.
    pub(super) fn frames(&self, view: View) -> impl Iterator<Item = StreamFrame<'static>> {
        self.alerts.iter().map(move |alert| self.frame(alert, view))
    }

    fn frame(&self, alert: &Alert, view: View) -> StreamFrame<'static> {
        StreamFrame::Alert { room: None, rev: self.rev, alert: shown(alert).seen(view) }
    }

    fn get(&self, id: &str) -> Option<&Alert> {
        self.alerts.iter().find(|alert| alert.is_called(id))
    }

    fn active(&self, condition: Condition) -> Option<&Alert> {
        let is_it = |a: &&Alert| a.condition == condition && a.state == AlertState::Active;
        self.alerts.iter().find(is_it)
    }

    fn raise(&mut self, condition: Condition, standing: Standing, at: Millis) {
        self.counted += 1;
        let scope = format!("ward-{}-{}", at.day(), at.0);
        let (of_it, others) =
            std::mem::take(&mut self.alerts).into_iter().partition(|a| a.condition == condition);
        self.alerts = others;
        self.replaced.extend(of_it.into_iter().filter(Alert::is_open));
        let number = (scope, self.counted);
        self.alerts.push(Alert::raise(number, None, condition, None, standing, at));
    }

    /// The journal is so far behind or in this trouble, and the past of these rooms could not be
    /// read. What changed, if anything.
    fn judge_recording(
        &mut self,
        (lag_ms, trouble): (i64, Option<Trouble>),
        unread: Vec<RoomId>,
        at: Millis,
    ) -> Option<Condition> {
        let condition = Condition::RecordingStopped;
        let has_one_more = unread.iter().any(|room| !self.unread.contains(room));
        let is_unread = !unread.is_empty();
        self.unread = unread;
        let has_stopped = lag_ms > STOPPED_AFTER_MS || trouble.is_some_and(Trouble::is_certain);
        let has_resumed = lag_ms < RESUMED_WITHIN_MS && trouble.is_none();
        let words = match trouble {
            Some(trouble) => stopped_words(trouble),
            None if is_unread => unread_words(&self.unread),
            None => STOPPED.to_owned(),
        };
        let standing = Standing::technical(Priority::Medium, &words);
        let Some(active) = self.active(condition) else {
            if !is_unread && !has_stopped {
                return None;
            }
            self.raise(condition, standing, at);
            return Some(condition);
        };
        if has_one_more {
            self.raise(condition, standing, at);
        } else if has_resumed && !is_unread {
            self.end(condition, at);
        } else if (trouble.is_some() || is_unread) && active.text != words {
            // The same alert, for another reason: whoever has taken it reads why.
            let alert = self.alerts.iter_mut().find(|alert| alert.condition == condition)?;
            alert.text = words;
        } else {
            return None;
        }
        Some(condition)
    }

    /// So much is free on the data's disk; it is low below `low_mib`, and no longer when a
    /// quarter more than that is free. What changed, if anything.
    fn judge_disk(&mut self, free_mib: u64, low_mib: u64, at: Millis) -> Option<Condition> {
        let condition = Condition::DiskLow;
        let is_active = self.active(condition).is_some();
        if free_mib < low_mib {
            let since = *self.disk_low_since.get_or_insert(at);
            if is_active || at.since(since) < LOW_FOR_MS {
                return None;
            }
            self.raise(condition, Standing::technical(Priority::Low, &disk_low(free_mib)), at);
            return Some(condition);
        }
        self.disk_low_since = None;
        if !is_active || free_mib < low_mib.saturating_add(low_mib / 4) {
            return None;
        }
        self.end(condition, at);
        Some(condition)
    }

    /// The machine's clock was set by so much. Staff are told of more than a day, until one of them
    /// has taken it. What changed, if anything.
    fn judge_clock(&mut self, step_ms: i64, when: Set, at: Millis) -> Option<Condition> {
        if step_ms.abs() <= CLOCK_SET_MS {
            return None;
        }
        let standing = Standing::technical(Priority::Medium, &clock_words(step_ms, when));
        self.raise(Condition::ClockSkew, standing, at);
        Some(Condition::ClockSkew)
    }

    fn end(&mut self, condition: Condition, at: Millis) {
        let alert = self.alerts.iter_mut().find(|alert| alert.condition == condition);
        alert.into_iter().for_each(|alert| alert.end(at));
    }
}

fn stopped_words(trouble: Trouble) -> String {
    let (what, remedy) = (trouble.what(), trouble.remedy());
    format!("Recording has stopped: {what}. Monitoring goes on. {remedy}")
}

fn clock_words(step_ms: i64, when: Set) -> String {
    let days = step_ms.unsigned_abs() / CLOCK_SET_MS.unsigned_abs();
    let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let way = if step_ms < 0 { "back" } else { "ahead" };
    let then = match when {
        Set::BetweenRuns => "Times in the record from before may be wrong.",
        Set::WhileRunning => {
            "Times shown go on by the old clock until the server is started again."
        }
    };
    format!("The server's clock was set {way} by {days}. Check its date. {then}")
}

fn unread_words(rooms: &[RoomId]) -> String {
    let names: Vec<_> = rooms.iter().map(|room| format!("room {room}")).collect();
    format!(
        "After a restart the record of {} could not be read whole. Check its session, limits and \
         alerts.",
        names.join(", ")
    )
}

fn disk_low(free_mib: u64) -> String {
    format!("Disk almost full: {free_mib} MB free. Make space, or recording will stop.")
}

/// An alert of the ward as it is shown.
pub(super) fn shown(alert: &Alert) -> contract::Alert {
    contract::Alert::of(alert, None, 0)
}

/// So much is free on the data's disk, and so little would be low.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct NoteDisk {
    pub free_mib: u64,
    pub low_mib: u64,
}

impl Command for NoteDisk {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        core.judge_disk(self.free_mib, self.low_mib, at);
    }
}

impl Core {
    /// Judges whether the journal, which is so far behind, keeps up, and ends silences that have
    /// run out.
    pub(super) fn judge_own_alerts(&mut self, at: Millis, lag_ms: i64) {
        let unread = self.beds.values().filter(|bed| bed.unread_since.is_some());
        let unread = unread.map(|bed| bed.id().clone()).collect();
        let trouble = self.journal.trouble();
        if let Some(condition) = self.own_alerts.judge_recording((lag_ms, trouble), unread, at) {
            tracing::error!(
                lag_ms,
                trouble = trouble.map(Trouble::what),
                "recording_stopped has changed: the journal's lag has crossed its limit, its files are not in order, or a room's past cannot be read"
            );
            self.tell_own_alert(condition, Default::default(), at);
        }
        let due = |alert: &mut Alert| alert.on_time(at).then_some(alert.condition);
        let due: Vec<Condition> = self.own_alerts.alerts.iter_mut().filter_map(due).collect();
        for condition in due {
            self.tell_own_alert(condition, Default::default(), at);
        }
    }

    /// Judges the space that is left for the data.
    pub(super) fn judge_disk(&mut self, free_mib: u64, low_mib: u64, at: Millis) {
        if let Some(condition) = self.own_alerts.judge_disk(free_mib, low_mib, at) {
            tracing::warn!(free_mib, low_mib, "the disk's free space has crossed its limit");
            self.tell_own_alert(condition, Default::default(), at);
        }
    }

    /// Judges a step of the machine's clock.
    pub(super) fn judge_clock(&mut self, step_ms: i64, when: Set, at: Millis) {
        if let Some(condition) = self.own_alerts.judge_clock(step_ms, when, at) {
            tracing::error!(step_ms, ?when, "the machine's clock was set by more than a day");
            self.tell_own_alert(condition, Default::default(), at);
        }
    }

    /// Shows an alert of the ward as it now is, and records it with what led to it.
    fn tell_own_alert(
        &mut self,
        condition: Condition,
        (cause, private): (Json, Option<String>),
        at: Millis,
    ) -> Option<Pending> {
        for mut replaced in std::mem::take(&mut self.own_alerts.replaced) {
            replaced.end(at);
            self.tell(&replaced, Default::default(), at);
        }
        let alert = self.own_alerts.alerts.iter().find(|alert| alert.condition == condition)?;
        Some(self.tell(&alert.clone(), (cause, private), at))
    }

    fn tell(
        &mut self,
        alert: &Alert,
        (cause, private): (Json, Option<String>),
        at: Millis,
    ) -> Pending {
        self.own_alerts.rev += 1;
        let shown = shown(alert);
        let row = bed::alert_row(alert, None, &shown);
        let class = Class::Kept;
        self.screens.publish_to_all(|view| {
            let json = written(&self.own_alerts.frame(alert, view)).into();
            hub::Frame { rev: None, room: None, class, json }
        });
        let mut body = cause;
        body["at"] = json!(at);
        body["alert"] = json!(shown);
        let (stored, told) = oneshot::channel();
        let entry = Entry { at, body: body.to_string(), private, ..Entry::default() };
        self.append_to_clinic(entry, vec![Upsert::Alert(row)], vec![stored]);
        Pending { json: written(&shown), stored: told }
    }

    /// Whether the id is that of an alert of the ward's own.
    pub(super) fn is_own_alert(&self, id: &str) -> bool {
        self.own_alerts.get(id).is_some()
    }

    pub(super) fn acknowledge_own(
        &mut self,
        actor: &Actor,
        id: &str,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let known = self.own_alerts.get(id).ok_or_else(|| no_alert(id))?;
        if let Some(taken) = known.acknowledged.as_ref().filter(|by| by.by != actor.initials) {
            let (by, alert) = (taken.by.clone(), written(&shown(known)));
            return Err(Refusal::AlreadyAcknowledged { by, alert });
        }
        let is_to_do = known.acknowledged.is_none() && known.is_open();
        let take = |alert: &mut Alert| {
            if is_to_do {
                alert.acknowledge(&actor.initials, at);
                // It has happened: once somebody knows, it is over.
                if alert.condition == Condition::ClockSkew {
                    alert.end(at);
                }
            }
        };
        let cause = (json!({"staff": actor.initials, "acknowledge": id}), None);
        self.touch_own(id, take, cause, at)
    }

    pub(super) fn outcome_own(
        &mut self,
        actor: &Actor,
        id: &str,
        (outcome, note): (Outcome, Option<String>),
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let private = note.map(|note| json!({"outcome": {"note": note}}).to_string());
        let cause = (json!({"staff": actor.initials, "outcome": id}), private);
        self.touch_own(id, |alert| alert.outcome = Some(outcome), cause, at)
    }

    pub(super) fn silence_own(
        &mut self,
        actor: &Actor,
        id: &str,
        seconds: u32,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        if self.own_alerts.get(id).is_some_and(|alert| alert.state != AlertState::Active) {
            return Err(Refusal::NotNow("The alert makes no sound: it is over.".to_owned()));
        }
        let cause = (json!({"staff": actor.initials, "silence": id}), None);
        self.touch_own(id, |alert| alert.silence(seconds, at), cause, at)
    }

    fn touch_own(
        &mut self,
        id: &str,
        act: impl FnOnce(&mut Alert),
        cause: (Json, Option<String>),
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let mut alerts = self.own_alerts.alerts.iter_mut();
        let alert = alerts.find(|alert| alert.is_called(id)).ok_or_else(|| no_alert(id))?;
        act(alert);
        let condition = alert.condition;
        self.tell_own_alert(condition, cause, at).ok_or_else(|| no_alert(id))
    }

    /// What the run before left open is over: this run judges anew. What happened once, and nobody
    /// has taken, is told again.
    pub(super) async fn close_own_alerts_of_the_run_before(
        &mut self,
        at: Millis,
    ) -> Result<(), RestoreError> {
        let open =
            AlertFilter { states: AlertStates::Open, of_the_ward: true, ..Default::default() };
        let mut rows = self.journal.store().alerts(&open, u32::MAX).await?.rows;
        rows = rows.into_iter().map(|row| row.resolved(at)).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let untaken = rows.iter().find_map(|row| untaken_step(&row.json));
        if let Some(text) = untaken {
            let standing = Standing::technical(Priority::Medium, &text);
            self.own_alerts.raise(Condition::ClockSkew, standing, at);
            self.tell_own_alert(Condition::ClockSkew, Default::default(), at);
        }
        let ended: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let body = json!({"at": at, "ended_by_restart": ended}).to_string();
        let views = rows.iter().cloned().map(Upsert::Alert).collect();
        self.append_to_clinic(Entry { at, body, ..Entry::default() }, views, Vec::new());
        Ok(())
    }
}

/// The words of an alert about the clock that nobody has taken.
fn untaken_step(json: &str) -> Option<String> {
    let alert: Json = serde_json::from_str(json).ok()?;
    let is_it =
        alert["condition"] == json!(Condition::ClockSkew) && alert["acknowledged"].is_null();
    is_it.then(|| alert["text"].as_str().map(str::to_owned)).flatten()
}

fn no_alert(id: &str) -> Refusal {
    Refusal::NotFound { kind: "alert", id: id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW_MIB: u64 = 2_000;

    fn texts(own: &OwnAlerts) -> Vec<String> {
        let open = own.alerts.iter().filter(|alert| alert.is_open());
        open.map(|alert| shown(alert).shown.text).collect()
    }

    #[test]
    fn recording_stopped_is_raised_when_the_disk_is_two_seconds_behind_until_it_has_caught_up() {
        let mut own = OwnAlerts::default();
        assert_eq!(own.judge_recording((1_900, None), vec![], Millis(0)), None);
        assert_eq!(
            own.judge_recording((2_100, None), vec![], Millis(1_000)),
            Some(Condition::RecordingStopped)
        );
        assert_eq!(own.judge_recording((5_000, None), vec![], Millis(2_000)), None);
        assert_eq!(own.alerts[0].priority, Priority::Medium);
        assert_eq!(own.judge_recording((1_500, None), vec![], Millis(4_000)), None);
        assert_eq!(
            own.judge_recording((500, None), vec![], Millis(5_000)),
            Some(Condition::RecordingStopped)
        );
        assert_eq!(own.alerts[0].state, AlertState::Resolved);
        assert_eq!(texts(&own), [] as [String; 0]);
    }

    #[test]
    fn recording_stopped_is_raised_at_once_when_the_record_is_not_where_it_was_and_says_why() {
        let mut own = OwnAlerts::default();
        let mut judge = |trouble, lag_ms, at| {
            let changed = own.judge_recording((lag_ms, trouble), vec![], Millis(at)).is_some();
            (changed, texts(&own))
        };
        let gone = "Recording has stopped: the data folder was deleted or moved. Monitoring goes \
                    on. Put it back where it was, or restore a backup and restart the server.";
        let full = "Recording has stopped: the disk is full. Monitoring goes on. Make space.";
        let text = |text: &str| vec![text.to_owned()];
        assert_eq!(judge(Some(Trouble::Refused), 0, 0), (false, vec![]), "perhaps it passes");
        assert_eq!(judge(Some(Trouble::FolderGone), 0, 1_000), (true, text(gone)));
        assert_eq!(judge(Some(Trouble::FolderGone), 1_000, 2_000), (false, text(gone)));
        assert_eq!(judge(Some(Trouble::DiskFull), 2_000, 3_000), (true, text(full)));
        assert_eq!(judge(None, 2_000, 4_000), (false, text(full)), "it has not caught up");
        assert_eq!(judge(None, 0, 5_000), (true, vec![]));
    }

    #[test]
    fn what_stopped_and_what_is_unread_are_one_alert_whose_words_name_what_is_worse() {
        let mut own = OwnAlerts::default();
        let unread = || vec![RoomId::new("3").unwrap()];
        own.judge_recording((0, None), unread(), Millis(0));
        assert!(texts(&own)[0].starts_with("After a restart"));
        own.judge_recording((0, Some(Trouble::DiskFull)), unread(), Millis(1_000));
        assert!(texts(&own)[0].contains("the disk is full"));
        own.judge_recording((0, None), unread(), Millis(2_000));
        assert!(texts(&own)[0].starts_with("After a restart"));
        assert_eq!(own.counted, 1);
    }

    #[test]
    fn a_disk_that_is_low_for_30_s_is_told_and_over_when_a_quarter_more_is_free() {
        let mut own = OwnAlerts::default();
        let mut judge = |free_mib, second: i64| {
            own.judge_disk(free_mib, LOW_MIB, Millis(second * 1_000)).is_some()
        };
        assert!(!judge(1_999, 0));
        assert!(!judge(1_990, 20));
        assert!(judge(1_980, 30));
        assert!(!judge(1_970, 40));
        assert!(!judge(2_400, 50));
        assert!(judge(2_500, 60));
        assert_eq!(texts(&own), [] as [String; 0]);
    }

    #[test]
    fn a_disk_that_is_low_only_for_a_moment_is_not_told() {
        let mut own = OwnAlerts::default();
        for second in 0..10 {
            let free_mib = if second % 3 == 2 { 2_001 } else { 1_000 };
            assert_eq!(own.judge_disk(free_mib, LOW_MIB, Millis(second * 10_000)), None);
        }
    }

    #[test]
    fn one_condition_does_not_touch_the_other() {
        let mut own = OwnAlerts::default();
        own.judge_recording((9_000, None), vec![], Millis(0));
        own.judge_disk(7, LOW_MIB, Millis(0));
        own.judge_disk(7, LOW_MIB, Millis(30_000));
        own.judge_recording((0, None), vec![], Millis(31_000));
        assert_eq!(texts(&own), [disk_low(7)]);
    }
}
