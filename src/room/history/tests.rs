use super::*;

const THIRTY: Window = Window { for_s: 30, gap_s: 10, share: 1.0, is_confirmed: true };
const FALL: Fall = Fall { by: 5.0, within_s: 20, gap_s: 10, held_s: 3, after_bad_s: 0 };

fn at_1_hz(values: impl IntoIterator<Item = i32>) -> History {
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
fn a_fall_must_be_far_and_fast_and_last() {
    let falls = |values: Vec<i32>| at_1_hz(values).falls(FALL, || Some(93.0)).is_some();
    let fallen = |to: i32, n: usize| [vec![97; 30], vec![to; n]].concat();
    assert!(!falls(fallen(92, 2)));
    assert!(falls(fallen(92, 3)), "it holds for 3 s on the third sample");
    assert!(!falls(fallen(93, 10)), "4 is not 5");
    let slowly: Vec<i32> = (0..30).map(|n| 97 - n / 6).chain([92; 4]).collect();
    assert!(!falls(slowly));
    assert!(at_1_hz(fallen(92, 4)).falls(FALL, || Some(91.0)).is_none(), "not to the limit");
}

#[test]
fn a_fall_across_a_gap_or_just_after_bad_signal_is_none() {
    let after = |gap_s: i64| {
        let mut history = at_1_hz(vec![97; 10]);
        for n in 0..5 {
            history.push(Millis((9 + gap_s + n) * 1_000), Decimal::whole(90));
        }
        history.falls(FALL, || Some(93.0)).is_some()
    };
    assert!(after(9));
    assert!(!after(11));
    let mut history = at_1_hz(vec![97; 10]);
    history.note_bad(Millis(10_000));
    let careful = Fall { after_bad_s: 5, ..FALL };
    let mut first = None;
    for second in 11..20 {
        history.push(Millis(second * 1_000), Decimal::whole(90));
        if history.falls(careful, || Some(93.0)).is_some() {
            first = first.or(Some(second));
        }
    }
    assert_eq!(first, Some(15));
}

fn deficit_of_30() -> DeficitStage {
    DeficitStage {
        level: 2,
        priority: crate::profile::Priority::High,
        limit: crate::profile::Limit {
            absolute: Some(90.0),
            offset: None,
            percent: None,
            at_least: None,
        },
        most: 8.0,
        over_s: 60,
        area: 30.0,
        after_bad_s: 8,
    }
}

#[test]
fn the_area_below_a_limit_adds_up_without_what_follows_bad_signal() {
    let stage = deficit_of_30();
    let lacks = |history: &History| history.lacks(&stage, 90.0, 10);
    assert!(!lacks(&at_1_hz([vec![97; 5], vec![80; 3]].concat())), "8 %·s a sample at most");
    assert!(lacks(&at_1_hz([vec![97; 5], vec![80; 4]].concat())));
    assert!(!lacks(&at_1_hz([vec![97; 5], vec![89; 29]].concat())));
    assert!(lacks(&at_1_hz([vec![97; 5], vec![89; 30]].concat())));
    let mut after_bad = at_1_hz(vec![97; 5]);
    after_bad.note_bad(Millis(5_000));
    for second in 6..13 {
        after_bad.push(Millis(second * 1_000), Decimal::whole(80));
        assert!(!lacks(&after_bad));
    }
}

#[test]
fn what_was_not_measured_in_a_gap_is_no_area() {
    let stage = deficit_of_30();
    let after = |gap_s: i64| {
        let mut history = at_1_hz([97; 5]);
        history.push(Millis((4 + gap_s) * 1_000), Decimal::whole(80));
        history.lacks(&stage, 90.0, 10)
    };
    assert!(!after(9), "one sample stands for 2 s at most");
    assert!(!after(11), "8 % for the second that it was seen");
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
