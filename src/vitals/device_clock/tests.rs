use super::super::{Reading, Vital};
use super::*;

const NOON: Millis = Millis(1_795_262_400_000);

fn second(second: i64) -> Millis {
    NOON.plus(second * 1_000)
}

/// One stamp a second, off by what `behind_ms` says of each second; whether each is live.
fn live_each_second(clock: &mut DeviceClock, behind_ms: impl Fn(i64) -> i64) -> Vec<bool> {
    let hear = |n| clock.ingest(second(n).plus(-behind_ms(n)), second(n)).is_live();
    (0..120).map(hear).collect()
}

#[test]
fn a_steady_offset_is_no_lateness_however_large() {
    for behind_ms in [75_300, 3_600_000, 90_000_000_000, -3_600_000] {
        let mut clock = DeviceClock::default();
        let live = live_each_second(&mut clock, |n| behind_ms + n % 3 * 700);
        let first = live.iter().position(|is_live| *is_live).unwrap();
        assert!(first <= 10, "{behind_ms}: live after {first} s");
        assert!(live[first..].iter().all(|is_live| *is_live), "{behind_ms}");
        assert!(clock.offset_ms().unwrap().abs_diff(behind_ms) <= 1_500, "{behind_ms}");
    }
}

#[test]
fn the_start_of_an_interval_is_a_time_however_wrong_the_clock_and_at_whatever_second() {
    for (interval_s, each_s) in [(20_i64, 1_usize), (30, 1), (60, 1), (60, 10), (60, 25), (45, 7)] {
        for behind_ms in [0, 100_000, 180_000, 3_600_000, -3_600_000] {
            let mut clock = DeviceClock::default();
            for n in (1..600_i64).step_by(each_s) {
                let begun = second((n - 17).div_euclid(interval_s) * interval_s + 17);
                let timing = clock.ingest(begun.plus(-behind_ms), second(n));
                let case = (interval_s, each_s, behind_ms, n);
                assert!(timing.is_live() || n < 30, "{case:?}: {timing:?}");
                // Once an interval is known a value is of the time at which it comes.
                let is_known = n > 17 + 2 * interval_s + 12;
                assert!(!is_known || timing == Timing::Live { delay_ms: 0 }, "{case:?}");
            }
            let offset_ms = clock.offset_ms().unwrap();
            let late_by_ms = offset_ms - behind_ms;
            assert!((0..=each_s as i64 * 1_000).contains(&late_by_ms), "{offset_ms}");
        }
    }
}

#[test]
fn a_stamp_that_stands_for_longer_than_its_interval_is_of_old_data() {
    for second_of_minute in [0_i64, 17] {
        let mut clock = DeviceClock::default();
        let mut timings = Vec::new();
        for n in 0..900 {
            let begun =
                (i64::min(n, 299) - second_of_minute).div_euclid(60) * 60 + second_of_minute;
            timings.push(clock.ingest(second(begun), second(n)).is_live());
        }
        assert!(timings[..300].iter().all(|is_live| *is_live));
        assert!(timings[480..].iter().all(|is_live| !*is_live), "{second_of_minute}");
    }
}

#[test]
fn a_cuff_result_that_is_said_on_is_no_clock_that_goes_wrong() {
    let reading = |taken_at| Reading {
        taken_at: Some(taken_at),
        ..Reading::absent(Vital::Nibp, super::super::Absent::Failed)
    };
    let mut clocks = DeviceClocks::default();
    for n in (0..3_600).step_by(5) {
        let mut frame = Frame::by_hand(Vec::new());
        frame.readings.push(reading(second(n / 300 * 300)));
        clocks.ingest(&frame, second(n));
        assert!(!clocks.is_wrong(5_000), "{n}");
    }
}

#[test]
fn a_clock_that_loses_time_is_followed() {
    let mut clock = DeviceClock::default();
    let live = live_each_second(&mut clock, |n| 40_000 + n * 400);
    assert!(live.iter().all(|is_live| *is_live));
    assert!(clock.offset_ms().unwrap().abs_diff(40_000 + 119 * 400) < 5_000);
}

#[test]
fn a_backlog_is_late_against_the_habit_of_its_device() {
    for own_ms in [0, 7_200_000] {
        let mut clock = DeviceClock::default();
        for n in 0..20 {
            clock.ingest(second(n).plus(-own_ms), second(n));
        }
        // Kept for three minutes, sent five a second.
        for n in 0..90 {
            let arrived_at = second(20).plus(n * 200);
            let stamp = second(n - 160).plus(-own_ms);
            let timing = clock.ingest(stamp, arrived_at);
            assert!(matches!(timing, Timing::Late { by_ms } if by_ms > 60_000), "{timing:?}");
        }
        let timing = clock.ingest(second(40).plus(-own_ms), second(40));
        assert_eq!(timing, Timing::Live { delay_ms: 0 });
    }
}

#[test]
fn what_an_outage_kept_is_late_until_it_has_caught_up_however_slowly_it_does() {
    let mut clock = DeviceClock::default();
    for n in 0..30 {
        clock.ingest(second(n), second(n));
    }
    // Away for ten minutes; then in real time, ten minutes behind.
    for n in 0..900 {
        let timing = clock.ingest(second(30 + n), second(630 + n));
        assert_eq!(timing, Timing::Late { by_ms: 600_000 }, "{n}");
    }
    assert!(clock.ingest(second(1_600), second(1_600)).is_live());
}

#[test]
fn a_clock_that_was_set_is_learned_anew_within_ten_seconds() {
    for step_ms in [3_600_000, -3_600_000, 20_000] {
        let mut clock = DeviceClock::default();
        let live = live_each_second(&mut clock, |n| if n < 40 { 0 } else { step_ms });
        assert!(live[51..].iter().all(|is_live| *is_live), "{step_ms}: {live:?}");
        let timing = clock.ingest(second(120).plus(-step_ms), second(120));
        assert_eq!(timing, Timing::Live { delay_ms: 0 }, "{step_ms}");
    }
}

#[test]
fn one_wrong_stamp_makes_nothing_late() {
    let mut clock = DeviceClock::default();
    let live = live_each_second(&mut clock, |n| if n == 50 || n == 3 { -86_400_000 } else { 0 });
    assert!(live.iter().all(|is_live| *is_live));
    assert_eq!(clock.offset_ms(), Some(0));
}

#[test]
fn a_clock_that_never_moves_tells_nothing() {
    let mut clock = DeviceClock::default();
    let live: Vec<bool> =
        (0..60).map(|n| clock.ingest(Millis(5_000), second(n)).is_live()).collect();
    assert!(live[1..].iter().all(|is_live| *is_live));
    assert!(clock.is_dead());
}

#[test]
fn data_that_stand_still_under_a_clock_that_moved_grow_old() {
    let mut clock = DeviceClock::default();
    let live = live_each_second(&mut clock, |n| if n < 30 { 0 } else { (n - 30) * 1_000 });
    assert!(!live[100], "70 s old");
}

#[test]
fn whole_minutes_are_within_their_minute() {
    for own_ms in [0, 3_600_000] {
        let mut clock = DeviceClock::default();
        let hear = |n: i64| {
            let stamp = NOON.plus(n / 60 * 60_000 - own_ms);
            clock.ingest(stamp, second(n).plus(300)).is_live()
        };
        let live: Vec<bool> = (30..400).map(hear).collect();
        assert!(live[31..].iter().all(|is_live| *is_live), "{own_ms}");
        assert!(clock.offset_ms().unwrap().abs_diff(own_ms) < 60_000, "{own_ms}");
    }
}

#[test]
fn a_backlog_of_a_clock_that_tells_seconds_is_late_also_at_a_whole_minute() {
    let mut clock = DeviceClock::default();
    for n in 0..30 {
        clock.ingest(second(n), second(n));
    }
    let timing = clock.ingest(second(-60), second(30));
    assert_eq!(timing, Timing::Late { by_ms: 90_000 });
}

#[test]
fn the_time_of_sending_dates_the_cuff_of_a_monitor_that_averages() {
    let mut clocks = DeviceClocks::default();
    for n in 0..20 {
        let frame = Frame {
            sent_at: Some(second(n).plus(-7_200_000)),
            taken_at: Some(second(n).plus(-7_275_000)),
            ..Frame::by_hand(Vec::new())
        };
        clocks.ingest(&frame, second(n));
    }
    let own = second(10).plus(-7_200_000);
    assert_eq!(clocks.measured_at(own, second(20), 60_000), Some(second(10)));
    assert_eq!(clocks.offset_ms(), Some(7_275_000));
    assert!(clocks.is_wrong(5_000));
}

#[test]
fn a_cuff_s_time_alone_says_little_of_the_clock() {
    let cuff = |own: Millis| {
        let reading = Reading {
            taken_at: Some(own),
            ..Reading::absent(Vital::Nibp, super::super::Absent::Failed)
        };
        Frame::by_hand(vec![reading])
    };
    let mut right = DeviceClocks::default();
    right.ingest(&cuff(second(-10)), second(0));
    assert_eq!(right.measured_at(second(-10), second(0), 60_000), Some(second(-10)));
    assert_eq!(right.offset_ms(), None);
    assert_eq!(right.measured_at(second(-3_600), second(0), 60_000), None, "it waits");
    let mut wrong = DeviceClocks::default();
    wrong.ingest(&cuff(second(-3_605)), second(0));
    wrong.ingest(&cuff(second(-3_304)), second(300));
    let measured_at = wrong.measured_at(second(-3_304), second(300), 60_000);
    assert!(measured_at.unwrap().since(second(300)).abs() <= 5_000);
    assert!(wrong.is_wrong(5_000));
}

#[test]
fn a_device_whose_clock_goes_on_while_ours_is_set_is_judged_without_a_pause() {
    let at = |second: i64| Millis(1_795_262_400_000 + second * 1_000);
    for step_ms in [-315_360_000_000, -3_600_000, 90_000, 3_600_000] {
        let mut clock = DeviceClock::default();
        for second in 0..30 {
            assert!(clock.ingest(at(second).plus(-7_000_000), at(second)).is_live() || second < 12);
        }
        clock.move_by(step_ms);
        assert_eq!(clock.offset_ms(), Some(7_000_000 + step_ms));
        for second in 30..60 {
            let timing = clock.ingest(at(second).plus(-7_000_000), at(second).plus(step_ms));
            assert_eq!(timing, Timing::Live { delay_ms: 0 }, "{step_ms}");
        }
    }
}
