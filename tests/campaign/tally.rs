//! What was tried, for the last line.

use std::fmt;

/// How often each of it happened.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) kills: u64,
    pub(crate) torn: u64,
    pub(crate) stillborn: u64,
    pub(crate) stops: u64,
    pub(crate) clocks: u64,
    pub(crate) stalls: u64,
    pub(crate) floods: u64,
    pub(crate) lines: u64,
    pub(crate) tries: u64,
    pub(crate) mishaps: u64,
    pub(crate) stored: u64,
    pub(crate) commands: u64,
    pub(crate) alarms: u64,
    pub(crate) compared: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.torn += other.torn;
        self.stillborn += other.stillborn;
        self.stops += other.stops;
        self.clocks += other.clocks;
        self.stalls += other.stalls;
        self.floods += other.floods;
        self.lines += other.lines;
        self.tries += other.tries;
        self.mishaps += other.mishaps;
        self.stored += other.stored;
        self.commands += other.commands;
        self.alarms += other.alarms;
        self.compared += other.compared;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, torn, stillborn, stops, clocks, stalls, floods, .. } = self;
        let Self { lines, tries, mishaps, stored, commands, alarms, compared, .. } = self;
        write!(
            f,
            "{kills} kills, {torn} torn writes, {stillborn} starts that died, {stops} stops, \
             {clocks} clocks set, {stalls} stalls, {floods} floods, {lines} sockets that dropped, \
             froze or fell silent, {mishaps} of {tries} requests that came to grief; {stored} \
             frames and {commands} commands on disk, {alarms} alarms on time on every screen, \
             screens {compared} times equal to a newcomer's"
        )
    }
}
