//! A day at the clinic, from check-in to leaving.

use super::*;
use crate::gates::Step;

fn event(json: &str) -> Event {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

impl Stage {
    /// A session of this profile, just opened.
    fn arrived(profile: &str) -> Self {
        let mut stage = Self::without_session();
        stage.input(Input::Open(Opening {
            session: SessionId::new("s1").unwrap(),
            profile: builtin(profile).unwrap(),
            planned_s: 2_400,
            phase: Phase::CheckedIn,
            staff: "KM".to_owned(),
        }));
        stage
    }

    /// What staff are told when they try this, with what is missing.
    fn refused(&self, authority: Authority, json: &str) -> Option<(String, Vec<String>)> {
        let refused = self.room.refusal(&event(json), authority, self.room.now())?;
        Some((refused.why, refused.unmet))
    }

    #[track_caller]
    fn does_by(&mut self, staff: &str, authority: Authority, json: &str) {
        assert_eq!(self.refused(authority, json), None, "{json}");
        let event = event(json);
        self.input(Input::Staff { staff: staff.to_owned(), event, occurred_at: None });
    }

    #[track_caller]
    fn does(&mut self, json: &str) {
        self.does_by("KM", Authority::Nurse, json);
    }

    #[track_caller]
    fn is_open(&self, authority: Authority, json: &str, unmet: &[&str]) {
        let (_, found) = self.refused(authority, json).expect("it is refused");
        assert_eq!(found, unmet, "{json}");
    }

    fn session(&self) -> &Session {
        self.room.session().unwrap()
    }

    /// Fine for some minutes, a reading each second.
    fn fine_for(&mut self, minutes: usize) {
        self.each_second(fine(minutes * 60));
    }

    fn checked_in(profile: &str) -> Self {
        let mut stage = Self::arrived(profile);
        stage.does(CHECK_IN);
        stage
    }

    /// Screened, measured, ordered and checked: nothing is missing before the start.
    fn ready() -> Self {
        let mut stage = Self::checked_in("ketamine-iv-adult");
        stage.does(&all_no());
        stage.does(r#"{"type":"score","score":"moaa_s","value":5}"#);
        stage.cuff(128, 78);
        stage.fine_for(3);
        stage.cuff(126, 80);
        stage.fine_for(1);
        stage.does(r#"{"type":"accept_baseline"}"#);
        stage.does(r#"{"type":"order","mg_per_kg":0.5,"ordered_by":"Dr S.N."}"#);
        stage.does_by("TJ", Authority::Nurse, r#"{"type":"check","item":"second_check"}"#);
        stage.does(r#"{"type":"check","item":"kit"}"#);
        stage.does(r#"{"type":"check","item":"call_button"}"#);
        stage
    }

    /// Infused for 40 minutes and stopped.
    fn infused() -> Self {
        let mut stage = Self::ready();
        stage.does(r#"{"type":"start"}"#);
        for _ in 0..8 {
            stage.fine_for(5);
            stage.cuff(132, 82);
        }
        stage.does(r#"{"type":"stop"}"#);
        stage
    }
}

const CHECK_IN: &str = r#"{"type":"check_in","identifiers":["name","birth_date"],"consent":true,
    "series":{"number":3,"of":6},"escort":{"name":"D.B.","phone":"555 0101"},"weight_kg":70}"#;

const QUESTIONS: [&str; 13] = [
    "high_pressure",
    "heart",
    "aneurysm",
    "psychosis",
    "substances",
    "pregnancy",
    "allergy",
    "inner_pressure",
    "liver",
    "medicines",
    "food",
    "drink",
    "suicidal",
];

fn all_no() -> String {
    let answers: serde_json::Map<_, _> =
        QUESTIONS.iter().map(|name| ((*name).to_owned(), false.into())).collect();
    serde_json::json!({"type": "screening", "answers": answers}).to_string()
}

#[test]
fn before_check_in_the_form_shows_every_item_and_after_an_empty_one_what_is_measured() {
    let mut stage = Stage::arrived("ketamine-iv-adult");
    let shown = |stage: &Stage| -> Vec<usize> {
        stage.room.gates().iter().map(|gate| gate.items.len()).collect()
    };
    assert_eq!(shown(&stage), [4, 13, 4, 6]);
    stage.does(r#"{"type":"check_in"}"#);
    assert_eq!(shown(&stage), [0, 0, 0, 2], "the paperwork is elsewhere");
}

#[test]
fn what_is_refused_in_a_phase_names_who_did_what_led_to_it() {
    let mut stage = Stage::ready();
    stage.does_by("TJ", Authority::Nurse, r#"{"type":"start"}"#);
    stage.fine_for(1);
    let (why, _) = stage.refused(Authority::Nurse, r#"{"type":"start"}"#).unwrap();
    let words = "The infusion has already started. Last entered: start, by TJ, 59 s ago.";
    assert_eq!(why, words);
    let follows = |stage: &Stage, json: &str| stage.room.follows(&event(json)).map(|(at, _)| at);
    let started = stage.session().started_at;
    assert_eq!(follows(&stage, r#"{"type":"stop"}"#), started);
    stage.does(r#"{"type":"pause"}"#);
    assert_eq!(follows(&stage, r#"{"type":"resume"}"#), Some(stage.now()));
    assert_eq!(follows(&stage, r#"{"type":"bolus","mg":5}"#), started);
    assert_eq!(follows(&stage, r#"{"type":"note","text":"well"}"#), None);
}

#[test]
fn check_in_names_everything_that_is_missing_and_goes_on_once_it_is_there() {
    let mut stage = Stage::arrived("ketamine-iv-adult");
    let some = r#"{"type":"check_in","identifiers":["name"],"consent":true}"#;
    stage.is_open(
        Authority::Nurse,
        some,
        &[
            "Name and birth date match: name and birth date, both",
            "Number in the series: number in the series is missing",
            "Escort: name and phone: name and phone",
        ],
    );
    stage.does(CHECK_IN);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Screening));
    assert_eq!(stage.session().treatment.paperwork.series().unwrap().number, 3);
}

#[test]
fn a_program_that_keeps_its_paperwork_elsewhere_is_asked_only_what_the_room_measures() {
    let mut stage = Stage::arrived("ketamine-iv-adult");
    stage.does(r#"{"type":"check_in"}"#);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Baseline));
    stage.is_open(
        Authority::Prescriber,
        r#"{"type":"start"}"#,
        &["Baseline with a BP: not accepted yet"],
    );
    let (why, _) = stage
        .refused(Authority::Prescriber, r#"{"type":"start","override":{"reason":"in a hurry"}}"#)
        .unwrap();
    assert!(why.ends_with("Nobody can go on without: Baseline with a BP."), "{why}");
    stage.does(r#"{"type":"accept_baseline","systolic":118,"diastolic":74}"#);
    stage.does(r#"{"type":"start"}"#);
}

#[test]
fn a_yes_in_the_screening_waits_for_a_prescriber() {
    let mut stage = Stage::checked_in("ketamine-iv-adult");
    let yes = all_no().replace("\"heart\":false", "\"heart\":true");
    stage.is_open(
        Authority::Nurse,
        &yes,
        &["Chest pain or unstable heart disease: yes: a prescriber looks at it"],
    );
    let reviewed = yes.replace("\"type\"", "\"reviewed\":true,\"type\"");
    let (why, _) = stage.refused(Authority::Nurse, &reviewed).unwrap();
    assert!(why.starts_with("A prescriber has to look at a yes"), "{why}");
    stage.does_by("SN", Authority::Prescriber, &reviewed);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Baseline));
    let asked = stage.refused(Authority::Nurse, r#"{"type":"screening","answers":{"odd":true}}"#);
    assert_eq!(asked.unwrap().0, "odd is not one of this profile's questions.");
}

#[test]
fn scenario_6_a_high_baseline_holds_the_start_until_it_is_low() {
    let mut stage = Stage::ready();
    stage.cuff(150, 95);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Held));
    stage.is_open(
        Authority::Nurse,
        r#"{"type":"start"}"#,
        &["No reason to hold: Hold: BP above 140/90, measure again after 5 minutes of rest"],
    );
    stage.fine_for(5);
    stage.cuff(148, 94);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Held));
    stage.fine_for(5);
    stage.cuff(138, 88);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Ready));
    stage.does(r#"{"type":"start"}"#);
    assert_eq!(stage.said_of_pressure(), Vec::<String>::new(), "a hold is no alert");
}

#[test]
fn scenario_7_a_prescriber_may_start_at_a_high_baseline_and_nobody_at_180() {
    let mut stage = Stage::ready();
    stage.cuff(150, 95);
    let all_the_same = r#"{"type":"start","override":{"reason":"usual for him"}}"#;
    let (why, _) = stage.refused(Authority::Lead, all_the_same).unwrap();
    assert!(why.contains("A prescriber may go on all the same"), "{why}");
    stage.cuff(184, 100);
    assert!(stage.refused(Authority::Prescriber, all_the_same).is_some());
    stage.fine_for(5);
    stage.cuff(150, 95);
    stage.does_by("SN", Authority::Prescriber, all_the_same);
    let waived = &stage.session().treatment.waived;
    assert_eq!(waived.len(), 1);
    assert_eq!((waived[0].step, waived[0].by.as_str()), (Step::Start, "SN"));
    assert_eq!(waived[0].items, ["No reason to hold"]);
    assert_eq!(waived[0].reason, "usual for him");
    assert!(stage.session().overridden);
}

#[test]
fn the_second_check_is_another_persons() {
    let mut stage = Stage::ready();
    stage.does(r#"{"type":"order","mg":40,"ordered_by":"Dr S.N."}"#);
    stage.does(r#"{"type":"check","item":"second_check"}"#);
    stage.is_open(
        Authority::Nurse,
        r#"{"type":"start"}"#,
        &["Second check of dose and rate: by another person than who entered the order"],
    );
    stage.does_by("TJ", Authority::Nurse, r#"{"type":"check","item":"second_check"}"#);
    stage.does(r#"{"type":"start"}"#);
}

#[test]
fn an_order_that_cannot_be_is_refused_in_words() {
    let stage = Stage::checked_in("ketamine-iv-adult");
    let why = |json: &str| stage.refused(Authority::Nurse, json).map(|(why, _)| why);
    assert_eq!(
        why(r#"{"type":"order","mg_per_kg":0.5,"mg":3500}"#).unwrap(),
        "Ketamine is given as 5 to 150, got 3500 mg. 0.5 mg/kg × 70 kg is 35 mg, not 3500 mg."
    );
    assert_eq!(why(r#"{"type":"order","mg_per_kg":0.5}"#), None);
    assert_eq!(
        why(r#"{"type":"check_in","weight_kg":700}"#).unwrap(),
        "The weight is 20 to 350 kg, got 700."
    );
    assert_eq!(
        why(r#"{"type":"check","item":"spo2"}"#).unwrap(),
        "SpO2 at least 94 on air cannot be ticked: it is measured or stated."
    );
    assert_eq!(
        why(r#"{"type":"oxygen","flow_l_min":20}"#).unwrap(),
        "Oxygen is 0 (off) to 15 L/min, got 20."
    );
    assert_eq!(
        why(r#"{"type":"medication","drug":"ondansetron","dose":4}"#).unwrap(),
        "Give the unit of the dose, such as mg."
    );
    assert_eq!(why(r#"{"type":"spray"}"#).unwrap(), "This profile gives no sprays.");
}

#[test]
fn scenario_26_a_pause_and_a_halved_rate_are_in_the_dose_and_the_end() {
    let mut stage = Stage::ready();
    stage.does(r#"{"type":"start"}"#);
    stage.fine_for(20);
    stage.does(r#"{"type":"pause"}"#);
    stage.fine_for(10);
    stage.does(r#"{"type":"resume"}"#);
    stage.does(r#"{"type":"rate_change","from":75,"to":37.5,"unit":"mL/h"}"#);
    stage.fine_for(10);
    let given = stage.session().treatment.given(stage.now()).unwrap();
    assert!((given.mg - 21.875).abs() < 0.02, "{given:?}");
    assert_eq!(given.ends_at.unwrap().since(stage.now()), 30 * 60_000);
    stage.does(r#"{"type":"bolus","mg":5}"#);
    let given = stage.session().treatment.given(stage.now()).unwrap();
    assert!((given.mg - 26.875).abs() < 0.02, "{given:?}");
    assert!(stage.refused(Authority::Nurse, r#"{"type":"bolus","mg":3500}"#).is_some());
}

#[test]
fn what_is_given_is_listed_and_can_be_withdrawn() {
    let mut stage = Stage::ready();
    stage.does(r#"{"type":"medication","drug":"ondansetron","dose":4,"unit":"mg","route":"iv"}"#);
    stage.does(r#"{"type":"oxygen","flow_l_min":2,"device":"nasal"}"#);
    stage.does(r#"{"type":"adverse_event","text":"slipped","severity":"mild","action":"none"}"#);
    let texts: Vec<_> = stage.session().events.iter().rev().take(3).map(|e| &*e.text).collect();
    assert_eq!(
        texts,
        [
            "Adverse event, mild: slipped; action: none",
            "Oxygen 2 L/min, nasal",
            "Ondansetron 4 mg IV"
        ]
    );
    let treatment = &stage.session().treatment;
    assert_eq!(treatment.oxygen_now().unwrap().what.flow_l_min, Decimal::whole(2));
    let n = treatment.medications[0].n;
    stage.does(&format!("{{\"type\":\"correct\",\"event\":{n}}}"));
    assert_eq!(stage.session().treatment.medications, []);
    stage.does(r#"{"type":"oxygen","flow_l_min":0}"#);
    assert_eq!(stage.session().treatment.oxygen_now(), None);
}

#[test]
fn leaving_names_each_item_that_is_open_and_needs_all_of_them() {
    let mut stage = Stage::infused();
    stage.fine_for(10);
    stage.cuff(134, 82);
    stage.is_open(
        Authority::Nurse,
        r#"{"type":"discharge"}"#,
        &[
            "Stay of 30 min: 10 of 30 min",
            "Awake: MOAA/S 5: 5, too long ago: score again",
            "Oriented: person, place, time: not ticked yet",
            "Dissociation 0 to 1: not scored yet",
            "Aldrete at least 9: not scored yet",
            "Walks steadily: not ticked yet",
            "IV removed: not ticked yet",
            "Instructions given: no driving until tomorrow: not ticked yet",
            "Escort here: not ticked yet",
        ],
    );
    stage.fine_for(20);
    stage.cuff(130, 80);
    for item in ["oriented", "walks", "iv_removed", "instructions"] {
        stage.does(&format!("{{\"type\":\"check\",\"item\":\"{item}\"}}"));
    }
    for (score, value) in [("moaa_s", 5), ("dissociation", 1), ("aldrete", 10)] {
        stage.does(&format!("{{\"type\":\"score\",\"score\":\"{score}\",\"value\":{value}}}"));
    }
    // Scenario 29: no escort.
    stage.is_open(Authority::Nurse, r#"{"type":"discharge"}"#, &["Escort here: not ticked yet"]);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Recovery));
    stage.does(r#"{"type":"check","item":"escort_here"}"#);
    assert_eq!(stage.room.shown_phase(), Some(Phase::ReadyToLeave));
    stage.does(r#"{"type":"discharge"}"#);
    assert!(stage.room.session().is_none());
}

#[test]
fn who_may_leave_with_something_open_depends_on_what_it_is() {
    let mut stage = Stage::infused();
    stage.fine_for(30);
    stage.cuff(134, 82);
    let reason = r#"{"type":"discharge","override":{"reason":"his sister waits outside"}}"#;
    assert!(stage.refused(Authority::Nurse, reason).is_some());
    assert_eq!(stage.refused(Authority::Prescriber, reason), None);
}

#[test]
fn scenario_28_esketamine_leaves_after_two_hours_and_with_its_pressures() {
    let mut stage = Stage::checked_in("esketamine-nasal-adult");
    stage.does(&all_no());
    stage.does(r#"{"type":"score","score":"moaa_s","value":5}"#);
    stage.cuff(121, 77);
    stage.fine_for(3);
    stage.cuff(120, 76);
    stage.fine_for(1);
    stage.does(r#"{"type":"accept_baseline"}"#);
    stage.does(r#"{"type":"order","mg":56,"ordered_by":"Dr S.N."}"#);
    for item in ["prescriber_on_site", "kit", "call_button"] {
        stage.does(&format!("{{\"type\":\"check\",\"item\":\"{item}\"}}"));
    }
    stage.does(r#"{"type":"spray","dose_mg":28}"#);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Infusing));
    let started = stage.now();
    stage.fine_for(3);
    stage.wait(0);
    let (why, _) = stage.refused(Authority::Nurse, r#"{"type":"spray"}"#).unwrap();
    assert_eq!(why, "Devices are 5 min apart: the next one in 2:00 min.");
    stage.fine_for(2);
    stage.wait(0);
    stage.does(r#"{"type":"spray"}"#);
    assert_eq!(stage.room.shown_phase(), Some(Phase::Recovery), "all of the dose is given");
    assert_eq!(stage.session().started_at, Some(started));
    assert!(stage.refused(Authority::Nurse, r#"{"type":"spray"}"#).is_some());
    stage.fine_for(105);
    stage.cuff(124, 78);
    stage.fine_for(9);
    stage.wait(0);
    let anybody = r#"{"type":"discharge","override":{"reason":"wants to go"}}"#;
    let (why, unmet) = stage.refused(Authority::Prescriber, anybody).unwrap();
    assert!(why.ends_with("Nobody can go on without: Stay of 2 h from the first spray."), "{why}");
    assert_eq!(
        unmet[..2],
        ["Stay of 2 h from the first spray: 119 of 120 min", "BP at 40 min: it was missed",]
    );
    stage.fine_for(1);
    stage.wait(0);
    assert_eq!(stage.refused(Authority::Prescriber, anybody), None);
}

#[test]
fn an_urgent_alert_keeps_everybody() {
    let mut stage = Stage::infused();
    stage.fine_for(30);
    stage.each_second(vec![vec![spo2(80), pulse(75)]; 60]);
    let anybody = r#"{"type":"discharge","override":{"reason":"wants to go"}}"#;
    let (why, unmet) = stage.refused(Authority::Prescriber, anybody).unwrap();
    assert!(why.ends_with("Nobody can go on without: No urgent alert active."), "{why}");
    assert!(unmet.iter().any(|line| line.starts_with("No urgent alert active: SpO")), "{unmet:?}");
}

/// A screen without sound is no reason to keep a patient here for good.
#[test]
fn an_urgent_alert_that_is_not_about_the_patient_is_left_to_a_lead() {
    let mut stage = Stage::ready();
    stage.does(r#"{"type":"start"}"#);
    stage.input(Input::Watched(false));
    stage.fine_for(2);
    stage.does(r#"{"type":"stop"}"#);
    stage.fine_for(30);
    let anybody = r#"{"type":"discharge","override":{"reason":"the screens are mute"}}"#;
    let (why, unmet) = stage.refused(Authority::Nurse, anybody).unwrap();
    assert!(
        unmet.iter().any(|line| line.starts_with("No urgent alert active: No screen")),
        "{why}"
    );
    assert_eq!(stage.refused(Authority::Prescriber, anybody), None);
    stage.each_second(vec![vec![spo2(80), pulse(75)]; 60]);
    let (why, _) = stage.refused(Authority::Prescriber, anybody).unwrap();
    assert!(why.ends_with("Nobody can go on without: No urgent alert active."), "{why}");
}

#[test]
fn screens_are_told_when_an_item_is_met_although_nothing_happens() {
    let mut stage = Stage::infused();
    stage.fine_for(28);
    let before = stage.room.gates();
    let stay = &before[0].items[0];
    assert_eq!((stay.name.as_str(), stay.met), ("stay", false));
    let mut told = 0;
    let end = stage.now().plus(150_000);
    stage.room.advance(end);
    loop {
        match stage.room.poll_output() {
            Output::Session => told += 1,
            Output::Wait(_) => break,
            _ => {}
        }
    }
    assert!(told > 0);
    assert!(stage.room.gates()[0].items[0].met);
}

#[test]
fn a_hold_by_the_value_of_a_slow_monitor_ends_when_the_value_breaks_off_on_screens_as_well() {
    let mut stage = Stage::without_session();
    stage.open();
    for _ in 0..3 {
        stage.frame(vec![Reading::number(Vital::HeartRate, Decimal::whole(101))]);
        stage.wait(31);
    }
    assert_eq!(stage.room.shown_phase(), Some(Phase::Held));
    // Three of its intervals after the last value; before that nothing says that it is over.
    let held = (0..200).take_while(|_| {
        stage.wait(1);
        stage.room.shown_phase() == Some(Phase::Held)
    });
    assert_eq!(held.count(), 3 * 31 - 31 - 1);
}
