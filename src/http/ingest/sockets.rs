use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::vitals::DeviceId;

/// The open socket of each device: a new one replaces the old.
#[derive(Debug, Default)]
pub struct Sockets {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    of: HashMap<DeviceId, (u64, CancellationToken)>,
}

impl Sockets {
    /// A socket of `device` is open: returns its number, and a signal that another one replaced it.
    pub(super) fn open(&self, device: &DeviceId) -> (u64, CancellationToken) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.last += 1;
        let (number, replaced) = (open.last, CancellationToken::new());
        if let Some((_, older)) = open.of.insert(device.clone(), (number, replaced.clone())) {
            older.cancel();
        }
        (number, replaced)
    }

    /// It is closed.
    pub(super) fn close(&self, device: &DeviceId, number: u64) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.of.get(device).is_some_and(|(current, _)| *current == number) {
            open.of.remove(device);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_socket_of_a_device_replaces_the_old_one_and_no_other() {
        let sockets = Sockets::default();
        let (mon, other) = (DeviceId::new("mon-3").unwrap(), DeviceId::new("mon-4").unwrap());
        let (first, first_replaced) = sockets.open(&mon);
        let (_, other_replaced) = sockets.open(&other);
        let (_, second_replaced) = sockets.open(&mon);
        assert!(first_replaced.is_cancelled());
        sockets.close(&mon, first);
        assert!(!second_replaced.is_cancelled() && !other_replaced.is_cancelled());
        let (_, third_replaced) = sockets.open(&mon);
        assert!(second_replaced.is_cancelled() && !third_replaced.is_cancelled());
    }
}
