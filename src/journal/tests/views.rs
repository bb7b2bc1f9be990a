//! What the chains tell of is in the views, or missed there.

use serde_json::json;

use super::*;
use crate::room::AlertState;
use crate::store::{AlertRow, SessionRow};

fn audit(at: i64, what: &str) -> Upsert {
    let (who, what) = ("Kim".to_owned(), what.to_owned());
    Upsert::Audit(AuditRow { at: Millis(at), who, what, detail: "3".to_owned() })
}

fn of_session(at: i64, body: serde_json::Value) -> Entry {
    let body = body.to_string();
    Entry { at: Millis(at), body, session: Some(session()), ..Entry::default() }
}

/// A session with an alert in room 1, an alert outside of it, and three lines of the audit.
async fn recorded() -> Bench {
    let bench = Bench::new().await;
    let append = |chain: &Chain, entries: Vec<Entry>, views: Vec<Upsert>| {
        let seq = bench.journal.next_seq(chain);
        bench.journal.append(chain, seq, entries, views, vec![]).unwrap();
    };
    let one = room("1");
    let id = RoomId::new("1").unwrap();
    append(&one, vec![note(1, "before")], vec![]);
    let row = SessionRow {
        id: session(),
        room: id.clone(),
        profile: "p".into(),
        phase: "infusing".into(),
        opened_at: Millis(2),
        started_at: None,
        ended_at: None,
        opened_seq: 2,
        ended_seq: None,
        json: "{}".into(),
    };
    let open = of_session(2, json!({"at": 2, "open": {"session": "s1", "profile": {}}}));
    append(&one, vec![open], vec![Upsert::Session(row)]);
    let shown =
        |id: &str| json!({"at": 3, "engine": "1", "alert": {"alert": id, "condition": "spo2_low"}});
    let alert = |public: &str, session: Option<SessionId>| {
        Upsert::Alert(AlertRow {
            id: public.to_owned(),
            room: Some(id.clone()),
            session,
            condition: "spo2_low".into(),
            priority: "high".into(),
            state: AlertState::Active,
            raised_at: Millis(3),
            ended_at: None,
            json: "{}".into(),
        })
    };
    let again = of_session(4, shown("a1"));
    append(&one, vec![of_session(3, shown("a1")), again], vec![alert("s1-a1", Some(session()))]);
    let outside = Entry { body: shown("1-2026-a1").to_string(), at: Millis(5), ..Entry::default() };
    append(&one, vec![outside], vec![alert("1-2026-a1", None)]);
    append(&Chain::Clinic, vec![note(6, "a")], vec![audit(6, "opened"), audit(6, "read")]);
    append(&Chain::Clinic, vec![note(7, "b")], vec![audit(7, "closed")]);
    bench.all_stored().await;
    bench
}

async fn states(bench: &Bench) -> Vec<(u64, u64, u64)> {
    let views = bench.journal.prove().await.unwrap().views;
    for view in &views {
        assert_eq!(view.whole, view.missing + view.different == 0);
        assert_eq!(view.whole, view.first.is_none());
    }
    assert_eq!(
        views.iter().map(|view| &*view.view).collect::<Vec<_>>(),
        ["audit", "sessions", "alerts"]
    );
    views.iter().map(|view| (view.told, view.missing, view.different)).collect()
}

#[tokio::test]
async fn what_is_missing_from_a_view_or_is_something_else_there_is_counted() {
    let whole = [(3, 0, 0), (1, 0, 0), (3, 0, 0)];
    let cases = [
        ("DELETE FROM audit", [(3, 3, 0), whole[1], whole[2]]),
        ("UPDATE audit SET who = 'Ann' WHERE what = 'read'", [(3, 1, 0), whole[1], whole[2]]),
        ("DELETE FROM sessions", [whole[0], (1, 1, 0), whole[2]]),
        ("UPDATE sessions SET room = '2'", [whole[0], (1, 0, 1), whole[2]]),
        ("UPDATE sessions SET opened_seq = 1", [whole[0], (1, 0, 1), whole[2]]),
        ("DELETE FROM alerts", [whole[0], whole[1], (3, 3, 0)]),
        ("UPDATE alerts SET condition = 'hr_low'", [whole[0], whole[1], (3, 0, 3)]),
    ];
    for (sql, expected) in cases {
        let bench = recorded().await;
        assert_eq!(states(&bench).await, whole);
        bench.tamper(sql).await;
        assert_eq!(states(&bench).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn the_audit_is_made_anew_from_the_chain() {
    let bench = recorded().await;
    let lines = async || bench.journal.store().audit(None, 10).await.unwrap().rows;
    let before = lines().await;
    assert_eq!(bench.journal.rebuild_views().await.unwrap(), 0);
    bench.tamper("DELETE FROM audit WHERE what <> 'read'").await;
    assert_eq!(bench.journal.rebuild_views().await.unwrap(), 2);
    let mut now = lines().await;
    assert_eq!(states(&bench).await, [(3, 0, 0), (1, 0, 0), (3, 0, 0)]);
    // Those of one moment are in another order.
    let order = |line: &AuditRow| (line.at, line.what.clone());
    let mut then = before;
    then.sort_by_key(order);
    now.sort_by_key(order);
    assert_eq!(now, then);
}

#[tokio::test]
async fn alerts_of_a_session_that_was_deleted_are_not_missed() {
    let bench = recorded().await;
    bench.tamper("DELETE FROM alerts WHERE session = 's1'").await;
    assert_eq!(states(&bench).await[2], (3, 2, 0));
    let body = json!({"at": 9, "delete": {"session": "s1"}}).to_string();
    bench.append(&Chain::Clinic, vec![Entry { body, ..Entry::default() }]);
    bench.all_stored().await;
    assert_eq!(states(&bench).await[2], (1, 0, 0));
}
