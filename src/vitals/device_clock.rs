//! A device's clock, learned from its own stream (design.md#wrong-clocks-and-late-data).

use serde::{Deserialize, Serialize};

use super::{Frame, LATE_AFTER_MS, Millis, Moved, moved};

/// Two frames at least this far apart that agree settle an offset.
const SETTLE_MS: i64 = 10_000;
/// They agree when their offsets differ by no more than this.
const AGREE_MS: i64 = 5_000;
/// A clock that loses time still agrees with itself when it loses no more than this share of it. A
/// clock that has stopped loses all of it.
const DRIFT: f64 = 0.3;
/// An offset follows a clock that loses time by at most this share of the time, and of 10 s at
/// once.
const FOLLOWS: f64 = 0.6;
/// Frames that arrive at least this far apart arrive as they are sent.
const PACE_MS: i64 = 400;
/// A device that was silent for this long may have been set in the meantime: what is known of its
/// clock is forgotten. No session is longer.
const FORGOTTEN_AFTER_MS: i64 = 4 * 3_600_000;
/// Stamps at whole minutes are up to a minute away from the time that they name.
const MINUTE_MS: i64 = 60_000;
/// A stamp with the start of an averaging interval stays the same for at most this long.
const LONGEST_INTERVAL_MS: i64 = 300_000;
/// After this many stamps in a row at whole minutes the clock is one that does not give seconds.
const TELLS_MINUTES: u8 = 3;
/// How many offsets are compared with the newest one, at least [`SPACING_MS`] apart.
const REMEMBERED: usize = 12;
const SPACING_MS: i64 = 2_000;

/// What a stamp says about its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// They come in the device's own rhythm, this many milliseconds (0 to 60,000) later than usual.
    Live {
        /// Milliseconds.
        delay_ms: i64,
    },
    /// They seem older than 60 s, and it is not known yet whether the clock is wrong or they are
    /// old.
    Waiting,
    /// They are this much older than the device's data usually are: a backlog.
    Late {
        /// Milliseconds, more than 60,000.
        by_ms: i64,
    },
}

impl Timing {
    /// Whether the data may be judged.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }
}

/// One kind of stamp of one device: how far it is behind our clock.
///
/// The offset is `arrival − stamp`. Two frames at least 10 s apart that agree within 5 s settle it.
/// A jump of a settled offset after a silence at least as long as the jump is a queue: its data are
/// late until the offset comes back. After any other jump the clock was set, and is learned again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceClock {
    /// The settled offset, milliseconds.
    offset_ms: Option<i64>,
    /// Offsets heard since the last one that agreed, with their arrivals, oldest first.
    heard: Vec<(i64, Millis)>,
    /// The offset has jumped after a silence as long as the jump.
    is_queue: bool,
    /// The stamp of the previous frame, and its arrival.
    last: Option<(Millis, Millis)>,
    /// Whether the stamp has ever moved, and ever been the same in two frames.
    has_moved: bool,
    has_stood: bool,
    /// How many stamps in a row named a whole minute.
    whole_minutes: u8,
    /// When the current stamp was first heard.
    stands_since: Option<Millis>,
    /// How long the previous one was heard, milliseconds, and how many have ended.
    stood_ms: i64,
    ended: u8,
}

impl DeviceClock {
    /// The clock plus this is our clock; `None` until it is settled.
    #[must_use]
    pub fn offset_ms(&self) -> Option<i64> {
        self.offset_ms
    }

    /// Its data are suddenly old, and it is not known yet whether the clock was set back: either
    /// the old offset or the new one may be right. Data kept during a gap are certainly old.
    fn is_in_doubt(&self) -> bool {
        let newest_ms = self.last.map(|(stamp, at)| at.since(stamp));
        let jump_ms = newest_ms.zip(self.offset_ms).map_or(0, |(newest, known)| newest - known);
        !self.heard.is_empty() && !self.is_queue && jump_ms > LATE_AFTER_MS
    }

    /// Whether two or more frames had the same stamp and no other: it says nothing about the time.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.has_stood && !self.has_moved
    }

    /// Takes the stamp of a frame that arrived at this time.
    pub fn ingest(&mut self, stamp: Millis, arrived_at: Millis) -> Timing {
        let before = self.last.replace((stamp, arrived_at));
        let silent_ms = before.map_or(0, |(_, at)| arrived_at.since(at));
        if silent_ms > FORGOTTEN_AFTER_MS {
            *self = Self { last: self.last, ..Self::default() };
        }
        let is_whole_minute = stamp.0 % MINUTE_MS == 0;
        self.whole_minutes = if is_whole_minute { self.whole_minutes.saturating_add(1) } else { 0 };
        self.note_stand(before, stamp, arrived_at);
        let tells_minutes = self.whole_minutes >= TELLS_MINUTES;
        let slack_ms = self.interval_ms(arrived_at).max(if tells_minutes { MINUTE_MS } else { 0 });
        let offset_ms = arrived_at.since(stamp);
        if let Some((last_stamp, _)) = before {
            self.has_moved |= last_stamp != stamp;
            self.has_stood |= last_stamp == stamp && silent_ms >= PACE_MS;
        }
        if self.is_dead() {
            // A clock that has never moved says nothing.
            self.remember(offset_ms, arrived_at);
            return Timing::Live { delay_ms: 0 };
        }
        match self.offset_ms {
            None => self.hear_unsettled(offset_ms, slack_ms, arrived_at),
            Some(known_ms) => {
                self.hear_settled((offset_ms, known_ms), slack_ms, (arrived_at, silent_ms))
            }
        }
    }

    fn note_stand(&mut self, before: Option<(Millis, Millis)>, stamp: Millis, at: Millis) {
        match before {
            Some((last_stamp, _)) if last_stamp == stamp && self.stands_since.is_some() => {}
            Some((_, last_at)) => {
                let heard_ms = self.stands_since.map_or(0, |since| last_at.since(since));
                // It ended between two frames.
                self.stood_ms = heard_ms + at.since(last_at).min(heard_ms);
                self.ended = self.ended.saturating_add(1);
                self.stands_since = Some(at);
            }
            None => self.stands_since = Some(at),
        }
    }

    /// How long its stamps stay the same while frames continue: they give the start of an interval,
    /// and seem older and older until the next one. The first one that was heard had begun earlier.
    fn interval_ms(&self, arrived_at: Millis) -> i64 {
        let stands_ms = self.stands_ms(arrived_at);
        match self.ended {
            0 | 1 if self.stood_ms.max(stands_ms) > AGREE_MS => MINUTE_MS,
            _ if self.stood_ms > AGREE_MS => self.stood_ms.min(LONGEST_INTERVAL_MS),
            _ => 0,
        }
    }

    fn stands_ms(&self, arrived_at: Millis) -> i64 {
        self.stands_since.map_or(0, |since| arrived_at.since(since))
    }

    fn hear_unsettled(&mut self, offset_ms: i64, slack_ms: i64, arrived_at: Millis) -> Timing {
        let smallest_ms = self.heard.iter().map(|(heard_ms, _)| *heard_ms).min();
        if self.settles(offset_ms, slack_ms, arrived_at) {
            return Timing::Live { delay_ms: 0 };
        }
        self.remember(offset_ms, arrived_at);
        if offset_ms > LATE_AFTER_MS + slack_ms {
            return Timing::Waiting;
        }
        // Later than the fastest so far, and never by more than the clock itself says.
        let delay_ms = smallest_ms.map_or(0, |smallest_ms| offset_ms - smallest_ms);
        let delay_ms = if slack_ms > 0 { 0 } else { delay_ms.min(offset_ms).max(0) };
        Timing::Live { delay_ms }
    }

    fn hear_settled(
        &mut self,
        (offset_ms, known_ms): (i64, i64),
        slack_ms: i64,
        (arrived_at, silent_ms): (Millis, i64),
    ) -> Timing {
        let delay_ms = offset_ms - known_ms;
        if (-AGREE_MS..=AGREE_MS + slack_ms).contains(&delay_ms) {
            self.heard.clear();
            self.is_queue = false;
            if delay_ms <= 0 {
                self.offset_ms = Some(offset_ms);
            } else if slack_ms == 0 {
                let follows_ms = (silent_ms.min(SETTLE_MS) as f64 * FOLLOWS) as i64;
                self.offset_ms = Some(known_ms + delay_ms.min(follows_ms));
            }
            let delay_ms = if slack_ms > 0 { 0 } else { delay_ms.max(0) };
            return Timing::Live { delay_ms };
        }
        if self.heard.is_empty() {
            self.is_queue = delay_ms > LATE_AFTER_MS && silent_ms + AGREE_MS >= delay_ms;
        }
        if !self.is_queue && self.settles(offset_ms, slack_ms, arrived_at) {
            return Timing::Live { delay_ms: 0 };
        }
        self.remember(offset_ms, arrived_at);
        if delay_ms > LATE_AFTER_MS + slack_ms {
            return Timing::Late { by_ms: delay_ms };
        }
        Timing::Live { delay_ms: delay_ms.max(0) }
    }

    /// Whether this offset agrees with one that was heard long enough ago; then it is settled. A
    /// stamp that stays the same for longer than it should agrees with nothing; otherwise what a
    /// sender goes on repeating would count as live however old it is.
    fn settles(&mut self, offset_ms: i64, slack_ms: i64, arrived_at: Millis) -> bool {
        if slack_ms > 0 && self.stands_ms(arrived_at) > slack_ms + AGREE_MS {
            return false;
        }
        let agrees = |(heard_ms, heard_at): &(i64, Millis)| {
            let apart_ms = arrived_at.since(*heard_at);
            let lost_ms = (apart_ms as f64 * DRIFT) as i64;
            let change_ms = offset_ms - heard_ms;
            apart_ms >= SETTLE_MS
                && (-AGREE_MS - slack_ms..=AGREE_MS + lost_ms.max(slack_ms)).contains(&change_ms)
        };
        let Some((heard_ms, _)) = self.heard.iter().find(|heard| agrees(heard)).copied() else {
            return false;
        };
        // Of stamps at whole minutes the one nearest to the minute is the most accurate.
        let settled_ms = if slack_ms > 0 { offset_ms.min(heard_ms) } else { offset_ms };
        self.offset_ms = Some(settled_ms);
        self.heard.clear();
        self.is_queue = false;
        true
    }

    fn remember(&mut self, offset_ms: i64, arrived_at: Millis) {
        let is_soon = |(_, at): &(i64, Millis)| arrived_at.since(*at) < SPACING_MS;
        if self.heard.last().is_some_and(is_soon) {
            return;
        }
        if self.heard.len() == REMEMBERED {
            self.heard.remove(0);
        }
        self.heard.push((offset_ms, arrived_at));
    }
}

/// Our clock was set and the device's was not: it is behind ours by that much more. Its own stamps
/// stay.
impl Moved for DeviceClock {
    fn move_by(&mut self, ms: i64) {
        let Self {
            offset_ms,
            heard,
            last,
            stands_since,
            is_queue: _,
            has_moved: _,
            has_stood: _,
            whole_minutes: _,
            stood_ms: _,
            ended: _,
        } = self;
        for offset_ms in offset_ms.iter_mut().chain(heard.iter_mut().map(|(offset, _)| offset)) {
            *offset_ms = offset_ms.saturating_add(ms);
        }
        let arrivals = heard.iter_mut().map(|(_, at)| at).chain(last.iter_mut().map(|(_, at)| at));
        arrivals.chain(stands_since).for_each(|at| at.move_by(ms));
    }
}

moved!(DeviceClocks { moves: sent, data, cuff; stays: });

/// The clocks of one device. Its stated time of sending shows how wrong its clock is; the times of
/// its data lag behind that by as long as it averages. A cuff's time is as old as the inflation,
/// however often it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceClocks {
    sent: DeviceClock,
    data: DeviceClock,
    cuff: DeviceClock,
}

impl DeviceClocks {
    /// Takes a frame that arrived at this time, and returns what its stamps say about its data. A
    /// frame without any time is as live as its arrival.
    pub fn ingest(&mut self, frame: &Frame, arrived_at: Millis) -> Timing {
        let by_sending = frame.sent_at.map(|stamp| self.sent.ingest(stamp, arrived_at));
        if let Some(stamp) = frame.newest_data_at() {
            let by_data = self.data.ingest(stamp, arrived_at);
            // One time for all data, such as that of an order, dates none of them.
            let is_undated = self.data.is_dead();
            return if is_undated { by_sending.unwrap_or(by_data) } else { by_data };
        }
        if let Some(by_sending) = by_sending {
            return by_sending;
        }
        if let Some(stamp) = newest_of_cuff(frame) {
            // How long a cuff's result takes is not a clock error; only a large offset is. When it
            // is repeated it is older and says no more.
            if self.cuff.last.is_none_or(|(last_stamp, _)| last_stamp != stamp) {
                self.cuff.ingest(stamp, arrived_at);
            }
        }
        Timing::Live { delay_ms: 0 }
    }

    /// How far the device's clock is behind ours, milliseconds: the worst of the settled offsets.
    #[must_use]
    pub fn offset_ms(&self) -> Option<i64> {
        let of_cuff = self.cuff.offset_ms.filter(|ms| ms.abs() > LATE_AFTER_MS);
        let settled = [self.sent.offset_ms, self.data.offset_ms].into_iter().flatten();
        settled.max_by_key(|ms| ms.abs()).or(of_cuff)
    }

    /// Whether staff should know that it is wrong: a stated time of sending by more than
    /// `sent_by_ms`, data by more than 60 s, or a clock that has stopped.
    #[must_use]
    pub fn is_wrong(&self, sent_by_ms: i64) -> bool {
        let beyond = |clock: &DeviceClock, ms: i64| clock.offset_ms.is_some_and(|o| o.abs() > ms);
        beyond(&self.sent, sent_by_ms)
            || beyond(&self.data, LATE_AFTER_MS)
            || beyond(&self.cuff, LATE_AFTER_MS)
            || self.is_dead()
    }

    /// Whether its clock has stopped, so that its times say nothing.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.sent.is_dead() || (self.sent.last.is_none() && self.data.is_dead())
    }

    /// Our time of a cuff's measurement that the device dates at `own`, never later than its
    /// arrival. While the clock is not settled the device is believed for readings up to
    /// `believed_ms` old; `None` for an older one, which waits.
    #[must_use]
    pub fn measured_at(&self, own: Millis, arrived_at: Millis, believed_ms: i64) -> Option<Millis> {
        if self.is_dead() {
            return Some(arrived_at);
        }
        let mut clocks = [&self.sent, &self.data, &self.cuff].into_iter();
        let settled = clocks.find_map(|clock| Some((clock, clock.offset_ms?)));
        match settled {
            Some((clock, _)) if clock.is_in_doubt() => None,
            Some((_, offset_ms)) => Some(own.plus(correction_ms(offset_ms)).min(arrived_at)),
            None if arrived_at.since(own) > believed_ms => None,
            None => Some(own.min(arrived_at)),
        }
    }

    /// Our time of data with this stamp, never later than their arrival.
    #[must_use]
    pub fn corrected(&self, stamp: Millis, arrived_at: Millis) -> Millis {
        if self.is_dead() || self.data.is_dead() {
            return arrived_at;
        }
        let offset_ms = self.data.offset_ms.or(self.sent.offset_ms).unwrap_or(0);
        stamp.plus(correction_ms(offset_ms)).min(arrived_at)
    }
}

/// The time that a device takes to send is part of every offset; a clock that is wrong shows more.
fn correction_ms(offset_ms: i64) -> i64 {
    if offset_ms.abs() > AGREE_MS { offset_ms } else { 0 }
}

fn newest_of_cuff(frame: &Frame) -> Option<Millis> {
    frame.readings.iter().filter_map(|reading| reading.taken_at).max()
}

#[cfg(test)]
mod tests;
