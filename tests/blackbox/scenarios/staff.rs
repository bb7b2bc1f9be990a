//! What staff do, or do not: pause, forget, restart, take one of two.

use dripwatch::profile::Condition::{NibpOverdue, Spo2Low, SystolicHigh};
use dripwatch::profile::Priority::{High, Medium};
use dripwatch::room::{AlertLine, AlertState, Phase, TaskKind};

use super::{Played, play, seconds};

#[test]
fn s19_a_restart_keeps_what_stood_and_sounds_nothing_again_that_was_taken() {
    let played = play("server-restart");
    let (killed, back) = (345.0, 353.0);
    let during = |line: &&AlertLine| (killed..=back + 5.0).contains(&seconds(line.at));
    assert_eq!(played.log.iter().filter(during).count(), 0, "nothing is raised or ended by it");
    let surge = played.room.alert("a1").unwrap();
    assert_eq!(surge.condition, SystolicHigh);
    let apnoea = played.room.alerts().iter().find(|alert| alert.condition == Spo2Low).unwrap();
    assert_eq!(apnoea.state, AlertState::Latched);
    // Taken at 310 s, before the restart: it asks again 120 s later, not earlier.
    let asks_again = played.of(SystolicHigh).find(|line| seconds(line.at) > back).unwrap();
    assert!((430.0..=432.0).contains(&seconds(asks_again.at)));
}

#[test]
fn s26_a_pause_and_a_halved_rate_alarm_nothing_and_ask_for_a_reading() {
    for name in ["pause-resume", "halved"] {
        let played = play(name);
        played.is_quiet();
        assert_eq!(played.phase(), Phase::Recovery, "{name}");
    }
}

#[test]
fn s28_a_spray_whose_40_min_reading_is_forgotten_is_a_technical_caution_at_43_min() {
    let played = play("spravato");
    // The first spray is at 120 s.
    played.alarms(NibpOverdue, Medium, (2700.0, 2702.0));
    played.nothing_else_than(&[(NibpOverdue, Medium)]);
    played.has_task(TaskKind::BpDue, (2220.0, 2522.0));
    assert_eq!(played.last(NibpOverdue), AlertState::Resolved);
}

#[test]
fn s30_two_rooms_at_once_are_both_urgent_and_one_taken_leaves_the_other() {
    let rooms = [
        "eight-rooms-1",
        "eight-rooms-2",
        "eight-rooms-3",
        "eight-rooms-4",
        "eight-rooms-5",
        "eight-rooms-6",
        "eight-rooms-7",
        "eight-rooms-8",
    ];
    let played: Vec<Played> = rooms.into_iter().map(play).collect();
    for (index, room) in played.iter().enumerate() {
        match index + 1 {
            3 => room.alarms(SystolicHigh, High, (240.0, 242.0)),
            5 => room.alarms(Spo2Low, High, (240.0, 242.0)),
            _ => room.is_quiet(),
        }
    }
    let taken = played[2].of(SystolicHigh).last().unwrap();
    assert_eq!(taken.acknowledged.as_ref().unwrap().by, "KM");
    assert!(played[4].log.iter().all(|line| line.acknowledged.is_none()));
}

#[test]
fn s31_an_urgent_alert_that_nobody_takes_stands_until_somebody_does() {
    let played = play("nurse-away");
    played.alarms(SystolicHigh, High, (100.0, 102.0));
    played.nothing_else_than(&[(SystolicHigh, High)]);
    let until = played.of(SystolicHigh).find(|line| line.acknowledged.is_some()).unwrap();
    assert_eq!(seconds(until.at), 350.0);
}
