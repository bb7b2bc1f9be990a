//! 10,000 alerts in a minute: none lost, none doubled, on disk and on the screens.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::room::Acknowledged;
use crate::store::AlertFilter;
use crate::vitals::{Observation, Pressure, Quality, Value};

const ROOMS: usize = 256;
const ALERTS_A_ROOM: usize = 40;
/// From one alert of a room to its next: 40 of them in a minute.
const EVERY_MS: i64 = 1_500;
/// Rooms that act before the screen is read: what it shows of them fits into a mailbox.
const AT_ONCE: usize = 64;

fn room_of(n: usize) -> RoomId {
    RoomId::new(&format!("r{n}")).unwrap()
}

fn monitor_of(n: usize) -> DeviceId {
    DeviceId::new(&format!("mon-{n}")).unwrap()
}

fn alert_of(n: usize, number: usize) -> String {
    format!("r{n}-20261121-a{number}")
}

/// What is looked at of an alert's frame.
#[derive(Deserialize)]
struct AlertFrame {
    alert: ShownAlert,
}

#[derive(Debug, PartialEq, Deserialize)]
struct ShownAlert {
    id: String,
    state: String,
    acknowledged: Option<Acknowledged>,
    text: String,
}

struct Burst {
    core: Core,
    mailbox: Arc<Mailbox>,
    sent: u64,
    stored: Vec<oneshot::Receiver<()>>,
    /// What the screen was shown of each alert, in its order.
    shown: BTreeMap<String, Vec<ShownAlert>>,
}

impl Burst {
    async fn open(folder: &std::path::Path) -> Self {
        let config = WardConfig {
            rooms: (0..ROOMS).map(|n| (room_of(n), format!("Room {n}"))).collect(),
            devices: (0..ROOMS).map(|n| (monitor_of(n), room_of(n))).collect(),
            ..WardConfig::default()
        };
        let journal = Journal::open(folder).await.unwrap();
        let mut core =
            Core::restore(journal, &config, "e".to_owned(), Mark::by_our_clock_alone(START))
                .await
                .unwrap();
        let mailbox = Arc::new(Mailbox::default());
        let who = (View::Staff, somebody());
        core.screens.join(ScreenId(1), who, mailbox.clone(), START);
        core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, START);
        Self { core, mailbox, sent: 0, stored: Vec::new(), shown: BTreeMap::new() }
    }

    fn cuff(&mut self, n: usize, systolic: i32, at: Millis) {
        let number = |value| Some(Decimal::whole(value));
        let pressure = Pressure { systolic: number(systolic), diastolic: number(80), mean: None };
        let observation = Observation::Measured(Value::Pressure(pressure), Quality::Good);
        let measured = Reading::new(Vital::Nibp, observation);
        let readings = vec![Reading { taken_at: Some(at), ..measured }];
        self.sent += 1;
        let (stored, told) = oneshot::channel();
        let key = FrameKey::of(&[&self.sent.to_le_bytes()]);
        let frame = Frame { device: monitor_of(n), ..Frame::by_hand(readings) };
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
        self.stored.push(told);
    }

    /// The same in every room; the screen reads on.
    async fn in_every_room(&mut self, act: impl Fn(&mut Self, usize)) {
        for begin in (0..ROOMS).step_by(AT_ONCE) {
            (begin..begin + AT_ONCE).for_each(|n| act(self, n));
            let text = self.mailbox.take(usize::MAX).await.unwrap();
            for line in text.lines().filter(|line| line.contains(r#""type":"alert""#)) {
                let frame: AlertFrame = serde_json::from_str(line).unwrap();
                self.shown.entry(frame.alert.id.clone()).or_default().push(frame.alert);
            }
        }
    }
}

/// The alert lines in a room's chain.
async fn recorded(journal: &Journal, n: usize) -> Vec<AlertLine> {
    let entries = journal.read(&Chain::Room(room_of(n)), 1, 100_000).await.unwrap();
    let alerts = entries.iter().filter(|stored| stored.entry.body.contains(r#""engine""#));
    let read = |body: &str| match Line::read(body).unwrap().1 {
        Line::Alert(line) => Some(line),
        _ => None,
    };
    alerts.filter_map(|stored| read(&stored.entry.body)).collect()
}

#[tokio::test]
async fn ten_thousand_alerts_in_a_minute_are_each_raised_recorded_and_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut burst = Burst::open(folder.path()).await;
    for number in 1..=ALERTS_A_ROOM {
        let at = START.plus(EVERY_MS * (number as i64 - 1));
        burst.in_every_room(|burst, n| burst.cuff(n, 204, at)).await;
        let taken_at = at.plus(500);
        let take = |burst: &mut Burst, n| {
            let taken = burst.core.act(&km(), Acknowledge { alert: alert_of(n, number) }, taken_at);
            assert!(taken.is_ok(), "{}", alert_of(n, number));
        };
        burst.in_every_room(take).await;
        burst.in_every_room(|burst, n| burst.cuff(n, 120, at.plus(1_000))).await;
        flush(&burst.core.journal).await;
    }
    for told in burst.stored {
        told.await.unwrap();
    }
    let (journal, store) = (&burst.core.journal, burst.core.journal.store());
    assert_eq!(burst.shown.len(), ROOMS * ALERTS_A_ROOM);
    for n in 0..ROOMS {
        let lines = recorded(journal, n).await;
        let filter = AlertFilter { room: Some(room_of(n)), ..AlertFilter::default() };
        let rows = store.alerts(&filter, 1_000).await.unwrap().rows;
        assert_eq!((lines.len(), rows.len()), (3 * ALERTS_A_ROOM, ALERTS_A_ROOM), "room {n}");
        for number in 1..=ALERTS_A_ROOM {
            let id = alert_of(n, number);
            let of_it: Vec<_> = lines.iter().filter(|line| line.alert == id).collect();
            let states: Vec<_> =
                of_it.iter().map(|l| (l.state.name(), l.acknowledged.is_some())).collect();
            assert_eq!(states, [("active", false), ("active", true), ("resolved", true)], "{id}");
            let frames = &burst.shown[&id];
            assert_eq!(frames.len(), 3, "{id}: {frames:#?}");
            let mut seen: Vec<_> =
                frames.iter().map(|f| (f.state.as_str(), f.acknowledged.is_some())).collect();
            seen.dedup();
            assert_eq!(seen, states, "{id}: {frames:#?}");
            let row = rows.iter().find(|row| row.id == id).unwrap();
            let stored: ShownAlert = serde_json::from_str(&row.json).unwrap();
            assert_eq!(Some(&stored), frames.last(), "{id}");
        }
    }
}
