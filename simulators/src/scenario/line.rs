//! The lines of a recording (design.md#recordings).

use serde::Serialize;

use super::staff::{AlertName, Event, Outcome, Silence};
use crate::instruments::{CuffActivity, Nibp, Oximetry, Quality, Readout};

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "recording")]
pub struct Header {
    pub(super) version: u32,
    /// The room.
    pub room: String,
    /// A profile's name.
    pub profile: String,
    /// The patient.
    pub patient: Demographics,
}

/// The patient of a session.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Demographics {
    /// Such as `J.T.`.
    pub initials: String,
    /// Years.
    pub age: u32,
    /// Kilograms.
    pub weight_kg: u32,
}

/// One line after the first, without its time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Line {
    Frame { device: String, frame: Frame },
    Link { device: String, link: &'static str },
    Event { staff: String, event: Event },
    Acknowledge { staff: String, acknowledge: AlertName },
    Outcome { staff: String, outcome: Outcome },
    Silence { staff: String, silence: Silence },
    Watched { watched: bool },
    Restart { restart: Restart },
    End { end: bool },
}

/// How long the program saw nothing, ms since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub struct Restart {
    pub blind_from: i64,
    pub blind_to: i64,
}

#[derive(Serialize)]
struct Timed<'a> {
    at: i64,
    #[serde(flatten)]
    line: &'a Line,
}

impl Line {
    /// As JSON, without a line end. `at` is ms since 1970.
    pub fn to_json(&self, at: i64) -> String {
        serde_json::to_string(&Timed { at, line: self })
            .expect("numbers and words always become JSON")
    }
}

/// What a monitor counts and reports about its own clock; most report nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Stamp {
    pub(super) seq: Option<u64>,
    pub(super) sent_at: Option<i64>,
}

/// One frame of a monitor (protocols.md#frames).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Frame {
    Readings {
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        sent_at: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        taken_at: Option<i64>,
        readings: Vec<Reading>,
    },
    Status {
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        sent_at: Option<i64>,
        vital: &'static str,
        status: &'static str,
    },
}

impl Frame {
    pub(super) fn readings(Stamp { seq, sent_at }: Stamp, readings: Vec<Reading>) -> Self {
        // The values of a second are sent in that second.
        Self::Readings { seq, sent_at, taken_at: sent_at, readings }
    }

    pub(super) fn status(stamp: Stamp, vital: &'static str, status: &'static str) -> Self {
        let Stamp { seq, sent_at } = stamp;
        Self::Status { seq, sent_at, vital, status }
    }
}

/// One reading; a trusted reading does not say so.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "vital", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Reading {
    Spo2 {
        value: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        quality: Option<&'static str>,
    },
    PulseRate {
        value: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        quality: Option<&'static str>,
    },
    Nibp {
        systolic: i32,
        diastolic: i32,
        mean: i32,
        #[serde(skip_serializing_if = "Option::is_none")]
        taken_at: Option<i64>,
    },
    Temp {
        value: f64,
    },
}

impl Reading {
    /// `taken_at`: when the cuff inflated, by the monitor's clock, ms since 1970.
    fn nibp(Nibp { systolic, diastolic, mean }: Nibp, taken_at: Option<i64>) -> Self {
        Self::Nibp { systolic, diastolic, mean, taken_at }
    }

    /// °C, to a tenth.
    pub(super) fn temp(celsius: f64) -> Self {
        Self::Temp { value: libm::round(celsius * 10.0) / 10.0 }
    }
}

/// The numbers in what a monitor shows, and the vitals that have none, with the reason.
pub(super) fn said(
    shown: &Readout,
    inflated_at: Option<i64>,
) -> (Vec<Reading>, Vec<(&'static str, &'static str)>) {
    let (mut readings, mut statuses) = match shown.oximetry {
        Oximetry::Value { spo2, pulse_rate, quality } => {
            let quality = match quality {
                Quality::Good => None,
                Quality::Questionable => Some("questionable"),
            };
            let spo2 = Reading::Spo2 { value: spo2, quality };
            (vec![spo2, Reading::PulseRate { value: pulse_rate, quality }], Vec::new())
        }
        Oximetry::Absent(status) => {
            (Vec::new(), vec![("spo2", status.word()), ("pulse_rate", status.word())])
        }
    };
    match shown.cuff {
        CuffActivity::Starts => statuses.push(("nibp", "measuring")),
        CuffActivity::Done(nibp) => readings.push(Reading::nibp(nibp, inflated_at)),
        CuffActivity::Failed => statuses.push(("nibp", "failed")),
        CuffActivity::Idle | CuffActivity::Measuring => {}
    }
    (readings, statuses)
}
