//! The room on virtual time, one behaviour a test.

mod absurd;
mod alerts;
mod anything;
mod cadences;
mod calling;
mod clocks;
mod course;
mod cuff;
mod day;
mod entries;
mod falls;
mod held;
mod limits_shown;
mod monitors;
mod more_entries;
mod motion;
mod next_patient;
mod pairs;
mod patients;
mod personal;
mod properties;
mod revised;
mod script;
mod sentences;
mod signal;
mod slow;
mod start_wait;
mod technical;
mod withdrawn;

use super::*;
use crate::gates::GateState;
use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::vitals::{
    Absent, Decimal, Frame, Observation, Pressure, Quality, Reading, Source, Value,
};

/// 2026-11-21 12:00:00 UTC.
pub(super) const START: Millis = Millis(1_795_262_400_000);

/// A room with a script of seconds.
pub(super) struct Stage {
    pub(super) room: Room,
    pub(super) second: i64,
    pub(super) log: Vec<AlertLine>,
    pub(super) steps: Vec<AlertStep>,
    /// The gates ahead as screens were last sent them.
    gates_sent: Vec<GateState>,
}

impl Stage {
    /// No session: the clinic's absolute limits.
    pub(super) fn without_session() -> Self {
        let clinic = builtin(DEFAULT_PROFILE).unwrap();
        let room = Room::new(RoomId::new("3").unwrap(), clinic);
        Self::of(room, 0, Vec::new())
    }

    /// A room as it is at this second, with the log so far.
    pub(super) fn of(room: Room, second: i64, log: Vec<AlertLine>) -> Self {
        let mut stage = Self { room, second, log, steps: Vec::new(), gates_sent: Vec::new() };
        stage.gates_sent = stage.gates_now();
        stage
    }

    /// Infusing, with a usual baseline of 118/74, 75, 97.
    pub(super) fn infusing() -> Self {
        let mut stage = Self::without_session();
        stage.open();
        stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
        stage.event(Event::Start { overrides: None });
        stage
    }

    pub(super) fn open(&mut self) {
        self.input(Input::Open(Opening {
            session: SessionId::new("s1").unwrap(),
            profile: builtin(DEFAULT_PROFILE).unwrap(),
            planned_s: 2_400,
            phase: Phase::Baseline,
            staff: "KM".to_owned(),
        }));
    }

    pub(super) fn now(&self) -> Millis {
        START.plus(self.second * 1_000)
    }

    pub(super) fn input(&mut self, input: Input) {
        let now = self.now();
        self.room.handle(&input, now);
        self.drain();
    }

    /// Takes what the room puts out. Whatever a test plays, screens have its gates as they are.
    #[track_caller]
    pub(super) fn drain(&mut self) {
        loop {
            match self.room.poll_output() {
                Output::Alert(line) => self.log.push(line),
                Output::Step(step) => self.steps.push(step),
                Output::Session | Output::SessionEnded(_) => self.gates_sent = self.gates_now(),
                Output::Wait(_) => break,
                _ => {}
            }
        }
        assert_eq!(self.gates_now(), self.gates_sent, "screens have the gates as they were");
    }

    fn gates_now(&self) -> Vec<GateState> {
        let mut gates = self.room.gates();
        gates.iter_mut().flat_map(|gate| &mut gate.items).for_each(|item| item.again_at = None);
        gates
    }

    pub(super) fn event(&mut self, event: Event) {
        self.input(Input::Staff { staff: "KM".to_owned(), event, occurred_at: None });
    }

    pub(super) fn frame(&mut self, readings: Vec<Reading>) {
        self.input(Input::Frame(frame(readings)));
    }

    /// One frame a second for as long as there are values.
    pub(super) fn each_second(&mut self, frames: impl IntoIterator<Item = Vec<Reading>>) {
        for readings in frames {
            self.frame(readings);
            self.second += 1;
        }
    }

    /// A pressure that has just been measured.
    pub(super) fn cuff(&mut self, systolic: i32, diastolic: i32) {
        let taken_at = Some(self.now());
        self.frame(vec![Reading { taken_at, ..nibp(systolic, diastolic) }]);
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.second += seconds;
        let now = self.now();
        self.room.advance(now);
        self.drain();
    }

    pub(super) fn acknowledge(&mut self, alert: &str) {
        self.input(Input::Acknowledge { staff: "KM".to_owned(), alert: alert.to_owned() });
    }

    /// The log in short, seconds from the start: `30 spo2_low medium active`.
    pub(super) fn said(&self) -> Vec<String> {
        let short = |line: &AlertLine| {
            let second = line.at.since(START) / 1_000;
            let (condition, priority) = (line.condition.name(), line.priority.name());
            format!("{second} {condition} {priority} {}", line.state.name())
        };
        self.log.iter().map(short).collect()
    }

    /// What was said about one condition.
    pub(super) fn said_of(&self, condition: &str) -> Vec<String> {
        let is_of_it = |line: &String| line.split(' ').nth(1) == Some(condition);
        self.said().into_iter().filter(is_of_it).collect()
    }

    /// What was said about pressure.
    pub(super) fn said_of_pressure(&self) -> Vec<String> {
        self.said().into_iter().filter(|line| line.contains("stolic")).collect()
    }
}

pub(super) fn baseline(systolic: i32, diastolic: i32, heart_rate: i32, spo2: i32) -> Acceptance {
    Acceptance {
        systolic: Some(Decimal::whole(systolic)),
        diastolic: Some(Decimal::whole(diastolic)),
        heart_rate: Some(Decimal::whole(heart_rate)),
        spo2: Some(Decimal::whole(spo2)),
        ..Acceptance::default()
    }
}

pub(super) fn frame(readings: Vec<Reading>) -> Frame {
    let device = DeviceId::new("mon-3").unwrap();
    Frame { device, readings, ..Frame::by_hand(Vec::new()) }
}

pub(super) fn spo2(value: i32) -> Reading {
    Reading::number(Vital::Spo2, Decimal::whole(value))
}

pub(super) fn pulse(value: i32) -> Reading {
    Reading::number(Vital::PulseRate, Decimal::whole(value))
}

pub(super) fn nibp(systolic: i32, diastolic: i32) -> Reading {
    let pressure = Pressure {
        systolic: Some(Decimal::whole(systolic)),
        diastolic: Some(Decimal::whole(diastolic)),
        mean: None,
    };
    Reading::new(Vital::Nibp, Observation::Measured(Value::Pressure(pressure), Quality::Good))
}

pub(super) fn no_spo2(reason: Absent) -> Reading {
    Reading::absent(Vital::Spo2, reason)
}

/// A patient who is fine, for some seconds.
pub(super) fn fine(seconds: usize) -> Vec<Vec<Reading>> {
    vec![vec![spo2(97), pulse(75)]; seconds]
}

pub(super) fn with_quality(mut reading: Reading, quality: Quality) -> Reading {
    if let Observation::Measured(value, _) = reading.observation {
        reading.observation = Observation::Measured(value, quality);
    }
    reading
}

pub(super) fn open_as(stage: &mut Stage, id: &str, profile: &str) {
    stage.input(Input::Open(Opening {
        session: SessionId::new(id).unwrap(),
        profile: builtin(profile).unwrap(),
        planned_s: 2_400,
        phase: Phase::Baseline,
        staff: "KM".to_owned(),
    }));
}

pub(super) fn next_patient(stage: &mut Stage) {
    stage.event(Event::Stop { reason: None });
    stage.event(Event::Discharge { overrides: None });
    open_as(stage, "s2", DEFAULT_PROFILE);
    stage.event(Event::AcceptBaseline(baseline(118, 74, 75, 97)));
    stage.event(Event::Start { overrides: None });
    stage.log.clear();
}

pub(super) fn from(device: &str, readings: Vec<Reading>) -> Input {
    Input::Frame(Frame { device: DeviceId::new(device).unwrap(), ..frame(readings) })
}

pub(super) fn ecg(value: i32) -> Reading {
    Reading::number(Vital::HeartRate, Decimal::whole(value))
}

pub(super) fn symptom(name: &str, over: bool) -> Event {
    Event::Symptom { symptom: name.to_owned(), over, note: None }
}

pub(super) fn part_only(
    systolic: Option<i32>,
    diastolic: Option<i32>,
    mean: Option<i32>,
) -> Reading {
    let whole = |v: Option<i32>| v.map(Decimal::whole);
    let p = Pressure { systolic: whole(systolic), diastolic: whole(diastolic), mean: whole(mean) };
    Reading::new(Vital::Nibp, Observation::Measured(Value::Pressure(p), Quality::Good))
}
