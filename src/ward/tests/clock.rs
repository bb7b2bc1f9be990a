//! The machine's clock is set between two runs of the server, or while it runs.

use sqlx::Connection;
use uuid::Uuid;

use super::*;
use crate::clock::SinceBoot;
use crate::profile::Condition;

const HOUR_MS: i64 = 3_600_000;
const YEARS_MS: i64 = 3_652 * 86_400_000;

/// How the machine itself counts, on which nobody can turn.
fn mark(at: Millis, counted_s: i64) -> Mark {
    let since_boot = SinceBoot { boot: Uuid::from_u128(5), ms: 1_000_000 + counted_s * 1_000 };
    Mark { at, since_boot: Some(since_boot) }
}

async fn core_at(folder: &std::path::Path, now: Mark) -> Core {
    begun(Journal::open(folder).await.unwrap(), now).await
}

async fn begun(journal: Journal, now: Mark) -> Core {
    let config = WardConfig { rooms: vec![(room(), "Room 3".to_owned())], ..WardConfig::default() };
    Core::begin(journal, &config, format!("{}", now.at), now).await.unwrap()
}

impl Clinic {
    /// The server is away for `away_s` seconds; meanwhile its clock is set.
    async fn restart_with_clock_set(self, away_s: i64, step_ms: i64) -> (Self, Millis) {
        let (second, sent) = (self.second, self.sent);
        self.core.journal.mark_alive(mark(self.now(), second));
        flush(&self.core.journal).await;
        self.core.journal.close(Duration::from_secs(5)).await.unwrap();
        let folder = self.folder;
        drop(self.core);
        let second = second + away_s;
        let now = START.plus(second * 1_000 + step_ms);
        let core = core_at(folder.path(), mark(now, second)).await;
        (Self { core, folder, second: second + step_ms / 1_000, sent }, now)
    }

    async fn lines_of_room(&self) -> Vec<serde_json::Value> {
        flush(&self.core.journal).await;
        let chain = Chain::Room(room());
        let entries = self.core.journal.read(&chain, 1, 10_000).await.unwrap();
        entries.iter().map(|stored| serde_json::from_str(&stored.entry.body).unwrap()).collect()
    }

    fn own_alerts(&self) -> Vec<serde_json::Value> {
        let all = self.core.own_alerts.all();
        all.filter(|(alert, _)| alert.is_open())
            .map(|(alert, _)| serde_json::json!(self.core.own_alerts.shown(alert)))
            .collect()
    }
}

#[tokio::test]
async fn the_times_are_right_again_once_the_clock_is_and_an_infusion_goes_on() {
    for step_ms in [-YEARS_MS, -HOUR_MS, HOUR_MS, YEARS_MS] {
        let mut clinic = Clinic::open().await;
        clinic.bind();
        let session = clinic.open_session();
        clinic.event(&session, usual_baseline());
        clinic.event(&session, Event::Start { overrides: None });
        clinic.each_second(97, 60);
        let (mut clinic, now) = clinic.restart_with_clock_set(40, step_ms).await;

        let json = clinic.room_json();
        assert_eq!(json["session"]["phase"], "infusing");
        let began = json["session"]["started_at"].as_i64().unwrap();
        assert!((now.0 - began - 100_000).abs() < 1_000, "{step_ms}: {began}");
        let lines = clinic.lines_of_room().await;
        let restart = lines.iter().rev().find_map(|line| line.get("restart")).unwrap();
        let span_ms =
            restart["blind_to"].as_i64().unwrap() - restart["blind_from"].as_i64().unwrap();
        assert!((span_ms - 40_000).abs() < 1_100, "{step_ms}: {span_ms}");
        let step = lines.iter().rev().find(|line| line["moves_at"] == true).unwrap();
        assert_eq!(step["clock_step_ms"], step_ms);

        // What comes now bears the time of now, and alarms as ever.
        clinic.each_second(80, 30);
        let lines = clinic.lines_of_room().await;
        let alert = lines.iter().rev().find(|l| l["alert"]["condition"] == "spo2_low").unwrap();
        let raised = alert["at"].as_i64().unwrap();
        assert!((0..30_000).contains(&(raised - now.0)), "{step_ms}: {raised}");
        verifies(&clinic, &session).await;
    }
}

#[tokio::test]
async fn after_the_clock_was_set_the_disk_is_not_taken_to_be_behind_since_the_last_run() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 5);
    clinic.core.journal.mark_alive(mark(clinic.now(), clinic.second));
    flush(&clinic.core.journal).await;
    clinic.core.journal.close(Duration::from_secs(5)).await.unwrap();
    drop(clinic.core);

    let folder = clinic.folder.path();
    let journal = Journal::open(folder).await.unwrap();
    // Nothing is committed while the ward begins: whether its disk is quick does not matter here.
    let other = format!("sqlite://{}", folder.join("dripwatch.db").display());
    let mut other = sqlx::SqliteConnection::connect(&other).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let second = clinic.second + 8 * 3_600;
    let now = START.plus(second * 1_000 + HOUR_MS);
    let core = begun(journal, mark(now, second)).await;
    assert!(
        core.journal.next_seq(&Chain::Room(room()))
            > 1 + core.journal.committed_seq(&Chain::Room(room()))
    );
    assert_eq!(core.journal.lag(now), 0);
    assert_eq!(core.journal.lag(now.plus(3_000)), 3_000, "but what waits is counted from now on");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
}

/// The recording of the session replays to what was shown.
async fn verifies(clinic: &Clinic, session: &SessionId) {
    flush(&clinic.core.journal).await;
    let mut text = Vec::new();
    let journal = &clinic.core.journal;
    export::whole(journal, session, &mut text).await.unwrap();
    let differences = Player::new(text.as_slice()).unwrap().verify().unwrap();
    assert_eq!(differences, []);
}

#[tokio::test]
async fn a_clock_set_by_more_than_a_day_is_told_until_somebody_has_taken_it() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 5);
    let (clinic, _) = clinic.restart_with_clock_set(40, -HOUR_MS).await;
    assert_eq!(clinic.own_alerts(), [] as [serde_json::Value; 0], "an hour is no alert");
    let (clinic, _) = clinic.restart_with_clock_set(40, -YEARS_MS).await;
    let text = "The server's clock was set back by 3652 days. Check its date. Earlier times in \
                the record may be wrong.";
    let [alert] = &clinic.own_alerts()[..] else { panic!("{:?}", clinic.own_alerts()) };
    assert_eq!((&alert["condition"], &alert["text"]), (&"clock_skew".into(), &text.into()));
    // It was there, and nobody has seen it.
    let (mut clinic, now) = clinic.restart_with_clock_set(40, 0).await;
    let [alert] = &clinic.own_alerts()[..] else { panic!("{:?}", clinic.own_alerts()) };
    assert_eq!(alert["text"], text);
    let id = alert["id"].as_str().unwrap().to_owned();
    clinic.core.act(&km(), Acknowledge { alert: id.clone() }, now).unwrap();
    assert_eq!(clinic.own_alerts(), [] as [serde_json::Value; 0]);
    let (clinic, _) = clinic.restart_with_clock_set(40, 0).await;
    assert_eq!(clinic.own_alerts(), [] as [serde_json::Value; 0]);
}

#[tokio::test]
async fn a_clock_set_by_more_than_a_day_while_the_server_runs_is_told_too() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    clinic.core.clock_step(-HOUR_MS, now);
    assert_eq!(clinic.own_alerts(), [] as [serde_json::Value; 0]);
    clinic.core.clock_step(YEARS_MS, now);
    let [alert] = &clinic.own_alerts()[..] else { panic!("{:?}", clinic.own_alerts()) };
    assert_eq!(alert["condition"], serde_json::json!(Condition::ClockSkew));
    assert!(alert["text"].as_str().unwrap().contains("set ahead by 3652 days"));
}

#[tokio::test]
async fn a_start_that_dies_before_its_first_heartbeat_moves_nothing_twice() {
    for step_ms in [-YEARS_MS, -HOUR_MS, HOUR_MS, YEARS_MS] {
        let mut clinic = Clinic::open().await;
        clinic.bind();
        let session = clinic.open_session();
        clinic.event(&session, usual_baseline());
        clinic.event(&session, Event::Start { overrides: None });
        clinic.each_second(97, 60);
        let (clinic, _) = clinic.restart_with_clock_set(40, step_ms).await;
        // The next one finds the mark of the run before.
        flush(&clinic.core.journal).await;
        clinic.core.journal.close(Duration::from_secs(5)).await.unwrap();
        let Clinic { core, folder, second, sent } = clinic;
        drop(core);
        let now = START.plus((second + 5) * 1_000);
        let core = core_at(folder.path(), mark(now, 60 + 45)).await;
        let mut clinic = Clinic { core, folder, second: second + 5, sent };
        let began = clinic.room_json()["session"]["started_at"].as_i64().unwrap();
        assert!((now.0 - began - 105_000).abs() < 1_000, "{step_ms}: {began}");
        clinic.each_second(80, 30);
        let open = clinic.room_json()["alerts"].to_string();
        assert!(open.contains("spo2_low"), "{step_ms}: {open}");
        verifies(&clinic, &session).await;
    }
}

#[tokio::test]
async fn a_frame_of_before_the_clock_was_set_is_known_however_many_starts_died_since() {
    for step_ms in [-YEARS_MS, -HOUR_MS, -60_000, 60_000, HOUR_MS, YEARS_MS] {
        let mut clinic = Clinic::open().await;
        clinic.bind();
        let key = FrameKey::of(&[b"17"]);
        let frame = || vec![reading(Vital::Spo2, 97)];
        clinic.send_as(key, Identity::default(), frame()).await.unwrap();
        // Each of them moves the times, has it on disk, and dies before it hears anything.
        for _ in 0..3 {
            clinic = clinic.restart_with_clock_set(40, step_ms).await.0;
            flush(&clinic.core.journal).await;
        }
        clinic.send_as(key, Identity::default(), frame()).await.unwrap();
        let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100).await.unwrap();
        let stored = entries.iter().filter(|stored| stored.entry.frame_key == Some(key)).count();
        assert_eq!(stored, 1, "{step_ms}");
        // What came after ten minutes in which somebody listened is a new one.
        clinic.each_second(97, 601);
        clinic.core.journal.mark_alive(mark(clinic.now(), clinic.second));
        let (mut clinic, _) = clinic.restart_with_clock_set(5, 0).await;
        clinic.send_as(key, Identity::default(), frame()).await.unwrap();
        flush(&clinic.core.journal).await;
        let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 10_000).await.unwrap();
        let stored = entries.iter().filter(|stored| stored.entry.frame_key == Some(key)).count();
        assert_eq!(stored, 2, "{step_ms}");
    }
}

#[tokio::test]
async fn a_room_that_was_away_while_the_clock_was_put_right_is_put_right_when_it_is_back() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 30);
    let (second, sent) = (clinic.second, clinic.sent);
    clinic.core.journal.mark_alive(mark(clinic.now().plus(-YEARS_MS), second));
    flush(&clinic.core.journal).await;
    clinic.core.journal.close(Duration::from_secs(5)).await.unwrap();
    let folder = clinic.folder;
    drop(clinic.core);
    // The mark is of a run that knew the right time, and not the room.
    let second = second + 20 - YEARS_MS / 1_000;
    let now = START.plus(second * 1_000);
    let core = core_at(folder.path(), mark(now, 50)).await;
    let mut clinic = Clinic { core, folder, second, sent };
    assert!(clinic.core.rooms[&room()].room.now() <= now);
    clinic.each_second(80, 30);
    assert!(clinic.room_json()["alerts"].to_string().contains("spo2_low"));
}

#[tokio::test]
async fn a_second_step_ends_the_alert_of_the_first() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    clinic.core.clock_step(YEARS_MS, now);
    let first = clinic.own_alerts()[0]["id"].as_str().unwrap().to_owned();
    clinic.core.clock_step(-YEARS_MS, now.plus(1_000));
    flush(&clinic.core.journal).await;
    let row = clinic.core.journal.store().alert(&first).await.unwrap().unwrap();
    assert_eq!(row.state, crate::room::AlertState::Resolved);
    let [second] = &clinic.own_alerts()[..] else { panic!("{:?}", clinic.own_alerts()) };
    assert_ne!(second["id"].as_str(), Some(first.as_str()));
}
