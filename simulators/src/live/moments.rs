//! The lines of a scenario, as what a monitor shows and what happens besides. Pure.

use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality, Readout, SensorStatus};
use crate::monitors::MonitorReadout;
use crate::scenario::{Frame, Line, Reading, START_MS};

/// Something that happens at a time of the scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Moment {
    /// The monitor shows this. With `again` it repeats exactly what it sent before.
    Shows { showing: MonitorReadout, again: bool },
    /// The monitor is unplugged, or plugged in again.
    Unplugged(bool),
    /// Staff do something.
    Staff(Line),
    /// Whether a screen shows the room and can be heard.
    Watched(bool),
    /// The program should be away; the caller has to arrange that.
    Restart,
    /// It is over.
    End,
}

/// The moments of a scenario, each with its time in ms after the beginning.
/// All stamps follow only from the scenario's own time and `start_ms`: what goes over the wire is
/// the same at any speed.
pub(super) fn moments(
    lines: impl Iterator<Item = (i64, Line)>,
    start_ms: i64,
) -> impl Iterator<Item = (i64, Moment)> {
    let shift_ms = start_ms - START_MS;
    let mut seconds = Seconds { shift_ms, gathering: None, inflated_at: None, last_seq: None };
    let mut lines = lines.fuse();
    std::iter::from_fn(move || {
        let next = lines.next();
        Some(match next {
            Some((at, Line::Frame { frame, .. })) => seconds.take(at, frame),
            Some((at, line)) => {
                let mut moments: Vec<_> = seconds.finish().into_iter().collect();
                moments.push((at - START_MS, moment(line)));
                moments
            }
            None => vec![seconds.finish()?],
        })
    })
    .flatten()
}

fn moment(line: Line) -> Moment {
    match line {
        Line::Link { link, .. } => Moment::Unplugged(link == "down"),
        Line::Watched { watched } => Moment::Watched(watched),
        Line::Restart { .. } => Moment::Restart,
        Line::End { .. } => Moment::End,
        Line::Frame { .. }
        | Line::Event { .. }
        | Line::Acknowledge { .. }
        | Line::Outcome { .. }
        | Line::Silence { .. } => Moment::Staff(line),
    }
}

/// Collects the frames of one second: a vital that was already sent begins another one.
struct Seconds {
    shift_ms: i64,
    gathering: Option<Second>,
    /// When the cuff began to inflate, by the monitor's clock.
    inflated_at: Option<i64>,
    last_seq: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Second {
    at: i64,
    seq: Option<u64>,
    clock_at: Option<i64>,
    oximetry: Option<Oximetry>,
    has_pulse: bool,
    cuff: CuffActivity,
    inflated_at: Option<i64>,
    temp: Option<f64>,
}

impl Seconds {
    fn take(&mut self, at: i64, frame: Frame) -> Vec<(i64, Moment)> {
        let is_next = self.gathering.is_some_and(|second| second.at != at || second.has(&frame));
        let finished = if is_next { self.finish() } else { None };
        let second = self.gathering.get_or_insert_with(|| Second::new(at, &frame));
        second.add(frame);
        finished.into_iter().collect()
    }

    fn finish(&mut self) -> Option<(i64, Moment)> {
        let second = self.gathering.take()?;
        let own_at = second.clock_at.unwrap_or(second.at);
        if second.cuff == CuffActivity::Starts {
            self.inflated_at = Some(own_at);
        }
        let inflated_at = second.inflated_at.or(self.inflated_at).unwrap_or(own_at);
        let showing = MonitorReadout {
            shown: Readout {
                oximetry: second.oximetry.unwrap_or(Oximetry::Absent(SensorStatus::SensorOff)),
                cuff: second.cuff,
            },
            temp: second.temp,
            inflated_at: inflated_at + self.shift_ms,
            taken_at: own_at + self.shift_ms,
            sent_at: own_at + self.shift_ms,
            is_timed: second.clock_at.is_some(),
        };
        let again = second.seq.is_some() && second.seq == self.last_seq;
        self.last_seq = second.seq;
        Some((second.at - START_MS, Moment::Shows { showing, again }))
    }
}

impl Second {
    fn new(at: i64, frame: &Frame) -> Self {
        let (Frame::Readings { seq, sent_at, .. } | Frame::Status { seq, sent_at, .. }) = frame;
        Self {
            at,
            seq: *seq,
            clock_at: *sent_at,
            oximetry: None,
            has_pulse: false,
            cuff: CuffActivity::Idle,
            inflated_at: None,
            temp: None,
        }
    }

    /// Whether what this frame is about was already sent.
    fn has(&self, frame: &Frame) -> bool {
        match frame {
            Frame::Readings { .. } => true,
            Frame::Status { vital: "spo2", .. } => self.oximetry.is_some(),
            Frame::Status { vital: "pulse_rate", .. } => self.has_pulse,
            Frame::Status { .. } => self.cuff != CuffActivity::Idle,
        }
    }

    fn add(&mut self, frame: Frame) {
        match frame {
            Frame::Readings { readings, .. } => {
                readings.into_iter().for_each(|reading| self.read(reading));
            }
            Frame::Status { vital: "nibp", status: "measuring", .. } => {
                self.cuff = CuffActivity::Starts;
            }
            Frame::Status { vital: "nibp", .. } => self.cuff = CuffActivity::Failed,
            Frame::Status { vital, status, .. } => {
                self.oximetry = Some(Oximetry::Absent(sensor_status(status)));
                self.has_pulse |= vital == "pulse_rate";
            }
        }
    }

    fn read(&mut self, reading: Reading) {
        match reading {
            Reading::Spo2 { value, quality } => {
                let quality = if quality.is_none() { Quality::Good } else { Quality::Questionable };
                self.oximetry = Some(Oximetry::Value { spo2: value, pulse_rate: 0, quality });
            }
            Reading::PulseRate { value, .. } => {
                if let Some(Oximetry::Value { pulse_rate, .. }) = &mut self.oximetry {
                    *pulse_rate = value;
                }
                self.has_pulse = true;
            }
            Reading::Nibp { systolic, diastolic, mean, taken_at } => {
                self.cuff = CuffActivity::Done(Nibp { systolic, diastolic, mean });
                self.inflated_at = taken_at;
            }
            Reading::Temp { value } => self.temp = Some(value),
        }
    }
}

fn sensor_status(word: &str) -> SensorStatus {
    let all = [
        SensorStatus::SensorOff,
        SensorStatus::Searching,
        SensorStatus::NoPulse,
        SensorStatus::LowPerfusion,
    ];
    all.into_iter().find(|status| status.word() == word).unwrap_or(SensorStatus::SensorOff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const START: i64 = 1_900_000_000_000;

    fn scenario(name: &str) -> Scenario {
        let mut all = Scenario::all().expect("all are in order").into_iter();
        all.find(|scenario| scenario.name() == name).expect("it is there")
    }

    fn shows(name: &str) -> Vec<(i64, MonitorReadout, bool)> {
        let shows =
            moments(scenario(name).lines(), START).filter_map(|(at_ms, moment)| match moment {
                Moment::Shows { showing, again } => Some((at_ms, showing, again)),
                _ => None,
            });
        shows.collect()
    }

    #[test]
    fn a_monitor_shows_something_each_second_and_every_stamp_follows_from_the_start() {
        let shows = shows("normal-responder");
        assert_eq!(shows.len(), 75 * 60 + 1);
        for (index, (at_ms, showing, again)) in shows.iter().enumerate() {
            assert_eq!(*at_ms, index as i64 * 1000);
            assert_eq!((showing.taken_at, showing.is_timed), (START + at_ms, false));
            assert!(!again && matches!(showing.shown.oximetry, Oximetry::Value { .. }));
        }
        let done = shows.iter().find(|(_, s, _)| matches!(s.shown.cuff, CuffActivity::Done(_)));
        let (at_ms, showing, _) = done.expect("a cuff reading");
        assert_eq!((*at_ms, showing.inflated_at), (54_000, START + 21_000));
    }

    #[test]
    fn late_frames_keep_their_own_times_and_repeated_ones_are_known() {
        let shows = shows("network-flapping");
        let late: Vec<_> =
            shows.iter().filter(|(at_ms, s, _)| s.taken_at < START + at_ms).collect();
        // 20 drops of 3 s, and one of 8 s.
        assert_eq!(late.len(), 68);
        assert!(late.iter().all(|(_, showing, _)| showing.is_timed));
        assert_eq!(shows.iter().filter(|(.., again)| *again).count(), 5);
    }

    #[test]
    fn a_probe_that_is_off_is_one_thing_shown_and_not_two() {
        let off = shows("probe-off");
        assert!(off.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(
            off.iter().any(|(_, showing, _)| showing.shown.oximetry
                == Oximetry::Absent(SensorStatus::SensorOff))
        );
    }

    #[test]
    fn links_and_staff_stand_between() {
        let unplugged: Vec<_> = moments(scenario("monitor-unplugged").lines(), START)
            .filter(|(_, moment)| matches!(moment, Moment::Unplugged(_) | Moment::End))
            .collect();
        assert_eq!(
            unplugged,
            [
                (276_000, Moment::Unplugged(true)),
                (366_000, Moment::Unplugged(false)),
                (540_000, Moment::End)
            ]
        );
    }
}
