//! The hours before the demo opens, played through the rooms into the record.

use anyhow::{Context, bail};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use simulators::clinic::{Clinic, Nurse, Witness};
use tokio::sync::oneshot;

use crate::adapters::native::{Ingested, Run, ingest};
use crate::adapters::{AdapterKind, Arrival};
use crate::app::Past;
use crate::record::{Patient, read_event};
use crate::room::{Authority, Outcome};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId, Source};
use crate::ward::{
    Acknowledge, Actor, Bind, EnterEvent, GiveOutcome, Named, NewSession, OpenSession, WardByHand,
};

/// How much is played before it must be on disk: so little waits.
const PLAYED_AT_ONCE_S: i64 = 600;

/// The past of a clinic that opens at `opens_at`.
#[derive(Debug)]
pub(super) struct DemoPast {
    pub(super) clinic: Clinic,
    pub(super) opens_at: Millis,
    /// Where the clinic continues afterwards.
    pub(super) opened: oneshot::Sender<Clinic>,
}

impl Past for DemoPast {
    fn play<'a>(self: Box<Self>, ward: &'a mut WardByHand) -> BoxFuture<'a, anyhow::Result<()>> {
        async move {
            let Self { mut clinic, opens_at, opened } = *self;
            // In a folder that was kept, the past is already there: patients arrive there as they
            // come.
            let is_new = ward.is_new();
            while is_new && clinic.now_s() < 0 {
                let until_s = clinic.now_s() + PLAYED_AT_ONCE_S;
                let mut beside = Beside { ward: &mut *ward, problem: None };
                let played = clinic.play_until(until_s, opens_at.0, &mut beside);
                if let Some(problem) = beside.problem.or(played.err()) {
                    bail!("the demo's past cannot be played: {problem}");
                }
                let (stored, told) = oneshot::channel();
                ward.journal().barrier(stored);
                told.await.context("the demo's past is not on disk")?;
            }
            // If nobody receives the rest, the demo is ending.
            let _ = opened.send(clinic);
            Ok(())
        }
        .boxed()
    }
}

/// The rooms, as the past sees them.
struct Beside<'a> {
    ward: &'a mut WardByHand,
    /// The first event that is impossible.
    problem: Option<String>,
}

impl Beside<'_> {
    fn must(&mut self, done: anyhow::Result<()>) {
        if let Err(why) = done {
            self.problem.get_or_insert(why.to_string());
        }
    }

    fn try_to_hear(
        &mut self,
        device: &str,
        is_hl7: bool,
        line: &str,
        at: Millis,
    ) -> anyhow::Result<()> {
        let device = DeviceId::new(device)?;
        // No other frame of this monitor will ever have this name.
        let run = Run::Socket("before".to_owned());
        let Ingested::Usable(usable) = ingest(line, &device, &run, Source::Simulator) else {
            bail!("{device} sent what is not a frame: {line}");
        };
        let (stored, _) = oneshot::channel();
        let (_, _, mut delivery) = usable.delivery(None, stored);
        if is_hl7 {
            delivery.adapter = AdapterKind::Hl7Mllp.name();
        }
        self.ward.arrive(Arrival::Frame(delivery), at);
        Ok(())
    }

    fn try_to_open(&mut self, room: &str, about: &Value, at: Millis) -> anyhow::Result<Value> {
        let mut fields: Map<String, Value> = serde_json::from_value(about["patient"].clone())?;
        let named = match fields.remove("identity") {
            Some(identity) => Named::Person(serde_json::from_value(identity)?),
            None => Named::Nobody,
        };
        // Those with the name.
        fields.entry("initials").or_insert_with(|| Value::String(String::new()));
        let patient: Patient = serde_json::from_value(Value::Object(fields))?;
        let planned_s = about["planned_s"].as_u64().and_then(|seconds| seconds.try_into().ok());
        let profile = about["profile"].as_str().map(str::to_owned);
        let session = NewSession { patient, named, profile, planned_s, ..NewSession::default() };
        let open = OpenSession { room: RoomId::new(room)?, session };
        let opened = self.ward.act(person(Nurse::First), open, at);
        let opened = opened.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        Ok(serde_json::from_str(&opened.json)?)
    }

    fn try_to_enter(
        &mut self,
        by: Nurse,
        session: &str,
        event: &Value,
        at: Millis,
    ) -> anyhow::Result<Value> {
        let fields: Map<String, Value> = serde_json::from_value(event.clone())?;
        let (event, occurred_at) = read_event(fields)?;
        let enter = EnterEvent { session: SessionId::new(session)?, event, occurred_at };
        let entered = self.ward.act(person(by), enter, at);
        let entered = entered.map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        Ok(serde_json::from_str(&entered.json)?)
    }

    fn try_to_close_alerts(&mut self, room: &str, at: Millis) -> anyhow::Result<()> {
        for alert in self.ward.without_outcome(&RoomId::new(room)?) {
            let who = || person(Nurse::First);
            let (outcome, note) = (Some(Outcome::ExpectedEffect), None);
            let taken = self.ward.act(who(), Acknowledge { alert: alert.clone() }, at);
            let given = self.ward.act(who(), GiveOutcome { alert, outcome, note }, at);
            taken.and(given).map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
        }
        Ok(())
    }
}

impl Witness for Beside<'_> {
    fn bind(&mut self, device: &str, room: &str, at_ms: i64) {
        let mut bound = || {
            let bind = Bind {
                device: DeviceId::new(device)?,
                room: Some(RoomId::new(room)?),
                is_confirmed: false,
            };
            let done = self.ward.act(person(Nurse::First), bind, Millis(at_ms));
            done.map(drop).map_err(|refusal| anyhow::anyhow!("{refusal:?}"))
        };
        let done = bound();
        self.must(done);
    }

    fn hear(&mut self, device: &str, is_hl7: bool, line: &str, at_ms: i64) {
        let heard = self.try_to_hear(device, is_hl7, line, Millis(at_ms));
        self.must(heard);
    }

    fn open(&mut self, room: &str, about: &Value, at_ms: i64) -> Value {
        let opened = self.try_to_open(room, about, Millis(at_ms));
        opened.unwrap_or_else(|why| {
            self.must(Err(why));
            Value::Null
        })
    }

    fn enter(
        &mut self,
        by: Nurse,
        session: &str,
        event: &Value,
        at_ms: i64,
    ) -> Result<Value, String> {
        self.try_to_enter(by, session, event, Millis(at_ms)).map_err(|why| why.to_string())
    }

    fn close_alerts(&mut self, room: &str, at_ms: i64) {
        let closed = self.try_to_close_alerts(room, Millis(at_ms));
        self.must(closed);
    }

    fn pass(&mut self, at_ms: i64) {
        self.ward.look(Millis(at_ms));
    }
}

/// Two of the demo's nurses.
fn person(who: Nurse) -> Actor {
    let name = match who {
        Nurse::First => "KM",
        Nurse::Second => "TJ",
    };
    Actor {
        initials: name.to_owned(),
        name: name.to_owned(),
        authority: Authority::Nurse,
        authority_by_password: Authority::Nurse,
        is_identified: true,
        is_program: false,
        request: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Mark;
    use crate::journal::Journal;
    use crate::store::SessionFilter;
    use crate::ward::{ListRooms, View, WardConfig};

    const OPENS_AT: Millis = Millis(1_795_262_400_000);

    async fn on(folder: &std::path::Path, rooms: u32) -> WardByHand {
        let journal = Journal::open(folder).await.unwrap();
        let room =
            |number: u32| (RoomId::new(&number.to_string()).unwrap(), format!("Room {number}"));
        let rooms = (1..=rooms).map(room).collect();
        let config = WardConfig { rooms, source: Source::Simulator, ..WardConfig::default() };
        let now = Mark::by_our_clock_alone(OPENS_AT);
        WardByHand::on(journal, &config, now).await.unwrap()
    }

    async fn opened(folder: &std::path::Path, seed: u64, rooms: u32) -> WardByHand {
        let mut ward = on(folder, rooms).await;
        let (opened, going_on) = oneshot::channel();
        let clinic = Clinic::new(rooms as usize, seed, false);
        let past = Box::new(DemoPast { clinic, opens_at: OPENS_AT, opened });
        past.play(&mut ward).await.unwrap();
        assert_eq!(going_on.await.unwrap().now_s(), 0);
        ward
    }

    fn rooms(ward: &mut WardByHand) -> Vec<Value> {
        let json = ward.ask(ListRooms { view: View::Staff }, OPENS_AT);
        serde_json::from_str::<Value>(&json).unwrap()["rooms"].as_array().unwrap().clone()
    }

    #[tokio::test]
    async fn the_demo_opens_in_mid_morning_and_nothing_was_gone_through_without_its_gate() {
        for (seed, count) in [(1, 8), (7, 8), (2, 20)] {
            let folder = tempfile::tempdir().unwrap();
            let mut ward = opened(folder.path(), seed, count).await;
            let rooms = rooms(&mut ward);
            let phases: Vec<_> =
                rooms.iter().map(|room| room["session"]["phase"].as_str()).collect();
            let infusing = Some("infusing");
            assert_eq!(
                phases[..8],
                [
                    infusing,
                    infusing,
                    infusing,
                    infusing,
                    Some("held"),
                    Some("ready_to_leave"),
                    Some("recovery"),
                    None
                ],
                "seed {seed}"
            );
            assert_eq!(rooms[6]["session"]["profile"], "esketamine-nasal-adult");
            for room in &rooms {
                let session = &room["session"];
                assert!(session["waived"].as_array().is_none_or(Vec::is_empty), "{session}");
            }
            let ended = SessionFilter { open: Some(false), ..SessionFilter::default() };
            let finished = ward.journal().store().sessions(&ended, 100).await.unwrap().rows;
            assert!(finished.len() >= 3, "finished sessions to read");
            for row in finished {
                let session: Value = serde_json::from_str(&row.json).unwrap();
                assert_eq!(session["phase"], "discharged");
                assert_eq!(session["waived"], Value::Array(Vec::new()));
            }
            ward.close().await.unwrap();
        }
    }

    #[tokio::test]
    async fn what_was_is_in_the_record_with_its_own_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut ward = opened(folder.path(), 1, 8).await;
        let rooms = rooms(&mut ward);
        let started_min_ago = |number: usize| {
            let started_at = rooms[number - 1]["session"]["started_at"].as_i64().unwrap();
            (OPENS_AT.0 - started_at) / 60_000
        };
        assert_eq!(started_min_ago(2), 22);
        assert_eq!(started_min_ago(7), 35, "its pressure of the fortieth minute is due");
        ward.close().await.unwrap();
        // A server that is restarted with it has nothing to make up for.
        let again = on(folder.path(), 8).await;
        assert!(!again.is_new());
        again.close().await.unwrap();
    }
}
