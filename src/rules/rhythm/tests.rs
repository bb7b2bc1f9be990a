use super::*;

fn of(distances_ms: impl IntoIterator<Item = i64>) -> Rhythm {
    let mut rhythm = Rhythm::default();
    let mut at = Millis(0);
    rhythm.note(at);
    for distance_ms in distances_ms {
        at = at.plus(distance_ms);
        rhythm.note(at);
    }
    rhythm
}

#[test]
fn the_usual_distance_is_the_median_of_the_last_twenty() {
    assert_eq!(of([]).usual_ms(), 1_000);
    assert_eq!(of([60_000]).usual_ms(), 1_000, "one pause is no rhythm");
    assert_eq!(of([60_000]).seems_spot_ms(), Some(60_000), "but may become one");
    assert_eq!(of([60_000, 60_000]).usual_ms(), 60_000);
    assert_eq!(of([12_000, 1_000]).usual_ms(), 1_000, "a pause at first is no rhythm");
    assert_eq!(of([3_000; 50]).usual_ms(), 3_000);
    assert_eq!(of([[3_000; 20], [30_000; 20]].concat()).usual_ms(), 30_000);
    let mut distances: Vec<i64> = (1..=97).map(|n| 1_000 + n * 37 % 97 * 100).collect();
    let usual_ms = of(distances.clone()).usual_ms();
    let mut last = distances.split_off(77);
    last.sort_unstable();
    assert_eq!(usual_ms, last[9]);
}

#[test]
fn a_stream_that_slows_down_is_waited_for_after_two_values_and_no_longer_after_one() {
    let slowed = |more: &[i64]| of([&[1_000; 20][..], more].concat());
    assert_eq!(slowed(&[30_000]).patience_ms(10_000), 10_000, "one pause is a pause");
    assert_eq!(slowed(&[30_000, 30_000]).patience_ms(10_000), 75_000);
    assert_eq!(slowed(&[30_000, 12_000]).patience_ms(10_000), 30_000);
    assert_eq!(slowed(&[30_000, 30_000, 1_000]).patience_ms(10_000), 10_000);
    assert_eq!(slowed(&[60_000, 60_000]).usual_ms(), 1_000, "for rules it is as ever");
    assert_eq!(slowed(&[60_000, 60_000]).seems_spot_ms(), None);
}

#[test]
fn patience_grows_with_the_rhythm_up_to_ninety_seconds() {
    assert_eq!(of([1_000; 9]).patience_ms(10_000), 10_000);
    assert_eq!(of([30_000; 9]).patience_ms(10_000), 75_000);
    assert_eq!(of([60_000; 9]).patience_ms(10_000), 90_000);
    assert!(of([60_000; 9]).is_spot() && !of([40_000; 9]).is_spot());
}

#[test]
fn a_pause_of_a_regular_stream_is_a_drop_and_one_of_the_heart_is_not() {
    assert_eq!(of([1_000; 20]).drop_ms(2_500), 2_500);
    let beats = of((0..40).map(|n| 600 + n * 353 % 800));
    assert!(beats.drop_ms(2_500) > 3_400, "{}", beats.drop_ms(2_500));
}
