use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::IpAddr;

use tokio_util::sync::CancellationToken;

use super::bounds::Bounds;
use crate::vitals::Millis;

/// How many addresses are remembered as known; beyond that the one that became known first is
/// forgotten.
pub const MAX_KNOWN: usize = 4_096;

/// How many names are followed for each connection; one with more never counts as left behind.
pub(super) const MAX_NAMES: usize = 1_024;

/// How easily a connection gives its place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GivesWay {
    /// Before all others.
    First,
    /// When there is none of the first kind.
    Next,
    /// When there is no other, and only after it has been silent for a while.
    Last,
    /// Not at all.
    Never,
}

/// Who has which place, and what is remembered of those who came.
#[derive(Debug)]
pub(super) struct Seats {
    bounds: Bounds,
    last_number: u64,
    pub(super) seats: HashMap<u64, Seat>,
    pub(super) in_order: BTreeSet<(GivesWay, Millis, u64)>,
    /// Those that count towards their address's share.
    pub(super) of: HashMap<IpAddr, usize>,
    /// Those taken by an address that was not known at the time.
    pub(super) unknown: usize,
    pub(super) known: HashSet<IpAddr>,
    pub(super) known_in_order: VecDeque<IpAddr>,
    /// The connection on which each name was heard last.
    pub(super) names: BTreeMap<[u8; 16], u64>,
}

#[derive(Debug)]
pub(super) struct Seat {
    address: IpAddr,
    is_known: bool,
    /// Whether it counts towards its address's share.
    is_counted: bool,
    gives_way: GivesWay,
    heard: Millis,
    leave: CancellationToken,
    /// The names that were heard on it.
    names: Vec<[u8; 16]>,
    /// How many of these were not heard on a newer connection since.
    current: usize,
}

impl Seats {
    /// All seats free.
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            last_number: 0,
            seats: HashMap::new(),
            in_order: BTreeSet::new(),
            of: HashMap::new(),
            unknown: 0,
            known: HashSet::new(),
            known_in_order: VecDeque::new(),
            names: BTreeMap::new(),
        }
    }

    /// A seat for a connection from this address, which gives way first: its number, and the token
    /// that is cancelled when it must leave.
    pub(super) fn take(
        &mut self,
        address: IpAddr,
        now: Millis,
    ) -> Option<(u64, CancellationToken)> {
        let is_known = self.known.contains(&address);
        let Bounds { total, kept_for_known, .. } = self.bounds;
        if self.of.get(&address).copied().unwrap_or(0) >= self.bounds.share(address) {
            self.one_leaves(now, |seat| seat.is_counted && seat.address == address)?;
        }
        if !is_known && self.unknown >= total.saturating_sub(kept_for_known) {
            self.one_leaves(now, |seat| !seat.is_known)?;
        }
        if self.seats.len() >= total {
            self.one_leaves(now, |_| true)?;
        }
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
        Some((number, leave))
    }

    pub(super) fn taken(&self) -> usize {
        self.seats.len()
    }

    /// It sent something valid under this name.
    pub(super) fn spoke(&mut self, number: u64, name: [u8; 16], now: Millis) {
        self.change(number, GivesWay::Last, Some(now));
        let Some(address) = self.seats.get(&number).map(|seat| seat.address) else { return };
        self.know(address);
        if let Some(left) = self.name(number, name) {
            self.change(left, GivesWay::Next, None);
        }
    }

    pub(super) fn one_leaves(&mut self, now: Millis, may: impl Fn(&Seat) -> bool) -> Option<()> {
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
    pub(super) fn free(&mut self, number: u64) -> Option<CancellationToken> {
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

    pub(super) fn signed_in(&mut self, number: u64) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let address = seat.address;
        if std::mem::take(&mut seat.is_counted) {
            self.count_one_less(address);
        }
    }

    pub(super) fn change(&mut self, number: u64, gives_way: GivesWay, heard: Option<Millis>) {
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

    /// A name was heard on a connection: the one on which it was heard before has one name less.
    /// Returns that connection if it has no name left.
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
