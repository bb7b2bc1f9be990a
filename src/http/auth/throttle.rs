//! How long a password waits before it is checked. Pure.
//!
//! The guesser is delayed, never the person. A browser that somebody has used before has a count of
//! its own, which nobody else's tries touch. From elsewhere a try for a name that failed waits a
//! little, longer with each wrong one, and is then checked: a right password is late, not refused.
//! What one name, one network and all together may have waiting at once is bounded, which also
//! bounds how many guesses an hour are checked:
//! [`AT_A_NAME`] × 3,600 s / the longest delay.
//!
//! None of it depends on whether a name exists, so that nothing can be learned from it; the one
//! exception is the reserve, see [`RESERVED`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};

use crate::vitals::Millis;

/// Wrong tries for a name, or with a browser, that do not wait: people mistype.
const FREE: u32 = 5;
/// The same for one network: a whole clinic may be behind one address.
const FREE_OF_A_NETWORK: u32 = 20;
/// How long each further try waits; the last value for ever. With the check itself it stays below
/// the 8 s after which a page gives up a request.
const DELAYS_MS: [i64; 4] = [500, 1_000, 2_000, 4_000];
/// Wrong tries are forgotten after this time without another.
const FORGET_AFTER_MS: i64 = 15 * 60_000;

/// The most tries for one name that are under way at once. Two a second, each for the longest
/// delay, are 8 from one place: the person's own still find room beside them.
const AT_A_NAME: u32 = 16;
/// How many of these may come from one network.
const AT_A_NAME_OF_A_NETWORK: u32 = 12;
/// The most tries from one network that are under way at once.
const OF_A_NETWORK: u32 = 48;
/// The most that are under way at once: each is a connection and a few kB.
const AT_ONCE: u32 = 256;
/// Reserved beyond [`OF_A_NETWORK`] and [`AT_ONCE`] for names that exist: somebody who floods a
/// network with made-up names does not shut out the people behind it. While that happens, the
/// flooder can find out which names exist.
const RESERVED: u32 = 16;
/// The most tries with one known browser for one name that are under way at once.
const OF_A_BROWSER: u32 = 4;
/// The most counts of each kind that are remembered. Beyond it the one that was quiet longest is
/// forgotten; those of names that exist are kept apart, so that made-up names do not displace them.
const REMEMBERED: usize = 1_024;

/// Somebody who gives a password.
#[derive(Clone, Debug)]
pub(super) struct Try {
    /// The name that they give.
    pub(super) name: String,
    /// Whether somebody has this name.
    pub(super) exists: bool,
    /// The address that it comes from.
    pub(super) network: Option<Network>,
    /// The browser, if this person has used it before.
    pub(super) browser: Option<[u8; 32]>,
}

/// An address, or for IPv6 the /64 that one household or clinic has to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 => v4,
        })
    }
}

/// A try that is under way.
#[derive(Debug)]
pub(super) struct Begun {
    tried: Try,
    /// Whether it counts only for the browser.
    pub(super) is_known: bool,
    /// How long the check waits.
    pub(super) wait_ms: i64,
    /// A wrong one is not answered sooner than this long after it began.
    pub(super) wrong_after_ms: i64,
}

#[derive(Debug, Default)]
struct Count {
    wrong: u32,
    last: Millis,
    /// Under way.
    open: u32,
}

impl Count {
    fn delay_ms(&self, free: u32) -> i64 {
        let Some(beyond) = self.wrong.checked_sub(free) else { return 0 };
        let step = usize::try_from(beyond).unwrap_or(usize::MAX);
        DELAYS_MS[step.min(DELAYS_MS.len() - 1)]
    }
}

/// Counts of one kind.
#[derive(Debug)]
struct Counts<K>(HashMap<K, Count>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Clone + Eq + Hash> Counts<K> {
    fn of(&mut self, key: &K, now: Millis) -> &mut Count {
        if self.0.len() >= REMEMBERED && !self.0.contains_key(key) {
            // One with a try under way was not quiet for long, but even that is only a count.
            let quietest = self.0.iter().min_by_key(|(_, count)| (count.open > 0, count.last));
            if let Some(key) = quietest.map(|(key, _)| key.clone()) {
                self.0.remove(&key);
            }
        }
        let count = self.0.entry(key.clone()).or_default();
        if now.since(count.last) > FORGET_AFTER_MS {
            count.wrong = 0;
        }
        count
    }

    /// It counts as wrong from its beginning, so that trying many at once gains nothing.
    fn begin(&mut self, key: &K, now: Millis) {
        let count = self.of(key, now);
        count.wrong = count.wrong.saturating_add(1);
        count.open += 1;
        count.last = now;
    }

    fn end(&mut self, key: &K, is_right: bool) {
        let Entry::Occupied(mut entry) = self.0.entry(key.clone()) else { return };
        let count = entry.get_mut();
        count.open = count.open.saturating_sub(1);
        if is_right {
            // The person's own few are forgotten; a guesser's many are not, as they are not theirs.
            count.wrong = if count.wrong <= FREE + 1 { 0 } else { count.wrong - 1 };
        }
        if count.open == 0 && count.wrong == 0 {
            entry.remove();
        }
    }
}

/// The counts, and what is under way.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    people: Counts<String>,
    made_up: Counts<String>,
    networks: Counts<Network>,
    browsers: Counts<([u8; 32], String)>,
    at_a_name: HashMap<(String, Network), u32>,
    open: u32,
}

impl Throttle {
    /// A try begins, or there is no room for it now. Every try that begins has to end.
    pub(super) fn begin(&mut self, tried: &Try, now: Millis) -> Result<Begun, Full> {
        if let Some(begun) = self.begin_known(tried, now) {
            return Ok(begun);
        }
        let name = self.names(tried).of(&tried.name, now);
        let (failed, of_name_ms) = (name.wrong > 0, name.delay_ms(FREE));
        let is_open = name.open < AT_A_NAME;
        let reserved = if tried.exists { RESERVED } else { 0 };
        let mut has_room = is_open && self.open < AT_ONCE + reserved;
        let mut of_network_ms = 0;
        if let Some(network) = tried.network {
            let count = self.networks.of(&network, now);
            of_network_ms = count.delay_ms(FREE_OF_A_NETWORK);
            has_room &= count.open < OF_A_NETWORK + reserved;
            let here = self.at_a_name.get(&(tried.name.clone(), network)).copied();
            has_room &= here.unwrap_or(0) < AT_A_NAME_OF_A_NETWORK;
        }
        if !has_room {
            return Err(Full);
        }
        self.names(tried).begin(&tried.name, now);
        if let Some(network) = tried.network {
            self.networks.begin(&network, now);
            *self.at_a_name.entry((tried.name.clone(), network)).or_default() += 1;
        }
        self.open += 1;
        let wrong_after_ms = of_name_ms.max(of_network_ms);
        // A name that has not failed does not wait because of its network: but then a wrong answer
        // comes no sooner than that for a name that is tried for the second time.
        let wait_ms = if failed { wrong_after_ms } else { 0 };
        Ok(Begun { tried: tried.clone(), is_known: false, wait_ms, wrong_after_ms })
    }

    /// With a browser that the person has used before: unless it is itself a guesser's.
    fn begin_known(&mut self, tried: &Try, now: Millis) -> Option<Begun> {
        let key = (tried.browser?, tried.name.clone());
        let count = self.browsers.of(&key, now);
        let wait_ms = count.delay_ms(FREE);
        if count.open >= OF_A_BROWSER {
            return None;
        }
        self.browsers.begin(&key, now);
        Some(Begun { tried: tried.clone(), is_known: true, wait_ms, wrong_after_ms: wait_ms })
    }

    /// A try is over: it was right, or wrong, or the caller has gone.
    pub(super) fn end(&mut self, begun: &Begun, is_right: bool) {
        let Begun { tried, is_known, .. } = begun;
        if let (true, Some(browser)) = (is_known, tried.browser) {
            self.browsers.end(&(browser, tried.name.clone()), is_right);
            return;
        }
        self.names(tried).end(&tried.name, is_right);
        self.open = self.open.saturating_sub(1);
        let Some(network) = tried.network else { return };
        self.networks.end(&network, is_right);
        if let Entry::Occupied(mut here) = self.at_a_name.entry((tried.name.clone(), network)) {
            *here.get_mut() -= 1;
            if *here.get() == 0 {
                here.remove();
            }
        }
    }

    fn names(&mut self, tried: &Try) -> &mut Counts<String> {
        if tried.exists { &mut self.people } else { &mut self.made_up }
    }
}

/// No room for a try: it was not checked, and may come again after this many seconds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Full {
    /// By then the tries that are under way now are over.
    pub(super) const RETRY_AFTER_S: u32 = 4;
}

#[cfg(test)]
#[path = "throttle_test.rs"]
mod tests;
