//! How far the chains reach is noted in the clinic's chain and beside the database, so that what is
//! cut off is missed.

use std::fs;
use std::path::PathBuf;

use super::head_file::{self, HEADS};
use super::*;
use crate::record::{Heads, HeadsNote};

const MINUTE: i64 = 60_000;

/// Five entries of room 1 and three of room 2, one a minute, and the note of that; closed.
async fn recorded() -> TempDir {
    let bench = Bench::new().await;
    bench.append(&room("1"), (1..=5).map(|n| note(n * MINUTE, "one")).collect());
    bench.append(&room("2"), (1..=3).map(|n| note(n * MINUTE, "two")).collect());
    bench.journal.note_heads(Millis(6 * MINUTE)).unwrap();
    bench.all_stored().await;
    bench.closed().await
}

async fn edited(folder: &TempDir, sql: &'static str) {
    let mut raw = raw(folder.path()).await;
    as_rows(&mut raw).await;
    sqlx::query(sql).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join(HEADS)
}

fn kept(folder: &TempDir) -> Heads {
    head_file::read(&file(folder)).unwrap().unwrap()
}

/// Leaves out of the file in the folder what the database does not hold, as somebody would who
/// edits both.
async fn file_agrees(folder: &TempDir) {
    let mut heads = kept(folder);
    let mut raw = raw(folder.path()).await;
    for chain in kept(folder).into_keys() {
        let row = sqlx::query("SELECT seq, hash FROM entries WHERE chain = ?1 ORDER BY seq DESC");
        let row = row.bind(chain.to_string()).fetch_optional(&mut raw).await.unwrap();
        heads.remove(&chain);
        if let Some(row) = row {
            let seq = u64::try_from(row.get::<i64, _>(0)).unwrap();
            let hash = ChainHash(row.get::<Vec<u8>, _>(1).try_into().unwrap());
            heads.insert(chain, crate::record::Head { seq, hash });
        }
    }
    raw.close().await.unwrap();
    head_file::write(&file(folder), &heads).unwrap();
}

async fn opened(folder: TempDir) -> Bench {
    let journal = Journal::open(folder.path()).await.unwrap();
    Bench { folder, journal }
}

async fn broken(bench: &Bench) -> Vec<(String, u64, u64, Fault, Option<i64>)> {
    let proof = bench.journal.prove().await.unwrap();
    assert_eq!(proof.engine, Vec::<String>::new());
    let broken = proof.chains.into_iter().filter_map(|(chain, verdict)| match verdict {
        Verdict::Whole { .. } => None,
        Verdict::Broken(Break { seq, last_seq, fault, from, .. }) => {
            Some((chain.to_string(), seq, last_seq, fault, from.map(|at| at.0 / MINUTE)))
        }
    });
    broken.collect()
}

fn missing(
    chain: &str,
    first: u64,
    last: u64,
    from: Option<i64>,
) -> (String, u64, u64, Fault, Option<i64>) {
    (chain.to_owned(), first, last, Fault::Missing, from)
}

#[tokio::test]
async fn the_end_of_a_chain_or_all_of_it_is_missed_also_when_the_file_was_changed_with_it() {
    let cases = [
        (
            "DELETE FROM entries WHERE chain = 'room/1' AND seq > 2",
            missing("room/1", 3, 5, Some(2)),
        ),
        (
            "DELETE FROM entries WHERE chain = 'room/1' AND seq > 4",
            missing("room/1", 5, 5, Some(4)),
        ),
        ("DELETE FROM entries WHERE chain = 'room/2'", missing("room/2", 1, 3, None)),
        (
            "DELETE FROM entries WHERE chain = 'room/1' AND seq IN (2, 3)",
            missing("room/1", 2, 3, Some(1)),
        ),
    ];
    for (sql, expected) in cases {
        for is_file_changed in [false, true] {
            let folder = recorded().await;
            edited(&folder, sql).await;
            if is_file_changed {
                file_agrees(&folder).await;
            }
            let bench = opened(folder).await;
            assert_eq!(broken(&bench).await, std::slice::from_ref(&expected), "{sql}");
            // And it stays known, also when others were written in their place.
            let bench = bench.reopened().await;
            if !is_file_changed && expected.1 > 2 {
                for _ in 0..4 {
                    bench.append(&room("1"), vec![note(9 * MINUTE, "later")]);
                    bench.all_stored().await;
                    assert_eq!(broken(&bench).await, std::slice::from_ref(&expected), "{sql}");
                }
            }
            assert_eq!(broken(&bench).await, std::slice::from_ref(&expected), "{sql}");
        }
    }
}

#[tokio::test]
async fn entries_that_took_the_place_of_noted_ones_are_missed() {
    let folder = recorded().await;
    edited(&folder, "DELETE FROM entries WHERE chain = 'room/1' AND seq > 2").await;
    file_agrees(&folder).await;
    let bench = opened(folder).await;
    bench.append(&room("1"), (1..=9).map(|n| note(n * MINUTE, "other")).collect());
    let bench = bench.reopened().await;
    let expected = ("room/1".to_owned(), 1, 5, Fault::Replaced, None);
    assert_eq!(broken(&bench).await, [expected]);
}

#[tokio::test]
async fn the_end_of_the_clinics_own_chain_is_missed_by_the_file_alone_and_that_is_recorded() {
    let folder = recorded().await;
    edited(&folder, "DELETE FROM entries WHERE chain = 'clinic'").await;
    let bench = opened(folder).await;
    let first = bench.journal.read(&Chain::Clinic, 1, 1).await.unwrap();
    let missed = HeadsNote::read(&first[0].entry.body).heads_missed;
    assert_eq!(missed.keys().collect::<Vec<_>>(), [&Chain::Clinic]);
    let expected = missing("clinic", 1, 1, None);
    assert_eq!(broken(&bench).await, std::slice::from_ref(&expected));
    let bench = bench.reopened().await;
    assert_eq!(broken(&bench).await, [expected]);
}

#[tokio::test]
async fn a_file_that_is_behind_or_tells_of_less_is_no_fault() {
    for heads in [Heads::new(), {
        let folder = recorded().await;
        let mut heads = kept(&folder);
        heads.remove(&Chain::Clinic);
        heads
    }] {
        let folder = recorded().await;
        head_file::write(&file(&folder), &heads).unwrap();
        let bench = opened(folder).await;
        assert_eq!(broken(&bench).await, []);
        let folder = bench.closed().await;
        assert_eq!(kept(&folder).len(), 3, "and it catches up");
    }
}

#[tokio::test]
async fn a_note_tells_of_all_chains_first_and_then_of_those_that_have_grown() {
    let bench = opened(recorded().await).await;
    let told = async |seq| {
        let found = bench.journal.read(&Chain::Clinic, seq, 1).await.unwrap();
        let heads = found.first().map(|stored| HeadsNote::read(&stored.entry.body).heads);
        heads.map(|heads| heads.iter().map(|(chain, head)| (chain.to_string(), head.seq)).collect())
    };
    let of = |all: &[(&str, u64)]| -> Option<Vec<(String, u64)>> {
        Some(all.iter().map(|(chain, seq)| ((*chain).to_owned(), *seq)).collect())
    };
    assert_eq!(told(1).await, of(&[("room/1", 5), ("room/2", 3)]));
    // Nothing has grown since the start.
    bench.journal.note_heads(Millis(7 * MINUTE)).unwrap();
    bench.append(&room("2"), vec![note(8 * MINUTE, "more")]);
    bench.journal.note_heads(Millis(9 * MINUTE)).unwrap();
    bench.append(&room("2"), vec![note(9 * MINUTE, "more")]);
    bench.journal.note_heads(Millis(9 * MINUTE)).unwrap();
    bench.journal.note_heads(Millis(9 * MINUTE)).unwrap();
    bench.all_stored().await;
    assert_eq!(told(2).await, of(&[("room/1", 5), ("room/2", 4)]));
    assert_eq!(told(3).await, of(&[("room/2", 5)]));
    assert_eq!(told(4).await, None);
}

async fn refused(folder: &TempDir) -> OpenError {
    Journal::open(folder.path()).await.unwrap_err()
}

#[tokio::test]
async fn a_record_without_the_file_beside_it_is_opened_only_by_somebody_who_says_so() {
    for is_damaged in [false, true] {
        let folder = recorded().await;
        if is_damaged {
            fs::write(file(&folder), "").unwrap();
            assert!(matches!(refused(&folder).await, OpenError::HeadsDamaged { .. }));
        } else {
            fs::remove_file(file(&folder)).unwrap();
            let refused = refused(&folder).await;
            assert!(refused.to_string().contains("dripwatch verify --accept"), "{refused}");
            assert!(matches!(refused, OpenError::HeadsGone { .. }));
        }
        let opening = Opening::default().accepting_loss();
        let journal = Journal::open_with(folder.path(), &opening).await.unwrap();
        let bench = Bench { folder, journal };
        assert_eq!(broken(&bench).await, []);
        assert_eq!(kept(&bench.reopened().await.closed().await).len(), 3);
    }
    // Nor does the database alone open in another folder, or beside a lock that was made anew.
    let folder = recorded().await;
    let other = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join(DATABASE), other.path().join(DATABASE)).unwrap();
    assert!(matches!(refused(&other).await, OpenError::HeadsGone { .. }));
}

#[tokio::test]
async fn a_folder_of_before_gets_its_file() {
    let folder = recorded().await;
    fs::remove_file(file(&folder)).unwrap();
    fs::write(
        folder.path().join("dripwatch.lock"),
        "This folder holds dripwatch's record: dripwatch.db\n",
    )
    .unwrap();
    edited(&folder, "DELETE FROM head_file").await;
    let bench = opened(folder).await;
    assert_eq!(broken(&bench).await, []);
    let folder = bench.closed().await;
    assert_eq!(kept(&folder).len(), 3);
    fs::remove_file(file(&folder)).unwrap();
    edited(&folder, "DELETE FROM head_file").await;
    assert!(matches!(refused(&folder).await, OpenError::HeadsGone { .. }), "the lock knows");
}

#[tokio::test]
async fn an_empty_database_where_there_was_a_record_is_no_new_clinic() {
    let folder = recorded().await;
    fs::remove_file(folder.path().join(DATABASE)).unwrap();
    assert!(matches!(refused(&folder).await, OpenError::Lost { .. }));
    // Even when the lock is gone too.
    fs::remove_file(folder.path().join("dripwatch.lock")).unwrap();
    assert!(matches!(refused(&folder).await, OpenError::Lost { .. }));
    fs::write(folder.path().join(DATABASE), "").unwrap();
    let refused = refused(&folder).await;
    assert!(matches!(refused, OpenError::Emptied { .. }), "{refused}");
    let bytes = folder.path().join(DATABASE).metadata().unwrap().len();
    assert_eq!(bytes, 0, "nothing is made where the record may be put back");
    // Nor is one that has its tables and nothing in them.
    let other = recorded().await;
    edited(&other, "DELETE FROM entries").await;
    let refused = Journal::open(other.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Emptied { .. }), "{refused}");
    assert!(!other.path().join("dripwatch.db-wal").exists(), "the engine has tidied up");
    let opening = Opening::default().accepting_loss();
    let journal = Journal::open_with(folder.path(), &opening).await.unwrap();
    let bench = Bench { folder, journal };
    let chains: Vec<_> = broken(&bench).await.into_iter().map(|(chain, ..)| chain).collect();
    assert_eq!(chains, ["clinic", "room/1", "room/2"]);
    let body = r#"{"at":1,"heads_accepted":{"chains":["clinic","room/1","room/2"]}}"#.to_owned();
    bench.append(&Chain::Clinic, vec![Entry { body, ..Entry::default() }]);
    bench.all_stored().await;
    assert_eq!(broken(&bench).await, []);
}

#[tokio::test]
async fn a_second_file_elsewhere_tells_what_both_others_hide() {
    let elsewhere = tempfile::tempdir().unwrap();
    let second = elsewhere.path().join("clinic.heads");
    let opening = Opening::beside(Some(second.clone()));
    let folder = recorded().await;
    Journal::open_with(folder.path(), &opening).await.unwrap().close(LONG).await.unwrap();
    assert_eq!(head_file::read(&second).unwrap(), Some(kept(&folder)));
    edited(&folder, "DELETE FROM entries WHERE chain = 'clinic'").await;
    edited(&folder, "DELETE FROM entries WHERE chain = 'room/1' AND seq > 2").await;
    file_agrees(&folder).await;
    let journal = Journal::open_with(folder.path(), &opening).await.unwrap();
    let bench = Bench { folder, journal };
    let expected = [missing("clinic", 1, 1, None), missing("room/1", 3, 5, Some(2))];
    assert_eq!(broken(&bench).await, expected);
    // Where it cannot be written, recording goes on, and verifying says so.
    let folder = bench.closed().await;
    let away = Opening::beside(Some(elsewhere.path().join("none").join("clinic.heads")));
    let journal = Journal::open_with(folder.path(), &away).await.unwrap();
    let proof = journal.prove().await.unwrap();
    assert_eq!(proof.head_files[1].1.as_deref(), Some("is not there"));
}
