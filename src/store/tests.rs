//! The views as their users see them, over real files.

mod searches;

use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::journal::Journal;
use crate::record::{AnswerRow, KeyedRequest};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId};

struct Bench {
    folder: TempDir,
    store: Store,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Journal::open(folder.path()).await.unwrap().store();
        Self { folder, store }
    }

    async fn put(&self, changes: Vec<Upsert>) {
        let (stored, told) = oneshot::channel();
        self.store.put(changes, vec![stored]).unwrap();
        told.await.unwrap();
    }

    /// Who may come in as it is in memory, and as the next start finds it on disk: the same.
    async fn registers(&self) -> [Register; 2] {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.folder.path().join("dripwatch.db"));
        let mut connection =
            <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
        [self.store.register().clone(), Register::load(&mut connection).await.unwrap()]
    }

    /// The token with this hash, of which memory and disk say the same.
    async fn token(&self, hash: u8, at: i64) -> Option<TokenRow> {
        let registers = self.registers().await;
        let [here, there] = registers.map(|known| known.token(&[hash; 32], Millis(at)));
        let [here, there] = [here, there].map(|known| known.map(|(row, _)| row));
        assert_eq!(here, there);
        here
    }

    /// What twice does must be what once does.
    async fn put_twice(&self, changes: Vec<Upsert>) {
        self.put(changes.clone()).await;
        self.put(changes).await;
    }
}

fn room(id: &str) -> RoomId {
    RoomId::new(id).unwrap()
}

fn device(id: &str) -> DeviceId {
    DeviceId::new(id).unwrap()
}

fn session(id: &str, room_id: &str, opened_at: i64) -> SessionRow {
    SessionRow {
        id: SessionId::new(id).unwrap(),
        room: room(room_id),
        profile: "ketamine-iv-adult".into(),
        phase: "baseline".into(),
        opened_at: Millis(opened_at),
        started_at: None,
        ended_at: None,
        opened_seq: 7,
        ended_seq: None,
        json: r#"{"patient":{"initials":"J.T."}}"#.into(),
    }
}

fn alert(id: &str, state: &str, raised_at: i64) -> AlertRow {
    AlertRow {
        id: id.into(),
        room: Some(room("3")),
        session: None,
        condition: "spo2_low".into(),
        priority: "high".into(),
        state: super::alerts::state(state).unwrap(),
        raised_at: Millis(raised_at),
        ended_at: None,
        json: "{}".into(),
    }
}

fn token(hash: u8, kind: TokenKind, subject: &str, expires_at: Option<i64>) -> TokenRow {
    TokenRow {
        hash: [hash; 32],
        kind,
        subject: subject.into(),
        role: None,
        created_at: Millis(100),
        expires_at: expires_at.map(Millis),
        last_used: None,
        ended: false,
    }
}

fn person(name: &str, initials: &str) -> StaffRow {
    StaffRow {
        name: name.into(),
        initials: initials.into(),
        role: "nurse".into(),
        password_hash: "$argon2id$…".into(),
        pin_hash: None,
        active: true,
    }
}

#[tokio::test]
async fn a_session_is_what_was_said_last() {
    let bench = Bench::new().await;
    let opened = session("s1", "3", 10);
    let ended = SessionRow {
        phase: "discharged".into(),
        started_at: Some(Millis(20)),
        ended_at: Some(Millis(90)),
        ended_seq: Some(70),
        ..opened.clone()
    };
    bench.put_twice(vec![Upsert::Session(opened), Upsert::Session(ended.clone())]).await;
    assert_eq!(bench.store.session(&ended.id).await.unwrap(), Some(ended.clone()));
    let all = bench.store.sessions(&SessionFilter::default(), 10).await.unwrap();
    assert_eq!(all, Page { rows: vec![ended], next: None });
}

#[tokio::test]
async fn sessions_are_found_by_room_state_and_time() {
    let bench = Bench::new().await;
    let over = SessionRow { ended_at: Some(Millis(15)), ..session("s1", "3", 10) };
    let rows = [over, session("s2", "3", 20), session("s3", "4", 30)];
    bench.put(rows.into_iter().map(Upsert::Session).collect()).await;
    let ids = async |filter: SessionFilter| {
        let page = bench.store.sessions(&filter, 10).await.unwrap();
        page.rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>()
    };
    let any = SessionFilter::default;
    assert_eq!(ids(SessionFilter { room: Some(room("3")), ..any() }).await, ["s2", "s1"]);
    assert_eq!(ids(SessionFilter { open: Some(true), ..any() }).await, ["s3", "s2"]);
    assert_eq!(ids(SessionFilter { open: Some(false), ..any() }).await, ["s1"]);
    let between = SessionFilter { from: Some(Millis(10)), to: Some(Millis(20)), ..any() };
    assert_eq!(ids(between).await, ["s2", "s1"]);
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_also_within_one_millisecond() {
    let bench = Bench::new().await;
    let rows = ["a", "b", "c", "d", "e"].map(|id| Upsert::Alert(alert(id, "active", 10)));
    bench.put(rows.to_vec()).await;
    let mut seen = Vec::new();
    let mut filter = AlertFilter::default();
    loop {
        let page = bench.store.alerts(&filter, 2).await.unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        filter.after = Some(next.to_string().parse().unwrap());
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
}

#[tokio::test]
async fn open_alerts_are_those_active_or_latched() {
    let bench = Bench::new().await;
    let of_session = AlertRow {
        session: Some(SessionId::new("s1").unwrap()),
        room: None,
        ended_at: Some(Millis(45)),
        ..alert("d", "resolved", 40)
    };
    let rows = [
        alert("a", "active", 10),
        alert("b", "latched", 20),
        alert("c", "active", 30),
        alert("c", "resolved", 30),
        of_session.clone(),
    ];
    bench.put_twice(rows.into_iter().map(Upsert::Alert).collect()).await;
    let ids = async |filter: AlertFilter| {
        let page = bench.store.alerts(&filter, 10).await.unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let any = AlertFilter::default;
    assert_eq!(ids(AlertFilter { states: AlertStates::Open, ..any() }).await, ["b", "a"]);
    assert_eq!(ids(AlertFilter { states: AlertStates::Active, ..any() }).await, ["a"]);
    assert_eq!(ids(AlertFilter { states: AlertStates::Latched, ..any() }).await, ["b"]);
    assert_eq!(ids(AlertFilter { states: AlertStates::Resolved, ..any() }).await, ["d", "c"]);
    assert_eq!(ids(AlertFilter { room: Some(room("3")), ..any() }).await, ["c", "b", "a"]);
    assert_eq!(ids(AlertFilter { session: of_session.session.clone(), ..any() }).await, ["d"]);
    assert_eq!(bench.store.alert("d").await.unwrap(), Some(of_session));
}

#[tokio::test]
async fn hearing_a_device_and_binding_it_do_not_undo_one_another() {
    let bench = Bench::new().await;
    let heard = |at| Upsert::DeviceHeard {
        device: device("mon"),
        adapter: "native".into(),
        at: Millis(at),
    };
    let bind = |room_id| Upsert::Binding { device: device("mon"), room: room_id };
    bench.put(vec![bind(Some(room("3")))]).await;
    let bound = DeviceRow {
        id: device("mon"),
        adapter: None,
        first_heard: None,
        last_heard: None,
        room: Some(room("3")),
        original: None,
        binding: Binding::Own,
    };
    assert_eq!(bench.store.devices().await.unwrap(), std::slice::from_ref(&bound));

    bench.put_twice(vec![heard(20), heard(10), heard(30)]).await;
    let heard = DeviceRow {
        adapter: Some("native".into()),
        first_heard: Some(Millis(10)),
        last_heard: Some(Millis(30)),
        ..bound
    };
    assert_eq!(bench.store.device(&device("mon")).await.unwrap(), Some(heard.clone()));

    bench.put_twice(vec![bind(None)]).await;
    let free = DeviceRow { room: None, ..heard };
    assert_eq!(bench.store.device(&device("mon")).await.unwrap(), Some(free));
}

#[tokio::test]
async fn rooms_stand_in_the_order_that_staff_gave_them() {
    let bench = Bench::new().await;
    let row = |id, order| RoomRow { id: room(id), name: format!("Room {id}"), order };
    let rows = [row("1", 5), row("2", 1), row("3", 1), row("1", 0)];
    bench.put_twice(rows.into_iter().map(Upsert::Room).collect()).await;
    assert_eq!(bench.store.rooms().await.unwrap(), [row("1", 0), row("2", 1), row("3", 1)]);
}

#[tokio::test]
async fn two_people_may_share_their_initials() {
    let bench = Bench::new().await;
    let gone = StaffRow { active: false, ..person("kim", "KM") };
    let kate = StaffRow { pin_hash: Some("$argon2id$…".into()), ..person("kate", "KM") };
    let rows = [person("karl", "KM"), kate.clone(), gone.clone(), person("zoe", "ZA")];
    bench.put_twice(rows.into_iter().map(Upsert::Staff).collect()).await;
    for register in bench.registers().await {
        assert_eq!(register.staff_with_initials("km"), [person("karl", "KM"), kate.clone()]);
        assert_eq!(register.staff_named("kim"), Some(gone.clone()));
        assert_eq!(register.staff_named("nobody"), None);
        assert_eq!(register.staff().len(), 4);
    }
}

#[tokio::test]
async fn a_token_is_worth_something_until_it_expires_or_ends() {
    let bench = Bench::new().await;
    let login = token(1, TokenKind::Login, "kim", Some(200));
    bench.put_twice(vec![Upsert::Token(login.clone())]).await;
    assert_eq!(bench.token(1, 199).await, Some(login.clone()));
    assert_eq!(bench.token(1, 200).await, None);
    assert_eq!(bench.token(2, 150).await, None);

    let used = Upsert::TokenUsed { hash: [1; 32], at: Millis(190), expires_at: Some(Millis(300)) };
    bench.put_twice(vec![used]).await;
    let prolonged =
        TokenRow { last_used: Some(Millis(190)), expires_at: Some(Millis(300)), ..login.clone() };
    assert_eq!(bench.token(1, 200).await, Some(prolonged));

    bench.put_twice(vec![Upsert::EndToken { hash: [1; 32] }]).await;
    assert_eq!(bench.token(1, 150).await, None);
    // Nothing brings it back.
    bench.put(vec![Upsert::Token(login)]).await;
    assert_eq!(bench.token(1, 150).await, None);
}

#[tokio::test]
async fn no_login_lives_for_years_because_it_was_given_out_while_the_clock_ran_ahead() {
    const AHEAD_MS: i64 = 10 * 365 * 86_400_000;
    let bench = Bench::new().await;
    let given_out = |at: i64| TokenRow {
        created_at: Millis(at),
        last_used: Some(Millis(at)),
        ..token(1, TokenKind::Login, "kim", Some(at + 1_000))
    };
    let device = token(2, TokenKind::Device, "mon", None);
    let rows = vec![Upsert::Token(given_out(AHEAD_MS)), Upsert::Token(device.clone())];
    bench.put(rows).await;
    bench.store.move_logins(-AHEAD_MS);
    bench.put(vec![]).await;
    assert_eq!(bench.token(1, 999).await, Some(given_out(0)));
    assert_eq!(bench.token(1, 1_000).await, None);
    assert_eq!(bench.token(2, 1_000).await, Some(device));
}

#[tokio::test]
async fn a_new_token_for_a_device_ends_the_old_one_and_no_other() {
    let bench = Bench::new().await;
    let new = token(2, TokenKind::Device, "mon", None);
    bench
        .put_twice(vec![
            Upsert::Token(token(1, TokenKind::Device, "mon", None)),
            Upsert::Token(token(3, TokenKind::Device, "mon-2", None)),
            Upsert::Token(token(4, TokenKind::Program, "mon", None)),
            Upsert::EndTokens { kind: TokenKind::Device, subject: "mon".into() },
        ])
        .await;
    bench.put(vec![Upsert::Token(new.clone())]).await;
    for register in bench.registers().await {
        let devices = register.tokens(TokenKind::Device, Millis(500));
        assert_eq!(devices, [new.clone(), token(3, TokenKind::Device, "mon-2", None)]);
        assert_eq!(register.subjects(TokenKind::Device), 2);
        assert!(register.has_token(TokenKind::Program, "mon"));
    }
    assert!(bench.token(4, 500).await.is_some());
}

#[tokio::test]
async fn signing_in_clears_logins_that_have_expired() {
    let bench = Bench::new().await;
    let later =
        TokenRow { created_at: Millis(250), ..token(2, TokenKind::Login, "kim", Some(400)) };
    bench.put(vec![Upsert::Token(token(1, TokenKind::Login, "kim", Some(200)))]).await;
    bench.put(vec![Upsert::Token(later)]).await;
    let [_, on_disk] = bench.registers().await;
    assert_eq!(on_disk.tokens(TokenKind::Login, Millis(0)).len(), 1);
}

#[tokio::test]
async fn the_audit_holds_each_line_once_newest_first() {
    let bench = Bench::new().await;
    let line = |at, detail: &str| AuditRow {
        at: Millis(at),
        who: "kim".into(),
        what: "bind device".into(),
        detail: detail.into(),
    };
    let lines = [line(10, "a"), line(20, "b"), line(20, "c"), line(30, "d")];
    bench.put_twice(lines.iter().cloned().map(Upsert::Audit).collect()).await;
    let first = bench.store.audit(None, 2).await.unwrap();
    assert_eq!(first.rows, [line(30, "d"), line(20, "c")]);
    let rest = bench.store.audit(first.next.as_ref(), 5).await.unwrap();
    assert_eq!(rest, Page { rows: vec![line(20, "b"), line(10, "a")], next: None });
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer_for_a_day() {
    let bench = Bench::new().await;
    let request = |who: &str| KeyedRequest {
        key: "k1".into(),
        who: who.into(),
        method_path: "POST /api/v1/rooms/1/sessions".into(),
    };
    let answer = |at, body: &str| {
        let (request, body, at) = (request("kim"), body.into(), Millis(at));
        AnswerRow { request, status: 201, body, at }
    };
    let ask = async |since| bench.store.answer(&request("kim"), Millis(since)).await.unwrap();
    bench.put(vec![Upsert::Answer(answer(1_000, "first"))]).await;
    bench.put(vec![Upsert::Answer(answer(2_000, "second"))]).await;
    assert_eq!(ask(0).await, Some(answer(1_000, "first")));
    assert_eq!(ask(1_001).await, None);
    assert_eq!(bench.store.answer(&request("karl"), Millis(0)).await.unwrap(), None);

    let next_day = answer(1_001 + ANSWER_KEPT_MS, "next day");
    bench.put(vec![Upsert::Answer(next_day.clone())]).await;
    assert_eq!(ask(0).await, Some(next_day));
}

#[tokio::test]
async fn the_newest_answers_are_read_with_bodies_as_far_as_there_is_room() {
    let bench = Bench::new().await;
    let answer = |at: i64, body: &str| {
        let (key, who, method_path) = (format!("k{at}"), "kim".into(), "POST /x".into());
        let request = KeyedRequest { key, who, method_path };
        Upsert::Answer(AnswerRow { request, status: 200, body: body.into(), at: Millis(at) })
    };
    bench
        .put(vec![answer(1, "{}"), answer(2, "{\"a\":1}"), answer(3, "{}"), answer(4, "{}")])
        .await;
    let read = async |since, count, bytes| {
        let rows = bench.store.recent_answers(Millis(since), count, bytes).await.unwrap();
        let body = |body: Option<Vec<u8>>| body.map(|body| String::from_utf8(body).unwrap());
        rows.into_iter().map(|row| (row.at.0, body(row.body))).collect::<Vec<_>>()
    };
    let whole = |at, body: &str| (at, Some(body.to_owned()));
    assert_eq!(read(2, 10, 100).await, [whole(2, "{\"a\":1}"), whole(3, "{}"), whole(4, "{}")]);
    assert_eq!(read(0, 2, 100).await, [whole(3, "{}"), whole(4, "{}")], "the newest");
    assert_eq!(read(0, 10, 5).await, [(1, None), (2, None), whole(3, "{}"), whole(4, "{}")]);
}

#[tokio::test]
async fn the_newest_version_of_a_profile_counts_and_older_ones_stay_readable() {
    let bench = Bench::new().await;
    let shipped = crate::profile::builtin("iron-iv").unwrap();
    let version = |version: u32, by: &str| {
        let profile = crate::profile::Profile { version, ..(*shipped).clone() };
        let changed =
            Some(crate::profile::Change { by: by.to_owned(), at: Millis(i64::from(version)) });
        Upsert::Profile(ProfileRow::new(&profile, changed))
    };
    bench.put_twice(vec![version(9, "KM"), version(10, "TS")]).await;
    let kept = async |version| bench.store.profile("iron-iv", version).await.unwrap();
    let by = async |version| kept(version).await.unwrap().changed.map(|changed| changed.by);
    assert_eq!(by(None).await.as_deref(), Some("TS"), "ten is more than nine");
    assert_eq!(by(Some(9)).await.as_deref(), Some("KM"));
    assert_eq!(by(Some(shipped.version)).await, None);
    assert_eq!(kept(Some(8)).await, None);
    assert_eq!(bench.store.newest_profiles().await.unwrap().len(), 1);

    // Approved later by somebody: who made it stays.
    let approved = crate::profile::Approval { by: "Dr Bell".into(), at: 11 };
    let signed =
        crate::profile::Profile { version: 10, approved: Some(approved), ..(*shipped).clone() };
    bench.put_twice(vec![Upsert::Profile(ProfileRow::new(&signed, None))]).await;
    let now = kept(None).await.unwrap();
    assert_eq!(now.changed.unwrap().by, "TS");
    assert_eq!(now.profile.approved.unwrap().by, "Dr Bell");
}

#[test]
fn a_page_of_sessions_is_made_up_by_what_the_rooms_know() {
    let over = |id: &str, at| SessionRow { ended_at: Some(Millis(at + 5)), ..session(id, "3", at) };
    let stored = vec![session("s3", "3", 30), session("s2", "3", 20), over("s1", 10)];
    let known = vec![session("s4", "4", 40), over("s3", 30), session("s2", "3", 20)];
    let brought = |filter: &SessionFilter| {
        let page = Page { rows: stored.clone(), next: None };
        let page = page.brought_up_to_date(known.clone(), filter, 10);
        page.rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>()
    };
    let all = SessionFilter::default;
    assert_eq!(brought(&all()), ["s4", "s3", "s2", "s1"]);
    let of_room = SessionFilter { room: Some(room("4")), ..all() };
    assert_eq!(brought(&of_room)[0], "s4");
    let running = SessionFilter { open: Some(true), ..all() };
    let page: Page<SessionRow> = Page { rows: Vec::new(), next: None };
    let page = page.brought_up_to_date(known.clone(), &running, 1);
    assert_eq!((page.rows[0].id.as_str(), page.next.unwrap().to_string()), ("s4", "40.s4".into()));
}

#[test]
fn a_page_of_alerts_is_made_up_by_what_the_rooms_know() {
    let page = |rows: Vec<AlertRow>, next: Option<&str>| Page {
        rows,
        next: next.map(|next| next.parse().unwrap()),
    };
    let brought = |page: Page<AlertRow>, known: Vec<AlertRow>, filter: &AlertFilter| {
        let page = page.brought_up_to_date(known, filter, 3);
        let rows: Vec<String> =
            page.rows.iter().map(|row| format!("{} {}", row.id, row.state.name())).collect();
        (rows.join(", "), page.next.map(|next| next.to_string()))
    };
    let all = AlertFilter::default();
    // The disk is behind: it lacks one, calls one open that is over, and knows one that is no more.
    let stored =
        vec![alert("c", "active", 30), alert("b", "active", 20), alert("a", "resolved", 10)];
    let known = vec![alert("d", "active", 40), alert("b", "resolved", 20)];
    let (rows, next) = brought(page(stored.clone(), None), known.clone(), &all);
    assert_eq!((&*rows, next), ("d active, b resolved, a resolved", None));
    let open = AlertFilter { states: AlertStates::Open, ..AlertFilter::default() };
    assert_eq!(brought(page(stored, None), known, &open).0, "d active");
    // Page by page each comes once, and none is left out.
    let known = vec![alert("e", "active", 50), alert("b", "active", 20)];
    let first = page(vec![alert("e", "active", 50), alert("c", "resolved", 30)], Some("30.c"));
    let (rows, next) = brought(first, known.clone(), &all);
    assert_eq!((&*rows, next.as_deref()), ("e active, c resolved", Some("30.c")));
    let after = AlertFilter { after: next.map(|next| next.parse().unwrap()), ..all };
    let second = page(vec![alert("b", "active", 20), alert("a", "resolved", 10)], None);
    assert_eq!(brought(second, known, &after).0, "b active, a resolved");
    // More than fits goes on where it ended.
    let many = (1..=5).map(|n| alert(&format!("k{n}"), "active", n * 10)).collect();
    let (rows, next) = brought(page(Vec::new(), None), many, &AlertFilter::default());
    assert_eq!((&*rows, next.as_deref()), ("k5 active, k4 active, k3 active", Some("30.k3")));
}
