use super::*;

fn line(message: &str) -> Line {
    Line { level: Level::WARN, message: message.to_owned() }
}

fn written(repeats: &Repeats, key: u64, times: u64, at: i64) -> usize {
    (0..times).filter(|_| repeats.is_news(key, Millis(at), || line("a"))).count()
}

#[test]
fn a_line_that_comes_again_and_again_is_written_twenty_times_and_then_counted_once() {
    let repeats = Repeats::default();
    assert_eq!(written(&repeats, 1, 50, 0), 20);
    assert_eq!(written(&repeats, 1, 50, 9_999), 0);
    assert_eq!(written(&repeats, 2, 5, 9_999), 5, "another line is another");
    assert_eq!(repeats.due(Millis(9_999)), []);
    assert_eq!(repeats.due(Millis(10_000)), [Repeated { line: line("a"), times: 80 }]);
    assert_eq!(repeats.due(Millis(20_000)), []);
    assert_eq!(repeats.left_out(), 80);
}

#[test]
fn a_new_interval_begins_with_the_next_line_and_the_last_one_is_still_told() {
    let repeats = Repeats::default();
    written(&repeats, 1, 23, 0);
    assert_eq!(written(&repeats, 1, 30, 10_000), 20);
    assert_eq!(repeats.due(Millis(10_000)), [Repeated { line: line("a"), times: 3 }]);
    assert_eq!(repeats.due(Millis(20_000)), [Repeated { line: line("a"), times: 10 }]);
}

#[test]
fn what_is_remembered_is_bounded_and_the_oldest_makes_way_with_its_count() {
    let repeats = Repeats::default();
    written(&repeats, 0, 21, 0);
    for key in 1..1_000 {
        written(&repeats, key, 1, 1);
    }
    assert_eq!(repeats.lock().lines.len(), MAX_LINES);
    assert_eq!(repeats.due(Millis(1)), [Repeated { line: line("a"), times: 1 }]);
}
