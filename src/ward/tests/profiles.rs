//! A profile is data: kept, versioned, approved, and what a session runs by.

use serde_json::json;

use super::*;
use crate::profile::{DEFAULT_PROFILE, Profile, builtin, builtin_names};
use crate::room::ManualVitals;
use crate::ward::profile_registry::MOST_PROFILES;

const MADE_UP: &str = include_str!("../../profile/tests/made-up.toml");

fn made_up() -> Profile {
    Profile::from_toml(MADE_UP).unwrap()
}

fn doctor() -> Actor {
    Actor {
        initials: "RB".into(),
        name: "Dr Bell".into(),
        authority: Authority::Prescriber,
        authority_by_password: Authority::Prescriber,
        is_identified: true,
        ..km()
    }
}

impl Clinic {
    fn put(&mut self, profile: Profile) -> serde_json::Value {
        let now = self.now();
        let pending = self.core.act(&doctor(), PutProfile { profile }, now).unwrap();
        serde_json::from_str(&pending.json).unwrap()
    }

    fn approve(&mut self, name: &str, version: u32) -> Result<serde_json::Value, Refusal> {
        let now = self.now();
        let pending =
            self.core.act(&doctor(), ApproveProfile { name: name.to_owned(), version }, now)?;
        Ok(serde_json::from_str(&pending.json).unwrap())
    }

    fn open_with(&mut self, profile: &str) -> SessionId {
        let patient = Patient { initials: "J.T.".to_owned(), ..Patient::default() };
        let session =
            NewSession { patient, profile: Some(profile.to_owned()), ..NewSession::default() };
        let now = self.now();
        let opened = self.core.act(&km(), OpenSession { room: room(), session }, now).unwrap();
        let json: serde_json::Value = serde_json::from_str(&opened.json).unwrap();
        SessionId::new(json["id"].as_str().unwrap()).unwrap()
    }

    fn clinic_chain_after(&self, seq: u64) -> impl Future<Output = Vec<serde_json::Value>> {
        let journal = self.core.journal.clone();
        async move {
            flush(&journal).await;
            let entries = journal.read(&Chain::Clinic, seq, 100).await.unwrap();
            let bodies = entries.iter().map(|stored| &stored.entry.body);
            bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
        }
    }
}

#[tokio::test]
async fn a_session_runs_by_a_made_up_profile_and_its_alert_names_it() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    assert_eq!(clinic.put(made_up()), json!({"name": "made-up", "version": 1}));
    let session = clinic.open_with("made-up");
    let room = clinic.room_json();
    assert_eq!(room["session"]["title"], "Made up");
    assert_eq!(room["session"]["planned_s"], 1_800);
    clinic.event(&session, Event::Start { overrides: None });
    // Below 94 for 20 s; every shipped profile waits for 92.
    clinic.each_second(93, 19);
    assert_eq!(clinic.room_json()["alerts"], json!([]));
    clinic.each_second(93, 2);
    let alert = &clinic.room_json()["alerts"][0];
    assert_eq!(alert["condition"], "spo2_low");
    assert_eq!(alert["priority"], "medium");
    assert_eq!(alert["limit"], 94);
    assert_eq!(alert["text"], "Saturation low 93 (limit 94)");
    assert_eq!(alert["profile"], "made-up@1");
    let pressure = ManualVitals {
        systolic: Some(Decimal::whole(173)),
        diastolic: Some(Decimal::whole(80)),
        ..ManualVitals::default()
    };
    clinic.event(&session, Event::ManualVitals(pressure));
    let room = clinic.room_json();
    let high = room["alerts"].as_array().unwrap();
    let high = high.iter().find(|alert| alert["condition"] == "systolic_high").unwrap();
    assert_eq!((&high["priority"], &high["limit"]), (&json!("high"), &json!(172)));

    // The recording holds the profile: it replays where nobody knows it.
    clinic.event(&session, Event::Abort { reason: None });
    flush(&clinic.core.journal).await;
    let journal = &clinic.core.journal;
    let mut recording = Vec::new();
    export::whole(journal, &session, &mut recording).await.unwrap();
    let player = Player::new(recording.as_slice()).unwrap();
    assert_eq!(player.header().profile.label(), "made-up@1");
    assert_eq!(player.verify().unwrap(), []);
}

#[tokio::test]
async fn versions_are_counted_from_the_shipped_one_whatever_the_text_says() {
    let mut clinic = Clinic::open().await;
    let shipped = builtin(DEFAULT_PROFILE).unwrap();
    let edited = |version| Profile { version, title: "Ours".into(), ..(*shipped).clone() };
    assert_eq!(clinic.put(edited(77))["version"], shipped.version + 1);
    assert_eq!(clinic.put(edited(0))["version"], shipped.version + 2);
    let clinic = clinic.restart(3).await;
    let store = clinic.core.journal.store();
    let titled = async |version| {
        let kept = store.profile(DEFAULT_PROFILE, version).await.unwrap()?;
        Some((kept.profile.version, kept.profile.title))
    };
    let ours = |version| Some((version, "Ours".to_owned()));
    assert_eq!(titled(None).await, ours(shipped.version + 2));
    assert_eq!(titled(Some(shipped.version + 1)).await, ours(shipped.version + 1));
    let first = Some((shipped.version, shipped.title.clone()));
    assert_eq!(titled(Some(shipped.version)).await, first);
    assert_eq!(titled(Some(77)).await, None);
    let listed = json!(clinic.core.profiles.shown());
    let listed = listed["profiles"].as_array().unwrap();
    let ours = listed.iter().find(|profile| profile["name"] == DEFAULT_PROFILE).unwrap();
    assert_eq!(ours["changed"], json!({"by": "Dr Bell", "at": START.0}));
    assert_eq!(ours["shipped"], false);
    assert_eq!(listed.iter().filter(|profile| profile["shipped"] == true).count(), 6);
}

#[tokio::test]
async fn an_edited_default_watches_empty_rooms_at_once_and_a_running_session_not_at_all() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_with(DEFAULT_PROFILE);
    let shipped = builtin(DEFAULT_PROFILE).unwrap();
    let stricter = Profile { name: DEFAULT_PROFILE.into(), ..made_up() };
    let version = clinic.put(stricter)["version"].clone();
    assert_eq!(version, shipped.version + 1);
    clinic.each_second(93, 25);
    let room = clinic.room_json();
    assert_eq!(room["alerts"], json!([]), "93 is inside the limits of {}", shipped.label());
    assert_eq!(room["session"]["profile_version"], shipped.version);
    let unseen_by_the_old = clinic.core.rooms[&super::room()].room.profile().version;
    assert_eq!(unseen_by_the_old, shipped.version);

    clinic.event(&session, Event::Abort { reason: None });
    clinic.each_second(93, 25);
    let room = clinic.room_json();
    assert_eq!(room["alerts"][0]["profile"], format!("{DEFAULT_PROFILE}@{version}"));

    let mut clinic = clinic.restart(5).await;
    assert_eq!(clinic.core.rooms[&super::room()].room.profile().version, version);
    let again = clinic.put(Profile { name: DEFAULT_PROFILE.into(), ..made_up() });
    let now = clinic.core.rooms[&super::room()].room.profile().version;
    assert_eq!(json!(now), again["version"]);
}

#[tokio::test]
async fn approving_signs_the_newest_version_alone_and_an_edit_is_not_approved() {
    let mut clinic = Clinic::open().await;
    let version = builtin(DEFAULT_PROFILE).unwrap().version;
    let signed = clinic.approve(DEFAULT_PROFILE, version).unwrap();
    let approval = json!({"by": "Dr Bell", "at": START.0});
    assert_eq!(signed["approved"], approval);
    let session = clinic.open_with(DEFAULT_PROFILE);
    assert_eq!(clinic.room_json()["session"]["approved"], approval);
    clinic.event(&session, Event::Abort { reason: None });
    assert_eq!(
        clinic.approve(DEFAULT_PROFILE, version).unwrap_err(),
        Refusal::NotNow(format!("Dr Bell has already approved {DEFAULT_PROFILE}@{version}."))
    );

    // What is put bears the signature of what it was made of.
    let kept = clinic.core.profiles.get(DEFAULT_PROFILE).unwrap();
    let next = clinic.put((**kept).clone())["version"].as_u64().unwrap();
    let mut clinic = clinic.restart(1).await;
    assert_eq!(clinic.core.profiles.get(DEFAULT_PROFILE).unwrap().approved, None);
    let refused = clinic.approve(DEFAULT_PROFILE, version).unwrap_err();
    assert!(refused.to_string().contains(&format!("is {next}, not {version}")), "{refused}");
    assert!(matches!(clinic.approve("unknown", 1), Err(Refusal::NotFound { .. })));
}

#[tokio::test]
async fn the_chain_says_who_and_when_with_the_whole_profile_and_the_audit_has_a_line() {
    let mut clinic = Clinic::open().await;
    clinic.put(made_up());
    clinic.approve("made-up", 1).unwrap();
    let chain = clinic.clinic_chain_after(1).await;
    assert_eq!(chain[0]["staff"], "RB");
    assert_eq!(chain[0]["at"], START.0);
    let read: Profile = serde_json::from_value(chain[0]["profile"].clone()).unwrap();
    assert_eq!(read, Profile { version: 1, ..made_up() });
    assert_eq!(chain[1]["profile_approved"]["approved"]["by"], "Dr Bell");
    let store = clinic.core.journal.store();
    let audit = store.audit(None, 10).await.unwrap().rows;
    let lines: Vec<_> =
        audit.iter().map(|a| format!("{} {} {}", a.who, a.what, a.detail)).collect();
    assert_eq!(
        lines,
        [
            "Dr Bell approve profile made-up@1, entered by RB",
            "Dr Bell change profile made-up@1, entered by RB",
        ]
    );
    let kept = store.profile("made-up", None).await.unwrap().unwrap();
    assert_eq!(kept.changed.unwrap().by, "Dr Bell", "approving does not change who made it");
}

#[tokio::test]
async fn what_cannot_be_recorded_does_not_count() {
    let mut clinic = Clinic::open().await;
    clinic.core.journal.close(Duration::from_secs(5)).await.unwrap();
    let now = clinic.now();
    let refused = clinic.core.act(&doctor(), PutProfile { profile: made_up() }, now).unwrap_err();
    assert!(refused.to_string().starts_with("Nothing can be recorded now"), "{refused}");
    assert!(clinic.core.profiles.get("made-up").is_none());
}

#[tokio::test]
async fn there_are_so_many_profiles_and_each_of_them_can_still_be_changed() {
    let mut clinic = Clinic::open().await;
    let named = |n: usize| Profile { name: format!("made-up-{n}"), ..made_up() };
    let shipped = builtin_names().count();
    for n in shipped..MOST_PROFILES {
        assert_eq!(clinic.put(named(n))["version"], 1);
    }
    let now = clinic.now();
    let refused = clinic.core.act(&doctor(), PutProfile { profile: named(0) }, now).unwrap_err();
    let full = "There are already 64 profiles: change one of them.";
    assert_eq!(refused, Refusal::NotNow(full.to_owned()));
    assert_eq!(clinic.put(named(MOST_PROFILES - 1))["version"], 2);
}
