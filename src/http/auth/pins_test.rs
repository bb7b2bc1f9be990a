//! Somebody who tries PINs at night, and the person whose PIN it is.

use super::*;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn by(account: &str, login: u8) -> PinTry<'_> {
    PinTry { initials: "km", exists: true, account, login: [login; 32] }
}

/// Tries made in this span, so many milliseconds apart.
fn guesses(
    pins: &mut Pins,
    mut tried: impl FnMut(i64) -> PinTry<'static>,
    span_ms: (i64, i64, usize),
) -> u32 {
    let times = (span_ms.0..span_ms.1).step_by(span_ms.2);
    times.map(|now| u32::from(pins.begin(&tried(now), Millis(now)).is_ok())).sum()
}

#[test]
fn after_five_wrong_pins_one_waits_thirty_seconds_and_then_longer() {
    let mut pins = Pins::default();
    for now in 0..5 {
        assert_eq!(pins.begin(&by("ST", 1), Millis(now)), Ok(()));
    }
    assert_eq!(pins.begin(&by("ST", 1), Millis(5)), Err(NotTried::Wait(30)));
    assert_eq!(pins.begin(&by("ST", 1), Millis(20_004)), Err(NotTried::Wait(10)));
    assert_eq!(pins.begin(&by("ST", 1), Millis(30_004)), Ok(()));
    assert_eq!(pins.begin(&by("ST", 1), Millis(30_005)), Err(NotTried::Wait(60)));
    let other = PinTry { initials: "tj", ..by("ST", 1) };
    assert_eq!(pins.begin(&other, Millis(30_005)), Ok(()), "another person does not wait");
}

#[test]
fn signing_in_again_for_each_five_gains_nothing() {
    let mut pins = Pins::default();
    // A new login with every try, of five accounts in turn.
    let accounts = ["A", "B", "C", "D", "E"];
    let mut login = 0;
    let fresh = |now: i64| {
        login += 1;
        let account = accounts[usize::try_from(now / 1_000).unwrap() % 5];
        PinTry { initials: "km", exists: true, account, login: [login as u8; 32] }
    };
    assert_eq!(guesses(&mut pins, fresh, (0, HOUR_MS, 1_000)), 10);
}

#[test]
fn a_pin_is_tried_at_most_740_times_in_a_year_of_nights_though_she_uses_it_by_day() {
    let mut pins = Pins::default();
    let mut guessed = 0;
    for day in 0..365 {
        let night = day * DAY_MS;
        guessed += guesses(&mut pins, |_| by("N", 1), (night, night + 9 * HOUR_MS, 60_000));
        // Her own PIN ends no more than the row.
        let noon = Millis(night + 12 * HOUR_MS);
        if pins.begin(&by("ST", 2), noon).is_ok() {
            pins.right(&by("ST", 2));
        }
    }
    assert!((365..=740).contains(&guessed), "{guessed}");
}

#[test]
fn one_account_that_tries_everybody_runs_out_as_well() {
    let mut pins = Pins::default();
    let mut tried = 0;
    for n in 0..100 {
        let initials = n.to_string();
        for now in 0..5 {
            let one = PinTry { initials: &initials, ..by("N", 1) };
            tried += u32::from(pins.begin(&one, Millis(now)).is_ok());
        }
    }
    assert_eq!(tried, 30);
    assert_eq!(pins.begin(&by("N", 9), Millis(9)), Err(NotTried::Spent), "and signs in again");
    assert_eq!(pins.begin(&by("ST", 1), Millis(9)), Ok(()), "the others' station does not");
}

#[test]
fn her_own_mistakes_are_forgiven_and_nobody_elses() {
    let mut pins = Pins::default();
    for round in 0..200 {
        let now = round * 60_000;
        for n in 0..3 {
            assert_eq!(pins.begin(&by("ST", 1), Millis(now + n * 1_000)), Ok(()), "{round}");
        }
        assert_eq!(pins.right(&by("ST", 1)), 2);
    }
    let mut pins = Pins::default();
    for now in 0..4 {
        assert_eq!(pins.begin(&by("N", 9), Millis(now)), Ok(()));
    }
    assert_eq!(pins.begin(&by("ST", 1), Millis(5)), Ok(()));
    assert_eq!(pins.right(&by("ST", 1)), 0);
    let (row, _, back_at) = pins.aimed("km").parts();
    assert_eq!((row, back_at), (0, Millis(4 * AIMED.each_ms)), "four are still spent");
}

#[test]
fn initials_that_nobody_has_are_answered_like_those_that_somebody_has() {
    let mut pins = Pins::default();
    for now in (0..HOUR_MS).step_by(1_000) {
        let real = pins.begin(&by("A", 1), Millis(now));
        let made_up = PinTry { initials: "zz", exists: false, ..by("B", 2) };
        assert_eq!(pins.begin(&made_up, Millis(now)), real);
    }
}

#[test]
fn what_was_kept_counts_after_a_restart_and_no_clock_makes_it_longer() {
    let mut pins = Pins::default();
    assert_eq!(guesses(&mut pins, |_| by("N", 1), (0, HOUR_MS, 1_000)), 10);
    let (row, last, back_at) = pins.aimed("km").parts();
    let mut after = Pins::default();
    after.remember("km".into(), Aimed::kept(row, last, back_at));
    assert_eq!(after.begin(&by("N", 1), Millis(HOUR_MS)), Err(NotTried::Spent));

    let mut ahead = Pins::default();
    let ten_years = Millis(3_650 * DAY_MS);
    ahead.remember("km".into(), Aimed::kept(5, ten_years, ten_years));
    let now = Millis(DAY_MS);
    assert_eq!(ahead.begin(&by("ST", 1), now), Err(NotTried::Spent));
    assert_eq!(ahead.begin(&by("ST", 1), now.plus(DAY_MS)), Ok(()), "two a day come back");
}

#[test]
fn memory_is_bounded_whatever_initials_are_tried() {
    let mut pins = Pins::default();
    for n in 0..3_000 {
        let (initials, account) = (n.to_string(), format!("account {n}"));
        let one = PinTry { initials: &initials, exists: false, account: &account, login: [0; 32] };
        let _ = pins.begin(&one, Millis(n));
    }
    assert_eq!((pins.made_up.len(), pins.asking.len()), (REMEMBERED, REMEMBERED));
}
