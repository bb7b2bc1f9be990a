//! A monitor without its connection: dialect, clock and faults. Pure.

use super::dialect::{Dialect, Speaker};
use super::faults::{Fault, Faults};
use super::nameplate::Nameplate;
use super::outbox::Out;
use super::readout::MonitorReadout;
use crate::instruments::{CuffActivity, Readout};

/// One monitor, up to the bytes.
#[derive(Debug, Clone)]
pub struct Monitor {
    dialect: Dialect,
    nameplate: Nameplate,
    restarts: u32,
    speaker: Speaker,
    faults: Faults,
    inflated_at: Option<i64>,
}

impl Monitor {
    /// A monitor that was just switched on.
    pub fn new(dialect: Dialect, nameplate: Nameplate) -> Self {
        Self {
            dialect,
            restarts: 0,
            speaker: Speaker::new(dialect, &nameplate),
            nameplate,
            faults: Faults::default(),
            inflated_at: None,
        }
    }

    /// Its output for one second in which it shows this. `at` and `sent_at` are the right time, ms
    /// since 1970; its own clock may differ.
    pub fn shows(&mut self, shown: &Readout, at: i64, sent_at: i64) -> Vec<Out> {
        if shown.cuff == CuffActivity::Starts {
            self.inflated_at = Some(at);
        }
        let showing = MonitorReadout {
            shown: *shown,
            temp: None,
            inflated_at: self.inflated_at.unwrap_or(at),
            taken_at: at,
            sent_at,
            is_timed: true,
        };
        self.says(showing, sent_at)
    }

    /// Its output for a moment, at `now_ms`.
    pub fn says(&mut self, mut showing: MonitorReadout, now_ms: i64) -> Vec<Out> {
        if self.faults.is_silent() {
            return self.faults.tick(now_ms);
        }
        let ahead_ms = self.faults.clock_ahead_ms();
        showing.taken_at += ahead_ms;
        showing.sent_at += ahead_ms;
        showing.inflated_at += ahead_ms;
        self.faults.pass(self.speaker.say(&showing), now_ms)
    }

    /// What happens by itself as time passes.
    pub fn tick(&mut self, now_ms: i64) -> Vec<Out> {
        self.faults.tick(now_ms)
    }

    /// The plug is pulled, or put back.
    pub fn unplug(&mut self, is_unplugged: bool, now_ms: i64) -> Vec<Out> {
        self.faults.unplug(is_unplugged);
        self.faults.tick(now_ms)
    }

    /// A fault begins or ends. `Restart` happens at once, and has no end.
    pub fn switch(&mut self, fault: Fault, on: bool, now_ms: i64) -> Vec<Out> {
        if fault != Fault::Restart {
            self.faults.switch(fault, on, now_ms);
            return self.faults.tick(now_ms);
        }
        if !on {
            return Vec::new();
        }
        self.restarts += 1;
        let boot = format!("{}-{}", self.nameplate.boot, self.restarts);
        self.speaker = Speaker::new(self.dialect, &Nameplate { boot, ..self.nameplate.clone() });
        self.faults.forget();
        vec![Out::Reboot]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitors::hl7::read::{NOON, good, nameplate};

    fn said(out: &[Out]) -> Vec<String> {
        let text = |out: &Out| match out {
            Out::Say(packet) => packet.text.clone(),
            other => format!("{other:?}"),
        };
        out.iter().map(text).collect()
    }

    fn shows(monitor: &mut Monitor, at_s: i64) -> Vec<String> {
        let shown = Readout { oximetry: good(97, 72), cuff: CuffActivity::Idle };
        let at = NOON + at_s * 1000;
        said(&monitor.shows(&shown, at, at))
    }

    #[test]
    fn after_a_restart_it_counts_from_1_and_names_another_boot() {
        let mut monitor = Monitor::new(Dialect::Native, nameplate());
        assert!(shows(&mut monitor, 0)[0].contains(r#""seq":1,"boot":"7f3a","#));
        assert!(shows(&mut monitor, 1)[0].contains(r#""seq":2,"boot":"7f3a","#));
        assert_eq!(monitor.switch(Fault::Restart, true, NOON), [Out::Reboot]);
        assert!(shows(&mut monitor, 2)[0].contains(r#""seq":1,"boot":"7f3a-1","#));
    }

    #[test]
    fn a_stepped_clock_is_in_every_time_that_it_gives() {
        let mut monitor = Monitor::new(Dialect::Native, nameplate());
        monitor.switch(Fault::ClockStep, true, NOON);
        let text = &shows(&mut monitor, 0)[0];
        let ahead = NOON + 420_000;
        assert!(text.contains(&format!(r#""sent_at":{ahead},"taken_at":{ahead}"#)), "{text}");
        monitor.switch(Fault::ClockStep, false, NOON);
        let text = &shows(&mut monitor, 1)[0];
        assert!(text.contains(&format!(r#""sent_at":{}"#, NOON + 1000)), "{text}");
    }

    #[test]
    fn a_silent_monitor_does_not_count() {
        let mut monitor = Monitor::new(Dialect::Native, nameplate());
        shows(&mut monitor, 0);
        monitor.switch(Fault::Silence, true, NOON);
        assert!(shows(&mut monitor, 1).is_empty());
        monitor.switch(Fault::Silence, false, NOON);
        assert!(shows(&mut monitor, 2)[0].contains(r#""seq":2"#));
    }

    #[test]
    fn a_cuff_reading_has_the_time_at_which_the_cuff_inflated() {
        let mut monitor = Monitor::new(Dialect::Native, nameplate());
        for (at_s, cuff) in [(0, CuffActivity::Starts), (33, crate::monitors::hl7::read::reading())]
        {
            let at = NOON + at_s * 1000;
            let out = said(&monitor.shows(&Readout { oximetry: good(97, 72), cuff }, at, at));
            if at_s == 33 {
                assert!(out[0].contains(&format!(r#""mean":97,"taken_at":{NOON}"#)), "{out:?}");
            }
        }
    }
}
