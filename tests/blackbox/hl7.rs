//! Monitors that speak HL7 over MLLP.

use std::net::SocketAddr;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::app::{App, PATIENCE, get};

/// A monitor in the manner of PCD-01, with words of our own.
pub(crate) struct Monitor {
    socket: TcpStream,
    device: String,
    sent: u32,
}

impl Monitor {
    pub(crate) async fn connect(address: SocketAddr, device: &str) -> Self {
        let socket = TcpStream::connect(address).await.unwrap();
        Self { socket, device: device.to_owned(), sent: 0 }
    }

    pub(crate) fn message(&self, rows: &str) -> String {
        let device = &self.device;
        let id = self.sent;
        format!(
            "MSH|^~\\&|TESTVS^{device}^EUI-64||||||ORU^R01^ORU_R01|T{id}|P|2.6|||AL|NE||UNICODE UTF-8\r\
             PID|||||\rPV1||I|\rOBR|1|||182777000^monitoring of patient^SCT\r{rows}"
        )
    }

    /// Sends saturation and pulse; waits for the acknowledgement.
    pub(crate) async fn send_vitals(&mut self, spo2: i32, pulse: i32) {
        let device = &self.device;
        let rows = format!(
            "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|{spo2}|262688^MDC_DIM_PERCENT^MDC|||||R|||||||{device}^^{device}^EUI-64\r\
             OBX|2|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.3.1.149530|{pulse}|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R\r"
        );
        self.sent += 1;
        let answer = self.ask(&self.message(&rows)).await;
        assert!(answer.contains(&format!("MSA|CA|T{}", self.sent)), "{answer}");
    }

    /// Sends a message in its frame and gives the answer.
    pub(crate) async fn ask(&mut self, message: &str) -> String {
        self.send(format!("\x0b{message}\x1c\r").as_bytes()).await;
        self.answer().await
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).await.unwrap();
    }

    pub(crate) async fn answer(&mut self) -> String {
        let mut answer = Vec::new();
        loop {
            let mut byte = [0];
            let read = tokio::time::timeout(PATIENCE, self.socket.read(&mut byte)).await;
            if read.expect("no answer in time").unwrap() == 0 || byte[0] == 0x1c {
                // The last mark of a frame may come with the next answer.
                return String::from_utf8(answer).unwrap().trim_start().to_owned();
            }
            answer.push(byte[0]);
        }
    }
}

#[tokio::test]
async fn a_probe_that_is_off_is_absent_with_its_reason_and_never_a_number() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
    monitor.send_vitals(97, 75).await;
    let rows = "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456||262688^MDC_DIM_PERCENT^MDC|||||X|||||||00A0370011223344^^00A0370011223344^EUI-64\r";
    let answer = monitor.ask(&monitor.message(rows)).await;
    assert!(answer.contains("MSA|CA"), "{answer}");
    let devices = app.get("/api/v1/devices").await;
    let latest = devices["devices"][0]["latest"].as_array().unwrap();
    let spo2 = latest.iter().find(|reading| reading["vital"] == "spo2").unwrap();
    assert_eq!(spo2["absent"], json!("invalid"));
    assert!(spo2.get("value").is_none());
}

#[tokio::test]
async fn every_reading_of_a_message_is_in_the_history_also_several_in_one_millisecond() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
    for spo2 in 90..100 {
        monitor.send_vitals(spo2, 75).await;
    }
    let history = app.get("/api/v1/devices/00A0370011223344/readings").await;
    let readings = history["readings"].as_array().unwrap();
    let spo2: Vec<_> = readings.iter().filter(|reading| reading["vital"] == "spo2").collect();
    let values: Vec<_> = spo2.iter().map(|reading| reading["value"].as_i64().unwrap()).collect();
    assert_eq!(values, (90..100).collect::<Vec<_>>());
    assert_eq!((&spo2[0]["unit"], &spo2[0]["source"]), (&json!("%"), &json!("monitor")));
}

#[tokio::test]
async fn only_the_networks_of_the_configuration_may_connect() {
    for (allow, may) in [("127.0.0.0/8", true), ("10.0.0.0/8", false)] {
        let mut app = App::prepared();
        app.write_config(&format!("allow = [\"{allow}\"]\n"));
        app.run().await;
        let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
        if may {
            monitor.send_vitals(97, 75).await;
        } else {
            // It is closed before anything is read from it.
            assert_eq!(monitor.answer().await, "");
        }
    }
}

/// A message of a sender that gives every message one number and whose clock does not move.
fn standing(spo2: u32, more: &str) -> String {
    format!(
        "MSH|^~\\&|OLDMON^00A0370011223355^EUI-64|WARD|HUB|CLINIC|20200101000000||ORU^R01|9|P|2.4{more}\r\
         OBX|1|NM|59408-5^Oxygen saturation^LN||{spo2}|%|||||F|||20200101000000\r"
    )
}

async fn spo2_values(app: &App, device: &str) -> Vec<i64> {
    let history = app.get(&format!("/api/v1/devices/{device}/readings")).await;
    let readings = history["readings"].as_array().unwrap();
    let spo2 = readings.iter().filter(|reading| reading["vital"] == "spo2");
    spo2.map(|reading| reading["value"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_sender_that_stands_still_loses_no_value_on_one_connection_or_several() {
    let app = App::start().await;
    let mut values = Vec::new();
    for connection in [[97, 84, 84, 97], [97, 97, 84, 84]] {
        let mut monitor = Monitor::connect(app.hl7, "-").await;
        for spo2 in connection {
            let answer = monitor.ask(&standing(spo2, "")).await;
            assert!(answer.contains("MSA|AA|9"), "{answer}");
            values.push(i64::from(spo2));
        }
    }
    assert_eq!(spo2_values(&app, "00A0370011223355").await, values);
}

#[tokio::test]
async fn a_sender_whose_answer_was_cut_off_sends_again_and_is_stored_once() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
    for spo2 in 90..96 {
        monitor.send_vitals(spo2, 75).await;
    }
    let rows = "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|96|262688^MDC_DIM_PERCENT^MDC|||||R|||||||00A0370011223344^^00A0370011223344^EUI-64\r";
    let message = monitor.message(rows).replace("|T6|", "|T7|");
    for _ in 0..3 {
        let mut again = Monitor::connect(app.hl7, "00A0370011223344").await;
        let answer = again.ask(&message).await;
        assert!(answer.contains("MSA|CA|T7"), "{answer}");
    }
    assert_eq!(spo2_values(&app, "00A0370011223344").await, [90, 91, 92, 93, 94, 95, 96]);
}

#[tokio::test]
async fn answers_come_from_whom_the_message_addressed_and_both_where_both_are_asked_for() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "-").await;
    let first = monitor.ask(&standing(96, "|||AL|AL")).await;
    assert!(first.starts_with("MSH|^~\\&|HUB|CLINIC|OLDMON^00A0370011223355^EUI-64|WARD|"));
    assert!(first.ends_with("MSA|CA|9\r"), "{first}");
    let second = monitor.answer().await;
    assert!(second.ends_with("MSA|AA|9\r"), "{second}");
    assert_eq!(spo2_values(&app, "00A0370011223355").await, [96]);
}

#[tokio::test]
async fn what_is_not_understood_is_listed_and_counted_for_a_monitor_in_no_room() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
    let rows = "OBX|1|NM|FLOW77^Gas flow^99X||3.1|l/s\"{}|||||F\r\
        OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC||91|apples|||||F\r";
    let answer = monitor.ask(&monitor.message(rows)).await;
    assert!(answer.contains("MSA|CA|T0"), "{answer}");
    let device = app.get("/api/v1/devices").await["devices"][0].clone();
    assert_eq!(device["id"], "00A0370011223344");
    assert_eq!((&device["room"], &device["latest"]), (&json!(null), &json!([])));
    let listed = device["not_understood"].as_array().unwrap();
    assert_eq!((&listed[0]["code"], &listed[0]["unit"]), (&json!("FLOW77"), &json!("l/s\"{}")));
    assert_eq!((&listed[0]["name"], &listed[0]["count"]), (&json!("Gas flow"), &json!(1)));
    assert_eq!((&listed[1]["code"], &listed[1]["unit"]), (&json!("150456"), &json!("apples")));
    assert!(listed[1]["last_at"].as_i64().unwrap() > 1_700_000_000_000);
    let metrics = get(app.url("/metrics")).await;
    let line = metrics.text.lines().find(|line| line.contains("FLOW77")).unwrap();
    assert!(line.starts_with("dripwatch_not_understood_total{"), "{line}");
    assert!(line.contains(r#"unit="l/s_{}""#) && line.ends_with(" 1"), "{line}");
}

#[tokio::test]
async fn a_patient_s_stay_is_accepted_and_named_in_no_log() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
    for kind in ["ADT^A01^ADT_A01", "ADT_A31", "adt^a03"] {
        let stay = format!(
            "MSH|^~\\&|HIS|WARD|||20261005120000||{kind}|S1|P|2.4\rPID|||PRIV88||Hidden^Person\rPV1||I|^^4\r"
        );
        let answer = monitor.ask(&stay).await;
        assert!(answer.contains("MSA|AA|S1"), "{answer}");
    }
    let other = monitor.ask("MSH|^~\\&|HIS|WARD|||||SIU^S12|S2|P|2.4\rPID|||PRIV88\r").await;
    assert!(other.contains("MSA|AR|S2"), "{other}");
    monitor.send_vitals(97, 75).await;
    let log = app.log();
    assert!(!log.contains("PRIV88") && !log.contains("Hidden"), "{log}");
    let verified = app.command(&["verify"], "");
    assert!(verified.status.success(), "{verified:?}");
}
