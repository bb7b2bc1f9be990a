//! Nothing that comes from outside is too absurd.

use proptest::prelude::*;

use super::script::*;
use super::*;
use crate::gates::CheckIn;

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
        Just(Event::CheckIn(CheckIn::default())),
        Just(Event::Start { overrides: None }),
        Just(Event::Discharge { overrides: None }),
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
