//! What is committed is a batch; batches become pieces while nobody notices.

use proptest::prelude::*;

use super::packed::with_a_session;
use super::*;
use crate::record::{Batched, read_batch};

impl Bench {
    pub(super) async fn count(&self, what: &'static str) -> i64 {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {what}"));
        sqlx::query_scalar(count).fetch_one(&mut self.raw().await).await.unwrap()
    }

    /// Packs what waits, as the writer does after a minute: by an entry that is a minute younger.
    async fn packed_by_time(&self, at: i64) {
        self.append(&room("9"), vec![note(at, "begins"), note(at + 60_000, "a minute later")]);
        self.all_stored().await;
        while self.count("batches").await > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn every_question_has_the_same_answer_wherever_the_entries_are() {
    let bench = with_a_session().await;
    let (answers, whole) = (bench.answers().await, bench.verdict().await);
    assert!(bench.count("batches").await > 0);
    assert_eq!(bench.count("entries").await, 0);
    let bench = bench.reopened().await;
    assert_eq!(bench.answers().await, answers, "batches of an earlier run");

    bench.packed_by_time(10_000).await;
    assert_eq!(bench.count("pieces WHERE noted_seq > 0").await, 0);
    let latest = bench.answers().await.pop();
    let as_before = |mut now: Vec<String>| {
        // The minute that was added.
        assert_eq!(now.pop(), latest);
        now.push(answers.last().unwrap().clone());
        now
    };
    assert_eq!(as_before(bench.answers().await), answers, "pieces");
    assert_eq!(bench.verdict().await, whole);
    let bench = bench.reopened().await;
    assert_eq!(as_before(bench.answers().await), answers, "pieces of an earlier run");

    let bench = bench.kept_as_rows().await;
    assert_eq!(as_before(bench.answers().await), answers, "rows");
    assert_eq!(bench.verdict().await, whole);
    bench.packed_by_time(100_000).await;
    // One chain at a time.
    bench.packed_by_time(200_000).await;
    bench.packed_by_time(300_000).await;
    assert_eq!(bench.count("entries").await, 0, "rows of before follow");
    let latest = bench.answers().await.pop();
    let mut now = bench.answers().await;
    assert_eq!(now.pop(), latest);
    now.push(answers.last().unwrap().clone());
    assert_eq!(now, answers, "pieces made of rows");
    assert_eq!(bench.verdict().await, whole);

    assert_eq!(bench.pack(101, 800).await, 2);
    let mut now = bench.answers().await;
    assert_eq!(now.pop(), latest);
    now.push(answers.last().unwrap().clone());
    assert_eq!(now, answers, "pieces of which the clinic's chain speaks");
    assert_eq!(bench.verdict().await, whole);
}

#[tokio::test]
async fn the_last_piece_of_a_chain_grows_until_it_is_full_and_a_session_has_its_own() {
    let bench = Bench::new().await;
    let of = |from: u32, to: u32, id: Option<SessionId>| -> Vec<Entry> {
        let one = |n| Entry { session: id.clone(), ..frame("mon", i64::from(n), n) };
        (from..to).map(one).collect()
    };
    let lengths = async |bench: &Bench| -> Vec<i64> {
        let sql = "SELECT last_seq - first_seq + 1 FROM pieces WHERE chain = 'room/1' ORDER BY id";
        sqlx::query_scalar(sql).fetch_all(&mut bench.raw().await).await.unwrap()
    };
    bench.append(&room("1"), of(0, 100, None));
    bench.packed_by_time(0).await;
    assert_eq!(lengths(&bench).await, [100]);
    bench.append(&room("1"), of(100, 450, None));
    bench.packed_by_time(100_000).await;
    assert_eq!(lengths(&bench).await, [450]);
    let bench = bench.reopened().await;
    bench.append(&room("1"), of(450, 600, None));
    bench.packed_by_time(200_000).await;
    assert_eq!(lengths(&bench).await, [500, 100]);
    bench.append(&room("1"), of(600, 610, Some(session())));
    bench.append(&room("1"), of(610, 620, None));
    bench.packed_by_time(300_000).await;
    assert_eq!(lengths(&bench).await, [500, 100, 10, 10]);
    let devices = bench.count("piece_devices").await;
    assert_eq!(devices, 4, "each is found by its device, and nothing else is");
    let of_device = ReadingsOf::Device(DeviceId::new("mon").unwrap());
    let all = bench.journal.readings(&of_device, None, None, None, 1_000).await.unwrap();
    assert_eq!(all.entries.len(), 620);
    assert!(matches!(bench.verdict().await, Verdict::Whole { last_seq: 620, .. }));
}

#[tokio::test]
async fn what_leaves_from_the_middle_of_a_piece_leaves_the_rest_there() {
    let bench = with_a_session().await;
    let whole = bench.verdict().await;
    bench.packed_by_time(10_000).await;
    bench.drop_run(21, 60).await;
    let Verdict::Whole { hash, .. } = whole else { panic!("{whole:?}") };
    assert_eq!(bench.verdict().await, Verdict::Whole { last_seq: 803, hash, left: 40 });
    let all = bench.journal.read(&room("1"), 1, 10_000).await.unwrap();
    let numbers: Vec<u64> = all.iter().map(|stored| stored.seq).collect();
    assert_eq!(numbers, (1..=20).chain(61..=803).collect::<Vec<_>>());
    assert_eq!(bench.pack(101, 800).await, 2);
    bench.delete_session().await;
    assert_eq!(bench.verdict().await, Verdict::Whole { last_seq: 803, hash, left: 740 });
}

/// As only a fault of the program, or somebody who edits the file, could make it.
#[tokio::test]
async fn what_cannot_become_a_piece_stays_in_its_batch() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"), note(2, "b")]);
    bench.all_stored().await;
    bench
        .tamper(
            "INSERT INTO pieces (chain, first_seq, last_seq, from_at, to_at, last_hash, noted_seq) \
             VALUES ('room/1', 2, 2, 0, 0, zeroblob(32), 7)",
        )
        .await;
    bench.append(&room("9"), vec![note(0, "begins"), note(60_000, "a minute later")]);
    bench.all_stored().await;
    while bench.journal.is_packing() {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.count("batches").await, 2);
    bench.tamper("DELETE FROM pieces").await;
    bench.append(&room("9"), vec![note(60_000, "begins"), note(120_000, "a minute later")]);
    bench.all_stored().await;
    while bench.count("batches").await > 0 {
        tokio::task::yield_now().await;
    }
    let read = bench.journal.read(&room("1"), 1, 9).await.unwrap();
    assert_eq!(bodies(&read), [r#"{"note":"a"}"#, r#"{"note":"b"}"#]);
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_takes_nothing_else_with_it() {
    let bench = Bench::new().await;
    for n in 1..=5_i64 {
        bench.append(&room("1"), vec![frame("mon", n, n.try_into().unwrap())]);
        bench.append(&room("2"), vec![note(n, "beside")]);
        bench.all_stored().await;
    }
    assert_eq!(bench.count("batches").await, 5);
    let sql = "UPDATE batches SET entries = x'01ff' WHERE id = \
               (SELECT id FROM batches ORDER BY id LIMIT 1 OFFSET 2)";
    bench.tamper(sql).await;
    let check = async |bench: &Bench| {
        let numbers = |found: Vec<StoredEntry>| -> Vec<u64> {
            found.iter().map(|stored| stored.seq).collect()
        };
        let before = bench.journal.read(&room("1"), 1, 2).await.unwrap();
        assert_eq!(numbers(before), [1, 2]);
        let across = bench.journal.read(&room("1"), 1, 9).await;
        assert!(across.is_err_and(|error| error.is_damage()), "whoever needs all is told");
        let mut places = bench.journal.readable(&room("1"), 1, 5);
        let mut read = Vec::new();
        loop {
            let page = places.next().await.unwrap();
            if page.is_empty() {
                break;
            }
            read.extend(page.into_iter().map(|found| match found {
                super::readable::Found::Entry(stored) => Ok(stored.seq),
                super::readable::Found::Unreadable(seq) => Err(seq),
                other => panic!("{other:?}"),
            }));
        }
        assert_eq!(read, [Ok(1), Ok(2), Err(3), Ok(4), Ok(5)]);
        let verdict = bench.verdict().await;
        assert!(matches!(&verdict, Verdict::Broken(found) if found.seq == 3), "{verdict:?}");
        let of = ReadingsOf::Device(DeviceId::new("mon").unwrap());
        let frames = bench.journal.readings(&of, None, None, None, 10).await.unwrap();
        assert_eq!(numbers(frames.entries), [1, 2, 4, 5]);
        assert_eq!(bench.journal.last(&room("1")).await.unwrap().unwrap().seq, 5);
    };
    check(&bench).await;
    let bench = bench.reopened().await;
    check(&bench).await;
    // The others are packed, and it stays for whoever can repair it.
    bench.append(&room("9"), vec![note(0, "begins"), note(60_000, "a minute later")]);
    bench.all_stored().await;
    while bench.count("batches").await > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.journal.next_seq(&room("1")), 6);
    let of = ReadingsOf::Device(DeviceId::new("mon").unwrap());
    let frames = bench.journal.readings(&of, None, None, None, 10).await.unwrap();
    assert_eq!(frames.entries.len(), 4);
    let verdict = bench.verdict().await;
    assert!(matches!(&verdict, Verdict::Broken(found) if found.seq == 3), "{verdict:?}");
}

/// Three rooms that record, some of them with private words, and then end without a word: as a
/// process does that is killed, at any moment of a commit or of packing.
#[test]
fn killed_while_it_packs_it_loses_and_doubles_nothing_that_was_acknowledged() {
    for round in 0..24_u32 {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let acknowledged = runtime.block_on(async {
            let journal = Journal::open(folder.path()).await.unwrap();
            let mut acknowledged = 0;
            // A minute of the record passes every few commits.
            for n in 0..(20 + round * 3) {
                let (stored, told) = oneshot::channel();
                for (id, told) in [("1", None), ("2", None), ("3", Some(stored))] {
                    let chain = room(id);
                    let entry = Entry {
                        session: (n % 3 == 0).then(session),
                        private: (n % 5 == 0).then(|| "{}".to_owned()),
                        ..frame(id, i64::from(n) * 13_000, n)
                    };
                    let seq = journal.next_seq(&chain);
                    let told = told.into_iter().collect();
                    journal.append(&chain, seq, vec![entry], vec![], told).unwrap();
                }
                told.await.unwrap();
                acknowledged = u64::from(n) + 1;
            }
            acknowledged
        });
        runtime.shutdown_background();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let journal = loop {
                match Journal::open(folder.path()).await {
                    Ok(journal) => break journal,
                    Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
                    Err(error) => panic!("{error}"),
                }
            };
            for id in ["1", "2", "3"] {
                let all = journal.read(&room(id), 1, 10_000).await.unwrap();
                let numbers: Vec<u64> = all.iter().map(|stored| stored.seq).collect();
                assert_eq!(numbers, (1..=acknowledged).collect::<Vec<_>>(), "round {round}");
                let verdict = journal.verify(&room(id)).await.unwrap();
                assert!(matches!(verdict, Verdict::Whole { .. }), "round {round}: {verdict:?}");
                let of = ReadingsOf::Device(DeviceId::new(id).unwrap());
                let frames = journal.readings(&of, None, None, None, 10_000).await.unwrap();
                assert_eq!(frames.entries.len() as u64, acknowledged, "round {round}");
            }
            journal.close(LONG).await.unwrap();
        });
    }
}

/// Whatever byte of a batch or a piece is changed, it is found, or nothing of it is read otherwise.
#[test]
fn any_changed_byte_of_a_batch_or_a_piece_is_found() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bench = runtime.block_on(async {
        let bench = with_a_session().await;
        bench.packed_by_time(10_000).await;
        bench.append(&room("1"), vec![frame("mon", 80_000, 77), note(80_001, "last")]);
        let private = Some("{\"words\":1}".to_owned());
        let words = Entry { private, session: Some(session()), ..note(80_002, "words") };
        bench.append(&room("1"), vec![words]);
        bench.all_stored().await;
        bench
    });
    let rows: Vec<(&str, i64, i64)> = runtime.block_on(async {
        let mut raw = bench.raw().await;
        let mut all = Vec::new();
        for (table, column) in
            [("batches", "entries"), ("pieces", "entries"), ("pieces", "private")]
        {
            let sql =
                format!("SELECT id, length({column}) FROM {table} WHERE {column} IS NOT NULL");
            for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut raw).await.unwrap() {
                let name = if table == "batches" { "batches.entries" } else { column };
                all.push((name, row.get(0), row.get(1)));
            }
        }
        all
    });
    assert!(rows.iter().any(|(name, ..)| *name == "batches.entries"));
    assert!(rows.iter().any(|(name, ..)| *name == "private"));
    proptest!(ProptestConfig::with_cases(200), |(pick in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0_u32..8)| {
        let (name, id, length) = *pick.get(&rows);
        let (table, column) = match name {
            "batches.entries" => ("batches", "entries"),
            column => ("pieces", column),
        };
        let at = i64::try_from(at.index(usize::try_from(length).unwrap())).unwrap();
        let is_found = runtime.block_on(async {
            let mut raw = bench.raw().await;
            let select = format!("SELECT {column} FROM {table} WHERE id = {id}");
            let before: Vec<u8> =
                sqlx::query_scalar(AssertSqlSafe(select)).fetch_one(&mut raw).await.unwrap();
            let mut changed = before.clone();
            changed[usize::try_from(at).unwrap()] ^= 1 << bit;
            let update = format!("UPDATE {table} SET {column} = ? WHERE id = {id}");
            let write = async |raw: &mut SqliteConnection, bytes: Vec<u8>| {
                let update = sqlx::query(AssertSqlSafe(update.clone())).bind(bytes);
                update.execute(raw).await.unwrap();
            };
            write(&mut raw, changed).await;
            let mut is_found = false;
            let mut read = Vec::new();
            for chain in [room("1"), room("2"), room("9")] {
                let verdict = bench.journal.verify(&chain).await.unwrap();
                is_found |= !matches!(verdict, Verdict::Whole { .. });
                read.push(bench.journal.read(&chain, 1, 10_000).await.ok());
            }
            write(&mut raw, before).await;
            let mut as_written = Vec::new();
            for chain in [room("1"), room("2"), room("9")] {
                as_written.push(bench.journal.read(&chain, 1, 10_000).await.ok());
            }
            // What says how something is compressed may be said in two ways.
            is_found || column == "private" && read == as_written
        });
        prop_assert!(is_found, "bit {bit} of byte {at} of {name} {id}");
    });
}

#[tokio::test]
async fn the_order_of_commit_is_kept_and_no_number_is_given_twice() {
    let bench = Bench::new().await;
    let numbers = async |bench: &Bench| -> Vec<i64> {
        let mut raw = bench.raw().await;
        let mut all: Vec<i64> = Vec::new();
        let batches = sqlx::query("SELECT id, entries FROM batches ORDER BY id");
        for batch in batches.fetch_all(&mut raw).await.unwrap() {
            let read = read_batch(batch.get(1), batch.get(0)).unwrap();
            all.extend(read.iter().map(|one: &Batched<'_>| one.numbered().unwrap().id));
        }
        let rows = "SELECT id FROM entries";
        all.extend(sqlx::query_scalar::<_, i64>(rows).fetch_all(&mut raw).await.unwrap());
        all.sort_unstable();
        all
    };
    bench.append(&room("1"), vec![note(1, "a"), note(2, "b")]);
    bench.append(&Chain::Clinic, vec![note(3, "c")]);
    bench.append(&room("2"), vec![note(4, "d")]);
    bench.all_stored().await;
    assert_eq!(numbers(&bench).await, [1, 2, 3, 4]);
    let bench = bench.reopened().await;
    bench.packed_by_time(10).await;
    let bench = bench.reopened().await;
    bench.append(&room("2"), vec![note(70_000, "e")]);
    bench.all_stored().await;
    assert_eq!(numbers(&bench).await, [3, 7], "the others are packed");
}
