//! The limits that screens show are those that alert: a value just beyond one, held for as long
//! as its rule asks, alerts; one just inside does not.

use proptest::prelude::*;

use super::*;
use crate::profile::{Profile, builtin_names};
use crate::rules::{Cuff, Held, Limit, Rule};

/// What is measured alone, with the conditions that judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measured {
    Continuous(Vital, [&'static str; 4]),
    Systolic,
    Diastolic,
}

impl Measured {
    const ALL: [Self; 6] = [
        Self::Continuous(Vital::Spo2, ["spo2_low", "spo2_falling", "reaction", ""]),
        Self::Continuous(Vital::PulseRate, ["hr_low", "hr_high", "hr_falling", "reaction"]),
        Self::Continuous(Vital::RespRate, ["resp_rate_low", "resp_rate_high", "reaction", ""]),
        Self::Continuous(Vital::Temp, ["temp_high", "reaction", "", ""]),
        Self::Systolic,
        Self::Diastolic,
    ];

    fn conditions(self) -> [&'static str; 4] {
        match self {
            Self::Continuous(_, conditions) => conditions,
            Self::Systolic => ["systolic_low", "systolic_high", "reaction", ""],
            Self::Diastolic => ["diastolic_high", "reaction", "", ""],
        }
    }

    fn range(self, room: &Room) -> ShownRange {
        let limits = room.shown_limits();
        match self {
            Self::Continuous(Vital::Spo2, _) => limits.spo2,
            Self::Continuous(Vital::RespRate, _) => limits.resp_rate,
            Self::Continuous(Vital::Temp, _) => limits.temp,
            Self::Continuous(..) => limits.heart_rate,
            Self::Systolic => limits.systolic,
            Self::Diastolic => limits.diastolic,
        }
    }

    fn step(self) -> f64 {
        if matches!(self, Self::Continuous(Vital::Temp, _)) { 0.1 } else { 1.0 }
    }

    /// As far as a living patient goes, where there is no limit.
    fn extremes(self) -> (f64, f64) {
        match self {
            Self::Continuous(Vital::Spo2, _) => (60.0, 100.0),
            Self::Continuous(Vital::RespRate, _) => (4.0, 60.0),
            Self::Continuous(Vital::Temp, _) => (33.0, 41.5),
            Self::Continuous(..) => (25.0, 210.0),
            Self::Systolic => (55.0, 250.0),
            Self::Diastolic => (25.0, 160.0),
        }
    }

    /// Whether this value alone, for five minutes or four readings, alerts.
    fn alerts(self, stage: &Stage, value: f64) -> bool {
        let value = Decimal::trimmed((value * 10.0).round() / 10.0);
        let log = Vec::new();
        let mut stage = Stage::of(stage.room.clone(), stage.second + 1, log);
        let (times, every_s) = if self.step() < 0.5 { (3, 1) } else { (306, 1) };
        let (times, every_s) = match self {
            Self::Continuous(..) => (times, every_s),
            _ => (4, 61),
        };
        for _ in 0..times {
            let reading = match self {
                Self::Continuous(vital, _) => Reading::number(vital, value),
                Self::Systolic => pressure(Some(value), None),
                Self::Diastolic => pressure(None, Some(value)),
            };
            stage.frame(vec![Reading { taken_at: Some(stage.now()), ..reading }]);
            let said = |line: &AlertLine| self.conditions().contains(&line.condition.name());
            if stage.log.iter().any(|line| said(line) && line.state == AlertState::Active) {
                return true;
            }
            stage.second += every_s;
        }
        false
    }
}

fn pressure(systolic: Option<Decimal>, diastolic: Option<Decimal>) -> Reading {
    let pressure = Pressure { systolic, diastolic, mean: None };
    Reading::new(Vital::Nibp, Observation::Measured(Value::Pressure(pressure), Quality::Good))
}

fn check(stage: &Stage) -> Result<(), TestCaseError> {
    for measured in Measured::ALL {
        let range = measured.range(&stage.room);
        let is_open = |alert: &Alert| {
            alert.is_open() && measured.conditions().contains(&alert.condition.name())
        };
        if stage.room.alerts().iter().any(is_open) {
            continue;
        }
        let (lowest, highest) = measured.extremes();
        let low = range.low.map_or(lowest, Decimal::as_f64);
        let high = range.high.map_or(highest, Decimal::as_f64);
        let step = measured.step();
        let alerts = |value: f64| measured.alerts(stage, value);
        if low + step >= high - SAME {
            continue;
        }
        prop_assert_eq!(alerts(low), range.low.is_some(), "{:?} at {}", measured, low);
        prop_assert_eq!(alerts(high), range.high.is_some(), "{:?} at {}", measured, high);
        prop_assert!(!alerts(low + step), "{:?} just inside {}", measured, low);
        prop_assert!(!alerts(high - step), "{:?} just inside {}", measured, high);
    }
    Ok(())
}

const SAME: f64 = 1e-6;

/// A profile whose numbers a clinic has changed.
fn profile() -> impl Strategy<Value = Profile> {
    let name = proptest::sample::select(builtin_names().collect::<Vec<_>>());
    (name, proptest::collection::vec(-4..5i32, 64)).prop_map(|(name, shifts)| {
        let mut profile = Profile::clone(&builtin(name).unwrap());
        let mut shifts = shifts.into_iter().cycle();
        let mut shift = |limit: &mut Limit| {
            let by = f64::from(shifts.next().unwrap_or(0)) / 2.0;
            limit.absolute = limit.absolute.map(|absolute| absolute + by);
            limit.offset = limit.offset.map(|offset| offset + by.trunc());
        };
        for row in &mut profile.conditions {
            match &mut row.rule {
                Rule::Held(Held { stages, .. }) => {
                    stages.iter_mut().for_each(|s| shift(&mut s.limit))
                }
                Rule::Cuff(Cuff { stages, .. }) => {
                    stages.iter_mut().for_each(|stage| shift(&mut stage.test.limit));
                }
                _ => {}
            }
        }
        profile
    })
}

fn accepted() -> impl Strategy<Value = Acceptance> {
    (95..165, 55..100, 42..95, 88..100, 355..376).prop_map(|(systolic, diastolic, rate, sat, t)| {
        let temp = Some(Decimal::trimmed(f64::from(t) / 10.0));
        Acceptance { temp, ..baseline(systolic, diastolic, rate, sat) }
    })
}

/// Own limits, also such as nobody would be allowed: a caution beyond its urgent limit.
fn own() -> impl Strategy<Value = Event> {
    let kinds = [
        (Condition::Spo2Low, 82..97),
        (Condition::HrLow, 36..56),
        (Condition::HrHigh, 100..140),
        (Condition::SystolicLow, 80..105),
        (Condition::SystolicHigh, 140..200),
        (Condition::DiastolicHigh, 90..120),
        (Condition::RespRateHigh, 20..34),
        (Condition::TempHigh, 37..40),
    ];
    let one = proptest::sample::select(kinds.to_vec()).prop_flat_map(|(condition, range)| {
        let level = || proptest::option::of(range.clone());
        (Just(condition), level(), level())
    });
    one.prop_map(|(condition, caution, urgent)| {
        let whole = |value: Option<i32>| value.map(Decimal::whole);
        let own =
            OwnLimits { caution: whole(caution), urgent: whole(urgent), ..OwnLimits::default() };
        let limits = [(condition, Some(own))].into();
        Event::Limits { limits, reason: "known".to_owned(), prescriber: None }
    })
}

/// How far the session is.
#[derive(Clone, Copy, Debug)]
enum Course {
    NoSession,
    BeforeStart,
    Infusing,
    Paused,
    Recovery,
}

fn stage(
    profile: Profile,
    accepted: Option<Acceptance>,
    overridden: bool,
    own: Vec<Event>,
    course: Course,
) -> Stage {
    let mut stage = Stage::without_session();
    if matches!(course, Course::NoSession) {
        stage.room = Room::new(RoomId::new("3").unwrap(), profile.into());
        return stage;
    }
    stage.input(Input::Open(Opening {
        session: SessionId::new("s1").unwrap(),
        profile: profile.into(),
        planned_s: 2_400,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    }));
    accepted.into_iter().for_each(|accepted| stage.event(Event::AcceptBaseline(accepted)));
    if !matches!(course, Course::BeforeStart) {
        let reason = "usual".to_owned();
        stage.event(Event::Start { overrides: overridden.then_some(Override { reason }) });
    }
    own.into_iter().for_each(|event| stage.event(event));
    match course {
        Course::Paused => stage.event(Event::Pause { reason: None }),
        Course::Recovery => stage.event(Event::Stop { reason: None }),
        _ => {}
    }
    stage
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_shown_is_what_alerts(
        profile in profile(),
        accepted in proptest::option::weighted(0.8, accepted()),
        overridden in any::<bool>(),
        own in proptest::collection::vec(own(), 0..3),
        course in proptest::sample::select(&[
            Course::NoSession, Course::BeforeStart, Course::Infusing, Course::Infusing,
            Course::Paused, Course::Recovery,
        ][..]),
        is_systolic_high in any::<bool>(),
    ) {
        let mut stage = stage(profile, accepted, overridden, own, course);
        if is_systolic_high {
            // With it some of the diastolic stages are silent. Twice, so that none waits for a
            // second reading.
            for _ in 0..2 {
                let reading = pressure(Some(Decimal::whole(176)), None);
                stage.frame(vec![Reading { taken_at: Some(stage.now()), ..reading }]);
                stage.second += 61;
            }
        }
        check(&stage)?;
    }
}

#[test]
fn two_readings_at_160_come_before_one_at_170() {
    let stage = Stage::infusing();
    assert_eq!(stage.room.shown_limits().systolic.high, Some(Decimal::whole(148)), "118 + 30");
    let mut stage = Stage::without_session();
    assert_eq!(stage.room.shown_limits().systolic.high, Some(Decimal::whole(160)));
    assert_eq!(stage.room.shown_limits().systolic.low, Some(Decimal::whole(94)), "below 95");
    stage.open();
    assert_eq!(stage.room.shown_limits().systolic.high, None, "no alert before the start");
}

#[test]
fn a_diastolic_limit_that_an_open_systolic_alert_hides_is_not_shown() {
    let mut stage = Stage::infusing();
    assert_eq!(stage.room.shown_limits().diastolic.high, Some(Decimal::whole(95)));
    stage.cuff(172, 80);
    assert_eq!(stage.room.shown_limits().diastolic.high, Some(Decimal::whole(110)), "urgent");
}

#[test]
fn an_urgent_limit_is_shown_where_the_caution_lies_beyond_it() {
    let mut stage = Stage::infusing();
    let own = OwnLimits { caution: Some(Decimal::whole(190)), ..OwnLimits::default() };
    let limits = [(Condition::SystolicHigh, Some(own))].into();
    stage.event(Event::Limits { limits, reason: "known".to_owned(), prescriber: None });
    assert_eq!(stage.room.shown_limits().systolic.high, Some(Decimal::whole(180)));
}

#[test]
fn a_sign_that_is_enough_alone_is_a_limit() {
    let mut stage = Stage::without_session();
    open_as(&mut stage, "s1", "infliximab");
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    let rate = |stage: &Stage| stage.room.shown_limits().heart_rate.high;
    assert_eq!(rate(&stage), None, "before the start");
    stage.event(Event::Start { overrides: None });
    assert_eq!(rate(&stage), Some(Decimal::whole(100)), "75 + 25");
    assert_eq!(stage.room.shown_limits().systolic.low, Some(Decimal::whole(94)));
}
