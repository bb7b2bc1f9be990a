//! What must be true whatever happened.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use dripwatch::journal::export;
use dripwatch::journal::{Journal, ReadingsOf, Verdict};
use dripwatch::replay::Player;
use dripwatch::store::SessionFilter;
use dripwatch::vitals::{DeviceId, Millis};
use serde::Deserialize;
use serde_json::Value as Json;

/// How rooms, sessions and alerts were when all that was done was on disk.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    /// Open alerts by id, and the session of each room.
    alerts: BTreeMap<String, Json>,
    sessions: BTreeMap<String, Json>,
}

impl Snapshot {
    /// From `GET rooms`.
    pub(crate) fn of(rooms: &Json) -> Self {
        let mut snapshot = Self::default();
        for room in rooms["rooms"].as_array().into_iter().flatten() {
            let id = room["id"].as_str().unwrap_or_default();
            snapshot.sessions.insert(id.to_owned(), room["session"].clone());
            for alert in room["alerts"].as_array().into_iter().flatten() {
                let id = alert["id"].as_str().unwrap_or_default();
                snapshot.alerts.insert(id.to_owned(), alert.clone());
            }
        }
        snapshot
    }

    /// Every session goes on, every alert is known, with who took it, what came of it and how long
    /// it is silent. `now` is the snapshot after the restart, at `at`; the clock was set by
    /// `set_by_ms` meanwhile, `None` when that cannot be known.
    pub(crate) fn went_on(
        &self,
        now: &Self,
        alert: impl Fn(&str) -> anyhow::Result<Json>,
        (at, set_by_ms): (Millis, Option<i64>),
    ) -> anyhow::Result<()> {
        for (room, before) in &self.sessions {
            let after = now.sessions.get(room).context("a room is gone")?;
            for key in ["id", "phase", "initials"] {
                ensure!(before[key] == after[key], "room {room}, {key}: {before} became {after}");
            }
        }
        for (id, before) in &self.alerts {
            let after = match now.alerts.get(id) {
                Some(after) => after.clone(),
                None => alert(id)?,
            };
            let became = || format!("{id}: {before} became {after}");
            ensure!(before["outcome"] == after["outcome"], "outcome of {}", became());
            let by = &before["acknowledged"]["by"];
            let is_kept = by.is_null()
                || *by == after["acknowledged"]["by"]
                || *by == after["acknowledged_before"]["by"];
            ensure!(is_kept, "who took {}", became());
            let Some(set_by_ms) = set_by_ms else { continue };
            let moved = |json: &Json| json.as_i64().map(|then| then + set_by_ms);
            let raised = after["raised_at"].as_i64();
            ensure!(moved(&before["raised_at"]) == raised, "when was raised {}", became());
            let silent = moved(&before["silenced_until"]).filter(|until| *until > at.0);
            let is_same = before["priority"] == after["priority"]
                && before["state"] == after["state"]
                && before["acknowledged"]["by"] == after["acknowledged"]["by"];
            let is_silent = after["silenced_until"].as_i64() == silent;
            ensure!(silent.is_none() || !is_same || is_silent, "the silence of {}", became());
        }
        Ok(())
    }

    /// One condition has at most one open alert in a room.
    pub(crate) fn has_each_alert_once(&self) -> anyhow::Result<()> {
        let mut seen = BTreeMap::new();
        for (id, alert) in &self.alerts {
            let of = (alert["room"].to_string(), alert["condition"].to_string());
            if let Some(other) = seen.insert(of, id) {
                anyhow::bail!("{other} and {id} are of one condition");
            }
        }
        Ok(())
    }

    /// Open alerts of a condition in a room.
    pub(crate) fn open(&self, room: &str, condition: &str) -> bool {
        let is_it = |alert: &Json| alert["room"] == room && alert["condition"] == condition;
        self.alerts.values().any(is_it)
    }

    /// The ids of open alerts.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.alerts.keys().cloned().collect()
    }
}

/// What was said to be stored is in the history, and nothing is there twice.
pub(crate) async fn is_in_history_once(
    journal: &Journal,
    device: &DeviceId,
    stored: &[u64],
) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Line {
        frame: Frame,
    }
    #[derive(Deserialize)]
    struct Frame {
        seq: u64,
    }
    let mut times: BTreeMap<u64, u32> = BTreeMap::new();
    let (of, mut after) = (ReadingsOf::Device(device.clone()), None);
    loop {
        let page = journal.readings(&of, None, None, after, 10_000).await?;
        for entry in &page.entries {
            let line: Line = serde_json::from_str(&entry.entry.body)?;
            *times.entry(line.frame.seq).or_default() += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    for seq in stored {
        ensure!(times.contains_key(seq), "frame {seq} of {device} was stored and is gone");
    }
    let twice = times.iter().find(|(_, times)| **times > 1);
    ensure!(twice.is_none(), "frame {twice:?} of {device} is there more than once");
    Ok(())
}

/// All that staff did, as it is recorded: for each session whom it is of, and what was done in it.
pub(crate) async fn done_by_staff(journal: &Journal) -> anyhow::Result<String> {
    let store = journal.store();
    let mut done = String::new();
    for row in store.sessions(&SessionFilter::default(), 100).await?.rows {
        let mut text = Vec::new();
        export::whole(journal, &row.id, &mut text).await?;
        for (index, line) in String::from_utf8(text)?.lines().enumerate() {
            if index == 0 || line.contains(r#""staff":"#) {
                done.push_str(line);
                done.push('\n');
            }
        }
    }
    Ok(done)
}

/// The record proves itself, and every session replays to what was shown.
pub(crate) async fn record_is_true(journal: &Journal) -> anyhow::Result<()> {
    let proof = journal.prove().await?;
    for (chain, verdict) in &proof.chains {
        ensure!(matches!(verdict, Verdict::Whole { .. }), "{chain}: {verdict:?}");
    }
    ensure!(proof.engine.is_empty(), "{:?}", proof.engine);
    ensure!(proof.views.iter().all(|view| view.whole), "{:?}", proof.views);
    let store = journal.store();
    for row in store.sessions(&SessionFilter::default(), 100).await?.rows {
        let mut text = Vec::new();
        export::whole(journal, &row.id, &mut text).await?;
        let differences = Player::new(text.as_slice())?.verify();
        let differences = differences.with_context(|| format!("session {}", row.id))?;
        ensure!(differences.is_empty(), "session {}: {differences:?}", row.id);
    }
    Ok(())
}
