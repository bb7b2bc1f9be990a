//! What changed of a room's readings, as the stream shows it.

use super::inflation::Inflation;
use super::render::{FrameTimes, live_reading};
use super::screen_copy::Changes;
use crate::contract::{LiveReading, Parts, VitalsFrame};
use crate::room::NotLive;
use crate::vitals::{
    Absent, Frame, Observation, Quality, Reading, Revision, RoomId, Source, Vital,
};

/// Builds a frame of the stream with readings. Readings that are only charted come first, marked
/// late; then a cuff's reason for having no value; then each vital that changed, as it now is: if
/// there are several readings of one vital, the last is the one that a fresh snapshot shows.
pub(super) struct Changed<'a> {
    pub(super) room: &'a RoomId,
    pub(super) rev: u64,
    pub(super) times: FrameTimes,
    /// The monitor's frame, if one brought the change.
    pub(super) frame: Option<&'a Frame>,
    pub(super) asides: &'a [(usize, NotLive)],
    pub(super) changes: &'a Changes<'a>,
    pub(super) inflation: Option<&'a Inflation>,
}

impl<'a> Changed<'a> {
    /// The frame.
    pub(super) fn frame(&self) -> VitalsFrame<'a> {
        let FrameTimes { taken_at, received_at } = self.times;
        let late = self.late().map(|reading| as_it_came(reading, true));
        let failed = self.without_pressure().map(|reading| as_it_came(reading, false));
        let gone = self.changes.gone.iter().map(|vital| LiveReading {
            vital: Some(*vital),
            absent: Some(Absent::Never),
            ..LiveReading::default()
        });
        let latest = self.changes.latest.iter();
        let latest = latest.map(|latest| live_reading(latest, received_at, Some(self.times)));
        VitalsFrame {
            room: self.room,
            rev: self.rev,
            taken_at,
            received_at,
            readings: late.chain(failed).chain(gone).chain(latest).collect(),
            inflation: self.changes.inflation.then(|| self.inflation.map(Inflation::shown)),
        }
    }

    /// Whether there is anything to show.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.late().next().is_none()
    }

    fn late(&self) -> impl Iterator<Item = &'a Reading> {
        self.readings(|aside| aside == Some(NotLive::Late))
    }

    /// The cuff is measuring, or it failed: its last pressure stays as it was.
    fn without_pressure(&self) -> impl Iterator<Item = &'a Reading> {
        let is_without = |reading: &&Reading| {
            reading.vital == Vital::Nibp
                && matches!(
                    reading.observation,
                    Observation::Absent(_) | Observation::Measured(_, Quality::Invalid)
                )
        };
        self.readings(|aside| aside.is_none()).filter(is_without)
    }

    fn readings(
        &self,
        is_wanted: impl Fn(Option<NotLive>) -> bool,
    ) -> impl Iterator<Item = &'a Reading> {
        let asides = self.asides;
        let of = move |index| asides.iter().find(|(at, _)| *at == index).map(|(_, aside)| *aside);
        let readings = self.frame.map_or(&[][..], |frame| &frame.readings);
        let indexed = readings.iter().enumerate();
        indexed.filter(move |(index, _)| is_wanted(of(*index))).map(|(_, reading)| reading)
    }
}

/// A reading of the monitor's own frame, as it came.
fn as_it_came(reading: &Reading, is_late: bool) -> LiveReading<'_> {
    let plain = LiveReading {
        vital: Some(reading.vital),
        taken_at: reading.taken_at,
        channel: reading.channel.as_deref(),
        source: Some(reading.source).filter(|source| *source != Source::Monitor),
        bound: reading.bound,
        late: is_late || reading.is_late,
        corrects: reading.revision == Revision::Corrects,
        withdrawn: reading.revision == Revision::Withdraws,
        ..LiveReading::default()
    };
    plain.saying(Parts::of(&reading.observation))
}
