//! Made-up courses of one patient: steps that are each held for some seconds.

use proptest::prelude::*;

use super::*;
use crate::profile::Priority;

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Frames of these readings, one a second.
    Frames(Vec<Reading>),
    /// A cuff reading, or what a cuff says instead.
    Cuff(Reading),
    /// Values that no living patient has.
    Refused(u32),
    Wait {
        seconds: i64,
    },
    Acknowledge {
        number: u32,
    },
    /// Anything else that a room takes.
    Given(Input),
    Restart {
        seconds: i64,
    },
}

pub(super) fn quality() -> impl Strategy<Value = Quality> {
    prop_oneof![6 => Just(Quality::Good), 1 => Just(Quality::Questionable), 1 => Just(Quality::Invalid)]
}

pub(super) fn number(vital: Vital, values: std::ops::Range<i32>) -> impl Strategy<Value = Reading> {
    (values, quality()).prop_map(move |(value, quality)| {
        with_quality(Reading::number(vital, Decimal::whole(value)), quality)
    })
}

pub(super) fn absent(vital: Vital) -> impl Strategy<Value = Reading> {
    let reasons = [Absent::Searching, Absent::SensorOff, Absent::ExtendedUpdate];
    proptest::sample::select(reasons.to_vec())
        .prop_map(move |reason| Reading::absent(vital, reason))
}

/// Saturation and pulse, and now and then breathing, temperature and an ECG.
pub(super) fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let spo2 = prop_oneof![9 => number(Vital::Spo2, 82..99), 1 => absent(Vital::Spo2)];
    let pulse = prop_oneof![9 => number(Vital::PulseRate, 35..135), 1 => absent(Vital::PulseRate)];
    let sometimes = proptest::option::weighted::<BoxedStrategy<Reading>>;
    let more = (
        sometimes(0.1, number(Vital::HeartRate, 35..135).boxed()),
        sometimes(0.2, number(Vital::RespRate, 5..34).boxed()),
        sometimes(0.2, number(Vital::Temp, 36..40).boxed()),
    );
    (spo2, pulse, more).prop_map(|(spo2, pulse, (ecg, breaths, temp))| {
        [Some(spo2), ecg, Some(pulse), breaths, temp].into_iter().flatten().collect()
    })
}

pub(super) fn cuff() -> impl Strategy<Value = Reading> {
    prop_oneof![
        6 => (75..210, 45..75).prop_map(|(systolic, percent)| nibp(systolic, systolic * percent / 100)),
        1 => Just(Reading::absent(Vital::Nibp, Absent::Measuring)),
        1 => Just(Reading::absent(Vital::Nibp, Absent::Failed)),
    ]
}

pub(super) fn staff(event: Event) -> Input {
    Input::Staff { staff: "KM".to_owned(), event, occurred_at: None }
}

pub(super) fn symptom() -> impl Strategy<Value = Event> {
    let names = ["vomiting", "chest_pain", "unsafe_behaviour", "wheeze", "rash"];
    (proptest::sample::select(names.to_vec()), any::<bool>())
        .prop_map(|(name, over)| Event::Symptom { symptom: name.to_owned(), over, note: None })
}

pub(super) fn score() -> impl Strategy<Value = Event> {
    (proptest::sample::select(&["moaa_s", "distress"][..]), 0..8)
        .prop_map(|(name, value)| Event::Score { score: name.to_owned(), value, note: None })
}

pub(super) fn own_limits() -> impl Strategy<Value = Event> {
    let kinds =
        [(Condition::Spo2Low, 88), (Condition::HrHigh, 115), (Condition::SystolicHigh, 165)];
    (proptest::sample::select(kinds.to_vec()), proptest::option::of(0..5)).prop_map(
        |((condition, from), more)| {
            let of = |more: i32| OwnLimits {
                caution: Some(Decimal::whole(from + more)),
                ..OwnLimits::default()
            };
            let limits = [(condition, more.map(of))].into();
            Event::Limits { limits, reason: "known".to_owned(), prescriber: None }
        },
    )
}

pub(super) fn manual() -> impl Strategy<Value = Event> {
    (proptest::option::of(75..210), 5..34, 36..40).prop_map(|(systolic, breaths, temp)| {
        Event::ManualVitals(ManualVitals {
            systolic: systolic.map(Decimal::whole),
            resp_rate: Some(Decimal::whole(breaths)),
            temp: Some(Decimal::whole(temp)),
            ..ManualVitals::default()
        })
    })
}

/// What staff do that leaves the patient in the room.
pub(super) fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => Just(Event::Pause { reason: None }),
        1 => Just(Event::Resume {}),
        1 => Just(Event::Stop { reason: None }),
        1 => Just(Event::RateChange { from: None, to: Decimal::whole(40), unit: None }),
        1 => (90..160, 60..100, 85..99).prop_map(|(systolic, rate, spo2)| {
            Event::AcceptBaseline(baseline(systolic, 74, rate, spo2))
        }),
        2 => symptom(),
        2 => score(),
        2 => own_limits(),
        2 => manual(),
    ]
}

pub(super) fn profile() -> impl Strategy<Value = Input> {
    let names: Vec<_> = crate::profile::builtin_names().collect();
    proptest::sample::select(names).prop_map(|name| Input::Profile(builtin(name).unwrap()))
}

pub(super) fn alert_name() -> impl Strategy<Value = String> {
    (1..6u32).prop_map(|number| format!("a{number}"))
}

pub(super) fn about_an_alert() -> impl Strategy<Value = Input> {
    let km = || "KM".to_owned();
    prop_oneof![
        alert_name().prop_map(move |alert| Input::Silence { staff: km(), alert, seconds: 60 }),
        alert_name().prop_map(|alert| Input::Received { alert }),
        alert_name().prop_map(move |alert| {
            Input::Outcome { staff: km(), alert, outcome: Some(Outcome::ExpectedEffect) }
        }),
    ]
}

pub(super) fn link() -> impl Strategy<Value = Input> {
    let links = [Link::Up, Link::Down, Link::Conflict, Link::Unbound];
    let device = || DeviceId::new("mon-3").unwrap();
    proptest::sample::select(links.to_vec())
        .prop_map(move |link| Input::Link { device: device(), link })
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => readings().prop_map(Step::Frames),
        4 => cuff().prop_map(Step::Cuff),
        1 => (1..4u32).prop_map(Step::Refused),
        2 => (1..90i64).prop_map(|seconds| Step::Wait { seconds }),
        2 => (1..6u32).prop_map(|number| Step::Acknowledge { number }),
        1 => about_an_alert().prop_map(Step::Given),
        4 => event().prop_map(|event| Step::Given(staff(event))),
        1 => any::<bool>().prop_map(|watched| Step::Given(Input::Watched(watched))),
        1 => profile().prop_map(Step::Given),
        1 => link().prop_map(Step::Given),
        1 => (1..60i64).prop_map(|seconds| Step::Restart { seconds }),
    ]
}

/// Each step is held for some seconds, so that delays run out.
pub(super) type Script = Vec<(Step, usize)>;

pub(super) fn script_of(step: impl Strategy<Value = Step>) -> impl Strategy<Value = Script> {
    proptest::collection::vec((step, 1..40usize), 1..30)
}

pub(super) fn script() -> impl Strategy<Value = Script> {
    script_of(step())
}

pub(super) fn run(stage: &mut Stage, step: &Step, times: usize) {
    match step {
        Step::Frames(readings) => stage.each_second(vec![readings.clone(); times]),
        Step::Cuff(reading) => stage.frame(vec![timed(stage, reading)]),
        Step::Refused(implausible) => {
            let frame = Frame { implausible: *implausible, ..frame(Vec::new()) };
            stage.input(Input::Frame(frame));
        }
        Step::Wait { seconds } => stage.wait(*seconds),
        Step::Acknowledge { number } => stage.acknowledge(&format!("a{number}")),
        Step::Given(input) => stage.input(input.clone()),
        Step::Restart { seconds } => {
            let blind_from = stage.now();
            stage.second += seconds;
            let blind_to = stage.now();
            stage.input(Input::Restart { blind_from, blind_to });
        }
    }
}

/// A cuff reading with the time of its inflation.
pub(super) fn timed(stage: &Stage, reading: &Reading) -> Reading {
    Reading { taken_at: Some(stage.now()), ..reading.clone() }
}

/// A monitor that is taken out and speaks again has to be known anew as one that speaks each second.
pub(super) fn takes_monitor_out(step: &Step) -> bool {
    matches!(step, Step::Given(Input::Link { link: Link::Unbound, .. }))
}

/// Infusing, with a monitor that is known to speak each second.
pub(super) fn with_monitor() -> Stage {
    let mut stage = Stage::infusing();
    stage.each_second(fine(10));
    stage
}

/// When an alert that was taken asks again by itself.
pub(super) fn asks_again_at(alert: &Alert) -> Option<Millis> {
    let taken_at = alert.acknowledged.as_ref()?.at;
    Some(match alert.priority {
        Priority::High => taken_at.plus(120_000),
        Priority::Medium => taken_at.plus(600_000),
        Priority::Low => return None,
    })
}
