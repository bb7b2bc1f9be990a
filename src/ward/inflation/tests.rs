use super::*;
use crate::vitals::{Decimal, Pressure, Reading, Value};

fn frame(observation: Observation) -> Frame {
    Frame::by_hand(vec![Reading::new(Vital::Nibp, observation)])
}

fn hear(before: Option<Inflation>, observation: Observation, second: i64) -> Option<Inflation> {
    Inflation::after(before, &frame(observation), &[], Millis(second * 1_000))
}

fn json(inflation: &Option<Inflation>) -> String {
    serde_json::to_string(&inflation.as_ref().map(Inflation::shown)).unwrap()
}

const PRESSURE: Observation = Observation::Measured(
    Value::Pressure(Pressure {
        systolic: Some(Decimal::whole(128)),
        diastolic: Some(Decimal::whole(82)),
        mean: None,
    }),
    Quality::Good,
);

#[test]
fn an_inflation_that_is_told_in_every_frame_is_one_and_ends_with_its_value() {
    let begun = hear(None, Observation::Absent(Absent::Measuring), 100);
    let on = hear(begun.clone(), Observation::Absent(Absent::Measuring), 130);
    assert_eq!(json(&on), r#"{"state":"measuring","since":100000,"ended_at":null}"#);
    let done = hear(on, PRESSURE, 135);
    assert_eq!(json(&done), r#"{"state":"done","since":100000,"ended_at":135000}"#);
    let next = hear(done, Observation::Absent(Absent::Measuring), 400);
    assert_eq!(json(&next), r#"{"state":"measuring","since":400000,"ended_at":null}"#);
}

#[test]
fn a_failure_says_so_until_the_next_value_however_often_it_is_said() {
    let begun = hear(None, Observation::Absent(Absent::Measuring), 100);
    let failed = hear(begun, Observation::Absent(Absent::Failed), 140);
    let again = hear(failed.clone(), Observation::Absent(Absent::Failed), 141);
    assert_eq!(json(&again), r#"{"state":"failed","since":100000,"ended_at":140000}"#);
    assert_eq!(failed, again);
    let done = hear(again, PRESSURE, 200);
    assert_eq!(json(&done), r#"{"state":"done","since":100000,"ended_at":140000}"#);
    assert_eq!(json(&hear(None, PRESSURE, 1)), "null");
}

#[test]
fn one_of_which_no_more_is_heard_is_over_after_three_minutes() {
    let begun = hear(None, Observation::Absent(Absent::Measuring), 0).unwrap();
    assert_eq!(begun.clone().at(Millis(180_000)), begun);
    let over = Some(begun.at(Millis(180_001)));
    assert_eq!(json(&over), r#"{"state":"unknown","since":0,"ended_at":180001}"#);
}

#[test]
fn what_is_charted_alone_says_nothing_of_the_cuff() {
    let begun = hear(None, Observation::Absent(Absent::Measuring), 100);
    let repeated = [(0, NotLive::Repeated)];
    let after = Inflation::after(begun.clone(), &frame(PRESSURE), &repeated, Millis(130_000));
    assert_eq!(after, begun);
}
