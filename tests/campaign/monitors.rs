//! Monitors at the bedside: they say something each second, and say it again until it is stored.

use dripwatch::adapters::{Arrival, Copies, Delivery, FrameKey, Identity};
use dripwatch::vitals::wire::Parsed;
use dripwatch::vitals::{DeviceId, Millis, Source};
use serde_json::json;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::chance::Chance;

/// Frames that a monitor keeps until they are stored.
const REMEMBERS: usize = 600;
/// As the ward recognises copies.
const SAME_WITHIN_MS: i64 = 600_000;

/// Something that was said.
struct Said {
    seq: u64,
    text: String,
    stored: Option<oneshot::Receiver<()>>,
}

/// One monitor and the body under it.
pub(crate) struct Monitor {
    pub(crate) device: DeviceId,
    seq: u64,
    spo2: u32,
    changes_at: Millis,
    is_cut_until: Millis,
    unanswered: Vec<Said>,
    /// The numbers of all that the ward said it had stored.
    pub(crate) stored: Vec<u64>,
}

impl Monitor {
    pub(crate) fn new(device: DeviceId) -> Self {
        let (unanswered, stored, then) = (Vec::new(), Vec::new(), Millis(i64::MIN));
        Self { device, seq: 0, spo2: 97, changes_at: then, is_cut_until: then, unanswered, stored }
    }

    /// No way to the ward for a while.
    pub(crate) fn cut(&mut self, until: Millis) {
        self.is_cut_until = until;
    }

    /// What it measures from now on, until further notice.
    pub(crate) fn measures(&mut self, spo2: u32, now: Millis) {
        (self.spo2, self.changes_at) = (spo2, now.plus(3_600_000));
    }

    /// The clocks of server and monitor are set together.
    pub(crate) fn clock_set(&mut self, by_ms: i64) {
        self.changes_at = self.changes_at.plus(by_ms);
        self.is_cut_until = self.is_cut_until.plus(by_ms);
    }

    /// A second has passed.
    pub(crate) fn speak(&mut self, now: Millis, chance: &mut Chance) -> Option<Arrival> {
        if now >= self.changes_at {
            self.spo2 = *chance.of(&[97, 97, 96, 91, 83]);
            self.changes_at = now.plus(5_000 + chance.below(60_000) as i64);
        }
        self.seq += 1;
        let readings = json!([{"vital": "spo2", "value": self.spo2},
                              {"vital": "pulse_rate", "value": 70 + self.seq % 9}]);
        let text = json!({"type": "readings", "seq": self.seq, "boot": "b", "readings": readings});
        if self.unanswered.len() == REMEMBERS {
            self.unanswered.remove(0);
        }
        self.unanswered.push(Said { seq: self.seq, text: text.to_string(), stored: None });
        (now >= self.is_cut_until).then(|| self.send(self.unanswered.len() - 1)).flatten()
    }

    /// Everything that was not answered, once more: after the connection was lost.
    pub(crate) fn repeat(&mut self) -> Vec<Arrival> {
        (0..self.unanswered.len()).filter_map(|index| self.send(index)).collect()
    }

    fn send(&mut self, index: usize) -> Option<Arrival> {
        let said = &mut self.unanswered[index];
        let frame = Parsed::read(&said.text, &self.device, Source::Monitor).ok()?.frame;
        let key = FrameKey::of(&[self.device.as_str().as_bytes(), said.text.as_bytes()]);
        let (stored, told) = oneshot::channel();
        said.stored = Some(told);
        Some(Arrival::Frame(Delivery {
            frame,
            adapter: "native",
            key,
            same_within_ms: SAME_WITHIN_MS,
            copies: Copies::AreOne,
            identity: Identity::default(),
            not_understood: Vec::new(),
            stored,
        }))
    }

    /// The connection is gone, and with it every answer that was on its way.
    pub(crate) fn forget_answers(&mut self) {
        self.unanswered.iter_mut().for_each(|said| said.stored = None);
    }

    /// Hears what was stored.
    pub(crate) fn hear_answers(&mut self) {
        let stored = &mut self.stored;
        self.unanswered.retain_mut(|said| {
            match said.stored.as_mut().map(oneshot::Receiver::try_recv) {
                Some(Ok(())) => {
                    stored.push(said.seq);
                    return false;
                }
                Some(Err(TryRecvError::Closed)) => said.stored = None,
                Some(Err(TryRecvError::Empty)) | None => {}
            }
            true
        });
    }
}
