use super::*;

fn saturation(values: impl IntoIterator<Item = i32>) -> Vec<Vec<Reading>> {
    values.into_iter().map(|value| vec![spo2(value), pulse(75)]).collect()
}

fn rate(value: i32, seconds: usize) -> Vec<Vec<Reading>> {
    vec![vec![spo2(97), pulse(value)]; seconds]
}

#[test]
fn saturation_at_the_caution_limit_for_30_s_is_a_caution() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([96; 20]));
    stage.each_second(saturation([92; 29]));
    assert!(stage.log.is_empty());
    stage.each_second(saturation([92; 1]));
    assert_eq!(stage.said(), ["49 spo2_low medium active"]);
    assert_eq!(stage.log[0].value, Some(Decimal::whole(92)));
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(92)));
    assert_eq!(stage.room.alert("a1").unwrap().words(), "SpO2 low 92 (limit 92)");
}

#[test]
fn saturation_of_89_for_15_s_is_urgent_and_of_85_for_5_s_at_once() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.each_second(saturation([88; 15]));
    assert_eq!(stage.said_of("spo2_low"), ["24 spo2_low high active"]);

    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage.each_second(saturation([85; 5]));
    assert_eq!(stage.said_of("spo2_low"), ["14 spo2_low high active"]);
    assert_eq!(stage.log.last().unwrap().limit, Some(Decimal::whole(85)));
}

#[test]
fn a_mild_dip_to_91_for_20_s_is_nothing() {
    let mut stage = Stage::infusing();
    stage.each_second((0..18).flat_map(|n| saturation([95 - n / 6; 1])));
    stage.each_second(saturation([92; 6]));
    stage.each_second(saturation([91; 20]));
    stage.each_second(fine(60));
    assert!(stage.log.is_empty());
}

#[test]
fn limits_follow_a_low_baseline_and_the_absolute_ones_stay_without() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.event(Event::AcceptBaseline(baseline(118, 74, 45, 91)));
    stage.each_second(vec![vec![spo2(89), pulse(41)]; 120]);
    assert!(stage.log.is_empty(), "{:?}", stage.said());
    stage.each_second(vec![vec![spo2(88), pulse(37)]; 60]);
    assert_eq!(stage.said(), ["149 spo2_low medium active", "179 hr_low medium active"]);

    let mut stage = Stage::without_session();
    stage.each_second(vec![vec![spo2(91), pulse(49)]; 60]);
    assert_eq!(stage.said(), ["29 spo2_low medium active", "59 hr_low medium active"]);
}

#[test]
fn a_fast_pulse_is_a_caution_after_60_s_and_urgent_when_faster_or_longer() {
    let mut stage = Stage::infusing();
    stage.each_second(rate(114, 60));
    assert_eq!(stage.said(), ["59 hr_high medium active"]);
    stage.each_second(rate(131, 20));
    assert_eq!(stage.said()[1..], ["79 hr_high high active"]);

    let mut stage = Stage::infusing();
    stage.each_second(rate(125, 300));
    let said = stage.said();
    assert_eq!(said, ["59 hr_high medium active", "299 hr_high high active"]);
    assert_eq!(stage.log[1].limit, Some(Decimal::whole(120)));
}

#[test]
fn heart_rate_by_ecg_is_preferred_to_the_pulse() {
    let mut stage = Stage::infusing();
    let ecg = Reading::number(Vital::HeartRate, Decimal::whole(75));
    stage.each_second(vec![vec![ecg, spo2(97), pulse(35)]; 120]);
    assert!(stage.log.is_empty());
}

#[test]
fn only_good_values_raise_or_clear() {
    for quality in [Quality::Questionable, Quality::Invalid] {
        let mut stage = Stage::infusing();
        stage.each_second(fine(10));
        let poor = || vec![with_quality(spo2(70), quality), pulse(75)];
        stage.each_second(std::iter::repeat_with(poor).take(40));
        let physiological =
            |line: &&AlertLine| line.condition.kind() == crate::profile::Kind::Physiological;
        assert_eq!(stage.log.iter().filter(physiological).count(), 0);
    }

    let mut stage = Stage::infusing();
    stage.each_second(saturation([84; 10]));
    let doubtful = || vec![with_quality(spo2(97), Quality::Questionable), pulse(75)];
    stage.each_second(std::iter::repeat_with(doubtful).take(60));
    assert_eq!(stage.said(), ["4 spo2_low high active", "40 poor_signal low active"]);
}

#[test]
fn demo_data_are_shown_and_never_alarm() {
    let mut stage = Stage::infusing();
    let demo = || vec![Reading { source: Source::Demo, ..spo2(70) }, pulse(75)];
    stage.each_second(std::iter::repeat_with(demo).take(60));
    assert!(stage.log.is_empty());
    assert!(stage.room.latest().iter().any(|latest| latest.source == Source::Demo));
}

#[test]
fn a_caution_is_over_after_30_s_inside_the_limit_by_its_margin() {
    let mut stage = Stage::infusing();
    stage.each_second(saturation([91; 30]));
    stage.each_second(saturation([92; 60]));
    assert_eq!(stage.log.len(), 1, "92 is at the limit, not inside it");
    stage.each_second(saturation([93; 30]));
    assert_eq!(stage.said()[1..], ["119 spo2_low medium resolved"]);
    assert_eq!(stage.room.alert("a1").unwrap().ended_at, Some(START.plus(119_000)));
}

#[test]
fn late_data_are_charted_and_judge_nothing() {
    let mut stage = Stage::infusing();
    let frame_of = |sent: Millis, age_ms: i64, value: i32| Frame {
        sent_at: Some(sent),
        taken_at: Some(sent.plus(-age_ms)),
        ..frame(vec![spo2(value)])
    };
    for second in 0..40 {
        stage.second = second;
        let sent = stage.now();
        stage.input(Input::Frame(frame_of(sent, 0, 97)));
        stage.room.handle(&Input::Frame(frame_of(sent, 61_000 + second * 900, 70)), sent);
        assert_eq!(stage.room.poll_output(), Output::NotLive(0, NotLive::Late));
        stage.drain();
    }
    assert!(stage.log.is_empty(), "{:?}", stage.said());
    let shown = stage.room.latest()[0].observation;
    assert_eq!(shown, spo2(97).observation);
}

#[test]
fn frames_kept_back_for_two_minutes_are_not_judged_as_live() {
    let mut stage = Stage::infusing();
    let send = |stage: &mut Stage, sent: Millis, value: i32| {
        let kept = Frame { sent_at: Some(sent), ..frame(vec![spo2(value), pulse(75)]) };
        stage.input(Input::Frame(kept));
    };
    for second in 0..30 {
        stage.second = second;
        let sent = stage.now();
        send(&mut stage, sent, 97);
    }
    stage.second = 150;
    for second in 30..60 {
        send(&mut stage, START.plus(second * 1_000), 80);
    }
    let physiological: Vec<_> =
        stage.said().into_iter().filter(|line| line.contains("spo2_low")).collect();
    assert!(physiological.is_empty(), "{physiological:?}");
}

#[test]
fn two_sensors_of_one_vital_do_not_flip_flop() {
    let mut stage = Stage::infusing();
    let on = |channel: &str, value| Reading { channel: Some(channel.into()), ..spo2(value) };
    stage.each_second(vec![vec![on("left", 97), on("right", 80), pulse(75)]; 60]);
    assert!(stage.log.is_empty());
}

#[test]
fn an_old_pressure_in_every_frame_does_not_make_the_saturation_old() {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    let inflated = stage.now();
    stage.each_second((0..300).map(|_| {
        let cuff = Reading { taken_at: Some(inflated), ..nibp(120, 80) };
        vec![spo2(80), pulse(75), cuff]
    }));
    assert_eq!(stage.said_of("spo2_low")[0], "13 spo2_low high active", "4 × 8 %·s below 90");
}

#[test]
fn a_frame_that_comes_after_a_newer_one_is_charted_only() {
    let mut stage = Stage::infusing();
    let mut send = |sent: i64, value: i32| {
        let frame = Frame { sent_at: Some(START.plus(sent)), ..frame(vec![spo2(value)]) };
        stage.second = 20;
        stage.input(Input::Frame(frame));
        stage.room.latest()[0].clone()
    };
    send(20_000, 97);
    let latest = send(5_000, 70);
    assert_eq!(
        latest.value_at(START.plus(20_000)),
        Some((Value::Number(Decimal::whole(97)), Quality::Good))
    );
}

#[test]
fn a_value_is_current_for_10_s_and_live_when_it_waited_for_60_s() {
    let mut stage = Stage::infusing();
    stage.frame(vec![spo2(97)]);
    let latest = &stage.room.latest()[0];
    assert!(latest.value_at(START.plus(10_000)).is_some());
    assert!(latest.value_at(START.plus(10_001)).is_none());

    let heard = |waited_ms: i64| {
        let mut stage = Stage::infusing();
        stage.second = 100;
        let sent = stage.now();
        let (sent_at, taken_at) = (Some(sent), Some(sent.plus(-waited_ms)));
        stage.input(Input::Frame(Frame { sent_at, taken_at, ..frame(vec![spo2(97)]) }));
        !stage.room.latest().is_empty()
    };
    assert!(heard(60_000));
    assert!(!heard(60_001));
}

#[test]
fn what_a_part_of_the_stay_does_not_judge_is_over_when_it_begins() {
    let mut stage = Stage::without_session();
    stage.each_second(rate(112, 60));
    stage.open();
    assert_eq!(
        stage.said_of("hr_high"),
        ["59 hr_high medium active", "60 hr_high medium resolved"]
    );
}

#[test]
fn an_own_caution_limit_moves_the_limit_of_the_area_too() {
    let with_own = |own: i32| {
        let mut stage = Stage::infusing();
        let own = OwnLimits { caution: Some(Decimal::whole(own)), ..OwnLimits::default() };
        let limits = [(Condition::Spo2Low, Some(own))].into();
        let (reason, prescriber) = ("known".to_owned(), None);
        stage.event(Event::Limits { limits, reason, prescriber });
        stage.each_second(saturation([[97; 10], [86; 10]].concat()));
        stage.said_of("spo2_low")
    };
    assert_eq!(with_own(91), ["17 spo2_low high active"], "4 % for 8 s below 90");
    assert!(with_own(88).is_empty(), "2 % for 10 s below 88");
}
