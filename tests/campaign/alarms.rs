//! A patient stops breathing in each room in turn: the alert is there in time, on every screen.

use anyhow::ensure;
use dripwatch::ward::{Acknowledge, By};

use super::by_hand::{ROOMS, nurse};
use super::clinic::Clinic;

/// Below 85 for 5 s is urgent at once, and the loop looks each 50 ms: here each 250.
const ALARMS_WITHIN_S: usize = 6;
/// Times of 10 s: 30 to clear, 120 where it came and went, and what was blind before.
const WELL_WITHIN: usize = 20;

impl Clinic {
    pub(crate) fn alarms_in_time(&mut self) -> anyhow::Result<()> {
        self.calm()?;
        self.everybody_is_answered()?;
        self.screens_are_equal()?;
        for (index, room) in ROOMS.iter().enumerate() {
            ensure!(!self.snapshot()?.open(room, "spo2_low"), "it is over in {room}");
            let now = self.server.now;
            self.monitors[index].measures(80, now);
            for _ in 0..ALARMS_WITHIN_S {
                self.second()?;
            }
            ensure!(self.snapshot()?.open(room, "spo2_low"), "room {room} is silent");
            for screen in &self.screens {
                ensure!(screen.is_live(self.server.now), "a screen is away, and all is calm");
                let is_shown = screen.shows(room, "spo2_low");
                ensure!(is_shown, "a screen does not show the alert of room {room}");
            }
            self.tally.alarms += 1;
        }
        let now = self.server.now;
        for monitor in &mut self.monitors {
            monitor.measures(97, now);
        }
        self.flush()
    }

    /// Every link is up, whoever was low is well again, and seen.
    fn calm(&mut self) -> anyhow::Result<()> {
        for monitor in &mut self.monitors {
            monitor.measures(97, self.server.now);
            monitor.mend();
        }
        for screen in &mut self.screens {
            screen.calm();
        }
        for _ in 0..WELL_WITHIN {
            for _ in 0..10 {
                self.second()?;
            }
            let snapshot = self.snapshot()?;
            if !ROOMS.iter().any(|room| snapshot.open(room, "spo2_low")) {
                break;
            }
            for alert in snapshot.ids() {
                let act = Acknowledge { alert };
                let _ = self.server.ask(By { actor: nurse(), act });
            }
        }
        self.flush()
    }
}
