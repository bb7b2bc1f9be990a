//! The work as a command sees it: beside a server over its socket, and without one.

mod bounds;
mod ward;

use std::fmt::Debug;

use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::access::{Role, token_hash, verify_secret};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::record::Chain;
use crate::store::{SessionRow, TokenKind, Upsert};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId};

struct Bench {
    folder: TempDir,
    context: ControlContext,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        let context = ControlContext {
            sink: RecordSink::Journal(journal.clone()),
            store: journal.store(),
            journal,
            clock: Clock::start(),
            rooms: ["1", "2"].map(|id| RoomId::new(id).unwrap()).to_vec(),
            devices: Vec::new(),
            outbound: Default::default(),
        };
        Self { folder, context }
    }

    async fn ask<R: Request>(&self, request: R) -> R::Answer {
        request.perform(&self.context).await.unwrap()
    }

    async fn refusal<R: Request<Answer: Debug>>(&self, request: R) -> String {
        request.perform(&self.context).await.unwrap_err().to_string()
    }

    async fn clinic(&self) -> Vec<serde_json::Value> {
        let entries = self.context.journal.read(&Chain::Clinic, 1, 100).await.unwrap();
        entries.iter().map(|stored| serde_json::from_str(&stored.entry.body).unwrap()).collect()
    }
}

fn secret(text: &str) -> Secret {
    Secret(text.to_owned())
}

fn kim(password: &str, pin: Option<&str>) -> AddStaff {
    AddStaff {
        name: "Kim Meyer".into(),
        initials: None,
        role: Role::Nurse,
        password: secret(password),
        pin: pin.map(secret),
    }
}

fn devices(list: &[(&str, Option<&str>)]) -> AddDevices {
    let device = |(id, room): &(&str, Option<&str>)| NewDevice {
        id: DeviceId::new(id).unwrap(),
        room: room.map(|room| RoomId::new(room).unwrap()),
    };
    AddDevices { devices: list.iter().map(device).collect() }
}

#[tokio::test]
async fn staff_are_added_then_changed_and_the_chain_holds_no_secret() {
    let bench = Bench::new().await;
    let added = bench.ask(kim("first words", Some("4711"))).await;
    let person = Person {
        name: "Kim Meyer".into(),
        initials: "KM".into(),
        role: "nurse".into(),
        pin: true,
        active: true,
    };
    let answer = |existed| {
        let now = AddedPerson { person: person.clone(), existed };
        Changed { now, recorded: true }
    };
    assert_eq!(added, answer(false));
    assert_eq!(bench.ask(kim("other words", None)).await, answer(true));
    assert_eq!(bench.ask(ListStaff {}).await, [person]);

    let row = bench.context.store.register().staff_named("Kim Meyer").unwrap();
    assert!(verify_secret("other words", &row.password_hash));
    assert!(verify_secret("4711", &row.pin_hash.unwrap()), "the PIN stays");
    let clinic = bench.clinic().await;
    assert_eq!(
        clinic[0]["staff_added"],
        serde_json::json!({"name": "Kim Meyer", "initials": "KM", "role": "nurse"})
    );
    assert_eq!(clinic[1]["staff_changed"]["name"], "Kim Meyer");
    assert_eq!(clinic[1]["staff"], "cli");
}

#[tokio::test]
async fn what_is_wrong_with_a_person_is_said() {
    let bench = Bench::new().await;
    let refused = bench.refusal(kim("some words", Some("12"))).await;
    assert_eq!(refused, "a PIN has 4 to 6 digits");
    let refused = bench.refusal(kim("nine long", None)).await;
    assert!(
        refused.starts_with("a password has at least 10 characters, this one has 9"),
        "{refused}"
    );
    let refused = bench.refusal(kim("Password2026", None)).await;
    assert!(
        refused.starts_with("this password is one of the first that a guesser tries"),
        "{refused}"
    );
    let refused = bench.refusal(kim("some words", Some("123"))).await;
    assert_eq!(refused, "a PIN has 4 to 6 digits");
    assert_eq!(bench.clinic().await.len(), 0);
}

#[tokio::test]
async fn a_device_that_is_added_again_gets_a_new_token_and_the_old_one_ends() {
    let bench = Bench::new().await;
    let mut given = Vec::new();
    for _ in 0..2 {
        let issued = bench.ask(devices(&[("mon-3", Some("2"))])).await;
        assert!(issued.recorded);
        given.extend(issued.now);
    }
    assert_eq!([given[0].replaced, given[1].replaced], [false, true]);
    let now = bench.context.clock.now();
    let token = |given: &IssuedToken| {
        let known = bench.context.store.register().token(&token_hash(&given.token.0), now);
        known.map(|(row, _)| row.kind)
    };
    assert_eq!(token(&given[0]), None);
    assert_eq!(token(&given[1]), Some(TokenKind::Device));

    let device = bench.context.store.device(&DeviceId::new("mon-3").unwrap()).await.unwrap();
    assert_eq!(device.unwrap().room.unwrap().as_str(), "2");
    let clinic = bench.clinic().await;
    assert_eq!(clinic[1]["binding"], serde_json::json!({"device": "mon-3", "room": "2"}));
    let whole = serde_json::to_string(&clinic).unwrap();
    assert!(given.iter().all(|given| !whole.contains(&given.token.0)));
}

#[tokio::test]
async fn no_device_is_added_when_one_of_them_is_wrong() {
    let bench = Bench::new().await;
    let refused = bench.refusal(devices(&[("a", None), ("b", Some("9"))])).await;
    assert_eq!(refused, "there is no room \"9\" for device \"b\": the rooms are 1, 2");
    let refused = bench.refusal(devices(&[("a", None), ("a", Some("1"))])).await;
    assert_eq!(refused, "device \"a\" is listed twice: give each once");
    assert_eq!(bench.clinic().await.len(), 0);
}

#[tokio::test]
async fn a_program_has_one_token_with_its_role() {
    let bench = Bench::new().await;
    let request = AddToken { name: "wall".into(), role: Role::Display };
    bench.ask(request.clone()).await;
    bench.ask(request).await;
    let now = bench.context.clock.now();
    let tokens = bench.context.store.register().tokens(TokenKind::Program, now);
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].role.as_deref(), Some(Role::Display.name()));
}

#[tokio::test]
async fn whoever_may_come_in_no_more_is_out_at_once_and_the_record_says_so() {
    let bench = Bench::new().await;
    bench.ask(kim("first words", None)).await;
    bench.ask(AddToken { name: "wall".into(), role: Role::Display }).await;
    let tokens = bench.ask(ListTokens {}).await;
    assert_eq!((&*tokens[0].name, &*tokens[0].role, tokens.len()), ("wall", "display", 1));
    let name = || "Kim Meyer".to_owned();
    let role = SetRole { name: name(), role: Role::Lead };
    let Changed { now: person, recorded: true } = bench.ask(role).await else { panic!() };
    assert_eq!((&*person.role, person.active), ("lead", true));
    let refused = bench.refusal(SetPassword { name: name(), password: secret("meyer12345") });
    assert!(refused.await.starts_with("this password is derived from the name"));
    let password = SetPassword { name: name(), password: secret("second words") };
    assert!(bench.ask(password).await.recorded);
    let row = bench.context.store.register().staff_named(&name()).unwrap();
    assert!(verify_secret("second words", &row.password_hash));
    let disable = DisableStaff { name: name() };
    assert!(!bench.ask(disable).await.now.active);
    let revoke = || RevokeToken { name: "wall".into() };
    assert!(bench.ask(revoke()).await.recorded);
    assert_eq!(bench.ask(ListTokens {}).await, []);

    let refused = bench.refusal(revoke()).await;
    assert_eq!(
        refused,
        "no program called \"wall\" has a token: `dripwatch token list` shows those that do"
    );
    let refused = bench.refusal(DisableStaff { name: "Ann".into() }).await;
    assert_eq!(refused, "there is nobody called \"Ann\": `dripwatch staff list` shows everybody");
    let clinic = bench.clinic().await;
    let what = |entry: &serde_json::Value| {
        let keys = entry.as_object().unwrap().keys();
        keys.filter(|key| !matches!(key.as_str(), "at" | "staff" | "audit"))
            .cloned()
            .collect::<String>()
    };
    assert_eq!(
        clinic.iter().map(what).collect::<Vec<_>>(),
        [
            "staff_added",
            "token_added",
            "staff_changed",
            "password_changed",
            "staff_disabled",
            "token_revoked"
        ]
    );
}

#[tokio::test]
async fn every_chain_can_be_verified() {
    let bench = Bench::new().await;
    bench.ask(kim("some words", None)).await;
    let state = bench.ask(VerifyRecord {}).await;
    assert!(state.whole && state.database.whole && state.head_files[0].whole, "{state:?}");
    let [clinic] = &state.chains[..] else { panic!("{state:?}") };
    assert_eq!((clinic.chain.as_str(), clinic.seq, clinic.whole), ("clinic", 1, true));
    assert!(clinic.hash.is_some());
    assert!(bench.ask(AcceptLoss { chains: vec![] }).await.recorded);
    let state = bench.ask(VerifyRecord {}).await;
    assert!(state.whole && state.chains[0].seq == 2, "{state:?}");
}

#[tokio::test]
async fn a_running_server_does_the_same_over_its_socket() {
    let bench = Bench::new().await;
    assert!(Client::connect(bench.folder.path()).await.unwrap().is_none());
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let listener = Listener::bind(bench.folder.path()).unwrap();
    tasks.spawn(serve(listener, bench.context.clone(), stop.clone()));

    let mut client = Client::connect(bench.folder.path()).await.unwrap().unwrap();
    let added = client.ask(kim("some words", None)).await.unwrap();
    assert!(added.recorded && !added.now.existed);
    let row = SessionRow {
        id: SessionId::new("s1").unwrap(),
        room: RoomId::new("1").unwrap(),
        profile: "p".into(),
        phase: "discharged".into(),
        opened_at: Millis(10),
        started_at: None,
        ended_at: Some(Millis(20)),
        opened_seq: 1,
        ended_seq: Some(2),
        json: "{}".into(),
    };
    let (stored, told) = tokio::sync::oneshot::channel();
    bench.context.store.put(vec![Upsert::Session(row)], vec![stored]).unwrap();
    told.await.unwrap();
    let listed = client.ask(ListSessions { after: None }).await.unwrap();
    assert_eq!(listed, bench.ask(ListSessions { after: None }).await);

    stop.cancel();
    tasks.close();
    tasks.wait().await;
    assert!(Client::connect(bench.folder.path()).await.unwrap().is_none());
    assert!(!bench.folder.path().join(SOCKET).exists());
}

#[tokio::test]
async fn only_the_owner_may_connect_and_a_socket_left_behind_is_replaced() {
    use std::os::unix::fs::PermissionsExt;
    // Longer than the system takes as an address.
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("a".repeat(120));
    std::fs::create_dir(&folder).unwrap();
    let left = Listener::bind(&folder).unwrap();
    let mode = std::fs::metadata(folder.join(SOCKET)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::mem::forget(left);
    let _new = Listener::bind(&folder).unwrap();
    assert!(Client::connect(&folder).await.unwrap().is_some());
}

#[tokio::test]
async fn a_request_that_is_none_is_answered_in_words() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_util::codec::{Framed, LinesCodec};
    let bench = Bench::new().await;
    let stop = CancellationToken::new();
    let listener = Listener::bind(bench.folder.path()).unwrap();
    tokio::spawn(serve(listener, bench.context.clone(), stop.clone()));
    for line in ["{}".to_owned(), "x".repeat(LONGEST_REQUEST_BYTES + 1)] {
        let socket = tokio::net::UnixStream::connect(bench.folder.path().join(SOCKET)).await;
        let mut lines = Framed::new(socket.unwrap(), LinesCodec::new());
        let _ = lines.send(line).await;
        let answer = lines.next().await.unwrap().unwrap();
        assert!(answer.contains("does not understand this command"), "{answer}");
    }
}

#[tokio::test]
async fn a_server_of_another_version_is_told_apart_and_does_nothing() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_util::codec::{Framed, LinesCodec};
    let bench = Bench::new().await;
    let socket = tokio::net::UnixListener::bind(bench.folder.path().join(SOCKET)).unwrap();
    let answers = [
        // As one from before requests had names of their own refuses, and as it answers.
        (
            r#"{"answer":"refused","why":"the server does not understand this command"}"#,
            "the server does not understand this command",
        ),
        (
            r#"{"answer":"staff","staff":[]}"#,
            "the running server is of another version: use the program that it was started with",
        ),
        (
            "what is this",
            "the running server is of another version: use the program that it was started with",
        ),
    ];
    for (answer, said) in answers {
        let mut client = Client::connect(bench.folder.path()).await.unwrap().unwrap();
        let (stream, _) = socket.accept().await.unwrap();
        let mut lines = Framed::new(stream, LinesCodec::new());
        let (asked, ()) = tokio::join!(client.ask(ListStaff {}), async {
            lines.next().await.unwrap().unwrap();
            lines.send(answer).await.unwrap();
        });
        assert_eq!(asked.unwrap_err().to_string(), said);
    }
    // And what an older command asks is refused in words that it can read.
    drop(socket);
    std::fs::remove_file(bench.folder.path().join(SOCKET)).unwrap();
    let stop = CancellationToken::new();
    let listener = Listener::bind(bench.folder.path()).unwrap();
    tokio::spawn(serve(listener, bench.context.clone(), stop.clone()));
    let socket = tokio::net::UnixStream::connect(bench.folder.path().join(SOCKET)).await;
    let mut lines = Framed::new(socket.unwrap(), LinesCodec::new());
    lines.send(r#"{"request":"add_token","name":"wall","role":"display"}"#).await.unwrap();
    let answer: serde_json::Value =
        serde_json::from_str(&lines.next().await.unwrap().unwrap()).unwrap();
    assert_eq!(answer["answer"], "refused");
    let why = answer["why"].as_str().unwrap();
    assert!(
        why.starts_with("the server does not understand this command, are both of one"),
        "{why}"
    );
    assert_eq!(bench.clinic().await.len(), 0);
}
