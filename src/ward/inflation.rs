//! What screens show of the cuff's last inflation: its start, its end, and whether it gave a
//! value. The last pressure is a reading of its own, and remains while the cuff measures.

use crate::contract::{self, CuffWord, Ended};
use crate::room::NotLive;
use crate::vitals::{Absent, DeviceId, Frame, Millis, Observation, Quality, Revision, Vital};

/// A cuff that stops reporting that it measures is taken to measure for at most this long: none may
/// be inflated longer (clinical.md#the-cuff-and-the-finger-clip).
const LONGEST_MS: i64 = 180_000;
/// For a monitor that reports it in every frame: after a pause of this length it is another
/// inflation.
const ANOTHER_AFTER_MS: i64 = 60_000;

/// The last inflation, as the stream and its snapshot show it. Times are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inflation {
    state: CuffWord,
    /// When it began; `None` when that was not said.
    since: Option<Millis>,
    /// When it ended; `None` while it measures.
    ended_at: Option<Millis>,
    device: Option<DeviceId>,
    heard_at: Millis,
}

const MEASURING: CuffWord = CuffWord::Absent(Absent::Measuring);

impl Inflation {
    /// An inflation that had begun before this run of the server.
    pub(super) fn begun(since: Millis) -> Self {
        let (since, heard_at) = (Some(since), since);
        Self { state: MEASURING, since, ended_at: None, device: None, heard_at }
    }

    /// As screens see it.
    pub(super) fn shown(&self) -> contract::Inflation {
        let Self { state, since, ended_at, .. } = *self;
        contract::Inflation { state, since, ended_at }
    }

    /// Whether this monitor reports on the inflation.
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

    /// Whether it looks the same on screens.
    pub(super) fn is_shown_alike(a: Option<&Self>, b: Option<&Self>) -> bool {
        a.map(Self::shown) == b.map(Self::shown)
    }

    /// The inflation after a frame; the readings `asides` of the frame are only charted.
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

    /// The inflation after a time in which nothing more was heard of it.
    pub(super) fn at(self, now: Millis) -> Self {
        if self.ended_at.is_some() || now.since(self.heard_at) <= LONGEST_MS {
            return self;
        }
        Self { state: CuffWord::Ended(Ended::Unknown), ended_at: Some(now), ..self }
    }
}

#[cfg(test)]
mod tests;
