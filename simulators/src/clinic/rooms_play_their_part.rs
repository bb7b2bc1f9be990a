//! What the opening minutes of the clinic show, for many seeds.

use super::action::StaffAction;
use super::room::{Room, Second};
use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality, Readout, SensorStatus};
use crate::monitors::{Dialect, Monitor, Nameplate, Out};

/// The staff's work before second 0, and the seconds from 1 to `until_s`.
fn play(number: usize, seed: u64, until_s: i64) -> (Vec<StaffAction>, Vec<(i64, Second)>) {
    let mut room = Room::after_another(number, seed, false);
    let mut before = Vec::new();
    while room.now_s() < 0 {
        before.extend(room.step().action);
    }
    let seconds = (1..=until_s).map(|_| {
        let second = room.step();
        (room.now_s(), second)
    });
    (before, seconds.collect())
}

fn cuff_readings(seconds: &[(i64, Second)]) -> Vec<(i64, Nibp)> {
    let reading = |(at_s, second): &(i64, Second)| match second.shown.cuff {
        CuffActivity::Done(nibp) => Some((*at_s, nibp)),
        _ => None,
    };
    seconds.iter().filter_map(reading).collect()
}

fn good_spo2(second: &Second) -> Option<u32> {
    match second.shown.oximetry {
        Oximetry::Value { spo2, quality: Quality::Good, .. } => Some(spo2),
        _ => None,
    }
}

fn kind(action: &StaffAction) -> &'static str {
    match action {
        StaffAction::CheckIn { .. } => "check_in",
        StaffAction::Screen => "screen",
        StaffAction::Prepare(_) => "prepare",
        StaffAction::Spray => "spray",
        StaffAction::Give { .. } => "give",
        StaffAction::Symptom(_) => "symptom",
        StaffAction::EndForReaction => "end_for_reaction",
        StaffAction::GetReady => "get_ready",
        StaffAction::AcceptBaseline { .. } => "accept_baseline",
        StaffAction::Start => "start",
        StaffAction::Pause => "pause",
        StaffAction::Resume => "resume",
        StaffAction::Stop => "stop",
        StaffAction::Discharge => "discharge",
    }
}

/// The accepted baseline among what staff did.
fn baseline(before: &[StaffAction]) -> (Nibp, u32) {
    let accepted = before.iter().rev().find_map(|action| match action {
        StaffAction::AcceptBaseline { nibp, spo2, .. } => Some((*nibp, *spo2)),
        _ => None,
    });
    accepted.expect("a patient under infusion has a baseline")
}

/// Clear of the limits of clinical.md#rules, each by a single value.
fn assert_fine(seed: u64, before: &[StaffAction], seconds: &[(i64, Second)]) {
    let (base, base_spo2) = baseline(before);
    assert!(base.systolic <= 140 && base.diastolic <= 90, "seed {seed}: held at {base:?}");
    for (at_s, nibp) in cuff_readings(seconds) {
        let high = nibp.systolic >= 160
            || (nibp.systolic >= base.systolic + 30 && nibp.systolic >= 145)
            || nibp.diastolic >= 100
            || (nibp.diastolic >= base.diastolic + 20 && nibp.diastolic >= 95);
        let low = nibp.systolic < 100 || nibp.systolic * 4 <= base.systolic * 3;
        assert!(!high && !low, "seed {seed} at {at_s} s: {nibp:?} over {base:?}");
    }
    for (at_s, second) in seconds {
        let Oximetry::Value { spo2, pulse_rate, quality: Quality::Good } = second.shown.oximetry
        else {
            panic!("seed {seed} at {at_s} s: {:?}", second.shown.oximetry);
        };
        assert!(spo2 > 92.min(base_spo2 - 3), "seed {seed} at {at_s} s: SpO2 {spo2}");
        assert!((51..110).contains(&pulse_rate), "seed {seed} at {at_s} s: pulse {pulse_rate}");
    }
}

#[test]
fn room_1_is_fine_for_an_hour_with_any_seed() {
    for seed in 0..50 {
        let (before, seconds) = play(1, seed, 3600);
        assert_fine(seed, &before, &seconds);
    }
}

#[test]
fn the_other_quiet_rooms_are_fine_too() {
    for seed in 0..20 {
        for number in [6, 9, 10, 11, 12, 30] {
            // In the story the patient of room 6 leaves.
            let until_s = if number == 6 { 700 } else { 1500 };
            let (before, seconds) = play(number, seed, until_s);
            assert_fine(seed, &before, &seconds);
        }
    }
}

#[test]
fn room_2_desaturates_by_20_s_is_urgent_by_40_s_and_recovers_within_90_s() {
    for seed in 0..20 {
        let (_, seconds) = play(2, seed, 300);
        let spo2 = |at_s: usize| good_spo2(&seconds[at_s - 1].1).expect("the clip stays on");
        assert!(spo2(1) > 92, "seed {seed}: {} at the start", spo2(1));
        let first = (1..300).find(|at_s| spo2(*at_s) <= 92).expect("it falls");
        assert!((5..=20).contains(&first), "seed {seed}: 92 at {first} s");
        let urgent = (5..300).find(|end| (end - 4..=*end).all(|at_s| spo2(at_s) <= 85));
        assert!(urgent.expect("it falls on") <= 40, "seed {seed}: urgent at {urgent:?} s");
        assert!((90..=300).all(|at_s| spo2(at_s) >= 94), "seed {seed}: no recovery");
    }
}

#[test]
fn room_3_shows_a_caution_then_an_urgent_reading_and_its_confirmation() {
    for seed in 0..20 {
        let (_, seconds) = play(3, seed, 200);
        let readings = cuff_readings(&seconds);
        let near = |index: usize, due_s: i64, systolic: i32, diastolic: i32| {
            let (at_s, nibp) = readings[index];
            assert!((at_s - due_s).abs() <= 3, "seed {seed}: {at_s} s for {due_s} s");
            assert!((nibp.systolic - systolic).abs() <= 5, "seed {seed}: {nibp:?}");
            assert!((nibp.diastolic - diastolic).abs() <= 5, "seed {seed}: {nibp:?}");
            nibp
        };
        assert!((170..180).contains(&near(0, 12, 173, 104).systolic), "seed {seed}");
        assert!((180..200).contains(&near(1, 50, 186, 112).systolic), "seed {seed}");
        assert!((180..200).contains(&near(2, 90, 187, 113).systolic), "seed {seed}");
    }
}

#[test]
fn room_4_loses_its_probe_at_about_20_s_and_staff_put_it_back_after_three_minutes() {
    for seed in 0..20 {
        let (_, seconds) = play(4, seed, 400);
        let off = Oximetry::Absent(SensorStatus::SensorOff);
        let off_s: Vec<i64> = seconds
            .iter()
            .filter(|(_, s)| s.shown.oximetry == off)
            .map(|(at_s, _)| *at_s)
            .collect();
        assert!((16..=22).contains(&off_s[0]), "seed {seed}: off at {} s", off_s[0]);
        assert_eq!(off_s.last(), Some(&199));
        assert!(seconds[206..].iter().all(|(_, second)| good_spo2(second).is_some_and(|v| v > 92)));
    }
}

#[test]
fn rooms_stand_in_the_phases_that_a_demonstration_needs() {
    let before = |number| play(number, 1, 0).0.iter().map(kind).collect::<Vec<_>>();
    let started = ["check_in", "screen", "accept_baseline", "prepare", "start"];
    let whole = [&started[..], &["stop", "get_ready", "discharge"]].concat();
    for infusing in [2, 3, 4, 10] {
        assert_eq!(before(infusing), started);
    }
    assert_eq!(before(1), [&whole[..], &started].concat(), "a finished session to read");
    assert_eq!(before(5), [&whole[..], &started[..2]].concat(), "held at baseline");
    let with_medication = [&started[..], &["give", "stop", "get_ready"]].concat();
    assert_eq!(before(6), with_medication, "ready to leave");
    assert_eq!(before(7), [&started[..4], &["spray", "spray"]].concat());
    assert_eq!(before(8), whole, "the next patient is not checked in yet");
    assert_eq!(before(9), [&started[..], &["pause"]].concat());
}

#[test]
fn room_5_is_held_until_its_pressure_is_down_and_then_starts() {
    for seed in 0..20 {
        let (_, seconds) = play(5, seed, 900);
        let held = cuff_readings(&seconds);
        let is_high = |(_, nibp): &&(i64, Nibp)| nibp.systolic > 140 || nibp.diastolic > 90;
        let high: Vec<i64> = held.iter().filter(is_high).map(|(at_s, _)| *at_s).collect();
        assert!(high.len() == 2 && high[1] > 130 && high[1] < 165, "seed {seed}: {held:?}");
        let done: Vec<_> = seconds
            .iter()
            .filter_map(|(at_s, second)| second.action.as_ref().map(|action| (*at_s, kind(action))))
            .collect();
        assert_eq!(done.len(), 3, "seed {seed}: {done:?}");
        assert!(done[0].1 == "accept_baseline" && (440..=475).contains(&done[0].0), "{done:?}");
        assert_eq!((done[1].1, done[2].1), ("prepare", "start"));
    }
}

#[test]
fn the_story_goes_on_for_half_an_hour() {
    for seed in 0..5 {
        let spo2 = |seconds: &[(i64, Second)], from_s: usize, until_s: usize| {
            seconds[from_s..until_s].iter().filter_map(|(_, s)| good_spo2(s)).min()
        };
        let (_, slow) = play(2, seed, 1200);
        let highest = cuff_readings(&slow).into_iter().map(|(_, nibp)| nibp.systolic).max();
        assert!(highest >= Some(160), "seed {seed}: the slow rise reaches {highest:?}");
        let (_, surge) = play(5, seed, 1200);
        let late = cuff_readings(&surge).into_iter().filter(|(at_s, _)| *at_s > 970);
        let urgent = late.filter(|(_, nibp)| nibp.systolic >= 180).count();
        assert!(urgent >= 2, "seed {seed}: the surge is read twice");
        let (_, sprayed) = play(7, seed, 1100);
        let off = Oximetry::Absent(SensorStatus::SensorOff);
        // It slips for some seconds before it is off.
        let off_s = sprayed.iter().filter(|(_, s)| s.shown.oximetry == off).count();
        assert!((165..=180).contains(&off_s), "seed {seed}: off for {off_s} s");
        assert!(cuff_readings(&sprayed).iter().any(|(at_s, _)| (295..=310).contains(at_s)));
        let (_, reaction) = play(4, seed, 1600);
        let pulse = |at_s: usize| match reaction[at_s - 1].1.shown.oximetry {
            Oximetry::Value { pulse_rate, .. } => pulse_rate,
            _ => panic!("seed {seed}: no pulse at {at_s} s"),
        };
        assert!(pulse(1500) >= pulse(620) + 18, "seed {seed}: the reaction");
        let drop = good_spo2(&reaction[619].1).zip(spo2(&reaction, 1400, 1520));
        assert!(drop.is_some_and(|(was, is)| was >= is + 3), "seed {seed}: {drop:?}");
        let done: Vec<_> =
            reaction.iter().filter_map(|(_, s)| s.action.as_ref()).map(kind).collect();
        assert_eq!(done, ["symptom", "end_for_reaction"]);
        let (_, apnoea) = play(8, seed, 1500);
        assert!(spo2(&apnoea, 1190, 1400) <= Some(85), "seed {seed}: the apnoea");
    }
}

#[test]
fn every_room_has_its_first_pressure_within_12_s() {
    for number in 1..=16 {
        let (_, seconds) = play(number, 1, 400);
        let readings = cuff_readings(&seconds);
        assert!(readings[0].0 <= 12, "room {number}: {} s", readings[0].0);
    }
}

#[test]
fn a_room_goes_on_to_discharge_an_empty_chair_and_the_next_patient() {
    let (_, seconds) = play(1, 1, 4500);
    let done: Vec<&str> = seconds.iter().filter_map(|(_, s)| s.action.as_ref()).map(kind).collect();
    let next = ["check_in", "screen", "accept_baseline", "prepare", "start"];
    assert_eq!(done, [&["stop", "get_ready", "discharge"], &next[..]].concat());
    let nobody = seconds.iter().filter(|(_, second)| second.shown == Readout::NOBODY).count();
    assert_eq!(nobody, 300);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = |seed| {
        let nameplate = Nameplate {
            number: 4,
            boot: "boot".to_owned(),
            utc_offset_min: 0,
            gateway_every_s: None,
        };
        let mut monitors = Dialect::ALL.map(|dialect| Monitor::new(dialect, nameplate.clone()));
        let mut text = String::new();
        for (at_s, second) in play(4, seed, 600).1 {
            for monitor in &mut monitors {
                for out in monitor.shows(&second.shown, at_s * 1000, at_s * 1000) {
                    let Out::Say(packet) = out else { panic!("nothing is wrong: {out:?}") };
                    text.push_str(&packet.text);
                }
            }
        }
        text
    };
    assert_eq!(bytes(11), bytes(11));
    assert_ne!(bytes(11), bytes(12));
}

#[test]
fn chance_strikes_in_some_rooms_and_changes_no_patient() {
    let shown = |number, chance| {
        let mut room = Room::new(number, 5, chance);
        (0..4000).map(|_| room.step()).collect::<Vec<_>>()
    };
    let differ = (1..=20).filter(|number| shown(*number, true) != shown(*number, false)).count();
    assert!((10..=20).contains(&differ), "{differ} of 20 rooms");
    assert_eq!(shown(9, true), shown(9, true));
}
