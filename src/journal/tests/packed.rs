//! Entries that are packed are read as before; what left on purpose is known to have.

use super::readable::Found;
use super::*;
use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::record::{MAX_PIECE_ENTRIES, fitting, write_input};
use crate::room::{Input, Opening, Phase};

/// Room 1: 100 entries before a session, 700 of it, 3 after it; beside it another room.
pub(super) async fn with_a_session() -> Bench {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "before"); 100]);
    let of_session = |n: u32| {
        let at = i64::from(n) * 10;
        let entry = match n % 100 {
            0 => Entry { is_checkpoint: true, ..note(at, "state") },
            1 => Entry { private: Some(format!("{{\"words\":{n}}}")), ..note(at, "words") },
            2 => frame("other", at, n),
            _ => frame("mon", at, n),
        };
        Entry { session: Some(session()), ..entry }
    };
    bench.append(&room("1"), (100..800).map(of_session).collect());
    bench.append(&room("1"), vec![note(9_000, "after"), frame("mon", 9_001, 9_001)]);
    bench.append(&room("2"), vec![frame("mon", 5_000, 9_002), note(1, "elsewhere")]);
    bench.append(&room("1"), vec![note(9_002, "after")]);
    bench.all_stored().await;
    bench
}

impl Bench {
    /// Packs the entries of the session up to `to`, as [`crate::sealing`] does; gives how many
    /// pieces that made.
    pub(super) async fn pack(&self, from: u64, to: u64) -> usize {
        let mut pieces = 0;
        loop {
            let found = self.journal.unpacked(&room("1"), from, to, MAX_PIECE_ENTRIES).await;
            let found = found.unwrap();
            let Some(packed) = PackedRun::of(&session(), &found[..fitting(&found)]).unwrap() else {
                return pieces;
            };
            pieces += 1;
            let unit = self.journal.unit();
            let seq = self.journal.next_seq(&Chain::Clinic);
            self.append(&Chain::Clinic, vec![packed.note(Millis(1))]);
            self.journal.pack(packed, seq).unwrap();
            unit.close(vec![]);
            self.all_stored().await;
        }
    }

    pub(super) async fn drop_run(&self, from: u64, to: u64) {
        let found = self.journal.unpacked(&room("1"), from, to, 1_000).await.unwrap();
        let runs = vec![Run::of(&found).unwrap()];
        let seq = self.journal.next_seq(&Chain::Clinic);
        self.append(&Chain::Clinic, vec![note_of_dropped(&room("1"), &runs, 72, Millis(1))]);
        self.journal.drop_runs(runs, seq).unwrap();
        self.all_stored().await;
    }

    /// Deletes the session, as its entry in the chain of the clinic says.
    pub(super) async fn delete_session(&self) {
        let seq = self.journal.next_seq(&Chain::Clinic);
        let body = format!("{{\"delete\":{{\"session\":\"{}\"}}}}", session());
        self.append(&Chain::Clinic, vec![Entry { body, ..Entry::default() }]);
        let (stored, told) = oneshot::channel();
        self.journal.empty_some(&session(), seq, stored).unwrap();
        told.await.unwrap();
    }

    /// Everything that can be asked, with its answers.
    pub(super) async fn answers(&self) -> Vec<String> {
        let mut all = Vec::new();
        let journal = &self.journal;
        for (from, limit) in [(1, 10_000), (95, 20), (599, 3), (790, 1_000), (803, 1)] {
            all.push(format!("{:?}", journal.read(&room("1"), from, limit).await.unwrap()));
        }
        let mut pages = journal.read_range(&room("1"), 50, 700);
        loop {
            let page = pages.next().await.unwrap();
            if page.is_empty() {
                break;
            }
            all.extend(page.iter().map(|stored| format!("{stored:?}")));
        }
        let devices = ["mon", "other"].map(|id| ReadingsOf::Device(DeviceId::new(id).unwrap()));
        let all_of = [ReadingsOf::Session(session())].into_iter().chain(devices);
        for of in all_of {
            for (from, to, limit) in
                [(None, None, 7), (Some(3_000), Some(6_000), 100), (Some(5_000), None, 10_000)]
            {
                let (from, to) = (from.map(Millis), to.map(Millis));
                let mut after = None;
                loop {
                    let page = journal.readings(&of, from, to, after, limit).await.unwrap();
                    all.push(format!("{page:?}"));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
            }
        }
        for before in [u64::MAX, 803, 700, 500, 201, 150] {
            all.push(format!("{:?}", journal.checkpoint_before(&room("1"), before).await.unwrap()));
        }
        let keys = journal.recent_frame_keys(Millis(6_500), Millis(i64::MAX)).await.unwrap();
        all.extend(keys.iter().map(|key| format!("{key:?}")));
        all.push(format!("{:?}", journal.last(&room("1")).await.unwrap()));
        all.push(format!("{:?}", journal.latest().await.unwrap()));
        all
    }

    pub(super) async fn verdict(&self) -> Verdict {
        self.journal.verify(&room("1")).await.unwrap()
    }
}

#[tokio::test]
async fn every_question_has_the_same_answer_once_a_session_is_packed() {
    let bench = with_a_session().await;
    let before = bench.answers().await;
    let whole = bench.verdict().await;
    assert_eq!(bench.pack(101, 800).await, 2);
    assert_eq!(bench.answers().await, before);
    assert_eq!(bench.verdict().await, whole);
    let left = bench.journal.unpacked(&room("1"), 1, 803, 1_000).await.unwrap();
    assert_eq!(left.len(), 103);
    let bench = bench.reopened().await;
    assert_eq!(bench.answers().await, before);
    assert_eq!(bench.verdict().await, whole);
}

#[tokio::test]
async fn a_chain_whose_last_entries_are_packed_goes_on_behind_them() {
    let bench = with_a_session().await;
    let whole = bench.verdict().await;
    bench.pack(101, 803).await;
    let last = bench.journal.last(&room("1")).await.unwrap().unwrap();
    assert_eq!((last.seq, last.entry), (803, note(9_002, "after")));
    let bench = bench.reopened().await;
    assert_eq!(bench.journal.next_seq(&room("1")), 804);
    assert_eq!(bench.verdict().await, whole);
    bench.append(&room("1"), vec![note(9_100, "later")]);
    bench.all_stored().await;
    assert!(matches!(bench.verdict().await, Verdict::Whole { last_seq: 804, left: 0, .. }));
}

#[tokio::test]
async fn personal_words_leave_packed_entries_and_rows_and_the_chain_verifies() {
    let bench = with_a_session().await;
    let whole = bench.verdict().await;
    bench.pack(101, 600).await;
    let words = async |bench: &Bench| {
        let all = bench.journal.read(&room("1"), 1, 10_000).await.unwrap();
        all.iter().filter(|stored| stored.entry.private.is_some()).count()
    };
    assert_eq!(words(&bench).await, 7);
    bench.journal.erase_private(Whose::Session(session()), vec![]).unwrap();
    bench.all_stored().await;
    assert_eq!(words(&bench).await, 0);
    let missed = bench.verdict().await;
    assert!(
        matches!(&missed, Verdict::Broken(found) if found.fault == Fault::PrivateMissing),
        "{missed:?}"
    );
    let body = r#"{"at":9,"redact":{"session":"s1"}}"#.to_owned();
    bench.append(&Chain::Clinic, vec![Entry { body, ..Entry::default() }]);
    bench.all_stored().await;
    assert_eq!(bench.verdict().await, whole);
}

#[tokio::test]
async fn what_left_on_purpose_is_known_and_everything_else_verifies_over_the_gap() {
    let bench = with_a_session().await;
    bench.pack(101, 800).await;
    bench.drop_run(1, 100).await;
    assert!(matches!(bench.verdict().await, Verdict::Whole { last_seq: 803, left: 100, .. }));
    bench.delete_session().await;
    assert!(matches!(bench.verdict().await, Verdict::Whole { last_seq: 803, left: 800, .. }));
    let left = bench.journal.read(&room("1"), 1, 10_000).await.unwrap();
    assert_eq!(left.iter().map(|stored| stored.seq).collect::<Vec<_>>(), [801, 802, 803]);
    let mut places = bench.journal.readable(&room("1"), 1, 803);
    let mut gaps = Vec::new();
    loop {
        let page = places.next().await.unwrap();
        if page.is_empty() {
            break;
        }
        gaps.extend(page.iter().filter_map(|found| match found {
            Found::Left(last, _) => Some(*last),
            _ => None,
        }));
    }
    assert_eq!(gaps, [100, 600, 800]);
    let bench = bench.reopened().await;
    assert_eq!(bench.journal.next_seq(&room("1")), 804);
    assert!(matches!(bench.verdict().await, Verdict::Whole { left: 800, .. }));
    let whole = bench.journal.verify(&Chain::Clinic).await.unwrap();
    assert!(matches!(whole, Verdict::Whole { left: 0, .. }));
}

#[tokio::test]
async fn an_edit_of_a_piece_is_found_and_named() {
    let (changed, missing) = (Fault::Changed, Fault::Missing);
    let of_first = "WHERE chain = 'room/1' AND first_seq = 101";
    let cases = [
        // Packed bytes of another piece.
        (
            "UPDATE pieces SET entries = (SELECT entries FROM pieces WHERE first_seq = 601) ",
            changed,
        ),
        // With their own hash.
        (
            "UPDATE pieces SET (entries, hash) = (SELECT entries, hash FROM pieces \
             WHERE first_seq = 601) ",
            changed,
        ),
        ("UPDATE pieces SET last_hash = randomblob(32) ", changed),
        ("UPDATE pieces SET session = 'another' ", changed),
        ("UPDATE pieces SET noted_seq = 2 ", changed),
        ("UPDATE pieces SET entries = NULL ", missing),
        // The entry says nothing of a deletion.
        ("UPDATE pieces SET entries = NULL, left_seq = 1 ", missing),
        ("DELETE FROM pieces ", missing),
        // Where it is looked for: what is not found there would be missing from histories.
        ("UPDATE pieces SET to_at = to_at + 1 ", changed),
        ("UPDATE pieces SET checkpoint_seq = NULL ", changed),
    ];
    for (sql, fault) in cases {
        let bench = with_a_session().await;
        bench.pack(101, 800).await;
        let edit = sqlx::AssertSqlSafe(format!("{sql}{of_first}"));
        sqlx::query(edit).execute(&mut bench.raw().await).await.unwrap();
        let Verdict::Broken(found) = bench.verdict().await else { panic!("{sql}") };
        assert_eq!((found.seq, found.fault), (101, fault), "{sql}");
    }
    let bench = with_a_session().await;
    bench.pack(101, 800).await;
    bench.tamper("DELETE FROM piece_devices WHERE device = 'other' AND last_seq = 600").await;
    let Verdict::Broken(found) = bench.verdict().await else { panic!() };
    assert_eq!((found.seq, found.fault), (101, changed));
    let bench = with_a_session().await;
    bench.pack(101, 800).await;
    bench.tamper("UPDATE pieces SET entries = x'00', hash = x'00' WHERE first_seq = 601").await;
    let Verdict::Broken(found) = bench.verdict().await else { panic!("a hash has 32 bytes") };
    assert_eq!((found.seq, found.fault), (601, Fault::Unreadable));
    bench.tamper("UPDATE pieces SET hash = randomblob(32) WHERE first_seq = 601").await;
    let Verdict::Broken(found) = bench.verdict().await else { panic!() };
    assert_eq!((found.seq, found.last_seq), (601, 800));
    assert_eq!((found.session, found.from), (Some(session()), Some(Millis(6_000))));
}

#[tokio::test]
async fn a_damaged_piece_costs_its_own_entries_and_no_others() {
    let bench = with_a_session().await;
    bench.pack(101, 800).await;
    bench.tamper("UPDATE pieces SET entries = x'00' WHERE first_seq = 101").await;
    assert!(bench.journal.read(&room("1"), 1, 1_000).await.is_err(), "who needs all is told");
    let mut places = bench.journal.readable(&room("1"), 1, 803);
    let (mut read, mut lost) = (0, 0);
    loop {
        let page = places.next().await.unwrap();
        if page.is_empty() {
            break;
        }
        for found in page {
            match found {
                Found::Entry(_) => read += 1,
                Found::Unreadable(seq) => {
                    assert!((101..=600).contains(&seq));
                    lost += 1;
                }
                Found::Left(..) | Found::End(_) => panic!(),
            }
        }
    }
    assert_eq!((read, lost), (303, 500));
    assert_eq!(MAX_PIECE_ENTRIES, 500, "as many as one damage costs at most");
}

#[tokio::test]
async fn a_disk_that_fails_while_something_is_packed_loses_and_doubles_nothing() {
    let bench = with_a_session().await;
    let before = bench.answers().await;
    bench.disk_fails().await;
    let packing = bench.pack(101, 800);
    let mended = async {
        bench.failed_once().await;
        bench.disk_works().await;
    };
    let (pieces, ()) = tokio::join!(packing, mended);
    assert_eq!(pieces, 2);
    assert_eq!(bench.answers().await, before);
    assert!(matches!(bench.verdict().await, Verdict::Whole { last_seq: 803, .. }));
}

#[tokio::test]
async fn data_of_before_there_were_pieces_are_read_as_before_and_can_be_packed() {
    let bench = with_a_session().await;
    let before = bench.answers().await;
    let bench = bench.kept_as_rows().await;
    assert_eq!(bench.answers().await, before);
    let folder = bench.folder;
    bench.journal.close(LONG).await.unwrap();
    let mut raw = raw(folder.path()).await;
    for sql in [
        "DELETE FROM _sqlx_migrations WHERE version = 14",
        "DROP TABLE pieces",
        "DROP TABLE piece_devices",
        "DROP TABLE keeping",
        "DROP INDEX sessions_by_end",
        "INSERT INTO sessions (id, room, profile, phase, opened_at, ended_at, opened_seq, \
         ended_seq, json) VALUES ('s1', '1', 'p', 'discharged', 1000, 8000, 101, 800, '{}')",
    ] {
        sqlx::query(sql).execute(&mut raw).await.unwrap();
    }
    drop(raw);
    let journal = Journal::open(folder.path()).await.unwrap();
    let bench = Bench { folder, journal };
    assert_eq!(bench.answers().await, before);
    let (store, from) = (bench.journal.store(), (Millis(0), String::new()));
    let due = store.session_to_seal(Millis(8_000), &from).await.unwrap();
    assert_eq!(due.unwrap().id, session());
    assert_eq!(bench.pack(101, 800).await, 2);
    assert_eq!(bench.answers().await, before);
}

#[tokio::test]
async fn a_session_of_which_all_is_packed_is_found_in_its_pieces_unless_there_are_too_many() {
    let bench = Bench::new().await;
    let opening = Opening {
        session: session(),
        profile: builtin(DEFAULT_PROFILE).unwrap(),
        planned_s: 2_400,
        phase: Phase::CheckedIn,
        staff: "KM".to_owned(),
    };
    let body = write_input(Millis(10), &Input::Open(opening));
    let private = Some("{}".to_owned());
    let session_ = Some(session());
    let opened = Entry { at: Millis(10), body, private, session: session_, ..Entry::default() };
    bench.append(&room("1"), vec![note(1, "before"), opened, note(20, "after")]);
    bench.all_stored().await;
    bench.pack(2, 2).await;
    let find = async || {
        let row = bench.journal.session_in_chains(&session()).await.unwrap();
        row.map(|row| (row.room.as_str().to_owned(), row.opened_seq))
    };
    assert_eq!(find().await, Some(("1".to_owned(), 2)));
    let later = |from: u32, to: u32| {
        sqlx::AssertSqlSafe(format!(
            "WITH RECURSIVE n (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM n WHERE n < {to}) \
             INSERT INTO pieces (chain, first_seq, last_seq, session, from_at, to_at, last_hash, \
                 noted_seq, entries, private) \
             SELECT 'room/1', n, n, 's1', n, n, zeroblob(32), 1, x'00', x'00' FROM n"
        ))
    };
    sqlx::query(later(100, 1_098)).execute(&mut bench.raw().await).await.unwrap();
    assert_eq!(find().await, Some(("1".to_owned(), 2)), "among a thousand");
    sqlx::query(later(1_099, 1_099)).execute(&mut bench.raw().await).await.unwrap();
    assert_eq!(find().await, None);
}
