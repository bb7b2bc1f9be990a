//! A monitor that speaks the ingest WebSocket (protocols.md#json): what it sends. `websocket`
//! carries it.

use serde::Serialize;

use super::outbox::Packet;
use super::readout::MonitorReadout;
use crate::instruments::{CuffActivity, Oximetry, Quality};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Readings {
        seq: u64,
        boot: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sent_at: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        taken_at: Option<i64>,
        readings: Vec<Reading>,
    },
    Status {
        seq: u64,
        boot: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sent_at: Option<i64>,
        vital: &'a str,
        status: &'a str,
    },
}

#[derive(Serialize)]
#[serde(tag = "vital", rename_all = "snake_case")]
enum Reading {
    Spo2 {
        value: u32,
        quality: &'static str,
    },
    PulseRate {
        value: u32,
        quality: &'static str,
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

/// Its voice.
#[derive(Debug, Clone)]
pub(super) struct Native {
    boot: String,
    seq: u64,
}

impl Native {
    pub(super) fn new(boot: String) -> Self {
        Self { boot, seq: 0 }
    }

    /// The values of a moment in one frame, and each vital without a value in its own.
    pub(super) fn say(&mut self, showing: &MonitorReadout) -> Vec<Packet> {
        let timed = |at| showing.is_timed.then_some(at);
        let sent_at = timed(showing.sent_at);
        let (readings, statuses) = said(showing);
        let mut packets = Vec::with_capacity(statuses.len() + 1);
        if !readings.is_empty() {
            let taken_at = timed(showing.taken_at);
            let seq = self.next_seq();
            let boot = &self.boot;
            packets.push(packet(seq, &Frame::Readings { seq, boot, sent_at, taken_at, readings }));
        }
        for (vital, status) in statuses {
            let seq = self.next_seq();
            let boot = &self.boot;
            packets.push(packet(seq, &Frame::Status { seq, boot, sent_at, vital, status }));
        }
        packets
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }
}

/// The numbers in what is shown, and the vitals that have none, with the reason.
fn said(showing: &MonitorReadout) -> (Vec<Reading>, Vec<(&'static str, &'static str)>) {
    let (mut readings, mut statuses) = match showing.shown.oximetry {
        Oximetry::Value { spo2, pulse_rate, quality } => {
            let quality = match quality {
                Quality::Good => "good",
                Quality::Questionable => "questionable",
            };
            let spo2 = Reading::Spo2 { value: spo2, quality };
            (vec![spo2, Reading::PulseRate { value: pulse_rate, quality }], Vec::new())
        }
        Oximetry::Absent(status) => {
            (Vec::new(), vec![("spo2", status.word()), ("pulse_rate", status.word())])
        }
    };
    match showing.shown.cuff {
        CuffActivity::Starts => statuses.push(("nibp", "measuring")),
        CuffActivity::Failed => statuses.push(("nibp", "failed")),
        CuffActivity::Done(nibp) => readings.push(Reading::Nibp {
            systolic: nibp.systolic,
            diastolic: nibp.diastolic,
            mean: nibp.mean,
            taken_at: showing.is_timed.then_some(showing.inflated_at),
        }),
        CuffActivity::Idle | CuffActivity::Measuring => {}
    }
    readings.extend(showing.temp.map(|value| Reading::Temp { value }));
    (readings, statuses)
}

fn packet(number: u64, frame: &Frame<'_>) -> Packet {
    let text = serde_json::to_string(frame).expect("numbers and words always become JSON");
    Packet { number, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::SensorStatus;
    use crate::monitors::hl7::read::{good, reading, showing};

    fn say(showing: &MonitorReadout) -> Vec<String> {
        let packets = Native::new("7f3a".to_owned()).say(showing);
        packets.into_iter().map(|packet| packet.text).collect()
    }

    #[test]
    fn values_and_a_new_cuff_reading_share_a_frame() {
        assert_eq!(
            say(&showing(0, good(97, 72), reading())),
            [concat!(
                r#"{"type":"readings","seq":1,"boot":"7f3a","sent_at":1795262400000,"#,
                r#""taken_at":1795262400000,"readings":["#,
                r#"{"vital":"spo2","value":97,"quality":"good"},"#,
                r#"{"vital":"pulse_rate","value":72,"quality":"good"},"#,
                r#"{"vital":"nibp","systolic":128,"diastolic":82,"mean":97,"#,
                r#""taken_at":1795262367000}]}"#
            )]
        );
    }

    #[test]
    fn a_monitor_without_a_clock_gives_no_times() {
        let showing = MonitorReadout {
            is_timed: false,
            temp: Some(36.5),
            ..showing(0, good(97, 72), reading())
        };
        assert_eq!(
            say(&showing),
            [concat!(
                r#"{"type":"readings","seq":1,"boot":"7f3a","readings":["#,
                r#"{"vital":"spo2","value":97,"quality":"good"},"#,
                r#"{"vital":"pulse_rate","value":72,"quality":"good"},"#,
                r#"{"vital":"nibp","systolic":128,"diastolic":82,"mean":97},"#,
                r#"{"vital":"temp","value":36.5}]}"#
            )]
        );
    }

    #[test]
    fn a_probe_off_and_an_inflating_cuff_are_statuses_and_never_numbers() {
        let off = Oximetry::Absent(SensorStatus::SensorOff);
        let status = |seq: u64, vital: &str, word: &str| {
            format!(
                r#"{{"type":"status","seq":{seq},"boot":"7f3a","sent_at":1795262400000,"vital":"{vital}","status":"{word}"}}"#
            )
        };
        assert_eq!(
            say(&showing(0, off, CuffActivity::Starts)),
            [
                status(1, "spo2", "sensor_off"),
                status(2, "pulse_rate", "sensor_off"),
                status(3, "nibp", "measuring"),
            ]
        );
    }
}
