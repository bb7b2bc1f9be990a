use super::{DeviceId, Millis, Reading};

/// Data older than this when sent are charted and marked late, never evaluated as live
/// (DESIGN 2, "Same reading, one effect").
pub const LATE_AFTER_MS: i64 = 60_000;

/// What one device said at once. The room's input, and the unit that is stored and answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Who said it.
    pub device: DeviceId,
    /// The sender's number of the frame, when it counts.
    pub seq: Option<u64>,
    /// The sender's run, when it names one.
    pub boot: Option<Box<str>>,
    /// The sender's clock when it sent the frame.
    pub sent_at: Option<Millis>,
    /// The sender's clock when the readings were taken, unless they carry their own.
    pub taken_at: Option<Millis>,
    /// One or more readings.
    pub readings: Vec<Reading>,
}

impl Frame {
    /// The sender's clock at sending: as given, else the newest time in the frame.
    #[must_use]
    pub fn sender_time(&self) -> Option<Millis> {
        let readings = self.readings.iter().filter_map(|r| r.taken_at);
        self.sent_at.or_else(|| readings.chain(self.taken_at).max())
    }

    /// The device's time of a reading of this frame, when it gave one.
    #[must_use]
    pub fn taken_at(&self, reading: &Reading) -> Option<Millis> {
        reading.taken_at.or(self.taken_at)
    }
}
