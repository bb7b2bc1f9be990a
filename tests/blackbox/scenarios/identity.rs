//! Whose values they are: a monitor that is moved, and one that two rooms claim. Two monitors, which no
//! recording of one room can play: by the program itself.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{App, Socket};

/// Two boxes under one name in turn, until the server has seen enough of it.
async fn two_boxes(app: &App, token: &str) -> [Socket; 2] {
    let mut boxes = [app.ingest(token).await, app.ingest(token).await];
    for turn in 0..8_usize {
        let mine = turn % 2;
        // Its end of the socket is closed in answer, and it comes again.
        if boxes[mine].hear_within(std::time::Duration::from_millis(100)).await.is_none() {
            boxes[mine] = app.ingest(token).await;
        }
        says(&mut boxes[mine], turn, [97, 84][mine]).await;
    }
    boxes
}

async fn says(monitor: &mut Socket, seq: usize, spo2: i32) {
    let readings = json!([{"vital": "spo2", "value": spo2}]);
    monitor.say_if_open(json!({"type": "readings", "seq": seq, "readings": readings})).await;
    monitor.hear().await;
}

async fn room(app: &App, id: &str) -> Value {
    app.get(&format!("/api/v1/rooms/{id}")).await
}

/// The session's alert of this condition, if there is one.
fn alert<'a>(room: &'a Value, condition: &str) -> Option<&'a Value> {
    room["alerts"].as_array()?.iter().find(|alert| alert["condition"] == condition)
}

async fn bind(app: &App, device: &str, room: &str) -> (StatusCode, Value) {
    let path = format!("/api/v1/devices/{device}/binding");
    let lead = app.token(&["token", "add", "Lena Brandt", "--role", "lead"]);
    app.call_as(&lead, Method::PUT, &path, json!({"room": room, "confirm": true})).await
}

#[tokio::test]
async fn s20_a_monitor_that_two_boxes_claim_is_urgent_and_feeds_no_room_until_staff_decide() {
    let app = App::start().await;
    let tokens = [app.add_device("mon-2", "2"), app.add_device("mon-3", "3")];
    for (room, initials) in [("2", "A.K."), ("3", "B.C.")] {
        let session = json!({"patient": {"initials": initials}, "profile": "ketamine-iv-adult"});
        app.post(&format!("/api/v1/rooms/{room}/sessions"), session).await;
    }
    let mut other = app.ingest(&tokens[1]).await;
    says(&mut other, 1, 95).await;
    let mut boxes = two_boxes(&app, &tokens[0]).await;

    // Urgent, at once, in the room whose patient it may not be, and in no other.
    let here = room(&app, "2").await;
    let conflict = alert(&here, "device_conflict").expect("a conflict");
    assert_eq!(
        (&conflict["priority"], &conflict["state"], &conflict["kind"]),
        (&json!("high"), &json!("active"), &json!("technical")),
        "{conflict}"
    );
    let there = room(&app, "3").await;
    assert!(alert(&there, "device_conflict").is_none(), "{there}");
    assert_eq!(there["vitals"]["spo2"]["value"], 95, "the other room keeps its own monitor");

    // Nothing of either box is a value of the patient from then on.
    for (mine, seq, spo2) in [(0, 20, 71), (1, 21, 72), (0, 22, 73)] {
        if boxes[mine].hear_within(std::time::Duration::from_millis(100)).await.is_none() {
            boxes[mine] = app.ingest(&tokens[0]).await;
        }
        says(&mut boxes[mine], seq, spo2).await;
    }
    let here = room(&app, "2").await;
    let shown = &here["vitals"]["spo2"];
    assert!(
        [71, 72, 73].iter().all(|spo2| shown["value"] != *spo2),
        "not of this patient for sure: {shown}"
    );
    assert!(alert(&here, "spo2_low").is_none(), "{here}");
    // So no baseline is taken from it.
    let session = here["session"]["id"].as_str().unwrap();
    let accept = json!({"type": "accept_baseline"});
    let path = format!("/api/v1/sessions/{session}/events");
    let (status, problem) = app.call(Method::POST, &path, accept).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    let why = problem["detail"].as_str().unwrap();
    assert!(why.starts_with("It is not sure whose values these are"), "{why}");
    let device = app.get("/api/v1/devices").await;
    let listed = device["devices"].as_array().unwrap();
    let mine = listed.iter().find(|device| device["id"] == "mon-2").unwrap();
    assert_eq!((&mine["conflict"], &mine["latest"][0]["value"]), (&json!(true), &json!(73)));

    // Staff have looked whose it is: what it says next is shown again.
    drop(boxes);
    let (status, bound) = bind(&app, "mon-2", "2").await;
    assert!(status.is_success(), "{bound}");
    let mut decided = app.ingest(&tokens[0]).await;
    says(&mut decided, 30, 96).await;
    let here = room(&app, "2").await;
    assert_eq!(here["vitals"]["spo2"]["value"], 96, "{here}");
    let open = alert(&here, "device_conflict");
    assert!(open.is_none_or(|alert| alert["state"] != "active"), "{here}");
}

#[tokio::test]
async fn s20_a_monitor_that_is_moved_to_another_room_leaves_nothing_of_the_first_patient_there() {
    let app = App::start().await;
    let token = app.add_device("mon-2", "2");
    for (room, initials) in [("2", "A.K."), ("3", "B.C.")] {
        let session = json!({"patient": {"initials": initials}, "profile": "ketamine-iv-adult"});
        app.post(&format!("/api/v1/rooms/{room}/sessions"), session).await;
    }
    let mut monitor = app.ingest(&token).await;
    for seq in 1..=5 {
        says(&mut monitor, seq, 91).await;
    }
    let (status, bound) = bind(&app, "mon-2", "3").await;
    assert!(status.is_success(), "{bound}");
    let there = room(&app, "3").await;
    assert_ne!(there["vitals"]["spo2"]["value"], 91, "not of this patient: {there}");
    says(&mut monitor, 6, 98).await;
    let (here, there) = (room(&app, "2").await, room(&app, "3").await);
    assert_eq!(there["vitals"]["spo2"]["value"], 98, "{there}");
    assert_ne!(here["vitals"]["spo2"]["value"], 98, "{here}");

    // What was measured before is of the first patient alone, in the record too.
    for (shown, values) in [(&here, vec![91; 5]), (&there, vec![98])] {
        let session = shown["session"]["id"].as_str().unwrap();
        let readings = app.get(&format!("/api/v1/sessions/{session}/readings")).await;
        let readings = readings["readings"].as_array().unwrap().clone();
        let got: Vec<_> = readings.iter().filter_map(|one| one["value"].as_i64()).collect();
        assert_eq!(got, values, "{readings:?}");
    }
}
