//! What people away from the screens are told of a room's alerts, and that it is recorded with them.

use super::*;
use crate::notice::{Audience, Delivery as Message, Route, Step};
use crate::profile::Priority;
use crate::ward::{MAX_OUTGOING, Outgoing, Outgoings, Outlet};

fn route(channel: &str, priorities: &[Priority], has_initials: bool) -> Route {
    let audiences = vec![Audience::First, Audience::Second, Audience::Prescriber];
    let (channel, priorities) = (channel.to_owned(), priorities.to_vec());
    Route { channel, priorities, audiences, has_initials }
}

fn pager() -> Vec<Route> {
    let all = [Priority::High, Priority::Medium, Priority::Low];
    vec![route("pager", &all, false), route("ours", &[Priority::High], true)]
}

async fn core_with(folder: &std::path::Path, at: Millis, outlet: Outlet) -> Core {
    let journal = Journal::open(folder).await.unwrap();
    let rooms = [room(), RoomId::new("5").unwrap()].map(|id| (id.clone(), format!("Room {id}")));
    let config = WardConfig { rooms: rooms.to_vec(), outlet, ..WardConfig::default() };
    Core::restore(journal, &config, format!("{at}"), Mark::by_our_clock_alone(at)).await.unwrap()
}

impl Clinic {
    /// With channels, and a patient who is infusing.
    async fn telling(routes: Vec<Route>) -> (Self, Outgoings, SessionId) {
        let folder = tempfile::tempdir().unwrap();
        let (outlet, outgoings) = Outlet::new(routes);
        let core = core_with(folder.path(), START, outlet).await;
        let mut clinic = Self { core, folder, second: 0, sent: 0 };
        clinic.bind();
        clinic.each_second(97, 5);
        let session = clinic.open_session();
        clinic.event(&session, usual_baseline());
        clinic.event(&session, Event::Start { overrides: None });
        (clinic, outgoings, session)
    }

    /// The process dies, and another begins on what is on disk.
    async fn dies(self, routes: Vec<Route>) -> (Self, Outgoings) {
        let Self { core, folder, second, sent } = self;
        core.journal.close(Duration::from_secs(5)).await.unwrap();
        drop(core);
        let second = second + 2;
        let (outlet, outgoings) = Outlet::new(routes);
        let core = core_with(folder.path(), START.plus(second * 1_000), outlet).await;
        (Self { core, folder, second, sent }, outgoings)
    }

    fn take_it(&mut self, alert: &str) {
        let now = self.now();
        let act = Acknowledge { alert: alert.to_owned() };
        self.core.act(&km(), act, now).unwrap();
    }
}

/// What has come out so far.
fn came(outgoings: &mut Outgoings) -> Vec<Outgoing> {
    std::iter::from_fn(|| outgoings.try_next()).collect()
}

fn said(outgoings: &[Outgoing]) -> Vec<(&str, Step, u32)> {
    let deliveries = outgoings.iter().map(|one| &one.delivery);
    deliveries.map(|one: &Message| (one.channel.as_str(), one.step, one.n)).collect()
}

#[tokio::test]
async fn an_alert_goes_out_once_its_record_is_on_disk_with_what_each_channel_may_know() {
    let (mut clinic, mut outgoings, session) = Clinic::telling(pager()).await;
    clinic.each_second(84, 20);
    let mut out = came(&mut outgoings);
    let raised = said(&out);
    assert!(raised.contains(&("pager", Step::Raised, 1)), "{raised:?}");
    let low = |one: &&mut Outgoing| one.delivery.condition == crate::profile::Condition::Spo2Low;
    let first = out.iter_mut().find(low).unwrap();
    assert!(first.delivery.alert.starts_with(session.as_str()), "{first:?}");
    assert_eq!(first.delivery.room, Some(room()));
    assert_eq!(first.delivery.initials, None);
    (&mut first.stored).await.unwrap();
    let stored = clinic.core.journal.store().waiting_deliveries(100).await.unwrap();
    assert!(stored.contains(&first.delivery));
    let ours = out.iter().find(|one| one.delivery.channel == "ours").unwrap();
    assert_eq!(ours.delivery.initials.as_deref(), Some("J.T."));
}

#[tokio::test]
async fn after_a_restart_nothing_is_told_twice_and_what_follows_goes_to_whoever_heard() {
    let (mut clinic, mut outgoings, session) = Clinic::telling(pager()).await;
    clinic.each_second(84, 20);
    let before: Vec<Message> = came(&mut outgoings).into_iter().map(|o| o.delivery).collect();
    let urgent = before.iter().find(|one| one.channel == "ours").unwrap().alert.clone();
    assert!(urgent.starts_with(session.as_str()), "{urgent}");
    flush(&clinic.core.journal).await;
    let (mut clinic, mut outgoings) = clinic.dies(pager()).await;
    clinic.each_second(84, 3);
    let again = came(&mut outgoings);
    let is_known = |id: &str| before.iter().any(|one| one.id == id);
    assert!(again.iter().all(|one| !is_known(&one.delivery.id)), "{again:?}");
    assert!(!said(&again).iter().any(|(_, step, _)| *step == Step::Raised), "{again:?}");
    clinic.take_it(&urgent);
    let taken = came(&mut outgoings);
    let of_it: Vec<_> =
        said(&taken).into_iter().filter(|(_, step, _)| *step == Step::Acknowledged).collect();
    assert_eq!(of_it, [("pager", Step::Acknowledged, 1), ("ours", Step::Acknowledged, 1)]);
}

#[tokio::test]
async fn what_is_not_on_disk_when_the_process_dies_is_told_under_the_same_id_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut ids = Vec::new();
    for _ in 0..2 {
        // The same readings, of which the first run's were never acknowledged.
        let copy = tempfile::tempdir().unwrap();
        let (outlet, mut outgoings) = Outlet::new(pager());
        let core = core_with(folder.path(), START, outlet).await;
        let mut clinic = Clinic { core, folder: copy, second: 0, sent: 0 };
        clinic.bind();
        clinic.fill_the_journal();
        clinic.each_second(84, 60);
        let out = came(&mut outgoings);
        // It goes although nothing is recorded.
        ids.push(out.into_iter().next().unwrap().delivery.id);
        // Aborted before all of it is on disk.
        let _ = clinic.core.journal.close(Duration::ZERO).await;
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn what_the_queue_has_no_room_for_is_on_disk_all_the_same() {
    let many = (0..MAX_OUTGOING + 10).map(|n| route(&format!("c{n}"), &[Priority::High], false));
    let (mut clinic, mut outgoings, _) = Clinic::telling(many.collect()).await;
    clinic.each_second(84, 20);
    assert_eq!(came(&mut outgoings).len(), MAX_OUTGOING);
    assert!(outgoings.has_overflowed() && !outgoings.has_overflowed());
    flush(&clinic.core.journal).await;
    let stored = clinic.core.journal.store().waiting_deliveries(100_000).await.unwrap();
    assert!(stored.len() >= MAX_OUTGOING + 10, "{}", stored.len());
}

#[tokio::test]
async fn an_alert_that_moves_to_another_room_is_not_told_again_and_its_end_is() {
    let (mut clinic, mut outgoings, session) = Clinic::telling(pager()).await;
    clinic.each_second(84, 20);
    let told = came(&mut outgoings);
    let urgent = told.iter().find(|one| one.delivery.channel == "ours").unwrap();
    let urgent = urgent.delivery.alert.clone();
    let five = RoomId::new("5").unwrap();
    clinic.event(&session, Event::Move { room: five.clone(), with_monitor: true });
    let moved = came(&mut outgoings);
    assert!(moved.iter().all(|one| one.delivery.step != Step::Raised), "{moved:?}");
    clinic.take_it(&urgent);
    clinic.each_second(97, 60);
    let after = came(&mut outgoings);
    let is_end =
        |one: &&Outgoing| one.delivery.step == Step::Resolved && one.delivery.alert == urgent;
    let end = after.iter().find(is_end).unwrap();
    assert_eq!(end.delivery.room, Some(five));
}

#[tokio::test]
async fn a_channel_that_is_down_is_an_alert_of_the_ward_and_one_more_is_another() {
    let (mut clinic, mut outgoings, _) = Clinic::telling(pager()).await;
    let note = |clinic: &mut Clinic, down: &[&str]| {
        clinic.second += 1;
        let down = down.iter().map(|one| (*one).to_owned()).collect();
        let now = clinic.now();
        clinic.core.ask(NoteChannels { down }, now);
        let snapshot = serde_json::json!(clinic.core.own_alerts.snapshot(View::Staff));
        let alerts = snapshot["alerts"].as_array().unwrap().clone();
        let active = alerts.into_iter().filter(|alert| alert["state"] == "active");
        active.map(|alert| alert["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    came(&mut outgoings);
    let one = note(&mut clinic, &["mail"]);
    assert!(one.len() == 1 && one[0].contains("over mail."), "{one:?}");
    assert_eq!(said(&came(&mut outgoings)), [("pager", Step::Raised, 1)]);
    let two = note(&mut clinic, &["mail", "slack"]);
    assert!(two.len() == 1 && two[0].contains("over mail, slack."), "{two:?}");
    let fewer = note(&mut clinic, &["slack"]);
    assert!(fewer.len() == 1 && fewer[0].contains("over slack."), "{fewer:?}");
    assert_eq!(note(&mut clinic, &[]), [""; 0]);
}

/// What the pager has said of calls for help.
fn of_help(outgoings: &[Outgoing]) -> Vec<(Step, u32)> {
    let is_it = |one: &&Outgoing| {
        one.delivery.channel == "pager" && one.delivery.condition == crate::profile::Condition::Help
    };
    outgoings.iter().filter(is_it).map(|one| (one.delivery.step, one.delivery.n)).collect()
}

#[tokio::test]
async fn whoever_is_away_is_told_of_each_step_that_calls_people_once_over_a_restart_too() {
    let (mut clinic, mut outgoings, _) = Clinic::telling(pager()).await;
    let now = clinic.now();
    let call = CallForHelp { room: room(), priority: Priority::High };
    clinic.core.act(&km(), call, now).unwrap();
    clinic.each_second(97, 70);
    let before = came(&mut outgoings);
    let said_before = [(Step::Help, 1), (Step::Repeat, 1), (Step::SecondNurse, 1)];
    assert_eq!(of_help(&before), said_before, "it is a call, and no alert that is raised as well");
    flush(&clinic.core.journal).await;
    let (mut clinic, mut outgoings) = clinic.dies(pager()).await;
    clinic.each_second(97, 60);
    let after = came(&mut outgoings);
    assert_eq!(of_help(&after), [(Step::Repeat, 2), (Step::Prescriber, 1)]);
    let ids = || before.iter().chain(&after).map(|one| &one.delivery.id);
    assert_eq!(ids().collect::<std::collections::BTreeSet<_>>().len(), ids().count());
}

#[tokio::test]
async fn an_alert_of_the_ward_that_nobody_takes_is_said_again_away_from_the_screens() {
    let (mut clinic, mut outgoings, _) = Clinic::telling(pager()).await;
    came(&mut outgoings);
    let now = clinic.now();
    clinic.core.ask(NoteChannels { down: vec!["mail".to_owned()] }, now);
    for _ in 0..400 {
        clinic.second += 1;
        let now = clinic.now();
        clinic.core.judge_own_alerts(now, 0);
    }
    let of_ward: Vec<_> = came(&mut outgoings)
        .into_iter()
        .filter(|one| one.delivery.condition == crate::profile::Condition::ChannelDown)
        .collect();
    assert_eq!(said(&of_ward), [("pager", Step::Raised, 1), ("pager", Step::Repeat, 1)]);
    flush(&clinic.core.journal).await;
    let stored = clinic.core.journal.store().waiting_deliveries(100).await.unwrap();
    assert!(of_ward.iter().all(|one| stored.contains(&one.delivery)), "{stored:?}");
}
