//! Call by call, each with a router of its own.

use super::*;

#[tokio::test]
async fn nobody_gets_in_unknown() {
    let bench = Bench::new().await;
    for path in ["/api/v1/rooms", "/api/v1/me", "/api/v1/stream", "/api/v1/ingest"] {
        let answered = bench.send(request("GET", path, &[], "")).await;
        assert_eq!(answered.problem(), (401, "sign in first".into()), "{path}");
        assert_eq!(bench.ask("GET", path, "no-such-token", "").await.status, 401);
    }
    assert_eq!(bench.ask("POST", "/api/v1/readings", "", "{}").await.status, 401);
}

#[tokio::test]
async fn a_token_is_good_for_its_own_kind_of_call_alone() {
    let bench = Bench::new().await;
    let monitor = bench.ask("GET", "/api/v1/rooms", "mon-3", "").await;
    assert_eq!(monitor.problem().0, 403);
    let program = bench.ask("POST", "/api/v1/readings", "a-lead", "{}").await;
    assert_eq!(program.problem().0, 403);
    let login_as_bearer = bench.ask("GET", "/api/v1/me", "Karla Maier", "").await;
    assert_eq!(login_as_bearer.problem().0, 401);
    let cookie = [("cookie", "dripwatch_session=a-lead")];
    let bearer_as_cookie = bench.send(request("GET", "/api/v1/me", &cookie, "")).await;
    assert_eq!(bearer_as_cookie.problem().0, 401);
}

#[tokio::test]
async fn roles_open_what_is_theirs() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let title = |answered: Answered| answered.problem().1;
    let display = bench.ask("PUT", "/api/v1/devices/mon-3/binding", "a-display", "{}").await;
    assert_eq!(title(display), "this needs the role nurse or a higher one");
    let nurse = bench.ask("PUT", "/api/v1/rooms/3", "a-nurse", "{}").await;
    assert_eq!(title(nurse), "this needs the role lead or a higher one");
    assert_eq!(bench.ask("GET", "/api/v1/profiles", "a-display", "").await.status, 403);
    assert_eq!(bench.ask("GET", "/api/v1/screens", "a-display", "").await.status, 403);
    assert_eq!(bench.ask("GET", "/api/v1/alerts", "a-display", "").await.status, 200);
    let me = bench.ask("GET", "/api/v1/me", "a-display", "").await.json();
    let zone = "Europe/Berlin";
    let expected =
        json!({"name": "a-display", "initials": "AD", "role": "display", "time_zone": zone});
    assert_eq!(me, expected);
    for path in ["acknowledge", "outcome", "silence"] {
        let path = format!("/api/v1/alerts/s-a1/{path}");
        let refused = bench.ask("POST", &path, "a-display", "{}").await;
        assert_eq!(title(refused), "this needs the role nurse or a higher one", "{path}");
    }
}

#[tokio::test]
async fn a_wall_stays_signed_in_for_as_long_as_it_is_used_and_as_it_is_a_wall() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let wall = |role: &str| {
        Upsert::Staff(StaffRow {
            name: "Wall".into(),
            initials: "W".into(),
            role: role.into(),
            password_hash: hash_secret("correct horse").unwrap(),
            pin_hash: None,
            active: true,
        })
    };
    let login = r#"{"name": "Wall", "password": "correct horse"}"#;
    let (stored, told) = oneshot::channel();
    bench.state.store.put(vec![wall("display")], vec![stored]).unwrap();
    told.await.unwrap();
    let answered = bench.send(request("POST", "/api/v1/login", &[], login)).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    assert_eq!(answered.json()["time_zone"], "Europe/Berlin");
    let days_400 = "Max-Age=34560000";
    let set = answered.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(set.contains(days_400), "{set}");
    let cookie = set.split(';').next().unwrap().to_owned();

    let me = || request("GET", "/api/v1/me", &[("cookie", &cookie)], "");
    let again = bench.send(me()).await;
    let renewed = again.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(renewed.starts_with(&cookie) && renewed.contains(days_400), "{renewed}");

    // Somebody gives the wall's account a role that acts: its long login does not act.
    let (stored, told) = oneshot::channel();
    bench.state.store.put(vec![wall("nurse")], vec![stored]).unwrap();
    told.await.unwrap();
    assert_eq!(bench.send(me()).await.status, 401);
}

#[tokio::test]
async fn a_profile_that_is_none_is_refused_with_its_problems_and_never_reaches_the_ward() {
    let bench = Bench::new().await;
    for path in ["/api/v1/profiles/ours", "/api/v1/profiles/ours/approve"] {
        let method = if path.ends_with("approve") { "POST" } else { "PUT" };
        let lead = bench.ask(method, path, "a-lead", "{}").await;
        assert_eq!(lead.problem().1, "this needs the role prescriber or a higher one");
    }
    let headers = |kind| [("authorization", "Bearer a-prescriber"), ("content-type", kind)];
    for (kind, body) in [
        ("application/json", &b""[..]),
        ("application/json", b"[]"),
        ("application/json", b"{\"name\": \"ours\""),
        ("application/json", b"\xff\xfe"),
        ("application/toml; charset=utf-8", b"name = "),
        ("application/toml", b"name = \"ours\"\nname = \"ours\"\n"),
        ("text/plain", b"name"),
    ] {
        let mut request = request("PUT", "/api/v1/profiles/ours", &headers(kind), "");
        *request.body_mut() = Body::from(body);
        let answered = bench.send(request).await;
        let title = "the profile is refused for one problem; nothing was changed";
        assert_eq!(answered.problem(), (422, title.into()));
        assert!(!answered.json()["problems"][0]["what"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn with_a_cookie_only_our_own_page_may_change_something() {
    let mut bench = Bench::new().await;
    let mut heard = bench.answer_commands();
    let bind = |origin: Option<&'static str>| {
        let mut headers =
            vec![("host", "127.0.0.1:8080"), ("cookie", "dripwatch_session=Karla Maier")];
        headers.extend(origin.map(|origin| ("origin", origin)));
        request("PUT", "/api/v1/devices/mon-3/binding", &headers, r#"{"room":"3"}"#)
    };
    assert_eq!(bench.send(bind(None)).await.problem().0, 403);
    assert_eq!(bench.send(bind(Some("https://evil.example"))).await.problem().0, 403);
    assert_eq!(bench.send(bind(Some("http://127.0.0.1:8080"))).await.status, 200);
    assert_eq!(heard.recv().await.as_deref(), Some("KM binds mon-3"));
}

#[tokio::test]
async fn the_ward_is_told_whether_it_is_surely_they_who_bind() {
    let mut bench = Bench::new().await;
    let mut heard = bench.answer_commands();
    let binding = "/api/v1/devices/mon-3/binding";
    let by_page = |method: &str, path: &str, body: &str| {
        let headers = [
            ("host", "127.0.0.1:8080"),
            ("cookie", "dripwatch_session=Karla Maier"),
            ("origin", "http://127.0.0.1:8080"),
        ];
        request(method, path, &headers, body)
    };
    let plain = r#"{"room":null}"#;
    bench.send(by_page("PUT", binding, plain)).await;
    assert_eq!(heard.recv().await.as_deref(), Some("KM binds mon-3"), "signed in is not known");
    let pin = r#"{"initials":"KM","pin":"2468"}"#;
    assert_eq!(bench.send(by_page("POST", "/api/v1/identify", pin)).await.status, 200);
    bench.send(by_page("PUT", binding, r#"{"room":null,"confirm":true}"#)).await;
    assert_eq!(heard.recv().await.as_deref(), Some("KM binds mon-3, known, confirmed"));
    bench.ask("PUT", binding, "a-nurse", plain).await;
    assert_eq!(heard.recv().await.as_deref(), Some("AN binds mon-3"), "anybody's program");
    bench.ask("PUT", binding, "a-lead", plain).await;
    assert_eq!(heard.recv().await.as_deref(), Some("AL binds mon-3, known"));
}

#[tokio::test]
async fn who_comes_second_to_a_room_is_shown_who_has_it() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let path = "/api/v1/rooms/3/acknowledge";
    let answered = bench.ask("POST", path, "a-nurse", "{}").await;
    assert_eq!(answered.problem(), (409, "already acknowledged by TS".into()));
    assert_eq!(answered.json()["alert"]["id"], "s-a1");
    assert_eq!(bench.ask("POST", path, "a-display", "{}").await.problem().0, 403);
}

#[tokio::test]
async fn the_same_key_is_answered_once_and_for_all() {
    let mut bench = Bench::new().await;
    let mut heard = bench.answer_commands();
    let bind = |key: &'static str, body: &'static str| {
        let headers = [("authorization", "Bearer a-nurse"), ("idempotency-key", key)];
        request("PUT", "/api/v1/devices/mon-3/binding", &headers, body)
    };
    let first = bench.send(bind("k-1", r#"{"room":"3"}"#)).await;
    let again = bench.send(bind("k-1", r#"{"room":"3"}"#)).await;
    assert_eq!((first.status, &first.text), (again.status, &again.text));
    assert_eq!(again.headers[header::CONTENT_TYPE], "application/json");
    heard.recv().await.unwrap();
    assert!(heard.try_recv().is_err(), "the ward was asked once");

    let refused = bench.send(bind("k-2", "{}")).await;
    assert_eq!(refused.problem().0, 422);
    assert_eq!(bench.send(bind("k-2", r#"{"room":"3"}"#)).await.problem(), refused.problem());
    assert_eq!(bench.send(bind("", "{}")).await.problem().0, 400);
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_works_until_one_signs_out() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let ours = ("origin", "http://ward.example");
    let host = ("host", "ward.example");
    let login = |password: &str| {
        let body = json!({"name": "Karla Maier", "password": password}).to_string();
        request("POST", "/api/v1/login", &[host, ours], &body)
    };
    assert_eq!(bench.send(login("wrong")).await.problem().1, "name or password is wrong");
    let signed_in = bench.send(login("correct horse")).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    assert_eq!(signed_in.json()["initials"], "KM");
    let cookie = signed_in.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    let cookie = ("cookie", cookie.split(';').next().unwrap());

    let me = || request("GET", "/api/v1/me", &[cookie], "");
    assert_eq!(bench.send(me()).await.json()["name"], "Karla Maier");

    let identify = |pin: &str| {
        let body = json!({"initials": "KM", "pin": pin}).to_string();
        request("POST", "/api/v1/identify", &[host, ours, cookie], &body)
    };
    assert_eq!(bench.send(identify("1111")).await.problem().0, 403);
    assert_eq!(bench.send(identify("2468")).await.json()["initials"], "KM");
    assert_eq!(bench.send(me()).await.json()["acting"]["initials"], "KM");
    let done = request("DELETE", "/api/v1/identify", &[host, ours, cookie], "");
    assert_eq!(bench.send(done).await.status, 204);
    assert_eq!(bench.send(me()).await.json()["acting"], json!(null));

    let out = bench.send(request("POST", "/api/v1/logout", &[host, ours, cookie], "")).await;
    assert_eq!(out.status, 204, "{}", out.text);
    assert_eq!(bench.send(me()).await.status, 401);
}

#[tokio::test]
async fn who_comes_second_to_an_alert_is_shown_it() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let answered = bench.ask("POST", "/api/v1/alerts/s-a1/acknowledge", "a-nurse", "").await;
    assert_eq!(answered.problem(), (409, "already acknowledged by TS".into()));
    assert_eq!(answered.json()["code"], "already_acknowledged");
    assert_eq!(answered.json()["alert"], json!({"id": "s-a1"}));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let ask = async |method: &str, path: &str, body: &str| {
        bench.ask(method, path, "a-lead", body).await.problem()
    };
    assert_eq!(ask("GET", "/api/v1/beds", "").await.0, 404);
    assert_eq!(ask("DELETE", "/api/v1/rooms", "").await.0, 405);
    assert_eq!(ask("POST", "/index.html", "").await.0, 405);
    assert_eq!(ask("GET", "/api/v1/rooms/9", "").await, (404, "there is no room \"9\"".into()));
    assert_eq!(ask("GET", "/api/v1/rooms/a%20b", "").await.0, 400);
    assert_eq!(ask("GET", "/api/v1/sessions/none", "").await.0, 404);
    assert_eq!(ask("GET", "/api/v1/sessions/none/readings", "").await.0, 404);
    assert_eq!(ask("GET", "/api/v1/profiles/none", "").await.0, 404);
    assert_eq!(ask("GET", "/api/v1/alerts/none", "").await.0, 404);
    assert_eq!(ask("GET", "/api/v1/alerts?state=lost", "").await.0, 400);
    assert_eq!(ask("GET", "/api/v1/sessions?after=x", "").await.0, 400);
    let silence = ask("POST", "/api/v1/alerts/s-a1/silence", r#"{"seconds":121}"#).await;
    assert_eq!(silence, (422, "seconds must be 1..=120, got 121".into()));
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(1 << 20));
    assert_eq!(ask("PUT", "/api/v1/rooms/3", &large).await.0, 413);
}

#[tokio::test]
async fn a_posted_frame_is_answered_when_it_is_on_disk() {
    let mut bench = Bench::new().await;
    let router = bench.router();
    let frame = r#"{"type":"readings","seq":17,"readings":[{"vital":"spo2","value":97}]}"#;
    let posted = |body: &str| {
        request("POST", "/api/v1/readings", &[("authorization", "Bearer mon-3")], body)
    };
    let asked = tokio::spawn(router.oneshot(posted(frame)));
    let Some(Arrival::Frame(delivery)) = bench.arrivals.recv().await else { panic!("no frame") };
    assert_eq!(delivery.frame.device.as_str(), "mon-3");
    assert_eq!(delivery.same_within_ms, 60_000);
    delivery.stored.send(()).unwrap();
    let answered = Answered::of(asked.await.unwrap().unwrap()).await;
    assert_eq!((answered.status.as_u16(), &*answered.text), (200, r#"{"type":"stored","seq":17}"#));

    let rejected = bench.send(posted(r#"{"type":"readings","seq":18,"readings":[]}"#)).await;
    assert_eq!(rejected.status, 422);
    assert_eq!(rejected.json()["type"], "rejected");

    let asked = tokio::spawn(bench.router().oneshot(posted(frame)));
    drop(bench.arrivals.recv().await);
    let lost = Answered::of(asked.await.unwrap().unwrap()).await;
    assert_eq!(lost.problem(), (503, "the frame could not be stored: send it again".into()));
}

/// The rooms say what is open, whatever the disk does.
#[tokio::test]
async fn open_alerts_are_listed_although_nothing_of_them_is_on_disk() {
    let mut bench = Bench::new().await;
    let mut commands = std::mem::replace(&mut bench.commands, tokio::sync::mpsc::channel(1).1);
    tokio::spawn(async move {
        while let Some(command) = commands.recv().await {
            let row = |id: &str, room: Option<&str>| crate::store::AlertRow {
                id: id.into(),
                room: room.map(|room| crate::vitals::RoomId::new(room).unwrap()),
                session: None,
                condition: "spo2_low".into(),
                priority: "high".into(),
                state: crate::room::AlertState::Active,
                raised_at: Millis(5),
                ended_at: None,
                json: json!({"id": id, "room": room, "condition": "spo2_low",
                    "kind": "physiological", "priority": "high", "state": "active",
                    "raised_at": 5, "active_since": 5, "escalated": 0, "text": "SpO2 low",
                    "receipts": 0, "profile": "p"})
                .to_string(),
            };
            match command.take::<ListAlerts>() {
                Ok((_, reply)) => {
                    drop(reply.send(vec![row("3-1-a1", Some("3")), row("ward-1", None)]));
                }
                Err(command) => {
                    let (ShowAlert { alert }, reply) = command.take().unwrap();
                    drop(reply.send(Some(row(&alert, None).json)));
                }
            }
        }
    });
    let listed = bench.ask("GET", "/api/v1/alerts?state=open", "a-nurse", "").await.json();
    let ids: Vec<_> = listed["alerts"].as_array().unwrap().iter().map(|a| &a["id"]).collect();
    assert_eq!(ids, ["ward-1", "3-1-a1"]);
    assert_eq!(listed["complete"], Json::Null);
    let one = bench.ask("GET", "/api/v1/alerts/3-1-a1", "a-display", "").await.json();
    assert_eq!(one["id"], "3-1-a1");
    assert_eq!(one.get("profile"), None, "a display sees no profile");
}

#[tokio::test]
async fn readiness_ends_with_draining() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let ask = async |path: &str| bench.send(request("GET", path, &[], "")).await;
    assert_eq!(ask("/readyz").await.status, 200);
    assert_eq!(ask("/healthz").await.status, 200);
    bench.state.health.drain();
    assert_eq!(ask("/readyz").await.problem(), (503, "the server is stopping".into()));
    assert_eq!(ask("/healthz").await.status, 200);
    assert_eq!(ask("/metrics").await.status, 200);
}

#[tokio::test]
async fn pages_come_with_headers_that_keep_strangers_out() {
    let bench = Bench::new().await;
    let page = bench.send(request("GET", "/rooms/3", &[], "")).await;
    assert_eq!(page.status, 200);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache");
    assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
}

#[tokio::test]
async fn the_document_lists_every_call_and_the_page_shows_it() {
    let bench = Bench::new().await;
    let document = bench.send(request("GET", "/api/openapi.json", &[], "")).await.json();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            calls.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    insta::assert_snapshot!(calls.join("\n"), @r"
        GET /api/v1/alerts
        GET /api/v1/alerts/figures
        GET /api/v1/alerts/log
        GET /api/v1/alerts/log.csv
        GET /api/v1/alerts/{alert}
        POST /api/v1/alerts/{alert}/acknowledge
        POST /api/v1/alerts/{alert}/outcome
        POST /api/v1/alerts/{alert}/silence
        GET /api/v1/assignments
        PUT /api/v1/assignments
        GET /api/v1/channels
        POST /api/v1/channels/{id}/test
        GET /api/v1/courses/{course}
        GET /api/v1/days/{date}
        GET /api/v1/demo
        GET /api/v1/devices
        DELETE /api/v1/devices/{device}
        PUT /api/v1/devices/{device}/binding
        GET /api/v1/devices/{device}/readings
        POST /api/v1/handovers
        DELETE /api/v1/identify
        POST /api/v1/identify
        GET /api/v1/ingest
        GET /api/v1/lists/{name}
        PUT /api/v1/lists/{name}
        POST /api/v1/login
        POST /api/v1/logout
        GET /api/v1/me
        GET /api/v1/outbound
        POST /api/v1/outbound/{id}/again
        GET /api/v1/patients
        GET /api/v1/patients/{patient}
        PUT /api/v1/patients/{patient}
        POST /api/v1/patients/{patient}/courses
        POST /api/v1/patients/{patient}/redact
        GET /api/v1/profiles
        GET /api/v1/profiles/{name}
        PUT /api/v1/profiles/{name}
        POST /api/v1/profiles/{name}/approve
        GET /api/v1/profiles/{name}/rules
        GET /api/v1/push
        POST /api/v1/push/subscriptions
        DELETE /api/v1/push/subscriptions/{id}
        POST /api/v1/readings
        GET /api/v1/rooms
        DELETE /api/v1/rooms/{room}
        GET /api/v1/rooms/{room}
        PUT /api/v1/rooms/{room}
        POST /api/v1/rooms/{room}/acknowledge
        POST /api/v1/rooms/{room}/help
        POST /api/v1/rooms/{room}/sessions
        GET /api/v1/screens
        GET /api/v1/sessions
        GET /api/v1/sessions/{session}
        POST /api/v1/sessions/{session}/delete
        POST /api/v1/sessions/{session}/events
        GET /api/v1/sessions/{session}/fhir
        GET /api/v1/sessions/{session}/keeping
        GET /api/v1/sessions/{session}/readings
        GET /api/v1/sessions/{session}/record.csv
        GET /api/v1/sessions/{session}/record.html
        GET /api/v1/sessions/{session}/record.json
        GET /api/v1/sessions/{session}/record.pdf
        GET /api/v1/sessions/{session}/record.png
        GET /api/v1/sessions/{session}/record.svg
        GET /api/v1/sessions/{session}/recording.ndjson
        POST /api/v1/sessions/{session}/redact
        GET /api/v1/sessions/{session}/rems
        GET /api/v1/sessions/{session}/rems.html
        GET /api/v1/staff
        POST /api/v1/staff
        DELETE /api/v1/staff/{id}
        PATCH /api/v1/staff/{id}
        GET /api/v1/stream
        GET /api/v1/tokens
        DELETE /api/v1/tokens/{id}
        GET /healthz
        GET /metrics
        GET /readyz
        ");
    let page = bench.send(request("GET", "/api/docs", &[], "")).await.text;
    assert!(page.contains("/api/v1/alerts/{alert}/acknowledge"));
    assert!(!page.contains("<script"));
    for shape in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<section id=\"{shape}\">")), "{shape} is not shown");
    }
    for linked in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("<section id=\"{linked}\">")), "#{linked} is nowhere");
    }
    assert!(page.contains("rate_change"), "each type of an event is shown with its fields");
}
