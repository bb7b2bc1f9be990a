//! How often PINs may be tried. Pure.
//!
//! A PIN is short, so wrong ones are counted for the person aimed at, wherever they are tried, and
//! for the account that asks, however often it signs in. Whoever runs out of tries gives the
//! password instead: a person is never locked out.
//!
//! For one person 10 wrong PINs can be tried at once and then two a day: 740 in a year, which finds
//! one of 10,000 PINs with a probability of 7 %. Mistakes do not count when the right PIN follows
//! at once.

use std::collections::HashMap;

use crate::vitals::Millis;

/// Wrong PINs in a row for one person after which the next one waits (screens.md#signing-in).
const ROW: u32 = 5;
/// The wait after the fifth, and after each further one.
const WAITS_S: [u32; 5] = [30, 60, 120, 240, 480];
/// Wrong PINs for one person, and by one account, and how long until each may be tried again.
const AIMED: Budget = Budget { tries: 10, each_ms: 12 * 3_600_000 };
const ASKING: Budget = Budget { tries: 30, each_ms: 30 * 60_000 };
/// A right PIN forgives the wrong ones that the same login tried for the same person within this
/// time before it: they were that person's own.
const FORGIVEN_WITHIN_MS: i64 = 120_000;
/// The most people and accounts that are remembered. Beyond it the one that was quiet longest is
/// forgotten.
const REMEMBERED: usize = 1_024;

/// A number of tries, which become available again one by one.
#[derive(Debug)]
struct Budget {
    tries: i64,
    each_ms: i64,
}

/// How much of a budget is spent: when the last of it will be available again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spent(Millis);

impl Spent {
    fn is_all(self, budget: &Budget, now: Millis) -> bool {
        self.0.since(now) > (budget.tries - 1) * budget.each_ms
    }

    fn spend(&mut self, budget: &Budget, now: Millis) {
        self.0 = self.0.max(now).plus(budget.each_ms);
    }

    /// Never more than the whole budget, however far ahead the clock once was.
    fn not_beyond(&mut self, budget: &Budget, now: Millis) {
        self.0 = self.0.min(now.plus(budget.tries * budget.each_ms));
    }

    fn give_back(&mut self, budget: &Budget, tries: u32) {
        self.0 = self.0.plus(-budget.each_ms * i64::from(tries));
    }
}

/// Wrong PINs for whoever has these initials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Aimed {
    row: u32,
    last: Millis,
    spent: Spent,
    /// The login that tried last, and how often in a row.
    by: Option<([u8; 32], u32)>,
}

impl Aimed {
    /// As it is stored: wrong ones in a row, the last of them, and when all are available again.
    pub(super) fn kept(row: u32, last: Millis, back_at: Millis) -> Self {
        Self { row, last, spent: Spent(back_at), by: None }
    }

    /// What is stored of it.
    pub(super) fn parts(&self) -> (u32, Millis, Millis) {
        (self.row, self.last, self.spent.0)
    }

    fn waits_s(&self, now: Millis) -> Option<u32> {
        let beyond = usize::try_from(self.row.checked_sub(ROW)?).unwrap_or(usize::MAX);
        let whole_s = WAITS_S[beyond.min(WAITS_S.len() - 1)];
        let left_ms = i64::from(whole_s) * 1_000 - now.since(self.last);
        let left_s = u32::try_from((left_ms + 999) / 1_000).ok()?;
        (left_s > 0).then_some(left_s)
    }
}

/// Why a PIN is not tried.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotTried {
    /// Too many in a row: again after this many seconds.
    Wait(u32),
    /// Too many in all: with the password.
    Spent,
}

/// The counts.
#[derive(Debug, Default)]
pub(super) struct Pins {
    people: HashMap<String, Aimed>,
    made_up: HashMap<String, Aimed>,
    asking: HashMap<String, Spent>,
}

/// Somebody who tries a PIN.
#[derive(Clone, Copy, Debug)]
pub(super) struct PinTry<'a> {
    /// The initials of the person aimed at, folded.
    pub(super) initials: &'a str,
    /// Whether somebody has them.
    pub(super) exists: bool,
    /// The account that asks.
    pub(super) account: &'a str,
    /// The login of that account.
    pub(super) login: [u8; 32],
}

impl Pins {
    /// A PIN is tried, or refused for now. It counts as wrong from here on, so that trying many at
    /// once gains nothing.
    pub(super) fn begin(&mut self, tried: &PinTry<'_>, now: Millis) -> Result<(), NotTried> {
        let asking = entry(&mut self.asking, tried.account, |spent| spent.0);
        let people = if tried.exists { &mut self.people } else { &mut self.made_up };
        let aimed = entry(people, tried.initials, |aimed| aimed.last);
        aimed.last = aimed.last.min(now);
        aimed.spent.not_beyond(&AIMED, now);
        if aimed.spent.is_all(&AIMED, now) || asking.is_all(&ASKING, now) {
            return Err(NotTried::Spent);
        }
        if let Some(wait_s) = aimed.waits_s(now) {
            return Err(NotTried::Wait(wait_s));
        }
        let is_hers = now.since(aimed.last) <= FORGIVEN_WITHIN_MS;
        let before = aimed.by.filter(|(login, _)| is_hers && *login == tried.login);
        let in_a_row = before.map_or(1, |(_, n)| n + 1);
        aimed.by = Some((tried.login, in_a_row));
        aimed.row = aimed.row.saturating_add(1);
        aimed.last = now;
        aimed.spent.spend(&AIMED, now);
        asking.spend(&ASKING, now);
        Ok(())
    }

    /// The PIN was right. Returns how many of the wrong ones before it were the person's own.
    pub(super) fn right(&mut self, tried: &PinTry<'_>) -> u32 {
        let Some(aimed) = self.people.get_mut(tried.initials) else { return 0 };
        // This one is among them. Another login's try in between takes its place.
        let own = aimed.by.take().filter(|(login, _)| *login == tried.login).map_or(1, |(_, n)| n);
        aimed.row = 0;
        aimed.spent.give_back(&AIMED, own);
        if let Some(asking) = self.asking.get_mut(tried.account) {
            asking.give_back(&ASKING, own);
        }
        own - 1
    }

    /// Restores the wrong PINs for these initials.
    pub(super) fn remember(&mut self, initials: String, aimed: Aimed) {
        self.people.insert(initials, aimed);
    }

    /// What to store of the wrong PINs for these initials.
    pub(super) fn aimed(&self, initials: &str) -> Aimed {
        self.people.get(initials).copied().unwrap_or_default()
    }
}

fn entry<'a, T: Default>(
    all: &'a mut HashMap<String, T>,
    key: &str,
    last: impl Fn(&T) -> Millis,
) -> &'a mut T {
    if all.len() >= REMEMBERED && !all.contains_key(key) {
        let quietest = all.iter().min_by_key(|(_, value)| last(value));
        if let Some(key) = quietest.map(|(key, _)| key.clone()) {
            all.remove(&key);
        }
    }
    all.entry(key.to_owned()).or_default()
}

#[cfg(test)]
#[path = "pins_test.rs"]
mod tests;
