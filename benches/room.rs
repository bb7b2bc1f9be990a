//! What one reading costs the room, as a ratio to reading its frame from JSON in the same run.
//!
//! `cargo bench --bench room` plays frames of saturation and pulse into one room that infuses
//! with the default profile and a full history, and prints the average time of judging a reading
//! (`handle`, and draining what it tells) and how often memory was asked for. It passes or fails
//! on no time; it fails when a quiet patient's readings ask for memory.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use dripwatch::profile::{DEFAULT_PROFILE, builtin};
use dripwatch::room::{Acceptance, AlertState, Event, Input, Opening, Output, Phase, Room};
use dripwatch::vitals::wire::Parsed;
use dripwatch::vitals::{Decimal, DeviceId, Frame, Millis, RoomId, SessionId, Source};

/// 2026-11-21 12:00:00 UTC.
const START: Millis = Millis(1_795_262_400_000);
/// What is timed at once: shorter than the cadence, so that every pressure comes in time.
const STRETCH_MS: i64 = 240_000;
const STRETCHES: usize = 40;
/// Before anything is measured: the longest time that a rule looks back, and some more.
const FILL_MS: i64 = 480_000;

/// What a patient's monitor shows: saturation and pulse by the number of the frame.
type Patient = fn(i64) -> (i32, i32);

struct Case {
    name: &'static str,
    every_ms: i64,
    patient: Patient,
    /// Whether an alert stands while it is measured.
    has_alert: bool,
}

const CASES: [Case; 5] = [
    Case { name: "quiet", every_ms: 1_000, patient: quiet, has_alert: false },
    Case { name: "alert open", every_ms: 1_000, patient: low, has_alert: true },
    Case { name: "noisy 118-125", every_ms: 1_000, patient: noisy, has_alert: true },
    Case { name: "quiet at 5 Hz", every_ms: 200, patient: quiet, has_alert: false },
    Case { name: "noisy at 5 Hz", every_ms: 200, patient: noisy, has_alert: true },
];

fn quiet(n: i64) -> (i32, i32) {
    (96 + (n % 3) as i32, 72 + (n % 7) as i32)
}

fn low(n: i64) -> (i32, i32) {
    (90 + (n % 2) as i32, 72 + (n % 7) as i32)
}

/// Around the limit that 80 % of 300 s must be beyond, and now and then below it.
fn noisy(n: i64) -> (i32, i32) {
    (97, 118 + (n * 5 % 8) as i32)
}

struct Bedside {
    room: Room,
    device: DeviceId,
    at: Millis,
    sent: i64,
}

impl Bedside {
    fn infusing() -> anyhow::Result<Self> {
        let profile = builtin(DEFAULT_PROFILE).context("the default profile")?;
        let room = Room::new(RoomId::new("3")?, profile.clone());
        let mut bedside = Self { room, device: DeviceId::new("mon-3")?, at: START, sent: 0 };
        let number = |value| Some(Decimal::whole(value));
        bedside.take(&Input::Open(Opening {
            session: SessionId::new("s1")?,
            planned_s: profile.planned_s,
            profile,
            phase: Phase::Baseline,
            staff: "KM".to_owned(),
        }));
        bedside.event(Event::AcceptBaseline(Acceptance {
            systolic: number(118),
            diastolic: number(74),
            heart_rate: number(75),
            spo2: number(97),
            temp: number(37),
            ..Acceptance::default()
        }));
        bedside.event(Event::Start { overrides: None });
        Ok(bedside)
    }

    fn event(&mut self, event: Event) {
        self.take(&Input::Staff { staff: "KM".to_owned(), event, occurred_at: None });
    }

    fn take(&mut self, input: &Input) {
        self.room.handle(black_box(input), self.at);
        while !matches!(black_box(self.room.poll_output()), Output::Wait(_)) {}
    }

    /// The next frames of a stretch, as a monitor sends them.
    fn frames(&mut self, case: &Case, for_ms: i64) -> anyhow::Result<Vec<(String, Input)>> {
        let count = for_ms / case.every_ms;
        (0..count).map(|n| self.frame(case, self.at.plus((n + 1) * case.every_ms))).collect()
    }

    fn frame(&mut self, case: &Case, at: Millis) -> anyhow::Result<(String, Input)> {
        self.sent += 1;
        let (spo2, pulse) = (case.patient)(self.sent);
        let json = format!(
            r#"{{"type":"readings","seq":{},"boot":"b","taken_at":{at},"sent_at":{at},"readings":[{{"vital":"spo2","value":{spo2},"channel":"finger"}},{{"vital":"pulse_rate","value":{pulse},"channel":"finger"}}]}}"#,
            self.sent
        );
        let frame = self.read(&json)?;
        Ok((json, Input::Frame(frame)))
    }

    fn read(&self, json: &str) -> anyhow::Result<Frame> {
        let parsed = Parsed::read(json, &self.device, Source::Monitor);
        parsed.map(|parsed| parsed.frame).map_err(|refused| anyhow::anyhow!("{refused:?}"))
    }

    fn play(&mut self, case: &Case, frames: &[(String, Input)]) {
        for (_, input) in frames {
            self.at = self.at.plus(case.every_ms);
            self.take(input);
        }
    }

    fn pressure(&mut self) -> anyhow::Result<()> {
        // With its time: the same numbers without one would be the same reading.
        let json = format!(
            r#"{{"type":"readings","readings":[{{"vital":"nibp","systolic":121,"diastolic":77,"taken_at":{}}}]}}"#,
            self.at
        );
        let frame = self.read(&json)?;
        self.take(&Input::Frame(frame));
        Ok(())
    }

    fn has_alert(&self) -> bool {
        self.room.alerts().iter().any(|alert| alert.state == AlertState::Active)
    }
}

/// Of one case: for all its readings together.
#[derive(Default)]
struct Figures {
    readings: u32,
    judging: Duration,
    parsing: Duration,
    allocations: u64,
}

fn measure(case: &Case) -> anyhow::Result<Figures> {
    let mut bedside = Bedside::infusing()?;
    for _ in 0..FILL_MS / STRETCH_MS {
        bedside.pressure()?;
        let frames = bedside.frames(case, STRETCH_MS)?;
        bedside.play(case, &frames);
    }
    let mut figures = Figures::default();
    for _ in 0..STRETCHES {
        bedside.pressure()?;
        let frames = bedside.frames(case, STRETCH_MS)?;
        let begun = Instant::now();
        for (json, _) in &frames {
            black_box(bedside.read(black_box(json))?);
        }
        figures.parsing += begun.elapsed();
        let allocated = allocation_counter::measure(|| {
            let begun = Instant::now();
            bedside.play(case, &frames);
            figures.judging += begun.elapsed();
        });
        figures.allocations += allocated.count_total;
        figures.readings += 2 * frames.len() as u32;
        ensure!(bedside.has_alert() == case.has_alert, "{}: not the case it is named", case.name);
    }
    Ok(figures)
}

fn main() -> anyhow::Result<()> {
    println!("one room, {DEFAULT_PROFILE}, saturation and pulse; a reading:");
    let mut asked_for_memory = Vec::new();
    for case in &CASES {
        let figures = measure(case)?;
        let each_us = |all: Duration| all.as_secs_f64() * 1e6 / f64::from(figures.readings);
        let (judging, parsing) = (each_us(figures.judging), each_us(figures.parsing));
        println!(
            "{:<14} judged {judging:>6.2} µs   parsed {parsing:>6.2} µs   ratio {:>5.2}   {:>5.2} allocations",
            case.name,
            judging / parsing,
            figures.allocations as f64 / f64::from(figures.readings),
        );
        if !case.has_alert && figures.allocations > 0 {
            asked_for_memory.push(case.name);
        }
    }
    ensure!(asked_for_memory.is_empty(), "asked for memory without need: {asked_for_memory:?}");
    Ok(())
}
