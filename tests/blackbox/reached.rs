//! Whether anybody is reached: receipts, who can hear, a screen that dies without a word, and the
//! proof of the alarm path.

use std::time::Duration;

use serde_json::{Value, json};

use super::app::{App, PATIENCE, Socket, get, send};

/// Somebody's screen, which shows these rooms.
async fn screen(app: &App, token: &str, id: &str, kind: &str, rooms: Value) -> Socket {
    let mut socket = Socket::connect(app.http, "/api/v1/stream", token).await;
    socket
        .say(
            json!({"type": "hello", "version": 1, "rooms": rooms, "screen": kind, "screen_id": id}),
        )
        .await;
    socket.say(present()).await;
    socket
}

fn present() -> Value {
    json!({"type": "presence", "audible": true, "visible": true, "quiet": false,
        "battery": {"percent": 81, "charging": true}})
}

/// What the board says of the screen with this id, and when.
async fn on_the_board(app: &App, id: &str) -> (i64, Option<Value>) {
    let board = app.get("/api/v1/screens").await;
    let screens = board["screens"].as_array().unwrap();
    let found = screens.iter().find(|screen| screen["id"] == id).cloned();
    (board["now"].as_i64().unwrap(), found)
}

#[tokio::test]
async fn a_screen_that_goes_silent_stops_counting_within_6_s_and_its_room_is_an_alert() {
    let app = App::start().await;
    app.infuse("1").await;
    let token = app.program_token.clone();
    // One says nothing more; the other says that it is there, and reads nothing. Both keep their
    // connection open, as when a network dies.
    let _silent = screen(&app, &token, "silent", "phone", json!(["1"])).await;
    let mut deaf = screen(&app, &token, "deaf", "station", json!(["2"])).await;
    let mut said_last = None;
    let mut watched = 0;
    let polls = (PATIENCE.as_millis() * 3 / 200) as usize;
    let mut unwatched = None;
    for poll in 0..polls {
        if poll % 5 == 0 {
            deaf.say_if_open(present()).await;
        }
        for id in ["silent", "deaf"] {
            let (now, Some(found)) = on_the_board(&app, id).await else { continue };
            // It is on the board with its first word, and counts with its second.
            if watched == 0 && found["can_hear"] == false {
                continue;
            }
            let heard_at = found["heard_at"].as_i64().unwrap();
            let connected_at = found["connected_at"].as_i64().unwrap();
            // Neither a moment longer, nor a moment shorter. The silent one may have read nothing since
            // it connected, or since its first word, some ms later: between these, both are right.
            let longest = if id == "silent" { heard_at } else { connected_at };
            if now - connected_at <= 6_000 || now - longest > 6_000 {
                assert_eq!(found["can_hear"], now - longest <= 6_000, "{id} {now}: {found}");
            }
            watched += usize::from(found["can_hear"] == true);
            if id == "silent" {
                said_last = Some(heard_at);
            }
        }
        let room = app.get("/api/v1/rooms/1").await;
        let alerts = room["alerts"].as_array().unwrap();
        unwatched = alerts.iter().find(|alert| alert["condition"] == "unwatched").cloned();
        if unwatched.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(watched > 10, "they counted at first");
    let unwatched = unwatched.expect("nobody was told that room 1 is unwatched");
    assert_eq!(unwatched["priority"], "medium");
    let after_ms = unwatched["raised_at"].as_i64().unwrap() - said_last.unwrap();
    // 6 s in which it counts, up to a second until that is noticed, and 15 s of delay.
    assert!((21_000..=23_500).contains(&after_ms), "{after_ms} ms");
}

#[tokio::test]
async fn receipts_name_each_screen_once_in_the_alert_in_the_record_and_over_a_kill_9() {
    let mut app = App::start().await;
    let monitor = app.add_device("mon-1", "1");
    let tokens = ["KM", "TJ"].map(|name| app.token(&["token", "add", name, "--role", "nurse"]));
    let session = app.infuse("1").await;
    let mut station = screen(&app, &tokens[0], "s-1", "station", json!("all")).await;
    let mut phone = screen(&app, &tokens[1], "p-1", "phone", json!("all")).await;
    let nibp = json!([{"vital": "nibp", "systolic": 204, "diastolic": 112}]);
    app.reading(&monitor, 1, nibp).await;
    let alert = format!("{session}-a1");
    let is_raised = |line: &Value| line["alert"]["id"] == *alert;
    for socket in [&mut station, &mut phone] {
        socket.soon(is_raised).await;
        socket.say(json!({"type": "received", "alert": alert})).await;
    }
    // The phone's network was away for a moment.
    drop(phone);
    let mut phone = screen(&app, &tokens[1], "p-1", "phone", json!("all")).await;
    phone.until_type("snapshot").await;
    phone.say(json!({"type": "received", "alert": alert})).await;
    station.soon(|line| is_raised(line) && line["alert"]["receipts"] == 2).await;
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|one| format!("{} {} {}", one["screen"], one["kind"], one["by"])).collect()
    };
    let expected = [r#""s-1" "station" "KM""#, r#""p-1" "phone" "TJ""#];
    let shown = app.get(&format!("/api/v1/alerts/{alert}")).await;
    assert_eq!(shown["receipts"], 2);
    assert_eq!(names(&shown["received_by"]), expected);
    let listed = app.get("/api/v1/alerts?state=open").await;
    assert_eq!(names(&listed["alerts"][0]["received_by"]), expected);
    let board = app.get("/api/v1/screens").await;
    assert_eq!(board["unheard"], json!([]));
    assert_eq!(board["screens"][0]["battery"], json!({"percent": 81, "charging": true}));

    let path = format!("/api/v1/sessions/{session}");
    // The record has what the disk has.
    let mut record = app.get(&format!("{path}/record.json")).await;
    for _ in 0..50 {
        if names(&record["alerts"][0]["shown_on"]) == expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        record = app.get(&format!("{path}/record.json")).await;
    }
    assert_eq!(names(&record["alerts"][0]["shown_on"]), expected);
    let words = "shown on 2 screens, first after ";
    let page = reqwest::Client::new().get(app.url(&format!("{path}/record.html")));
    let page = send(page.bearer_auth(&app.program_token)).await.text;
    assert!(page.contains(words), "{page}");

    app.kill();
    app.run().await;
    let shown = app.get(&format!("/api/v1/alerts/{alert}")).await;
    assert_eq!(names(&shown["received_by"]), expected);
}

#[tokio::test]
async fn the_round_trip_of_the_probe_is_a_histogram_among_the_figures() {
    let app = App::start().await;
    let mut stream = app.stream().await;
    for _ in 0..2 {
        stream.until_type("heartbeat").await;
    }
    let figures = get(app.url("/metrics")).await.text;
    let line = |start: &str| {
        let found = figures.lines().find(|line| line.starts_with(start));
        let number = found.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        number.unwrap_or_else(|| panic!("{start} is missing: {figures}"))
    };
    let all = line("dripwatch_alarm_path_seconds_count");
    assert!(all >= 1.0);
    assert_eq!(line(r#"dripwatch_alarm_path_seconds_bucket{le="+Inf"}"#), all);
    assert!(line(r#"dripwatch_alarm_path_seconds_bucket{le="2"}"#) >= 1.0);
    assert!(figures.contains("# TYPE dripwatch_alarm_path_seconds histogram"));
}
