//! The program dies while readings flow, and begins again.

use std::time::Duration;

use serde_json::{Value, json};

use super::app::{App, Socket};

fn frame(seq: u64, spo2: u64) -> Value {
    json!({"type": "readings", "seq": seq, "boot": "b1",
        "readings": [{"vital": "spo2", "value": spo2}, {"vital": "pulse_rate", "value": 75}]})
}

/// Sends until the socket breaks; gives the highest seq that was acknowledged.
async fn flood(socket: &mut Socket, from: u64, mut on_stored: impl FnMut(u64)) -> u64 {
    let mut stored = from.saturating_sub(1);
    for seq in from.. {
        // 1 to 100: the value distinguishes the frame from its neighbours.
        socket.say(frame(seq, 1 + seq % 100)).await;
        if seq % 16 == 0 {
            match socket.hear().await {
                Some(answer) if answer["type"] == "stored" => {
                    stored = answer["seq"].as_u64().unwrap();
                    on_stored(stored);
                }
                _ => return stored,
            }
        }
    }
    stored
}

#[tokio::test]
async fn after_kill_9_every_acknowledged_value_is_there_once() {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut acknowledged = 0;
    let mut next = 1;
    // Moments that differ from run to run would hide a failure's cause; these differ by round.
    for until in [37, 210, 333] {
        let mut socket = app.ingest(&token).await;
        let sending = async {
            let mut last = acknowledged;
            for seq in next..next + until {
                socket.say(frame(seq, 1 + seq % 100)).await;
                if let Some(answer) = socket.hear_within(Duration::from_millis(1)).await {
                    assert_eq!(answer["type"], "stored", "{answer}");
                    last = answer["seq"].as_u64().unwrap();
                }
            }
            last
        };
        acknowledged = acknowledged.max(sending.await);
        app.kill();
        // What was on its way when it died may still be read from the socket.
        while let Some(answer) = socket.hear_within(Duration::from_millis(200)).await {
            acknowledged = acknowledged.max(answer["seq"].as_u64().unwrap_or(0));
        }
        app.run().await;
        // The monitor sends again what was not acknowledged, from the last acknowledged on.
        let from = acknowledged.saturating_sub(5).max(1);
        let mut again = app.ingest(&token).await;
        for seq in from..next + until {
            again.say(frame(seq, 1 + seq % 100)).await;
        }
        let last = next + until - 1;
        again.until(|answer| answer["type"] == "stored" && answer["seq"] == last).await;
        acknowledged = last;
        next = last + 1;
    }
    let history = app.get("/api/v1/devices/mon-1/readings").await;
    let spo2 = history["readings"].as_array().unwrap().iter().filter(|r| r["vital"] == "spo2");
    let values: Vec<u64> = spo2.map(|reading| reading["value"].as_u64().unwrap()).collect();
    let expected: Vec<u64> = (1..next).map(|seq| 1 + seq % 100).collect();
    assert_eq!(values, expected);
}

#[tokio::test]
async fn after_kill_9_the_same_alerts_stand() {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let session = app.infuse("1").await;
    let nibp = json!([{"vital": "nibp", "systolic": 204, "diastolic": 112}]);
    app.reading(&token, 1, nibp).await;
    app.reading(&token, 2, json!([{"vital": "spo2", "value": 97}])).await;
    let alert = format!("{session}-a1");
    app.post(&format!("/api/v1/alerts/{alert}/acknowledge"), json!({})).await;
    app.post(&format!("/api/v1/alerts/{alert}/silence"), json!({"seconds": 120})).await;
    let before = app.get("/api/v1/rooms/1").await;
    app.kill();
    app.run().await;
    let after = app.get("/api/v1/rooms/1").await;
    let shown = |room: &Value| {
        let mut alerts = room["alerts"].clone();
        for alert in alerts.as_array_mut().unwrap() {
            alert["receipts"] = json!(0);
        }
        alerts
    };
    assert_eq!(shown(&after), shown(&before));
    assert_eq!(after["session"], before["session"]);
    assert_eq!(after["alerts"][0]["id"], alert.as_str());
    assert!(after["alerts"][0]["silenced_until"].is_i64());
}

#[tokio::test]
async fn a_screen_comes_back_after_a_restart_with_a_new_epoch() {
    let mut app = App::start().await;
    let mut stream = app.stream().await;
    let before = stream.until_type("snapshot").await;
    app.kill();
    while stream.hear().await.is_some() {}
    app.run().await;
    let mut stream = app.stream().await;
    let after = stream.until_type("snapshot").await;
    assert_ne!(before["epoch"], after["epoch"]);
    let heartbeat = stream.until_type("heartbeat").await;
    assert_eq!(heartbeat["epoch"], after["epoch"]);
    assert!(heartbeat["alarm_path"]["round_trip_ms"].is_i64(), "{heartbeat}");
}

#[tokio::test]
async fn it_drains_and_ends_in_order_when_asked_to() {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut socket = app.ingest(&token).await;
    let mut stored = 0;
    socket.say(frame(1, 97)).await;
    stored += socket.hear().await.unwrap()["seq"].as_u64().unwrap();
    assert_eq!((app.terminate(), stored), (Some(0), 1), "{}", app.log());
    let verified = app.command(&["verify"], "");
    assert!(verified.status.success());
}

#[tokio::test]
async fn a_flood_from_one_monitor_is_taken_in_order() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut socket = app.ingest(&token).await;
    let mut seen = Vec::new();
    let flooding = flood(&mut socket, 1, |seq| seen.push(seq));
    let _ = tokio::time::timeout(Duration::from_secs(2), flooding).await;
    assert!(seen.is_sorted() && seen.len() > 10, "{seen:?}");
}
