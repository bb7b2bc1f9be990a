//! An administrator's screen: who may sign in, and which programs.

use super::sockets::Clinic;
use super::*;
use crate::store::AuditRow;

const KARLA: &str = "/api/v1/staff/Karla%20Maier";

/// A clinic with an administrator, who is signed in as `Ada Bauer`, and whose program is `an-admin`.
async fn clinic() -> Clinic {
    let clinic = Clinic::open().await;
    let token = Upsert::Token(TokenRow {
        hash: token_hash("Ada Bauer"),
        kind: TokenKind::Login,
        subject: "Ada Bauer".to_owned(),
        role: None,
        created_at: Millis(0),
        expires_at: None,
        last_used: None,
        ended: false,
    });
    let ada = Upsert::Staff(StaffRow {
        name: "Ada Bauer".into(),
        initials: "AB".into(),
        role: "admin".into(),
        password_hash: hash_secret("correct horse").unwrap(),
        pin_hash: Some(hash_secret("1357").unwrap()),
        active: true,
    });
    let changes = vec![ada, token];
    let (stored, told) = oneshot::channel();
    clinic.bench.state.store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
    clinic
}

impl Clinic {
    /// As the administrator at her own screen.
    async fn ada(&self, method: &str, path: &str, body: &Json) -> Answered {
        self.as_login("Ada Bauer", method, path, &body.to_string()).await
    }

    async fn as_login(&self, login: &str, method: &str, path: &str, body: &str) -> Answered {
        let cookie = format!("dripwatch_session={login}");
        let headers = [("cookie", &*cookie), ("origin", "http://h"), ("host", "h")];
        self.bench.send(request(method, path, &headers, body)).await
    }

    async fn signs_in(&self, name: &str, password: &str) -> u16 {
        let body = json!({"name": name, "password": password}).to_string();
        self.bench.send(request("POST", "/api/v1/login", &[], &body)).await.status.as_u16()
    }

    /// The newest line of the audit.
    async fn audited(&self) -> AuditRow {
        let (stored, told) = oneshot::channel();
        self.bench.state.store.put(Vec::new(), vec![stored]).unwrap();
        told.await.unwrap();
        self.bench.state.store.audit(None, 1).await.unwrap().rows.remove(0)
    }
}

#[tokio::test]
async fn an_administrator_adds_somebody_who_can_then_sign_in_and_it_is_recorded_by_whom() {
    let clinic = clinic().await;
    let tove = json!({"name": "Tove Jansson", "role": "nurse", "password": "snow in the garden",
        "pin": "4711"});
    let added = clinic.ada("POST", "/api/v1/staff", &tove).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let shown = json!({"id": "Tove Jansson", "name": "Tove Jansson", "initials": "TJ",
        "role": "nurse", "pin": true, "active": true});
    assert_eq!(added.json(), shown);
    let audited = clinic.audited().await;
    let line = (&*audited.who, &*audited.what, &*audited.detail);
    assert_eq!(line, ("Ada Bauer", "add staff", "Tove Jansson, nurse"));
    assert_eq!(clinic.signs_in("Tove Jansson", "snow in the garden").await, 200);
    let all = clinic.ada("GET", "/api/v1/staff", &Json::Null).await;
    let names: Vec<_> =
        all.json()["staff"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
    assert_eq!(names, ["Ada Bauer", "Karla Maier", "Tove Jansson"]);
    assert!(!all.text.contains("argon2"), "no hash is ever shown");
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_can_be_let_in_again() {
    let clinic = clinic().await;
    let mut tab = clinic.tab("Karla Maier").await;
    let gone = clinic.ada("DELETE", KARLA, &json!({})).await;
    assert_eq!(
        (gone.status.as_u16(), &gone.json()["active"]),
        (200, &json!(false)),
        "{}",
        gone.text
    );
    assert_eq!(tab.closed().await, (1008, "you may no longer sign in here".to_owned()));
    assert_eq!(clinic.audited().await.what, "disable staff");
    assert_eq!(clinic.signs_in("Karla Maier", "correct horse").await, 401);
    let back = clinic.ada("PATCH", KARLA, &json!({"active": true})).await;
    assert_eq!(back.json()["active"], true, "{}", back.text);
    assert_eq!(clinic.signs_in("Karla Maier", "correct horse").await, 200);
}

#[tokio::test]
async fn a_new_role_counts_at_once_and_a_new_password_asks_for_a_new_sign_in() {
    let clinic = clinic().await;
    let mut tab = clinic.tab("Karla Maier").await;
    let lead = clinic.ada("PATCH", KARLA, &json!({"role": "lead", "initials": "KaM"})).await;
    assert_eq!((&lead.json()["role"], &lead.json()["initials"]), (&json!("lead"), &json!("KaM")));
    assert_eq!(tab.closed().await, (1008, "your role has changed".to_owned()));
    let mut tab = clinic.tab("Karla Maier").await;
    let change = json!({"password": "snow in the garden", "pin": "9753"});
    assert_eq!(clinic.ada("PATCH", KARLA, &change).await.status, 200);
    assert_eq!(tab.closed().await, (1008, "sign in again".to_owned()));
    assert_eq!(clinic.signs_in("Karla Maier", "correct horse").await, 401);
    assert_eq!(clinic.signs_in("Karla Maier", "snow in the garden").await, 200);
    let pin = json!({"initials": "KaM", "pin": "9753"}).to_string();
    let acts = clinic.as_login("Ada Bauer", "POST", "/api/v1/identify", &pin).await;
    assert_eq!(acts.status, 200, "{}", acts.text);
    let none = clinic.ada("PATCH", KARLA, &json!({"pin": null})).await;
    assert_eq!(none.status, 403, "Karla acts at this screen now: {}", none.text);
}

#[tokio::test]
async fn who_acts_by_pin_or_password_at_another_screen_administers_nothing() {
    let clinic = clinic().await;
    for proof in [
        json!({"initials": "AB", "pin": "1357"}),
        json!({"initials": "AB", "password": "correct horse"}),
    ] {
        let acts =
            clinic.as_login("Karla Maier", "POST", "/api/v1/identify", &proof.to_string()).await;
        assert_eq!(acts.status, 200, "{}", acts.text);
        let (status, _) =
            clinic.as_login("Karla Maier", "GET", "/api/v1/staff", "").await.problem();
        assert_eq!(status, 403);
    }
    for path in ["/api/v1/staff", "/api/v1/tokens"] {
        for token in ["a-nurse", "a-lead", "a-prescriber", "a-display"] {
            assert_eq!(
                clinic.bench.ask("GET", path, token, "").await.status,
                403,
                "{path} {token}"
            );
        }
    }
    assert_eq!(clinic.bench.ask("DELETE", KARLA, "a-prescriber", "").await.status, 403);
    assert_eq!(clinic.bench.ask("GET", "/api/v1/staff", "an-admin", "").await.status, 200);
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_in_words_that_name_its_field() {
    let clinic = clinic().await;
    let new = |name: &str, more: Json| {
        let mut new = json!({"name": name, "role": "nurse", "password": "snow in the garden"});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    let long = "x".repeat(101);
    let refused = [
        (new("", json!({})), 422, "name"),
        (new(&long, json!({})), 422, "name"),
        (new("Eva Nowak", json!({"initials": "EVANO"})), 422, "initials"),
        (new("Eva Nowak", json!({"initials": "E N"})), 422, "initials"),
        (new("Eva Nowak", json!({"password": "short"})), 422, "password"),
        (new("Eva Nowak", json!({"pin": "12a4"})), 422, "pin"),
        (new("Eva Nowak", json!({"role": "queen"})), 422, "role"),
        (new("Karla  Maier", json!({})), 409, ""),
        (new("karla maier", json!({})), 409, ""),
    ];
    for (body, status, field) in refused {
        let answer = clinic.ada("POST", "/api/v1/staff", &body).await;
        assert_eq!(answer.status, status, "{body} {}", answer.text);
        assert_eq!(answer.json()["field"].as_str().unwrap_or_default(), field, "{}", answer.text);
        assert!(!answer.text.contains("snow in the garden"), "{}", answer.text);
    }
    for (body, field) in
        [(json!({}), ""), (json!({"pin": "1"}), "pin"), (json!({"name": "X"}), "name")]
    {
        let answer = clinic.ada("PATCH", KARLA, &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["field"].as_str().unwrap_or_default()),
            (422, field),
            "{}",
            answer.text
        );
    }
    let nobody = clinic.ada("PATCH", "/api/v1/staff/Nobody", &json!({"role": "lead"})).await;
    assert_eq!(nobody.problem(), (404, "there is no person \"Nobody\"".to_owned()));
    let all = clinic.ada("GET", "/api/v1/staff", &Json::Null).await;
    assert_eq!(all.json()["staff"].as_array().unwrap().len(), 2, "nothing was changed");
}

#[tokio::test]
async fn the_only_administrator_stays_one() {
    let clinic = clinic().await;
    let ada = "/api/v1/staff/Ada%20Bauer";
    for change in [json!({"active": false}), json!({"role": "nurse"})] {
        let refused = clinic.ada("PATCH", ada, &change).await.json();
        assert_eq!(
            refused["detail"],
            "Ada Bauer is the only administrator: make somebody else one first."
        );
    }
    assert_eq!(clinic.ada("DELETE", ada, &json!({})).await.status, 409);
    assert_eq!(clinic.ada("PATCH", KARLA, &json!({"role": "admin"})).await.status, 200);
    assert_eq!(clinic.ada("PATCH", ada, &json!({"role": "nurse"})).await.status, 200);
    assert_eq!(clinic.ada("GET", "/api/v1/staff", &Json::Null).await.status, 403, "at once");
}

#[tokio::test]
async fn programs_are_listed_without_their_tokens_and_one_that_is_revoked_is_out_at_once() {
    let clinic = clinic().await;
    let mut stream = clinic.socket("stream", "a-display").await;
    let all = clinic.ada("GET", "/api/v1/tokens", &Json::Null).await.json();
    let names: Vec<_> =
        all["tokens"].as_array().unwrap().iter().map(|t| t["name"].clone()).collect();
    assert_eq!(names, ["a-display", "a-lead", "a-nurse", "a-prescriber", "an-admin"]);
    assert_eq!(
        (&all["tokens"][0]["role"], &all["tokens"][1]["last_used"]),
        (&json!("display"), &Json::Null)
    );
    let gone = clinic.ada("DELETE", "/api/v1/tokens/a-display", &json!({})).await;
    assert_eq!(gone.json(), json!({"id": "a-display"}), "{}", gone.text);
    assert_eq!(stream.closed().await, (1008, "this token has ended".to_owned()));
    let again = clinic.ada("DELETE", "/api/v1/tokens/a-display", &json!({})).await;
    assert_eq!(again.status, 404, "{}", again.text);
    let audited = clinic.audited().await;
    assert_eq!((&*audited.who, &*audited.detail), ("Ada Bauer", "program a-display"));
}
