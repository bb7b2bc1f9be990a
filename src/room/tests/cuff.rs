use super::*;
use crate::profile::Priority;

#[test]
fn one_reading_of_170_or_two_of_160_are_a_caution() {
    let mut stage = Stage::infusing();
    stage.cuff(171, 90);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(170)));

    let mut stage = Stage::without_session();
    stage.cuff(162, 90);
    stage.second = 290;
    stage.cuff(163, 90);
    assert_eq!(stage.said_of_pressure(), ["290 systolic_high medium active"]);
}

#[test]
fn two_readings_30_above_the_baseline_are_a_caution() {
    let mut stage = Stage::infusing();
    stage.cuff(149, 80);
    stage.second = 5;
    stage.cuff(150, 80);
    assert_eq!(stage.said_of_pressure(), ["5 systolic_high medium active"]);
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(148)));
}

#[test]
fn urgent_high_bp_needs_a_second_reading_unless_it_is_extreme() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 96);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
    stage.second = 90;
    stage.cuff(183, 95);
    assert_eq!(stage.said_of_pressure()[1..], ["90 systolic_high high active"]);

    let mut stage = Stage::infusing();
    stage.cuff(204, 100);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high high active"]);
    assert_eq!(stage.log[0].limit, Some(Decimal::whole(200)));
}

#[test]
fn an_urgent_reading_without_a_second_one_in_180_s_counts_all_the_same() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 96);
    stage.each_second(fine(180));
    assert_eq!(stage.log.len(), 1);
    stage.each_second(fine(1));
    assert_eq!(stage.said_of_pressure()[1..], ["180 systolic_high high active"]);
    assert_eq!(stage.log[1].value, Some(Decimal::whole(184)));
}

#[test]
fn a_lone_outlier_is_a_caution_that_clears() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 86);
    stage.second = 60;
    stage.cuff(141, 84);
    stage.wait(300);
    let systolic: Vec<_> =
        stage.said().into_iter().filter(|line| line.contains("systolic")).collect();
    assert_eq!(systolic, ["0 systolic_high medium active", "60 systolic_high medium resolved"]);
}

#[test]
fn either_limit_confirms_the_other() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 90);
    stage.second = 60;
    stage.cuff(165, 112);
    assert_eq!(stage.said_of_pressure()[1..], ["60 systolic_high high active"]);
    assert_eq!(stage.log.last().unwrap().value, Some(Decimal::whole(184)));
}

#[test]
fn a_high_diastolic_has_its_own_alert_only_without_a_high_systolic() {
    let mut stage = Stage::infusing();
    stage.cuff(140, 106);
    assert_eq!(stage.said_of_pressure(), ["0 diastolic_high medium active"]);

    let mut stage = Stage::infusing();
    stage.cuff(175, 106);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
}

#[test]
fn a_low_systolic_is_a_caution_and_urgent_when_confirmed() {
    let mut stage = Stage::infusing();
    stage.cuff(84, 50);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_low medium active"]);
    stage.second = 60;
    stage.cuff(83, 50);
    assert_eq!(stage.said_of_pressure()[1..], ["60 systolic_low high active"]);

    let mut stage = Stage::without_session();
    stage.cuff(90, 60);
    assert!(stage.log.is_empty(), "below 90 means below");
}

#[test]
fn a_repeated_cuff_value_neither_confirms_nor_clears() {
    let mut stage = Stage::infusing();
    let taken = stage.now();
    let repeated = || Reading { taken_at: Some(taken), ..nibp(184, 96) };
    stage.each_second((0..120).map(|_| vec![repeated(), spo2(97), pulse(75)]));
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
}

#[test]
fn the_missing_part_of_a_pressure_is_not_judged() {
    let mut stage = Stage::infusing();
    let diastolic_only =
        Pressure { systolic: None, diastolic: Some(Decimal::whole(69)), mean: None };
    let observation = Observation::Measured(Value::Pressure(diastolic_only), Quality::Good);
    stage.frame(vec![Reading::new(Vital::Nibp, observation)]);
    assert!(stage.log.is_empty());
}

#[test]
fn a_grave_diastolic_never_hides_behind_a_milder_systolic() {
    let mut stage = Stage::without_session();
    stage.cuff(165, 101);
    stage.second = 60;
    stage.cuff(166, 102);
    stage.second = 120;
    stage.cuff(167, 125);
    let said = stage.said_of_pressure();
    assert_eq!(said, ["60 systolic_high medium active", "120 diastolic_high high active"]);
}

#[test]
fn a_second_monitors_pressure_is_the_rooms_pressure() {
    let mut stage = Stage::infusing();
    stage.cuff(120, 80);
    stage.second = 60;
    let other = DeviceId::new("cuff-9").unwrap();
    stage.input(Input::Frame(Frame { device: other.clone(), ..frame(vec![nibp(130, 85)]) }));
    assert_eq!(stage.room.latest()[0].device, other);
}

#[test]
fn the_next_patient_does_not_begin_with_the_last_ones_pressure() {
    let mut stage = Stage::infusing();
    stage.cuff(182, 112);
    stage.event(Event::Stop { reason: None });
    stage.event(Event::Discharge { overrides: None });
    stage.second = 180;
    stage.open();
    assert!(stage.room.latest().iter().all(|latest| latest.vital != Vital::Nibp));
}

#[test]
fn a_pressure_of_before_is_shown_with_its_age_and_judged_never() {
    let mut stage = Stage::infusing();
    stage.second = 600;
    let sent = stage.now();
    let old = Reading { taken_at: Some(sent.plus(-333_000)), ..nibp(204, 112) };
    let frame = Frame { sent_at: Some(sent), ..frame(vec![old, spo2(97), pulse(75)]) };
    stage.input(Input::Frame(frame));
    let is_shown = |stage: &Stage| stage.room.latest().iter().any(|l| l.vital == Vital::Nibp);
    assert!(!is_shown(&stage), "nothing is known yet of the monitor's clock");
    stage.second = 610;
    let sent_at = Some(stage.now());
    stage.input(Input::Frame(Frame { sent_at, ..super::frame(vec![spo2(97), pulse(75)]) }));
    assert!(stage.said_of_pressure().is_empty());
    let shown = stage.room.latest().iter().find(|latest| latest.vital == Vital::Nibp).unwrap();
    assert_eq!(shown.heard_at, sent.plus(-333_000));
}

#[test]
fn a_pressure_that_is_not_trusted_or_a_demonstration_is_no_alert() {
    for doubtful in [
        with_quality(nibp(204, 112), Quality::Questionable),
        Reading { source: Source::Demo, ..nibp(204, 112) },
    ] {
        let mut stage = Stage::infusing();
        stage.frame(vec![doubtful]);
        assert!(stage.said_of_pressure().is_empty());
        assert!(stage.room.latest().iter().any(|latest| latest.vital == Vital::Nibp));
    }
}

#[test]
fn a_pulse_counted_by_the_cuff_is_no_continuous_value() {
    let mut stage = Stage::infusing();
    let by_cuff = || Reading { channel: Some("cuff".into()), ..pulse(140) };
    stage.each_second((0..60).map(|_| vec![spo2(97), by_cuff()]));
    assert!(stage.said_of("hr_high").is_empty());
    assert!(stage.room.latest().iter().all(|latest| latest.vital != Vital::PulseRate));
}

#[test]
fn a_diastolic_alert_that_is_open_becomes_worse_beside_a_grave_systolic_one() {
    let mut stage = Stage::infusing();
    stage.cuff(140, 106);
    stage.second = 60;
    stage.cuff(204, 122);
    assert_eq!(
        stage.said_of_pressure()[1..],
        ["60 systolic_high high active", "60 diastolic_high high active"]
    );
}

#[test]
fn a_first_reading_does_not_confirm_itself_when_limits_change() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 96);
    stage.second = 30;
    stage.event(Event::Pause { reason: None });
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
}

#[test]
fn a_pressure_is_judged_by_a_new_baseline_while_it_is_not_too_old() {
    let after = |seconds: i64| {
        let mut stage = Stage::without_session();
        stage.open();
        stage.event(Event::Start { overrides: None });
        stage.cuff(152, 80);
        stage.second = 30;
        stage.cuff(152, 80);
        stage.second += seconds;
        stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
        stage.said_of_pressure().len()
    };
    assert_eq!((after(0), after(390), after(391)), (1, 1, 0));
}

#[test]
fn a_pressure_without_its_systolic_part_clears_no_systolic_alert() {
    let mut stage = Stage::infusing();
    stage.cuff(175, 90);
    stage.second = 60;
    let diastolic = Pressure { systolic: None, diastolic: Some(Decimal::whole(70)), mean: None };
    let observation = Observation::Measured(Value::Pressure(diastolic), Quality::Good);
    stage.frame(vec![Reading::new(Vital::Nibp, observation)]);
    assert_eq!(stage.said_of_pressure().len(), 1);
}

#[test]
fn what_is_confirmed_already_waits_for_nothing_more() {
    let mut stage = Stage::infusing();
    stage.cuff(184, 90);
    assert!(stage.room.alert("a1").unwrap().waits_for.is_some());
    stage.second = 60;
    stage.cuff(183, 90);
    stage.second = 120;
    stage.cuff(185, 90);
    assert_eq!(stage.room.alert("a1").unwrap().waits_for, None);
}

#[test]
fn an_own_caution_limit_moves_every_milder_one() {
    let mut stage = Stage::infusing();
    let own = OwnLimits { caution: Some(Decimal::whole(172)), ..OwnLimits::default() };
    let limits = [(Condition::SystolicHigh, Some(own))].into();
    let (reason, prescriber) = ("known".to_owned(), None);
    stage.event(Event::Limits { limits, reason, prescriber });
    stage.cuff(171, 90);
    stage.second = 30;
    stage.cuff(171, 90);
    assert!(stage.said_of_pressure().is_empty());
    stage.second = 60;
    stage.cuff(172, 90);
    assert_eq!(stage.said_of_pressure(), ["60 systolic_high medium active"]);
}

#[test]
fn the_next_pressure_is_due_from_the_phase_or_the_last_one_whichever_is_later() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.cuff(120, 80);
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.second = 200;
    stage.event(Event::Start { overrides: None });
    assert_eq!(stage.room.next_nibp_due(), Some(START.plus(500_000)));
    stage.second = 300;
    stage.event(Event::Start { overrides: None });
    let session = stage.room.session().unwrap();
    assert_eq!(session.started_at, Some(START.plus(200_000)), "it began once");
    stage.cuff(120, 80);
    assert_eq!(stage.room.next_nibp_due(), Some(START.plus(600_000)));
}

#[test]
fn a_reading_at_a_fixed_time_may_be_as_early_as_the_profile_says() {
    let profile = builtin("esketamine-nasal-adult").unwrap();
    let fixed = profile.cadence.fixed[0];
    let due_after_reading = |early_s: i64| {
        let mut stage = Stage::without_session();
        stage.open();
        stage.input(Input::Profile(profile.clone()));
        stage.event(Event::Start { overrides: None });
        stage.second = i64::from(fixed.at_s) - early_s;
        stage.cuff(120, 80);
        stage.room.next_nibp_due().unwrap().since(START) / 1_000
    };
    let early_s = i64::from(fixed.early_s);
    assert_ne!(due_after_reading(early_s), i64::from(fixed.at_s));
    assert_eq!(due_after_reading(early_s + 1), i64::from(fixed.at_s));
}

#[test]
fn a_high_pressure_before_the_start_is_no_marked_rise() {
    let mut stage = Stage::without_session();
    stage.open();
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.cuff(160, 80);
    let is_rise = |task: &Task| task.kind == TaskKind::MarkedRise;
    assert!(!stage.room.tasks().iter().any(is_rise));
    stage.event(Event::Start { overrides: None });
    stage.second = 60;
    stage.cuff(160, 80);
    assert!(stage.room.tasks().iter().any(is_rise));
}

fn suggestions(stage: &Stage) -> Vec<(String, Option<String>)> {
    let tasks = stage.room.tasks().into_iter();
    let suggested = tasks.filter(|task| task.kind == TaskKind::Suggestion);
    suggested.map(|task| (task.text, task.alert)).collect()
}

#[test]
fn an_urgent_pressure_suggests_to_ask_for_symptoms_and_a_caution_does_not() {
    let words = "Ask about headache, chest pain, breath and vision; think of pausing";
    let mut stage = Stage::infusing();
    stage.cuff(172, 90);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
    assert_eq!(suggestions(&stage), []);
    stage.second = 60;
    stage.cuff(204, 90);
    assert_eq!(suggestions(&stage), [(words.to_owned(), Some("s1-a1".to_owned()))]);
    let noted = &stage.room.session().unwrap().events;
    assert_eq!(noted.iter().filter(|event| event.text == words).count(), 1);
    stage.second = 120;
    stage.cuff(130, 80);
    assert_eq!(suggestions(&stage), [], "latched, and over");
}

#[test]
fn systolic_and_diastolic_suggest_the_same_once() {
    let mut stage = Stage::infusing();
    stage.cuff(172, 106);
    stage.second = 60;
    stage.cuff(204, 124);
    let urgent = stage.room.alerts().iter().filter(|alert| alert.priority == Priority::High);
    assert!(urgent.count() >= 1);
    assert_eq!(suggestions(&stage).len(), 1);
}

#[test]
fn a_diastolic_alone_suggests_it_as_well() {
    let mut stage = Stage::infusing();
    stage.cuff(150, 121);
    assert_eq!(stage.said_of_pressure(), ["0 diastolic_high high active"]);
    assert_eq!(suggestions(&stage).len(), 1);
}

#[test]
fn a_pressure_does_not_confirm_itself_while_the_cuff_measures_again() {
    for has_time in [true, false] {
        let mut stage = Stage::infusing();
        let taken_at = has_time.then(|| stage.now());
        for n in 0..110 {
            stage.frame(vec![Reading { taken_at, ..nibp(184, 100) }, spo2(97), pulse(75 + n % 2)]);
            if n == 60 {
                stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring)]);
            }
            stage.second += 1;
        }
        assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"], "{has_time}");
    }
}

#[test]
fn a_first_pressure_without_a_time_of_its_own_is_judged_when_the_clock_is_known() {
    for is_sent_at in [true, false] {
        let mut stage = Stage::infusing();
        for n in 0..20 {
            let stamp = Some(stage.now().plus(-420_000));
            let readings = vec![nibp(212, 124), spo2(97), pulse(75 + n % 2)];
            let frame = match is_sent_at {
                true => Frame { sent_at: stamp, ..frame(readings) },
                false => Frame { taken_at: stamp, ..frame(readings) },
            };
            stage.input(Input::Frame(frame));
            stage.second += 1;
        }
        assert_eq!(stage.said_of_pressure().first().unwrap(), "10 systolic_high high active");
    }
}

#[test]
fn a_pressure_that_comes_while_the_clock_is_set_back_waits_and_is_judged() {
    let mut stage = Stage::infusing();
    for n in 0..100 {
        let behind_ms = if n < 60 { 0 } else { 3_600_000 };
        let own = stage.now().plus(-behind_ms);
        let mut readings = vec![spo2(97), pulse(75 + n % 2)];
        match n {
            5 => readings.push(Reading { taken_at: Some(own), ..nibp(118, 74) }),
            63 => readings.push(Reading { taken_at: Some(own.plus(-20_000)), ..nibp(212, 124) }),
            _ => {}
        }
        stage.input(Input::Frame(Frame { sent_at: Some(own), ..frame(readings) }));
        stage.second += 1;
    }
    assert_eq!(stage.said_of_pressure().first().unwrap(), "70 systolic_high high active");
}
