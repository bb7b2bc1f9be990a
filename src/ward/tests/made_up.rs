//! Devices that are made up keep none out that is there, and ids that were changed stay apart.

use super::*;
use crate::store::{Binding, TokenKind, TokenRow, Upsert};
use crate::vitals::Original;
use crate::ward::device::{MAX_BOUND_DEVICES, MAX_DEVICES};

/// A device that calls itself by these parts sends a saturation.
fn speaks(clinic: &mut Clinic, parts: &[&str], spo2: i32) -> DeviceId {
    speaks_as(clinic, parts, None, spo2)
}

/// The same of a device to which earlier versions gave this id.
fn speaks_as(clinic: &mut Clinic, parts: &[&str], old_id: Option<DeviceId>, spo2: i32) -> DeviceId {
    let (device, original) = DeviceId::of_parts(parts).unwrap();
    clinic.sent += 1;
    let (stored, _) = oneshot::channel();
    let delivery = Delivery {
        frame: Frame {
            device: device.clone(),
            seq: None,
            boot: None,
            sent_at: None,
            taken_at: None,
            implausible: 0,
            readings: vec![reading(Vital::Spo2, spo2)],
        },
        adapter: "hl7-mllp",
        key: FrameKey::of(&[&clinic.sent.to_le_bytes()]),
        same_within_ms: 600_000,
        copies: Copies::AreOne,
        identity: Identity { original, old_id, ..Identity::default() },
        not_understood: Vec::new(),
        stored,
    };
    let now = clinic.now();
    clinic.core.arrive(Arrival::Frame(delivery), now);
    device
}

fn binds(clinic: &mut Clinic, device: &DeviceId) {
    let now = clinic.now();
    clinic
        .core
        .act(&km(), Bind { device: device.clone(), room: Some(room()), is_confirmed: false }, now)
        .unwrap();
}

fn shown(clinic: &mut Clinic, device: &DeviceId) -> serde_json::Value {
    let json = clinic.core.ask(ListDevices, clinic.now());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of = |shown: &&serde_json::Value| shown["id"] == device.as_str();
    json["devices"].as_array().unwrap().iter().find(of).cloned().unwrap_or_default()
}

fn conditions(clinic: &mut Clinic) -> Vec<String> {
    let json = clinic.room_json();
    let alerts = json["alerts"].as_array().unwrap().iter();
    alerts.map(|alert| alert["condition"].as_str().unwrap().to_owned()).collect()
}

fn id(text: &str) -> DeviceId {
    DeviceId::new(text).unwrap()
}

fn give_token(clinic: &mut Clinic, device: &str) {
    let token = TokenRow {
        hash: crate::access::token_hash(device),
        kind: TokenKind::Device,
        subject: device.to_owned(),
        role: None,
        created_at: START,
        expires_at: None,
        last_used: None,
        ended: false,
    };
    let now = clinic.now();
    clinic.core.record(serde_json::json!({}), vec![Upsert::Token(token)], now);
}

#[tokio::test]
async fn made_up_ids_keep_no_monitor_out_and_displace_none_that_is_needed() {
    let mut clinic = Clinic::open().await;
    let bound = speaks(&mut clinic, &["bound"], 97);
    binds(&mut clinic, &bound);
    give_token(&mut clinic, "with-token");
    speaks(&mut clinic, &["with-token"], 97);
    for n in 0..MAX_DEVICES + 1_000 {
        clinic.second += i64::from(n % 1_000 == 0);
        speaks(&mut clinic, &[&format!("made-up-{n}")], 97);
        if n % 500 == 0 {
            // A frame of its own each: the journal keeps up.
            flush(&clinic.core.journal).await;
        }
    }
    clinic.second += 1;
    let new = speaks(&mut clinic, &["new"], 96);
    assert_eq!(shown(&mut clinic, &new)["latest"][0]["value"], 96);
    assert_eq!(shown(&mut clinic, &bound)["room"], "3");
    assert_eq!(shown(&mut clinic, &id("with-token"))["id"], "with-token");
    assert!(shown(&mut clinic, &id("made-up-0")).is_null());
    assert!(clinic.core.devices.len() <= MAX_DEVICES);

    let mut clinic = clinic.restart(10).await;
    let rows = clinic.core.journal.store().devices().await.unwrap();
    assert!(rows.len() <= MAX_DEVICES, "{} rows", rows.len());
    assert!(rows.iter().any(|row| row.id == bound && row.room.is_some()));
    let newer = speaks(&mut clinic, &["newer"], 95);
    assert_eq!(shown(&mut clinic, &newer)["latest"][0]["value"], 95);
    assert_eq!(shown(&mut clinic, &new)["id"], "new");
}

#[tokio::test]
async fn what_an_earlier_version_kept_of_made_up_ids_goes_at_the_start() {
    let clinic = Clinic::open().await;
    let made_up = (0..MAX_DEVICES + 500).map(|n| Upsert::DeviceHeard {
        device: id(&format!("made-up-{n}")),
        adapter: "hl7-mllp".to_owned(),
        at: START,
    });
    let (stored, told) = oneshot::channel();
    clinic.core.journal.store().put(made_up.collect(), vec![stored]).unwrap();
    told.await.unwrap();
    let mut clinic = clinic.restart(10).await;
    assert!(clinic.core.devices.len() <= MAX_DEVICES);
    let new = speaks(&mut clinic, &["new"], 96);
    assert_eq!(shown(&mut clinic, &new)["latest"][0]["value"], 96);
    flush(&clinic.core.journal).await;
    let rows = clinic.core.journal.store().devices().await.unwrap();
    assert!(rows.len() <= MAX_DEVICES, "{} rows", rows.len());
}

#[tokio::test]
async fn a_device_is_removed_unless_it_belongs_to_a_room() {
    let mut clinic = Clinic::open().await;
    let device = speaks(&mut clinic, &["bed/9"], 97);
    give_token(&mut clinic, device.as_str());
    binds(&mut clinic, &device);
    let now = clinic.now();
    let refused = clinic.core.act(&km(), RemoveDevice { device: device.clone() }, now).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("{device} belongs to Room 3: take it out of its room first.")
    );
    clinic
        .core
        .act(&km(), Bind { device: device.clone(), room: None, is_confirmed: true }, now)
        .unwrap();
    clinic.core.act(&km(), RemoveDevice { device: device.clone() }, now).unwrap();
    // Its socket ends after it.
    let (adapter, connection) = ("native", 1);
    let down = Arrival::Link { device: device.clone(), adapter, connection, up: false };
    clinic.core.arrive(down, now);
    clinic.core.arrive(Arrival::Displaced { device: device.clone() }, now);
    assert!(shown(&mut clinic, &device).is_null());
    let gone = clinic.core.act(&km(), RemoveDevice { device: device.clone() }, now).unwrap_err();
    assert!(matches!(gone, Refusal::NotFound { kind: "device", .. }));
    let mut clinic = clinic.restart(1).await;
    let store = clinic.core.journal.store();
    assert_eq!(store.device(&device).await.unwrap(), None);
    assert!(!store.register().has_token(TokenKind::Device, device.as_str()));
    assert!(shown(&mut clinic, &device).is_null());
}

#[tokio::test]
async fn ids_that_were_changed_alike_are_two_devices_and_show_what_they_call_themselves() {
    let mut clinic = Clinic::open().await;
    let slash = speaks(&mut clinic, &["bed/1"], 97);
    let hash = speaks(&mut clinic, &["bed#1"], 84);
    let plain = speaks(&mut clinic, &["bed-1"], 90);
    assert_eq!(shown(&mut clinic, &slash)["original"], "bed/1");
    assert_eq!(shown(&mut clinic, &hash)["original"], "bed#1");
    assert!(shown(&mut clinic, &plain).get("original").is_none());
    for (device, value) in [(&slash, 97), (&hash, 84), (&plain, 90)] {
        assert_eq!(shown(&mut clinic, device)["latest"][0]["value"], value);
    }
    let mut clinic = clinic.restart(1).await;
    assert_eq!(shown(&mut clinic, &slash)["original"], "bed/1", "after a restart too");
}

/// What an earlier version left: `bed-1` in room 3, whoever that was.
async fn bound_before() -> Clinic {
    let mut clinic = Clinic::open().await;
    let old = speaks(&mut clinic, &["bed-1"], 97);
    binds(&mut clinic, &old);
    clinic.core.old_ids.restore(&old, Binding::Unclaimed);
    clinic.second += 1;
    clinic
}

#[tokio::test]
async fn a_binding_under_an_old_id_goes_to_the_first_that_was_called_so() {
    let mut clinic = bound_before().await;
    let (_, original) = DeviceId::of_parts(&["bed/1"]).unwrap();
    let Original { unmarked, .. } = original.unwrap();
    assert_eq!(unmarked, id("bed-1"));
    let slash = speaks(&mut clinic, &["bed/1"], 93);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 93);
    assert_eq!(shown(&mut clinic, &slash)["room"], "3");
    assert!(shown(&mut clinic, &unmarked)["room"].is_null());
    let mut clinic = clinic.restart(1).await;
    speaks(&mut clinic, &["bed/1"], 92);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 92);
    assert_eq!(conditions(&mut clinic), [""; 0]);
}

#[tokio::test]
async fn a_second_one_under_an_old_id_is_a_conflict_until_staff_decide_also_after_a_restart() {
    for is_restarted in [false, true] {
        for second in [["bed#1"], ["bed-1"]] {
            let mut clinic = bound_before().await;
            let first = speaks(&mut clinic, &["bed/1"], 97);
            if is_restarted {
                clinic = clinic.restart(1).await;
            }
            speaks(&mut clinic, &["bed/1"], 97);
            speaks(&mut clinic, &second, 60);
            assert_eq!(conditions(&mut clinic), ["device_conflict"]);
            speaks(&mut clinic, &["bed/1"], 96);
            assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 97, "it feeds no room");
            clinic.second += 1;
            binds(&mut clinic, &first);
            speaks(&mut clinic, &second, 60);
            speaks(&mut clinic, &["bed/1"], 95);
            assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 95);
            assert_eq!(shown(&mut clinic, &first)["conflict"], false, "staff have decided");
        }
    }
}

#[tokio::test]
async fn an_old_id_that_speaks_itself_keeps_its_room_and_another_of_the_name_is_a_conflict() {
    let mut clinic = bound_before().await;
    speaks(&mut clinic, &["bed-1"], 97);
    let mut clinic = clinic.restart(1).await;
    speaks(&mut clinic, &["bed-1"], 96);
    assert_eq!(conditions(&mut clinic), [""; 0]);
    speaks(&mut clinic, &["bed/1"], 60);
    assert_eq!(conditions(&mut clinic), ["device_conflict"]);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 96);
}

#[tokio::test]
async fn a_binding_of_this_version_is_sure_and_no_other_name_disturbs_it() {
    let mut clinic = Clinic::open().await;
    let device = speaks(&mut clinic, &["bed-1"], 97);
    binds(&mut clinic, &device);
    speaks(&mut clinic, &["bed/1"], 60);
    speaks(&mut clinic, &["bed-1"], 96);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 96);
    assert_eq!(conditions(&mut clinic), [""; 0]);
}

#[tokio::test]
async fn a_configured_id_finds_its_device_by_the_name_that_earlier_versions_showed() {
    let folder = tempfile::tempdir().unwrap();
    let config = WardConfig {
        rooms: vec![(room(), "Room 3".to_owned())],
        devices: vec![(id("bed-1"), room())],
        ..WardConfig::default()
    };
    let open = async |at: Millis| {
        let journal = Journal::open(folder.path()).await.unwrap();
        Core::restore(journal, &config, format!("{at}"), Mark::by_our_clock_alone(at))
            .await
            .unwrap()
    };
    let core = open(START).await;
    let mut clinic = Clinic { core, folder: tempfile::tempdir().unwrap(), second: 0, sent: 0 };
    let slash = speaks(&mut clinic, &["bed/1"], 93);
    assert_eq!(shown(&mut clinic, &slash)["room"], "3");
    flush(&clinic.core.journal).await;
    clinic.core.journal.close(Duration::from_secs(5)).await.unwrap();
    clinic.second = 10;
    clinic.core = open(clinic.now()).await;
    let other = speaks(&mut clinic, &["bed#1"], 60);
    assert!(shown(&mut clinic, &other)["room"].is_null());
    assert_eq!(conditions(&mut clinic), ["device_conflict"]);
}

#[tokio::test]
async fn a_configured_id_of_several_names_or_a_bed_that_was_cut_finds_its_device() {
    let bed = "b".repeat(70);
    let (whole, cut) = (format!("MON:{bed}"), format!("MON:{}", &bed[..64]));
    for (configured, parts, old_id) in
        [("A:B:C", &["A:B", "C"][..], None), (&*cut, &[&*whole][..], Some(&*cut))]
    {
        let folder = tempfile::tempdir().unwrap();
        let config = WardConfig {
            rooms: vec![(room(), "Room 3".to_owned())],
            devices: vec![(id(configured), room())],
            ..WardConfig::default()
        };
        let journal = Journal::open(folder.path()).await.unwrap();
        let mark = Mark::by_our_clock_alone(START);
        let core = Core::restore(journal, &config, "1".to_owned(), mark).await.unwrap();
        let mut clinic = Clinic { core, folder, second: 0, sent: 0 };
        let device = speaks_as(&mut clinic, parts, old_id.map(id), 93);
        assert_ne!(device, id(configured));
        assert_eq!(shown(&mut clinic, &device)["room"], "3", "{configured}");
        assert!(shown(&mut clinic, &id(configured))["room"].is_null());
        assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 93);
    }
}

#[tokio::test]
async fn only_so_many_devices_belong_to_rooms() {
    let mut clinic = Clinic::open().await;
    for n in 1..MAX_BOUND_DEVICES {
        let device = crate::ward::device::Device::new(Some(room()));
        clinic.core.devices.insert(id(&format!("bound-{n}")), device);
    }
    binds(&mut clinic, &id("last"));
    let now = clinic.now();
    let refused = clinic
        .core
        .act(&km(), Bind { device: id("more"), room: Some(room()), is_confirmed: false }, now)
        .unwrap_err();
    assert!(refused.to_string().starts_with("3584 devices already belong to rooms"));
    clinic
        .core
        .act(&km(), Bind { device: id("bound-7"), room: Some(room()), is_confirmed: false }, now)
        .unwrap();
    clinic
        .core
        .act(&km(), Bind { device: id("more"), room: None, is_confirmed: false }, now)
        .unwrap();
    let new = speaks(&mut clinic, &["new"], 97);
    assert!(!shown(&mut clinic, &new).is_null());
}

#[tokio::test]
async fn of_many_devices_with_a_token_the_one_heard_longest_ago_makes_way_when_no_other_can() {
    let mut clinic = Clinic::open().await;
    give_token(&mut clinic, "silent");
    give_token(&mut clinic, "speaks");
    speaks(&mut clinic, &["silent"], 97);
    for n in 2..MAX_DEVICES {
        let device = crate::ward::device::Device::new(Some(room()));
        clinic.core.devices.insert(id(&format!("bound-{n}")), device);
    }
    clinic.second += 1;
    speaks(&mut clinic, &["speaks"], 97);
    assert_eq!(clinic.core.devices.len(), MAX_DEVICES);
    clinic.second += 1;
    let new = speaks(&mut clinic, &["new"], 97);
    assert!(!shown(&mut clinic, &new).is_null());
    assert!(shown(&mut clinic, &id("bound-2"))["room"] == "3");
}
