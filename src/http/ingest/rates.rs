use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::adapters::native::Pace;
use crate::vitals::{DeviceId, Millis};

/// The most devices whose rate over HTTP is followed at a time. Beyond that, those that do not send
/// are forgotten, otherwise the first one: no more devices can have a token.
const MAX_FOLLOWED: usize = 4_096;

/// How fast each device posts its readings.
#[derive(Debug, Default)]
pub struct Rates(Mutex<BTreeMap<DeviceId, Pace>>);

impl Rates {
    /// The device posts one more frame.
    ///
    /// # Errors
    /// The device exceeds its rate, of which one second's worth may come at once. The error says
    /// how long it has to wait, milliseconds.
    pub(super) fn take(&self, device: &DeviceId, per_second: u32, now: Millis) -> Result<(), u64> {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !paces.contains_key(device) && paces.len() >= MAX_FOLLOWED {
            paces.retain(|_, pace| pace.is_ahead(now));
            if paces.len() >= MAX_FOLLOWED {
                paces.pop_first();
            }
        }
        let pace = paces.entry(device.clone()).or_insert_with(|| Pace::new(per_second));
        pace.may_take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(n: usize) -> DeviceId {
        DeviceId::new(&format!("mon-{n}")).unwrap()
    }

    #[test]
    fn a_burst_of_a_second_passes_and_then_the_rate_counts_for_each_device() {
        let rates = Rates::default();
        let take = |n, now| rates.take(&device(n), 10, Millis(now));
        for _ in 0..10 {
            assert_eq!(take(1, 0), Ok(()));
        }
        assert_eq!(take(1, 0), Err(100));
        assert_eq!(take(2, 0), Ok(()), "another device");
        assert_eq!(take(1, 99), Err(1));
        assert_eq!(take(1, 100), Ok(()));
        assert_eq!(take(1, 100), Err(100), "a refused frame cost nothing");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let rates = Rates::default();
        for n in 0..2 * MAX_FOLLOWED {
            assert_eq!(rates.take(&device(n), 1, Millis(0)), Ok(()));
        }
        assert!(rates.0.lock().unwrap().len() <= MAX_FOLLOWED);
    }
}
