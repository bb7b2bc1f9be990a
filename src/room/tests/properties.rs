//! What holds whatever happens to one patient.

use proptest::prelude::*;

use super::script::Step;
use super::script::*;
use super::*;

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
        prop_assert_eq!(plain.steps, restored.steps);
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
            let refused = |stage: &Stage| stage.room.refusal(&start, Authority::Nurse, stage.room.now());
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
        prop_assert_eq!(seldom.steps, often.steps);
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
            let mut restarted = Stage::of(stage.room.clone(), stage.second, Vec::new());
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
            let mut taken = Stage::of(stage.room.clone(), stage.second, Vec::new());
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
            let mut silent = Stage::of(stage.room.clone(), stage.second, Vec::new());
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
        let patient = crate::record::Patient { initials: "J.T.".to_owned(), ..Default::default() };
        let header = crate::record::Header {
            room: stage.room.id().clone(),
            profile: builtin(DEFAULT_PROFILE).unwrap(),
            patient,
        };
        text += &(crate::record::write_header(&header) + "\n");
        text += &(crate::record::write_checkpoint(stage.now(), &stage.room) + "\n");
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
                text += &(crate::record::write_input(stage.now(), &input) + "\n");
                stage.input(input);
                stage.second += 1;
            }
        }
        let player = crate::replay::Player::new(text.as_bytes()).unwrap();
        prop_assert_eq!(player.play().unwrap(), stage.log);
    }
}
