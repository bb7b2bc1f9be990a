//! What screens show of the cuff's last inflation: its start, its end, and whether it gave a
//! value. The last pressure is a reading of its own, and remains while the cuff measures.

use crate::contract::{self, CuffWord, Ended};
use crate::room::NotLive;
use crate::vitals::{Absent, DeviceId, Frame, Millis, Observation, Quality, Revision, Vital};

/// A cuff that says no more that it measures goes on measuring for at most this long: longer none
/// may be inflated (clinical.md#the-cuff-and-the-finger-clip).
const LONGEST_MS: i64 = 180_000;
/// A monitor that says so in every frame; after a pause of this length it is another inflation.
const ANOTHER_AFTER_MS: i64 = 60_000;

/// The last inflation, as the stream and its snapshot show it. Times are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inflation {
    state: CuffWord,
    /// When it began; `None` when that was not said.
    since: Option<Millis>,
    /// When it was over; `None` while it measures.
    ended_at: Option<Millis>,
    device: Option<DeviceId>,
    heard_at: Millis,
}

const MEASURING: CuffWord = CuffWord::Absent(Absent::Measuring);

impl Inflation {
    /// One that had begun before this run of the server.
    pub(super) fn begun(since: Millis) -> Self {
        let (since, heard_at) = (Some(since), since);
        Self { state: MEASURING, since, ended_at: None, device: None, heard_at }
    }

    /// As screens see it.
    pub(super) fn shown(&self) -> contract::Inflation {
        let Self { state, since, ended_at, .. } = *self;
        contract::Inflation { state, since, ended_at }
    }

    /// Whether it is one that this monitor speaks of.
    pub(super) fn is_of(&self, device: &DeviceId) -> bool {
        self.device.as_ref() == Some(device)
    }

    /// Whether the cuff measures.
    pub(super) fn is_under_way(&self) -> bool {
        self.ended_at.is_none()
    }

    pub(super) fn has_device(&self) -> bool {
        self.device.is_some()
    }

    /// Whether screens see no difference.
    pub(super) fn is_shown_alike(a: Option<&Self>, b: Option<&Self>) -> bool {
        a.map(Self::shown) == b.map(Self::shown)
    }

    /// After a frame of which `asides` are charted alone.
    pub(super) fn after(
        mut before: Option<Self>,
        frame: &Frame,
        asides: &[(usize, NotLive)],
        at: Millis,
    ) -> Option<Self> {
        for (index, reading) in frame.readings.iter().enumerate() {
            let is_of_another_time = reading.revision == Revision::Withdraws
                || asides.iter().any(|(aside, _)| *aside == index);
            if reading.vital != Vital::Nibp || is_of_another_time {
                continue;
            }
            before = match reading.observation {
                Observation::Absent(Absent::Measuring) => {
                    let known = before.filter(|known| {
                        known.ended_at.is_none() && at.since(known.heard_at) <= ANOTHER_AFTER_MS
                    });
                    let device = Some(frame.device.clone());
                    Some(Self { heard_at: at, device, ..known.unwrap_or_else(|| Self::begun(at)) })
                }
                Observation::Absent(why) => Some(Self::over(before, why, frame, at)),
                Observation::Measured(_, Quality::Invalid) => {
                    Some(Self::over(before, Absent::Invalid, frame, at))
                }
                Observation::Measured(..) => before.map(|known| Self {
                    state: CuffWord::Ended(Ended::Done),
                    ended_at: known.ended_at.or(Some(at)),
                    ..known
                }),
            };
        }
        before
    }

    fn over(before: Option<Self>, why: Absent, frame: &Frame, at: Millis) -> Self {
        let state = CuffWord::Absent(why);
        match before {
            Some(known) if known.ended_at.is_none() || known.state == state => {
                Self { state, ended_at: known.ended_at.or(Some(at)), ..known }
            }
            _ => Self {
                state,
                since: None,
                ended_at: Some(at),
                device: Some(frame.device.clone()),
                heard_at: at,
            },
        }
    }

    /// After some time in which nothing more was heard of it.
    pub(super) fn at(self, now: Millis) -> Self {
        if self.ended_at.is_some() || now.since(self.heard_at) <= LONGEST_MS {
            return self;
        }
        Self { state: CuffWord::Ended(Ended::Unknown), ended_at: Some(now), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::{Decimal, Pressure, Reading, Value};

    fn frame(observation: Observation) -> Frame {
        Frame::by_hand(vec![Reading::new(Vital::Nibp, observation)])
    }

    fn hear(before: Option<Inflation>, observation: Observation, second: i64) -> Option<Inflation> {
        Inflation::after(before, &frame(observation), &[], Millis(second * 1_000))
    }

    fn json(inflation: &Option<Inflation>) -> String {
        serde_json::to_string(&inflation.as_ref().map(Inflation::shown)).unwrap()
    }

    const PRESSURE: Observation = Observation::Measured(
        Value::Pressure(Pressure {
            systolic: Some(Decimal::whole(128)),
            diastolic: Some(Decimal::whole(82)),
            mean: None,
        }),
        Quality::Good,
    );

    #[test]
    fn an_inflation_that_is_told_in_every_frame_is_one_and_ends_with_its_value() {
        let begun = hear(None, Observation::Absent(Absent::Measuring), 100);
        let on = hear(begun.clone(), Observation::Absent(Absent::Measuring), 130);
        assert_eq!(json(&on), r#"{"state":"measuring","since":100000,"ended_at":null}"#);
        let done = hear(on, PRESSURE, 135);
        assert_eq!(json(&done), r#"{"state":"done","since":100000,"ended_at":135000}"#);
        let next = hear(done, Observation::Absent(Absent::Measuring), 400);
        assert_eq!(json(&next), r#"{"state":"measuring","since":400000,"ended_at":null}"#);
    }

    #[test]
    fn a_failure_says_so_until_the_next_value_however_often_it_is_said() {
        let begun = hear(None, Observation::Absent(Absent::Measuring), 100);
        let failed = hear(begun, Observation::Absent(Absent::Failed), 140);
        let again = hear(failed.clone(), Observation::Absent(Absent::Failed), 141);
        assert_eq!(json(&again), r#"{"state":"failed","since":100000,"ended_at":140000}"#);
        assert_eq!(failed, again);
        let done = hear(again, PRESSURE, 200);
        assert_eq!(json(&done), r#"{"state":"done","since":100000,"ended_at":140000}"#);
        assert_eq!(json(&hear(None, PRESSURE, 1)), "null");
    }

    #[test]
    fn one_of_which_no_more_is_heard_is_over_after_three_minutes() {
        let begun = hear(None, Observation::Absent(Absent::Measuring), 0).unwrap();
        assert_eq!(begun.clone().at(Millis(180_000)), begun);
        let over = Some(begun.at(Millis(180_001)));
        assert_eq!(json(&over), r#"{"state":"unknown","since":0,"ended_at":180001}"#);
    }

    #[test]
    fn what_is_charted_alone_says_nothing_of_the_cuff() {
        let begun = hear(None, Observation::Absent(Absent::Measuring), 100);
        let repeated = [(0, NotLive::Repeated)];
        let after = Inflation::after(begun.clone(), &frame(PRESSURE), &repeated, Millis(130_000));
        assert_eq!(after, begun);
    }
}
