//! Guessers beside the person they aim at. Time is a number here.

use std::net::Ipv4Addr;

use super::*;

const HOUR_MS: i64 = 3_600_000;
/// About what a check takes.
const CHECK_MS: i64 = 30;
const BROWSER: [u8; 32] = [7; 32];

fn network(n: u32) -> Network {
    IpAddr::V4(Ipv4Addr::from(n)).into()
}

fn from(name: &str, place: u32) -> Try {
    Try { name: name.into(), exists: name == "KM", network: Some(network(place)), browser: None }
}

/// Tries in the order in which they end, so that a flood can go on for an hour.
#[derive(Default)]
struct Scene {
    throttle: Throttle,
    open: Vec<(i64, Begun)>,
    checked: u32,
    refused: u32,
}

impl Scene {
    fn pass(&mut self, now: i64) {
        let over = |(end, _): &mut (i64, Begun)| *end <= now;
        for (_, begun) in self.open.extract_if(.., over) {
            self.throttle.end(&begun, false);
        }
    }

    fn guess(&mut self, tried: &Try, now: i64) {
        self.pass(now);
        match self.throttle.begin(tried, Millis(now)) {
            Ok(begun) => {
                self.checked += 1;
                let ms = begun.wait_ms.max(begun.wrong_after_ms).max(CHECK_MS);
                self.open.push((now + ms, begun));
            }
            Err(Full) => self.refused += 1,
        }
    }

    /// How long the person's right password waits; `None` if it is refused.
    fn right(&mut self, tried: &Try, now: i64) -> Option<i64> {
        self.pass(now);
        let begun = self.throttle.begin(tried, Millis(now)).ok()?;
        let wait_ms = begun.wait_ms;
        self.throttle.end(&begun, true);
        Some(wait_ms)
    }
}

#[test]
fn five_wrong_passwords_wait_for_nothing_and_each_further_one_longer_up_to_four_seconds() {
    let mut throttle = Throttle::default();
    let waits: Vec<_> = (0..12)
        .map(|now| {
            let begun = throttle.begin(&from("KM", 1), Millis(now * 5_000)).unwrap();
            throttle.end(&begun, false);
            begun.wait_ms
        })
        .collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000]);
    let later = Millis(60_000 + FORGET_AFTER_MS + 1);
    assert_eq!(throttle.begin(&from("KM", 1), later).unwrap().wait_ms, 0);
}

#[test]
fn a_colleague_who_tries_twice_a_second_delays_the_person_and_refuses_her_nothing() {
    let mut scene = Scene::default();
    let mut longest = 0;
    for now in (0..HOUR_MS).step_by(500) {
        scene.guess(&from("KM", 1), now);
        if now % 60_000 == 250 || now % 60_000 == 30_000 {
            // From the very address of the guesser, with a browser that is new to the person.
            let wait_ms = scene.right(&from("KM", 1), now).expect("her password is refused");
            longest = longest.max(wait_ms);
            let known = Try { browser: Some(BROWSER), ..from("KM", 1) };
            assert_eq!(scene.right(&known, now), Some(0), "a browser she has used before");
        }
    }
    assert!(longest <= 4_000, "{longest}");
    assert_eq!(scene.refused, 0);
}

#[test]
fn a_flood_at_one_name_gets_a_stated_number_of_guesses_and_her_own_browser_passes() {
    let mut scene = Scene::default();
    for now in (0..HOUR_MS).step_by(20) {
        for place in 0..4 {
            scene.guess(&from("KM", place), now);
        }
        if now % 60_000 == 0 {
            let known = Try { browser: Some(BROWSER), ..from("KM", 9) };
            assert_eq!(scene.right(&known, now), Some(0));
        }
    }
    let most = AT_A_NAME * u32::try_from(HOUR_MS / DELAYS_MS[3]).unwrap();
    assert_eq!(most, 14_400);
    assert!(scene.checked <= most + 40, "{} guesses in an hour", scene.checked);
    assert!(scene.refused > 700_000 - most);
}

#[test]
fn one_network_leaves_room_at_a_name_for_the_others() {
    let mut scene = Scene::default();
    let mut refused = 0;
    for now in (0..600_000).step_by(20) {
        scene.guess(&from("KM", 1), now);
        if now % 10_000 == 9_980 {
            refused += u32::from(scene.right(&from("KM", 2), now).is_none());
        }
    }
    assert_eq!(refused, 0);
}

#[test]
fn made_up_names_lock_nobody_behind_the_same_address() {
    let mut scene = Scene::default();
    for now in (0..60_000).step_by(10) {
        scene.guess(&from(&format!("made up {now}"), 1), now);
        if now % 1_000 == 0 {
            assert_eq!(scene.right(&from("KM", 1), now), Some(0), "at {now}");
        }
    }
    assert!(scene.refused > 0, "the flood itself is bounded");
}

#[test]
fn whether_a_name_exists_changes_neither_how_long_it_waits_nor_when_wrong_is_said() {
    let mut throttle = Throttle::default();
    for n in 0..30 {
        let begun = throttle.begin(&from(&format!("made up {n}"), 1), Millis(n)).unwrap();
        throttle.end(&begun, false);
    }
    for tries in 0..8 {
        let timing = ["KM", "nobody"].map(|name| {
            let begun = throttle.begin(&from(name, 1), Millis(40 + tries)).unwrap();
            throttle.end(&begun, false);
            (begun.wait_ms, begun.wrong_after_ms)
        });
        assert_eq!(timing[0], timing[1]);
        let wait_ms = if tries == 0 { 0 } else { 4_000 };
        assert_eq!(timing[0], (wait_ms, 4_000), "at {tries}");
    }
}

#[test]
fn a_known_browser_that_guesses_is_delayed_like_any_other() {
    let mut throttle = Throttle::default();
    let known = Try { browser: Some(BROWSER), ..from("KM", 1) };
    let waits: Vec<_> = (0..7)
        .map(|now| {
            let begun = throttle.begin(&known, Millis(now)).unwrap();
            throttle.end(&begun, false);
            begun.wait_ms
        })
        .collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 500, 1_000]);
    let open: Vec<_> = (0..20).filter_map(|_| throttle.begin(&known, Millis(9)).ok()).collect();
    let by_browser = open.iter().filter(|begun| begun.is_known).count();
    assert_eq!(by_browser, usize::try_from(OF_A_BROWSER).unwrap(), "then like a strange one");
    assert_eq!(open.len() - by_browser, usize::try_from(AT_A_NAME_OF_A_NETWORK).unwrap());
    let other = Try { name: "TJ".into(), ..known };
    assert_eq!(throttle.begin(&other, Millis(9)).unwrap().wait_ms, 0, "another at that browser");
}

#[test]
fn a_right_password_ends_her_own_few_wrong_ones_and_no_guessers_many() {
    let mut scene = Scene::default();
    for now in 0..5 {
        scene.guess(&from("KM", 1), now * 100);
    }
    scene.right(&from("KM", 1), 600);
    assert_eq!(scene.throttle.begin(&from("KM", 1), Millis(700)).unwrap().wait_ms, 0);
    let mut scene = Scene::default();
    for now in 0..40 {
        scene.guess(&from("KM", 1), now * 5_000);
    }
    scene.right(&from("KM", 1), 200_000);
    assert_eq!(scene.throttle.begin(&from("KM", 1), Millis(204_001)).unwrap().wait_ms, 4_000);
}

#[test]
fn memory_is_bounded_and_made_up_names_push_out_no_real_one() {
    let mut throttle = Throttle::default();
    for now in 0..9 {
        let begun = throttle.begin(&from("KM", 1), Millis(now)).unwrap();
        throttle.end(&begun, false);
    }
    for n in 0..3_000_u32 {
        let begun = throttle.begin(&from(&n.to_string(), n), Millis(10)).unwrap();
        throttle.end(&begun, false);
    }
    assert_eq!((throttle.made_up.0.len(), throttle.networks.0.len()), (REMEMBERED, REMEMBERED));
    assert!(throttle.at_a_name.is_empty() && throttle.open == 0);
    assert_eq!(throttle.begin(&from("KM", 1), Millis(20)).unwrap().wait_ms, 4_000);
}

#[test]
fn an_address_of_version_6_counts_with_its_neighbours() {
    let of = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:10.0.0.7"), of("10.0.0.7"));
    assert_ne!(of("10.0.0.7"), of("10.0.0.8"));
}

#[test]
fn so_many_tries_at_a_name_are_under_way_at_once() {
    for name in ["KM", "nobody"] {
        let mut throttle = Throttle::default();
        let begun: Vec<_> =
            (0..AT_A_NAME).map(|place| throttle.begin(&from(name, place), Millis(0))).collect();
        assert!(begun.iter().all(Result::is_ok));
        let from_elsewhere = from(name, AT_A_NAME);
        assert_eq!(throttle.begin(&from_elsewhere, Millis(0)).unwrap_err(), Full);
        throttle.end(begun[0].as_ref().unwrap(), false);
        assert!(throttle.begin(&from_elsewhere, Millis(0)).is_ok());
    }
}

#[test]
fn so_many_tries_of_a_network_are_under_way_at_once_and_some_more_at_names_that_exist() {
    let mut throttle = Throttle::default();
    for n in 0..OF_A_NETWORK {
        assert!(throttle.begin(&from(&format!("made up {n}"), 1), Millis(0)).is_ok(), "{n}");
    }
    assert_eq!(throttle.begin(&from("made up", 1), Millis(0)).unwrap_err(), Full);
    assert!(throttle.begin(&from("made up", 2), Millis(0)).is_ok(), "from another network");
    for n in 0..=AT_A_NAME_OF_A_NETWORK {
        let is_let_in = throttle.begin(&from("KM", 1), Millis(0)).is_ok();
        assert_eq!(is_let_in, n < AT_A_NAME_OF_A_NETWORK, "{n}");
    }
    let reserved = RESERVED - AT_A_NAME_OF_A_NETWORK;
    for n in 0..=reserved {
        let other = Try { exists: true, ..from("TJ", 1) };
        assert_eq!(throttle.begin(&other, Millis(0)).is_ok(), n < reserved, "{n}");
    }
}

#[test]
fn so_many_tries_of_all_are_under_way_at_once_and_some_more_at_names_that_exist() {
    let mut throttle = Throttle::default();
    let made_up = |n: u32| from(&format!("made up {n}"), n);
    for n in 0..AT_ONCE {
        assert!(throttle.begin(&made_up(n), Millis(0)).is_ok(), "{n}");
    }
    assert_eq!(throttle.begin(&made_up(AT_ONCE), Millis(0)).unwrap_err(), Full);
    for n in 0..=RESERVED {
        let person = Try { exists: true, ..from(&format!("person {n}"), 1_000 + n) };
        assert_eq!(throttle.begin(&person, Millis(0)).is_ok(), n < RESERVED, "{n}");
    }
}
