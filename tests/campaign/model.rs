//! What a screen knows of the ward, kept from the frames that it was sent: in few words what
//! `web/src/ward/model.ts` does. Whatever was cut, left out or sent again, it must end knowing what a
//! new screen is sent.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use serde_json::{Map, Value as Json, json};

/// All that screens of one ward must agree on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    epoch: Option<String>,
    /// Open alerts of the ward itself.
    ward: BTreeMap<String, Json>,
    rooms: BTreeMap<String, Room>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Room {
    rev: u64,
    /// By part: the session, the limits, the cuff, what it is called.
    parts: BTreeMap<&'static str, Json>,
    vitals: BTreeMap<String, Json>,
    devices: BTreeMap<String, Json>,
    alerts: BTreeMap<String, Json>,
}

impl Model {
    /// Takes a frame in; the alert that it shows, if it shows one.
    pub(crate) fn apply(&mut self, frame: &Json) -> anyhow::Result<Option<String>> {
        let kind = frame["type"].as_str().context("a frame has a type")?;
        match kind {
            "snapshot" => self.snapshot(frame),
            "room_removed" => drop(self.rooms.remove(text(&frame["room"]))),
            "vitals" | "alert" | "session" | "device" | "room" | "skipped" => {
                if frame["room"].is_null() {
                    self.of_ward(frame);
                } else {
                    self.of_room(kind, frame)?;
                }
            }
            "resumed" => {
                let is_same = self.epoch.as_deref() == frame["epoch"].as_str();
                ensure!(is_same, "resumed in another run: {frame}");
            }
            "heartbeat" | "pong" => {}
            _ => anyhow::bail!("a screen was sent {frame}"),
        }
        let is_open = kind == "alert" && frame["alert"]["state"] != "resolved";
        Ok(is_open.then(|| text(&frame["alert"]["id"]).to_owned()))
    }

    /// From where a new connection may go on.
    pub(crate) fn resume_point(&self) -> Option<(&str, Json)> {
        let revs: Map<String, Json> =
            self.rooms.iter().map(|(id, room)| (id.clone(), json!(room.rev))).collect();
        Some((self.epoch.as_deref()?, Json::Object(revs)))
    }

    /// Whether an alert of the condition is shown as open in the room.
    pub(crate) fn shows(&self, room: &str, condition: &str) -> bool {
        let room = self.rooms.get(room);
        room.is_some_and(|room| room.alerts.values().any(|one| one["condition"] == condition))
    }

    /// In what two screens differ, for whoever reads why a schedule failed.
    pub(crate) fn differs_from(&self, other: &Self) -> String {
        let mut found = Vec::new();
        let mut compare = |what: String, ours: Json, theirs: Json| {
            if ours != theirs {
                found.push(format!("{what}: {ours} for {theirs}"));
            }
        };
        compare("epoch".into(), json!(self.epoch), json!(other.epoch));
        compare("ward".into(), json!(self.ward), json!(other.ward));
        for id in self.rooms.keys().chain(other.rooms.keys()) {
            let none = Room::default();
            let ours = self.rooms.get(id).unwrap_or(&none);
            let theirs = other.rooms.get(id).unwrap_or(&none);
            compare(format!("room {id} rev"), json!(ours.rev), json!(theirs.rev));
            compare(format!("room {id}"), json!(ours.parts), json!(theirs.parts));
            compare(format!("room {id} vitals"), json!(ours.vitals), json!(theirs.vitals));
            compare(format!("room {id} devices"), json!(ours.devices), json!(theirs.devices));
            compare(format!("room {id} alerts"), json!(ours.alerts), json!(theirs.alerts));
        }
        found.join("; ")
    }

    fn snapshot(&mut self, frame: &Json) {
        let epoch = frame["epoch"].as_str().map(str::to_owned);
        if epoch != self.epoch {
            *self = Self { epoch, ..Self::default() };
        }
        if let Some(alerts) = frame["ward"]["alerts"].as_array() {
            self.ward = open_alerts(alerts);
        }
        for room in frame["rooms"].as_array().into_iter().flatten() {
            self.rooms.insert(text(&room["id"]).to_owned(), Room::of(room));
        }
    }

    fn of_ward(&mut self, frame: &Json) {
        let alert = &frame["alert"];
        // The ward has one alert of a condition.
        let is_other = |id: &String, one: &Json| {
            id == text(&alert["id"]) || one["condition"] != alert["condition"]
        };
        self.ward.retain(|id, one| is_other(id, one));
        put_alert(&mut self.ward, alert);
    }

    fn of_room(&mut self, kind: &str, frame: &Json) -> anyhow::Result<()> {
        let id = text(&frame["room"]);
        let room = self.rooms.get_mut(id).with_context(|| format!("unasked of {id}: {frame}"))?;
        let rev = frame["rev"].as_u64().or(frame["to_rev"].as_u64()).context("a rev")?;
        if rev <= room.rev {
            return Ok(());
        }
        let from = frame["from_rev"].as_u64().unwrap_or(rev);
        ensure!(from <= room.rev + 1, "room {id} is at {}, and then comes {frame}", room.rev);
        room.rev = rev;
        match kind {
            "vitals" => room.hear(frame),
            "alert" => put_alert(&mut room.alerts, &frame["alert"]),
            "session" => {
                room.parts.insert("session", open_session(&frame["session"]));
                if !frame["limits"].is_null() {
                    room.parts.insert("limits", frame["limits"].clone());
                }
            }
            "device" => {
                let device = &frame["device"];
                let id = text(&device["id"]).to_owned();
                // Null where it has left the room.
                if device.get("room").is_some_and(Json::is_null) {
                    room.devices.remove(&id);
                } else {
                    room.devices.insert(id, device.clone());
                }
            }
            "room" => drop(room.parts.insert("own", own(frame))),
            _ => {}
        }
        Ok(())
    }
}

impl Room {
    fn of(json: &Json) -> Self {
        let by_id = |things: &Json| -> BTreeMap<String, Json> {
            let things = things.as_array().into_iter().flatten();
            things.map(|one| (text(&one["id"]).to_owned(), one.clone())).collect()
        };
        let vitals = json["vitals"].as_object().into_iter().flatten();
        Self {
            rev: json["rev"].as_u64().unwrap_or_default(),
            parts: [
                ("session", open_session(&json["session"])),
                ("limits", json["limits"].clone()),
                ("inflation", json["inflation"].clone()),
                ("own", own(json)),
            ]
            .into(),
            vitals: vitals.map(|(name, one)| (name.clone(), reading(one, &Json::Null))).collect(),
            devices: by_id(&json["devices"]),
            alerts: open_alerts(json["alerts"].as_array().map_or(&[], Vec::as_slice)),
        }
    }

    /// A reading in a frame is all that is known of its vital now.
    fn hear(&mut self, frame: &Json) {
        for one in frame["readings"].as_array().into_iter().flatten() {
            if one["late"] == true || one["withdrawn"] == true {
                continue;
            }
            let vital = text(&one["vital"]).to_owned();
            match one["absent"].as_str() {
                Some("never") => drop(self.vitals.remove(&vital)),
                // Its inflation says why the cuff gives no value; its last value stays.
                Some(_) if vital == "nibp" => {}
                _ => drop(self.vitals.insert(vital, reading(one, frame))),
            }
        }
        if let Some(inflation) = frame.get("inflation") {
            self.parts.insert("inflation", inflation.clone());
        }
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

fn own(json: &Json) -> Json {
    json!([json["name"], json["order"], json["unread_since"]])
}

fn open_session(session: &Json) -> Json {
    let is_over = matches!(text(&session["phase"]), "discharged" | "aborted" | "transferred");
    if is_over { Json::Null } else { session.clone() }
}

/// How many screens have shown it is no frame's business.
fn alert(json: &Json) -> Json {
    let mut alert = json.clone();
    if let Some(fields) = alert.as_object_mut() {
        fields.remove("receipts");
    }
    alert
}

fn open_alerts(all: &[Json]) -> BTreeMap<String, Json> {
    let open = all.iter().filter(|one| one["state"] != "resolved");
    open.map(|one| (text(&one["id"]).to_owned(), alert(one))).collect()
}

fn put_alert(alerts: &mut BTreeMap<String, Json>, json: &Json) {
    let id = text(&json["id"]).to_owned();
    if json["state"] == "resolved" {
        alerts.remove(&id);
    } else {
        alerts.insert(id, alert(json));
    }
}

/// What is shown of it. Times that it leaves out are its frame's. How old a value is, its time
/// says: whether it is too old is judged anew at every moment.
fn reading(json: &Json, frame: &Json) -> Json {
    let is_stale = json["absent"] == "stale" && json.get("last").is_some();
    let value = if is_stale { &json["last"] } else { json };
    let or_frames = |key: &str| if json[key].is_null() { &frame[key] } else { &json[key] };
    let mut shown = json!({
        "quality": json.get("quality").unwrap_or(&json!("good")),
        "taken_at": or_frames("taken_at"),
        "received_at": or_frames("received_at"),
    });
    let mut show = |from: &Json, keys: &[&str]| {
        for key in keys.iter().filter(|key| !from[**key].is_null()) {
            shown[*key] = from[*key].clone();
        }
    };
    show(value, &["value", "systolic", "diastolic", "mean"]);
    show(json, &["stale_after_ms", "corrects", "source", "bound"]);
    if !is_stale {
        show(json, &["absent", "since", "last"]);
    }
    shown
}
