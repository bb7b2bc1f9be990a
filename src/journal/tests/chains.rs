use super::*;

#[tokio::test]
async fn reopening_goes_on_with_number_and_hash() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"), note(2, "b")]);
    bench.append(&Chain::Clinic, vec![note(3, "c")]);
    let bench = bench.reopened().await;
    assert_eq!(bench.journal.chains(), [Chain::Clinic, room("1")]);
    assert_eq!(bench.journal.next_seq(&room("1")), 3);
    bench.append(&room("1"), vec![note(4, "d")]);
    bench.all_stored().await;
    let last = bench.journal.last(&room("1")).await.unwrap().unwrap();
    assert_eq!((last.seq, &last.entry), (3, &note(4, "d")));
    let whole = bench.journal.verify(&room("1")).await.unwrap();
    assert_eq!(whole, Verdict::Whole { last_seq: 3, hash: last.hash, left: 0 });
}

async fn five_with_a_private_one() -> Bench {
    let bench = Bench::new().await;
    let private = Entry {
        private: Some(r#"{"initials":"J.T."}"#.to_owned()),
        session: Some(session()),
        ..note(3, "c")
    };
    let entries = vec![note(1, "a"), note(2, "b"), private, frame("mon-1", 4, 1), note(5, "e")];
    bench.append(&room("1"), entries);
    bench.all_stored().await;
    bench
}

#[tokio::test]
async fn tampering_is_found_and_named_by_number() {
    let changed = Fault::Changed;
    let cases = [
        ("UPDATE entries SET body = replace(body, 'b', 'B') WHERE seq = 2", 2, changed),
        ("UPDATE entries SET at = at + 1 WHERE seq = 4", 4, changed),
        (
            "UPDATE entries SET hash = (SELECT hash FROM entries WHERE seq = 1) WHERE seq = 5",
            5,
            changed,
        ),
        ("UPDATE entries SET private_digest = NULL WHERE seq = 3", 3, changed),
        ("UPDATE entries SET session = 's2' WHERE seq = 3", 3, changed),
        ("UPDATE entries SET session = NULL WHERE seq = 3", 3, changed),
        ("UPDATE entries SET session = 's1' WHERE seq = 1", 1, changed),
        ("UPDATE entries SET device = 'mon-2' WHERE seq = 4", 4, changed),
        ("UPDATE entries SET device = NULL WHERE seq = 4", 4, changed),
        ("UPDATE entries SET frame_key = NULL WHERE seq = 4", 4, changed),
        ("UPDATE entries SET frame_key = zeroblob(16) WHERE seq = 4", 4, changed),
        ("UPDATE entries SET is_checkpoint = 1 WHERE seq = 2", 2, changed),
        ("UPDATE entries SET hash_version = 1 WHERE seq = 2", 2, changed),
        ("UPDATE entries SET private = '{}' WHERE seq = 3", 3, Fault::PrivateChanged),
        ("UPDATE entries SET private = '{}' WHERE seq = 1", 1, Fault::PrivateChanged),
        ("DELETE FROM entries WHERE seq = 4", 4, Fault::Missing),
        ("DELETE FROM entries WHERE seq = 1", 1, Fault::Missing),
        ("DELETE FROM entries WHERE seq = 5", 5, Fault::Missing),
    ];
    for (sql, seq, fault) in cases {
        let bench = five_with_a_private_one().await;
        let whole = bench.journal.verify(&room("1")).await.unwrap();
        assert!(matches!(whole, Verdict::Whole { last_seq: 5, .. }));
        bench.tamper_with_rows(sql).await;
        let verdict = bench.journal.verify(&room("1")).await.unwrap();
        let Verdict::Broken(found) = verdict else { panic!("{sql}") };
        assert_eq!((found.seq, found.last_seq, found.fault), (seq, seq, fault), "{sql}");
    }
}

#[tokio::test]
async fn a_private_part_reads_back_and_its_removal_keeps_the_chain_whole() {
    let bench = five_with_a_private_one().await;
    let before = bench.journal.read(&room("1"), 3, 1).await.unwrap();
    assert_eq!(before[0].entry.private.as_deref(), Some(r#"{"initials":"J.T."}"#));
    let whole = bench.journal.verify(&room("1")).await.unwrap();

    // Also what is appended just before, and not what comes just after.
    let private = || Entry { private: Some("{}".into()), session: Some(session()), ..note(6, "f") };
    bench.append(&Chain::Clinic, vec![private()]);
    let (stored, told) = oneshot::channel();
    bench.journal.erase_private(Whose::Session(session()), vec![stored]).unwrap();
    let redacted = r#"{"at":6,"redact":{"session":"s1"}}"#.to_owned();
    bench.append(&Chain::Clinic, vec![private(), Entry { body: redacted, ..Entry::default() }]);
    told.await.unwrap();

    let after = bench.journal.read(&room("1"), 3, 1).await.unwrap();
    assert_eq!((&after[0].entry.private, after[0].salt), (&None, None));
    assert_eq!(after[0].private_digest, before[0].private_digest);
    assert_eq!(bench.journal.verify(&room("1")).await.unwrap(), whole);
    let clinic = bench.journal.read(&Chain::Clinic, 1, 2).await.unwrap();
    let kept: Vec<bool> = clinic.iter().map(|stored| stored.entry.private.is_some()).collect();
    assert_eq!(kept, [false, true]);
    let verdict = bench.journal.verify(&Chain::Clinic).await.unwrap();
    assert!(matches!(verdict, Verdict::Whole { last_seq: 3, .. }));
}

#[tokio::test]
async fn a_private_part_that_nobody_removed_is_missed() {
    let bench = five_with_a_private_one().await;
    for (removed, fault) in [
        ("", Some(Fault::PrivateMissing)),
        (r#"{"at":6,"redact":{"session":"s2"}}"#, Some(Fault::PrivateMissing)),
        (r#"{"at":6,"delete":{"session":"s1"}}"#, None),
    ] {
        bench
            .tamper_with_rows("UPDATE entries SET private = NULL, salt = NULL WHERE seq = 3")
            .await;
        if !removed.is_empty() {
            bench.append(&Chain::Clinic, vec![Entry { body: removed.into(), ..Entry::default() }]);
            bench.all_stored().await;
        }
        let found = match bench.journal.verify(&room("1")).await.unwrap() {
            Verdict::Broken(found) => Some((found.seq, found.fault)),
            Verdict::Whole { .. } => None,
        };
        assert_eq!(found, fault.map(|fault| (3, fault)), "{removed}");
    }
}

#[tokio::test]
async fn an_unknown_chain_is_empty_and_whole() {
    let bench = Bench::new().await;
    let hash = ChainHash::root(&room("9"));
    let whole = bench.journal.verify(&room("9")).await.unwrap();
    assert_eq!(whole, Verdict::Whole { last_seq: 0, hash, left: 0 });
    assert_eq!(bench.journal.last(&room("9")).await.unwrap(), None);
    assert_eq!(bench.journal.next_seq(&room("9")), 1);
}
