//! Whoever guesses passwords and PINs, and the person whose they are.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;

use super::*;

const OURS: [(&str, &str); 2] = [("origin", "http://ward.example"), ("host", "ward.example")];

fn posted(path: &str, cookie: Option<&str>, body: &Json) -> Request<Body> {
    let mut headers = OURS.to_vec();
    headers.extend(cookie.map(|cookie| ("cookie", cookie)));
    let mut request = request("POST", path, &headers, &body.to_string());
    let peer = SocketAddr::from(([10, 0, 0, 7], 50_000));
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

fn login(name: &str, password: &str, cookie: Option<&str>) -> Request<Body> {
    posted("/api/v1/login", cookie, &json!({"name": name, "password": password}))
}

fn cookie_of(answered: &Answered) -> String {
    assert_eq!(answered.status, 200, "{}", answered.text);
    let set = answered.headers[header::SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

impl Bench {
    async fn add(&self, name: &str, initials: &str, role: &str) {
        let row = StaffRow {
            name: name.into(),
            initials: initials.into(),
            role: role.into(),
            password_hash: hash_secret(&format!("the words of {name}")).unwrap(),
            pin_hash: Some(hash_secret("9753").unwrap()),
            active: true,
        };
        let (stored, told) = oneshot::channel();
        self.state.store.put(vec![Upsert::Staff(row)], vec![stored]).unwrap();
        told.await.unwrap();
    }

    async fn sign_in(&self, name: &str) -> String {
        cookie_of(&self.send(login(name, &format!("the words of {name}"), None)).await)
    }

    async fn identify(&self, cookie: &str, body: Json) -> Answered {
        self.send(posted("/api/v1/identify", Some(cookie), &body)).await
    }

    async fn me(&self, cookie: &str) -> Json {
        self.send(request("GET", "/api/v1/me", &[("cookie", cookie)], "")).await.json()
    }

    /// The lines about wrong tries, once there is one.
    async fn wrong_tries_in_the_audit(&self) -> Vec<crate::store::AuditRow> {
        for _ in 0..2_000 {
            let mut lines = self.state.store.audit(None, 100).await.unwrap().rows;
            lines.retain(|line| line.what == "wrong tries");
            if !lines.is_empty() {
                return lines;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("no line about wrong tries came within ten seconds");
    }
}

#[tokio::test]
async fn whoever_guesses_is_delayed_known_or_not_and_the_right_password_is_not_refused() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    for name in ["Karla Maier", "nobody"] {
        for _ in 0..5 {
            let answered = bench.send(login(name, "guess", None)).await;
            assert_eq!(answered.problem(), (401, "name or password is wrong".into()));
        }
        let before = bench.state.clock.now();
        let answered = bench.send(login(name, "guess", None)).await;
        assert_eq!(answered.problem(), (401, "name or password is wrong".into()));
        assert!(bench.state.clock.now().since(before) >= 500, "the sixth waits");
    }
    let before = bench.state.clock.now();
    let right = bench.send(login("Karla Maier", "correct horse", None)).await;
    assert_eq!(right.status, 200, "{}", right.text);
    assert!(bench.state.clock.now().since(before) >= 1_000, "late, not refused");
    assert_eq!(right.json()["wrong_tries"]["count"], 6);
    assert_eq!(right.json()["wrong_tries"]["where"], json!(["10.0.0.7"]));
}

#[tokio::test]
async fn a_browser_that_she_has_used_before_passes_while_a_flood_is_under_way() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let mine = cookie_of(&bench.send(login("Karla Maier", "correct horse", None)).await);
    let out = bench.send(posted("/api/v1/logout", Some(&mine), &json!({}))).await;
    assert_eq!(out.status, 204);
    assert!(!out.headers.contains_key(header::SET_COOKIE), "the browser keeps its cookie");
    assert_eq!(bench.me(&mine).await["status"], 401, "which signs nobody in");

    let flood: Vec<_> = (0..60)
        .map(|_| tokio::spawn(bench.router().oneshot(login("Karla Maier", "guess", None))))
        .collect();
    let again = bench.send(login("Karla Maier", "correct horse", Some(&mine))).await;
    let newer = cookie_of(&again);
    assert_ne!(newer, mine);
    let mut refused = 0;
    for guess in flood {
        refused += u32::from(guess.await.unwrap().unwrap().status() == 429);
    }
    assert!(refused > 0, "the flood is bounded");
    let again = bench.send(login("Karla Maier", "correct horse", Some(&newer))).await;
    assert_eq!(again.status, 200, "and the next cookie is as good");
}

#[tokio::test]
async fn signing_in_again_for_each_five_pins_gains_nothing_and_she_sees_that_it_was_tried() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    bench.add("Nora Weber", "NW", "nurse").await;
    let pin = |pin: &str| json!({"initials": "KM", "pin": pin});
    for _ in 0..5 {
        let fresh = bench.sign_in("Nora Weber").await;
        let wrong = bench.identify(&fresh, pin("1357")).await;
        assert_eq!(wrong.problem(), (403, "initials or PIN is wrong".into()));
    }
    let fresh = bench.sign_in("Nora Weber").await;
    let refused = bench.identify(&fresh, pin("2468")).await;
    assert_eq!(refused.problem().0, 429, "though it is the right one: {}", refused.text);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    let program = bench.ask("POST", "/api/v1/identify", "a-nurse", &pin("2468").to_string()).await;
    assert_eq!(program.problem().0, 429, "from anywhere");

    let lines = bench.wrong_tries_in_the_audit().await;
    assert_eq!(lines[0].who, "Nora Weber");
    assert_eq!(
        lines[0].detail,
        "1 × wrong PIN of Karla Maier, from 10.0.0.7, signed in as Nora Weber"
    );
    // She is not locked out: her password does it.
    let by_password = json!({"initials": "KM", "password": "correct horse"});
    let done = bench.identify(&fresh, by_password).await;
    assert_eq!((done.status.as_u16(), done.json()["proof"].as_str()), (200, Some("password")));
    assert_eq!(done.json()["wrong_tries"]["count"], 5);
    let mine = cookie_of(&bench.send(login("Karla Maier", "correct horse", None)).await);
    assert_eq!(bench.me(&mine).await["wrong_tries"]["count"], 0, "she has seen them");
}

#[tokio::test]
async fn a_prescriber_at_a_shared_station_gives_the_password_and_not_the_pin() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    bench.add("Station", "ST", "nurse").await;
    bench.add("Dr Bell", "RB", "prescriber").await;
    let station = bench.sign_in("Station").await;
    let put = async |bench: &Bench| {
        let headers = [OURS[0], OURS[1], ("cookie", &*station)];
        bench.send(request("PUT", "/api/v1/profiles/ours", &headers, "[]")).await
    };
    assert_eq!(put(&bench).await.json()["code"], "needs_role");

    let answered = bench.identify(&station, json!({"initials": "rb", "pin": "9753"})).await.json();
    assert_eq!((&answered["role"], &answered["proof"]), (&json!("nurse"), &json!("pin")));
    let refused = put(&bench).await;
    assert_eq!(refused.problem(), (403, "this needs the password of a prescriber".into()));
    assert_eq!(refused.json()["code"], "needs_password");

    let wrong = json!({"initials": "RB", "password": "a guess at it"});
    let wrong = bench.identify(&station, wrong).await;
    assert_eq!(wrong.problem(), (403, "initials or password is wrong".into()));
    let right = json!({"initials": "RB", "password": "the words of Dr Bell"});
    let answered = bench.identify(&station, right).await.json();
    assert_eq!((&answered["role"], &answered["proof"]), (&json!("prescriber"), &json!("password")));
    assert!(answered["until"].as_i64().unwrap() > bench.state.clock.now().0);
    assert_eq!(bench.me(&station).await["acting"]["role"], "prescriber");
    assert_eq!(put(&bench).await.json()["code"], "refused_profile", "past the gate");
    let own = bench.sign_in("Dr Bell").await;
    let headers = [OURS[0], OURS[1], ("cookie", &*own)];
    let own = bench.send(request("PUT", "/api/v1/profiles/ours", &headers, "[]")).await;
    assert_eq!(own.json()["code"], "refused_profile", "from their own sign-in");
}

#[tokio::test]
async fn one_gives_the_pin_or_the_password() {
    let bench = Bench::new().await;
    for body in [r#"{"initials":"KM"}"#, r#"{"initials":"KM","pin":"1","password":"2"}"#] {
        let answered = bench.ask("POST", "/api/v1/identify", "a-nurse", body).await;
        assert_eq!(answered.problem(), (422, "give either the PIN or the password".into()));
    }
}

#[tokio::test]
async fn what_was_typed_as_a_name_is_nowhere_kept() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    bench.send(login("my secret password", "Karla Maier", None)).await;
    let lines = bench.wrong_tries_in_the_audit().await;
    assert_eq!(lines[0].detail, "1 × wrong password of an unknown name, from 10.0.0.7");
    assert_eq!(lines[0].who, "nobody signed in");
}

#[tokio::test]
async fn of_people_who_share_initials_the_first_few_can_say_that_it_is_they() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let names = ["Anna Blum", "Arne Bach", "Asta Beck", "Axel Bohm", "Aysel Bulut"];
    for name in names {
        bench.add(name, "AB", "nurse").await;
    }
    let station = bench.sign_in(names[0]).await;
    let words = |name: &str| json!({"initials": "AB", "password": format!("the words of {name}")});
    let known = bench.identify(&station, words(names[3])).await;
    assert_eq!((known.status.as_u16(), &known.json()["name"]), (200, &json!(names[3])));
    let fifth = bench.identify(&station, words(names[4])).await;
    assert_eq!(fifth.problem().0, 403, "{}", fifth.text);
    assert_eq!(bench.me(&bench.sign_in(names[4]).await).await["name"], names[4], "but sign in");
}
