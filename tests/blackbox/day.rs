//! A day at the clinic over HTTP: what each step asks for, who may go on without it, and who is told
//! what.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, send};

/// Who calls, in which session.
pub(crate) struct Visit<'a> {
    app: &'a App,
    pub(crate) id: String,
}

pub(crate) fn all_no(session: &Value) -> Value {
    let gates = session["gates"].as_array().unwrap();
    let asked = gates.iter().find(|gate| gate["step"] == "screening").unwrap();
    let names = asked["items"].as_array().unwrap().iter();
    let answers: serde_json::Map<String, Value> =
        names.map(|item| (item["name"].as_str().unwrap().to_owned(), json!(false))).collect();
    assert_eq!(answers.len(), 13);
    Value::Object(answers)
}

pub(crate) fn stated() -> Value {
    json!({"type": "check_in", "identifiers": ["name", "birth_date"], "consent": true,
        "series": {"number": 2, "of": 8}, "escort": {"name": "Ö. Yıldız", "phone": "+49 30 5550"},
        "weight_kg": 82.5, "allergies": "latex"})
}

impl<'a> Visit<'a> {
    pub(crate) async fn open(app: &'a App, room: &str, profile: &str) -> Self {
        let session = json!({"patient": {"initials": "Ö.Y."}, "profile": profile});
        let opened = app.post(&format!("/api/v1/rooms/{room}/sessions"), session).await;
        Self { app, id: opened["id"].as_str().unwrap().to_owned() }
    }

    pub(crate) fn of(app: &'a App, id: &str) -> Self {
        Self { app, id: id.to_owned() }
    }

    pub(crate) async fn infusing(app: &'a App, room: &str) -> Self {
        Self { app, id: app.infuse(room).await }
    }

    pub(crate) async fn now(&self) -> Value {
        self.app.get(&format!("/api/v1/sessions/{}", self.id)).await
    }

    pub(crate) async fn tries(&self, token: &str, event: Value) -> (StatusCode, Value) {
        let path = format!("/api/v1/sessions/{}/events", self.id);
        self.app.call_as(token, Method::POST, &path, event).await
    }

    #[track_caller]
    pub(crate) fn does(
        &self,
        token: &str,
        event: Value,
    ) -> impl Future<Output = Value> + use<'_, 'a> {
        let (token, at) = (token.to_owned(), std::panic::Location::caller());
        async move {
            let (status, json) = self.tries(&token, event.clone()).await;
            assert_eq!(status, StatusCode::CREATED, "{at}: {event} {json}");
            json
        }
    }

    /// It is refused with 409; gives why.
    pub(crate) async fn refused(&self, token: &str, event: Value) -> (String, Value) {
        let (status, problem) = self.tries(token, event.clone()).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::CONFLICT, &json!("not_now")),
            "{event}"
        );
        (problem["detail"].as_str().unwrap().to_owned(), problem["unmet"].clone())
    }

    /// What the form shows as open before this step.
    async fn shown_open(&self, step: &str) -> Value {
        let session = self.now().await;
        let gates = session["gates"].as_array().unwrap();
        let gate = gates.iter().find(|gate| gate["step"] == step).unwrap();
        let open = gate["items"].as_array().unwrap().iter().filter(|item| item["met"] == false);
        let line = |item: &Value| match item["detail"].as_str().unwrap() {
            "" => item["text"].as_str().unwrap().to_owned(),
            detail => format!("{}: {detail}", item["text"].as_str().unwrap()),
        };
        open.map(line).collect()
    }

    /// The step is refused with the words that the form shows, this many of them.
    async fn is_refused_as_shown(&self, token: &str, step: &str, event: Value, count: usize) {
        let before = self.shown_open(step).await;
        let (_, unmet) = self.refused(token, event).await;
        let after = self.shown_open(step).await;
        assert!(unmet == before || unmet == after, "{step}: {unmet} instead of {before}");
        assert_eq!(unmet.as_array().unwrap().len(), count, "{step}: {unmet}");
    }
}

fn tokens(app: &App) -> [String; 3] {
    [("Toma Juric", "nurse"), ("Lena Brandt", "lead"), ("Sara Novak", "prescriber")]
        .map(|(name, role)| app.token(&["token", "add", name, "--role", role]))
}

fn with_reason(event: &Value, reason: &str) -> Value {
    let mut event = event.clone();
    event["override"] = json!({"reason": reason});
    event
}

fn minutes_ago(minutes: i64) -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    since.as_millis() as i64 - minutes * 60_000
}

/// Checked in, screened, measured and ordered; the second check and the ticks are missing.
async fn ordered<'a>(app: &'a App, room: &str, [_, lead, _]: &[String; 3]) -> Visit<'a> {
    let nurse = app.program_token.clone();
    let visit = Visit::open(app, room, "ketamine-iv-adult").await;
    let session = visit.does(&nurse, stated()).await;
    let no = json!({"type": "screening", "answers": all_no(&session)});
    visit.does(&nurse, no).await;
    let mut first = json!({"type": "manual_vitals", "systolic": 126, "diastolic": 81});
    first["occurred_at"] = json!(minutes_ago(4));
    visit.does(&nurse, first).await;
    visit.does(&nurse, json!({"type": "manual_vitals", "systolic": 124, "diastolic": 79})).await;
    visit.does(&nurse, json!({"type": "score", "score": "moaa_s", "value": 5})).await;
    let accept = json!({"type": "accept_baseline", "systolic": 124, "diastolic": 79,
        "heart_rate": 71, "spo2": 98, "override": {"reason": "the clip comes with the pump"}});
    visit.does(lead, accept).await;
    visit.does(&nurse, json!({"type": "order", "mg_per_kg": 0.5, "ordered_by": "S. Novak"})).await;
    visit
}

#[tokio::test]
async fn a_whole_day_from_check_in_to_leaving_with_what_each_step_asks_for() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let tokens = tokens(&app);
    let [other, lead, prescriber] = &tokens;
    let visit = Visit::open(&app, "1", "ketamine-iv-adult").await;

    let hardly = json!({"type": "check_in", "allergies": "latex"});
    visit.is_refused_as_shown(&nurse, "check_in", hardly, 4).await;
    let session = visit.does(&nurse, stated()).await;
    assert_eq!(session["phase"], "screening");
    assert_eq!(session["stated"]["series"], json!({"number": 2, "of": 8}));

    visit.is_refused_as_shown(&nurse, "screening", json!({"type": "screening"}), 13).await;
    let mut answers = all_no(&session);
    answers["medicines"] = json!(true);
    let yes = json!({"type": "screening", "answers": answers});
    let (why, unmet) = visit.refused(&nurse, yes.clone()).await;
    assert!(why.contains("A prescriber may go on all the same"), "{why}");
    assert_eq!(unmet.as_array().unwrap().len(), 1, "{unmet}");
    let mut reviewed = yes;
    reviewed["reviewed"] = json!(true);
    let (why, _) = visit.refused(&nurse, reviewed.clone()).await;
    assert!(why.starts_with("A prescriber has to look at a yes"), "{why}");
    let session = visit.does(prescriber, reviewed).await;
    assert_eq!(session["phase"], "baseline");

    let accept = json!({"type": "accept_baseline", "systolic": 124, "diastolic": 79,
        "heart_rate": 71, "spo2": 98});
    visit.is_refused_as_shown(&nurse, "baseline", accept.clone(), 3).await;
    let mut first = json!({"type": "manual_vitals", "systolic": 126, "diastolic": 81});
    first["occurred_at"] = json!(minutes_ago(4));
    visit.does(&nurse, first).await;
    visit.does(other, json!({"type": "manual_vitals", "systolic": 124, "diastolic": 79})).await;
    visit.does(other, json!({"type": "score", "score": "moaa_s", "value": 5})).await;
    visit.is_refused_as_shown(&nurse, "baseline", accept.clone(), 1).await;
    let because = with_reason(&accept, "the clip comes with the pump");
    let (why, _) = visit.refused(&nurse, because.clone()).await;
    assert!(
        why.ends_with(
            "A prescriber or a nurse lead may go on all the same, with a reason (override)."
        ),
        "{why}"
    );
    let session = visit.does(lead, because).await;
    assert_eq!(session["phase"], "ready");
    assert_eq!(session["waived"][0]["items"], json!(["HR and SpO2 good for 2 min"]));
    assert_eq!(session["waived"][0]["reason"], "the clip comes with the pump");

    let start = json!({"type": "start"});
    visit.is_refused_as_shown(&nurse, "start", start.clone(), 4).await;
    let order = json!({"type": "order", "mg_per_kg": 0.5, "ordered_by": "S. Novak"});
    let session = visit.does(&nurse, order).await;
    let shown = &session["order"];
    assert_eq!(
        (shown["mg"].as_f64(), shown["rate_ml_h"].as_f64()),
        (Some(41.25), Some(75.0)),
        "{shown}"
    );
    for item in ["second_check", "kit", "call_button"] {
        visit.does(&nurse, json!({"type": "check", "item": item})).await;
    }
    visit.is_refused_as_shown(&nurse, "start", start.clone(), 1).await;
    visit.does(other, json!({"type": "check", "item": "second_check"})).await;
    let session = visit.does(&nurse, start).await;
    assert_eq!((&session["phase"], &session["waived"][1]), (&json!("infusing"), &Value::Null));

    let ondansetron = json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg",
        "route": "iv"});
    visit.does(&nurse, ondansetron).await;
    visit.does(&nurse, json!({"type": "oxygen", "flow_l_min": 3, "device": "mask"})).await;
    visit.does(&nurse, json!({"type": "score", "score": "dissociation", "value": 7})).await;
    let slip = json!({"type": "adverse_event", "text": "line came off", "severity": "mild",
        "action": "new line"});
    let session = visit.does(&nurse, slip).await;
    assert_eq!(session["oxygen"]["flow_l_min"], 3);
    assert_eq!(session["adverse_events"][0]["action"], "new line");
    let given = session["medications"][0]["n"].clone();
    let taken_back = json!({"type": "correct", "event": given, "reason": "other patient"});
    let session = visit.does(other, taken_back).await;
    assert_eq!(session["medications"], json!([]));
    let events = session["events"].as_array().unwrap();
    let listed = events.iter().find(|event| event["n"] == given).unwrap();
    assert_eq!(listed["text"], "Ondansetron 4 mg IV", "the original stays");
    assert!(listed["withdrawn"]["by"].is_string(), "{listed}");
    visit.does(&nurse, json!({"type": "oxygen", "flow_l_min": 0})).await;

    let session = visit.does(&nurse, json!({"type": "stop"})).await;
    assert_eq!((&session["phase"], &session["oxygen"]), (&json!("recovery"), &Value::Null));
    let leaves = json!({"type": "discharge"});
    let open = visit.shown_open("discharge").await.as_array().unwrap().len();
    assert!(open >= 10, "{open}");
    visit.is_refused_as_shown(&nurse, "discharge", leaves.clone(), open).await;
    let because = with_reason(&leaves, "goes on to the ward by bed");
    let (why, _) = visit.refused(lead, because.clone()).await;
    assert!(why.contains("A prescriber may go on all the same"), "{why}");
    let session = visit.does(prescriber, because).await;
    assert_eq!(session["phase"], "discharged");
    let again = visit.tries(&nurse, leaves).await.1["detail"].as_str().unwrap().to_owned();
    assert!(again.starts_with("The session is over (discharged, by "), "{again}");
    assert_eq!(app.get("/api/v1/rooms/1").await["session"], Value::Null);
    let kept = visit.now().await;
    assert_eq!(kept["waived"].as_array().unwrap().len(), 2, "{}", kept["waived"]);
}

#[tokio::test]
async fn of_two_who_do_the_same_at_once_one_wins_and_the_other_is_told_by_whom() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let tokens = tokens(&app);
    let [other, ..] = &tokens;
    let visit = ordered(&app, "2", &tokens).await;
    for item in ["second_check", "kit", "call_button"] {
        visit.does(other, json!({"type": "check", "item": item})).await;
    }
    for (event, said) in [
        ("start", "The infusion has already started. Last entered: start, by "),
        ("pause", "Only a running infusion is paused. Last entered: pause, by "),
        ("resume", "Only a paused infusion is resumed. Last entered: resume, by "),
        ("stop", "No infusion is running. Last entered: stop, by "),
    ] {
        let event = json!({"type": event});
        let (one, two) =
            tokio::join!(visit.tries(&nurse, event.clone()), visit.tries(other, event.clone()));
        let (won, lost) = if one.0 == StatusCode::CREATED { (one, two) } else { (two, one) };
        assert_eq!((won.0, lost.0), (StatusCode::CREATED, StatusCode::CONFLICT), "{event}");
        let why = lost.1["detail"].as_str().unwrap();
        let by = won.1["events"].as_array().unwrap().last().unwrap()["by"].clone();
        let by = by.as_str().unwrap().to_owned();
        assert!(why.starts_with(&format!("{said}{by}, ")), "{event}: {why}");
    }
    let patient = json!({"patient": {"initials": "A.B."}});
    let path = "/api/v1/rooms/2/sessions";
    let (status, problem) = app.call_as(other, Method::POST, path, patient).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let why = problem["detail"].as_str().unwrap();
    assert!(why.starts_with("Room 2 already has a session, opened by "), "{why}");
}

#[tokio::test]
async fn at_a_shared_station_a_reason_needs_a_pin_and_a_prescribers_one_a_password() {
    let app = App::start().await;
    let add = |name: &str, role: &str, initials: &str, input: &str| {
        let args = ["staff", "add", name, "--role", role, "--initials", initials];
        let args = [&args[..], &["--password-stdin", "--pin-stdin"]].concat();
        let output = app.command(&args, input);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    add("Station", "nurse", "ST", "correct horse\n8352\n");
    add("Karla Maier", "nurse", "KM", "battery staple\n7391\n");
    add("Sara Novak", "prescriber", "SN", "purple monkey\n6284\n");
    let client = reqwest::Client::new();
    let origin = format!("http://{}", app.http);
    let who = json!({"name": "Station", "password": "correct horse"});
    let signed_in = send(client.post(app.url("/api/v1/login")).json(&who)).await;
    let cookie = signed_in.cookie().unwrap();
    let post = async |path: String, body: Value| {
        let request = client.post(app.url(&path)).header("Cookie", &cookie);
        let answer = send(request.header("Origin", &origin).json(&body)).await;
        (answer.status, answer.json())
    };
    let visit = Visit::open(&app, "3", "ketamine-iv-adult").await;
    let enter =
        async |event: Value| post(format!("/api/v1/sessions/{}/events", visit.id), event).await;
    let identify = async |who: Value| {
        let (status, said) = post("/api/v1/identify".to_owned(), who).await;
        assert!(status.is_success(), "{said}");
    };

    let mut without_number = stated();
    without_number.as_object_mut().unwrap().remove("series");
    let (status, problem) = enter(without_number.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_now")));
    let because = with_reason(&without_number, "a single treatment");
    let (status, problem) = enter(because.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("needs_identity")));
    let why = problem["detail"].as_str().unwrap();
    assert!(why.starts_with("Number in the series: "), "{why}");
    identify(json!({"initials": "KM", "pin": "7391"})).await;
    let (status, session) = enter(because).await;
    assert_eq!(status, StatusCode::CREATED, "{session}");
    assert_eq!(session["waived"][0]["by"], "KM");

    let mut answers = all_no(&session);
    answers["heart"] = json!(true);
    let reviewed = json!({"type": "screening", "answers": answers, "reviewed": true});
    let (status, _) = enter(reviewed.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT, "a nurse's PIN reviews nothing");
    identify(json!({"initials": "SN", "pin": "6284"})).await;
    let (status, problem) = enter(reviewed.clone()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("needs_password")));
    identify(json!({"initials": "SN", "password": "purple monkey"})).await;
    let (status, session) = enter(reviewed).await;
    assert_eq!((status, &session["phase"]), (StatusCode::CREATED, &json!("baseline")), "{session}");
}

#[tokio::test]
async fn a_station_is_nobody_for_the_order_and_its_second_check() {
    let app = App::start().await;
    let add = |name: &str, initials: &str, input: &str| {
        let args = ["staff", "add", name, "--role", "nurse", "--initials", initials];
        let args = [&args[..], &["--password-stdin", "--pin-stdin"]].concat();
        let output = app.command(&args, input);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    add("Station", "ST", "correct horse\n8352\n");
    add("Karla Maier", "KM", "battery staple\n7391\n");
    add("Toma Juric", "TJ", "purple monkey\n6284\n");
    let client = reqwest::Client::new();
    let origin = format!("http://{}", app.http);
    let who = json!({"name": "Station", "password": "correct horse"});
    let signed_in = send(client.post(app.url("/api/v1/login")).json(&who)).await;
    let cookie = signed_in.cookie().unwrap();
    let post = async |path: String, body: Value| {
        let request = client.post(app.url(&path)).header("Cookie", &cookie);
        let answer = send(request.header("Origin", &origin).json(&body)).await;
        (answer.status, answer.json())
    };
    let visit = Visit::open(&app, "3", "ketamine-iv-adult").await;
    let enter =
        async |event: Value| post(format!("/api/v1/sessions/{}/events", visit.id), event).await;
    let identify = async |initials: &str, pin: &str| {
        let who = json!({"initials": initials, "pin": pin});
        let (status, said) = post("/api/v1/identify".to_owned(), who).await;
        assert!(status.is_success(), "{said}");
    };
    let (status, _) = enter(stated()).await;
    assert_eq!(status, StatusCode::CREATED);
    let order = json!({"type": "order", "mg_per_kg": 0.5, "ordered_by": "S. Novak"});
    let check = json!({"type": "check", "item": "second_check"});
    for (event, words) in [
        (&order, "The order is recorded with the person who enters it."),
        (&check, "Somebody other than the person who entered the order does the second check."),
    ] {
        let (status, problem) = enter(event.clone()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("needs_identity")));
        assert!(problem["detail"].as_str().unwrap().starts_with(words), "{problem}");
    }
    assert_eq!(visit.now().await["order"], Value::Null, "nothing was entered");

    identify("KM", "7391").await;
    let (status, session) = enter(order).await;
    assert_eq!((status, &session["order"]["by"]), (StatusCode::CREATED, &json!("KM")));
    let (status, _) = enter(check.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "her tick is kept, and meets nothing");
    let nurse = app.program_token.clone();
    let open = "Second check of dose and rate: by another person than who entered the order";
    let has_it = |list: &Value| list.as_array().unwrap().contains(&json!(open));
    let shown = visit.shown_open("start").await;
    assert!(has_it(&shown), "{shown}");
    let (_, unmet) = visit.refused(&nurse, json!({"type": "start"})).await;
    assert!(has_it(&unmet), "{unmet}");

    identify("TJ", "6284").await;
    let (_, session) = enter(check).await;
    let gates = session["gates"].as_array().unwrap();
    let start = gates.iter().find(|gate| gate["step"] == "start").unwrap();
    let items = start["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["name"] == "second_check").unwrap();
    assert_eq!((&item["met"], &item["by"]), (&json!(true), &json!("TJ")), "{item}");
    let by = |name: &str| {
        let item = items.iter().find(|item| item["name"] == name).unwrap();
        (item["met_by"].as_str().unwrap(), item["waived_by"].as_str().unwrap())
    };
    assert_eq!(by("second_check").0, "second_person");
    assert_eq!(by("baseline"), ("baseline", "nobody"));
    assert_eq!(by("kit").0, "tick");
}
