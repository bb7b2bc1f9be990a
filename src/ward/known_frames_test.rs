use super::*;
use crate::adapters::digest;

/// A sender with one connection at a time; each test says how its messages are answered.
struct Sender {
    frames: KnownFrames,
    connection: u64,
    now: Millis,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Written,
    Pending,
    Lost,
    Refused,
}

impl Sender {
    fn new() -> Self {
        Self { frames: KnownFrames::default(), connection: 1, now: Millis(0) }
    }

    /// Whether the message is taken for one that was sent again.
    fn sends(&mut self, number: &str, clock: i64, value: i64, answered: Answer) -> bool {
        self.now = self.now.plus(1_000);
        let answer = Acknowledgement::default();
        let sending = Sending {
            connection: self.connection,
            number: digest(number),
            clock: Some(Millis(clock)),
            answer: answer.clone(),
        };
        let parts = [number.as_bytes(), &clock.to_le_bytes(), &value.to_le_bytes()];
        let key = FrameKey::of(&parts);
        let copies = Copies::ByAnswer(sending);
        let is_again = self.frames.is_sent_again(key, &copies, REPEATED_FOR_MS, self.now);
        match answered {
            Answer::Written => answer.written(),
            Answer::Lost => answer.cannot_be_written(),
            Answer::Refused => answer.refused(),
            Answer::Pending => {}
        }
        is_again
    }

    fn connects_again(&mut self) {
        self.connection += 1;
    }

    /// Some messages with numbers and times of their own.
    fn with_a_past(mut self) -> Self {
        for n in 0..6 {
            assert!(!self.sends(&n.to_string(), n * 1_000, 97, Answer::Written));
        }
        self
    }
}

#[test]
fn a_dead_clock_and_one_number_for_all_lose_no_value() {
    let mut sender = Sender::new();
    for value in [97, 84, 97, 97, 84, 84, 84, 97, 84] {
        assert!(!sender.sends("204", 0, value, Answer::Written));
    }
    for value in [84, 84, 97] {
        sender.connects_again();
        assert!(!sender.sends("204", 0, value, Answer::Written), "on a new connection");
    }
}

#[test]
fn a_clock_of_whole_minutes_loses_no_value_within_its_minute() {
    let mut sender = Sender::new();
    for second in 0..300i64 {
        let minute = second / 60 * 60_000;
        assert!(!sender.sends("1", minute, 90 + second % 3, Answer::Written), "{second}");
    }
}

#[test]
fn a_message_whose_answer_was_lost_is_the_same_message() {
    let mut sender = Sender::new();
    assert!(!sender.sends("204", 0, 97, Answer::Lost));
    sender.connects_again();
    assert!(sender.sends("204", 0, 97, Answer::Written));
    assert!(!sender.sends("204", 0, 97, Answer::Written), "after its answer it is new");
}

#[test]
fn a_message_that_comes_twice_before_its_answer_is_one_from_the_first_on() {
    let mut sender = Sender::new();
    for n in 0..40 {
        assert!(!sender.sends(&n.to_string(), n * 1_000, 97, Answer::Pending), "{n}");
        assert!(sender.sends(&n.to_string(), n * 1_000, 97, Answer::Written), "{n}");
    }
}

#[test]
fn a_message_that_comes_twice_at_once_is_one_also_from_a_sender_that_is_new() {
    let mut sender = Sender::new();
    assert!(!sender.sends("1", 1_000, 97, Answer::Written));
    sender.now = sender.now.plus(-950);
    assert!(sender.sends("1", 1_000, 97, Answer::Written));
    assert!(!sender.sends("2", 2_000, 97, Answer::Written));
    assert!(sender.sends("2", 2_000, 97, Answer::Written), "number and time have moved");
    let mut repeating = Sender::new();
    for value in [97, 84, 84, 84] {
        assert!(
            !repeating.sends("204", 0, value, Answer::Written),
            "its number is known to repeat"
        );
        repeating.now = repeating.now.plus(-990);
    }
}

#[test]
fn a_sender_that_stands_still_and_waits_for_no_answer_loses_no_value() {
    let mut sender = Sender::new();
    sender.sends("204", 0, 97, Answer::Written);
    for value in [84, 84, 97, 84, 97, 97] {
        assert!(!sender.sends("204", 0, value, Answer::Pending));
    }
}

#[test]
fn a_copy_before_the_answer_on_a_new_connection_is_the_same_message() {
    let mut sender = Sender::new();
    assert!(!sender.sends("204", 0, 97, Answer::Pending));
    sender.connects_again();
    assert!(sender.sends("204", 0, 97, Answer::Written));
}

#[test]
fn a_sender_whose_numbers_move_sends_again_what_it_has_sent() {
    let mut sender = Sender::new().with_a_past();
    assert!(sender.sends("5", 5_000, 97, Answer::Written), "on the same connection");
    sender.connects_again();
    assert!(sender.sends("4", 4_000, 97, Answer::Written));
    assert!(sender.sends("5", 5_000, 97, Answer::Written));
    assert!(!sender.sends("6", 6_000, 97, Answer::Written));
    assert!(!sender.sends("5", 5_000, 84, Answer::Written), "other content is another message");
}

#[test]
fn what_was_asked_for_again_is_new_when_it_comes() {
    let mut sender = Sender::new().with_a_past();
    assert!(!sender.sends("6", 6_000, 97, Answer::Refused));
    assert!(!sender.sends("6", 6_000, 97, Answer::Written), "as the answer asked");
    assert!(sender.sends("6", 6_000, 97, Answer::Written));
}

#[test]
fn where_only_the_clock_moves_equal_messages_of_a_second_are_two_until_it_connects_again() {
    let mut sender = Sender::new();
    for second in 0..6 {
        sender.sends("1", second * 1_000, 97, Answer::Written);
    }
    sender.connects_again();
    assert!(sender.sends("1", 5_000, 97, Answer::Written));
    assert!(!sender.sends("1", 5_000, 97, Answer::Written), "the same connection");
}

#[test]
fn two_messages_whose_numbers_and_times_differ_say_enough_of_a_sender_that_connects_again() {
    let mut sender = Sender::new();
    assert!(!sender.sends("1", 1_000, 97, Answer::Written));
    assert!(!sender.sends("2", 2_000, 97, Answer::Written));
    // Its line was cut before it had read the answer.
    sender.connects_again();
    assert!(sender.sends("2", 2_000, 97, Answer::Written));
    let mut repeating = Sender::new();
    assert!(!repeating.sends("204", 1_000, 97, Answer::Written));
    assert!(!repeating.sends("204", 2_000, 97, Answer::Written));
    repeating.connects_again();
    assert!(!repeating.sends("204", 2_000, 97, Answer::Written), "one of the two says nothing");
}

#[test]
fn a_sender_that_is_new_is_given_the_benefit_of_the_doubt() {
    let mut sender = Sender::new();
    assert!(!sender.sends("1", 0, 97, Answer::Written));
    sender.connects_again();
    assert!(!sender.sends("1", 0, 97, Answer::Written));
}

#[test]
fn after_a_restart_a_frame_of_the_record_is_known_once() {
    let key = |value: i64| FrameKey::of(&[b"7", &0i64.to_le_bytes(), &value.to_le_bytes()]);
    let mut sender = Sender::new();
    sender.frames.restore(key(97), REPEATED_FOR_MS, Millis(0));
    assert!(sender.sends("7", 0, 97, Answer::Written));
    assert!(!sender.sends("7", 0, 97, Answer::Written));

    let mut repeating = Sender::new();
    for value in [97, 84, 97] {
        repeating.frames.restore(key(value), REPEATED_FOR_MS, Millis(0));
    }
    assert!(!repeating.sends("7", 0, 97, Answer::Written), "its equal frames are several");
}

#[test]
fn a_key_that_says_everything_is_known_within_its_time_and_number() {
    let mut frames = KnownFrames::default();
    let key = |n: usize| FrameKey::of(&[&n.to_le_bytes()]);
    assert!(!frames.is_known(key(1), 60_000, Millis(0)));
    assert!(frames.is_known(key(1), 60_000, Millis(60_000)));
    assert!(!frames.is_known(key(1), 60_000, Millis(60_001)));
    for n in 2..=KEYS + 2 {
        assert!(!frames.is_known(key(n), 600_000, Millis(60_002)));
    }
    assert!(frames.known.len() <= KEYS && frames.order.len() <= KEYS);
    frames.forget(&key(KEYS));
    assert!(!frames.is_known(key(KEYS), 600_000, Millis(60_003)));
}

#[test]
fn what_is_too_old_leaves_the_memory() {
    let mut sender = Sender::new();
    for value in 0..2_000 {
        sender.sends("204", 0, value, Answer::Written);
    }
    for _ in 0..3_000 {
        sender.sends("204", 0, 1, Answer::Written);
    }
    let KnownFrames { known, order, .. } = &sender.frames;
    assert!(known.len() <= 601 && order.len() <= 601, "{} {}", known.len(), order.len());
    sender.frames.expire(sender.now.plus(REPEATED_FOR_MS + 1));
    assert_eq!(sender.frames.known.capacity() + sender.frames.order.capacity(), 0);
}
