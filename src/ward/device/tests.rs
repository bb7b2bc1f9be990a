use super::corrections::PRESSURES;
use super::*;
use crate::adapters::{Authority, PatientId};
use crate::vitals::{Decimal, Observation, Quality, Revision, Value, Vital};

fn frame(boot: Option<&str>, readings: Vec<Reading>) -> Frame {
    Frame {
        device: DeviceId::new("m").unwrap(),
        seq: None,
        boot: boot.map(Into::into),
        sent_at: None,
        taken_at: Some(Millis(5_000)),
        implausible: 0,
        readings,
    }
}

fn of_bed(bed: &str) -> Identity {
    Identity { bed: Some(bed.to_owned()), ..Identity::default() }
}

fn of_patient(ids: &[(&str, &str)]) -> Identity {
    let id = |(number, authority): &(&str, &str)| PatientId {
        number: digest(number),
        authority: Authority::of(authority, ""),
    };
    Identity { patient: ids.iter().map(id).collect(), ..Identity::default() }
}

#[test]
fn two_beds_within_ten_minutes_are_a_conflict_once() {
    let mut device = Device::new(None);
    let frame = frame(None, Vec::new());
    let mut hear = |bed: &str, at| device.ingest(&frame, &of_bed(bed), Millis(at));
    assert!(!hear("1", 0));
    assert!(!hear("1", 1_000));
    assert!(hear("2", 2_000));
    assert!(!hear("1", 3_000), "known already");
    device.settle(None);
    assert!(!device.ingest(&frame, &of_bed("1"), Millis(4_000)));
    let later = Millis(4_000 + CONFLICT_WITHIN_MS);
    assert!(!device.ingest(&frame, &of_bed("2"), later));
}

#[test]
fn a_patient_stays_the_same_by_any_id_that_was_named_with_another() {
    let mut device = Device::new(None);
    let frame = frame(None, Vec::new());
    let mut second = 0;
    let mut hear = |ids: &[(&str, &str)]| {
        second += 1;
        device.ingest(&frame, &of_patient(ids), Millis(second * 1_000))
    };
    assert!(!hear(&[("1", "H"), ("2", "C")]));
    assert!(!hear(&[("2", "C"), ("1", "H")]));
    assert!(!hear(&[]), "no patient is no other patient");
    assert!(!hear(&[("2", "C"), ("3", "N")]));
    assert!(!hear(&[("3", "N")]));
    assert!(!hear(&[("1", "")]));
    assert!(hear(&[("1", "N")]), "the same number of another authority");
}

#[test]
fn two_runs_in_turn_are_two_boxes_and_a_run_that_follows_another_is_not() {
    let mut device = Device::new(None);
    let mut hear = |boot: &str, second: i64| {
        let frame = frame(Some(boot), Vec::new());
        device.ingest(&frame, &Identity::default(), Millis(second * 1_000))
    };
    assert!(!hear("a", 0) && !hear("b", 1) && !hear("b", 2) && !hear("c", 3));
    assert!(!hear("b", 4) && !hear("c", 5));
    assert!(hear("b", 6), "back for the third time");
    assert!(!hear("c", 7), "known already");
}

fn pressure(parts: [Option<i32>; 3], revision: Revision) -> Reading {
    let [systolic, diastolic, mean] = parts.map(|part| part.map(Decimal::whole));
    let pressure = Value::Pressure(Pressure { systolic, diastolic, mean });
    let observation = Observation::Measured(pressure, Quality::Good);
    Reading { revision, ..Reading::new(Vital::Nibp, observation) }
}

#[test]
fn a_correction_of_one_part_keeps_the_others() {
    let mut device = Device::new(None);
    let mut told = |taken_at: i64, parts, revision| {
        let mut frame = frame(None, vec![pressure(parts, revision)]);
        frame.taken_at = Some(Millis(taken_at));
        device.complete_corrections(&mut frame);
        frame.readings.remove(0)
    };
    let first = [Some(204), Some(121), Some(148)];
    told(1_000, first, Revision::New);
    let corrected = told(1_000, [Some(124), None, None], Revision::Corrects);
    assert_eq!(corrected, pressure([Some(124), Some(121), Some(148)], Revision::Corrects));
    let again = told(1_000, [None, Some(78), None], Revision::Corrects);
    assert_eq!(again, pressure([Some(124), Some(78), Some(148)], Revision::Corrects));
    let other_time = told(2_000, [Some(130), None, None], Revision::Corrects);
    assert_eq!(other_time, pressure([Some(130), None, None], Revision::Corrects));
    let new = told(3_000, [Some(131), None, None], Revision::New);
    assert_eq!(new, pressure([Some(131), None, None], Revision::New));
    for n in 0..1_000 {
        told(n, first, Revision::New);
    }
    assert!(device.pressures.len() <= PRESSURES);
}

#[test]
fn what_is_not_understood_is_listed_at_the_device() {
    let mut device = Device::new(None);
    device.note_unknowns(vec![NotUnderstood::new("PEEP", "cmH2O", "")], Millis(7));
    let devices = BTreeMap::from([(DeviceId::new("m").unwrap(), device)]);
    let json: serde_json::Value = serde_json::from_str(&devices_json(&devices, Millis(9))).unwrap();
    assert_eq!(
        json["devices"][0]["not_understood"],
        serde_json::json!([{"code": "PEEP", "unit": "cmH2O", "count": 1, "last_at": 7}])
    );
}
