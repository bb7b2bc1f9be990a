//! The monitor of a scenario: what it sends each second, and what happens to it on the way.

use super::happening::MonitorFault;
use super::line::{Frame, Line, Reading, Stamp, said};
use crate::instruments::{CuffActivity, Readout};

/// A monitor, its clock and its link to the program.
#[derive(Debug, Clone)]
pub(super) struct Monitor {
    device: String,
    /// Whether its frames carry `seq` and times.
    is_timed: bool,
    seq: u64,
    clock_ahead_ms: i64,
    inflated_at: Option<i64>,
    silent_until_ms: i64,
    repeats_until_ms: i64,
    is_linked: bool,
    drops: Vec<Drop>,
}

/// Frames from `from_ms` to `until_ms` are held back, and come all at once at `returns_ms`.
#[derive(Debug, Clone)]
struct Drop {
    from_ms: i64,
    until_ms: i64,
    returns_ms: i64,
    kept: Vec<Frame>,
}

impl Monitor {
    pub(super) fn new(device: String, is_timed: bool) -> Self {
        Self {
            device,
            is_timed,
            seq: 0,
            clock_ahead_ms: 0,
            inflated_at: None,
            silent_until_ms: 0,
            repeats_until_ms: 0,
            is_linked: true,
            drops: Vec::new(),
        }
    }

    /// A fault begins; what it changes at once for the program is a line.
    pub(super) fn suffers(&mut self, fault: &MonitorFault, at: i64) -> Option<Line> {
        match fault {
            MonitorFault::Silent { lasting_s } => self.silent_until_ms = at + lasting_s.ms(),
            MonitorFault::Repeats { lasting_s } => self.repeats_until_ms = at + lasting_s.ms(),
            MonitorFault::ClockAheadS(ahead_s) => {
                self.clock_ahead_ms = i64::from(ahead_s.whole()) * 1000;
            }
            MonitorFault::Drops { times, every_s, lasting_s, return_after_s } => {
                self.drops.extend((0..i64::from(times.whole())).map(|number| {
                    let from_ms = at + number * every_s.ms();
                    let until_ms = from_ms + lasting_s.ms();
                    let returns_ms =
                        return_after_s.map_or(until_ms, |after_s| from_ms + after_s.ms());
                    Drop { from_ms, until_ms, returns_ms, kept: Vec::new() }
                }));
            }
            MonitorFault::LinkDown => return Some(self.link(false)),
            MonitorFault::LinkUp => return Some(self.link(true)),
        }
        None
    }

    fn link(&mut self, is_up: bool) -> Line {
        self.is_linked = is_up;
        Line::Link { device: self.device.clone(), link: if is_up { "up" } else { "down" } }
    }

    /// What of the monitor's display reaches the program at `at` (ms since 1970).
    pub(super) fn second(&mut self, shown: &Readout, temp: Option<f64>, at: i64) -> Vec<Line> {
        let mut arriving = self.returning(at);
        if at > self.silent_until_ms && self.is_linked {
            let frames = self.frames(shown, temp, at);
            let drop = self.drops.iter_mut().find(|d| d.from_ms < at && at <= d.until_ms);
            match drop {
                Some(drop) => drop.kept.extend(frames),
                None if at <= self.repeats_until_ms => {
                    arriving.extend(frames.iter().cloned());
                    arriving.extend(frames);
                }
                None => arriving.extend(frames),
            }
        }
        let device = &self.device;
        arriving.into_iter().map(|frame| Line::Frame { device: device.clone(), frame }).collect()
    }

    /// The frames that were held back until now, without those of this very second.
    fn returning(&mut self, at: i64) -> Vec<Frame> {
        let (over, drops) = std::mem::take(&mut self.drops)
            .into_iter()
            .partition::<Vec<_>, _>(|drop| drop.returns_ms < at);
        self.drops = drops;
        over.into_iter().flat_map(|drop| drop.kept).collect()
    }

    fn frames(&mut self, shown: &Readout, temp: Option<f64>, at: i64) -> Vec<Frame> {
        let clock_at = self.is_timed.then_some(at + self.clock_ahead_ms);
        if shown.cuff == CuffActivity::Starts {
            self.inflated_at = clock_at;
        }
        let (mut readings, statuses) = said(shown, self.inflated_at);
        readings.extend(temp.map(Reading::temp));
        let mut frames = Vec::with_capacity(1 + statuses.len());
        if !readings.is_empty() {
            frames.push(Frame::readings(self.stamp(clock_at), readings));
        }
        for (vital, status) in statuses {
            frames.push(Frame::status(self.stamp(clock_at), vital, status));
        }
        frames
    }

    fn stamp(&mut self, sent_at: Option<i64>) -> Stamp {
        self.seq += 1;
        Stamp { seq: self.is_timed.then_some(self.seq), sent_at }
    }
}
