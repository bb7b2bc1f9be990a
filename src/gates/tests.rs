use std::collections::BTreeMap;

use super::*;
use crate::rules::ContinuousVital;
use crate::vitals::{Decimal, Millis, Pressure};

const MINUTE: i64 = 60_000;
const NOW: i64 = 1_790_000_000_000;

/// What the room would say, minutes before now.
#[derive(Default)]
struct Said {
    started: Option<i64>,
    stopped: Option<i64>,
    baseline: Option<(i32, i32)>,
    pressures: Vec<(i64, i32, i32)>,
    spo2: Option<(i32, i32)>,
    good_s: u32,
    symptoms: BTreeMap<&'static str, SymptomTime>,
    scores: BTreeMap<&'static str, (i32, i64)>,
    ticks: Vec<&'static str>,
    answers: BTreeMap<&'static str, bool>,
    is_reviewed: bool,
    statements: Vec<Statement>,
    hold: Option<&'static str>,
    alerts: (usize, usize),
}

fn ago(minutes: i64) -> Millis {
    Millis(NOW - minutes * MINUTE)
}

fn pressure(systolic: i32, diastolic: i32) -> Pressure {
    let [systolic, diastolic] = [systolic, diastolic].map(|v| Some(Decimal::whole(v)));
    Pressure { systolic, diastolic, mean: None }
}

fn signed(minutes: i64) -> Signed {
    Signed { by: "KM".to_owned(), at: ago(minutes) }
}

impl Facts for Said {
    fn now(&self) -> Millis {
        ago(0)
    }
    fn started_at(&self) -> Option<Millis> {
        self.started.map(ago)
    }
    fn stopped_at(&self) -> Option<Millis> {
        self.stopped.map(ago)
    }
    fn baseline_pressure(&self) -> Option<Pressure> {
        self.baseline.map(|(systolic, diastolic)| pressure(systolic, diastolic))
    }
    fn baseline_of(&self, _vital: ContinuousVital) -> Option<f64> {
        Some(92.0)
    }
    fn pressures(&self) -> Vec<(Millis, Pressure)> {
        self.pressures.iter().map(|(min, sys, dia)| (ago(*min), pressure(*sys, *dia))).collect()
    }
    fn extremes(&self, _vital: ContinuousVital, _for_s: u32) -> Option<Extremes> {
        let (lowest, highest) = self.spo2?;
        Some(Extremes { lowest: Decimal::whole(lowest), highest: Decimal::whole(highest) })
    }
    fn good_s(&self, _vital: ContinuousVital, _for_s: u32) -> u32 {
        self.good_s
    }
    fn symptom(&self, name: &str) -> SymptomTime {
        self.symptoms.get(name).copied().unwrap_or(SymptomTime::Never)
    }
    fn score(&self, name: &str) -> Option<(i32, Signed)> {
        self.scores.get(name).map(|(value, minutes)| (*value, signed(*minutes)))
    }
    fn ticked(&self, item: &str) -> Option<Signed> {
        self.ticks.contains(&item).then(|| signed(1))
    }
    fn answered(&self, item: &str) -> Option<(bool, Signed)> {
        self.answers.get(item).map(|yes| (*yes, signed(1)))
    }
    fn reviewed(&self) -> Option<Signed> {
        self.is_reviewed.then(|| signed(1))
    }
    fn stated(&self, what: Statement, _item: &str) -> Option<(String, Signed)> {
        self.statements.contains(&what).then(|| ("both match".to_owned(), signed(1)))
    }
    fn hold(&self) -> Option<(String, WaivedBy)> {
        self.hold.map(|why| (why.to_owned(), WaivedBy::Nobody))
    }
    fn urgent_alerts(&self) -> (usize, usize) {
        self.alerts
    }
    fn active_urgent(&self) -> Option<ActiveUrgent> {
        let alert = || ActiveUrgent { text: "SpO2 low 84".to_owned(), is_physiological: true };
        (self.alerts.0 < self.alerts.1).then(alert)
    }
}

fn item(toml: &str) -> Item {
    let text = format!("name = \"it\"\ntext = \"It\"\nmet_by = {toml}");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn is_met(toml: &str, said: &Said, detail: &str) {
    let state = item(toml).state(said);
    assert_eq!((state.met, state.detail.as_str()), (true, detail));
}

#[track_caller]
fn is_open(toml: &str, said: &Said, detail: &str, until_min: Option<i64>) {
    let state = item(toml).state(said);
    assert_eq!((state.met, state.detail.as_str()), (false, detail));
    assert_eq!(state.until.map(|until| until.since(ago(0)) / MINUTE), until_min);
}

#[test]
fn a_tick_says_who_and_when() {
    let tick = item("{ ticked = {} }");
    assert!(!tick.state(&Said::default()).met);
    let state = tick.state(&Said { ticks: vec!["it"], ..Said::default() });
    assert_eq!((state.met, state.by.as_deref(), state.at), (true, Some("KM"), Some(ago(1))));
}

#[test]
fn a_stay_is_over_to_the_minute_and_says_when_it_is() {
    let stay = "{ stay = { since = \"end\", for_s = 1800 } }";
    is_open(stay, &Said::default(), "not begun", None);
    is_open(stay, &Said { stopped: Some(22), ..Said::default() }, "22 of 30 min", Some(8));
    is_met(stay, &Said { stopped: Some(30), ..Said::default() }, "30 of 30 min");
    let from_start = "{ stay = { since = \"start\", for_s = 7200 } }";
    let early = Said { started: Some(119), ..Said::default() };
    is_open(from_start, &early, "119 of 120 min", Some(1));
}

const LEAVING: &str = "{ pressures = { apart_s = 600, within_s = 900, systolic_at_most = 160, \
                       diastolic_at_most = 95, near_baseline = 20, rise_at_most = 0 } }";

fn leaving(pressures: &[(i64, i32, i32)]) -> Said {
    Said { baseline: Some((127, 79)), pressures: pressures.to_vec(), ..Said::default() }
}

#[test]
fn two_pressures_ten_minutes_apart_that_do_not_rise_are_enough() {
    is_met(LEAVING, &leaving(&[(2, 134, 82), (12, 138, 84)]), "");
    is_met(LEAVING, &leaving(&[(2, 134, 82), (5, 150, 90), (12, 138, 84)]), "");
    let state = item(LEAVING).state(&leaving(&[(2, 134, 82), (12, 138, 84)]));
    let listed: Vec<_> = state.values.iter().map(|v| (v.at, v.text.as_str())).collect();
    assert_eq!(listed, [(ago(12), "138/84"), (ago(2), "134/82")]);
}

#[test]
fn pressures_say_what_they_lack() {
    is_open(LEAVING, &leaving(&[]), "none measured yet", None);
    is_open(LEAVING, &leaving(&[(2, 134, 82)]), "one more, 10 min after the first", Some(8));
    let close = leaving(&[(2, 134, 82), (9, 138, 84)]);
    is_open(LEAVING, &close, "one more, 10 min after the first", Some(1));
    let old = leaving(&[(16, 134, 82), (26, 138, 84)]);
    is_open(LEAVING, &old, "the last is older than 15 min", None);
    let high = leaving(&[(2, 134, 82), (12, 162, 84)]);
    is_open(LEAVING, &high, "162/84 is above 160/95", None);
    let far = leaving(&[(2, 154, 82), (12, 156, 84)]);
    is_open(LEAVING, &far, "154/82 is more than 20 from 127/79", None);
    let rising = leaving(&[(2, 140, 82), (12, 131, 84)]);
    is_open(LEAVING, &rising, "still rising: +9 since the one before", None);
    let unknown = Said { baseline: None, ..leaving(&[(2, 134, 82), (12, 138, 84)]) };
    is_open(LEAVING, &unknown, "there is no baseline to compare with", None);
}

#[test]
fn near_the_baseline_is_20_mmhg_or_20_per_cent_whichever_is_more() {
    let said = |systolic| Said {
        baseline: Some((160, 90)),
        ..leaving(&[(2, systolic, 90), (12, 160, 90)])
    };
    let any_height = LEAVING.replace("systolic_at_most = 160,", "");
    is_met(&any_height, &said(128), "");
    is_open(&any_height, &said(127), "127/90 is more than 20 from 160/90", None);
}

#[test]
fn a_vital_is_judged_by_its_worst_value_and_may_follow_the_baseline() {
    let vital =
        "{ vital = { vital = \"spo2\", for_s = 300, at_least = { absolute = 94, offset = -2 } } }";
    let said = |lowest| Said { spo2: Some((lowest, 98)), ..Said::default() };
    is_open(vital, &Said::default(), "no good value in this time", None);
    is_met(vital, &said(90), "lowest of 5 min: 90");
    is_open(vital, &said(89), "lowest of 5 min: 89, wanted 90 or more", None);
    let both = "{ vital = { vital = \"heart_rate\", for_s = 300, at_least = { absolute = 50 }, at_most = { absolute = 110 } } }";
    is_met(both, &said(74), "5 min: 74 to 98");
    let fast = Said { spo2: Some((74, 111)), ..Said::default() };
    is_open(both, &fast, "5 min: 74 to 111, wanted 110 or less", None);
}

#[test]
fn a_good_signal_may_miss_a_tenth_and_is_shown_in_steps_of_ten_seconds() {
    let signal = "{ signal = { vitals = [\"spo2\", \"heart_rate\"], for_s = 120 } }";
    is_met(signal, &Said { good_s: 108, ..Said::default() }, "100 of 120 s good");
    is_open(signal, &Said { good_s: 107, ..Said::default() }, "100 of 120 s good", None);
}

#[test]
fn a_symptom_must_have_been_away_long_enough() {
    let free = "{ free_of = { symptom = \"vomiting\", for_s = 900 } }";
    let said = |time| Said { symptoms: [("vomiting", time)].into(), ..Said::default() };
    is_met(free, &Said::default(), "none this session");
    is_open(free, &said(SymptomTime::There), "still there", None);
    is_open(free, &said(SymptomTime::Last(ago(6))), "none for 6 min", Some(9));
    is_met(free, &said(SymptomTime::Last(ago(15))), "none for 15 min");
}

#[test]
fn a_score_has_bounds_and_an_age() {
    let score = "{ scored = { score = \"moaa_s\", at_least = 5, within_s = 1800 } }";
    let said =
        |value, minutes| Said { scores: [("moaa_s", (value, minutes))].into(), ..Said::default() };
    is_open(score, &Said::default(), "not scored yet", None);
    is_met(score, &said(5, 30), "5");
    is_open(score, &said(4, 1), "4, wanted 5 or more", None);
    is_open(score, &said(5, 31), "5, too long ago: score again", None);
}

#[test]
fn a_yes_goes_to_a_prescriber() {
    let question = "{ question = {} }";
    let said =
        |yes, is_reviewed| Said { answers: [("it", yes)].into(), is_reviewed, ..Said::default() };
    is_open(question, &Said::default(), "not asked yet", None);
    is_met(question, &said(false, false), "no");
    is_open(question, &said(true, false), "yes: a prescriber looks at it", None);
    is_met(question, &said(true, true), "yes, a prescriber has looked at it");
}

#[test]
fn what_is_stated_is_shown_with_who_stated_it() {
    let stated = "{ stated = { what = \"identifiers\" } }";
    is_open(stated, &Said::default(), "name and birth date, both", None);
    is_met(
        stated,
        &Said { statements: vec![Statement::Identifiers], ..Said::default() },
        "both match",
    );
}

#[test]
fn alerts_holds_and_the_baseline_are_the_rooms() {
    is_met("{ alerts_closed = {} }", &Said::default(), "none this session");
    let open = Said { alerts: (1, 2), ..Said::default() };
    is_open("{ alerts_closed = {} }", &open, "1 of 2 with an outcome", None);
    let held = Said { hold: Some("Hold: BP above 140/90"), ..Said::default() };
    is_open("{ no_hold = {} }", &held, "Hold: BP above 140/90", None);
    assert_eq!(item("{ no_hold = {} }").waived_by(&held), WaivedBy::Nobody);
    assert_eq!(item("{ no_hold = {} }").waived_by(&Said::default()), WaivedBy::Nurse);
    is_met("{ no_hold = {} }", &Said::default(), "");
    is_open("{ baseline = {} }", &Said::default(), "not accepted yet", None);
    is_met("{ baseline = {} }", &leaving(&[]), "127/79");
}

#[test]
fn of_a_session_without_paperwork_only_what_is_measured_is_asked() {
    let gate = Gate {
        step: Step::Discharge,
        items: vec![item("{ ticked = {} }"), item("{ alerts_closed = {} }")],
    };
    let said = Said { alerts: (0, 1), ..Said::default() };
    let names = |unmet: Vec<(&Item, ItemState)>| unmet.len();
    assert_eq!(names(gate.unmet(&said, true)), 2);
    assert_eq!(names(gate.unmet(&said, false)), 1);
    assert!(gate.state(&said, false).items[0].measured);
}

#[test]
fn a_word_too_many_in_a_row_is_refused() {
    let wrong =
        "name = \"it\"\ntext = \"It\"\nmet_by = { stay = { since = \"end\", for_s = 1, to = 2 } }";
    assert!(toml::from_str::<Item>(wrong).unwrap_err().to_string().contains("unknown field `to`"));
}

#[test]
fn a_vital_may_be_as_far_from_the_baseline_as_the_row_says() {
    let rate = "{ vital = { vital = \"heart_rate\", for_s = 300, at_least = { absolute = 50 }, \
                at_most = { absolute = 98 }, near_baseline = 20 } }";
    let said = |lowest, highest| Said { spo2: Some((lowest, highest)), ..Said::default() };
    is_met(rate, &said(60, 112), "5 min: 60 to 112");
    is_open(rate, &said(60, 113), "5 min: 60 to 113, wanted 98 or less", None);
    is_open(rate, &said(49, 90), "5 min: 49 to 90, wanted 50 or more", None);
}

#[test]
fn a_pressure_at_its_time_is_near_enough_or_missed() {
    let at_40 = "{ pressure_at = { at_s = 2400, near_s = 300 } }";
    let said = |started, pressures: &[(i64, i32, i32)]| Said {
        started: Some(started),
        pressures: pressures.to_vec(),
        ..Said::default()
    };
    is_open(at_40, &Said::default(), "not begun", None);
    is_open(at_40, &said(30, &[(20, 128, 80)]), "not yet", Some(10));
    is_met(at_40, &said(50, &[(1, 130, 80), (5, 128, 80), (15, 120, 70)]), "");
    is_open(at_40, &said(46, &[(0, 130, 80), (12, 120, 70)]), "it was missed", None);
}

#[test]
fn an_active_urgent_alert_is_named() {
    is_met("{ none_active = {} }", &Said::default(), "");
    is_open(
        "{ none_active = {} }",
        &Said { alerts: (0, 1), ..Said::default() },
        "SpO2 low 84",
        None,
    );
}
