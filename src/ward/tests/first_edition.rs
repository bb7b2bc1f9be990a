//! What the first edition left on disk, in every shape that it stored, and what this one makes of
//! it. `first-edition.sql` is the database of one made-up room: a profile that the clinic put and
//! approved, a session that was aborted after two alerts, and one that is under way. Its process
//! died twice: after the second start, and at the end, with three alerts open.

use serde_json::Value as Json;

use super::*;
use crate::contract::{DisplayAlert, DisplaySession};
use crate::journal::Verdict;
use crate::profile::DEFAULT_PROFILE;
use crate::record::HashVersion;
use crate::store::LogFilter;

const FIRST: &str = "3-01a2274094c6726daf33451434cda84e";
const SECOND: &str = "3-01a2274094cc70e79a06d9f39439a964";
/// The second of the last entry.
const LAST: i64 = 43;

async fn clinic() -> Clinic {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dripwatch.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}?mode=rwc", file.display())).await;
    let pool = pool.unwrap();
    sqlx::raw_sql(include_str!("first-edition.sql")).execute(&pool).await.unwrap();
    pool.close().await;
    let second = LAST + 3;
    let core = core_in(folder.path(), START.plus(second * 1_000)).await;
    Clinic { core, folder, second, sent: 1_000 }
}

fn keys(json: &str) -> Vec<String> {
    let json: Json = serde_json::from_str(json).unwrap();
    json.as_object().unwrap().keys().cloned().collect()
}

async fn recording_of(clinic: &Clinic, session: &str) -> Vec<u8> {
    let mut recording = Vec::new();
    let journal = &clinic.core.journal;
    let session = SessionId::new(session).unwrap();
    export::whole(journal, &session, &mut recording).await.unwrap();
    recording
}

#[tokio::test]
async fn the_log_says_of_its_alerts_what_they_say_themselves() {
    let clinic = clinic().await;
    let store = clinic.core.journal.store();
    let log = store.alert_log(&LogFilter::default(), 10).await.unwrap();
    let of = |id: &str| {
        let id = format!("{FIRST}-{id}");
        let row = log.rows.iter().find(|row| row.id == id).unwrap();
        let taken = row.taken.as_ref().map(|taken| (taken.by.as_str(), taken.after_ms));
        (row.condition.as_str(), row.priority.name(), taken, row.outcome, row.said.len())
    };
    assert_eq!(of("a1"), ("spo2_falling", "medium", Some(("KM", 10_000)), None, 0));
    assert_eq!(of("a2"), ("spo2_low", "high", None, None, 0));
    let tallies = store.alert_tallies(Millis(0), Millis(i64::MAX)).await.unwrap();
    let count: u64 = tallies.iter().map(|tally| tally.count).sum();
    assert_eq!(count, 5);
}

#[tokio::test]
async fn a_session_under_way_goes_on_with_its_alerts() {
    let mut clinic = clinic().await;
    let room = clinic.room_json();
    assert_eq!(room["unread_since"], Json::Null);
    let session = &room["session"];
    assert_eq!(session["id"], SECOND);
    assert_eq!(session["phase"], "infusing");
    assert_eq!(session["initials"], "J.T.");
    assert_eq!(session["title"], "Ketamine IV, as we give it");
    assert_eq!(session["baseline"]["systolic"], 118);
    assert_eq!(room["vitals"]["nibp"]["systolic"], 204);
    let alert = |n: usize| {
        let alert = &room["alerts"][n];
        let text = |key: &str| alert[key].as_str().unwrap();
        (text("condition"), text("priority"), text("state"), &alert["worst"], &alert["raised_at"])
    };
    let mut alerts: Vec<_> = (0..3).map(alert).collect();
    alerts.sort_by_key(|alert| alert.0);
    let [n84, n204] = [84, 204].map(Json::from);
    // What came after the last checkpoint is judged anew, by today's rules: the first edition had
    // counted the 4 s of the restart towards the low saturation, and raised it at 36.
    let [low, falling, high] = [38, 37, 43].map(|s| Json::from(START.plus(s * 1_000).0));
    assert_eq!(
        alerts,
        [
            ("spo2_falling", "medium", "active", &n84, &falling),
            ("spo2_low", "high", "active", &n84, &low),
            ("systolic_high", "high", "active", &n204, &high),
        ]
    );
    // And it is the rules that run, not a picture of them.
    let now = clinic.now();
    let open = clinic.room_json()["alerts"][0]["id"].as_str().unwrap().to_owned();
    clinic.core.act(&km(), Acknowledge { alert: open.clone() }, now).unwrap();
    clinic.each_second(97, 60);
    let low = clinic.room_json()["alerts"].as_array().unwrap().iter().find_map(|alert| {
        (alert["condition"] == "spo2_low").then(|| alert["state"].as_str().unwrap().to_owned())
    });
    assert_ne!(low.as_deref(), Some("active"));
}

#[tokio::test]
async fn its_chains_are_whole_and_every_entry_is_read() {
    let clinic = clinic().await;
    let journal = &clinic.core.journal;
    flush(journal).await;
    for chain in [Chain::Clinic, Chain::Room(room())] {
        let verdict = journal.verify(&chain).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{chain:?}: {verdict:?}");
    }
    let entries = journal.read(&Chain::Room(room()), 1, 100_000).await.unwrap();
    assert!(entries.len() > 64);
    let of_then = entries.iter().take_while(|one| one.hash_version == HashVersion::WithoutAddress);
    let of_then = of_then.count();
    assert!(of_then > 0, "its own keep their hashes");
    let now = &entries[of_then..];
    assert!(!now.is_empty() && now.iter().all(|one| one.hash_version == HashVersion::Whole));
    for stored in &entries {
        Line::read(&stored.entry.body).unwrap_or_else(|error| panic!("{}: {error}", stored.seq));
    }
    let of_then = |line: &&AlertLine| line.at <= START.plus(LAST * 1_000);
    let lines = shown(journal).await;
    let conditions: Vec<_> =
        lines.iter().filter(of_then).map(|line| line.condition.name()).collect();
    assert!(conditions.len() >= 6, "{conditions:?}");
}

#[tokio::test]
async fn an_ended_session_is_listed_exported_and_played() {
    let clinic = clinic().await;
    flush(&clinic.core.journal).await;
    let store = clinic.core.journal.store();
    let row = store.session(&SessionId::new(FIRST).unwrap()).await.unwrap().unwrap();
    assert_eq!((row.phase.as_str(), row.ended_at), ("aborted", Some(START.plus(21_000))));
    let recording = recording_of(&clinic, FIRST).await;
    let player = Player::new(recording.as_slice()).unwrap();
    assert_eq!(player.header().profile.title, "Ketamine IV, as we give it");
    let conditions: Vec<_> =
        player.play().unwrap().iter().map(|line| line.condition.name()).collect();
    assert!(conditions.contains(&"spo2_low"), "{conditions:?}");
    // Its rules said the same on the day.
    let player = Player::new(recording.as_slice()).unwrap();
    assert_eq!(player.verify().unwrap(), []);
}

#[tokio::test]
async fn what_it_lists_has_the_keys_of_what_is_listed_today() {
    let mut clinic = clinic().await;
    let session = SessionId::new(SECOND).unwrap();
    clinic.event(&session, Event::Abort { reason: Some("moved to the ward".to_owned()) });
    flush(&clinic.core.journal).await;
    let store = clinic.core.journal.store();
    let session =
        async |id: &str| store.session(&SessionId::new(id).unwrap()).await.unwrap().unwrap().json;
    assert_eq!(keys(&session(FIRST).await), keys(&session(SECOND).await));
    let alert = async |id: String| store.alert(&id).await.unwrap().unwrap().json;
    let today = keys(&alert(format!("{SECOND}-a1")).await);
    for n in 1..=2 {
        assert_eq!(keys(&alert(format!("{FIRST}-a{n}")).await), today, "{n}");
    }
    // What a display's type could not read would be missing from its lists.
    for id in [FIRST, SECOND] {
        serde_json::from_str::<DisplaySession>(&session(id).await).unwrap();
        for n in 1..=2 {
            serde_json::from_str::<DisplayAlert>(&alert(format!("{id}-a{n}")).await).unwrap();
        }
    }
}

#[tokio::test]
async fn the_profile_that_the_clinic_put_counts_with_what_came_later() {
    let clinic = clinic().await;
    let profile = clinic.core.profiles.get(DEFAULT_PROFILE).unwrap();
    assert_eq!(profile.title, "Ketamine IV, as we give it");
    assert_eq!(profile.version, 3);
    assert_eq!(profile.approved.as_ref().unwrap().by, "Dr Bell");
    assert!(profile.pulse_gate.enabled);
}
