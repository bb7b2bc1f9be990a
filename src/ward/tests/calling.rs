//! What people are told of alerts, over the deaths of the program.

use tokio::sync::broadcast::error::TryRecvError;

use super::*;
use crate::contract;
use crate::notice::step::{AlertStep, Audience, Step};
use crate::profile::Priority;
use crate::shift::Assignment;
use crate::store::{StaffRow, Upsert};

impl Clinic {
    fn call_for_help(&mut self) {
        let now = self.now();
        let call = CallForHelp { room: room(), priority: Priority::High };
        self.core.act(&km(), call, now).unwrap();
    }

    /// Lets time pass, each second alive.
    fn pass(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.second += 1;
            let now = self.now();
            self.core.pass_time(now);
            self.core.beat(Mark::by_our_clock_alone(now));
        }
    }

    /// What somebody who begins to listen is told of the room.
    fn so_far(&mut self) -> Vec<AlertStep> {
        let now = self.now();
        let Followed { so_far, .. } = self.core.ask(FollowSteps, now);
        so_far.into_iter().filter(|step| step.room == Some(room())).collect()
    }

    fn staff_member(&mut self, initials: &str) {
        let row = StaffRow {
            name: format!("name of {initials}"),
            initials: initials.to_owned(),
            role: "nurse".to_owned(),
            password_hash: String::new(),
            pin_hash: None,
            active: true,
        };
        self.core.journal.store().put(vec![Upsert::Staff(row)], vec![]).unwrap();
    }

    fn assign(&mut self, act: PutAssignments) -> Result<Pending, Refusal> {
        let now = self.now();
        self.core.act(&km(), act, now)
    }
}

fn short(steps: &[AlertStep]) -> Vec<String> {
    let second = |step: &AlertStep| step.at.since(START) / 1_000;
    steps.iter().map(|step| format!("{} {}", second(step), step.step.name())).collect()
}

#[tokio::test]
async fn a_listener_is_told_each_step_once_as_it_happens() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    let Followed { so_far, mut next } = clinic.core.ask(FollowSteps, now);
    assert_eq!(so_far, []);
    clinic.call_for_help();
    clinic.pass(61);
    let mut said = Vec::new();
    while let Ok(step) = next.try_recv() {
        said.push(step);
    }
    said.retain(|step| step.room.is_some());
    assert_eq!(short(&said), ["0 help", "30 repeat", "60 second_nurse"]);
    let first = &said[0];
    assert_eq!((first.audience, first.priority), (Audience::All, Priority::High));
    said.retain(|step| step.step != Step::Repeat);
    assert_eq!(clinic.so_far(), said, "who begins now is told what is still new");
    // The ward's own alerts are told as well.
    clinic.core.ask(NoteDisk { free_mib: 1, low_mib: 2_048 }, START.plus(62_000));
    clinic.core.ask(NoteDisk { free_mib: 1, low_mib: 2_048 }, START.plus(200_000));
    let own = std::iter::from_fn(|| next.try_recv().ok());
    let own = own.into_iter().find(|step| step.condition == crate::profile::Condition::DiskLow);
    let own = own.unwrap();
    assert_eq!((own.room, own.step, own.audience), (None, Step::Raised, Audience::First));
}

#[tokio::test]
async fn a_listener_that_is_too_far_behind_is_told_so_and_asks_again() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    let Followed { mut next, .. } = clinic.core.ask(FollowSteps, now);
    clinic.call_for_help();
    let step = clinic.so_far().remove(0);
    (0..1_024).for_each(|_| clinic.core.steps.say(step.clone()));
    assert_eq!(next.try_recv(), Err(TryRecvError::Lagged(1)));
    assert_eq!(short(&clinic.so_far()), ["0 help"]);
}

#[tokio::test]
async fn a_death_at_each_stage_loses_no_step_and_none_is_said_at_another_time() {
    for stage_s in [1, 29, 30, 31, 60, 61, 90, 120, 121, 150] {
        let mut clinic = Clinic::open().await;
        clinic.call_for_help();
        clinic.pass(stage_s);
        let (before, room_before) = (clinic.so_far(), clinic.room_json());
        let mut clinic = clinic.restart(0).await;
        assert_eq!(clinic.so_far(), before, "at {stage_s} s");
        let room = clinic.room_json();
        for key in ["escalated", "escalated_at", "state", "priority"] {
            assert_eq!(room["alerts"][0][key], room_before["alerts"][0][key], "{key}");
        }
        clinic.pass(200 - stage_s);
        let expected = ["0 help", "60 second_nurse", "120 prescriber", "180 repeat"];
        assert_eq!(short(&clinic.so_far()), expected, "died at {stage_s} s");
        let id = room["alerts"][0]["id"].as_str().unwrap().to_owned();
        let now = clinic.now();
        clinic.core.act(&km(), Acknowledge { alert: id }, now).unwrap();
        let mut clinic = clinic.restart(30).await;
        clinic.pass(60);
        assert_eq!(short(&clinic.so_far()), ["200 acknowledged"], "nobody is called any more");
    }
}

#[tokio::test]
async fn what_falls_due_while_the_program_is_away_is_said_when_it_is_back() {
    let mut clinic = Clinic::open().await;
    clinic.call_for_help();
    clinic.pass(50);
    let mut clinic = clinic.restart(100).await;
    let expected = ["0 help", "150 second_nurse", "150 prescriber"];
    assert_eq!(short(&clinic.so_far()), expected);
    assert_eq!(clinic.room_json()["alerts"][0]["escalated"], 2);
    clinic.pass(40);
    assert_eq!(short(&clinic.so_far())[3..], ["180 repeat"], "in the beat of before");
}

fn staff(clinic: &mut Clinic) -> [String; 4] {
    let staff = clinic.room_json()["staff"].clone();
    ["nurse", "backup", "first", "second"].map(|key| staff[key].as_str().unwrap_or("").to_owned())
}

fn assigned(nurse: &str, backup: &str) -> PutAssignments {
    let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let to = Assignment { nurse: own(nurse), backup: own(backup) };
    PutAssignments { rooms: vec![(room(), to)], ..PutAssignments::default() }
}

#[tokio::test]
async fn who_has_a_room_survives_a_death_and_is_recorded() {
    let mut clinic = Clinic::open().await;
    clinic.staff_member("KM");
    clinic.staff_member("TJ");
    clinic.assign(assigned("km", "TJ")).unwrap();
    let on_break = PutAssignments { breaks: vec![("KM".into(), true)], ..Default::default() };
    clinic.assign(on_break).unwrap();
    assert_eq!(staff(&mut clinic), ["KM", "TJ", "TJ", ""]);
    let mut clinic = clinic.restart(5).await;
    assert_eq!(staff(&mut clinic), ["KM", "TJ", "TJ", ""]);
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 100).await.unwrap();
    let count = entries.iter().filter(|e| e.entry.body.contains("\"assignments\"")).count();
    assert_eq!(count, 2);
    let back = PutAssignments { breaks: vec![("KM".into(), false)], ..Default::default() };
    let shown: serde_json::Value =
        serde_json::from_str(&clinic.assign(back).unwrap().json).unwrap();
    assert_eq!(shown["assignments"][0]["first"], "KM");
    assert_eq!(shown["people"][0]["on_break"], false);
}

#[tokio::test]
async fn nobody_else_says_that_somebody_is_on_a_break_but_a_lead() {
    let mut clinic = Clinic::open().await;
    clinic.staff_member("TJ");
    let other = || PutAssignments { breaks: vec![("TJ".into(), true)], ..Default::default() };
    assert!(matches!(clinic.assign(other()), Err(Refusal::NeedsIdentity(_))));
    assert!(clinic.assign(PutAssignments { for_others: true, ..other() }).is_ok());
    assert!(matches!(clinic.assign(assigned("TJ", "TJ")), Err(Refusal::NotNow(_))));
    assert!(matches!(clinic.assign(assigned("ZZ", "")), Err(Refusal::NotNow(_))));
}

#[tokio::test]
async fn a_hand_over_assigns_its_rooms_and_ends_the_break_of_who_takes_them() {
    let mut clinic = Clinic::open().await;
    clinic.staff_member("AB");
    clinic.staff_member("TJ");
    clinic.assign(assigned("AB", "TJ")).unwrap();
    let away = PutAssignments {
        breaks: vec![("TJ".into(), true)],
        for_others: true,
        ..Default::default()
    };
    clinic.assign(away).unwrap();
    let known = Actor { is_identified: true, ..km() };
    let now = clinic.now();
    let hand = HandOverRooms { rooms: vec![room()], to: "TJ".to_owned() };
    clinic.core.act(&known, hand, now).unwrap();
    assert_eq!(staff(&mut clinic), ["TJ", "", "TJ", ""]);
    let contract::Assignments { people, .. } = clinic.core.ask(ShowAssignments, now);
    assert!(people.iter().all(|person| !person.on_break));
}
