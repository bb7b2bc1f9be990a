//! A bounded number of places for connections, and who gives way when all are taken. Pure: the
//! time comes in, and who must go is told by a token.
//!
//! Somebody who holds places without using them must not shut others out, and somebody who is
//! known to be of use must not be shut out. So each connection has an ease with which it gives
//! way, which its owner changes as it shows what it is; a newcomer that finds no place gets that of
//! the connection that gives way most easily and, among equals, has been silent longest.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::vitals::Millis;

/// Addresses that are remembered as known; of more, the one that was known first is forgotten.
pub const MAX_KNOWN: usize = 4_096;

/// How many places there are, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// All places.
    pub total: usize,
    /// Of these, how many one address may take without anybody being signed in on them, see
    /// [`Place::signed_in`].
    pub of_an_address: usize,
    /// How many a loopback address may take: behind it are a proxy's many people, or a tunnel's
    /// many monitors.
    pub of_loopback: usize,
    /// Places that only an address that is known may take.
    pub kept_for_known: usize,
    /// A connection of [`GivesWay::Last`] that was heard this recently does not give way,
    /// milliseconds.
    pub last_after_ms: i64,
}

impl Bounds {
    /// The same with fewer places, where the system does not allow so many.
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
}

/// How easily a connection gives its place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GivesWay {
    /// Before all others.
    First,
    /// When there is none of the first.
    Next,
    /// When there is no other, and only when it has been silent for a while.
    Last,
    /// Not at all.
    Never,
}

/// The places of one listener. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Places(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    bounds: Bounds,
    last_number: u64,
    seats: HashMap<u64, Seat>,
    in_order: BTreeSet<(GivesWay, Millis, u64)>,
    /// Those that count in their address's share.
    of: HashMap<IpAddr, usize>,
    /// Taken by an address that was not known then.
    unknown: usize,
    known: HashSet<IpAddr>,
    known_in_order: VecDeque<IpAddr>,
    /// The connection on which each name was heard last.
    names: BTreeMap<[u8; 16], u64>,
}

#[derive(Debug)]
struct Seat {
    address: IpAddr,
    is_known: bool,
    /// In its address's share.
    is_counted: bool,
    gives_way: GivesWay,
    heard: Millis,
    leave: CancellationToken,
    /// The names that were heard on it.
    names: Vec<[u8; 16]>,
    /// Of these, how many were not heard on a newer one since.
    current: usize,
}

/// Names that are followed for each connection; one with more never counts as left behind.
const MAX_NAMES: usize = 1_024;

/// One connection's place; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    number: u64,
    leave: CancellationToken,
}

impl Places {
    /// All of them free.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            bounds,
            last_number: 0,
            seats: HashMap::new(),
            in_order: BTreeSet::new(),
            of: HashMap::new(),
            unknown: 0,
            known: HashSet::new(),
            known_in_order: VecDeque::new(),
            names: BTreeMap::new(),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from this address; it gives way first. Another may be told to
    /// leave for it. `None` when nobody gives way.
    #[must_use]
    pub fn take(&self, address: IpAddr, now: Millis) -> Option<Place> {
        let address = address.to_canonical();
        let mut inner = self.lock();
        let is_known = inner.known.contains(&address);
        let Bounds { total, kept_for_known, .. } = inner.bounds;
        let share = inner.bounds.share(address);
        if inner.of.get(&address).copied().unwrap_or(0) >= share {
            inner.one_leaves(now, |seat| seat.is_counted && seat.address == address)?;
        }
        if !is_known && inner.unknown >= total.saturating_sub(kept_for_known) {
            inner.one_leaves(now, |seat| !seat.is_known)?;
        }
        if inner.seats.len() >= total {
            inner.one_leaves(now, |_| true)?;
        }
        Some(inner.seat(address, is_known, now, self))
    }

    /// The connection that gives way most easily is told to leave, such as when the system has no
    /// more file handles. Whether there is one.
    pub fn one_leaves(&self, now: Millis) -> bool {
        self.lock().one_leaves(now, |_| true).is_some()
    }

    /// How many are taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.lock().seats.len()
    }
}

impl Bounds {
    fn share(&self, address: IpAddr) -> usize {
        if address.is_loopback() { self.of_loopback } else { self.of_an_address }
    }
}

impl Inner {
    fn seat(&mut self, address: IpAddr, is_known: bool, now: Millis, places: &Places) -> Place {
        self.last_number += 1;
        let (number, leave) = (self.last_number, CancellationToken::new());
        let seat = Seat {
            address,
            is_known,
            is_counted: true,
            gives_way: GivesWay::First,
            heard: now,
            leave: leave.clone(),
            names: Vec::new(),
            current: 0,
        };
        self.in_order.insert((seat.gives_way, seat.heard, number));
        self.seats.insert(number, seat);
        *self.of.entry(address).or_default() += 1;
        self.unknown += usize::from(!is_known);
        Place { places: places.clone(), number, leave }
    }

    fn one_leaves(&mut self, now: Millis, may: impl Fn(&Seat) -> bool) -> Option<()> {
        let silent_since = now.plus(-self.bounds.last_after_ms);
        let number = self.in_order.iter().find_map(|(gives_way, heard, number)| {
            let would = match gives_way {
                GivesWay::First | GivesWay::Next => true,
                GivesWay::Last => *heard <= silent_since,
                GivesWay::Never => false,
            };
            (would && self.seats.get(number).is_some_and(&may)).then_some(*number)
        })?;
        self.free(number)?.cancel();
        Some(())
    }

    /// Takes the seat away.
    fn free(&mut self, number: u64) -> Option<CancellationToken> {
        let seat = self.seats.remove(&number)?;
        self.in_order.remove(&(seat.gives_way, seat.heard, number));
        if seat.is_counted {
            self.count_one_less(seat.address);
        }
        self.unknown -= usize::from(!seat.is_known);
        for name in seat.names {
            if self.names.get(&name) == Some(&number) {
                self.names.remove(&name);
            }
        }
        Some(seat.leave)
    }

    fn count_one_less(&mut self, address: IpAddr) {
        if let Some(count) = self.of.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.of.remove(&address);
            }
        }
    }

    fn signed_in(&mut self, number: u64) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let address = seat.address;
        if std::mem::take(&mut seat.is_counted) {
            self.count_one_less(address);
        }
    }

    fn change(&mut self, number: u64, gives_way: GivesWay, heard: Option<Millis>) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        self.in_order.remove(&(seat.gives_way, seat.heard, number));
        seat.gives_way = gives_way;
        seat.heard = heard.unwrap_or(seat.heard);
        self.in_order.insert((seat.gives_way, seat.heard, number));
    }

    fn know(&mut self, address: IpAddr) {
        if self.known.insert(address) {
            self.known_in_order.push_back(address);
            if self.known_in_order.len() > MAX_KNOWN
                && let Some(oldest) = self.known_in_order.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
    }

    /// A name was heard on a connection: that on which it was heard before has one less. Gives the
    /// connection that has none left.
    fn name(&mut self, number: u64, name: [u8; 16]) -> Option<u64> {
        let seat = self.seats.get_mut(&number)?;
        if self.names.get(&name) == Some(&number) || seat.names.len() >= MAX_NAMES {
            return None;
        }
        if !seat.names.contains(&name) {
            seat.names.push(name);
        }
        seat.current += 1;
        let before = self.names.insert(name, number)?;
        let left = self.seats.get_mut(&before)?;
        left.current = left.current.saturating_sub(1);
        (left.current == 0 && left.names.len() < MAX_NAMES).then_some(before)
    }
}

impl Place {
    /// Returns once another connection needs the place.
    pub async fn must_leave(&self) {
        self.leave.cancelled().await;
    }

    /// It gives way so easily from now on, and was heard just now.
    pub fn heard(&self, gives_way: GivesWay, now: Millis) {
        self.places.lock().change(self.number, gives_way, Some(now));
    }

    /// It gives way so easily from now on.
    pub fn gives_way(&self, gives_way: GivesWay) {
        self.places.lock().change(self.number, gives_way, None);
    }

    /// Somebody is signed in on it: from now on it does not count in its address's share. A whole
    /// clinic may be behind one address.
    pub fn signed_in(&self) {
        self.places.lock().signed_in(self.number);
    }

    /// It spoke sense under this name: its address is known from now on, it gives way last, and
    /// an older connection on which nothing but this name was heard gives way to it.
    pub fn spoke(&self, name: [u8; 16], now: Millis) {
        let mut inner = self.places.lock();
        inner.change(self.number, GivesWay::Last, Some(now));
        let Some(address) = inner.seats.get(&self.number).map(|seat| seat.address) else { return };
        inner.know(address);
        if let Some(left) = inner.name(self.number, name) {
            inner.change(left, GivesWay::Next, None);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // One that was told to leave has no seat any more.
        self.places.lock().free(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds {
        total: 4,
        of_an_address: 2,
        of_loopback: 4,
        kept_for_known: 0,
        last_after_ms: 60_000,
    };

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn take(places: &Places, last: u8, at: i64) -> Option<Place> {
        places.take(address(last), Millis(at))
    }

    #[test]
    fn the_one_that_has_been_silent_longest_gives_way() {
        let places = Places::new(BOUNDS);
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| take(&places, n, i64::from(n)).unwrap());
        a.heard(GivesWay::First, Millis(10));
        let e = take(&places, 5, 11).unwrap();
        assert!(b.leave.is_cancelled());
        assert_eq!(places.taken(), 4);
        c.gives_way(GivesWay::Never);
        d.gives_way(GivesWay::Next);
        let f = take(&places, 6, 12).unwrap();
        assert!(a.leave.is_cancelled(), "one that gives way first goes before one that is older");
        drop((b, a));
        e.gives_way(GivesWay::Never);
        f.gives_way(GivesWay::Never);
        let g = take(&places, 7, 13).unwrap();
        assert!(d.leave.is_cancelled());
        g.gives_way(GivesWay::Never);
        assert!(take(&places, 8, 14).is_none(), "nobody gives way");
        drop(g);
        assert!(take(&places, 8, 15).is_some());
    }

    #[test]
    fn one_that_spoke_gives_way_only_after_a_long_silence() {
        let places = Places::new(Bounds { total: 1, ..BOUNDS });
        let a = take(&places, 1, 0).unwrap();
        a.spoke([1; 16], Millis(0));
        assert!(take(&places, 2, 59_999).is_none());
        let _b = take(&places, 2, 60_000).unwrap();
        assert!(a.leave.is_cancelled());
    }

    #[test]
    fn an_address_has_its_share_and_gives_way_to_itself() {
        let places = Places::new(BOUNDS);
        let first = take(&places, 1, 0).unwrap();
        let _second = take(&places, 1, 1).unwrap();
        let _third = take(&places, 1, 2).unwrap();
        assert!(first.leave.is_cancelled());
        assert_eq!(places.taken(), 2);
        let loopback: Vec<_> =
            (0..4).map(|at| places.take(IpAddr::from([127, 0, 0, 1]), Millis(at))).collect();
        assert!(loopback.iter().all(Option::is_some));
    }

    #[test]
    fn who_is_signed_in_is_not_in_the_share_of_their_address() {
        let places = Places::new(Bounds { total: 6, ..BOUNDS });
        let signed_in = [0, 1, 2].map(|at| {
            let place = take(&places, 1, at).unwrap();
            place.signed_in();
            place.signed_in();
            place.gives_way(GivesWay::Never);
            place
        });
        assert_eq!(places.taken(), 3);
        let strangers = [3, 4, 5].map(|at| take(&places, 1, at).unwrap());
        assert!(strangers[0].leave.is_cancelled(), "who is not has the share, as before");
        assert_eq!(places.taken(), 5);
        drop((signed_in, strangers));
        assert!(places.lock().of.is_empty());
    }

    #[test]
    fn a_connection_that_was_left_behind_by_all_of_its_names_gives_way_at_once() {
        let places = Places::new(Bounds { total: 2, ..BOUNDS });
        let old = take(&places, 1, 0).unwrap();
        old.spoke([1; 16], Millis(0));
        old.spoke([2; 16], Millis(0));
        let new = take(&places, 2, 1).unwrap();
        new.spoke([1; 16], Millis(1));
        assert!(take(&places, 3, 2).is_none(), "one of its names has no other");
        new.spoke([2; 16], Millis(2));
        let _other = take(&places, 3, 3).unwrap();
        assert!(old.leave.is_cancelled() && !new.leave.is_cancelled());
    }

    #[test]
    fn a_connection_of_more_monitors_than_are_followed_never_counts_as_left_behind() {
        for (monitors, is_left) in [(MAX_NAMES - 1, true), (MAX_NAMES, false)] {
            let places = Places::new(Bounds { total: 2, ..BOUNDS });
            let [old, new] = [1, 2].map(|n| take(&places, n, 0).unwrap());
            for place in [&old, &new] {
                (0..monitors as u128).for_each(|n| place.spoke(n.to_be_bytes(), Millis(0)));
            }
            assert_eq!(take(&places, 3, 1).is_some(), is_left, "{monitors} monitors");
            assert_eq!(old.leave.is_cancelled(), is_left);
        }
    }

    #[test]
    fn places_are_kept_for_addresses_that_are_known() {
        let places = Places::new(Bounds { total: 3, kept_for_known: 1, ..BOUNDS });
        let known = take(&places, 1, 0).unwrap();
        known.spoke([1; 16], Millis(0));
        drop(known);
        let strangers = [2, 3].map(|n| take(&places, n, 0).unwrap());
        strangers.iter().for_each(|stranger| stranger.gives_way(GivesWay::Never));
        assert!(take(&places, 4, 1).is_none());
        assert!(take(&places, 1, 1).is_some());
    }

    #[test]
    fn what_is_remembered_is_bounded_and_what_left_leaves_nothing_behind() {
        let places = Places::new(BOUNDS);
        for n in 0..10_000_u32 {
            let place = places.take(IpAddr::from(n.to_be_bytes()), Millis(0)).unwrap();
            place.spoke(u128::from(n).to_be_bytes(), Millis(0));
        }
        let inner = places.lock();
        assert_eq!((inner.known.len(), inner.known_in_order.len()), (MAX_KNOWN, MAX_KNOWN));
        assert!(inner.seats.is_empty() && inner.in_order.is_empty() && inner.of.is_empty());
        assert!(inner.names.is_empty() && inner.unknown == 0);
    }

    #[test]
    fn fewer_places_keep_their_proportions_where_they_can() {
        let few = BOUNDS.at_most(2);
        assert_eq!((few.total, few.of_loopback, few.of_an_address), (2, 2, 2));
        assert_eq!(BOUNDS.at_most(1_000), BOUNDS);
    }
}
