//! What needs nobody: an ordinary course gives no alert.

use dripwatch::room::TaskKind;

use super::play;

#[test]
fn s01_a_normal_responder_gives_no_alert_all_session() {
    let played = play("normal-responder");
    played.is_quiet();
    assert!(!played.tasks.iter().any(|task| task.1 == TaskKind::RepeatCuff));
}

#[test]
fn s02_a_brisk_but_benign_rise_gives_no_alert() {
    play("brisk-but-benign").is_quiet();
}

#[test]
fn s11_a_mild_dip_gives_no_alert() {
    play("mild-dip").is_quiet();
}

#[test]
fn s29_a_patient_whom_nobody_fetches_is_no_alert() {
    play("no-escort").is_quiet();
}

#[test]
fn s35_what_an_ambient_screen_must_stay_calm_beside_is_the_surge() {
    let (ambient, surge) = (play("ambient"), play("hypertensive-surge"));
    assert_eq!(ambient.log, surge.log);
}
