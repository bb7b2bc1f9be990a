use super::*;

const HEAD: &str = r#"shows = "x"
clinical = 1
lasting_min = 2
patient = { systolic = 124, diastolic = 78, heart_rate = 72, spo2 = 97 }
alerts = { a1 = "systolic_high", a2 = "spo2_low", a3 = "systolic_high" }
"#;

fn read(steps: &str) -> Result<Scenario, Problem> {
    Scenario::read("x", "x.toml", &format!("{HEAD}steps = [\n{steps}\n]\n"))
}

fn refusal(steps: &str) -> String {
    read(steps).expect_err("it is wrong").to_string()
}

/// (seconds after the beginning, the line without its time) of all that is no plain frame.
fn said(steps: &str) -> Vec<(f64, String)> {
    let scenario = read(steps).expect("it is in order");
    let lines = scenario.lines().map(|(at, line)| {
        let json = line.to_json(at);
        let rest = json.split_once(',').expect("every line starts with its time").1;
        ((at - START_MS) as f64 / 1000.0, rest.trim_end_matches('}').to_owned())
    });
    let plain = r#""device":"mon-3","frame":{"type":"readings","readings":[{"vital":"spo2","value":97},{"vital":"pulse_rate","value":72}]"#;
    lines.filter(|(_, line)| line != plain).collect()
}

/// Seconds at which frames arrived.
fn arrivals(steps: &str) -> Vec<i64> {
    let scenario = read(steps).expect("it is in order");
    let frames = scenario.lines().filter(|(_, line)| matches!(line, Line::Frame { .. }));
    frames.map(|(at, _)| (at - START_MS) / 1000).collect()
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_what_is_allowed() {
    let problem = refusal("{ at_s = 1, cuff = \"measure\" },\n{ at_s = 2, colour = 1 },");
    assert!(problem.starts_with("x.toml line 8: unknown field `colour`"), "{problem}");
    assert!(problem.contains("`acknowledge`"), "{problem}");
    let problem = refusal("{ at_s = 1, cuff = \"squeeze\" },");
    assert!(problem.starts_with("x.toml line 7: unknown variant `squeeze`"), "{problem}");
    assert!(problem.contains("`measure`"), "{problem}");
    let problem = refusal("{ at_s = 1, event = { type = \"start\", colour = 1 } },");
    assert!(problem.starts_with("x.toml line 7: unknown field `colour`"), "{problem}");
}

#[test]
fn an_impossible_value_is_refused_with_its_line_and_what_is_allowed() {
    let problem = refusal("{ at_s = 1, patient = { apnoea = { lasting_s = -5 } } },");
    assert_eq!(problem, "x.toml line 7: allowed are 0 to 14400, got -5");
    let problem = refusal("{ at_s = 1, cuff = { shows = \"204 by 122\" } },");
    assert!(problem.contains("line 7: a pressure is two whole numbers"), "{problem}");
    let problem = refusal("{ at_s = 1, acknowledge = \"first\" },");
    assert!(problem.contains("line 7: an alert is named a1, a2"), "{problem}");
    let problem = Scenario::read("x", "x.toml", &HEAD.replace("124", "1240"));
    let problem = problem.expect_err("no patient has 1240").to_string();
    assert_eq!(problem, "x.toml line 4: allowed are 60 to 220, got 1240");
}

#[test]
fn a_time_that_goes_back_or_lies_after_the_end_is_refused_with_its_line() {
    let problem = refusal("{ at_s = 60, cuff = \"measure\" },\n{ at_s = 59, cuff = \"measure\" },");
    let what = "the step is at 59 s: allowed are 60 s (the step above) to 120 s (the end)";
    assert_eq!(problem, format!("x.toml line 8: {what}"));
    assert!(refusal("{ at_min = 3, cuff = \"measure\" },").contains("to 120 s (the end)"));
}

#[test]
fn an_alert_that_staff_act_on_is_known_by_what_it_is_about() {
    let problem = refusal("{ at_s = 1, acknowledge = \"a4\" },");
    assert!(problem.starts_with("x.toml line 7: what is a4 about?"), "{problem}");
    assert!(problem.contains("alerts = { a4 = \"spo2_low\" }"), "{problem}");
    let text = format!("{}steps = []", HEAD.replace("spo2_low", "spo3_low"));
    let problem = Scenario::read("x", "x.toml", &text).expect_err("no such condition").to_string();
    assert!(problem.starts_with("x.toml line 5: unknown variant `spo3_low`"), "{problem}");
    assert!(problem.contains("`spo2_falling`"), "{problem}");

    let scenario = read("").expect("it is in order");
    let wanted = |name: &str| {
        let name = AlertName::try_from(name.to_owned()).expect("it is a name");
        scenario.alert(name).map(|wanted| (wanted.condition.word(), wanted.after))
    };
    assert_eq!(wanted("a1"), Some(("systolic_high", 0)));
    assert_eq!(wanted("a2"), Some(("spo2_low", 0)));
    assert_eq!(wanted("a3"), Some(("systolic_high", 1)));
    assert_eq!(wanted("a4"), None);
}

#[test]
fn a_step_has_one_time_and_one_thing_that_happens() {
    assert!(refusal("{ cuff = \"measure\" },").contains("at_s (seconds) or at_min (minutes)"));
    assert!(refusal("{ at_s = 1 },").contains("exactly one of event, acknowledge"));
    assert!(refusal("{ at_s = 1, cuff = \"measure\", probe = \"off\" },").contains("got several"));
}

#[test]
fn what_staff_do_stands_at_its_time_and_in_the_words_of_a_recording() {
    let steps = r#"
        { at_s = 5, event = { type = "accept_baseline", heart_rate = 45, known_low = true } },
        { at_s = 6.2, event = { type = "start" } },
        { at_s = 7, by = "LB", acknowledge = "a1" },
        { at_s = 8, silence = { alert = "a2", seconds = 120 } },
        { at_min = 1, outcome = { alert = "a1", outcome = "clinician_called" } },"#;
    let expected = [
        (5.0, r#""staff":"KM","event":{"type":"accept_baseline","heart_rate":45,"known_low":true"#),
        (6.2, r#""staff":"KM","event":{"type":"start""#),
        (7.0, r#""staff":"LB","acknowledge":"a1""#),
        (8.0, r#""staff":"KM","silence":{"alert":"a2","seconds":120"#),
        (60.0, r#""staff":"KM","outcome":{"alert":"a1","outcome":"clinician_called""#),
        (120.0, r#""end":true"#),
    ];
    assert_eq!(said(steps), expected.map(|(at_s, line)| (at_s, line.to_owned())));
}

#[test]
fn a_cuff_says_that_it_measures_and_33_s_later_what_it_found() {
    let said =
        said("{ at_s = 10, cuff = { shows = \"204/122\" } }, { at_s = 10, cuff = \"measure\" },");
    let measuring =
        r#""device":"mon-3","frame":{"type":"status","vital":"nibp","status":"measuring""#;
    assert_eq!(said[0], (11.0, measuring.to_owned()));
    assert_eq!(said[1].0, 44.0);
    assert!(said[1].1.ends_with(r#"{"vital":"nibp","systolic":204,"diastolic":122,"mean":149}]"#));
}

/// The oximeter's and the cuff's numbers of each second in which there are any: (second, SpO2,
/// whether it is trusted) and (second, systolic).
type Numbers = (Vec<(i64, u32, bool)>, Vec<(i64, i32)>);

fn numbers(steps: &str) -> Numbers {
    let scenario = read(steps).expect("it is in order");
    let (mut spo2, mut systolic) = (Vec::new(), Vec::new());
    for (at, line) in scenario.lines() {
        let Line::Frame { frame: Frame::Readings { readings, .. }, .. } = line else { continue };
        let second = (at - START_MS) / 1000;
        for reading in readings {
            match reading {
                Reading::Spo2 { value, quality } => spo2.push((second, value, quality.is_none())),
                Reading::Nibp { systolic: mmhg, .. } => systolic.push((second, mmhg)),
                _ => {}
            }
        }
    }
    (spo2, systolic)
}

#[test]
fn whatever_befalls_a_patient_has_a_word() {
    let words = [
        "{ spray = { mg = 56 } }",
        "\"needle\"",
        "{ talks = { lasting_s = 40 } }",
        "{ moves = { lasting_s = 20 } }",
        "\"vasovagal\"",
        "\"legs_up\"",
        "{ apnoea = { lasting_s = 60 } }",
        "{ obstruction = { lasting_s = 90 } }",
        "{ mild_obstruction = { lasting_s = 150 } }",
        "{ agitation = { lasting_s = 300 } }",
        "\"nausea\"",
        "{ allergy = { lasting_s = 300 } }",
        "{ given = \"labetalol\" }",
        "{ given = \"clonidine\" }",
        "{ given = \"hydralazine\" }",
        "{ given = \"midazolam\" }",
        "{ surge = { systolic = 47, diastolic = 27, lasting_s = 60 } }",
        "{ shift = { spo2 = -6, over_s = 30, lasting_s = 19, back_tau_s = 3 } }",
        "{ raised = { systolic = 183, diastolic = 113, over_s = 60, lasting_s = 600 } }",
    ];
    for word in words {
        let read = read(&format!("{{ at_s = 1, patient = {word} }},"));
        assert!(read.is_ok(), "{word}: {read:?}");
    }
}

#[test]
fn whatever_befalls_has_a_word_that_is_refused_when_it_says_the_impossible() {
    let refused = |step: &str| {
        let problem = refusal(&format!("{{ at_s = 1, {step} }},"));
        let rest = problem.strip_prefix("x.toml line 7: ").expect(&problem);
        rest.to_owned()
    };
    let spray = refused("patient = { spray = { mg = 40 } }");
    assert_eq!(spray, "a spray is 28, 56 or 84 mg, got 40");
    let given = refused("patient = { given = \"aspirin\" }");
    assert!(given.contains("`aspirin`") && given.contains("`labetalol`, `clonidine`"), "{given}");
    let key = refused("patient = { talks = { for_s = 5 } }");
    assert!(key.contains("for_s, available keys: lasting_s"), "{key}");
    assert_eq!(refused("cuff = { bent_by = 31 }"), "allowed are -30 to 30, got 31");
    let size = refused("cuff = { size = \"big\" }");
    assert!(size.contains("`right`, `too_small`, `too_large`"), "{size}");
    let lost = refused("probe = { lost = { status = \"sensor_off\", lasting_s = 9 } }");
    assert!(lost.contains("`no_pulse`"), "{lost}");
    let raised = refused("patient = { raised = { systolic = 300, over_s = 1, lasting_s = 1 } }");
    assert_eq!(raised, "allowed are 60 to 260, got 300");
}

#[test]
fn medicines_and_legs_up_do_to_the_patient_what_they_do() {
    let at_110_s = |first: &str| {
        let measured = "{ at_s = 1, cuff = \"measure\" }, { at_s = 75, cuff = \"measure\" },";
        let (_, systolic) = numbers(&format!("{first} {measured}"));
        systolic[1].1
    };
    // The cuff inflates at 76 s, half a minute after the systolic began to come back.
    let fainted = "{ at_s = 0, patient = \"vasovagal\" }, { at_s = 0, skip_min = 3 },";
    let legs_up = format!("{fainted} {{ at_s = 0, patient = \"legs_up\" }},");
    assert!(at_110_s(fainted) + 5 < at_110_s(&legs_up));
    let hydralazine = "{ at_s = 0, patient = { given = \"hydralazine\" } },";
    let given = format!("{hydralazine} {{ at_s = 0, skip_min = 40 }},");
    assert_eq!((at_110_s(&given), at_110_s("")), (104, 124));
}

#[test]
fn a_wrong_cuff_a_bent_arm_a_cold_finger_and_unnoticed_motion_are_in_the_numbers() {
    let measured = "{ at_s = 10, cuff = \"measure\" }, { at_s = 60, cuff = \"measure\" },";
    let systolic = |steps: &str| numbers(&format!("{steps} {measured}")).1;
    assert_eq!(systolic("{ at_s = 1, cuff = { bent_by = 20 } },"), [(44, 144), (94, 124)]);
    let small = "{ at_s = 1, cuff = { size = \"too_small\" } },";
    assert_eq!(systolic(small), [(44, 132), (94, 132)]);

    let seconds = |steps: &str, what: fn(&(i64, u32, bool)) -> bool| -> Vec<i64> {
        let (spo2, _) = numbers(steps);
        spo2.into_iter().filter(what).map(|(second, ..)| second).collect()
    };
    let doubted = |(_, _, is_trusted): &(i64, u32, bool)| !is_trusted;
    let low_and_trusted = |(_, spo2, is_trusted): &(i64, u32, bool)| *is_trusted && *spo2 < 95;
    let all: Vec<i64> = (11..=15).collect();
    assert_eq!(seconds("{ at_s = 10, probe = { cold = { lasting_s = 5 } } },", doubted), all);
    assert_eq!(seconds("{ at_s = 10, probe = { motion = { lasting_s = 5 } } },", doubted), all);
    let unflagged = "{ at_s = 10, probe = { motion = { lasting_s = 5, flagged = false } } },";
    assert_eq!(seconds(unflagged, low_and_trusted), all);
    assert_eq!(seconds(unflagged, doubted), [0; 0]);
    let lost = "{ at_s = 10, probe = { lost = { status = \"no_pulse\", lasting_s = 5 } } },";
    assert_eq!(said(lost).len(), 11);
    assert!(said(lost)[0].1.ends_with(r#""vital":"spo2","status":"no_pulse""#), "{lost}");
}

#[test]
fn a_silent_monitor_sends_nothing_and_goes_on() {
    let arrived = arrivals("{ at_s = 10, monitor = { silent = { lasting_s = 5 } } },");
    assert_eq!(arrived[8..13], [8, 9, 10, 16, 17]);
}

#[test]
fn a_monitor_without_a_link_is_heard_again_when_it_is_back() {
    let steps = "{ at_s = 10, monitor = \"link_down\" }, { at_s = 15, monitor = \"link_up\" },";
    assert_eq!(arrivals(steps)[9..13], [9, 10, 16, 17]);
    assert_eq!(said(steps)[0], (10.0, r#""device":"mon-3","link":"down""#.to_owned()));
}

#[test]
fn dropped_frames_come_late_at_once_and_with_their_own_times() {
    let steps = "{ at_s = 10, monitor = { drops = { times = 2, every_s = 20, lasting_s = 3 } } },";
    assert_eq!(arrivals(steps)[9..16], [9, 10, 14, 14, 14, 14, 15]);
    assert_eq!(arrivals(steps)[29..36], [29, 30, 34, 34, 34, 34, 35]);
    let text = format!("timed = true\n{HEAD}steps = [{steps}]");
    let scenario = Scenario::read("x", "x.toml", &text).expect("it is in order");
    let late = scenario.lines().nth(11).map(|(at, line)| line.to_json(at));
    let taken = START_MS + 11_000;
    let start = format!(
        r#"{{"at":{},"device":"mon-3","frame":{{"type":"readings","seq":12,"sent_at":{taken},"taken_at":{taken},"#,
        START_MS + 14_000
    );
    assert!(late.as_ref().is_some_and(|late| late.starts_with(&start)), "{late:?}");
}

#[test]
fn frames_may_come_when_newer_ones_have_long_arrived_and_may_come_twice() {
    let drops = "times = 1, every_s = 0, lasting_s = 3, return_after_s = 10";
    let late = arrivals(&format!("{{ at_s = 10, monitor = {{ drops = {{ {drops} }} }} }},"));
    assert_eq!(late[10..12], [10, 14]);
    assert_eq!(late[17..24], [20, 21, 21, 21, 21, 22, 23]);
    let twice = arrivals("{ at_s = 10, monitor = { repeats = { lasting_s = 2 } } },");
    assert_eq!(twice[10..16], [10, 11, 11, 12, 12, 13]);
}

#[test]
fn a_restart_loses_what_was_sent_while_the_program_was_away() {
    let steps = "{ at_s = 10, program = { restart = { blind_s = 8 } } },";
    assert_eq!(arrivals(steps)[9..13], [9, 10, 19, 20]);
    let restart = format!(
        r#""restart":{{"blind_from":{},"blind_to":{}}}"#,
        START_MS + 10_000,
        START_MS + 18_000
    );
    assert_eq!(said(steps)[0], (18.0, restart.trim_end_matches('}').to_owned()));
}

#[test]
fn a_session_follows_the_pump_and_the_rounds_of_the_cuff() {
    let scenarios = Scenario::all().expect("all are in order");
    let find = |name| scenarios.iter().find(|s| s.name() == name).expect("it is there");
    let readings: Vec<_> = find("normal-responder")
        .lines()
        .filter_map(|(at, line)| {
            let Line::Frame { frame: Frame::Readings { readings, .. }, .. } = line else {
                return None;
            };
            readings.into_iter().find_map(|reading| match reading {
                Reading::Nibp { systolic, diastolic, .. } => {
                    Some(((at - START_MS) / 1000, systolic, diastolic))
                }
                _ => None,
            })
        })
        .collect();
    assert_eq!(readings[..3], [(54, 124, 78), (194, 124, 78), (574, 125, 79)]);
    assert_eq!(readings[9..11], [(2674, 139, 88), (3274, 135, 85)]);
    assert_eq!(readings.len(), 13);
}
