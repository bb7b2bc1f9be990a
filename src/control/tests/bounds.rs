//! How many people, programs and devices there may be, and how much is asked and answered at once.

use std::path::{Path, PathBuf};

use super::*;
use crate::access::LONGEST_INITIALS;
use crate::clock::pass;
use crate::control::devices::MOST_DEVICES;
use crate::control::path::{LONGEST_ADDRESS, SocketPath};
use crate::store::{MAX_DEVICE_TOKENS, MAX_PROGRAMS, MAX_STAFF, StaffRow, TokenRow};

impl Bench {
    /// So many are there already, as far as the register knows.
    fn add_people(&self, count: usize) {
        for n in 0..count {
            self.context.store.register().apply(&Upsert::Staff(StaffRow {
                name: format!("person {n}"),
                initials: "P".into(),
                role: "nurse".into(),
                password_hash: "$argon2id$…".into(),
                pin_hash: None,
                active: true,
            }));
        }
    }

    fn add_tokens(&self, kind: TokenKind, count: usize) {
        for n in 0..count {
            let subject = format!("there-{n}");
            self.context.store.register().apply(&Upsert::Token(TokenRow {
                hash: token_hash(&subject),
                kind,
                subject,
                role: None,
                created_at: Millis(0),
                expires_at: None,
                last_used: None,
                ended: false,
            }));
        }
    }

    fn serve(&self) {
        let listener = Listener::bind(self.folder.path()).unwrap();
        tokio::spawn(serve(listener, self.context.clone(), CancellationToken::new()));
    }

    async fn client(&self) -> Client {
        Client::connect(self.folder.path()).await.unwrap().unwrap()
    }
}

fn nobody_called(name: impl Into<String>) -> RevokeToken {
    RevokeToken { name: name.into() }
}

#[tokio::test]
async fn there_are_so_many_people_and_one_of_them_still_gets_another_password() {
    let bench = Bench::new().await;
    bench.add_people(MAX_STAFF - 1);
    let added = bench.ask(kim("some words", None)).await;
    assert!(!added.now.existed);
    let ann = AddStaff {
        name: "Ann".into(),
        initials: None,
        role: Role::Nurse,
        password: secret("some words"),
        pin: None,
    };
    let refused = bench.refusal(ann).await;
    assert!(refused.starts_with("there are already 4096 people, which is the most"), "{refused}");
    let again = bench.ask(kim("other words", None)).await;
    assert!(again.now.existed);
}

#[tokio::test]
async fn so_many_programs_have_a_token_and_one_more_when_one_is_ended() {
    let bench = Bench::new().await;
    bench.add_tokens(TokenKind::Program, MAX_PROGRAMS - 1);
    let add = |name: &str| AddToken { name: name.into(), role: Role::Display };
    bench.ask(add("wall")).await;
    let refused = bench.refusal(add("another")).await;
    assert!(refused.starts_with("1024 programs at most have a token: end one"), "{refused}");
    assert!(bench.ask(add("wall")).await.now.replaced);
    bench.ask(nobody_called("there-7")).await;
    bench.ask(add("another")).await;
}

#[tokio::test]
async fn so_many_devices_have_a_token_and_none_of_a_list_gets_one_that_has_no_place() {
    let bench = Bench::new().await;
    bench.add_tokens(TokenKind::Device, MAX_DEVICE_TOKENS - 2);
    let refused = bench.refusal(devices(&[("a", None), ("b", None), ("c", None)])).await;
    assert!(refused.starts_with("16384 devices at most have a token: remove one"), "{refused}");
    let given = bench.ask(devices(&[("a", None), ("b", None), ("there-3", None)])).await;
    assert_eq!(given.now.len(), 3);
    assert!(bench.refusal(devices(&[("c", None)])).await.starts_with("16384 devices"));
}

#[tokio::test]
async fn so_many_devices_are_added_at_once() {
    let bench = Bench::new().await;
    let list = |count: usize| {
        let id = |n: usize| DeviceId::new(&format!("mon-{}", n.max(1))).unwrap();
        let devices = (0..count).map(|n| NewDevice { id: id(n), room: None });
        AddDevices { devices: devices.collect() }
    };
    // As many as may be, one of which is listed twice: none of it is done.
    let refused = bench.refusal(list(MOST_DEVICES)).await;
    assert_eq!(refused, "device \"mon-1\" is listed twice: give each once");
    let refused = bench.refusal(list(MOST_DEVICES + 1)).await;
    assert_eq!(refused, "10001 devices at once are too many: give at most 10000");
}

#[tokio::test]
async fn initials_are_few_characters() {
    let bench = Bench::new().await;
    let with = |characters: usize| {
        let initials = Some("Ä".repeat(characters));
        AddStaff { initials, ..kim("some words", None) }
    };
    bench.ask(with(LONGEST_INITIALS)).await;
    let refused = bench.refusal(with(LONGEST_INITIALS + 1)).await;
    assert!(refused.ends_with("write 1 to 4 characters with --initials"), "{refused}");
}

#[tokio::test]
async fn a_command_beyond_those_that_are_served_at_a_time_waits_until_one_leaves() {
    let bench = Bench::new().await;
    bench.serve();
    let mut served = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut client = bench.client().await;
        client.ask(ListStaff {}).await.unwrap();
        served.push(client);
    }
    let mut next = bench.client().await;
    let waiting = tokio::spawn(async move { next.ask(ListStaff {}).await });
    for client in &mut served {
        client.ask(ListStaff {}).await.unwrap();
    }
    assert!(!waiting.is_finished());
    served.pop();
    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test]
async fn commands_that_say_nothing_for_thirty_seconds_leave_their_places() {
    let bench = Bench::new().await;
    bench.serve();
    let mut silent = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut client = bench.client().await;
        client.ask(ListStaff {}).await.unwrap();
        silent.push(client);
    }
    pass(PATIENCE / 2).await;
    for client in &mut silent {
        assert!(client.ask(ListStaff {}).await.is_ok(), "it is still served");
    }
    pass(PATIENCE).await;
    let mut next = bench.client().await;
    assert!(next.ask(ListStaff {}).await.is_ok());
    assert!(matches!(silent[0].ask(ListStaff {}).await, Err(ControlError::Gone)));
}

#[tokio::test]
async fn a_command_that_is_too_long_is_not_sent_and_says_so() {
    let bench = Bench::new().await;
    bench.serve();
    let mut client = bench.client().await;
    let beside = serde_json::to_string(&AnyRequest::from(nobody_called(""))).unwrap().len();
    let request = |bytes: usize| nobody_called("x".repeat(bytes - beside));
    let refused = client.ask(request(LONGEST_REQUEST_BYTES)).await.unwrap_err();
    assert!(
        matches!(refused, ControlError::Refused { why } if why.starts_with("no program called"))
    );
    let error = client.ask(request(LONGEST_REQUEST_BYTES + 1)).await.unwrap_err();
    assert!(error.to_string().starts_with("this is more than the server takes at once"), "{error}");
    let goes_on = client.ask(ListStaff {}).await;
    assert!(goes_on.is_ok());
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read_and_that_is_said() {
    let bench = Bench::new().await;
    bench.serve();
    let request = nobody_called("x".repeat(5_000));
    let bytes = AnyRequest::from(request.clone()).perform(&bench.context).await.len();
    let ask = async |longest: usize| {
        let client = Client::connect_for(bench.folder.path(), longest).await;
        client.unwrap().unwrap().ask(request.clone()).await
    };
    assert!(matches!(ask(bytes).await, Err(ControlError::Refused { .. })));
    assert!(matches!(ask(bytes - 1).await, Err(ControlError::AnswerTooLong)));
}

#[tokio::test]
async fn a_socket_is_reached_however_long_its_path_is() {
    let folder = tempfile::tempdir().unwrap();
    // So that the socket's whole path has so many bytes.
    let at = |bytes: usize| -> PathBuf {
        let beside = folder.path().join("x").join(SOCKET).as_os_str().len() - 1;
        folder.path().join("x".repeat(bytes - beside))
    };
    let is_itself =
        |folder: &Path| SocketPath::new(folder, SOCKET).unwrap().as_path() == folder.join(SOCKET);
    for (bytes, is_short) in [(LONGEST_ADDRESS, true), (LONGEST_ADDRESS + 1, false)] {
        let folder = at(bytes);
        std::fs::create_dir(&folder).unwrap();
        assert_eq!(is_itself(&folder), is_short);
        let _listener = Listener::bind(&folder).unwrap();
        assert!(Client::connect(&folder).await.unwrap().is_some(), "{bytes} bytes");
    }
}
