use futures_util::poll;

use super::readable::Found;
use super::readers::READER_WAIT;
use super::*;
use crate::clock::pass;
use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::record::write_input;
use crate::room::{Input, Opening, Phase};

#[tokio::test]
async fn a_range_is_read_page_by_page_to_its_end() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"); 2_500]);
    bench.append(&room("2"), vec![note(1, "b")]);
    bench.all_stored().await;
    let mut pages = bench.journal.read_range(&room("1"), 100, 2_400);
    let mut seqs = Vec::new();
    loop {
        let page = pages.next().await.unwrap();
        if page.is_empty() {
            break;
        }
        seqs.extend(page.iter().map(|stored| stored.seq));
    }
    assert_eq!(seqs, (100..=2_400).collect::<Vec<u64>>());
}

#[tokio::test]
async fn the_latest_checkpoint_is_found_among_later_entries() {
    let bench = Bench::new().await;
    let checkpoint = |at| Entry { is_checkpoint: true, ..note(at, "state") };
    bench.append(&room("1"), vec![checkpoint(1), note(2, "a"), checkpoint(3), note(4, "b")]);
    bench.append(&room("2"), vec![note(5, "c")]);
    bench.all_stored().await;
    let found = bench.journal.latest_checkpoint(&room("1")).await.unwrap().unwrap();
    assert_eq!((found.seq, found.entry), (3, checkpoint(3)));
    assert_eq!(bench.journal.latest_checkpoint(&room("2")).await.unwrap(), None);
}

#[tokio::test]
async fn frame_keys_come_back_by_device_newest_4096_and_not_older_than_asked() {
    let bench = Bench::new().await;
    bench.append(&room("1"), (0..5_000).map(|n| frame("busy", i64::from(n), n)).collect());
    bench
        .append(&Chain::Clinic, vec![frame("calm", 10, 1), note(11, "x"), frame("calm", 4_000, 2)]);
    bench.all_stored().await;

    let keys = bench.journal.recent_frame_keys(Millis(0), Millis(i64::MAX)).await.unwrap();
    let busy: Vec<_> = keys.iter().filter(|frame| frame.device.as_str() == "busy").collect();
    assert_eq!(busy.len(), 4_096);
    assert_eq!(busy[0].key, FrameKey::of(&[&904_u32.to_le_bytes()]));
    assert_eq!(busy[4_095].at, Millis(4_999));
    assert_eq!(keys.len() - busy.len(), 2);

    let keys = bench.journal.recent_frame_keys(Millis(4_000), Millis(i64::MAX)).await.unwrap();
    assert_eq!(keys.len(), 1_001);
    let calm = keys.iter().find(|frame| frame.device.as_str() == "calm").unwrap();
    assert_eq!((calm.key, calm.at), (FrameKey::of(&[&2_u32.to_le_bytes()]), Millis(4_000)));
    assert_eq!(calm.entry, keys.iter().map(|frame| frame.entry).max().unwrap(), "the last of all");

    // What a clock that ran ahead has left is not newer than what came after it.
    let ahead = bench.journal.recent_frame_keys(Millis(4_000), Millis(4_500)).await.unwrap();
    assert!(ahead.contains(calm) && ahead.iter().all(|frame| frame.at <= Millis(4_500)));
}

#[tokio::test]
async fn readings_of_one_millisecond_all_appear_once_page_by_page_over_all_chains() {
    let bench = Bench::new().await;
    let device = DeviceId::new("mon").unwrap();
    bench.append(&Chain::Clinic, vec![frame("mon", 10, 0), frame("mon", 20, 1)]);
    bench.append(&room("1"), vec![note(20, "no frame"), frame("other", 20, 9)]);
    bench.append(&room("1"), (2..8).map(|n| frame("mon", 20, n)).collect());
    bench.append(&room("2"), vec![frame("mon", 30, 8)]);
    bench.all_stored().await;

    let of = ReadingsOf::Device(device);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = bench.journal.readings(&of, None, None, after, 3).await.unwrap();
        seen.extend(page.entries.iter().map(|stored| stored.entry.body.clone()));
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    let expected: Vec<String> = (0..9).map(|n| format!("{{\"note\":\"{n}\"}}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn readings_are_bounded_by_time_both_ends_included() {
    let bench = Bench::new().await;
    let of_session = |entry| Entry { session: Some(session()), ..entry };
    bench.append(&room("1"), vec![frame("mon", 10, 0)]);
    bench.append(
        &room("1"),
        (1..5).map(|n| of_session(frame("mon", i64::from(n) * 10, n))).collect(),
    );
    bench.all_stored().await;
    let of = ReadingsOf::Session(session());
    let read = |from, to| bench.journal.readings(&of, from, to, None, 10);
    let page = read(Some(Millis(20)), Some(Millis(30))).await.unwrap();
    assert_eq!(bodies(&page.entries), [r#"{"note":"2"}"#, r#"{"note":"3"}"#]);
    assert_eq!(page.next, None);
    assert_eq!(read(None, None).await.unwrap().entries.len(), 4);
}

#[tokio::test]
async fn a_page_of_the_journal_ends_after_ten_thousand_entries_whatever_is_asked_for() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"); MAX_PAGE as usize + 1]);
    bench.all_stored().await;
    let seqs = async |from: u64| {
        let page = bench.journal.read(&room("1"), from, u32::MAX).await.unwrap();
        (page.len(), page.last().unwrap().seq)
    };
    assert_eq!(seqs(2).await, (10_000, 10_001));
    assert_eq!(seqs(1).await, (10_000, 10_000));
}

#[tokio::test]
async fn a_question_waits_ten_seconds_for_a_reader_and_no_longer() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a")]);
    bench.all_stored().await;
    let chain = room("1");
    for (waits, is_answered) in [(READER_WAIT / 2, true), (READER_WAIT, false)] {
        let stalled = bench.journal.stall(bench.folder.path()).await;
        let mut asking = Box::pin(bench.journal.read(&chain, 1, 10));
        assert!(poll!(asking.as_mut()).is_pending());
        pass(waits).await;
        if is_answered {
            assert!(poll!(asking.as_mut()).is_pending());
            stalled.end().await;
            assert_eq!(asking.await.unwrap().len(), 1);
        } else {
            assert!(asking.await.is_err());
            stalled.end().await;
        }
    }
}

/// Numbers that were read, and those that were not; and from where on there is nothing.
async fn found(journal: &Journal, from: u64, to: u64) -> (Vec<u64>, Vec<u64>, Option<u64>) {
    let mut places = journal.readable(&room("1"), from, to);
    let (mut read, mut lost, mut end) = (Vec::new(), Vec::new(), None);
    loop {
        let page = places.next().await.unwrap();
        if page.is_empty() {
            return (read, lost, end);
        }
        assert_eq!(end, None, "nothing comes after the end");
        for place in page {
            match place {
                Found::Entry(stored) => read.push(stored.seq),
                Found::Unreadable(seq) => lost.push(seq),
                Found::Left(..) => {}
                Found::End(seq) => end = Some(seq),
            }
        }
    }
}

/// Rows go behind the back of their indexes, as pages of a failing disk do: the engine calls what it
/// then reads malformed.
async fn torn(bench: &Bench, rows: &'static str) {
    as_rows(&mut bench.raw().await).await;
    let schema = async |statements: [&'static str; 3]| {
        let mut raw = bench.raw().await;
        for sql in statements {
            sqlx::query(sql).execute(&mut raw).await.unwrap();
        }
    };
    schema([
        "PRAGMA writable_schema = ON",
        "CREATE TABLE hidden AS SELECT * FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'entries'",
        "DELETE FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'entries'",
    ])
    .await;
    bench.tamper(rows).await;
    schema([
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_schema SELECT * FROM hidden",
        "DROP TABLE hidden",
    ])
    .await;
}

#[tokio::test]
async fn entries_that_are_damaged_are_named_and_the_others_are_read() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"); 2_500]);
    bench.append(&room("2"), vec![note(1, "b")]);
    bench.all_stored().await;
    assert_eq!(found(&bench.journal, 1, 2_500).await, ((1..=2_500).collect(), vec![], None));
    bench
        .tamper_with_rows("UPDATE entries SET hash = x'00' WHERE chain = 'room/1' AND seq = 7")
        .await;
    bench
        .tamper_with_rows(
            "UPDATE entries SET body = CAST(x'ff' AS TEXT) WHERE chain = 'room/1' AND seq = 2500",
        )
        .await;
    assert!(bench.journal.read(&room("1"), 1, 10).await.is_err(), "who needs all of them is told");
    let (read, lost, end) = found(&bench.journal, 1, 2_500).await;
    assert_eq!((read.len(), lost, end), (2_498, vec![7, 2_500], None));
    let one = async |seq| bench.journal.readable_entry(&room("1"), seq).await.unwrap();
    assert!(one(7).await.is_none() && one(8).await.is_some() && one(2_501).await.is_none());
}

#[tokio::test]
async fn rows_that_the_engine_itself_cannot_read_are_stepped_over() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"); 1_200]);
    bench.all_stored().await;
    torn(&bench, "DELETE FROM entries WHERE chain = 'room/1' AND seq IN (1, 500, 501, 1199)").await;
    let bench = bench.reopened().await;
    let error = bench.journal.read(&room("1"), 490, 20).await.unwrap_err().to_string();
    assert!(error.contains("malformed"), "{error}");
    let (read, lost, end) = found(&bench.journal, 1, 1_200).await;
    assert_eq!((read.len(), lost, end), (1_196, vec![1, 500, 501, 1_199], None));
    let (read, lost, _) = found(&bench.journal, 499, 503).await;
    assert_eq!((read, lost), (vec![499, 502, 503], vec![500, 501]));
}

#[tokio::test]
async fn a_record_steps_over_a_thousand_entries_and_then_says_where_it_ends() {
    let bench = Bench::new().await;
    bench.append(&room("1"), vec![note(1, "a"); 1_200]);
    bench.all_stored().await;
    torn(&bench, "DELETE FROM entries WHERE chain = 'room/1' AND seq BETWEEN 11 AND 1150").await;
    let bench = bench.reopened().await;
    let (read, lost, end) = found(&bench.journal, 1, 1_200).await;
    assert_eq!((read.len(), lost.len(), end), (10, 1_000, Some(1_011)));
}

#[tokio::test]
async fn a_session_whose_row_is_damaged_is_found_in_the_chains_unless_much_was_written_since() {
    let bench = Bench::new().await;
    let opening = |session: &str, at: i64| {
        let session = SessionId::new(session).unwrap();
        let opening = Opening {
            session: session.clone(),
            profile: builtin(DEFAULT_PROFILE).unwrap(),
            planned_s: 2_400,
            phase: Phase::CheckedIn,
            staff: "KM".to_owned(),
        };
        let body = write_input(Millis(at), &Input::Open(opening));
        let private = Some("{}".to_owned());
        Entry { at: Millis(at), body, private, session: Some(session), ..Entry::default() }
    };
    let word = |session: &str| Entry {
        private: Some("{}".to_owned()),
        session: Some(SessionId::new(session).unwrap()),
        ..note(20, "words")
    };
    bench.append(&room("1"), vec![note(1, "before"), opening("s-1", 10), word("s-1")]);
    bench.append(&room("1"), vec![note(30, "between"), opening("s-2", 40), word("s-2")]);
    bench.all_stored().await;
    let find = async |session: &str| {
        let session = SessionId::new(session).unwrap();
        let row = bench.journal.session_in_chains(&session).await.unwrap();
        row.map(|row| (row.room.as_str().to_owned(), row.opened_seq, row.ended_seq))
    };
    assert_eq!(find("s-1").await, Some(("1".to_owned(), 2, Some(4))));
    assert_eq!(find("s-2").await, Some(("1".to_owned(), 5, None)));
    assert_eq!(find("s-3").await, None);
    bench.append(&room("1"), vec![word("s-2"); 4_998]);
    bench.all_stored().await;
    assert_eq!(find("s-2").await.unwrap().1, 5);
    bench.append(&room("1"), vec![word("s-2")]);
    bench.all_stored().await;
    assert_eq!(find("s-2").await, None);
}
