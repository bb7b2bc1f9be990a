//! Inputs of a room from recordings and from short scripts, and what the room announces.

use std::sync::Arc;

use dripwatch::profile::{Condition, DEFAULT_PROFILE, Profile, builtin};
use dripwatch::record::{Header, Line};
use dripwatch::room::{
    Acceptance, AlertLine, Event, Input, Link, ManualVitals, Opening, Output, OwnLimits, Phase,
    Room, TaskKind,
};
use dripwatch::vitals::{
    Absent, Decimal, DeviceId, Frame, Millis, Observation, Pressure, Quality, Reading, RoomId,
    SessionId, Value, Vital,
};
use simulators::scenario::Scenario;

/// 2026-11-21 12:00:00 UTC.
const START: Millis = Millis(1_795_262_400_000);

/// What happened in one room, with its times.
pub(crate) struct Play {
    pub(crate) name: String,
    /// Of the profile that it is for.
    pub(crate) profile: String,
    inputs: Vec<(Millis, Step)>,
}

enum Step {
    /// A session is opened in this phase, with the profile that is played.
    Opened(Phase),
    /// The profile that is played is set again.
    Profile,
    Input(Input),
    /// Time passed until here.
    Nothing,
}

/// What reaches staff: a line of the log, or the list of tasks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Announcement {
    Alert(AlertLine),
    Tasks(Vec<(TaskKind, String, Option<Millis>)>),
}

impl Play {
    /// Reads the recording of a scenario.
    pub(crate) fn recorded(scenario: &Scenario) -> Self {
        let text = scenario.recording();
        let mut lines = text.lines();
        let header = Header::read(lines.next().unwrap()).unwrap();
        let inputs = lines.enumerate().map(|(index, line)| {
            let (at, line) = Line::read(line).unwrap();
            let happened = match line {
                Line::Input(input) => Step::Input(input),
                Line::Alert(_) | Line::End => Step::Nothing,
                Line::Checkpoint(_) => panic!("line {}: a mutant has no checkpoint", index + 2),
            };
            (at, happened)
        });
        let mut inputs: Vec<_> = inputs.collect();
        let begins_at = inputs[0].0;
        inputs.insert(0, (begins_at, Step::Opened(Phase::Baseline)));
        Self { name: scenario.name().to_owned(), profile: header.profile.name.clone(), inputs }
    }

    /// Reads a script: see [`Script::step`].
    pub(crate) fn scripted(profile: &str, name: &str, text: &str) -> Self {
        let mut script = Script::default();
        let words = text.split(['\n', ';']).map(str::trim).filter(|words| !words.is_empty());
        words.for_each(|words| script.step(words));
        Self { name: name.to_owned(), profile: profile.to_owned(), inputs: script.inputs }
    }

    pub(crate) fn length(&self) -> usize {
        self.inputs.len()
    }

    /// Plays it with a profile, to the end or until `announce` wants no more.
    pub(crate) fn play(
        &self,
        profile: &Arc<Profile>,
        mut announce: impl FnMut(Announcement) -> bool,
    ) {
        let is_default = profile.name == DEFAULT_PROFILE;
        let clinic = if is_default { profile.clone() } else { builtin(DEFAULT_PROFILE).unwrap() };
        let mut room = Room::new(RoomId::new("3").unwrap(), clinic);
        for (at, happened) in &self.inputs {
            match happened {
                Step::Opened(phase) => {
                    let session = SessionId::new("s1").unwrap();
                    let (planned_s, staff) = (profile.planned_s, "KM".to_owned());
                    let profile = profile.clone();
                    let opening = Opening { session, profile, planned_s, phase: *phase, staff };
                    room.handle(&Input::Open(opening), *at);
                }
                Step::Profile => room.handle(&Input::Profile(profile.clone()), *at),
                Step::Input(input) => room.handle(input, *at),
                Step::Nothing => room.advance(*at),
            }
            loop {
                let announcement = match room.poll_output() {
                    Output::Alert(line) => Announcement::Alert(line),
                    Output::Session => Announcement::Tasks(
                        room.tasks()
                            .into_iter()
                            .map(|task| (task.kind, task.text, task.due))
                            .collect(),
                    ),
                    Output::Wait(_) => break,
                    _ => continue,
                };
                if !announce(announcement) {
                    return;
                }
            }
        }
    }

    /// Everything that is announced.
    pub(crate) fn all(&self, profile: &Arc<Profile>) -> Vec<Announcement> {
        let mut all = Vec::new();
        self.play(profile, |announced| {
            all.push(announced);
            true
        });
        all
    }
}

/// A script that is being read.
struct Script {
    inputs: Vec<(Millis, Step)>,
    at: Millis,
    /// What the monitor sends each second.
    readings: Vec<Reading>,
    /// How often.
    every_ms: i64,
    device: &'static str,
    /// The monitor's clock is ahead by this.
    clock_ahead_ms: Option<i64>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            at: START,
            readings: Vec::new(),
            every_ms: 1_000,
            device: "mon-3",
            clock_ahead_ms: None,
        }
    }
}

impl Script {
    /// One step. Vitals are sent each second as they were set last:
    /// `30 spo2=91 pulse=75` sets two and sends 30 frames; `spo2=?91` is questionable, `spo2=off`
    /// and `spo2=searching` are absent, `spo2=none` is not sent. The rest are one word and what
    /// belongs to it: `open`, `baseline 118/74 75 97 37`, `nibp 184/96`, `score distress 7` …
    fn step(&mut self, words: &str) {
        let words: Vec<&str> = words.split_whitespace().collect();
        let number = |index: usize| words[index].parse::<i64>().unwrap();
        match words[0] {
            "open" => self.inputs.push((self.at, Step::Opened(Phase::Baseline))),
            "profile" => self.inputs.push((self.at, Step::Profile)),
            "baseline" => self.accept(&words[1..]),
            "start" => self.event(Event::Start { overrides: None }),
            "override" => {
                let reason = "known".to_owned();
                let overrides = Some(dripwatch::room::Override { reason });
                self.event(Event::Start { overrides });
            }
            "pause" => self.event(Event::Pause { reason: None }),
            "resume" => self.event(Event::Resume {}),
            "stop" => self.event(Event::Stop { reason: None }),
            "discharge" => self.event(Event::Discharge { overrides: None }),
            "symptom" => self.event(Event::Symptom {
                symptom: words[1].to_owned(),
                over: words.get(2) == Some(&"over"),
                note: None,
            }),
            "score" => {
                let (score, value) = (words[1].to_owned(), number(2) as i32);
                self.event(Event::Score { score, value, note: None });
            }
            "limits" => self.limits(&words[1..]),
            "manual" => {
                let temp = Some(decimal(words[1]));
                self.event(Event::ManualVitals(ManualVitals { temp, ..ManualVitals::default() }));
            }
            "rate" => {
                let to = decimal(words[1]);
                self.event(Event::RateChange { from: None, to, unit: None });
            }
            "nibp" => {
                let observation =
                    Observation::Measured(Value::Pressure(pressure(words[1])), Quality::Good);
                // Each is a measurement of its own.
                let taken_at = Some(self.at);
                let reading = Reading::new(Vital::Nibp, observation);
                self.frame(vec![Reading { taken_at, ..reading }], 0);
            }
            "measuring" => self.frame(vec![Reading::absent(Vital::Nibp, Absent::Measuring)], 0),
            "failed" => self.frame(vec![Reading::absent(Vital::Nibp, Absent::Failed)], 0),
            "refused" => self.frame(Vec::new(), number(1) as u32),
            "other" => self.device = "mon-9",
            "hz" => self.every_ms = 1_000 / number(1),
            "clock" => self.clock_ahead_ms = Some(number(1) * 1_000),
            "ack" => {
                let (staff, alert) = ("KM".to_owned(), words[1].to_owned());
                self.give(Input::Acknowledge { staff, alert });
            }
            "watched" => self.give(Input::Watched(words[1] == "yes")),
            "link" => {
                let link = match words[1] {
                    "down" => Link::Down,
                    "up" => Link::Up,
                    "unbound" => Link::Unbound,
                    "conflict" => Link::Conflict,
                    other => panic!("link {other}"),
                };
                let device = self.monitor();
                self.give(Input::Link { device, link });
            }
            "wait" => {
                self.at = self.at.plus(number(1) * 1_000);
                self.inputs.push((self.at, Step::Nothing));
            }
            _ => {
                words[1..].iter().for_each(|word| self.set(word));
                for _ in 0..number(0) {
                    self.frame(self.readings.clone(), 0);
                    self.at = self.at.plus(self.every_ms);
                }
            }
        }
    }

    fn give(&mut self, input: Input) {
        self.inputs.push((self.at, Step::Input(input)));
    }

    fn monitor(&self) -> DeviceId {
        DeviceId::new(self.device).unwrap()
    }

    fn event(&mut self, event: Event) {
        self.give(Input::Staff { staff: "KM".to_owned(), event, occurred_at: None });
    }

    fn frame(&mut self, readings: Vec<Reading>, implausible: u32) {
        let sent_at = self.clock_ahead_ms.map(|ms| self.at.plus(ms));
        let frame =
            Frame { device: self.monitor(), sent_at, implausible, ..Frame::by_hand(readings) };
        self.give(Input::Frame(frame));
    }

    fn accept(&mut self, words: &[&str]) {
        let value = |index: usize| words.get(index).map(|word| decimal(word));
        let Pressure { systolic, diastolic, .. } = pressure(words[0]);
        self.event(Event::AcceptBaseline(Acceptance {
            systolic,
            diastolic,
            heart_rate: value(1),
            spo2: value(2),
            temp: value(3),
            known_low: true,
            prescriber: Some("N. Weber".to_owned()),
            overrides: None,
        }));
    }

    fn limits(&mut self, words: &[&str]) {
        let condition = Condition::from_name(words[0]).unwrap();
        let value = |index: usize| words.get(index).filter(|w| **w != "-").map(|w| decimal(w));
        let own = OwnLimits { caution: value(1), urgent: value(2), extreme: value(3) };
        let limits = [(condition, Some(own))].into();
        self.event(Event::Limits { limits, reason: "known".to_owned(), prescriber: None });
    }

    fn set(&mut self, word: &str) {
        let (name, value) = word.split_once('=').unwrap();
        let vital = match name {
            "spo2" => Vital::Spo2,
            "pulse" => Vital::PulseRate,
            "hr" => Vital::HeartRate,
            "rr" => Vital::RespRate,
            "temp" => Vital::Temp,
            other => panic!("no vital {other}"),
        };
        self.readings.retain(|reading| reading.vital != vital);
        let measured =
            |text: &str, quality| Observation::Measured(Value::Number(decimal(text)), quality);
        let observation = match value {
            "none" => return,
            "off" => Observation::Absent(Absent::SensorOff),
            "searching" => Observation::Absent(Absent::Searching),
            doubtful if doubtful.starts_with('?') => {
                measured(&doubtful[1..], Quality::Questionable)
            }
            good => measured(good, Quality::Good),
        };
        self.readings.push(Reading::new(vital, observation));
    }
}

fn decimal(text: &str) -> Decimal {
    Decimal::rounded(text.parse().unwrap(), 1).unwrap()
}

fn pressure(text: &str) -> Pressure {
    let (systolic, diastolic) = text.split_once('/').unwrap();
    Pressure { systolic: Some(decimal(systolic)), diastolic: Some(decimal(diastolic)), mean: None }
}
