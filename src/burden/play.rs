//! One drawn session through a room.

use std::sync::Arc;

use simulators::instruments::{CuffActivity, Oximetry, Quality as Trust, Readout};
use simulators::session::{Order, Priority as Urgency, Second, Session, StaffAction};

use super::judge::Judge;
use super::tally::OneSession;
use crate::profile::{DEFAULT_PROFILE, Priority, Profile, builtin};
use crate::room::{
    Acceptance, AlertLine, AlertState, Event, Input, Opening, Output, Phase, Room, TaskKind,
};
use crate::vitals::{
    Absent, Decimal, DeviceId, Frame, Millis, Observation, Pressure, Quality, Reading, RoomId,
    SessionId, Source, Value, Vital,
};

/// The wall's time at which every session begins; any would do.
const BEGINS: Millis = Millis(1_795_262_400_000);

/// Plays a session to its end.
pub(super) fn session(order: Order, profile: &Arc<Profile>) -> OneSession {
    let mut session = Session::new(order);
    let mut stage = Stage::new(profile, order);
    while let Some(second) = session.next() {
        stage.live(&second, &mut session);
    }
    stage.done
}

struct Stage {
    room: Room,
    device: DeviceId,
    judge: Judge,
    done: OneSession,
}

impl Stage {
    fn new(profile: &Arc<Profile>, order: Order) -> Self {
        let clinic = builtin(DEFAULT_PROFILE).unwrap_or_else(|| profile.clone());
        let id = |what: Result<RoomId, _>| what.ok();
        // Both texts are ids.
        let (Some(room), Ok(session)) = (id(RoomId::new("1")), SessionId::new("s")) else {
            unreachable!("plain letters are ids")
        };
        let mut room = Room::new(room, clinic);
        let opening = Opening {
            session,
            profile: profile.clone(),
            planned_s: profile.planned_s,
            phase: Phase::Baseline,
            staff: "SN".to_owned(),
        };
        room.handle(&Input::Open(opening), BEGINS);
        let done = OneSession::new(order);
        Self { room, device: DeviceId::by_hand(), judge: Judge::default(), done }
    }

    fn live(&mut self, second: &Second, session: &mut Session) {
        let at = BEGINS.plus(i64::from(second.at_s) * 1_000);
        self.judge.see(second);
        self.done.see(second);
        match second.readout {
            Some(shown) => {
                let frame = Frame { device: self.device.clone(), ..frame(&shown) };
                self.room.handle(&Input::Frame(frame), at);
            }
            None => self.room.advance(at),
        }
        if let Some(event) = second.action.and_then(event) {
            let staff = "SN".to_owned();
            self.room.handle(&Input::Staff { staff, event, occurred_at: None }, at);
        }
        if let Some(StaffAction::Acknowledge { alert }) = second.action {
            let (staff, alert) = ("SN".to_owned(), format!("a{alert}"));
            self.room.handle(&Input::Acknowledge { staff, alert }, at);
        }
        self.drain(second.at_s, session);
    }

    fn drain(&mut self, at_s: u32, session: &mut Session) {
        loop {
            match self.room.poll_output() {
                Output::Alert(line) => self.tell(&line, at_s, session),
                Output::Session => {
                    let tasks = self.room.tasks();
                    if tasks.iter().any(|task| task.kind == TaskKind::RepeatCuff) {
                        session.reading_wanted();
                    }
                }
                Output::Wait(_) => return,
                _ => {}
            }
        }
    }

    fn tell(&mut self, line: &AlertLine, at_s: u32, session: &mut Session) {
        if line.state != AlertState::Active || line.acknowledged.is_some() {
            return;
        }
        self.done.alarms(line, at_s, self.judge.is_true(line));
        let number = line.alert.strip_prefix('a').and_then(|digits| digits.parse().ok());
        if let Some(number) = number {
            let urgency = match line.priority {
                Priority::High => Urgency::High,
                Priority::Medium => Urgency::Medium,
                Priority::Low => Urgency::Low,
            };
            session.alert_raised(number, urgency);
        }
    }
}

fn event(action: StaffAction) -> Option<Event> {
    Some(match action {
        StaffAction::AcceptBaseline => {
            Event::AcceptBaseline(Acceptance { known_low: true, ..Acceptance::default() })
        }
        StaffAction::Start => Event::Start { overrides: None },
        StaffAction::Stop => Event::Stop { reason: None },
        StaffAction::Discharge => Event::Discharge { overrides: None },
        StaffAction::Spray { .. } | StaffAction::Give(_) | StaffAction::Acknowledge { .. } => {
            return None;
        }
    })
}

/// What the monitor says, as its adapter would understand it.
fn frame(shown: &Readout) -> Frame {
    let mut readings = Vec::with_capacity(3);
    match shown.oximetry {
        Oximetry::Value { spo2, pulse_rate, quality } => {
            let quality = match quality {
                Trust::Good => Quality::Good,
                Trust::Questionable => Quality::Questionable,
            };
            for (vital, value) in [(Vital::Spo2, spo2), (Vital::PulseRate, pulse_rate)] {
                let value = Value::Number(Decimal::whole(i32::try_from(value).unwrap_or(0)));
                readings.push(Reading::new(vital, Observation::Measured(value, quality)));
            }
        }
        Oximetry::Absent(status) => {
            for vital in [Vital::Spo2, Vital::PulseRate] {
                let reason = Absent::status_from_name(status.word(), vital);
                readings.push(Reading::absent(vital, reason.unwrap_or(Absent::Invalid)));
            }
        }
    }
    readings.extend(cuff(shown.cuff));
    for reading in &mut readings {
        reading.source = Source::Simulator;
    }
    Frame::by_hand(readings)
}

fn cuff(activity: CuffActivity) -> Option<Reading> {
    Some(match activity {
        CuffActivity::Starts => Reading::absent(Vital::Nibp, Absent::Measuring),
        CuffActivity::Failed => Reading::absent(Vital::Nibp, Absent::Failed),
        CuffActivity::Done(nibp) => {
            let whole = |value: i32| Some(Decimal::whole(value));
            let pressure = Pressure {
                systolic: whole(nibp.systolic),
                diastolic: whole(nibp.diastolic),
                mean: None,
            };
            let value = Value::Pressure(pressure);
            Reading::new(Vital::Nibp, Observation::Measured(value, Quality::Good))
        }
        _ => return None,
    })
}
