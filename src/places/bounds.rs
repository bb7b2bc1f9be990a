use std::net::IpAddr;

/// How many places there are, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// All places.
    pub total: usize,
    /// How many of these one address may take without anybody being signed in on them, see
    /// [`Place::signed_in`].
    pub of_an_address: usize,
    /// How many a loopback address may take: behind it are the many people of a proxy, or the many
    /// monitors of a tunnel.
    pub of_loopback: usize,
    /// Places that only a known address may take.
    pub kept_for_known: usize,
    /// A connection of [`GivesWay::Last`] that was heard this recently does not give way,
    /// milliseconds.
    pub last_after_ms: i64,
}

impl Bounds {
    /// The same bounds with fewer places, where the system does not allow so many.
    #[must_use]
    pub fn at_most(self, total: usize) -> Self {
        let total = total.min(self.total);
        Self {
            total,
            of_an_address: self.of_an_address.min(total),
            of_loopback: self.of_loopback.min(total),
            kept_for_known: self.kept_for_known.min(total / 2),
            ..self
        }
    }

    pub(super) fn share(&self, address: IpAddr) -> usize {
        if address.is_loopback() { self.of_loopback } else { self.of_an_address }
    }
}
