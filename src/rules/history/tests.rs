use super::*;

const THIRTY: Window = Window { for_s: 30, gap_s: 10, share: 1.0, is_confirmed: true };

pub(in crate::rules) fn at_1_hz(values: impl IntoIterator<Item = i32>) -> History {
    let mut history = History::default();
    for (second, value) in values.into_iter().enumerate() {
        history.push(Millis(second as i64 * 1_000), Decimal::whole(value));
    }
    history
}

#[test]
fn thirty_seconds_at_1_hz_hold_on_the_thirtieth_sample() {
    let low = |value: f64| value <= 92.0;
    assert!(!at_1_hz(vec![90; 29]).holds(THIRTY, low));
    assert!(at_1_hz(vec![90; 30]).holds(THIRTY, low));
    let after_normal = |n| at_1_hz([97; 20].into_iter().chain(vec![90; n]));
    assert!(!after_normal(29).holds(THIRTY, low));
    assert!(after_normal(30).holds(THIRTY, low));
}

#[test]
fn one_sample_inside_breaks_the_run() {
    let mut values = vec![90; 60];
    values[45] = 93;
    assert!(!at_1_hz(values).holds(THIRTY, |value| value <= 92.0));
}

#[test]
fn a_gap_starts_the_run_anew_and_a_short_one_does_not() {
    let with_gap = |gap_ms: i64| {
        let mut history = at_1_hz(vec![90; 20]);
        for second in 0..15i64 {
            let at = Millis(19_000 + gap_ms + second * 1_000);
            history.push(at, Decimal::whole(90));
        }
        history.holds(THIRTY, |value| value <= 92.0)
    };
    assert!(with_gap(9_000));
    assert!(with_gap(9_999));
    assert!(!with_gap(11_000));
}

#[test]
fn a_third_of_the_samples_must_be_there() {
    let mut history = History::default();
    for n in 0..9 {
        history.push(Millis(n * 5_000), Decimal::whole(90));
    }
    assert!(!history.holds(THIRTY, |value| value <= 92.0));
}

#[test]
fn a_share_of_the_samples_may_suffice() {
    let window = Window { for_s: 300, gap_s: 60, share: 0.8, is_confirmed: true };
    let with_dips = |every: usize| {
        at_1_hz((0..300).map(|n| if n % every == 0 { 115 } else { 125 }))
            .holds(window, |value| value >= 120.0)
    };
    assert!(with_dips(10));
    assert!(!with_dips(4));
    let exactly = at_1_hz((0..300).map(|n| if n < 60 { 115 } else { 125 }));
    assert!(exactly.holds(window, |value| value >= 120.0));
}

#[test]
fn five_samples_a_second_are_all_kept_and_closer_ones_are_one() {
    let kept = |spacing_ms: i64| {
        let mut history = History::default();
        (0..10).for_each(|n| history.push(Millis(n * spacing_ms), Decimal::whole(90)));
        history.samples.len()
    };
    assert_eq!((kept(200), kept(100)), (10, 5));
}

#[test]
fn memory_is_bounded_at_any_rate() {
    let mut history = History::default();
    for n in 0..1_000_000 {
        history.push(Millis(n), Decimal::whole(90));
    }
    assert!(history.samples.len() <= 1_552);
}
