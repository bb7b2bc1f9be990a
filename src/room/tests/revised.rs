//! Values that their monitor corrects or takes back.

use super::*;
use crate::vitals::Revision;

fn cuff_of(stage: &Stage, systolic: i32, diastolic: i32, seconds_ago: i64) -> Reading {
    let taken_at = Some(stage.now().plus(-seconds_ago * 1_000));
    Reading { taken_at, ..nibp(systolic, diastolic) }
}

fn revised(reading: Reading, revision: Revision) -> Reading {
    Reading { revision, ..reading }
}

fn shown_systolic(stage: &Stage) -> Option<Decimal> {
    let latest = stage.room.latest().iter().find(|latest| latest.vital == Vital::Nibp)?;
    match latest.value_at(stage.room.now())?.0 {
        Value::Pressure(pressure) => pressure.systolic,
        Value::Number(_) => None,
    }
}

#[test]
fn a_high_pressure_that_is_corrected_to_a_usual_one_is_over() {
    let mut stage = Stage::infusing();
    let high = cuff_of(&stage, 206, 118, 0);
    stage.frame(vec![high.clone()]);
    assert_eq!(stage.said(), ["0 systolic_high high active"]);
    stage.wait(4);
    let right = Reading { observation: nibp(122, 76).observation, ..high };
    stage.frame(vec![revised(right, Revision::Corrects)]);
    assert_eq!(stage.said()[1..], ["4 systolic_high high latched"], "kept for a person to see");
    assert_eq!(shown_systolic(&stage), Some(Decimal::whole(122)));
}

#[test]
fn a_usual_pressure_that_is_corrected_to_a_high_one_alarms_however_late() {
    for seconds in [2, 75, 200] {
        let mut stage = Stage::infusing();
        let usual = cuff_of(&stage, 122, 76, 0);
        stage.frame(vec![usual.clone()]);
        stage.wait(seconds);
        let right = Reading { observation: nibp(209, 121).observation, ..usual };
        stage.frame(vec![revised(right, Revision::Corrects)]);
        assert_eq!(stage.said_of_pressure(), [format!("{seconds} systolic_high high active")]);
    }
}

#[test]
fn a_correction_is_no_second_reading() {
    let mut stage = Stage::infusing();
    let first = cuff_of(&stage, 186, 104, 0);
    stage.frame(vec![first.clone()]);
    stage.wait(3);
    let right = Reading { observation: nibp(184, 103).observation, ..first };
    stage.frame(vec![revised(right.clone(), Revision::Corrects)]);
    stage.frame(vec![right]);
    assert_eq!(stage.said_of_pressure(), ["0 systolic_high medium active"]);
    stage.second = 60;
    stage.cuff(185, 103);
    assert_eq!(stage.said_of_pressure()[1..], ["60 systolic_high high active"]);
}

#[test]
fn a_correction_of_what_never_came_is_a_value_like_any() {
    let mut stage = Stage::infusing();
    let alone = revised(cuff_of(&stage, 211, 119, 20), Revision::Corrects);
    stage.frame(vec![alone]);
    assert_eq!(stage.said(), ["0 systolic_high high active"]);
}

#[test]
fn what_is_taken_back_is_over_and_the_pressure_before_it_is_the_last() {
    let mut stage = Stage::infusing();
    stage.cuff(121, 77);
    stage.second = 120;
    let high = cuff_of(&stage, 204, 119, 0);
    stage.frame(vec![high.clone()]);
    stage.wait(30);
    let gone = Reading { observation: Observation::Absent(Absent::Invalid), ..high };
    stage.frame(vec![revised(gone, Revision::Withdraws)]);
    let said = stage.said_of_pressure();
    assert_eq!(said, ["120 systolic_high high active", "150 systolic_high high latched"]);
    assert_eq!(shown_systolic(&stage), Some(Decimal::whole(121)));
    // Its age is that of the first: the next one is due by that.
    stage.wait(480 - 150);
    assert_eq!(stage.said_of("nibp_overdue"), ["480 nibp_overdue medium active"]);
}

#[test]
fn the_only_pressure_taken_back_leaves_none() {
    let mut stage = Stage::infusing();
    let only = cuff_of(&stage, 204, 119, 1);
    stage.frame(vec![only.clone()]);
    stage.frame(vec![revised(only, Revision::Withdraws)]);
    assert_eq!(shown_systolic(&stage), None);
    assert!(!stage.room.is_active(Condition::SystolicHigh));
}

#[test]
fn a_saturation_that_is_taken_back_is_not_shown_and_counts_in_no_run() {
    let mut stage = Stage::infusing();
    let send = |stage: &mut Stage, value, revision| {
        let taken_at = Some(stage.now());
        stage.frame(vec![revised(Reading { taken_at, ..spo2(value) }, revision), pulse(75)]);
    };
    for _ in 0..20 {
        send(&mut stage, 97, Revision::New);
        stage.second += 1;
    }
    for _ in 0..4 {
        send(&mut stage, 82, Revision::New);
        stage.second += 1;
    }
    send(&mut stage, 82, Revision::New);
    let taken_at = Some(stage.now());
    let gone = Reading { taken_at, ..spo2(82) };
    stage.log.clear();
    stage.input(Input::Frame(frame(vec![revised(gone, Revision::Withdraws)])));
    let latest = stage.room.latest().iter().find(|l| l.vital == Vital::Spo2).unwrap();
    assert_eq!(latest.value_at(stage.room.now()), None);
}

#[test]
fn values_by_hand_that_are_withdrawn_count_as_if_they_had_never_been_entered() {
    let mut stage = Stage::infusing();
    stage.cuff(121, 77);
    stage.second = 60;
    stage.event(Event::ManualVitals(ManualVitals {
        systolic: Some(Decimal::whole(208)),
        diastolic: Some(Decimal::whole(120)),
        spo2: Some(Decimal::whole(84)),
        ..ManualVitals::default()
    }));
    let said = stage.said();
    assert!(said.contains(&"60 systolic_high high active".to_owned()), "{said:?}");
    assert!(said.contains(&"60 spo2_low high active".to_owned()), "{said:?}");
    let entry = stage.room.session().unwrap().last_entry();
    stage.room.withdraw_by_hand(entry);
    stage.drain();
    assert!(!stage.room.is_active(Condition::SystolicHigh));
    assert!(!stage.room.is_active(Condition::Spo2Low));
    assert_eq!(shown_systolic(&stage), Some(Decimal::whole(121)));
    assert!(stage.room.latest().iter().all(|latest| latest.vital != Vital::Spo2));
}
