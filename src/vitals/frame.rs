use super::wire::{LONGEST_TEXT_BYTES, YEAR_10000_MS};
use super::{DeviceId, Millis, Reading, Vital};

/// Data older than this when sent are charted and marked late, never evaluated as live
/// (design.md#wrong-clocks-and-late-data).
pub const LATE_AFTER_MS: i64 = 60_000;

/// The channel of a pulse that the cuff counted while it was inflated: one value per inflation.
pub const CUFF_CHANNEL: &str = "cuff";

/// What one device sent at once: the room's input, and the unit that is stored and answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The device that sent it.
    pub device: DeviceId,
    /// The sender's number of the frame, if it counts them.
    pub seq: Option<u64>,
    /// The sender's run, if it names one.
    pub boot: Option<Box<str>>,
    /// The sender's clock when it sent the frame.
    pub sent_at: Option<Millis>,
    /// The sender's clock when the readings were taken, unless they carry their own.
    pub taken_at: Option<Millis>,
    /// How many of its values were refused because no living patient has them.
    pub implausible: u32,
    /// The usable readings; empty when every value was refused.
    pub readings: Vec<Reading>,
}

impl Frame {
    /// What a person measured and entered.
    #[must_use]
    pub fn by_hand(readings: Vec<Reading>) -> Self {
        let device = DeviceId::by_hand();
        Self {
            device,
            seq: None,
            boot: None,
            sent_at: None,
            taken_at: None,
            implausible: 0,
            readings,
        }
    }

    /// The sender's clock at sending: as given, otherwise the time of the frame. Never that of one
    /// reading: an NIBP keeps the time of its inflation, however often it is sent.
    #[must_use]
    pub fn sender_time(&self) -> Option<Millis> {
        self.sent_at.or(self.taken_at)
    }

    /// The newest time of its data by the device's clock: of the frame or a reading, but not of a
    /// cuff's result, which keeps the time of its inflation.
    #[must_use]
    pub fn newest_data_at(&self) -> Option<Millis> {
        let is_of_cuff = |reading: &Reading| {
            reading.vital == Vital::Nibp || reading.channel.as_deref() == Some(CUFF_CHANNEL)
        };
        let of_readings = self.readings.iter().filter(|reading| !is_of_cuff(reading));
        of_readings.filter_map(|reading| reading.taken_at).chain(self.taken_at).max()
    }

    /// Drops times and shortens texts that the JSON reader would refuse: what is stored must be
    /// readable after a restart, whichever adapter it came through.
    pub fn keep_to_what_can_be_read_again(&mut self) {
        let readable = |time: Option<Millis>| time.filter(|at| (0..YEAR_10000_MS).contains(&at.0));
        self.sent_at = readable(self.sent_at);
        self.taken_at = readable(self.taken_at);
        shorten(&mut self.boot);
        for reading in &mut self.readings {
            reading.taken_at = readable(reading.taken_at);
            shorten(&mut reading.channel);
        }
    }

    /// The device's time of a reading of this frame, if it gave one.
    #[must_use]
    pub fn taken_at(&self, reading: &Reading) -> Option<Millis> {
        reading.taken_at.or(self.taken_at)
    }
}

/// Two texts that differ stay different: one that is cut ends with the digest of the whole.
fn shorten(text: &mut Option<Box<str>>) {
    const DIGITS: usize = 8;
    if let Some(long) = text.as_mut().filter(|text| text.len() > LONGEST_TEXT_BYTES) {
        let digest = blake3::hash(long.as_bytes()).to_hex();
        let end = long.floor_char_boundary(LONGEST_TEXT_BYTES - DIGITS - 1);
        *long = format!("{}#{}", &long[..end], &digest[..DIGITS]).into();
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::Parsed;
    use super::super::{Decimal, Source, Vital};
    use super::*;

    #[test]
    fn whatever_an_adapter_says_can_be_read_again() {
        let device = DeviceId::new("m").unwrap();
        let mut reading = Reading::number(Vital::Spo2, Decimal::whole(97));
        reading.channel = Some("漢".repeat(64).into());
        reading.taken_at = Some(Millis(-1_800_000));
        let mut frame = Frame {
            device: device.clone(),
            seq: None,
            boot: Some("b".repeat(500).into()),
            sent_at: Some(Millis(-1_800_000)),
            taken_at: Some(Millis(i64::MAX)),
            implausible: 0,
            readings: vec![reading],
        };
        frame.keep_to_what_can_be_read_again();
        assert_eq!(frame.sent_at, None);
        let json = serde_json::to_string(&frame).unwrap();
        assert_eq!(Parsed::read(&json, &device, Source::Monitor).unwrap().frame, frame);
    }
}
