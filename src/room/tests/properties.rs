use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Readings { spo2: Option<i32>, pulse: i32, quality: Quality },
    Cuff { systolic: i32 },
    Wait { seconds: i64 },
    Acknowledge { number: u32 },
    Silence { number: u32 },
    Event(Event),
    Restart { seconds: i64 },
}

fn quality() -> impl Strategy<Value = Quality> {
    prop_oneof![6 => Just(Quality::Good), 1 => Just(Quality::Questionable), 1 => Just(Quality::Invalid)]
}

fn step() -> impl Strategy<Value = Step> {
    let readings = (proptest::option::weighted(0.9, 82..99), 45..135, quality());
    prop_oneof![
        20 => readings.prop_map(|(spo2, pulse, quality)| Step::Readings { spo2, pulse, quality }),
        2 => (80..210).prop_map(|systolic| Step::Cuff { systolic }),
        2 => (1..90i64).prop_map(|seconds| Step::Wait { seconds }),
        1 => (1..4u32).prop_map(|number| Step::Acknowledge { number }),
        1 => (1..4u32).prop_map(|number| Step::Silence { number }),
        1 => Just(Step::Event(Event::Pause { reason: None })),
        1 => Just(Step::Event(Event::Resume {})),
        1 => (1..60i64).prop_map(|seconds| Step::Restart { seconds }),
    ]
}

/// Each step is held for some seconds, so that delays run out.
fn script() -> impl Strategy<Value = Vec<(Step, usize)>> {
    proptest::collection::vec((step(), 1..40usize), 1..40)
}

fn run(stage: &mut Stage, step: &Step, times: usize) {
    match step {
        Step::Readings { spo2: value, pulse: rate, quality } => {
            let reading = value.map_or(no_spo2(Absent::Searching), spo2);
            let readings = vec![with_quality(reading, *quality), pulse(*rate)];
            stage.each_second(vec![readings; times]);
        }
        Step::Cuff { systolic } => stage.cuff(*systolic, 60),
        Step::Wait { seconds } => stage.wait(*seconds),
        Step::Acknowledge { number } => stage.acknowledge(&format!("a{number}")),
        Step::Silence { number } => stage.input(Input::Silence {
            staff: "KM".to_owned(),
            alert: format!("a{number}"),
            seconds: 60,
        }),
        Step::Event(event) => stage.event(event.clone()),
        Step::Restart { seconds } => {
            let blind_from = stage.now();
            stage.second += seconds;
            let blind_to = stage.now();
            stage.input(Input::Restart { blind_from, blind_to });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_checkpoint_put_anywhere_changes_nothing(script in script(), cut in 0..40usize) {
        let mut plain = Stage::infusing();
        let mut restored = Stage::infusing();
        for (index, (step, times)) in script.iter().enumerate() {
            if index == cut {
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
    fn the_log_does_not_depend_on_how_often_time_is_looked_at(script in script()) {
        let mut seldom = Stage::infusing();
        let mut often = Stage::infusing();
        for (step, times) in &script {
            run(&mut seldom, step, *times);
            if let Step::Wait { seconds } = step {
                for _ in 0..*seconds {
                    often.wait(1);
                }
            } else {
                run(&mut often, step, *times);
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
                    prop_assert!(after.priority >= before.priority);
                }
            }
            for condition in alerts.iter().filter(|a| a.is_open()).map(|a| a.condition) {
                let open = alerts.iter().filter(|a| a.is_open() && a.condition == condition);
                prop_assert_eq!(open.count(), 1);
            }
            known = alerts;
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
            let Step::Readings { .. } = step else { continue };
            for _ in 0..*times {
                let at = stage.now();
                let Step::Readings { spo2: value, pulse: rate, quality } = step else { continue };
                let reading = value.map_or(no_spo2(Absent::Searching), spo2);
                let input =
                    Input::Frame(frame(vec![with_quality(reading, *quality), pulse(*rate)]));
                text += &(crate::replay::write_input(at, &input) + "\n");
                stage.input(input);
                stage.second += 1;
            }
        }
        let player = crate::replay::Player::new(text.as_bytes()).unwrap();
        prop_assert_eq!(player.play().unwrap(), stage.log);
    }
}
