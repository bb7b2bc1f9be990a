//! What waits for the disk: how much, in which order, and from when on.

use super::*;
use crate::store::{TokenKind, TokenRow};

fn entries(count: usize, body_bytes: usize) -> Vec<Entry> {
    let entry = Entry { at: Millis(7), body: "x".repeat(body_bytes), ..Entry::default() };
    vec![entry; count]
}

fn queue() -> Queue {
    Queue::new([], Register::default())
}

#[test]
fn a_wrong_number_is_refused_and_changes_nothing() {
    let queue = queue();
    let append = |seq| queue.append(&Chain::Clinic, seq, entries(2, 2), vec![], vec![]);
    assert_eq!(append(2), Err(AppendError::WrongSeq { expected: 2, found: 1 }));
    assert_eq!(append(1), Ok(()));
    assert_eq!(append(1), Err(AppendError::WrongSeq { expected: 1, found: 3 }));
    assert_eq!(queue.next_seq(&Chain::Clinic), 3);
}

#[test]
fn it_is_full_by_count_and_by_bytes_and_a_refused_append_takes_no_number() {
    let queue = queue();
    let append = |seq, entries| queue.append(&Chain::Clinic, seq, entries, vec![], vec![]);
    assert_eq!(append(1, entries(MAX_WAITING, 2)), Err(AppendError::Full));
    assert_eq!(append(1, entries(MAX_WAITING - 1, 2)), Ok(()));
    assert_eq!(append(100_000, entries(1, 2)), Err(AppendError::Full));

    let queue = self::queue();
    let append = |seq, entries| queue.append(&Chain::Clinic, seq, entries, vec![], vec![]);
    assert_eq!(append(1, entries(32, 1024 * 1024)), Err(AppendError::Full));
    assert_eq!(append(1, entries(31, 1024 * 1024)), Ok(()));
    assert_eq!(append(32, entries(1, 1024 * 1024)), Err(AppendError::Full));
    assert_eq!(append(32, entries(1, 2)), Ok(()));
}

#[test]
fn a_batch_is_bounded_but_always_takes_at_least_one_append() {
    let queue = queue();
    for n in 0..3 {
        queue.append(&Chain::Clinic, n * 1_500 + 1, entries(1_500, 2), vec![], vec![]).unwrap();
    }
    queue.append(&Chain::Clinic, 4_501, entries(5_000, 2), vec![], vec![]).unwrap();
    let mut state = queue.lock();
    let sizes: Vec<usize> = std::iter::from_fn(|| {
        let batch = take_batch(&mut state);
        (!batch.is_empty()).then(|| batch.iter().map(|item| item.load.count - 1).sum())
    })
    .collect();
    assert_eq!(sizes, [1_500, 1_500, 1_500, 5_000]);
}

#[test]
fn a_unit_is_taken_whole_and_only_when_it_is_closed() {
    let queue = queue();
    let append = |seq, count| {
        queue.append(&Chain::Clinic, seq, entries(count, 2), vec![], vec![]).unwrap();
    };
    let take = || -> Vec<usize> {
        take_batch(&mut queue.lock()).iter().map(|item| item.load.count - 1).collect()
    };
    append(1, 1_500);
    queue.open_unit();
    append(1_501, 100);
    assert_eq!(take(), [1_500], "what was before it is not held back");
    assert_eq!(take(), [] as [usize; 0]);
    append(1_601, 1_950);
    queue.put(vec![], vec![]).unwrap();
    queue.close_unit(vec![Upsert::EndToken { hash: [7; 32] }]);
    append(3_551, 1);
    assert_eq!(take(), [100, 1_950, 0, 1], "larger than a batch, and yet one");
    assert_eq!(take(), [1]);
    queue.open_unit();
    queue.close_unit(vec![]);
    assert_eq!(take(), [] as [usize; 0], "an empty one is nothing");
}

#[test]
fn the_views_that_end_a_unit_are_taken_in_by_a_full_queue() {
    let queue = queue();
    queue.open_unit();
    queue.append(&Chain::Clinic, 1, entries(MAX_WAITING - 1, 2), vec![], vec![]).unwrap();
    assert_eq!(queue.push(Write::Barrier, vec![]), Err(AppendError::Full));
    queue.close_unit(vec![Upsert::EndToken { hash: [7; 32] }]);
    assert_eq!(queue.counters().waiting, MAX_WAITING + 2);
    assert_eq!(take_batch(&mut queue.lock()).len(), 2);
}

#[tokio::test]
async fn a_queue_that_closes_waits_for_its_unit() {
    let queue = queue();
    queue.open_unit();
    queue.append(&Chain::Clinic, 1, entries(1, 2), vec![], vec![]).unwrap();
    queue.close();
    let next = queue.next_batch();
    tokio::pin!(next);
    assert!(futures_util::poll!(&mut next).is_pending());
    queue.close_unit(vec![]);
    assert_eq!(next.await.map(|batch| batch.len()), Some(1));
}

#[tokio::test]
async fn the_oldest_waiting_time_stands_until_its_batch_is_on_disk() {
    let queue = queue();
    assert_eq!(queue.oldest_uncommitted(), None);
    let at = |at| vec![Entry { at: Millis(at), ..Entry::default() }];
    queue.push(Write::Barrier, vec![]).unwrap();
    queue.append(&Chain::Clinic, 1, at(10), vec![], vec![]).unwrap();
    let batch = queue.next_batch().await.unwrap();
    queue.append(&Chain::Clinic, 2, at(20), vec![], vec![]).unwrap();
    assert_eq!(queue.oldest_uncommitted(), Some(Millis(10)));
    assert_eq!(queue.committed_seq(&Chain::Clinic), 0);
    queue.committed(batch);
    assert_eq!(queue.oldest_uncommitted(), Some(Millis(20)));
    assert_eq!(queue.committed_seq(&Chain::Clinic), 1);
    let batch = queue.next_batch().await.unwrap();
    queue.committed(batch);
    assert_eq!(queue.oldest_uncommitted(), None);
    assert_eq!(queue.counters().waiting, 0);
}

#[tokio::test]
async fn an_entry_of_the_past_waits_since_it_was_queued() {
    let queue = queue();
    let at = |at| vec![Entry { at: Millis(at), ..Entry::default() }];
    let append = |seq, entry| queue.append(&Chain::Clinic, seq, entry, vec![], vec![]).unwrap();
    queue.time_is(Millis(1_000));
    append(1, at(10));
    assert_eq!(queue.oldest_uncommitted(), Some(Millis(1_000)));
    let batch = queue.next_batch().await.unwrap();
    queue.push(Write::Alive(Mark::by_our_clock_alone(Millis(2_000))), vec![]).unwrap();
    queue.time_is(Millis(1_500));
    append(2, at(20));
    assert_eq!(queue.oldest_uncommitted(), Some(Millis(1_000)), "what waits is as old as it is");
    queue.committed(batch);
    let batch = queue.next_batch().await.unwrap();
    append(3, at(30));
    queue.committed(batch);
    assert_eq!(queue.oldest_uncommitted(), Some(Millis(2_000)), "the time never goes back");
}

#[test]
fn a_mark_for_which_there_is_no_place_tells_the_time_too() {
    let queue = queue();
    queue.append(&Chain::Clinic, 1, entries(MAX_WAITING - 1, 2), vec![], vec![]).unwrap();
    let mark = Mark::by_our_clock_alone(Millis(2_000));
    assert_eq!(queue.push(Write::Alive(mark), vec![]), Err(AppendError::Full));
    assert_eq!(queue.lock().now, Millis(2_000));
}

#[tokio::test]
async fn who_may_come_in_is_known_although_the_queue_is_full_and_is_on_disk_later() {
    let queue = queue();
    queue.append(&Chain::Clinic, 1, entries(MAX_WAITING - 1, 2), vec![], vec![]).unwrap();
    let hash = [7; 32];
    let token = Upsert::Token(crate::store::TokenRow {
        hash,
        kind: crate::store::TokenKind::Login,
        subject: "kim".into(),
        role: None,
        created_at: Millis(5),
        expires_at: None,
        last_used: None,
        ended: false,
    });
    assert_eq!(queue.put(vec![token.clone()], vec![]), Err(AppendError::Full));
    let (_, right) = queue.register().token(&hash, Millis(6)).unwrap();
    let end = Upsert::EndToken { hash };
    assert_eq!(queue.put(vec![end.clone()], vec![]), Err(AppendError::Full));
    assert!(right.has_ended() && queue.register().token(&hash, Millis(6)).is_none());

    let batch = queue.next_batch().await.unwrap();
    queue.committed(batch);
    queue.push(Write::Alive(Mark::by_our_clock_alone(Millis(8))), vec![]).unwrap();
    let batch = queue.next_batch().await.unwrap();
    assert_eq!(batch[0].write.views(), [token, end], "in the order in which it happened");
    assert!(matches!(batch[1].write, Write::Alive(_)));
}

/// With place for so much more.
fn almost_full(place: usize) -> Queue {
    let queue = queue();
    let count = MAX_WAITING - place - 1;
    queue.append(&Chain::Clinic, 1, entries(count, 2), vec![], vec![]).unwrap();
    queue
}

#[tokio::test]
async fn what_is_owed_to_the_disk_is_not_overtaken_by_what_is_smaller() {
    let queue = almost_full(2);
    let subject = || "kim".to_owned();
    let owed = [
        Upsert::EndTokens { kind: TokenKind::Login, subject: subject() },
        Upsert::EndToken { hash: [8; 32] },
    ];
    let token = Upsert::Token(TokenRow {
        hash: [7; 32],
        kind: TokenKind::Login,
        subject: subject(),
        role: None,
        created_at: Millis(5),
        expires_at: None,
        last_used: None,
        ended: false,
    });
    assert_eq!(queue.put(owed.to_vec(), vec![]), Err(AppendError::Full));
    assert_eq!(queue.put(vec![token.clone()], vec![]), Err(AppendError::Full));
    assert_eq!(queue.push(Write::Barrier, vec![]), Ok(()), "what is not of access may pass");

    let batch = queue.next_batch().await.unwrap();
    queue.committed(batch);
    queue.push(Write::Barrier, vec![]).unwrap();
    let batch = queue.next_batch().await.unwrap();
    let [ended, other] = owed;
    let views: Vec<&Upsert> = batch.iter().flat_map(|item| item.write.views()).collect();
    assert_eq!(views, [&ended, &other, &token], "in the order in which it happened");
}

#[test]
fn the_use_of_a_token_is_never_owed() {
    let queue = almost_full(1);
    let used = Upsert::TokenUsed { hash: [7; 32], at: Millis(6), expires_at: None };
    assert_eq!(queue.put(vec![used.clone()], vec![]), Err(AppendError::Full));
    assert_eq!(queue.register().owed(), []);
    let end = Upsert::EndToken { hash: [7; 32] };
    assert_eq!(queue.put(vec![used, end.clone()], vec![]), Err(AppendError::Full));
    assert_eq!(queue.register().owed(), [end]);
}
