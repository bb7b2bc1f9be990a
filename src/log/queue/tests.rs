use super::*;

const AT_ONCE: Duration = Duration::ZERO;

fn fill(queue: &Queue, rank: Rank) -> usize {
    let line = [b'x'; 1_000];
    let before = queue.refused();
    (0..)
        .take_while(|_| {
            queue.put(&line, rank);
            queue.refused() == before
        })
        .count()
}

#[test]
fn it_is_bounded_by_bytes_and_counts_what_it_refuses() {
    let queue = Queue::default();
    let count = fill(&queue, Rank::Usual);
    assert_eq!(count, MAX_USUAL_BYTES / (1_000 + LINE_OVERHEAD_BYTES));
    assert_eq!(queue.refused(), 1);
    while queue.next(AT_ONCE).is_some() {
        queue.done(true);
    }
    assert_eq!(fill(&queue, Rank::Usual), count, "what is written makes room");
}

#[test]
fn a_flood_leaves_room_for_what_is_urgent() {
    let queue = Queue::default();
    fill(&queue, Rank::Usual);
    assert!(fill(&queue, Rank::Urgent) > 200);
    assert!(queue.lock().bytes <= MAX_WAITING_BYTES);
}

#[test]
fn a_line_that_is_too_long_is_cut_at_the_end_of_a_character() {
    let line = cut("é".repeat(LONGEST_LINE_BYTES).as_bytes());
    let line = String::from_utf8(line.into()).unwrap();
    assert!(line.ends_with("é… (cut)\n"));
    assert!((LONGEST_LINE_BYTES - 2..=LONGEST_LINE_BYTES).contains(&line.len()));
}

#[test]
fn a_flush_waits_for_the_line_that_is_being_written_and_no_longer_than_it_may() {
    let queue = Queue::default();
    queue.flush(Duration::MAX);
    queue.put(b"x\n", Rank::Usual);
    assert!(queue.next(AT_ONCE).is_some());
    queue.flush(Duration::from_millis(1));
    assert!(queue.lock().is_busy());
    std::thread::scope(|threads| {
        threads.spawn(|| queue.flush(Duration::MAX));
        queue.done(false);
    });
    assert_eq!(queue.not_written(), 1);
}
