use super::disk::disk_low;
use super::*;
use crate::journal::Trouble;
use crate::profile::Priority;
use crate::room::AlertState;

const LOW_MIB: u64 = 2_000;

fn texts(own: &OwnAlerts) -> Vec<String> {
    let open = own.alarms.alerts.iter().filter(|alert| alert.is_open());
    open.map(|alert| own.shown(alert).shown.text).collect()
}

#[test]
fn recording_stopped_is_raised_when_the_disk_is_two_seconds_behind_until_it_has_caught_up() {
    let mut own = OwnAlerts::default();
    assert_eq!(own.judge_recording((1_900, None), vec![], Millis(0)), None);
    assert_eq!(
        own.judge_recording((2_100, None), vec![], Millis(1_000)),
        Some(Condition::RecordingStopped)
    );
    assert_eq!(own.judge_recording((5_000, None), vec![], Millis(2_000)), None);
    assert_eq!(own.alarms.alerts[0].priority, Priority::Medium);
    assert_eq!(own.judge_recording((1_500, None), vec![], Millis(4_000)), None);
    assert_eq!(
        own.judge_recording((500, None), vec![], Millis(5_000)),
        Some(Condition::RecordingStopped)
    );
    assert_eq!(own.alarms.alerts[0].state, AlertState::Resolved);
    assert_eq!(texts(&own), [] as [String; 0]);
}

#[test]
fn recording_stopped_is_raised_at_once_when_the_record_is_not_where_it_was_and_says_why() {
    let mut own = OwnAlerts::default();
    let mut judge = |trouble, lag_ms, at| {
        let changed = own.judge_recording((lag_ms, trouble), vec![], Millis(at)).is_some();
        (changed, texts(&own))
    };
    let gone = "Recording has stopped: the data folder was deleted or moved. Monitoring goes \
                on. Put it back where it was, or restore a backup and restart the server.";
    let full = "Recording has stopped: the disk is full. Monitoring goes on. Make space.";
    let text = |text: &str| vec![text.to_owned()];
    assert_eq!(judge(Some(Trouble::Refused), 0, 0), (false, vec![]), "perhaps it passes");
    assert_eq!(judge(Some(Trouble::FolderGone), 0, 1_000), (true, text(gone)));
    assert_eq!(judge(Some(Trouble::FolderGone), 1_000, 2_000), (false, text(gone)));
    assert_eq!(judge(Some(Trouble::DiskFull), 2_000, 3_000), (true, text(full)));
    assert_eq!(judge(None, 2_000, 4_000), (false, text(full)), "it has not caught up");
    assert_eq!(judge(None, 0, 5_000), (true, vec![]));
}

#[test]
fn what_stopped_and_what_is_unread_are_one_alert_whose_words_name_what_is_worse() {
    let mut own = OwnAlerts::default();
    let unread = || vec![RoomId::new("3").unwrap()];
    own.judge_recording((0, None), unread(), Millis(0));
    assert!(texts(&own)[0].starts_with("After a restart"));
    own.judge_recording((0, Some(Trouble::DiskFull)), unread(), Millis(1_000));
    assert!(texts(&own)[0].contains("the disk is full"));
    own.judge_recording((0, None), unread(), Millis(2_000));
    assert!(texts(&own)[0].starts_with("After a restart"));
    assert_eq!(own.counted, 1);
}

#[test]
fn a_disk_that_is_low_for_30_s_is_told_and_over_when_a_quarter_more_is_free() {
    let mut own = OwnAlerts::default();
    let mut judge =
        |free_mib, second: i64| own.judge_disk(free_mib, LOW_MIB, Millis(second * 1_000)).is_some();
    assert!(!judge(1_999, 0));
    assert!(!judge(1_990, 20));
    assert!(judge(1_980, 30));
    assert!(!judge(1_970, 40));
    assert!(!judge(2_400, 50));
    assert!(judge(2_500, 60));
    assert_eq!(texts(&own), [] as [String; 0]);
}

#[test]
fn a_disk_that_is_low_only_for_a_moment_is_not_told() {
    let mut own = OwnAlerts::default();
    for second in 0..10 {
        let free_mib = if second % 3 == 2 { 2_001 } else { 1_000 };
        assert_eq!(own.judge_disk(free_mib, LOW_MIB, Millis(second * 10_000)), None);
    }
}

#[test]
fn one_condition_does_not_touch_the_other() {
    let mut own = OwnAlerts::default();
    own.judge_recording((9_000, None), vec![], Millis(0));
    own.judge_disk(7, LOW_MIB, Millis(0));
    own.judge_disk(7, LOW_MIB, Millis(30_000));
    own.judge_recording((0, None), vec![], Millis(31_000));
    assert_eq!(texts(&own), [disk_low(7)]);
}
