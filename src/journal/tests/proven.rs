//! Whatever is changed in a record behind the program's back is found.

use proptest::prelude::*;

use super::*;

/// A small clinic: two rooms and the clinic's chain, with frames, a checkpoint and private words.
async fn clinic() -> TempDir {
    let bench = Bench::new().await;
    for n in 0..3 {
        let private = Entry {
            private: Some(format!("{{\"words\":{n}}}")),
            session: Some(session()),
            ..note(10 * n, "words")
        };
        let number = u32::try_from(n).unwrap();
        let of_session = Entry { session: Some(session()), ..frame("mon-1", 10 * n + 1, number) };
        let state = Entry { is_checkpoint: true, ..note(10 * n + 3, "state") };
        bench.append(&room("1"), vec![private.clone(), of_session]);
        bench.append(&room("2"), vec![frame("mon-2", 10 * n + 2, 100 + number), state]);
        bench.append(&Chain::Clinic, vec![Entry { session: None, ..private }]);
    }
    bench.journal.note_heads(Millis(40)).unwrap();
    bench.all_stored().await;
    as_rows(&mut bench.raw().await).await;
    bench.closed().await
}

/// Each changes every row to something else than it was.
const CHANGES: [&str; 16] = [
    "DELETE FROM entries",
    "UPDATE entries SET chain = 'room/9'",
    "UPDATE entries SET seq = seq + 1000",
    "UPDATE entries SET at = at + 1",
    "UPDATE entries SET body = body || ' '",
    "UPDATE entries SET body = ''",
    "UPDATE entries SET private = coalesce(private, '') || ' '",
    "UPDATE entries SET private = CASE WHEN private IS NULL THEN '{}' END, salt = NULL",
    "UPDATE entries SET salt = zeroblob(16)",
    "UPDATE entries SET private_digest = randomblob(32)",
    "UPDATE entries SET hash = zeroblob(32)",
    "UPDATE entries SET hash_version = 1",
    "UPDATE entries SET device = coalesce(device, '') || 'x'",
    "UPDATE entries SET frame_key = CASE WHEN frame_key IS NULL THEN zeroblob(16) END",
    "UPDATE entries SET session = CASE WHEN session IS NULL THEN 's1' END",
    "UPDATE entries SET is_checkpoint = 1 - is_checkpoint",
];

/// Copies the files of a folder that is closed.
fn copied(folder: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

async fn is_whole(folder: &TempDir) -> bool {
    let journal = Journal::open(folder.path()).await.unwrap();
    let proof = journal.prove().await.unwrap();
    journal.close(LONG).await.unwrap();
    proof.engine.is_empty()
        && proof.chains.iter().all(|(_, verdict)| matches!(verdict, Verdict::Whole { .. }))
}

#[test]
fn any_change_of_any_row_is_found() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = runtime.block_on(clinic());
    assert!(runtime.block_on(is_whole(&copied(&folder))));
    proptest!(ProptestConfig::with_cases(96), |(row in 1_i64..=16, change in 0..CHANGES.len())| {
        let folder = copied(&folder);
        let is_whole = runtime.block_on(async {
            let change = AssertSqlSafe(format!("{} WHERE id = {row}", CHANGES[change]));
            let mut raw = raw(folder.path()).await;
            let changed = sqlx::query(change).execute(&mut raw).await.unwrap();
            assert_eq!(changed.rows_affected(), 1);
            raw.close().await.unwrap();
            is_whole(&folder).await
        });
        prop_assert!(!is_whole, "{} of row {row}", CHANGES[change]);
    });
}

/// The bytes of a page that hold something: flipped one by one, none goes unseen by both the hashes
/// and the engine.
#[tokio::test]
async fn flipped_bytes_of_the_entries_and_their_indexes_are_found() {
    let folder = clinic().await;
    let mut raw = raw(folder.path()).await;
    let roots = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'entries' AND rootpage > 0";
    let roots: Vec<i64> = sqlx::query_scalar(roots).fetch_all(&mut raw).await.unwrap();
    let page_bytes: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    assert!(roots.len() >= 5, "the table and its indexes");
    let page_bytes = usize::try_from(page_bytes).unwrap();
    let mut found = 0;
    for root in roots {
        let start = (usize::try_from(root).unwrap() - 1) * page_bytes;
        // Cells stand at the end of a page. Of the last of them, a byte.
        for back in [2, 9] {
            let copy = copied(&folder);
            let file = copy.path().join(DATABASE);
            let mut bytes = std::fs::read(&file).unwrap();
            let at = start + page_bytes - back;
            bytes[at] ^= 0x10;
            std::fs::write(&file, bytes).unwrap();
            let is_whole = match Journal::open(copy.path()).await {
                Ok(journal) => {
                    let proof = journal.prove().await.unwrap();
                    proof.engine.is_empty()
                        && proof.chains.iter().all(|(_, it)| matches!(it, Verdict::Whole { .. }))
                }
                Err(_) => false,
            };
            assert!(!is_whole, "page {root}, {back} bytes before its end");
            found += 1;
        }
    }
    assert!(found >= 10);
}

#[tokio::test]
async fn of_very_many_faults_the_engine_tells_a_hundred() {
    let bench = Bench::new().await;
    bench.append(&room("1"), (0..300).map(|n| frame("mon-1", n.into(), n)).collect());
    bench.all_stored().await;
    as_rows(&mut bench.raw().await).await;
    let folder = bench.closed().await;
    let mut raw = raw(folder.path()).await;
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'frames_by_device'";
    let root: i64 = sqlx::query_scalar(root).fetch_one(&mut raw).await.unwrap();
    let page_bytes: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let file = folder.path().join(DATABASE);
    let mut bytes = std::fs::read(&file).unwrap();
    let page = usize::try_from((root - 1) * page_bytes).unwrap();
    let page = &mut bytes[page..page + usize::try_from(page_bytes).unwrap()];
    // A leaf of an index without a cell: no row is in the index any more.
    page.fill(0);
    page[0] = 0x0a;
    std::fs::write(&file, bytes).unwrap();
    let journal = Journal::open(folder.path()).await.unwrap();
    let told = journal.prove().await.unwrap().engine.len();
    // Several may be one text.
    assert!((90..=100).contains(&told), "{told}");
}
