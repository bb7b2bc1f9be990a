//! A quiet patient's readings ask for no memory: the room keeps its time whatever the allocator
//! does. Allocations are counted in this binary alone, and for this thread alone.

use dripwatch::profile::{DEFAULT_PROFILE, builtin};
use dripwatch::room::{Acceptance, Event, Input, Opening, Output, Phase, Room};
use dripwatch::vitals::{
    Decimal, DeviceId, Frame, Millis, Observation, Pressure, Quality, Reading, RoomId, SessionId,
    Value, Vital,
};

const START: Millis = Millis(1_795_262_400_000);

fn take(room: &mut Room, input: &Input, at: Millis) {
    room.handle(input, at);
    while !matches!(room.poll_output(), Output::Wait(_)) {}
}

fn frame(second: i64, readings: Vec<Reading>) -> Input {
    let at = Some(START.plus(second * 1_000));
    let device = DeviceId::new("mon-3").unwrap();
    let frame = Frame { device, sent_at: at, taken_at: at, ..Frame::by_hand(Vec::new()) };
    Input::Frame(Frame { readings, ..frame })
}

fn quiet(second: i64) -> Input {
    let number = |vital, value: i64| Reading {
        channel: Some("finger".into()),
        ..Reading::number(vital, Decimal::whole(value as i32))
    };
    frame(
        second,
        vec![
            number(Vital::Spo2, 96 + second % 3),
            number(Vital::PulseRate, 72 + second % 7),
            number(Vital::RespRate, 14 + second % 2),
        ],
    )
}

fn pressure(second: i64) -> Input {
    let number = |value| Some(Decimal::whole(value));
    let pressure = Pressure { systolic: number(121), diastolic: number(77), mean: None };
    let observation = Observation::Measured(Value::Pressure(pressure), Quality::Good);
    let taken_at = Some(START.plus(second * 1_000));
    frame(second, vec![Reading { taken_at, ..Reading::new(Vital::Nibp, observation) }])
}

fn infusing() -> Room {
    let profile = builtin(DEFAULT_PROFILE).unwrap();
    let mut room = Room::new(RoomId::new("3").unwrap(), profile.clone());
    let opening = Opening {
        session: SessionId::new("s1").unwrap(),
        planned_s: profile.planned_s,
        profile,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    };
    take(&mut room, &Input::Open(opening), START);
    let number = |value| Some(Decimal::whole(value));
    let baseline = Acceptance {
        systolic: number(118),
        diastolic: number(74),
        heart_rate: number(75),
        spo2: number(97),
        temp: number(37),
        ..Acceptance::default()
    };
    for event in [Event::AcceptBaseline(baseline), Event::Start { overrides: None }] {
        take(&mut room, &Input::Staff { staff: "KM".to_owned(), event, occurred_at: None }, START);
    }
    room
}

#[test]
fn a_quiet_patients_readings_ask_for_no_memory() {
    let mut room = infusing();
    let mut counted = 0;
    for second in 0..1_200 {
        let at = START.plus(second * 1_000);
        if second % 240 == 0 {
            take(&mut room, &pressure(second), at);
        }
        let input = quiet(second);
        let allocated = allocation_counter::measure(|| take(&mut room, &input, at));
        // The histories are full after 310 s; until then they grow.
        if second > 320 {
            counted += 1;
            assert_eq!(allocated.count_total, 0, "in second {second}");
        }
    }
    assert!(counted > 800 && room.alerts().is_empty());
}
