use serde::{Deserialize, Serialize};

use super::Session;
use crate::rules::Rhythm;
use crate::vitals::{DeviceClocks, DeviceId, Frame, Millis, Pressure, Timing, moved};

/// The silence of a monitor that speaks continuously counts after this time, or after 2.5 of its
/// usual intervals.
const SILENT_AFTER_MS: i64 = 10_000;
/// A monitor that was heard this often is known to speak continuously. A cuff that reports
/// "measuring" and then a value is not continuous yet.
const CONTINUOUS_AFTER: u8 = 3;
/// A stream that pauses for this long, and for much longer than usual, has dropped.
const DROP_MS: i64 = 2_500;
/// No cuff measures twice within this time: the same numbers again are a repetition.
const CUFF_PAUSE_MS: i64 = 20_000;
/// Numbers without a time that were reported within this time are still the same report, whatever
/// came between.
const CUFF_SAID_ON_MS: i64 = 60_000;
/// The most such numbers that are remembered.
const CUFFS_SAID: usize = 4;
/// No cuff has a result sooner than this after it began; a number that comes earlier is the
/// previous one again.
const SHORTEST_INFLATION_MS: i64 = 15_000;
/// Most cuffs have a result sooner than this: until then the same numbers without a time, shown all
/// the while, are the previous ones.
const LONGEST_INFLATION_MS: i64 = 60_000;
/// Numbers that were reported this short a time ago, and since the cuff began, are still being
/// shown.
const SAYS_ON_MS: i64 = 10_000;

/// What the room knows of one monitor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    /// Its id.
    pub device: DeviceId,
    /// When it was last heard.
    pub last_heard: Millis,
    /// When it last gave data that were not late.
    pub last_live: Millis,
    /// How old its newest data are while only late data come; milliseconds.
    pub late_by_ms: Option<i64>,
    /// Its link, where the adapter knows it.
    pub link_is_down: bool,
    /// Whether it has sent anything yet besides connecting.
    pub is_heard: bool,
    /// Whether it speaks so often that its silence means it is gone.
    pub is_continuous: bool,
    /// What is known of its clocks.
    pub clocks: DeviceClocks,
    rhythm: Rhythm,
    /// What was measured before this time was measured in another room.
    bound_at: Option<Millis>,
    /// When it was heard again after a silence.
    pub(super) back_at: Option<Millis>,
    /// Since when its clock has differed from ours by more than the profile allows.
    pub(super) clock_differs_since: Option<Millis>,
    pub(super) is_in_conflict: bool,
    last_cuff: Option<CuffSeen>,
    /// Numbers that are reported again and again, and when they last were.
    said_cuffs: Vec<(Pressure, Millis)>,
}

moved!(Monitor {
    moves: last_heard, last_live, clocks, rhythm, bound_at, back_at, clock_differs_since, last_cuff,
        said_cuffs;
    stays: device, late_by_ms, link_is_down, is_heard, is_continuous, is_in_conflict
});

/// When a cuff reading was taken, as far as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CuffTime {
    /// The time of the inflation itself.
    pub(super) own: Option<Millis>,
    /// The time of the frame that holds it.
    pub(super) frame: Option<Millis>,
}

impl CuffTime {
    /// What identifies the measurement in a later correction of it.
    pub(super) fn name(self) -> Option<Millis> {
        self.own.or(self.frame)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CuffSeen {
    taken_at: CuffTime,
    pressure: Pressure,
    /// By our clock, when that is known.
    measured_at: Option<Millis>,
    seen_at: Millis,
}

moved!(CuffSeen { moves: measured_at, seen_at; stays: taken_at, pressure });

/// How a cuff's numbers relate to those before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CuffResult {
    /// A measurement of its own.
    New,
    /// The last measurement once more.
    Repeated,
    /// The last measurement with other numbers: not a second reading.
    Replaced,
    /// A measurement earlier than the last one.
    Older,
}

impl Monitor {
    pub(super) fn new(device: DeviceId, at: Millis) -> Self {
        Self {
            device,
            last_heard: at,
            last_live: at,
            late_by_ms: None,
            link_is_down: false,
            is_heard: false,
            is_continuous: false,
            clocks: DeviceClocks::default(),
            rhythm: Rhythm::default(),
            bound_at: None,
            back_at: None,
            clock_differs_since: None,
            is_in_conflict: false,
            last_cuff: None,
            said_cuffs: Vec::new(),
        }
    }

    /// Notes a frame; a frame about the cuff alone does not make the monitor continuous. Returns
    /// whether the stream had stopped, and what its stamps say about its data.
    pub(super) fn ingest(
        &mut self,
        frame: &Frame,
        at: Millis,
        is_of_cuff_alone: bool,
    ) -> (bool, Timing) {
        let was_silent = self.is_heard && self.is_continuous && self.is_silent(at);
        // A cuff's result between two values does not mean that the stream is back.
        let is_back = !(was_silent && is_of_cuff_alone);
        if was_silent && is_back {
            self.back_at = Some(at);
        }
        self.is_heard = true;
        let silent_ms = at.since(self.last_heard);
        let has_dropped = self.is_continuous
            && (self.link_is_down && is_back || silent_ms >= self.rhythm.drop_ms(DROP_MS));
        if !is_of_cuff_alone {
            self.rhythm.note(at);
        }
        self.is_continuous |= self.rhythm.is_known(CONTINUOUS_AFTER) && !self.rhythm.is_spot();
        self.last_heard = at;
        self.link_is_down &= !is_back;
        let timing = self.clocks.ingest(frame, at);
        match timing {
            Timing::Live { .. } if is_back => (self.last_live, self.late_by_ms) = (at, None),
            Timing::Live { .. } => {}
            Timing::Late { by_ms } => self.late_by_ms = Some(by_ms),
            Timing::Waiting => {}
        }
        (has_dropped, timing)
    }

    /// Whether it was heard in this session; before, it may have been another patient's.
    pub(super) fn is_of(&self, session: &Session) -> bool {
        self.is_heard && self.last_heard >= session.here_since()
    }

    /// Notes whether its clock differs from ours by more than `by_ms`.
    pub(super) fn compare_clocks(&mut self, by_ms: i64, at: Millis) {
        let since = self.clock_differs_since.unwrap_or(at);
        self.clock_differs_since = self.clocks.is_wrong(by_ms).then_some(since);
    }

    /// How long it may be silent, milliseconds: `own_ms`, or longer for a slow monitor.
    pub(super) fn patience_ms(&self, own_ms: i64) -> i64 {
        self.rhythm.patience_ms(own_ms)
    }

    /// How often it usually speaks, milliseconds.
    pub(super) fn interval_ms(&self) -> i64 {
        self.rhythm.usual_ms()
    }

    /// Whether it is gone, or about to be: nothing live was heard for longer than its rhythm
    /// allows.
    pub(super) fn is_silent(&self, now: Millis) -> bool {
        self.link_is_down || now.since(self.last_live) > self.patience_ms(SILENT_AFTER_MS)
    }

    /// It has come from another room: what it measured earlier does not belong to this one.
    pub(super) fn comes_from_elsewhere(&mut self, at: Millis) {
        self.bound_at = Some(at);
    }

    /// Whether it came so short a time ago that a pressure that it shows now, without a time of its
    /// own, was measured before it came.
    pub(super) fn has_just_come(&self, at: Millis) -> bool {
        let shown_ms =
            (self.interval_ms() * 3 / 2).clamp(SHORTEST_INFLATION_MS, LONGEST_INFLATION_MS);
        self.bound_at.is_some_and(|bound| at.since(bound) < shown_ms)
    }

    /// Whether a cuff reading of this time was measured in another room.
    pub(super) fn is_of_before(&self, measured_at: Millis) -> bool {
        self.bound_at.is_some_and(|bound| measured_at < bound)
    }

    /// Whether it has already reported this very inflation.
    pub(super) fn has_told(&self, own: Millis, pressure: Pressure) -> bool {
        let same = |last: &CuffSeen| last.taken_at.own == Some(own) && last.pressure == pressure;
        self.last_cuff.as_ref().is_some_and(same)
    }

    /// Since when it has been gone, if silence or a lost link says so. A monitor that speaks now
    /// and then over an open link is not gone.
    pub(super) fn silent_since(&self) -> Option<Millis> {
        (self.is_continuous || self.link_is_down).then_some(self.last_live)
    }

    /// How a cuff reading relates to the last one (design.md#the-same-reading). `measuring_ms` is
    /// for how long the cuff was seen measuring since then.
    pub(super) fn ingest_cuff(
        &mut self,
        pressure: Pressure,
        (taken_at, measured_at): (CuffTime, Option<Millis>),
        measuring_ms: Option<i64>,
        at: Millis,
    ) -> CuffResult {
        // One time for all readings is worth as much as none.
        let taken_at = if self.clocks.is_dead() { CuffTime::default() } else { taken_at };
        let last = self.last_cuff.as_ref().filter(|last| last.taken_at.name() != taken_at.name());
        let last_measured_at = last.and_then(|last| last.measured_at);
        if measured_at.zip(last_measured_at).is_some_and(|(this, last)| this < last) {
            return CuffResult::Older;
        }
        let said_ms = self.said_cuffs.iter().find(|(known, _)| *known == pressure);
        let said_ms = said_ms.map(|(_, said)| at.since(*said));
        let is_said_on = self.is_said_on(pressure, at) && taken_at.own.is_none();
        let is_still_said = is_said_on
            && measuring_ms.zip(said_ms).is_some_and(|(ms, said)| said <= SAYS_ON_MS.min(ms));
        let shortest_ms = if is_still_said { LONGEST_INFLATION_MS } else { SHORTEST_INFLATION_MS };
        let has_measured = measuring_ms.is_some_and(|ms| ms >= shortest_ms);
        let last = self.last_cuff.as_ref();
        if is_said_on && !has_measured && last.is_some_and(|last| last.pressure != pressure) {
            // An old number between new ones.
            return CuffResult::Repeated;
        }
        let seen = CuffSeen { taken_at, pressure, measured_at, seen_at: at };
        let Some(last) = self.last_cuff.replace(seen) else { return CuffResult::New };
        let result = self.beside(&last, (pressure, taken_at, measured_at), has_measured);
        if result != CuffResult::New
            && let Some(seen) = &mut self.last_cuff
        {
            // Reporting it again does not make it younger.
            seen.measured_at = last.measured_at;
        }
        result
    }

    /// Notes that these numbers were reported. Returns whether they already were within the last
    /// minute, in which no cuff measures twice.
    fn is_said_on(&mut self, pressure: Pressure, at: Millis) -> bool {
        self.said_cuffs.retain(|(_, said)| at.since(*said) <= CUFF_SAID_ON_MS);
        if let Some((_, said)) = self.said_cuffs.iter_mut().find(|(known, _)| *known == pressure) {
            *said = at;
            return true;
        }
        if self.said_cuffs.len() == CUFFS_SAID {
            self.said_cuffs.remove(0);
        }
        self.said_cuffs.push((pressure, at));
        false
    }

    fn beside(
        &self,
        last: &CuffSeen,
        (pressure, taken_at, measured_at): (Pressure, CuffTime, Option<Millis>),
        has_measured: bool,
    ) -> CuffResult {
        let are_same = pressure == last.pressure;
        let again = if are_same { CuffResult::Repeated } else { CuffResult::Replaced };
        match (taken_at.own, last.taken_at.own) {
            // It goes on showing the last result while it measures.
            (Some(time), Some(last_time)) if time == last_time && are_same => again,
            _ if has_measured => CuffResult::New,
            (Some(time), Some(last_time)) if time == last_time => again,
            (Some(time), Some(last_time)) => {
                // Some monitors stamp the number anew each time they report it.
                let is_soon = time.since(last_time).abs() < CUFF_PAUSE_MS;
                if are_same && is_soon { CuffResult::Repeated } else { CuffResult::New }
            }
            _ if taken_at.name().is_some() && taken_at.name() == last.taken_at.name() => again,
            (Some(_), None) if are_same => {
                let is_later = measured_at.is_some_and(|measured| measured > last.seen_at);
                if is_later { CuffResult::New } else { CuffResult::Repeated }
            }
            _ if are_same => CuffResult::Repeated,
            _ => CuffResult::New,
        }
    }

    /// The reading of this time has other numbers now, or none.
    pub(super) fn correct_cuff(&mut self, taken_at: CuffTime, pressure: Option<Pressure>) {
        if let Some(last) = &mut self.last_cuff
            && last.taken_at.name() == taken_at.name()
            && let Some(pressure) = pressure
        {
            last.pressure = pressure;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::Decimal;

    fn pressure(systolic: i32) -> Pressure {
        let systolic = Some(Decimal::whole(systolic));
        Pressure { systolic, diastolic: Some(Decimal::whole(80)), mean: None }
    }

    fn monitor() -> Monitor {
        Monitor::new(DeviceId::new("m").unwrap(), Millis(0))
    }

    /// With a clock that is right.
    fn measured(taken_at: CuffTime, at: i64) -> Option<Millis> {
        Some(taken_at.own.unwrap_or(Millis(at)))
    }

    #[test]
    fn one_inflation_is_one_reading_however_often_it_is_sent() {
        let mut monitor = monitor();
        let mut ingest = |systolic, taken_at: Option<i64>, at| {
            let taken_at = CuffTime { own: taken_at.map(Millis), frame: Some(Millis(at)) };
            monitor.ingest_cuff(
                pressure(systolic),
                (taken_at, measured(taken_at, at)),
                None,
                Millis(at),
            )
        };
        assert_eq!(ingest(184, Some(500), 1_000), CuffResult::New);
        assert_eq!(ingest(184, Some(500), 2_000), CuffResult::Repeated);
        assert_eq!(ingest(183, Some(500), 3_000), CuffResult::Replaced, "no second reading");
        assert_eq!(ingest(184, Some(60_500), 61_000), CuffResult::New, "another inflation");
        assert_eq!(ingest(184, Some(61_500), 62_000), CuffResult::Repeated, "stamped anew");
    }

    #[test]
    fn the_same_numbers_without_a_time_are_one_reading_for_ever() {
        let mut monitor = monitor();
        let mut ingest = |systolic, at| {
            let taken_at = CuffTime { own: None, frame: Some(Millis(at)) };
            monitor.ingest_cuff(
                pressure(systolic),
                (taken_at, measured(taken_at, at)),
                None,
                Millis(at),
            )
        };
        assert_eq!(ingest(184, 0), CuffResult::New);
        for second in [1, 2, 60, 299, 301, 3_600] {
            assert_eq!(ingest(184, second * 1_000), CuffResult::Repeated, "{second}");
        }
        assert_eq!(ingest(150, 3_601_000), CuffResult::New);
        assert_eq!(ingest(184, 3_602_000), CuffResult::Repeated, "the old one between");
        assert_eq!(ingest(184, 3_680_000), CuffResult::New, "not said for more than a minute");
    }

    #[test]
    fn the_same_numbers_after_the_cuff_has_measured_are_another_reading() {
        let mut monitor = monitor();
        let untimed = CuffTime::default();
        let mut ingest = |ms, at| {
            monitor.ingest_cuff(pressure(118), (untimed, Some(Millis(at))), ms, Millis(at))
        };
        assert_eq!(ingest(None, 0), CuffResult::New);
        assert_eq!(ingest(Some(2_000), 300_000), CuffResult::Repeated, "it has just begun");
        assert_eq!(ingest(Some(33_000), 331_000), CuffResult::New);
    }

    #[test]
    fn what_was_measured_before_the_last_one_is_older_and_changes_nothing() {
        let mut monitor = monitor();
        let mut ingest = |systolic, own: i64, at| {
            let taken_at = CuffTime { own: Some(Millis(own)), frame: None };
            monitor.ingest_cuff(pressure(systolic), (taken_at, Some(Millis(own))), None, Millis(at))
        };
        assert_eq!(ingest(118, 300_000, 301_000), CuffResult::New);
        assert_eq!(ingest(204, 60_000, 302_000), CuffResult::Older);
        assert_eq!(ingest(118, 300_000, 303_000), CuffResult::Repeated);
    }

    #[test]
    fn the_time_of_its_frame_names_a_reading_that_has_none_of_its_own() {
        let mut monitor = monitor();
        let first = CuffTime { own: None, frame: Some(Millis(500)) };
        let again = CuffTime { own: Some(Millis(500)), frame: Some(Millis(9_000)) };
        let mut ingest = |systolic, time, at| {
            monitor.ingest_cuff(pressure(systolic), (time, measured(time, at)), None, Millis(at))
        };
        assert_eq!(ingest(184, first, 1_000), CuffResult::New);
        assert_eq!(ingest(184, first, 61_000), CuffResult::Repeated, "the frame sent again");
        assert_eq!(ingest(183, again, 70_000), CuffResult::Replaced);
        let dated = CuffTime { own: Some(Millis(300_000)), frame: None };
        assert_eq!(ingest(183, dated, 301_000), CuffResult::New);
    }

    #[test]
    fn numbers_that_are_shown_on_while_the_cuff_measures_are_the_last_ones() {
        for own in [Some(Millis(0)), None] {
            let mut monitor = monitor();
            let time = CuffTime { own, frame: None };
            let mut ingest = |ms, at| {
                monitor.ingest_cuff(pressure(184), (time, measured(time, at)), ms, Millis(at))
            };
            assert_eq!(ingest(None, 0), CuffResult::New);
            for second in 1..119 {
                // It began at 60 s.
                let measuring_ms = (second > 60).then_some((second - 60) * 1_000);
                assert_eq!(ingest(measuring_ms, second * 1_000), CuffResult::Repeated, "{second}");
            }
            let then = ingest(Some(60_000), 120_000);
            let is_another = own.is_none();
            assert_eq!(then == CuffResult::New, is_another, "with a time it is that one for ever");
        }
    }
}
