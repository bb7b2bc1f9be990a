use uuid::Uuid;

use super::*;
use crate::clock::{Mark, SinceBoot};

#[tokio::test]
async fn what_waits_is_committed_at_once_and_in_order() {
    let bench = Bench::new().await;
    let (a, b) = (room("1"), room("2"));
    for n in 0..300 {
        bench.append(&a, vec![note(n, &n.to_string())]);
        bench.append(&b, vec![note(n, &n.to_string()), note(n, "again")]);
    }
    assert_eq!(bench.journal.oldest_uncommitted(), Some(Millis(0)));
    assert_eq!(bench.journal.lag(Millis(70)), 70);
    bench.all_stored().await;

    let counters = bench.journal.counters();
    assert_eq!((counters.commits, counters.entries, counters.waiting), (1, 900, 0));
    assert_eq!(bench.journal.oldest_uncommitted(), None);
    let read = bench.journal.read(&a, 1, 1_000).await.unwrap();
    assert!(read.iter().zip(1..).all(|(stored, seq)| stored.seq == seq));
    assert_eq!(read.len(), 300);
    assert_eq!(read[299].entry, note(299, "299"));
    assert_eq!(bench.journal.committed_seq(&b), 600);
    assert_eq!(bench.journal.chains(), [a, b]);

    let mut raw = bench.raw().await;
    as_rows(&mut raw).await;
    let order = sqlx::query("SELECT chain FROM entries ORDER BY id LIMIT 4");
    let order = order.fetch_all(&mut raw).await.unwrap();
    let order: Vec<&str> = order.iter().map(|row| row.get(0)).collect();
    assert_eq!(order, ["room/1", "room/2", "room/2", "room/1"]);
}

#[tokio::test]
async fn two_owners_of_a_chain_are_found_out() {
    let bench = Bench::new().await;
    let append = |seq| bench.journal.append(&room("1"), seq, vec![note(1, "a")], vec![], vec![]);
    assert_eq!(append(1), Ok(()));
    assert_eq!(append(1), Err(AppendError::WrongSeq { expected: 1, found: 2 }));
    assert_eq!(append(3), Err(AppendError::WrongSeq { expected: 3, found: 2 }));
    bench.all_stored().await;
    assert_eq!(append(2), Ok(()));
}

#[tokio::test]
async fn stored_is_told_when_another_reader_sees_it_and_the_views_with_it() {
    let bench = Bench::new().await;
    let (stored, told) = oneshot::channel();
    let line =
        AuditRow { at: Millis(1), who: "KM".into(), what: "start".into(), detail: String::new() };
    bench
        .journal
        .append(&room("1"), 1, vec![note(1, "a")], vec![Upsert::Audit(line)], vec![stored])
        .unwrap();
    told.await.unwrap();
    let mut raw = bench.raw().await;
    let count = sqlx::query("SELECT (SELECT count(*) FROM batches), (SELECT count(*) FROM audit)");
    let count = count.fetch_one(&mut raw).await.unwrap();
    assert_eq!((count.get::<i64, _>(0), count.get::<i64, _>(1)), (1, 1));
}

#[tokio::test]
async fn a_failing_disk_loses_nothing_and_nobody_is_told_too_early() {
    let bench = Bench::new().await;
    bench.disk_fails().await;
    let (stored, mut told) = oneshot::channel();
    bench.journal.append(&room("1"), 1, vec![note(5, "a")], vec![], vec![stored]).unwrap();
    bench.failed_once().await;
    assert!(told.try_recv().is_err());
    assert_eq!(bench.journal.oldest_uncommitted(), Some(Millis(5)));
    assert_eq!(bench.journal.committed_seq(&room("1")), 0);
    bench.append(&room("1"), vec![note(6, "b")]);

    bench.disk_works().await;
    told.await.unwrap();
    bench.all_stored().await;
    let read = bench.journal.read(&room("1"), 1, 10).await.unwrap();
    assert_eq!(bodies(&read), [r#"{"note":"a"}"#, r#"{"note":"b"}"#]);
    let whole = bench.journal.verify(&room("1")).await.unwrap();
    assert_eq!(whole, Verdict::Whole { last_seq: 2, hash: read[1].hash, left: 0 });
}

#[tokio::test]
async fn closing_gives_up_at_its_deadline_and_says_what_is_lost() {
    let bench = Bench::new().await;
    bench.disk_fails().await;
    bench.append(&room("1"), vec![note(5, "a")]);
    bench.failed_once().await;
    // The append and its one entry.
    assert_eq!(bench.journal.close(Duration::ZERO).await, Err(CloseError { left: 2 }));
    let refused = bench.journal.append(&room("1"), 2, vec![], vec![], vec![]);
    assert_eq!(refused, Err(AppendError::Closed));
}

#[tokio::test]
async fn what_was_appended_is_written_even_when_the_journal_is_only_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    journal.append(&Chain::Clinic, 1, vec![note(1, "a")], vec![], vec![]).unwrap();
    drop(journal);
    let journal = loop {
        match Journal::open(folder.path()).await {
            Ok(journal) => break journal,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!(journal.committed_seq(&Chain::Clinic), 1);
}

#[tokio::test]
async fn a_full_queue_refuses_and_takes_again_when_the_disk_caught_up() {
    let bench = Bench::new().await;
    let entries = || vec![note(1, "a"); 60_000];
    bench.append(&room("1"), entries());
    let refused = bench.journal.append(&room("1"), 60_001, entries(), vec![], vec![]);
    assert_eq!(refused, Err(AppendError::Full));
    bench.all_stored().await;
    bench.append(&room("1"), vec![note(1, "b")]);
    bench.all_stored().await;
    assert_eq!(bench.journal.committed_seq(&room("1")), 60_001);
}

#[tokio::test]
async fn the_mark_of_being_alive_is_one_that_moves() {
    let bench = Bench::new().await;
    assert_eq!(bench.journal.last_alive().await.unwrap(), None);
    let since_boot = Some(SinceBoot { boot: Uuid::from_u128(7), ms: 40_000 });
    let last = Mark { at: Millis(2_000), since_boot };
    bench.journal.mark_alive(Mark::by_our_clock_alone(Millis(1_000)));
    bench.journal.mark_alive(last);
    let bench = bench.reopened().await;
    assert_eq!(bench.journal.last_alive().await.unwrap(), Some(last));
    assert_eq!(bench.journal.chains(), []);
}
