use serde_json::json;

use super::*;

#[tokio::test]
async fn a_folder_is_open_in_one_place_at_a_time() {
    let bench = Bench::new().await;
    let refused = Journal::open(bench.folder.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }));
    bench.journal.close(LONG).await.unwrap();
    Journal::open(bench.folder.path()).await.unwrap();
}

#[tokio::test]
async fn a_folder_is_made_when_it_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("clinic/data");
    Journal::open(&deep).await.unwrap();
    assert!(deep.join("dripwatch.db").is_file());
}

#[tokio::test]
async fn a_newer_database_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    journal.close(LONG).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9000, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut raw(folder.path()).await)
    .await
    .unwrap();
    let refused = Journal::open(folder.path()).await.unwrap_err().to_string();
    let file = folder.path().join("dripwatch.db");
    let expected = format!(
        "{} was written by a newer dripwatch (layout 9000): run that version, or restore a \
         backup from before it",
        file.display()
    );
    assert_eq!(refused, expected);
}

#[tokio::test]
async fn ids_that_earlier_versions_may_have_changed_are_marked_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    journal.close(LONG).await.unwrap();
    let mut raw = raw(folder.path()).await;
    let long = "x".repeat(128);
    for sql in [
        "DELETE FROM _sqlx_migrations WHERE version = 6".to_owned(),
        "ALTER TABLE devices DROP COLUMN original".to_owned(),
        "ALTER TABLE devices DROP COLUMN old_id".to_owned(),
        format!(
            "INSERT INTO devices (id, adapter, room) VALUES ('bed-1', 'hl7-mllp', '3'), \
             ('Cart:2', 'hl7-mllp', '3'), ('mon-3', 'native', '3'), ('mon-4', NULL, '4'), \
             ('mon-5', NULL, '5'), ('{long}', 'hl7-mllp', '6')"
        ),
        "INSERT INTO tokens (hash, kind, subject, created_at, ended) \
         VALUES (x'00', 'device', 'mon-5', 0, 0)"
            .to_owned(),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
    }
    drop(raw);
    let journal = Journal::open(folder.path()).await.unwrap();
    let rows = journal.store().devices().await.unwrap();
    let marked = rows.iter().filter(|row| row.binding == crate::store::Binding::Unclaimed);
    let marked: Vec<_> = marked.map(|row| row.id.as_str()).collect();
    assert_eq!(marked, ["bed-1", "mon-4", &long]);
    assert_eq!(rows.len(), 6, "and none is lost");
}

#[tokio::test]
async fn sessions_of_before_are_found_by_initials_too() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    journal.close(LONG).await.unwrap();
    let mut raw = raw(folder.path()).await;
    for sql in [
        "DELETE FROM _sqlx_migrations WHERE version = 12",
        "DROP INDEX sessions_by_initials",
        "ALTER TABLE sessions DROP COLUMN initials",
        "INSERT INTO sessions (id, room, profile, phase, opened_at, opened_seq, json) VALUES \
         ('s1', '3', 'p', 'discharged', 10, 1, '{\"patient\":{\"initials\":\"j. T.\"}}'), \
         ('s2', '3', 'p', 'discharged', 20, 2, 'damaged')",
    ] {
        sqlx::query(sql).execute(&mut raw).await.unwrap();
    }
    drop(raw);
    let journal = Journal::open(folder.path()).await.unwrap();
    let initials = crate::store::Initials::searched("JT");
    let filter = crate::store::SessionFilter { initials, ..Default::default() };
    let found = journal.store().sessions(&filter, 10).await.unwrap().rows;
    assert_eq!(found.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["s1"]);
}

#[tokio::test]
async fn sessions_of_before_are_sent_nowhere_until_something_of_them_changes() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    journal.close(LONG).await.unwrap();
    let mut raw = raw(folder.path()).await;
    let session = |end: &str| {
        format!(
            "INSERT OR REPLACE INTO sessions (id, room, profile, phase, opened_at, ended_at, \
             opened_seq, json) VALUES ('s1', '3', 'p', 'discharged', 10, {end}, 1, '{{}}')"
        )
    };
    for sql in [
        "DELETE FROM _sqlx_migrations WHERE version = 13".to_owned(),
        "DROP TRIGGER outbound_session_kept".to_owned(),
        "DROP TRIGGER outbound_session_changed".to_owned(),
        "DROP TRIGGER outbound_alert_kept".to_owned(),
        "DROP TABLE outbound".to_owned(),
        "DROP TABLE outbound_changes".to_owned(),
        "DROP TABLE outbound_destinations".to_owned(),
        session("20"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
    }
    drop(raw);
    let journal = Journal::open(folder.path()).await.unwrap();
    let store = journal.store();
    assert_eq!(store.outbound_changes(10).await.unwrap(), []);
    journal.close(LONG).await.unwrap();
    // Each change has a number of its own, and of a session there is one.
    let alert = "INSERT OR REPLACE INTO alerts (id, session, condition, priority, state, raised_at, json) \
                 VALUES ('s1-a1', 's1', 'spo2_low', 'high', 'resolved', 15, '{}')";
    let signed = "UPDATE sessions SET json = '{\"signed_off\":null}' WHERE id = 's1'".to_owned();
    let mut last = 0;
    for (sql, is_change) in [
        (session("NULL"), false),
        (alert.to_owned(), false),
        (session("20"), true),
        (signed, true),
        (alert.to_owned(), true),
    ] {
        let mut raw = self::raw(folder.path()).await;
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
        drop(raw);
        let journal = Journal::open(folder.path()).await.unwrap();
        let found = journal.store().outbound_changes(10).await.unwrap();
        journal.close(LONG).await.unwrap();
        let now = found.first().map_or(0, |(n, _)| *n);
        assert_eq!((now > last, found.len()), (is_change, usize::from(now > 0)), "{found:?}");
        last = now;
    }
}

#[tokio::test]
async fn ids_of_several_names_and_of_cut_beds_are_marked_too_unless_it_is_sure_whose_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    journal.close(LONG).await.unwrap();
    let mut raw = raw(folder.path()).await;
    let (b63, b64, b65) = ("b".repeat(63), "b".repeat(64), "b".repeat(65));
    for sql in [
        // As if this step had not been taken yet, and the one before it a while ago.
        "DELETE FROM _sqlx_migrations WHERE version = 7".to_owned(),
        format!(
            "INSERT INTO devices (id, adapter, room) VALUES ('A:B:C', 'hl7-mllp', '1'), \
             ('fe80::1:7', NULL, '2'), ('Cart:2', 'hl7-mllp', '3'), ('{b64}', NULL, '3'), \
             ('00:1b:44', 'native', '4'), ('00:1b:45', NULL, '4'), ('A:B:C-1', NULL, '4'), \
             ('MON:{b63}', NULL, '5'), ('MON:{b64}', NULL, '6'), ('MON:{b65}', NULL, '7')"
        ),
        "INSERT INTO devices (id, room, old_id) VALUES ('A:B:D', '8', 'A:B')".to_owned(),
        "INSERT INTO tokens (hash, kind, subject, created_at, ended) \
         VALUES (x'00', 'device', '00:1b:45', 0, 0)"
            .to_owned(),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
    }
    drop(raw);
    let journal = Journal::open(folder.path()).await.unwrap();
    let rows = journal.store().devices().await.unwrap();
    let marked = rows.iter().filter(|row| row.binding == crate::store::Binding::Unclaimed);
    let marked: Vec<_> = marked.map(|row| row.id.as_str()).collect();
    assert_eq!(marked, ["A:B:C", &format!("MON:{b64}"), "fe80::1:7"]);
    assert_eq!(rows.len(), 11, "and none is lost");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dripwatch.db");
    let text = "not a database, whatever it is called. ".repeat(100);
    std::fs::write(&file, &text).unwrap();
    let refused = Journal::open(folder.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::NotADatabase { .. }), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = Journal::open(&file.join("data")).await.unwrap_err();
    assert!(matches!(refused, OpenError::Folder { .. }), "{refused}");
    let start = format!("the data folder {} cannot be written: ", file.join("data").display());
    assert!(refused.to_string().starts_with(&start), "{refused}");
}

#[tokio::test]
async fn the_engine_syncs_before_it_answers() {
    let bench = Bench::new().await;
    bench.all_stored().await;
    let writer =
        open::writer(&bench.folder.path().join("other"), &Opening::default()).await.unwrap();
    let mut connection = writer.connection.unwrap();
    for (pragma, expected) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
    ] {
        let sql = AssertSqlSafe(format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}"));
        let found: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, expected, "{pragma}");
    }
}

#[tokio::test]
async fn alerts_of_an_earlier_layout_get_what_a_later_one_tells() {
    let folder = tempfile::tempdir().unwrap();
    Journal::open(folder.path()).await.unwrap().close(LONG).await.unwrap();
    let old = json!({"id": "s.a1", "value": 82.5, "value_at": 1000, "raised_at": 2000});
    let told = json!({"id": "s.a2", "value": 82, "value_at": 1000, "raised_at": 2000,
                      "worst": 71, "worst_at": 3000, "active_since": 2500});
    let technical = json!({"id": "s.a3", "value": null, "value_at": null, "raised_at": 2000});
    let mut raw = raw(folder.path()).await;
    for json in [&old, &told, &technical] {
        sqlx::query(
            "INSERT INTO alerts (id, condition, priority, state, raised_at, json) \
             VALUES (?1, 'spo2_low', 'high', 'resolved', 2000, ?2)",
        )
        .bind(json["id"].as_str())
        .bind(json.to_string())
        .execute(&mut raw)
        .await
        .unwrap();
    }
    // As if this step had not been taken yet.
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 3").execute(&mut raw).await.unwrap();

    Journal::open(folder.path()).await.unwrap().close(LONG).await.unwrap();
    let rows: Vec<String> = sqlx::query_scalar("SELECT json FROM alerts ORDER BY id")
        .fetch_all(&mut raw)
        .await
        .unwrap();
    let rows: Vec<serde_json::Value> =
        rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!(
        rows,
        [
            json!({"id": "s.a1", "value": 82.5, "value_at": 1000, "raised_at": 2000,
                   "worst": 82.5, "worst_at": 1000, "active_since": 2000}),
            told,
            json!({"id": "s.a3", "value": null, "value_at": null, "raised_at": 2000,
                   "worst": null, "worst_at": null, "active_since": 2000}),
        ]
    );
}

#[tokio::test]
async fn the_engines_log_is_cut_back_to_its_bound_once_nobody_reads_what_is_in_it() {
    const BOUND: u32 = 1 << 20;
    let mut opening = Opening::default();
    opening.log_bytes = BOUND;
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open_with(folder.path(), &opening).await.unwrap();
    let bench = Bench { folder, journal };
    let append = async |bytes: usize| {
        bench.append(&room("1"), vec![note(1, &"x".repeat(bytes))]);
        bench.all_stored().await;
    };
    let log_bytes = || bench.folder.path().join("dripwatch.db-wal").metadata().unwrap().len();
    append(1).await;
    let mut reader = bench.raw().await;
    sqlx::query("BEGIN").execute(&mut reader).await.unwrap();
    sqlx::query("SELECT count(*) FROM batches").fetch_one(&mut reader).await.unwrap();
    for _ in 0..5 {
        append(BOUND as usize).await;
    }
    assert!(log_bytes() > 5 * u64::from(BOUND), "somebody reads what was before");
    sqlx::query("ROLLBACK").execute(&mut reader).await.unwrap();
    while bench.count("pieces").await == 0 {
        // So much is packed at once, which reads it as well.
        tokio::task::yield_now().await;
    }
    // The next commit writes it back, and the one after begins it anew.
    append(1).await;
    append(1).await;
    assert!(log_bytes() <= BOUND.into(), "{}", log_bytes());
}
