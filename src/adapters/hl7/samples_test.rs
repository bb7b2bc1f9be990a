//! The published example messages, read from their place; they are no part of this project.

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::{Context, Decoded, Kind, Outcome, Sender, decode};
use crate::adapters::{Authority, PatientId, PatientIds, digest};
use crate::vitals::{Decimal, Millis, Observation, Reading, Source, Value};

const FOLDERS: [&str; 3] = ["hl7_mdc", "hl7_mdil", "hl7_loinc"];

fn samples() -> PathBuf {
    std::env::var_os("DRIPWATCH_SAMPLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")),
        PathBuf::from,
    )
}

/// One value in a form that both sides can be written in: vital, value, time, demo.
type Fact = (String, String, i64, bool);

#[test]
fn published_examples_give_the_readings_that_their_notes_expect() {
    let samples = samples();
    if !samples.is_dir() {
        println!("skipped: no folder of example messages");
        return;
    }
    let (mut files, mut readings) = (0, 0);
    for folder in FOLDERS {
        let Ok(entries) = fs::read_dir(samples.join(folder)) else {
            continue;
        };
        for path in entries.map(|e| e.unwrap().path()) {
            if path.extension().is_some_and(|e| e == "hl7") {
                readings += compare(&path);
                files += 1;
            }
        }
    }
    println!("{files} files with {readings} readings compared");
}

fn compare(path: &Path) -> usize {
    let name = path.display();
    let bytes = fs::read(path).unwrap();
    let beside = format!("{}.expected.json", path.display());
    let expected: Json = serde_json::from_slice(&fs::read(beside).unwrap()).unwrap();
    let decoded = decode(
        &bytes,
        &Context {
            arrived_at: Millis(1_791_201_600_000),
            zone: &TimeZone::UTC,
            sender: Sender { peer: IpAddr::V4(Ipv4Addr::LOCALHOST), default_device: None },
        },
    );
    assert_eq!(decoded.kind, Kind::Vitals, "{name}");
    assert_eq!(decoded.outcome, Some(Outcome::Accepted), "{name}");
    assert_eq!(decoded.problems, Vec::<String>::new(), "{name}");
    let ids = &expected["identifiers"];
    assert_eq!(ids["control_id"], *decoded.control_id, "{name}");
    let named = &decoded.identity.patient;
    match ids["patient_id"].as_str() {
        Some(id) => {
            let id = PatientId { number: digest(id), authority: Authority::default() };
            assert!(named.share_one(&PatientIds::from_iter([id])), "{name}");
        }
        None => assert!(named.is_empty(), "{name}"),
    }
    let bed = ids["location"]["bed"].as_str();
    assert_eq!(decoded.identity.bed.as_deref(), bed, "{name}");

    let training = ids["processing_id"] == "T";
    let wanted: BTreeSet<Fact> = (expected["readings"].as_array().unwrap().iter())
        .map(|reading| wanted_fact(reading, training))
        .collect();
    assert_eq!(found_facts(&decoded), wanted, "{name}");
    wanted.len()
}

fn wanted_fact(reading: &Json, training: bool) -> Fact {
    let vital = reading["vital"].as_str().unwrap();
    let of_cuff = vital == "pulse_rate" && reading["method"] == "nibp";
    let vital = if of_cuff { "pulse_rate cuff" } else { vital };
    let value: Decimal = serde_json::from_value(reading["value"].clone()).unwrap();
    let time = reading["time"].as_str().unwrap();
    let at = time.parse::<jiff::Timestamp>().unwrap_or_else(|_| {
        let local: jiff::civil::DateTime = time.parse().unwrap();
        local.to_zoned(TimeZone::UTC).unwrap().timestamp()
    });
    let demo = training || reading["demo"] == true;
    (vital.to_owned(), plain(value), at.as_millisecond(), demo)
}

fn found_facts(decoded: &Decoded) -> BTreeSet<Fact> {
    let frame = decoded.frame.as_ref().unwrap();
    let mut facts = BTreeSet::new();
    for reading in &frame.readings {
        let at = frame.taken_at(reading).or(frame.sent_at).unwrap();
        let demo = reading.source == Source::Demo;
        for (vital, value) in values(reading) {
            let new = facts.insert((vital, plain(value), at.0, demo));
            assert!(new, "the same value twice: {reading:?}");
        }
    }
    facts
}

fn values(reading: &Reading) -> Vec<(String, Decimal)> {
    match &reading.observation {
        Observation::Measured(Value::Number(n), _) => {
            let channel = reading.channel.as_deref();
            let suffix = channel.map_or(String::new(), |c| format!(" {c}"));
            vec![(format!("{}{suffix}", reading.vital), *n)]
        }
        Observation::Measured(Value::Pressure(p), _) => {
            [("bp_systolic", p.systolic), ("bp_diastolic", p.diastolic), ("bp_mean", p.mean)]
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect()
        }
        Observation::Absent(_) => panic!("no example has an absent value: {reading:?}"),
    }
}

fn plain(value: Decimal) -> String {
    format!("{:.3}", value.as_f64())
}
