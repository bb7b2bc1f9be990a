//! Monitors that speak HL7 over MLLP.

use std::net::SocketAddr;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::app::{App, PATIENCE};

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
    pub(crate) async fn tell(&mut self, spo2: i32, pulse: i32) {
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
                return String::from_utf8(answer).unwrap();
            }
            answer.push(byte[0]);
        }
    }
}

#[tokio::test]
async fn a_probe_that_is_off_is_absent_with_its_reason_and_never_a_number() {
    let app = App::start().await;
    let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
    monitor.tell(97, 75).await;
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
        monitor.tell(spo2, 75).await;
    }
    let history = app.get("/api/v1/devices/00A0370011223344/readings").await;
    let readings = history["readings"].as_array().unwrap();
    let spo2: Vec<_> = readings.iter().filter(|reading| reading["vital"] == "spo2").collect();
    let values: Vec<_> = spo2.iter().map(|reading| reading["value"].as_i64().unwrap()).collect();
    assert_eq!(values, (90..100).collect::<Vec<_>>());
    assert_eq!((&spo2[0]["unit"], &spo2[0]["source"]), (&json!("%"), &json!("monitor")));
}
