//! What goes wrong while the server runs: lines that fail, floods, a disk that stalls.

use std::io::Write;

use super::clinic::Clinic;

/// Frames that come at once.
const FLOOD_FRAMES: u64 = 300;
/// Lines that come at once: more than there are places.
const FLOOD_LINES: u64 = 150;

impl Clinic {
    /// A monitor's or a screen's line drops or falls silent, or a screen freezes.
    pub(crate) fn link_fails(&mut self) {
        self.tally.lines += 1;
        let until = self.server.now.plus(self.chance.below(20_000) as i64);
        let is_cut = !self.chance.one_in(3);
        if self.chance.one_in(2) {
            let index = self.chance.below(self.monitors.len() as u64) as usize;
            self.say(format_args!("the line of monitor {} fails; cut: {is_cut}", index + 1));
            if is_cut {
                self.monitors[index].cut(until);
            } else {
                self.silent.extend(self.monitors[index].fall_silent());
            }
            return;
        }
        let index = self.chance.below(self.screens.len() as u64) as usize;
        self.say(format_args!("screen {index} fails; cut: {is_cut}"));
        let screen = &mut self.screens[index];
        if is_cut {
            screen.cut(until, !self.chance.one_in(4));
        } else if self.chance.one_in(2) {
            self.silent.extend(screen.fall_silent());
        } else {
            screen.freeze(until);
        }
    }

    pub(crate) fn flood_of_frames(&mut self) -> anyhow::Result<()> {
        self.tally.floods += 1;
        self.say("a flood of frames");
        let index = self.chance.below(self.monitors.len() as u64) as usize;
        for _ in 0..FLOOD_FRAMES {
            let now = self.server.now;
            self.monitors[index].speak(&self.server.net, now, &mut self.chance)?;
        }
        self.hear()
    }

    /// More callers than there are places, none of whom says what they want.
    pub(crate) fn flood_of_lines(&mut self) -> anyhow::Result<()> {
        self.tally.floods += 1;
        self.say("a flood of lines");
        let half = b"POST /api/v1/login HTTP/1.1\r\nhost: clinic\r\ncontent-length: 500\r\n\r\n{";
        for _ in 0..FLOOD_LINES {
            let mut wire = self.server.net.connect(200);
            let sent = self.chance.below(half.len() as u64) as usize;
            wire.write_all(&half[..sent])?;
            self.silent.push(wire);
        }
        self.hear()
    }

    /// The disk takes nothing in, and the clinic goes on.
    pub(crate) fn stall(&mut self) -> anyhow::Result<()> {
        self.tally.stalls += 1;
        let seconds = 3 + self.chance.below(40);
        self.say(format_args!("the disk stalls for {seconds} s"));
        for _ in 0..seconds {
            self.second()?;
        }
        Ok(())
    }
}
