//! Everything that a room takes, in any order.

use super::*;
use crate::gates::CheckIn;
use crate::profile::Priority;
use crate::vitals::{Moved, ScreenName};

use proptest::prelude::*;

fn any_reading() -> impl Strategy<Value = Reading> {
    let number = prop_oneof![
        (70..100i32).prop_map(spo2),
        (25..150i32).prop_map(pulse),
        (25..150i32).prop_map(ecg),
        (3..35i32).prop_map(|v| Reading::number(Vital::RespRate, Decimal::whole(v))),
        (35..41i32).prop_map(|v| Reading::number(Vital::Temp, Decimal::whole(v))),
        (60..215i32, 40..130i32).prop_map(|(s, d)| nibp(s.max(d + 1), d)),
        (proptest::option::of(60..215i32), proptest::option::of(40..59i32))
            .prop_map(|(s, d)| part_only(s, d, Some(60))),
    ];
    let absent = prop_oneof![
        Just(Absent::SensorOff),
        Just(Absent::Searching),
        Just(Absent::NoPulse),
        Just(Absent::Measuring),
        Just(Absent::Failed)
    ];
    let of = prop_oneof![
        Just(Vital::Spo2),
        Just(Vital::PulseRate),
        Just(Vital::HeartRate),
        Just(Vital::Nibp)
    ];
    let quality = prop_oneof![8 => Just(Quality::Good), 1 => Just(Quality::Questionable), 1 => Just(Quality::Invalid)];
    prop_oneof![
        6 => (number, quality).prop_map(|(r, q)| with_quality(r, q)),
        1 => (of, absent).prop_map(|(v, a)| {
            let cuff_word = matches!(a, Absent::Measuring | Absent::Failed);
            Reading::absent(if cuff_word { Vital::Nibp } else { v }, a)
        }),
    ]
}

fn any_treatment() -> impl Strategy<Value = Event> {
    let json = prop_oneof![
        Just(r#"{"type":"check_in","consent":true,"weight_kg":70,"identifiers":["name"]}"#),
        Just(r#"{"type":"screening","answers":{"heart":true,"odd":false},"reviewed":true}"#),
        Just(r#"{"type":"order","mg_per_kg":0.5,"weight_kg":70}"#),
        Just(r#"{"type":"order","mg":84}"#),
        Just(r#"{"type":"check","item":"call_button"}"#),
        Just(r#"{"type":"check","item":"walks","over":true}"#),
        Just(r#"{"type":"bolus","mg":5}"#),
        Just(r#"{"type":"spray","dose_mg":28}"#),
        Just(r#"{"type":"medication","drug":"ondansetron","dose":4,"unit":"mg","route":"iv"}"#),
        Just(r#"{"type":"oxygen","flow_l_min":2}"#),
        Just(r#"{"type":"oxygen","flow_l_min":0}"#),
        Just(r#"{"type":"adverse_event","text":"fell","severity":"mild"}"#),
        Just(r#"{"type":"rate_change","to":37.5,"unit":"mL/h"}"#),
        Just(r#"{"type":"correct","event":5}"#),
        Just(r#"{"type":"discharge","override":{"reason":"r"}}"#),
    ];
    json.prop_map(|json| serde_json::from_str(json).unwrap())
}

fn any_event() -> impl Strategy<Value = Event> {
    let names = || {
        prop_oneof![
            Just("chest_pain"),
            Just("vomiting"),
            Just("wheeze"),
            Just("unsafe_behaviour"),
            Just("nausea"),
            Just("odd")
        ]
    };
    let decimal = || proptest::option::of((-10..260i32).prop_map(Decimal::whole));
    prop_oneof![
        Just(Event::CheckIn(CheckIn::default())),
        Just(Event::AcceptBaseline(Acceptance::default())),
        (40..200i32, 30..110i32, 30..130i32, 60..100i32)
            .prop_map(|(s, d, h, o)| Event::AcceptBaseline(baseline(s, d, h, o))),
        (40..200i32).prop_map(|s| Event::AcceptBaseline(Acceptance {
            overrides: Some(Override { reason: "r".to_owned() }),
            ..baseline(s, 95, 75, 97)
        })),
        Just(Event::Start { overrides: None }),
        Just(Event::Pause { reason: None }),
        Just(Event::Resume {}),
        Just(Event::Stop { reason: None }),
        (names(), any::<bool>()).prop_map(|(n, over)| symptom(n, over)),
        (prop_oneof![Just("moaa_s"), Just("distress"), Just("odd")], 0..11i32)
            .prop_map(|(n, value)| Event::Score { score: n.to_owned(), value, note: None }),
        (0..Condition::ALL.len(), decimal(), decimal(), decimal()).prop_map(
            |(i, caution, urgent, extreme)| Event::Limits {
                limits: [(Condition::ALL[i], Some(OwnLimits { caution, urgent, extreme }))].into(),
                reason: "r".to_owned(),
                prescriber: None
            }
        ),
        (60..215i32, 5..40i32).prop_map(|(s, r)| Event::ManualVitals(ManualVitals {
            systolic: Some(Decimal::whole(s)),
            resp_rate: Some(Decimal::whole(r)),
            ..ManualVitals::default()
        })),
        Just(Event::RateChange { from: None, to: Decimal::whole(5), unit: None }),
        any_treatment(),
        Just(Event::Discharge { overrides: None }),
        Just(Event::Abort { reason: None }),
    ]
}

#[derive(Clone, Debug)]
pub(super) enum Any {
    Frame {
        device: u8,
        readings: Vec<Reading>,
        sent: Option<i64>,
        taken: Option<i64>,
        own: Option<i64>,
        implausible: u32,
        times: usize,
        every_ms: i64,
    },
    In(Input),
    Staff(Event, Option<i64>),
    Restart(i64),
    Wait(i64),
    Open(u8),
}

fn device_name(n: u8) -> DeviceId {
    DeviceId::new(["a", "b", "c"][usize::from(n % 3)]).unwrap()
}

pub(super) fn any_step() -> impl Strategy<Value = Any> {
    let offset = || {
        proptest::option::weighted(
            0.4,
            prop_oneof![3 => Just(0i64), 1 => -3_700_000..3_700_000i64, 2 => -70_000..5_000i64],
        )
    };
    let frames = (
        0..3u8,
        proptest::collection::vec(any_reading(), 0..4),
        offset(),
        offset(),
        offset(),
        0..3u32,
        1..40usize,
        prop_oneof![Just(200i64), Just(1_000), Just(5_000), Just(10_000), Just(60_000)],
    )
        .prop_map(|(device, readings, sent, taken, own, implausible, times, every_ms)| {
            Any::Frame { device, readings, sent, taken, own, implausible, times, every_ms }
        });
    let alert = || (1..8u32).prop_map(|n| format!("a{n}"));
    let link =
        prop_oneof![Just(Link::Up), Just(Link::Down), Just(Link::Unbound), Just(Link::Conflict)];
    let profiles = || 0..7u8;
    prop_oneof![
        20 => frames,
        6 => (any_event(), proptest::option::weighted(0.2, -7_200_000..0i64)).prop_map(|(e, o)| Any::Staff(e, o)),
        2 => alert().prop_map(|alert| Any::In(Input::Acknowledge { staff: "KM".to_owned(), alert })),
        1 => (alert(), 0..4_000u32).prop_map(|(alert, seconds)| Any::In(Input::Silence { staff: "KM".to_owned(), alert, seconds })),
        1 => alert().prop_map(|alert| Any::In(Input::Received { alert })),
        1 => alert().prop_map(|alert| Any::In(Input::Outcome { staff: "KM".to_owned(), alert, outcome: Some(Outcome::Other) })),
        1 => (alert(), 0..4u8).prop_map(|(alert, n)| Any::In(Input::Receipts(vec![receipt(alert, n)]))),
        1 => any::<bool>().prop_map(|is_grave| Any::In(Input::Help { staff: "KM".to_owned(), priority: if is_grave { Priority::High } else { Priority::Medium } })),
        2 => (0..3u8, link).prop_map(|(d, link)| Any::In(Input::Link { device: device_name(d), link })),
        1 => any::<bool>().prop_map(|w| Any::In(Input::Watched(w))),
        1 => profiles().prop_map(|p| Any::In(Input::Profile(profile_of(p)))),
        2 => (1..400i64).prop_map(Any::Restart),
        3 => (1..2_000i64).prop_map(Any::Wait),
        2 => profiles().prop_map(Any::Open),
    ]
}

fn receipt(alert: String, n: u8) -> Receipt {
    let screen = ScreenName::new(&format!("screen-{n}")).unwrap();
    Receipt { alert, screen, kind: ScreenKind::Station, by: "KM".to_owned(), at: Millis(0) }
}

fn profile_of(n: u8) -> Arc<Profile> {
    let names: Vec<_> = crate::profile::builtin_names().collect();
    builtin(names[usize::from(n) % names.len()]).unwrap()
}

pub(super) fn inputs(script: &[Any]) -> Vec<(Millis, Option<Input>)> {
    let mut at = START;
    let mut all = Vec::new();
    let mut opened = 0;
    for step in script {
        match step {
            Any::Frame { device, readings, sent, taken, own, implausible, times, every_ms } => {
                for _ in 0..*times {
                    let readings = readings
                        .iter()
                        .cloned()
                        .map(|mut r| {
                            r.taken_at = own.map(|o| at.plus(o));
                            r
                        })
                        .collect();
                    let f = Frame {
                        device: device_name(*device),
                        sent_at: sent.map(|o| at.plus(o)),
                        taken_at: taken.map(|o| at.plus(o)),
                        implausible: *implausible,
                        ..frame(readings)
                    };
                    if f.readings.is_empty() && f.implausible == 0 {
                        continue;
                    }
                    all.push((at, Some(Input::Frame(f))));
                    at = at.plus(*every_ms);
                }
            }
            Any::In(input) => all.push((at, Some(input.clone()))),
            Any::Staff(event, back) => all.push((
                at,
                Some(Input::Staff {
                    staff: "KM".to_owned(),
                    event: event.clone(),
                    occurred_at: back.map(|b| at.plus(b)),
                }),
            )),
            Any::Restart(s) => {
                let blind_from = at;
                at = at.plus(s * 1_000);
                all.push((at, Some(Input::Restart { blind_from, blind_to: at })));
            }
            Any::Wait(s) => {
                at = at.plus(s * 1_000);
                all.push((at, None));
            }
            Any::Open(p) => {
                opened += 1;
                all.push((
                    at,
                    Some(Input::Open(Opening {
                        session: SessionId::new(format!("r{opened}").as_str()).unwrap(),
                        profile: profile_of(*p),
                        planned_s: 2_400,
                        phase: Phase::CheckedIn,
                        staff: "KM".to_owned(),
                    })),
                ));
            }
        }
    }
    all
}

pub(super) fn lines(room: &mut Room) -> Vec<AlertLine> {
    let mut log = Vec::new();
    loop {
        match room.poll_output() {
            Output::Alert(line) => log.push(line),
            Output::Wait(next) => {
                assert!(next.is_none_or(|n| n > room.now));
                return log;
            }
            _ => {}
        }
    }
}

/// Without the times that a device gives: its clock is not ours.
pub(super) fn undated(input: Input) -> Input {
    let Input::Frame(mut frame) = input else { return input };
    (frame.sent_at, frame.taken_at) = (None, None);
    frame.readings.iter_mut().for_each(|reading| reading.taken_at = None);
    Input::Frame(frame)
}

/// The same, where our clock says another time.
fn at_other_times(input: Input, by_ms: i64) -> Input {
    match input {
        Input::Restart { blind_from, blind_to } => {
            Input::Restart { blind_from: blind_from.plus(by_ms), blind_to: blind_to.plus(by_ms) }
        }
        Input::Staff { staff, event, occurred_at } => {
            let occurred_at = occurred_at.map(|at| at.plus(by_ms));
            Input::Staff { staff, event, occurred_at }
        }
        input => input,
    }
}

/// What a line of the log says beside how the alert is numbered, by another clock.
fn essence(mut line: AlertLine, by_ms: i64) -> AlertLine {
    line.at.move_by(by_ms);
    line.silenced_until.move_by(by_ms);
    line.acknowledged.move_by(by_ms);
    AlertLine { alert: String::new(), ..line }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 3_000, ..ProptestConfig::with_cases(250) })]

    #[test]
    fn anything_in_any_order_is_judged_alike_and_loses_nothing(script in proptest::collection::vec(any_step(), 1..30), cut in 0..200usize) {
        let mut plain = if cut % 3 == 0 { Stage::without_session().room } else { Stage::infusing().room };
        let mut restored = plain.clone();
        let mut often = plain.clone();
        let (mut a, mut b, mut c) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (at, input)) in inputs(&script).into_iter().enumerate() {
            // a session opens only where none runs, as in the ward
            if matches!(input, Some(Input::Open(_))) && plain.session().is_some() { continue; }
            let before: Vec<Alert> = plain.alerts().to_vec();
            let session = plain.session().map(|s| s.id.clone());
            if index == cut || index % 37 == 5 {
                let text = restored.checkpoint().to_string();
                restored = Room::from_checkpoint(&serde_json::from_str(&text).unwrap()).unwrap();
            }
            while often.now != Millis(0)
                && often.now.plus(700) < at
                && at.since(often.now) < 3_000_000
            {
                let next = often.now.plus(700);
                often.advance(next);
                c.extend(lines(&mut often));
            }
            for room in [&mut plain, &mut restored, &mut often] {
                match &input {
                    Some(input) => room.handle(input, at),
                    None => room.advance(at),
                }
            }
            a.extend(lines(&mut plain));
            b.extend(lines(&mut restored));
            c.extend(lines(&mut often));
            for condition in Condition::ALL {
                let open = plain.alerts().iter().filter(|x| x.condition == condition && x.is_open()).count();
                prop_assert!(open <= 1, "{condition:?} {open}");
            }
            let same = session == plain.session().map(|s| s.id.clone());
            for x in before.iter().filter(|x| x.is_open() && x.priority == crate::profile::Priority::High && x.acknowledged.is_none()) {
                let after = plain.alerts().iter().find(|y| y.id() == x.id());
                prop_assert!(after.is_some(), "open alert forgotten");
                let after = after.unwrap();
                // Whoever says what came of a call for help was there.
                let is_end_of_help = x.condition == Condition::Help
                    && matches!(input, Some(Input::Outcome { outcome: Some(_), .. }))
                    && after.acknowledged.is_some();
                let was_taken = is_end_of_help || matches!(input, Some(Input::Acknowledge { .. }));
                // Once somebody has it, it may follow its condition down.
                prop_assert!(was_taken || after.priority >= x.priority);
                let others = x.is_past;
                if same && !was_taken && !others && after.state == AlertState::Resolved {
                    prop_assert!(false, "unseen high alert resolved: {:?} by {:?}", x.condition, input);
                }
            }
            prop_assert!(plain.alerts().len() <= 64 + 29);
        }
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(&plain, &restored);
        // Restart windows make a difference only by what is looked at inside them.
        if !script.iter().any(|s| matches!(s, Any::Restart(_))) { prop_assert_eq!(&a, &c); }
    }

    #[test]
    fn a_clock_that_was_set_while_the_room_was_away_changes_no_age_no_wait_and_no_alert(
        script in proptest::collection::vec(any_step(), 1..30),
        cut in 0..200usize,
        step_ms in prop_oneof![-4_000_000_000..4_000_000_000i64, Just(-3_600_000i64), Just(315_000_000_000i64)],
    ) {
        let mut plain = if cut % 3 == 0 { Stage::without_session().room } else { Stage::infusing().room };
        let mut moved = plain.clone();
        let mut by_ms = 0;
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for (index, (at, input)) in inputs(&script).into_iter().enumerate() {
            if matches!(input, Some(Input::Open(_))) && plain.session().is_some() { continue; }
            if index == cut {
                by_ms = step_ms;
                let now = moved.now.plus(step_ms);
                moved.handle(&Input::ClockStep { ms: step_ms, moves_at: true }, now);
            }
            match input.map(undated) {
                Some(input) => {
                    plain.handle(&input, at);
                    moved.handle(&at_other_times(input, by_ms), at.plus(by_ms));
                }
                None => {
                    plain.advance(at);
                    moved.advance(at.plus(by_ms));
                }
            }
            a.extend(lines(&mut plain).into_iter().map(|line| essence(line, by_ms)));
            b.extend(lines(&mut moved).into_iter().map(|line| essence(line, 0)));
        }
        prop_assert_eq!(a, b);
        let now = plain.now.plus(by_ms);
        plain.move_time(by_ms, now);
        // Outside of a session alerts are numbered by the day.
        plain.alarms.numbered_of_day = moved.alarms.numbered_of_day;
        for (of_plain, of_moved) in plain.alarms.alerts.iter_mut().zip(&moved.alarms.alerts) {
            (of_plain.scope, of_plain.number) = (of_moved.scope.clone(), of_moved.number);
        }
        prop_assert_eq!(plain, moved);
    }

    #[test]
    fn whatever_is_written_replays(script in proptest::collection::vec(any_step(), 1..25)) {
        let clinic = builtin(DEFAULT_PROFILE).unwrap();
        let mut room = Room::new(RoomId::new("3").unwrap(), clinic.clone());
        let header = crate::record::Header { room: room.id().clone(), profile: clinic, patient: crate::record::Patient::default() };
        let mut text = crate::record::write_header(&header) + "\n";
        text += &(crate::record::write_checkpoint(START, &room) + "\n");
        let mut log = Vec::new();
        for (at, input) in inputs(&script) {
            let Some(mut input) = input else { continue };
            if let Input::Frame(f) = &mut input { f.keep_to_what_can_be_read_again(); if f.readings.is_empty() { continue } }
            text += &(crate::record::write_input(at, &input) + "\n");
            room.handle(&input, at);
            log.extend(lines(&mut room));
        }
        let player = crate::replay::Player::new(text.as_bytes()).unwrap();
        match player.play() {
            Ok(played) => prop_assert_eq!(played, log),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
