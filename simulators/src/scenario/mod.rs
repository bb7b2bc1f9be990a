//! The clinical scenarios (clinical.md#scenarios), as data, and as streams of the lines of a
//! recording.
//!
//! A file says who the patient is, what the pump gives, and in steps what happens at which second:
//! what staff do, what happens to the patient, and the faults of instruments, monitor and program.
//! Playing it is pure: the same file gives the same lines on every machine.

mod about;
mod builtin;
mod care;
mod happening;
mod line;
mod monitor;
mod play;
mod script;
mod staff;
mod step;
mod within;

pub use about::{Condition, Wanted};
pub use line::{Demographics, Frame, Header, Line, Reading, Restart};
pub use play::Playing;
pub use staff::{AlertName, Baseline, Event, Outcome, OutcomeWord, Override, Silence};

use std::fmt::Write;
use std::ops::Range;

use about::About;
use script::Script;
use step::{Action, Step};

/// The first moment of every recording: 2026-11-21 12:00 UTC.
pub const START_MS: i64 = 1_795_262_400_000;

/// A scenario whose file is valid.
#[derive(Debug, Clone)]
pub struct Scenario {
    name: String,
    script: Script,
    steps: Vec<TimedStep>,
}

/// A step whose time is known, in ms after the beginning.
#[derive(Debug, Clone)]
struct TimedStep {
    at_ms: i64,
    by: Option<String>,
    action: Action,
}

/// What is wrong with a scenario's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong, and what is allowed.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} line {}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for Problem {}

impl Scenario {
    /// Every scenario that comes with the program, in the order of clinical.md#scenarios.
    ///
    /// # Errors
    /// One of their files is wrong.
    pub fn all() -> Result<Vec<Self>, Problem> {
        builtin::FILES.iter().map(Self::builtin).collect()
    }

    /// The scenario of this name that comes with the program.
    ///
    /// # Errors
    /// Its file is wrong.
    pub fn named(name: &str) -> Result<Option<Self>, Problem> {
        let found = builtin::FILES.iter().find(|(known, _)| *known == name);
        found.map(Self::builtin).transpose()
    }

    fn builtin((name, text): &(&str, &str)) -> Result<Self, Problem> {
        Self::read(name, &format!("scenarios/{name}.toml"), text)
    }

    /// Reads a scenario's file; problems call it `file`.
    ///
    /// # Errors
    /// An unknown key, a value out of its range, a step before the one above it.
    pub fn read(name: &str, file: &str, text: &str) -> Result<Self, Problem> {
        let problem = |span: Option<Range<usize>>, what: String| Problem {
            file: file.to_owned(),
            line: 1 + text[..span.map_or(0, |span| span.start)].matches('\n').count(),
            what,
        };
        let mut script: Script = toml::from_str(text)
            .map_err(|error| problem(error.span(), error.message().to_owned()))?;
        let ends_ms = script.lasting_min.seconds() * 1000;
        let mut steps: Vec<TimedStep> = Vec::new();
        for step in std::mem::take(&mut script.steps) {
            let span = Some(step.span());
            let before_ms = steps.last().map_or(0, |step| step.at_ms);
            let step = timed(step.into_inner(), before_ms, ends_ms)
                .and_then(|step| named(step, &script.alerts))
                .map_err(|what| problem(span, what))?;
            steps.push(step);
        }
        Ok(Self { name: name.to_owned(), script, steps })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line that says what it shows.
    pub fn shows(&self) -> &str {
        &self.script.shows
    }

    /// The id of its monitor.
    pub fn device(&self) -> &str {
        &self.script.device
    }

    /// Its number in clinical.md#scenarios.
    pub fn clinical(&self) -> i32 {
        self.script.clinical.whole()
    }

    /// Which alert of a server's session a name in its recording refers to.
    pub fn alert(&self, name: AlertName) -> Option<Wanted> {
        self.script.alerts.find(name)
    }

    /// The first line of its recording.
    pub fn header(&self) -> Header {
        let Script { room, profile, patient, .. } = &self.script;
        Header {
            version: 1,
            room: room.clone(),
            profile: profile.clone(),
            patient: Demographics {
                initials: patient.initials.clone(),
                age: patient.age.whole().unsigned_abs(),
                weight_kg: patient.weight_kg.whole().unsigned_abs(),
            },
        }
    }

    /// What follows the first line.
    pub fn lines(&self) -> Playing {
        Playing::new(&self.script, &self.steps)
    }

    /// The whole recording, as NDJSON.
    pub fn recording(&self) -> String {
        let header = serde_json::to_string(&self.header());
        let mut text = header.expect("numbers and words always become JSON");
        text.push('\n');
        for (at, line) in self.lines() {
            writeln!(text, "{}", line.to_json(at)).expect("a string takes all that is written");
        }
        text
    }
}

fn timed(step: Step, before_ms: i64, ends_ms: i64) -> Result<TimedStep, String> {
    let at_ms = step.at_ms()?;
    let by = step.by().map(str::to_owned);
    let seconds = |ms: i64| ms as f64 / 1000.0;
    if at_ms < before_ms || at_ms > ends_ms {
        return Err(format!(
            "the step is at {} s: allowed are {} s (the step above) to {} s (the end)",
            seconds(at_ms),
            seconds(before_ms),
            seconds(ends_ms)
        ));
    }
    Ok(TimedStep { at_ms, by, action: step.action()? })
}

/// Staff act on alerts of which the file says what they are about.
fn named(step: TimedStep, alerts: &About) -> Result<TimedStep, String> {
    match step.action.alert() {
        Some(alert) if alerts.find(alert).is_none() => Err(format!(
            "what is {alert} about? Say so before the steps: alerts = {{ {alert} = \"spo2_low\" }}"
        )),
        _ => Ok(step),
    }
}

#[cfg(test)]
mod tests;
