use super::*;

const NOON: i64 = 1_791_201_600_000; // 2026-10-05T12:00:00Z

fn utc(text: &str) -> Stamp {
    stamp(text, &TimeZone::UTC, Millis(NOON))
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

#[test]
fn all_forms_are_read() {
    for (text, offset_ms) in [
        ("20261005120000", 0),
        ("202610051200", 0),
        ("2026100512", 0),
        ("20261005120001.5", 1_500),
        ("20261005120001.0042", 1_004),
        ("20261005140000+0200", 0),
        ("20261005070000-0500", 0),
        ("20261005120000Z", 0),
        ("20261005140000250+0200", 250),
        ("20261005120000250", 250),
        (" 20261005120060 ", 59_000),
    ] {
        assert_eq!(utc(text), Stamp::At(Millis(NOON + offset_ms)), "{text}");
    }
}

#[test]
fn zeros_are_none_and_other_things_are_nonsense() {
    assert_eq!(utc("00000000000000"), Stamp::None);
    assert_eq!(utc(""), Stamp::None);
    for text in [
        "20261005",
        "20261305120000",
        "20260231120000",
        "20261005250000",
        "yesterday",
        "20261005120000+99",
        "20261005120000+9900",
        "99990101000000",
        "202610051200ü0",
        "+0200",
        "2026100512000000",
    ] {
        assert_eq!(utc(text), Stamp::Nonsense, "{text}");
    }
}

#[test]
fn no_zone_is_clinic_time() {
    let at = stamp("20261005140000", &berlin(), Millis(NOON));
    assert_eq!(at, Stamp::At(Millis(NOON)));
}

#[test]
fn at_the_end_of_summer_time_the_nearer_moment_is_meant() {
    let first = 1_792_888_200_000; // 2026-10-25T00:30:00Z, 02:30 summer time
    let second = first + 3_600_000;
    for at in [first, second] {
        let read = stamp("20261025023000", &berlin(), Millis(at + 2_000));
        assert_eq!(read, Stamp::At(Millis(at)));
    }
}

#[test]
fn our_times_are_written_with_the_zone() {
    assert_eq!(written(Millis(NOON), &berlin()), "20261005140000+0200");
}
