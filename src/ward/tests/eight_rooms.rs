//! Eight rooms and one nurse (clinical.md#scenarios, 30): two rooms are urgent in the same second,
//! and neither hides the other.

use std::collections::BTreeMap;
use std::path::Path;

use simulators::scenario::Scenario;

use super::*;
use crate::record::Header;
use crate::room::Input;

const ROOMS: usize = 8;

fn room_of(n: usize) -> RoomId {
    RoomId::new(&n.to_string()).unwrap()
}

fn monitor_of(n: usize) -> DeviceId {
    DeviceId::new(&format!("mon-{n}")).unwrap()
}

/// What one room's recording brings, in its order.
fn recorded(n: usize) -> (Header, Vec<(Millis, usize, Input)>) {
    let scenario = Scenario::named(&format!("eight-rooms-{n}")).unwrap().unwrap();
    let recording = scenario.recording();
    let mut lines = recording.lines();
    let header = Header::read(lines.next().unwrap()).unwrap();
    let input = |line: &str| match Line::read(line).unwrap() {
        (at, Line::Input(input)) => Some((at, n, input)),
        _ => None,
    };
    (header, lines.filter_map(input).collect())
}

/// The ward with its eight rooms, and one screen that shows them all.
struct EightRooms {
    core: Core,
    sessions: BTreeMap<usize, SessionId>,
    mailbox: Arc<Mailbox>,
    inputs: std::iter::Peekable<std::vec::IntoIter<(Millis, usize, Input)>>,
    sent: u64,
    /// What the screen was shown of alerts, and when.
    shown: Vec<(i64, serde_json::Value)>,
}

impl EightRooms {
    async fn open(folder: &Path) -> Self {
        let config = WardConfig {
            rooms: (1..=ROOMS).map(|n| (room_of(n), format!("Room {n}"))).collect(),
            devices: (1..=ROOMS).map(|n| (monitor_of(n), room_of(n))).collect(),
            ..WardConfig::default()
        };
        let journal = Journal::open(folder).await.unwrap();
        let core = Core::restore(journal, &config, "e".to_owned(), Mark::by_our_clock_alone(START))
            .await
            .unwrap();
        let mailbox = Arc::new(Mailbox::default());
        let who = (View::Staff, somebody());
        let mut inputs = Vec::new();
        let mut ward = Self {
            core,
            sessions: BTreeMap::new(),
            mailbox: mailbox.clone(),
            inputs: Vec::new().into_iter().peekable(),
            sent: 0,
            shown: Vec::new(),
        };
        for n in 1..=ROOMS {
            let (header, of_room) = recorded(n);
            inputs.extend(of_room);
            let session = NewSession { patient: header.patient, ..NewSession::default() };
            let opened =
                ward.core.act(&km(), OpenSession { room: room_of(n), session }, START).unwrap();
            let json: serde_json::Value = serde_json::from_str(&opened.json).unwrap();
            ward.sessions.insert(n, SessionId::new(json["id"].as_str().unwrap()).unwrap());
        }
        ward.core.screens.join(ScreenId(1), who, mailbox, START);
        ward.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, START);
        inputs.sort_by_key(|(at, ..)| *at);
        ward.inputs = inputs.into_iter().peekable();
        ward
    }

    /// Lets everything up to and with this second happen.
    async fn until(&mut self, second: i64) {
        while let Some((at, n, input)) =
            self.inputs.next_if(|(at, ..)| *at <= START.plus(second * 1_000))
        {
            self.core.pass_time(at);
            self.take(n, input, at);
            let text = self.mailbox.take(usize::MAX).await.unwrap();
            let frames = text.lines().filter(|line| line.contains(r#""type":"alert""#));
            let frames = frames.map(|line| serde_json::from_str(line).unwrap());
            let second = at.since(START) / 1_000;
            self.shown.extend(frames.map(|frame: serde_json::Value| (second, frame)));
            // The screen always has something to read.
            self.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, at);
        }
    }

    fn take(&mut self, n: usize, input: Input, at: Millis) {
        match input {
            Input::Frame(frame) => {
                self.sent += 1;
                let key = FrameKey::of(&[&self.sent.to_le_bytes()]);
                let (stored, _) = oneshot::channel();
                let (adapter, identity) = ("native", Identity::default());
                let delivery = Delivery {
                    frame,
                    adapter,
                    key,
                    same_within_ms: 600_000,
                    copies: Copies::AreOne,
                    identity,
                    not_understood: Vec::new(),
                    stored,
                };
                self.core.arrive(Arrival::Frame(delivery), at);
            }
            Input::Staff { event, .. } => {
                self.core
                    .act(
                        &km(),
                        EnterEvent { session: self.sessions[&n].clone(), event, occurred_at: None },
                        at,
                    )
                    .unwrap();
            }
            Input::Acknowledge { alert, .. } => {
                let alert = format!("{}-{alert}", self.sessions[&n]);
                self.core.act(&km(), Acknowledge { alert: alert.clone() }, at).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }

    /// When the screen was first shown this as urgent.
    fn urgent_at(&self, room: &str, condition: &str) -> Option<i64> {
        let is_it = |alert: &serde_json::Value| {
            alert["room"] == room && alert["condition"] == condition && alert["priority"] == "high"
        };
        self.shown.iter().find(|(_, frame)| is_it(&frame["alert"])).map(|(second, _)| *second)
    }

    /// Room, condition, and whether it still calls, of every urgent alert that is open.
    fn urgent(&mut self, at: Millis) -> Vec<(String, String, bool)> {
        let rooms = self.core.ask(ListRooms { view: View::Staff }, at);
        let rooms: serde_json::Value = serde_json::from_str(&rooms).unwrap();
        let alerts = rooms["rooms"].as_array().unwrap().iter();
        let alerts = alerts.flat_map(|room| room["alerts"].as_array().unwrap());
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let calls = |alert: &serde_json::Value| {
            alert["acknowledged"].is_null() && alert["silenced_until"].is_null()
        };
        alerts
            .filter(|alert| alert["priority"] == "high")
            .map(|alert| (text(&alert["room"]), text(&alert["condition"]), calls(alert)))
            .collect()
    }
}

#[tokio::test]
async fn two_rooms_urgent_at_once_are_both_on_the_screen_and_one_taken_leaves_the_other_calling() {
    let folder = tempfile::tempdir().unwrap();
    let mut ward = EightRooms::open(folder.path()).await;
    ward.until(254).await;
    let both = |third_calls| {
        [("3", "systolic_high", third_calls), ("5", "spo2_low", true)]
            .map(|(room, condition, calls)| (room.to_owned(), condition.to_owned(), calls))
    };
    // Both qualify at 240 s; 2 s are allowed.
    for (room, condition) in [("3", "systolic_high"), ("5", "spo2_low")] {
        let second = ward.urgent_at(room, condition);
        assert!((240..=242).contains(&second.unwrap()), "room {room}: {second:?}");
    }
    assert_eq!(ward.urgent(START.plus(254_000)), both(true));
    ward.until(256).await;
    assert_eq!(ward.urgent(START.plus(256_000)), both(false));
    let rooms =
        |(_, frame): &(i64, serde_json::Value)| frame["room"] != "3" && frame["room"] != "5";
    assert!(!ward.shown.iter().any(rooms), "{:#?}", ward.shown);
}
