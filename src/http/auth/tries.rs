//! Wrong PINs and passwords, for the person aimed at and for the clinic's chain. Pure.
//!
//! A flood must not flood the chain: the first wrong try for a person makes a line at once, what
//! follows is counted into one line after a minute, then after two, four, up to an hour.

use std::collections::HashMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::contract::WrongTries;
use crate::vitals::Millis;

/// The first lines about one target are at least this far apart, each later one twice as far.
const LINE_EVERY_MS: i64 = 60_000;
const LINE_AT_LEAST_EVERY_MS: i64 = 3_600_000;
/// The most places that are named; the last ones.
const PLACES: usize = 4;
/// Networks from which tries for made-up names are counted separately; all others count as one.
const NETWORKS: usize = 64;

/// Whose account a wrong try was aimed at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Aim {
    /// Somebody with this name.
    Person(String),
    /// Nobody, from this address. What was typed is not kept: it may be a password in the wrong
    /// field.
    Nobody(Option<IpAddr>),
}

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret<'a> {
    /// A PIN, with these initials, folded.
    Pin(&'a str),
    Password,
}

impl WrongTries {
    fn add(&mut self, place: &str, now: Millis) {
        self.count = self.count.saturating_add(1);
        self.last_at = Some(now);
        self.name(place);
    }

    fn name(&mut self, place: &str) {
        self.places.retain(|known| known != place);
        if self.places.len() == PLACES {
            self.places.remove(0);
        }
        self.places.push(place.to_owned());
    }

    /// Both, `later` after this.
    fn and(mut self, later: &Self) -> Self {
        self.count = self.count.saturating_add(later.count);
        self.last_at = later.last_at.or(self.last_at);
        later.places.iter().for_each(|place| self.name(place));
        self
    }

    fn forgive(&mut self, tries: u32) {
        self.count = self.count.saturating_sub(tries);
        if self.count == 0 {
            *self = Self::default();
        }
    }
}

/// What is kept for one person: what they may have seen at their last sign-in, and what came after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    before: WrongTries,
    since: WrongTries,
}

/// What is not in the chain yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) pins: u32,
    pub(super) passwords: u32,
    /// The initials with which PINs were tried.
    pub(super) initials: Option<String>,
    pub(super) first_at: Option<Millis>,
    pub(super) last_at: Option<Millis>,
    pub(super) places: Vec<String>,
    /// Accounts that were signed in where it was tried.
    pub(super) by: Vec<String>,
}

#[derive(Debug, Default)]
struct Pending {
    line: Line,
    next_at: Millis,
    every_ms: i64,
}

/// All of it. It holds only people of the staff, so that its size is that of the staff.
#[derive(Debug, Default)]
pub(super) struct Tries {
    people: HashMap<String, Kept>,
    pending: HashMap<Aim, Pending>,
}

impl Tries {
    /// A wrong try. Returns when [`Self::line`] is to take its line, unless that is already
    /// arranged.
    pub(super) fn wrong(
        &mut self,
        aim: Aim,
        secret: Secret<'_>,
        by: Option<&str>,
        from: Option<IpAddr>,
        now: Millis,
    ) -> (Aim, Option<Millis>) {
        let place = place(by, from);
        if let Aim::Person(name) = &aim {
            self.people.entry(name.clone()).or_default().since.add(&place, now);
        }
        let aim = self.counted_with(aim);
        let pending = self.pending.entry(aim.clone()).or_default();
        let line = &mut pending.line;
        match secret {
            Secret::Pin(initials) => {
                line.pins = line.pins.saturating_add(1);
                line.initials = Some(initials.to_owned());
            }
            Secret::Password => line.passwords = line.passwords.saturating_add(1),
        }
        add(&mut line.places, &place);
        by.iter().for_each(|by| add(&mut line.by, by));
        line.last_at = Some(now);
        if line.first_at.is_some() {
            return (aim, None);
        }
        line.first_at = Some(now);
        if pending.every_ms == 0 || now.since(pending.next_at) > LINE_AT_LEAST_EVERY_MS {
            (pending.every_ms, pending.next_at) = (LINE_EVERY_MS, now);
        }
        (aim, Some(pending.next_at.max(now)))
    }

    fn counted_with(&self, aim: Aim) -> Aim {
        let networks = || self.pending.keys().filter(|aim| matches!(aim, Aim::Nobody(_))).count();
        match aim {
            Aim::Nobody(_) if !self.pending.contains_key(&aim) && networks() >= NETWORKS => {
                Aim::Nobody(None)
            }
            aim => aim,
        }
    }

    /// The line that is due, if there is something to report.
    pub(super) fn line(&mut self, aim: &Aim, now: Millis) -> Option<Line> {
        let pending = self.pending.get_mut(aim)?;
        pending.line.first_at?;
        pending.next_at = now.plus(pending.every_ms);
        pending.every_ms = (pending.every_ms * 2).min(LINE_AT_LEAST_EVERY_MS);
        Some(std::mem::take(&mut pending.line))
    }

    /// Everybody about whom there is something to write.
    pub(super) fn unwritten(&self) -> Vec<Aim> {
        let waits = self.pending.iter().filter(|(_, pending)| pending.line.first_at.is_some());
        waits.map(|(aim, _)| aim.clone()).collect()
    }

    /// The last so many wrong ones were the person's own: the right one followed.
    pub(super) fn forgive(&mut self, name: &str, tries: u32) {
        if let Some(kept) = self.people.get_mut(name) {
            kept.since.forgive(tries);
        }
    }

    /// They have signed in, and see what came since the last time.
    pub(super) fn signed_in(&mut self, name: &str) {
        if let Some(kept) = self.people.get_mut(name) {
            kept.before = std::mem::take(&mut kept.since);
            if *kept == Kept::default() {
                self.people.remove(name);
            }
        }
    }

    /// The wrong tries that they are shown: those between their last two sign-ins, and those since.
    pub(super) fn of(&self, name: &str) -> WrongTries {
        let kept = self.people.get(name);
        kept.map(|kept| kept.before.clone().and(&kept.since)).unwrap_or_default()
    }

    /// The form in which it is stored.
    pub(super) fn kept(&self, name: &str) -> Kept {
        self.people.get(name).cloned().unwrap_or_default()
    }

    /// Restores it from the stored form.
    pub(super) fn remember(&mut self, name: String, kept: Kept) {
        self.people.insert(name, kept);
    }
}

fn add(all: &mut Vec<String>, one: &str) {
    if all.len() < PLACES && !all.iter().any(|known| known == one) {
        all.push(one.to_owned());
    }
}

/// Such as `10.0.0.7, signed in as ST`.
fn place(by: Option<&str>, from: Option<IpAddr>) -> String {
    let from =
        from.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_canonical().to_string());
    match by {
        Some(by) => format!("{from}, signed in as {by}"),
        None => from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn karla() -> Aim {
        Aim::Person("Karla Maier".into())
    }

    fn wrong(tries: &mut Tries, from: u8, now: i64) -> Option<Millis> {
        let from = Some(IpAddr::from([10, 0, 0, from]));
        tries.wrong(karla(), Secret::Pin("km"), Some("ST"), from, Millis(now)).1
    }

    #[test]
    fn the_first_wrong_try_is_a_line_at_once_and_a_flood_few() {
        let mut tries = Tries::default();
        let (mut lines, mut counted, mut due) = (0, 0, None);
        for now in (0..24 * 3_600_000).step_by(1_000) {
            due = wrong(&mut tries, 7, now).or(due);
            if due.is_some_and(|due| due <= Millis(now)) {
                let line = tries.line(&karla(), Millis(now)).unwrap();
                counted += line.pins;
                lines += 1;
                assert!(lines > 1 || line.pins == 1);
                due = None;
            }
        }
        assert!((20..40).contains(&lines), "{lines} lines for 86,400 tries in a day");
        assert!(counted > 80_000);
        assert_eq!(tries.of("Karla Maier").count, 86_400);
        assert_eq!(tries.line(&karla(), Millis(0)).unwrap().by, ["ST"]);
        assert_eq!(tries.line(&karla(), Millis(0)), None);
    }

    #[test]
    fn a_person_sees_what_came_between_their_sign_ins_and_since() {
        let mut tries = Tries::default();
        for from in 1..=6 {
            wrong(&mut tries, from, i64::from(from));
        }
        tries.signed_in("Karla Maier");
        let seen = tries.of("Karla Maier");
        assert_eq!((seen.count, seen.last_at), (6, Some(Millis(6))));
        assert_eq!(seen.places.len(), PLACES);
        assert_eq!(seen.places[3], "10.0.0.6, signed in as ST");
        wrong(&mut tries, 9, 50);
        assert_eq!(tries.of("Karla Maier").count, 7);
        let json = serde_json::to_string(&tries.kept("Karla Maier")).unwrap();
        let mut again = Tries::default();
        again.remember("Karla Maier".into(), serde_json::from_str(&json).unwrap());
        assert_eq!(again.of("Karla Maier"), tries.of("Karla Maier"), "after a restart");
        tries.signed_in("Karla Maier");
        assert_eq!(tries.of("Karla Maier").count, 1);
        tries.signed_in("Karla Maier");
        assert_eq!(tries.of("Karla Maier"), WrongTries::default());
        assert!(tries.people.is_empty());
    }

    #[test]
    fn their_own_mistakes_are_not_shown_to_them() {
        let mut tries = Tries::default();
        wrong(&mut tries, 7, 0);
        wrong(&mut tries, 7, 1);
        tries.forgive("Karla Maier", 1);
        assert_eq!(tries.of("Karla Maier").count, 1);
        tries.forgive("Karla Maier", 1);
        assert_eq!(tries.of("Karla Maier"), WrongTries::default());
    }

    #[test]
    fn made_up_names_are_counted_by_where_they_come_from_and_not_kept() {
        let mut tries = Tries::default();
        for n in 0..1_000_u32 {
            let from = Some(IpAddr::from(n.to_be_bytes()));
            tries.wrong(Aim::Nobody(from), Secret::Password, None, from, Millis(0));
        }
        assert_eq!(tries.pending.len(), NETWORKS + 1);
        assert!(tries.people.is_empty());
        let others = tries.line(&Aim::Nobody(None), Millis(1)).unwrap();
        assert_eq!(others.passwords, 1_000 - 64);
    }
}
