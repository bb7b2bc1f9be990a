//! The server ends in one of the ways in which servers end, and comes back.

use anyhow::{Context, ensure};
use dripwatch::store::SessionRow;
use dripwatch::vitals::SessionId;
use dripwatch::ward::ShowAlert;
use serde_json::Value as Json;

use super::clinic::Clinic;
use super::disk::Image;
use super::orders::{Order, What, opened};
use super::promises::Snapshot;
use super::server::Server;

const HOUR_MS: i64 = 3_600_000;
const YEARS_MS: i64 = 3_652 * 86_400_000;

impl Clinic {
    /// Ends the run and begins the next one: nothing that was promised is missing there.
    pub(crate) fn end_run(mut self) -> anyhow::Result<Self> {
        let before = self.flushed.clone();
        let (image, is_whole) = self.end()?;
        for monitor in &mut self.monitors {
            monitor.cut(self.server.now);
        }
        for screen in &mut self.screens {
            screen.cut(self.server.now, true);
        }
        self.silent.clear();
        self.orders.server_ended();
        let away_ms = 200 + self.chance.below(120_000) as i64;
        let set_by_ms = self.set_clock(away_ms);
        let mut clinic = self.begin(&image)?;
        if clinic.chance.one_in(3) {
            clinic.tally.stillborn += 1;
            clinic.say("it dies while it starts");
            let found = clinic.image()?;
            clinic.server.write()?;
            let image = Image::torn(&found, clinic.image()?, &mut clinic.chance);
            clinic.server.now = clinic.server.now.plus(3_000);
            clinic.counted_ms += 3_000;
            clinic = clinic.begin(&image)?;
        }
        let snapshot = clinic.snapshot()?;
        snapshot.has_each_alert_once()?;
        if is_whole {
            let rows = clinic.alert_jsons(&before)?;
            let find = |id: &str| {
                let found = rows.iter().find(|(known, _)| known == id);
                found.and_then(|(_, json)| json.clone()).with_context(|| format!("{id} is lost"))
            };
            before.went_on(&snapshot, find, (clinic.server.now, set_by_ms))?;
        }
        clinic.promises_are_kept()?;
        clinic.flush()?;
        Ok(clinic)
    }

    /// What is left on the disk; whether that is just what was there when all was last on it.
    fn end(&mut self) -> anyhow::Result<(Image, bool)> {
        Ok(match self.chance.below(6) {
            0 => {
                self.tally.stops += 1;
                self.say("it is stopped");
                self.server.stop()?;
                self.orders.all_is_stored();
                (self.image()?, false)
            }
            1 | 2 => {
                self.tally.torn += 1;
                self.say("the power goes while it writes");
                let written = self.image()?;
                // Answers to what is written now reach nobody.
                self.server.write()?;
                (Image::torn(&written, self.image()?, &mut self.chance), false)
            }
            3 => {
                self.tally.kills += 1;
                self.say("it is killed after it has written, and before anybody hears of it");
                self.staff()?;
                self.server.settle();
                self.server.write()?;
                (self.image()?, false)
            }
            _ => {
                self.tally.kills += 1;
                self.say("it is killed");
                (self.image()?, true)
            }
        })
    }

    fn image(&self) -> anyhow::Result<Image> {
        Ok(Image::of(self.server.folder.path())?)
    }

    /// A server begins on what is left of the one before.
    fn begin(self, image: &Image) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        image.write_to(folder.path())?;
        let mark = self.mark();
        let Self { server, disk, .. } = self;
        let old = server.end()?;
        drop(old);
        let server = Server::begin(&disk, folder, mark)?;
        Ok(Self { server, disk, ..self })
    }

    fn alert_jsons(&mut self, before: &Snapshot) -> anyhow::Result<Vec<(String, Option<Json>)>> {
        let mut rows = Vec::new();
        for id in before.ids() {
            let alert = id.clone();
            let json = self.server.ask(ShowAlert { alert });
            let json = json.map(|json| serde_json::from_str(&json)).transpose()?;
            rows.push((id, json));
        }
        Ok(rows)
    }

    /// Time passes, and now and then the clock is set; by how much the record moves with it, where
    /// that can be known.
    fn set_clock(&mut self, away_ms: i64) -> Option<i64> {
        self.counted_ms += away_ms;
        self.server.now = self.server.now.plus(away_ms);
        if !self.chance.one_in(3) {
            return Some(0);
        }
        self.tally.clocks += 1;
        let step_ms = *self.chance.of(&[-HOUR_MS, HOUR_MS, -YEARS_MS, YEARS_MS, -2_500, 90_000]);
        let is_started_again = self.chance.one_in(3);
        self.say(format_args!("the clock is set by {step_ms} ms; new boot: {is_started_again}"));
        self.server.now = self.server.now.plus(step_ms);
        for monitor in &mut self.monitors {
            monitor.clock_set(step_ms);
        }
        if is_started_again {
            self.boot += 1;
            self.counted_ms = 30_000;
            return None;
        }
        Some(step_ms)
    }

    /// What was on disk is there.
    pub(crate) fn promises_are_kept(&mut self) -> anyhow::Result<()> {
        let orders = std::mem::take(&mut self.orders);
        for order in orders.stored() {
            self.promise_is_kept(order)?;
        }
        self.orders = orders;
        Ok(())
    }

    fn promise_is_kept(&mut self, order: &Order) -> anyhow::Result<()> {
        let store = self.server.ward.journal().store();
        let session = |id: &str| -> anyhow::Result<SessionRow> {
            let row = self.server.on_disk(store.session(&SessionId::new(id)?))?;
            row.with_context(|| format!("session {id} is lost"))
        };
        match &order.what {
            What::Opened => drop(session(&opened(order)?)?),
            What::Told { session: id } => drop(session(id)?),
            What::Ended { session: id } => {
                ensure!(session(id)?.ended_at.is_some(), "session {id} runs again");
            }
            // An alert that was over before the request came is nobody's.
            What::Taken { alert } if order.shows("acknowledged")? => {
                let json = self.alert(alert)?;
                let by = |key: &str| json[key]["by"] == "KM";
                ensure!(by("acknowledged") || by("acknowledged_before"), "taken: {json}");
            }
            What::CameOf { alert } if order.shows("outcome")? => {
                let json = self.alert(alert)?;
                ensure!(!json["outcome"].is_null(), "what came of it is forgotten: {json}");
            }
            What::Taken { .. } | What::CameOf { .. } | What::Silenced => {}
        }
        Ok(())
    }
}
