//! Whatever ends a right ends its open connections at once.

use super::sockets::Clinic;
use super::*;
use crate::access::Role;
use crate::control::{
    AddDevices, AddStaff, AddToken, ControlContext, DisableStaff, NewDevice, RecordSink,
    RevokeToken, Secret, SetPassword, SetRole,
};
use crate::vitals::DeviceId;

impl Clinic {
    /// As a command asks over `control.sock`.
    async fn command<R: crate::control::Request>(&self, request: R) -> R::Answer {
        let state = &self.bench.state;
        let context = ControlContext {
            sink: RecordSink::Ward(state.ward.clone()),
            journal: state.journal.clone(),
            store: state.store.clone(),
            clock: state.clock,
            rooms: Vec::new(),
            devices: Vec::new(),
            outbound: Default::default(),
        };
        request.perform(&context).await.unwrap()
    }

    async fn me(&self, login: &str) -> Answered {
        let cookie = format!("dripwatch_session={login}");
        self.bench.send(request("GET", "/api/v1/me", &[("cookie", &cookie)], "")).await
    }
}

fn kim() -> String {
    "Karla Maier".to_owned()
}

fn reading(seq: u64, spo2: u32) -> String {
    json!({"type": "readings", "seq": seq, "readings": [{"vital": "spo2", "value": spo2}]})
        .to_string()
}

fn closed(why: &str) -> (u16, String) {
    (1008, why.to_owned())
}

#[tokio::test]
async fn a_monitors_token_that_is_replaced_takes_its_socket_with_it_and_no_frame_after_it_counts() {
    let clinic = Clinic::open().await;
    let mut old = clinic.socket("ingest", "mon-3").await;
    old.say(reading(1, 97)).await;
    old.hear_type("stored").await;
    let device = NewDevice { id: DeviceId::new("mon-3").unwrap(), room: None };
    let tokens = clinic.command(AddDevices { devices: vec![device] }).await.now;
    // It was on its way when the socket was closed.
    old.say_if_open(reading(2, 55)).await;
    assert_eq!(old.closed().await, closed("this token has ended"));
    let posted = clinic.bench.ask("POST", "/api/v1/readings", "mon-3", &reading(3, 56)).await;
    assert_eq!(posted.problem().0, 401);

    let mut new = clinic.socket("ingest", &tokens[0].token.0).await;
    new.say(reading(1, 98)).await;
    new.hear_type("stored").await;
    let path = "/api/v1/devices/mon-3/readings";
    let past = clinic.bench.ask("GET", path, "a-nurse", "").await.json();
    let values: Vec<_> = past["readings"].as_array().unwrap().iter().map(|r| &r["value"]).collect();
    assert_eq!(values, [97, 98]);
}

#[tokio::test]
async fn a_programs_token_that_is_revoked_or_replaced_takes_its_stream_with_it() {
    let clinic = Clinic::open().await;
    let mut stream = clinic.socket("stream", "a-display").await;
    let mut other = clinic.socket("stream", "a-nurse").await;
    let mut replaced = clinic.socket("stream", "a-lead").await;
    let revoked = clinic.command(RevokeToken { name: "a-display".into() }).await;
    assert!(revoked.recorded);
    assert_eq!(stream.closed().await, closed("this token has ended"));
    assert_eq!(clinic.bench.ask("GET", "/api/v1/rooms", "a-display", "").await.problem().0, 401);
    clinic.command(AddToken { name: "a-lead".into(), role: Role::Lead }).await;
    assert_eq!(replaced.closed().await, closed("this token has ended"));
    other.say(r#"{"type":"ping","sent_at":1}"#).await;
    other.hear_type("pong").await;
}

#[tokio::test]
async fn who_may_no_longer_sign_in_is_out_on_every_screen_also_where_they_act_for_a_station() {
    let clinic = Clinic::open().await;
    // A station is signed in with an account of its own, and Karla acts there.
    let station = json!({"name": "Station", "initials": "ST", "role": "nurse"});
    let added = AddStaff {
        name: "Station".into(),
        initials: None,
        role: Role::Nurse,
        password: Secret("battery staple".into()),
        pin: None,
    };
    clinic.command(added).await;
    let body = json!({"name": station["name"], "password": "battery staple"}).to_string();
    let signed_in = clinic.bench.send(request("POST", "/api/v1/login", &[], &body)).await;
    let cookie = signed_in.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    let login = cookie.split([';', '=']).nth(1).unwrap();
    let cookie = format!("dripwatch_session={login}");
    let headers = [("cookie", &*cookie), ("origin", "http://h"), ("host", "h")];
    let pin = r#"{"initials":"KM","pin":"2468"}"#;
    let acting = clinic.bench.send(request("POST", "/api/v1/identify", &headers, pin)).await;
    assert_eq!(acting.status, 200, "{}", acting.text);
    assert_eq!(clinic.me(login).await.json()["acting"]["initials"], "KM");

    let (mut own, mut of_station) = (clinic.tab("Karla Maier").await, clinic.tab(login).await);
    clinic.command(DisableStaff { name: kim() }).await;
    assert_eq!(own.closed().await.0, 1008);
    assert_eq!(clinic.me("Karla Maier").await.problem().0, 401);
    assert_eq!(clinic.me(login).await.json()["acting"], Json::Null);
    of_station.say(r#"{"type":"ping","sent_at":1}"#).await;
    of_station.hear_type("pong").await;
    let body = r#"{"name":"Karla Maier","password":"correct horse"}"#;
    assert_eq!(clinic.bench.send(request("POST", "/api/v1/login", &[], body)).await.status, 401);
}

#[tokio::test]
async fn who_has_another_role_comes_back_with_it_and_who_has_a_new_password_signs_in_again() {
    let clinic = Clinic::open().await;
    let mut tab = clinic.tab("Karla Maier").await;
    clinic.command(SetRole { name: kim(), role: Role::Lead }).await;
    assert_eq!(tab.closed().await, closed("your role has changed"));
    assert_eq!(clinic.me("Karla Maier").await.json()["role"], "lead");
    let mut tab = clinic.tab("Karla Maier").await;
    tab.say(r#"{"type":"hello"}"#).await;
    assert_eq!(tab.hear_type("snapshot").await["me"]["role"], "lead");
    let password = Secret("battery staple".into());
    clinic.command(SetPassword { name: kim(), password }).await;
    assert_eq!(tab.closed().await, closed("sign in again"));
    assert_eq!(clinic.me("Karla Maier").await.problem().0, 401);
}

#[tokio::test]
async fn a_login_that_expires_takes_its_stream_with_it() {
    let clinic = Clinic::open().await;
    let state = &clinic.bench.state;
    let now = state.clock.now();
    let row = TokenRow {
        hash: token_hash("short"),
        kind: TokenKind::Login,
        subject: kim(),
        role: None,
        created_at: now,
        expires_at: Some(now.plus(1_500)),
        last_used: Some(now),
        ended: false,
    };
    state.store.put(vec![Upsert::Token(row)], vec![]).unwrap();
    let mut tab = clinic.tab("short").await;
    assert_eq!(tab.closed().await, closed("sign in again"));
    assert!(state.clock.now().since(now) >= 1_500);
}

#[tokio::test]
async fn what_was_half_sent_when_the_right_ended_is_not_done() {
    let clinic = Clinic::open().await;
    let router = clinic.bench.router();
    let half_sent = |path: &str, token: &str, body: String| {
        let (send, parts) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
        let body_parts = futures_util::stream::unfold(parts, async |mut parts| {
            parts.recv().await.map(|part| (part, parts))
        });
        let mut request =
            request("POST", path, &[("authorization", &format!("Bearer {token}"))], "");
        *request.body_mut() = Body::from_stream(body_parts);
        let answer = tokio::spawn(router.clone().oneshot(request));
        async move {
            let (first, rest) = body.split_at(5);
            send.send(Ok(first.to_owned())).await.unwrap();
            // Taken: whoever calls was looked up.
            drop(send.reserve().await.unwrap());
            (send, rest.to_owned(), answer)
        }
    };
    let patient = r#"{"patient":{"initials":"J.T."}}"#.to_owned();
    let frame = half_sent("/api/v1/readings", "mon-3", reading(1, 55)).await;
    let session = half_sent("/api/v1/rooms/3/sessions", "a-nurse", patient).await;
    let device = NewDevice { id: DeviceId::new("mon-3").unwrap(), room: None };
    clinic.command(AddDevices { devices: vec![device] }).await;
    clinic.command(RevokeToken { name: "a-nurse".into() }).await;
    for (send, rest, answer) in [frame, session] {
        send.send(Ok(rest)).await.unwrap();
        drop(send);
        let answered = Answered::of(answer.await.unwrap().unwrap()).await;
        assert_eq!(answered.problem(), (401, "sign in first".into()));
    }
    let room = clinic.bench.ask("GET", "/api/v1/rooms/3", "a-display", "").await.json();
    assert_eq!((&room["session"], &room["vitals"]["spo2"]), (&Json::Null, &Json::Null));
}
