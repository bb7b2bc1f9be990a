//! How much of one message is read and reported.

use std::net::{IpAddr, Ipv4Addr};

use jiff::tz::TimeZone;

use super::super::{Context, Decoded, Sender, decode};
use super::{MAX_NOT_UNDERSTOOD, MAX_PROBLEMS, MAX_ROWS};
use crate::vitals::Millis;

fn message(rows: impl IntoIterator<Item = String>) -> Decoded {
    let rows: Vec<String> = rows.into_iter().collect();
    let text = format!("MSH|^~\\&|Cart||||20261005120000||ORU^R01|77|P|2.6\r{}\r", rows.join("\r"));
    let context = Context {
        arrived_at: Millis(1_791_201_600_000),
        zone: &TimeZone::UTC,
        sender: Sender { peer: IpAddr::V4(Ipv4Addr::LOCALHOST), default_device: None },
    };
    decode(text.as_bytes(), &context)
}

#[test]
fn rows_beyond_the_bound_are_dropped() {
    let row = |n: usize| format!("OBX|{n}|NM|150456^^MDC|1.{n}|96|%|||||R");
    let whole = message((0..MAX_ROWS).map(row));
    assert_eq!((whole.frame.unwrap().readings.len(), whole.problems.len()), (MAX_ROWS, 0));
    let cut = message((0..=MAX_ROWS).map(row));
    assert_eq!(cut.frame.unwrap().readings.len(), MAX_ROWS);
    assert_eq!(cut.problems, ["more than 256 rows of vitals"]);
}

#[test]
fn of_one_message_a_bounded_number_of_problems_is_logged() {
    let codes = ["147842", "149530", "150456", "151562", "150344", "151708", "150488"];
    // No number, no unit of its vital, and impossible: each a problem of each vital.
    let values = ["7x3|", "1|furlong", "999999|"];
    let rows = codes.iter().flat_map(|code| values.map(|value| (code, value)));
    let row = |(n, (code, value))| format!("OBX|1|NM|{code}^^MDC|1.{n}|{value}");
    let rows: Vec<String> = rows.enumerate().map(row).collect();
    assert!(rows.len() > MAX_PROBLEMS);
    for count in [MAX_PROBLEMS - 1, MAX_PROBLEMS, MAX_PROBLEMS + 1, rows.len()] {
        let problems = message(rows[..count].iter().cloned()).problems;
        assert_eq!(problems.len(), count.min(MAX_PROBLEMS), "{problems:?}");
    }
}

#[test]
fn of_one_message_a_bounded_number_of_codes_is_told_as_not_understood() {
    let row = |n: usize| format!("OBX|1|NM|X{n}^^99X||1");
    for count in [MAX_NOT_UNDERSTOOD, MAX_NOT_UNDERSTOOD + 1, 1_000] {
        let told = message((0..count).map(row)).not_understood;
        assert_eq!(told.len(), MAX_NOT_UNDERSTOOD, "of {count}");
    }
}
