//! Conditions of the measuring.

use super::*;
use crate::rules::{
    Absence, AbsenceStage, ClockDiffers, ContinuousVital, CuffFailed, CuffOverdue, Incident, Lost,
    OverdueStage, Questionable, Repeated, Reported, TimedStage, Unwatched,
};

pub(super) fn told<'a>(
    row: &'a ConditionRow,
    patient: Option<Usual>,
    profile: &Profile,
) -> Vec<Told<'a>> {
    let with = |rule: Rule| ConditionRow { rule, hidden_by: Vec::new(), ..row.clone() };
    match &row.rule {
        Rule::Reported(rule) => vec![reported(with(row.rule.clone()), rule)],
        _ if patient.is_none() => Vec::new(),
        Rule::Absence(rule) => {
            let one = |stage: &AbsenceStage| {
                let alone = Absence { stages: vec![stage.clone()], ..rule.clone() };
                absence(with(Rule::Absence(alone)), rule.vital, stage)
            };
            rule.stages.iter().map(one).collect()
        }
        Rule::Questionable(rule) => {
            let one = |stage: &TimedStage| {
                let alone = Questionable { stages: vec![*stage], ..rule.clone() };
                questionable(with(Rule::Questionable(alone)), &rule.vitals, *stage)
            };
            rule.stages.iter().map(one).collect()
        }
        Rule::Lost(rule) => {
            let one =
                |stage: &TimedStage| lost(with(Rule::Lost(Lost { stages: vec![*stage] })), *stage);
            rule.stages.iter().map(one).collect()
        }
        Rule::Unwatched(rule) => {
            let one = |stage: &TimedStage| {
                unwatched(with(Rule::Unwatched(Unwatched { stages: vec![*stage] })), *stage)
            };
            rule.stages.iter().map(one).collect()
        }
        Rule::CuffOverdue(rule) => {
            let one = |stage: &OverdueStage| {
                let alone = CuffOverdue { stages: vec![*stage] };
                overdue(with(Rule::CuffOverdue(alone)), *stage, profile)
            };
            rule.stages.iter().map(one).collect()
        }
        Rule::CuffFailed(rule) => failed(&with(row.rule.clone()), rule),
        Rule::Repeated(rule) => vec![repeated(with(row.rule.clone()), rule)],
        Rule::ClockDiffers(rule) => vec![clock(with(row.rule.clone()), rule)],
        other => panic!("{}: no series", other.shape().name()),
    }
}

fn device() -> DeviceId {
    DeviceId::new("mon-3").unwrap()
}

/// The words and plays of a stage that time decides: `act` lets so many seconds of it pass.
fn timed<'a>(
    row: ConditionRow,
    (priority, infusing, after_s): (Priority, bool, u32),
    act: impl Fn(&mut Stage, i64) + Clone + 'a,
) -> Told<'a> {
    let seconds = i64::from(after_s);
    let after = |seconds: i64, is_paused: bool| {
        let act = act.clone();
        move |stage: &mut Stage| {
            if is_paused {
                stage.event(Event::Pause { reason: None });
            }
            act(stage, seconds);
        }
    };
    let mut words = vec![format!("{after_s} s")];
    let mut plays = vec![
        past("for the whole time", after(seconds, false)),
        short("for a second less", after(seconds - 1, false)),
    ];
    if infusing {
        plays.push(short("while paused", after(3 * seconds, true)));
        words.push("while infusing".to_owned());
    } else {
        plays.push(past("while paused", after(seconds, true)));
    }
    Told { row, sentence: 0, priority, words, plays }
}

fn absence<'a>(row: ConditionRow, vital: ContinuousVital, stage: &AbsenceStage) -> Told<'a> {
    let AbsenceStage { priority, infusing, after_s, sensor_off } = *stage;
    let missing = move |reason: Absent| match vital {
        ContinuousVital::Spo2 => vec![no_spo2(reason), pulse(75)],
        _ => vec![spo2(97), Reading::absent(Vital::PulseRate, reason)],
    };
    let act = move |stage: &mut Stage, seconds: i64| {
        stage.each_second(fine(20));
        let reason = if sensor_off { Absent::SensorOff } else { Absent::Searching };
        stage.each_second((0..=seconds).map(|_| missing(reason)));
    };
    let mut told = timed(row, (priority, infusing, after_s), act);
    told.words.push(format!("no value of {}", vital.words()).replacen("no", "No", 1));
    if sensor_off {
        told.words.push("the monitor says that the sensor is off".to_owned());
        told.plays.push(short("missing for another reason", move |stage: &mut Stage| {
            stage.each_second(fine(20));
            stage.each_second((0..=2 * after_s).map(|_| missing(Absent::Searching)));
        }));
    }
    told
}

fn questionable<'a>(row: ConditionRow, vitals: &[ContinuousVital], stage: TimedStage) -> Told<'a> {
    let TimedStage { priority, infusing, after_s } = stage;
    let doubtful = |of: ContinuousVital| {
        move |stage: &mut Stage, seconds: i64| {
            let doubt = |reading: Reading, is_it: bool| {
                let quality = if is_it { Quality::Questionable } else { Quality::Good };
                with_quality(reading, quality)
            };
            stage.each_second(fine(20));
            stage.each_second((0..=seconds).map(|_| {
                let is_spo2 = of == ContinuousVital::Spo2;
                vec![doubt(spo2(97), is_spo2), doubt(pulse(75), !is_spo2)]
            }));
        }
    };
    let mut all = timed(row, (priority, infusing, after_s), doubtful(vitals[0]));
    for vital in &vitals[1..] {
        let of = timed(all.row.clone(), (priority, infusing, after_s), doubtful(*vital));
        all.plays.extend(of.plays);
    }
    all
}

fn lost<'a>(row: ConditionRow, stage: TimedStage) -> Told<'a> {
    let TimedStage { priority, infusing, after_s } = stage;
    timed(row, (priority, infusing, after_s), |stage: &mut Stage, seconds: i64| {
        stage.each_second(fine(21));
        // The last frame came a second ago.
        stage.wait(seconds - 1);
    })
}

fn unwatched<'a>(row: ConditionRow, stage: TimedStage) -> Told<'a> {
    let TimedStage { priority, infusing, after_s } = stage;
    timed(row, (priority, infusing, after_s), |stage: &mut Stage, seconds: i64| {
        stage.input(Input::Watched(false));
        stage.wait(seconds);
    })
}

fn overdue<'a>(row: ConditionRow, stage: OverdueStage, profile: &Profile) -> Told<'a> {
    let OverdueStage { priority, infusing, cadences, and_s } = stage;
    let cadence = profile.cadence.clone();
    let act = move |stage: &mut Stage, and_s: i64| {
        stage.cuff(120, 78);
        let session = stage.room.session().unwrap();
        let every_s = session.cadence_s(&cadence, stage.now());
        let due = session.next_nibp_due(&cadence, Some(stage.now())).unwrap();
        let more_s = i64::from(cadences - 1) * i64::from(every_s);
        stage.wait(due.since(stage.now()) / 1_000 + more_s + and_s);
    };
    let mut told = timed(row, (priority, infusing, and_s), act);
    told.words.push(["the cadence", "twice the cadence"][usize::from(cadences) - 1].to_owned());
    told
}

fn failed<'a>(row: &ConditionRow, rule: &'a CuffFailed) -> Vec<Told<'a>> {
    let fail = |count: u8| {
        move |stage: &mut Stage| {
            for _ in 0..count {
                stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring)]);
                stage.wait(30);
                stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Failed)]);
                stage.wait(30);
            }
        }
    };
    let inflated = |seconds: i64| {
        move |stage: &mut Stage| {
            stage.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring)]);
            stage.wait(seconds);
        }
    };
    let after_s = i64::from(rule.inflated.after_s);
    vec![
        Told {
            row: row.clone(),
            sentence: 0,
            priority: rule.priority,
            words: vec!["readings running fail".to_owned()],
            plays: vec![
                past("so many failures", fail(rule.failures)),
                short("one less", fail(rule.failures - 1)),
            ],
        },
        Told {
            row: row.clone(),
            sentence: 1,
            priority: rule.inflated.priority,
            words: vec![format!("inflated for {after_s} s")],
            plays: vec![
                past("inflated for so long", inflated(after_s)),
                short("inflated for a second less", inflated(after_s - 1)),
            ],
        },
    ]
}

fn repeated<'a>(row: ConditionRow, rule: &Repeated) -> Told<'a> {
    let Repeated { incident, count, within_s, priority } = *rule;
    let happen = move |count: u8, every_s: i64| {
        move |stage: &mut Stage| {
            stage.each_second(fine(30));
            for _ in 0..count {
                match incident {
                    Incident::LinkDropped => {
                        stage.each_second(fine(usize::try_from(every_s).unwrap() - 3));
                        stage.wait(3);
                        stage.frame(vec![spo2(97), pulse(75)]);
                    }
                    Incident::ValueRefused => {
                        stage.wait(every_s);
                        let impossible = Frame { implausible: 1, ..frame(vec![spo2(97)]) };
                        stage.input(Input::Frame(impossible));
                    }
                }
            }
        }
    };
    let between = i64::from(count) - 1;
    let (quick, slow) = ((i64::from(within_s) - 1) / between, i64::from(within_s) / between);
    let plays = vec![
        past("so often within the time", happen(count, quick)),
        short("once less", happen(count - 1, quick)),
        short("so often in a longer time", happen(count, slow.max(quick + 1))),
    ];
    let words = vec![format!("{count} times within {within_s} s")];
    Told { row, sentence: 0, priority, words, plays }
}

fn clock<'a>(row: ConditionRow, rule: &ClockDiffers) -> Told<'a> {
    // A clock is known after ten seconds of it.
    const SETTLED_S: i64 = 10;
    let ClockDiffers { by_s, for_s, priority } = *rule;
    let differs = |by_ms: i64, seconds: i64| {
        move |stage: &mut Stage| {
            for _ in 0..=seconds {
                let sent_at = Some(stage.now().plus(by_ms));
                let readings = vec![spo2(97), pulse(75)];
                stage.input(Input::Frame(Frame { sent_at, ..frame(readings) }));
                stage.second += 1;
            }
        }
    };
    let (by_ms, long_s) = (i64::from(by_s) * 1_000, SETTLED_S + i64::from(for_s));
    let plays = vec![
        past("by more, for so long", differs(by_ms + 1_000, long_s)),
        past("behind by more", differs(-by_ms - 1_000, long_s)),
        short("for a second less", differs(by_ms + 1_000, long_s - 1)),
        short("by no more", differs(by_ms, 3 * long_s)),
    ];
    let words = vec![format!("more than {by_s} s, for {for_s} s")];
    Told { row, sentence: 0, priority, words, plays }
}

fn reported<'a>(row: ConditionRow, rule: &Reported) -> Told<'a> {
    let link = |link: Link| {
        move |stage: &mut Stage| {
            stage.frame(vec![spo2(97), pulse(75)]);
            stage.input(Input::Link { device: device(), link });
        }
    };
    let plays = vec![
        past("the ward finds it", link(Link::Conflict)),
        short("a link that is down", link(Link::Down)),
    ];
    let words = vec!["without delay".to_owned()];
    Told { row, sentence: 0, priority: rule.priority, words, plays }
}
