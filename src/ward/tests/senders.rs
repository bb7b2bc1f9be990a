//! What senders say of themselves: the same once more, another patient, two in one, nothing usable.

use serde_json::json;

use super::*;
use crate::adapters::{
    Acknowledgement, Admission, Authority, NotUnderstood, PatientId, PatientIds, Sending, Unusable,
    digest,
};
use crate::ward::device::SHOWN_READINGS;

/// An HL7 sender with one number for all of its messages and a clock that stands still.
struct Sender {
    connection: u64,
    answers: bool,
}

impl Sender {
    fn says(&self, clinic: &mut Clinic, spo2: i32) -> oneshot::Receiver<()> {
        let answer = Acknowledgement::default();
        let sending = Sending {
            connection: self.connection,
            number: digest("204"),
            clock: Some(Millis(1_577_836_800_000)),
            answer: answer.clone(),
        };
        let (stored, told) = oneshot::channel();
        let readings = vec![reading(Vital::Spo2, spo2)];
        let delivery = Delivery {
            frame: frame(None, readings),
            adapter: "hl7-mllp",
            key: FrameKey::of(&[b"hl7", &spo2.to_le_bytes()]),
            same_within_ms: 600_000,
            copies: Copies::ByAnswer(sending),
            identity: Identity::default(),
            not_understood: Vec::new(),
            stored,
        };
        let now = clinic.now();
        clinic.core.arrive(Arrival::Frame(delivery), now);
        match self.answers {
            true => answer.written(),
            false => answer.cannot_be_written(),
        }
        clinic.second += 1;
        told
    }
}

fn frame(boot: Option<&str>, readings: Vec<Reading>) -> Frame {
    Frame {
        device: mon(),
        seq: None,
        boot: boot.map(Into::into),
        sent_at: None,
        taken_at: None,
        implausible: 0,
        readings,
    }
}

/// The values of every frame in the room's chain.
async fn stored_values(clinic: &Clinic) -> Vec<String> {
    flush(&clinic.core.journal).await;
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100_000).await.unwrap();
    let value = |body: &str| {
        let json: serde_json::Value = serde_json::from_str(body).unwrap();
        json.pointer("/frame/readings/0/value").map(ToString::to_string)
    };
    entries.iter().filter_map(|stored| value(&stored.entry.body)).collect()
}

fn alerts(clinic: &mut Clinic) -> Vec<String> {
    let json = clinic.room_json();
    let condition = |alert: &serde_json::Value| alert["condition"].as_str().unwrap().to_owned();
    json["alerts"].as_array().unwrap().iter().map(condition).collect()
}

fn device_json(clinic: &mut Clinic) -> serde_json::Value {
    let json = clinic.core.ask(ListDevices, clinic.now());
    serde_json::from_str::<serde_json::Value>(&json).unwrap()["devices"][0].clone()
}

#[tokio::test]
async fn equal_bytes_of_a_sender_that_stands_still_are_equal_values_and_alarm() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let sender = Sender { connection: 1, answers: true };
    let values = [97, 84, 84, 97, 84, 84, 84, 84, 84, 84, 84, 84];
    for value in values {
        sender.says(&mut clinic, value);
    }
    assert_eq!(stored_values(&clinic).await, values.map(|value| value.to_string()));
    assert_eq!(alerts(&mut clinic), ["spo2_low"]);
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_stored_once_and_answered() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    Sender { connection: 1, answers: false }.says(&mut clinic, 97).await.unwrap();
    let again = Sender { connection: 2, answers: true };
    again.says(&mut clinic, 97).await.unwrap();
    assert_eq!(stored_values(&clinic).await, ["97"]);
    again.says(&mut clinic, 97).await.unwrap();
    assert_eq!(stored_values(&clinic).await, ["97", "97"]);
}

#[tokio::test]
async fn a_message_that_a_restart_left_unanswered_is_stored_once() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let sender = Sender { connection: 1, answers: true };
    sender.says(&mut clinic, 97).await.unwrap();
    sender.says(&mut clinic, 96).await.unwrap();
    let mut clinic = clinic.restart(20).await;
    sender.says(&mut clinic, 96).await.unwrap();
    assert_eq!(stored_values(&clinic).await, ["97", "96"]);
    sender.says(&mut clinic, 96).await.unwrap();
    assert_eq!(stored_values(&clinic).await, ["97", "96", "96"]);
}

#[tokio::test]
async fn a_patient_named_by_other_ids_is_no_conflict_and_another_patient_is() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let ids = |ids: &[(&str, &str)]| -> PatientIds {
        let id = |(number, authority): &(&str, &str)| PatientId {
            number: digest(number),
            authority: Authority::of(authority, ""),
        };
        ids.iter().map(id).collect()
    };
    let mut sent = 0u8;
    let mut named = |clinic: &mut Clinic, patient: PatientIds| {
        sent += 1;
        let identity = Identity { patient, ..Identity::default() };
        clinic.send_as(FrameKey::of(&[&[sent]]), identity, vec![reading(Vital::Spo2, 97)]);
        clinic.second += 1;
        alerts(clinic)
    };
    for same in [
        ids(&[("7", "H"), ("9", "C")]),
        ids(&[("9", "C"), ("7", "H")]),
        ids(&[("9", "")]),
        ids(&[]),
        ids(&[("7", "h")]),
    ] {
        assert_eq!(named(&mut clinic, same), [""; 0]);
    }
    assert_eq!(named(&mut clinic, ids(&[("7", "C")])), ["device_conflict"]);
}

#[tokio::test]
async fn two_boxes_under_one_name_feed_no_room_until_staff_decide() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    for second in 0..6 {
        let (boot, spo2) = if second % 2 == 0 { ("a", 97) } else { ("b", 84) };
        let (stored, _told) = oneshot::channel();
        let delivery = Delivery {
            frame: frame(Some(boot), vec![reading(Vital::Spo2, spo2)]),
            adapter: "native",
            key: FrameKey::of(&[&[second]]),
            same_within_ms: 600_000,
            copies: Copies::AreOne,
            identity: Identity::default(),
            not_understood: Vec::new(),
            stored,
        };
        let now = clinic.now();
        clinic.core.arrive(Arrival::Frame(delivery), now);
        clinic.second += 1;
    }
    assert_eq!(alerts(&mut clinic), ["device_conflict"]);
    let device = device_json(&mut clinic);
    assert_eq!((&device["conflict"], &device["latest"][0]["value"]), (&json!(true), &json!(84)));
    assert_eq!(stored_values(&clinic).await.len(), 4, "the rest is no room's");
    clinic.bind();
    clinic.each_second(96, 1);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 96);
}

/// Twenty frames by two gateways in turn; each frame again by the other where `twice`.
async fn two_gateways(twice: bool) -> Vec<String> {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    for second in 0..20u8 {
        for again in 0..=u8::from(twice) {
            let peer = [10, 0, 0, 1 + (second + again) % 2].into();
            let identity = Identity { peer: Some(peer), ..Identity::default() };
            clinic.send_as(FrameKey::of(&[&[second]]), identity, vec![reading(Vital::Spo2, 97)]);
        }
        clinic.second += 1;
    }
    alerts(&mut clinic)
}

#[tokio::test]
async fn two_addresses_in_turn_are_two_senders_unless_they_send_the_same() {
    assert_eq!(two_gateways(false).await, ["device_conflict"]);
    assert_eq!(two_gateways(true).await, [""; 0]);
}

#[tokio::test]
async fn connections_that_displace_each_other_are_two_boxes_and_one_displaced_is_not() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 3);
    for displaced in 1..=3 {
        let now = clinic.now();
        clinic.core.arrive(Arrival::Displaced { device: mon() }, now);
        clinic.each_second(97, 2);
        assert_eq!(alerts(&mut clinic).is_empty(), displaced < 3, "{displaced}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_of_itself_shows_that_there_is_one_box() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    for connection in 1..=9 {
        let now = clinic.now();
        let link = |up| {
            let (device, adapter) = (mon(), "native");
            Arrival::Link { device, adapter, connection, up }
        };
        clinic.core.arrive(link(true), now);
        clinic.each_second(97, 2);
        // It closed the old one and came again at once, but the old one's end was read later.
        clinic.core.arrive(Arrival::Displaced { device: mon() }, now);
        if connection % 2 == 0 {
            clinic.core.arrive(link(false), now);
        }
        assert!(!alerts(&mut clinic).contains(&"device_conflict".to_owned()));
    }
}

#[tokio::test]
async fn a_sender_of_which_nothing_is_understood_is_listed_and_alive() {
    let mut clinic = Clinic::open().await;
    let unusable = || {
        let what = NotUnderstood::new("PEEP", "cmH2O", "Pressure");
        let unusable = Unusable {
            frame: Frame { sent_at: Some(START), ..frame(None, Vec::new()) },
            adapter: "hl7-mllp",
            identity: Identity::default(),
            not_understood: vec![what],
        };
        Arrival::Unusable(unusable, oneshot::channel().0)
    };
    let says = |clinic: &mut Clinic, times: i64| {
        for _ in 0..times {
            let now = clinic.now();
            clinic.core.arrive(unusable(), now);
            clinic.second += 1;
        }
    };
    says(&mut clinic, 3);
    let device = device_json(&mut clinic);
    let last_at = START.plus(2_000);
    let expected = json!([{"code": "PEEP", "unit": "cmH2O", "name": "Pressure", "count": 3, "last_at": last_at}]);
    assert_eq!(device["not_understood"], expected);
    assert_eq!((&device["link"], &device["latest"]), (&json!("up"), &json!([])));
    assert!(device["room"].is_null());
    clinic.bind();
    says(&mut clinic, 10);
    let json = clinic.room_json();
    assert_eq!((&json["vitals"], &json["devices"][0]["link"]), (&json!({}), &json!("up")));
    // What the room was told is on record, with its times, and is read again.
    flush(&clinic.core.journal).await;
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100).await.unwrap();
    let lines = entries.iter().map(|stored| Line::read(&stored.entry.body).unwrap().1);
    let frames: Vec<Frame> = lines
        .filter_map(|line| match line {
            Line::Input(crate::room::Input::Frame(frame)) => Some(frame),
            _ => None,
        })
        .collect();
    assert_eq!(frames.len(), 5, "each two seconds");
    assert!(frames.iter().all(|frame| frame.sent_at == Some(START) && frame.readings.is_empty()));
    let mut clinic = clinic.restart(5).await;
    assert_eq!(device_json(&mut clinic)["adapter"], "hl7-mllp");
    assert_eq!(clinic.room_json()["devices"][0]["id"], "mon-3");
}

#[tokio::test]
async fn a_patient_s_stay_is_kept_with_its_text_apart_and_cut_to_its_bound() {
    let mut clinic = Clinic::open().await;
    let text =
        format!("MSH|^~\\&|A||||||ADT^A01|1|P|2.6\rPID|||7||Quill^Testa\r{}", "ä".repeat(20_000));
    let (stored, told) = oneshot::channel();
    let device = Some(mon());
    let event = "A01".to_owned();
    let adapter = "hl7-mllp";
    let admission = Admission { device, adapter, event, text: text.clone(), news: None, stored };
    let now = clinic.now();
    clinic.core.arrive(Arrival::Admission(admission), now);
    told.await.unwrap();
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 10).await.unwrap();
    let entry = &entries[0].entry;
    assert!(!entry.body.contains("Quill"));
    let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
    let expected = json!({"device": "mon-3", "adapter": "hl7-mllp", "event": "A01", "cut": true});
    assert_eq!(body["admission"], expected);
    let private: serde_json::Value =
        serde_json::from_str(entry.private.as_deref().unwrap()).unwrap();
    let kept = private["admission"]["message"].as_str().unwrap();
    assert!(kept.len() <= 16 * 1024 && text.starts_with(kept) && kept.contains("Quill"));
}

#[tokio::test]
async fn what_devices_sent_long_ago_is_forgotten_also_of_those_that_are_gone() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 5);
    let later = clinic.now().plus(600_000);
    clinic.core.ask(Probe { sent_at: later }, later);
    let seen = &clinic.core.devices[&mon()].known_frames;
    assert!(seen.is_empty());
}

#[tokio::test]
async fn of_a_device_so_many_vitals_and_channels_are_shown_and_each_stays_the_newest() {
    let mut clinic = Clinic::open().await;
    let of_channel = |n: usize, value| {
        let channel = Some(format!("c{n}").into());
        Reading { channel, ..reading(Vital::Spo2, value) }
    };
    let shown = |clinic: &mut Clinic| device_json(clinic)["latest"].as_array().unwrap().clone();
    clinic.send((0..SHOWN_READINGS).map(|n| of_channel(n, 97)).collect());
    assert_eq!(shown(&mut clinic).len(), SHOWN_READINGS);
    clinic.send(vec![of_channel(SHOWN_READINGS, 97), of_channel(0, 90)]);
    let shown = shown(&mut clinic);
    assert_eq!(shown.len(), SHOWN_READINGS);
    assert_eq!((&shown[0]["channel"], &shown[0]["value"]), (&"c0".into(), &90.into()));
}
