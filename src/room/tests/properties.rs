use proptest::prelude::*;

use super::*;
use crate::profile::Priority;

#[derive(Clone, Debug)]
enum Step {
    /// Frames of these readings, one a second.
    Frames(Vec<Reading>),
    /// A cuff reading, or what a cuff says instead.
    Cuff(Reading),
    /// Values that no living patient has.
    Refused(u32),
    Wait {
        seconds: i64,
    },
    Acknowledge {
        number: u32,
    },
    /// Anything else that a room takes.
    Given(Input),
    Restart {
        seconds: i64,
    },
}

fn quality() -> impl Strategy<Value = Quality> {
    prop_oneof![6 => Just(Quality::Good), 1 => Just(Quality::Questionable), 1 => Just(Quality::Invalid)]
}

fn number(vital: Vital, values: std::ops::Range<i32>) -> impl Strategy<Value = Reading> {
    (values, quality()).prop_map(move |(value, quality)| {
        with_quality(Reading::number(vital, Decimal::whole(value)), quality)
    })
}

fn absent(vital: Vital) -> impl Strategy<Value = Reading> {
    let reasons = [Absent::Searching, Absent::SensorOff, Absent::ExtendedUpdate];
    proptest::sample::select(reasons.to_vec())
        .prop_map(move |reason| Reading::absent(vital, reason))
}

/// Saturation and pulse, and now and then breathing, temperature and an ECG.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let spo2 = prop_oneof![9 => number(Vital::Spo2, 82..99), 1 => absent(Vital::Spo2)];
    let pulse = prop_oneof![9 => number(Vital::PulseRate, 35..135), 1 => absent(Vital::PulseRate)];
    let sometimes = proptest::option::weighted::<BoxedStrategy<Reading>>;
    let more = (
        sometimes(0.1, number(Vital::HeartRate, 35..135).boxed()),
        sometimes(0.2, number(Vital::RespRate, 5..34).boxed()),
        sometimes(0.2, number(Vital::Temp, 36..40).boxed()),
    );
    (spo2, pulse, more).prop_map(|(spo2, pulse, (ecg, breaths, temp))| {
        [Some(spo2), ecg, Some(pulse), breaths, temp].into_iter().flatten().collect()
    })
}

fn cuff() -> impl Strategy<Value = Reading> {
    prop_oneof![
        6 => (75..210, 45..75).prop_map(|(systolic, percent)| nibp(systolic, systolic * percent / 100)),
        1 => Just(Reading::absent(Vital::Nibp, Absent::Measuring)),
        1 => Just(Reading::absent(Vital::Nibp, Absent::Failed)),
    ]
}

fn staff(event: Event) -> Input {
    Input::Staff { staff: "KM".to_owned(), event, occurred_at: None }
}

fn symptom() -> impl Strategy<Value = Event> {
    let names = ["vomiting", "chest_pain", "unsafe_behaviour", "wheeze", "rash"];
    (proptest::sample::select(names.to_vec()), any::<bool>())
        .prop_map(|(name, over)| Event::Symptom { symptom: name.to_owned(), over, note: None })
}

fn score() -> impl Strategy<Value = Event> {
    (proptest::sample::select(&["moaa_s", "distress"][..]), 0..8)
        .prop_map(|(name, value)| Event::Score { score: name.to_owned(), value, note: None })
}

fn own_limits() -> impl Strategy<Value = Event> {
    let kinds =
        [(Condition::Spo2Low, 88), (Condition::HrHigh, 115), (Condition::SystolicHigh, 165)];
    (proptest::sample::select(kinds.to_vec()), proptest::option::of(0..5)).prop_map(
        |((condition, from), more)| {
            let of = |more: i32| OwnLimits {
                caution: Some(Decimal::whole(from + more)),
                ..OwnLimits::default()
            };
            let limits = [(condition, more.map(of))].into();
            Event::Limits { limits, reason: "known".to_owned(), prescriber: None }
        },
    )
}

fn manual() -> impl Strategy<Value = Event> {
    (proptest::option::of(75..210), 5..34, 36..40).prop_map(|(systolic, breaths, temp)| {
        Event::ManualVitals(ManualVitals {
            systolic: systolic.map(Decimal::whole),
            resp_rate: Some(Decimal::whole(breaths)),
            temp: Some(Decimal::whole(temp)),
            ..ManualVitals::default()
        })
    })
}

/// What staff do that leaves the patient in the room.
fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => Just(Event::Pause { reason: None }),
        1 => Just(Event::Resume {}),
        1 => Just(Event::Stop { reason: None }),
        1 => Just(Event::RateChange { from: None, to: Decimal::whole(40), unit: None }),
        1 => (90..160, 60..100, 85..99).prop_map(|(systolic, rate, spo2)| {
            Event::AcceptBaseline(baseline(systolic, 74, rate, spo2))
        }),
        2 => symptom(),
        2 => score(),
        2 => own_limits(),
        2 => manual(),
    ]
}

fn profile() -> impl Strategy<Value = Input> {
    let names: Vec<_> = crate::profile::builtin_names().collect();
    proptest::sample::select(names).prop_map(|name| Input::Profile(builtin(name).unwrap()))
}

fn alert_name() -> impl Strategy<Value = String> {
    (1..6u32).prop_map(|number| format!("a{number}"))
}

fn about_an_alert() -> impl Strategy<Value = Input> {
    let km = || "KM".to_owned();
    prop_oneof![
        alert_name().prop_map(move |alert| Input::Silence { staff: km(), alert, seconds: 60 }),
        alert_name().prop_map(|alert| Input::Received { alert }),
        alert_name().prop_map(move |alert| {
            Input::Outcome { staff: km(), alert, outcome: Outcome::ExpectedEffect }
        }),
    ]
}

fn link() -> impl Strategy<Value = Input> {
    let links = [Link::Up, Link::Down, Link::Conflict, Link::Unbound];
    let device = || DeviceId::new("mon-3").unwrap();
    proptest::sample::select(links.to_vec())
        .prop_map(move |link| Input::Link { device: device(), link })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => readings().prop_map(Step::Frames),
        4 => cuff().prop_map(Step::Cuff),
        1 => (1..4u32).prop_map(Step::Refused),
        2 => (1..90i64).prop_map(|seconds| Step::Wait { seconds }),
        2 => (1..6u32).prop_map(|number| Step::Acknowledge { number }),
        1 => about_an_alert().prop_map(Step::Given),
        4 => event().prop_map(|event| Step::Given(staff(event))),
        1 => any::<bool>().prop_map(|watched| Step::Given(Input::Watched(watched))),
        1 => profile().prop_map(Step::Given),
        1 => link().prop_map(Step::Given),
        1 => (1..60i64).prop_map(|seconds| Step::Restart { seconds }),
    ]
}

/// Each step is held for some seconds, so that delays run out.
type Script = Vec<(Step, usize)>;

fn script_of(step: impl Strategy<Value = Step>) -> impl Strategy<Value = Script> {
    proptest::collection::vec((step, 1..40usize), 1..30)
}

fn script() -> impl Strategy<Value = Script> {
    script_of(step())
}

fn run(stage: &mut Stage, step: &Step, times: usize) {
    match step {
        Step::Frames(readings) => stage.each_second(vec![readings.clone(); times]),
        Step::Cuff(reading) => stage.frame(vec![timed(stage, reading)]),
        Step::Refused(implausible) => {
            let frame = Frame { implausible: *implausible, ..frame(Vec::new()) };
            stage.input(Input::Frame(frame));
        }
        Step::Wait { seconds } => stage.wait(*seconds),
        Step::Acknowledge { number } => stage.acknowledge(&format!("a{number}")),
        Step::Given(input) => stage.input(input.clone()),
        Step::Restart { seconds } => {
            let blind_from = stage.now();
            stage.second += seconds;
            let blind_to = stage.now();
            stage.input(Input::Restart { blind_from, blind_to });
        }
    }
}

/// A cuff reading with the time of its inflation.
fn timed(stage: &Stage, reading: &Reading) -> Reading {
    Reading { taken_at: Some(stage.now()), ..reading.clone() }
}

/// A monitor that is taken out and speaks again has to be known anew as one that speaks each second.
fn takes_monitor_out(step: &Step) -> bool {
    matches!(step, Step::Given(Input::Link { link: Link::Unbound, .. }))
}

/// Infusing, with a monitor that is known to speak each second.
fn with_monitor() -> Stage {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage
}

/// When an alert that was taken asks again by itself.
fn asks_again_at(alert: &Alert) -> Option<Millis> {
    let taken_at = alert.acknowledged.as_ref()?.at;
    Some(match alert.priority {
        Priority::High => taken_at.plus(120_000),
        Priority::Medium => taken_at.plus(600_000),
        Priority::Low => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_checkpoint_put_anywhere_changes_nothing(script in script(), cut in 0..30usize) {
        let mut plain = Stage::infusing();
        let mut restored = Stage::infusing();
        for (index, (step, times)) in script.iter().enumerate() {
            if index == cut % script.len() {
                let text = restored.room.checkpoint().to_string();
                let json = serde_json::from_str(&text).unwrap();
                restored.room = Room::from_checkpoint(&json).unwrap();
            }
            run(&mut plain, step, *times);
            run(&mut restored, step, *times);
        }
        prop_assert_eq!(plain.log, restored.log);
        prop_assert_eq!(plain.room, restored.room);
    }

    #[test]
    fn a_checkpoint_put_anywhere_before_the_start_changes_nothing(
        script in script(),
        cut in 0..30usize,
    ) {
        let mut plain = Stage::without_session();
        plain.open();
        let mut restored = Stage::without_session();
        restored.open();
        for (index, (step, times)) in script.iter().enumerate() {
            if index == cut % script.len() {
                let text = restored.room.checkpoint().to_string();
                let json = serde_json::from_str(&text).unwrap();
                restored.room = Room::from_checkpoint(&json).unwrap();
            }
            run(&mut plain, step, *times);
            run(&mut restored, step, *times);
            prop_assert_eq!(plain.room.tasks(), restored.room.tasks());
            let start = Event::Start { overrides: None };
            let refused = |stage: &Stage| stage.room.refusal(&start, Authority::Nurse);
            prop_assert_eq!(refused(&plain), refused(&restored));
        }
        prop_assert_eq!(plain.log, restored.log);
        prop_assert_eq!(plain.room, restored.room);
    }

    #[test]
    fn a_wait_of_the_start_does_not_depend_on_how_often_time_is_looked_at(script in script()) {
        let mut seldom = Stage::without_session();
        seldom.open();
        let mut often = Stage::without_session();
        often.open();
        for (step, times) in &script {
            run(&mut seldom, step, *times);
            match step {
                Step::Wait { seconds } => (0..*seconds).for_each(|_| often.wait(1)),
                _ => run(&mut often, step, *times),
            }
            prop_assert_eq!(seldom.room.tasks(), often.room.tasks());
        }
    }

    #[test]
    fn the_log_does_not_depend_on_how_often_time_is_looked_at(script in script()) {
        let mut seldom = Stage::infusing();
        let mut often = Stage::infusing();
        for (step, times) in &script {
            run(&mut seldom, step, *times);
            match step {
                Step::Wait { seconds } => (0..*seconds).for_each(|_| often.wait(1)),
                Step::Frames(readings) => {
                    for _ in 0..*times {
                        often.frame(readings.clone());
                        for ms in [1, 300, 999] {
                            often.room.advance(often.now().plus(ms));
                            often.drain();
                        }
                        often.second += 1;
                    }
                }
                _ => run(&mut often, step, *times),
            }
        }
        prop_assert_eq!(seldom.log, often.log);
    }

    #[test]
    fn an_open_alert_is_never_lost_and_its_priority_never_falls(script in script()) {
        let mut stage = Stage::infusing();
        let mut known: Vec<Alert> = Vec::new();
        for (step, times) in &script {
            run(&mut stage, step, *times);
            let alerts = stage.room.alerts().to_vec();
            for before in &known {
                let after = alerts.iter().find(|alert| alert.id() == before.id());
                if before.is_open() {
                    let after = after.expect("an open alert is still known");
                    // Once somebody has it, it may follow its condition down.
                    let is_taken = before.acknowledged.is_some() || after.acknowledged.is_some();
                    prop_assert!(is_taken || after.priority >= before.priority);
                }
            }
            for condition in alerts.iter().filter(|a| a.is_open()).map(|a| a.condition) {
                let open = alerts.iter().filter(|a| a.is_open() && a.condition == condition);
                prop_assert_eq!(open.count(), 1);
            }
            known = alerts;
        }
        let numbers = stage.log.iter().filter(|line| line.state == AlertState::Active);
        let mut raised = 0;
        for line in numbers {
            let number: u32 = line.alert[1..].parse().unwrap();
            prop_assert!(number <= raised + 1, "numbered without gaps");
            raised = raised.max(number);
        }
    }

    #[test]
    fn a_frame_that_comes_twice_is_one(script in script()) {
        let mut once = with_monitor();
        let mut twice = with_monitor();
        for (step, times) in script.iter().filter(|(step, _)| !takes_monitor_out(step)) {
            run(&mut once, step, *times);
            match step {
                Step::Frames(readings) => {
                    for _ in 0..*times {
                        twice.frame(readings.clone());
                        twice.frame(readings.clone());
                        twice.second += 1;
                    }
                }
                Step::Cuff(reading) => {
                    let reading = timed(&twice, reading);
                    (0..3).for_each(|_| twice.frame(vec![reading.clone()]));
                }
                _ => run(&mut twice, step, *times),
            }
        }
        prop_assert_eq!(once.log, twice.log);
    }

    #[test]
    fn what_comes_late_neither_raises_nor_clears(
        script in script(),
        late in proptest::collection::vec((readings(), cuff(), 61..4_000i64), 1..8),
    ) {
        let mut plain = with_monitor();
        let mut with_late = with_monitor();
        let mut late = late.iter().cycle();
        for (step, times) in script.iter().filter(|(step, _)| !takes_monitor_out(step)) {
            let Step::Frames(readings) = step else {
                run(&mut plain, step, *times);
                run(&mut with_late, step, *times);
                continue;
            };
            for _ in 0..*times {
                let (late_readings, cuff, seconds) = late.next().unwrap();
                let sent = with_late.now();
                // A pressure is judged until its cadence is over.
                let is_too_old = *seconds > 2_400;
                let cuff = is_too_old.then(|| cuff.clone());
                let old = Frame {
                    sent_at: Some(sent),
                    taken_at: Some(sent.plus(-seconds * 1_000)),
                    ..frame(late_readings.iter().cloned().chain(cuff).collect())
                };
                let readings = || readings.clone();
                let live = || Frame { sent_at: Some(sent), taken_at: Some(sent), ..frame(readings()) };
                plain.input(Input::Frame(live()));
                plain.second += 1;
                with_late.input(Input::Frame(live()));
                with_late.input(Input::Frame(old));
                with_late.second += 1;
            }
        }
        prop_assert_eq!(plain.log, with_late.log);
    }

    #[test]
    fn a_restart_loses_no_alert_and_wakes_none_that_was_taken(
        script in script(),
        seconds in 1..200i64,
    ) {
        let mut stage = with_monitor();
        for (step, times) in &script {
            run(&mut stage, step, *times);
            let before = stage.room.alerts().to_vec();
            let mut restarted = Stage { room: stage.room.clone(), second: stage.second, log: Vec::new() };
            run(&mut restarted, &Step::Restart { seconds }, 1);
            let now = restarted.now();
            for before in before.iter().filter(|alert| alert.is_open()) {
                let after = restarted.room.alert(&before.id()).expect("it is still known");
                // A missing cuff reading and a silent monitor are judged by time alone.
                if before.condition.kind() == crate::profile::Kind::Physiological {
                    prop_assert!(after.is_open());
                }
                let may_ask = asks_again_at(before).is_some_and(|at| at <= now);
                let is_worse = after.level > before.level || after.priority > before.priority;
                let is_taken = after.acknowledged == before.acknowledged;
                prop_assert!(is_taken || may_ask || is_worse, "{:?} {:?}", before, after);
            }
        }
    }

    #[test]
    fn taking_an_alert_touches_that_one_alone(script in script(), number in 1..6u32) {
        let mut stage = with_monitor();
        for (step, times) in &script {
            run(&mut stage, step, *times);
            let mut taken = Stage { room: stage.room.clone(), second: stage.second, log: Vec::new() };
            // What time alone has changed comes first.
            taken.input(Input::ClockStep { ms: 0, moves_at: false });
            let before = taken.room.alerts().to_vec();
            let name = format!("a{number}");
            taken.log.clear();
            taken.acknowledge(&name);
            let is_it = |alert: &&Alert| alert.number == number;
            let others = |alerts: &[Alert]| alerts.iter().filter(|a| !is_it(a)).cloned().collect::<Vec<_>>();
            prop_assert_eq!(others(&before), others(taken.room.alerts()));
            let is_free = |alert: &Alert| alert.is_open() && alert.acknowledged.is_none();
            let was_free = before.iter().any(|alert| is_it(&alert) && is_free(alert));
            // It is taken, and may at once follow its condition down.
            prop_assert!((usize::from(was_free)..=2 * usize::from(was_free)).contains(&taken.log.len()));
        }
    }

    #[test]
    fn a_gap_neither_raises_nor_clears_what_is_about_the_patient(
        script in script(),
        // Longer than a gap of the slowest monitor.
        seconds in 151..400i64,
        after in (82..99, 35..135),
    ) {
        let mut stage = with_monitor();
        for (step, times) in &script {
            // A first urgent pressure counts by time alone when no second one comes.
            let is_cuff = matches!(step, Step::Cuff(_));
            let is_by_hand = matches!(step, Step::Given(Input::Staff { event: Event::ManualVitals(_), .. }));
            if is_cuff || is_by_hand {
                continue;
            }
            run(&mut stage, step, *times);
            let mut silent = Stage { room: stage.room.clone(), second: stage.second, log: Vec::new() };
            let states = |stage: &Stage| {
                let all = stage.room.alerts().iter().filter(|a| a.condition.kind() == crate::profile::Kind::Physiological);
                all.map(|alert| (alert.id(), alert.priority, alert.state)).collect::<Vec<_>>()
            };
            let before = states(&silent);
            silent.wait(seconds);
            prop_assert_eq!(&before, &states(&silent));
            let (saturation, rate) = after;
            silent.frame(vec![spo2(saturation), pulse(rate)]);
            let is_spot = |vital| silent.room.history(vital).rhythm().is_spot();
            if crate::profile::ContinuousVital::ALL.into_iter().any(is_spot) {
                // Pauses so long that each value counts.
                continue;
            }
            prop_assert_eq!(&before, &states(&silent), "one value after a gap decides nothing");
        }
    }

    #[test]
    fn a_written_recording_replays_to_the_same_log(script in script()) {
        let mut stage = Stage::infusing();
        let mut text = String::new();
        let patient = crate::replay::Patient { initials: "J.T.".to_owned(), ..Default::default() };
        let header = crate::replay::Header {
            room: stage.room.id().clone(),
            profile: builtin(DEFAULT_PROFILE).unwrap(),
            patient,
        };
        text += &(crate::replay::write_header(&header) + "\n");
        text += &(crate::replay::write_checkpoint(stage.now(), &stage.room) + "\n");
        stage.log.clear();
        for (step, times) in &script {
            let inputs = match step {
                Step::Frames(readings) => vec![Input::Frame(frame(readings.clone())); *times],
                Step::Cuff(reading) => vec![Input::Frame(frame(vec![timed(&stage, reading)]))],
                Step::Given(input) => vec![input.clone()],
                Step::Acknowledge { number } => {
                    let (staff, alert) = ("KM".to_owned(), format!("a{number}"));
                    vec![Input::Acknowledge { staff, alert }]
                }
                _ => continue,
            };
            for input in inputs {
                text += &(crate::replay::write_input(stage.now(), &input) + "\n");
                stage.input(input);
                stage.second += 1;
            }
        }
        let player = crate::replay::Player::new(text.as_bytes()).unwrap();
        prop_assert_eq!(player.play().unwrap(), stage.log);
    }
}

/// Anything at any time, sense or none.
fn absurd() -> impl Strategy<Value = (Input, i64)> {
    let value = prop_oneof![9 => -10..400i32, 1 => -99_999..99_999i32];
    // Before the room no time is without these bounds.
    let time = || {
        let near = START.0 - 999_999..START.0 + 999_999;
        let last_of_9999 = 253_402_300_799_999i64;
        proptest::option::of(prop_oneof![Just(0), Just(last_of_9999), near])
    };
    let reading = (proptest::sample::select(&Vital::ALL[..]), value, quality(), time()).prop_map(
        |(vital, value, quality, taken_at)| {
            let value = Decimal::whole(value);
            let reading = match vital {
                Vital::Nibp => {
                    let pressure = Pressure { systolic: Some(value), diastolic: None, mean: None };
                    Reading::new(vital, Observation::Measured(Value::Pressure(pressure), quality))
                }
                _ => with_quality(Reading::number(vital, value), quality),
            };
            Reading { taken_at: taken_at.map(Millis), ..reading }
        },
    );
    let frames = (proptest::collection::vec(reading, 0..4), time(), time(), any::<u32>()).prop_map(
        |(readings, sent_at, taken_at, implausible)| {
            let (sent_at, taken_at) = (sent_at.map(Millis), taken_at.map(Millis));
            Input::Frame(Frame { sent_at, taken_at, implausible, ..frame(readings) })
        },
    );
    let ends = prop_oneof![
        Just(Event::CheckIn {}),
        Just(Event::Start { overrides: None }),
        Just(Event::Discharge {}),
        Just(Event::Abort { reason: None }),
        Just(Event::Transfer { reason: None }),
        Just(Event::AcceptBaseline(Acceptance::default())),
    ];
    let events = prop_oneof![2 => event().boxed(), 1 => ends.boxed()];
    let staff = (events, time()).prop_map(|(event, at)| Input::Staff {
        staff: String::new(),
        event,
        occurred_at: at.map(Millis),
    });
    let open = (0..3u32).prop_map(|number| {
        Input::Open(Opening {
            session: SessionId::new(&format!("s{number}")).unwrap(),
            profile: builtin(DEFAULT_PROFILE).unwrap(),
            planned_s: number,
            phase: Phase::Baseline,
            staff: String::new(),
        })
    });
    let restart = (-99_999..99_999i64, -99_999..99_999i64).prop_map(|(from, to)| Input::Restart {
        blind_from: START.plus(from),
        blind_to: START.plus(to),
    });
    let given = prop_oneof![
        6 => frames,
        4 => staff,
        1 => open,
        1 => restart,
        1 => link(),
        1 => profile(),
        1 => about_an_alert(),
        1 => alert_name().prop_map(|alert| Input::Acknowledge { staff: String::new(), alert }),
        1 => any::<bool>().prop_map(Input::Watched),
        1 => any::<i64>().prop_map(|ms| Input::ClockStep { ms, moves_at: false }),
    ];
    (given, -5_000..90_000i64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_that_is_said_in_any_order_panics_or_breaks_the_state(
        inputs in proptest::collection::vec(absurd(), 1..120),
    ) {
        let mut stage = Stage::without_session();
        let mut at = START;
        for (input, step_ms) in inputs {
            at = at.plus(step_ms);
            stage.room.handle(&input, at);
            stage.drain();
            let _ = (stage.room.tasks(), stage.room.shown_limits(), stage.room.next_nibp_due());
            for alert in stage.room.alerts().iter().filter(|alert| alert.is_open()) {
                let of_it = stage.room.alerts().iter().filter(|a| a.condition == alert.condition && a.is_open());
                prop_assert_eq!(of_it.count(), 1);
            }
        }
        let json = stage.room.checkpoint();
        prop_assert_eq!(Room::from_checkpoint(&json).unwrap(), stage.room);
    }
}
