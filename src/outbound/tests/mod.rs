//! Sessions on their way to systems that are there, gone, slow, stubborn or mad.

mod fhir;
mod mllp;
mod queue;
mod stand_in;
mod tls;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;
use crate::config::{Fhir, Hl7, Protocol, When};
use crate::contract::OutboundDestination;
use crate::journal::Journal;
use crate::record::Header;
use crate::report::{About, Assembly, SessionRecord};
use crate::store::{OutboundState, SessionRow, Upsert};
use crate::vitals::{Decimal, Millis, RoomId, SessionId};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);
const START_MS: i64 = 1_795_262_400_000;

/// Nothing here waits longer than it must.
const PACE: Pace = Pace {
    look: Duration::from_millis(5),
    settle: Duration::ZERO,
    first: Duration::from_millis(5),
    longest: Duration::from_millis(20),
    connect: Duration::from_secs(2),
};

/// What has to come, or the test has failed.
async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it did not come in time")
}

/// Records that a test changes.
#[derive(Debug, Default)]
struct Shelf(Mutex<BTreeMap<SessionId, SessionRecord>>);

impl Shelf {
    fn put(&self, record: SessionRecord) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(record.header.session.clone(), record);
    }
}

impl Records for Shelf {
    async fn record(&self, session: &SessionId) -> Result<Option<SessionRecord>, Unreadable> {
        if session.as_str() == "unreadable" {
            return Err(Unreadable);
        }
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(session).cloned())
    }
}

fn session(id: &str) -> SessionId {
    SessionId::new(id).unwrap()
}

/// A short session with two pressures, of which the second can be chosen.
fn record(id: &str, systolic: i32) -> SessionRecord {
    let header = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult","patient":{"initials":"J.T."}}"#;
    let about = About {
        clinic: Some("Northgate".to_owned()),
        session: Some(session(id)),
        made_at: Millis(START_MS + 3_600_000),
        ..About::default()
    };
    let mut assembly = Assembly::new(Header::read(header).unwrap(), about);
    let nibp = |second: i64, systolic: i32| {
        let at = START_MS + second * 1_000;
        format!(
            r#"{{"at":{at},"device":"mon-3","frame":{{"type":"readings","readings":[{{"vital":"nibp","systolic":{systolic},"diastolic":80,"taken_at":{at}}}]}}}}"#
        )
    };
    let act = |second: i64, event: &str| {
        format!(r#"{{"at":{},"staff":"KM","event":{event}}}"#, START_MS + second * 1_000)
    };
    for line in [
        act(0, r#"{"type":"start"}"#),
        nibp(10, 121),
        nibp(310, systolic),
        act(320, r#"{"type":"abort","reason":"no vein"}"#),
    ] {
        assembly.line(2, &line).unwrap();
    }
    let record = assembly.finish();
    assert_eq!(record.pressures.len(), 2);
    record
}

/// The row of the session that this record is of.
fn ended(record: &SessionRecord) -> Upsert {
    Upsert::Session(SessionRow {
        id: record.header.session.clone(),
        room: RoomId::new("3").unwrap(),
        profile: "ketamine-iv-adult".into(),
        phase: "aborted".into(),
        opened_at: record.header.opened_at,
        started_at: None,
        ended_at: record.header.ended_at,
        opened_seq: 1,
        ended_seq: Some(9),
        json: "{}".into(),
    })
}

fn to_hl7(name: &str, port: u16, is_enhanced: bool) -> config::Outbound {
    let hl7 = Hl7 {
        host: "127.0.0.1".to_owned(),
        port,
        tls: false,
        is_enhanced,
        application: "EHR".to_owned(),
        facility: String::new(),
    };
    to(name, Protocol::Hl7(hl7))
}

fn to_fhir(url: String) -> config::Outbound {
    to("FHIR", Protocol::Fhir(Fhir { url, token_file: None }))
}

fn to(name: &str, way: Protocol) -> config::Outbound {
    let (when, timeout_s, ca_file) = (When::Ended, 20, None);
    config::Outbound { name: name.to_owned(), way, when, timeout_s, ca_file }
}

/// A server that only sends.
struct Bench {
    folder: TempDir,
    journal: Journal,
    shelf: Arc<Shelf>,
    destinations: Vec<config::Outbound>,
    running: Option<(JoinHandle<()>, CancellationToken)>,
}

impl Bench {
    async fn sending_to(destinations: Vec<config::Outbound>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        let shelf = Arc::<Shelf>::default();
        let mut bench = Self { folder, journal, shelf, destinations, running: None };
        bench.start();
        bench
    }

    fn start(&mut self) {
        let stop = CancellationToken::new();
        let outbound = Outbound {
            destinations: self.destinations.clone().into(),
            store: self.journal.store(),
            // Everything here is over after a system is known.
            clock: Clock::reading(Millis(START_MS)),
            records: Arc::clone(&self.shelf),
            pace: PACE,
        };
        let running = tokio::spawn(run(outbound, stop.clone()));
        self.running = Some((running, stop));
    }

    async fn stop(&mut self) {
        if let Some((running, stop)) = self.running.take() {
            stop.cancel();
            in_time(running).await.unwrap();
        }
    }

    /// Stops, and begins again on the same data.
    async fn restart(&mut self) {
        self.stop().await;
        self.journal.close(PATIENCE).await.unwrap();
        self.journal = Journal::open(self.folder.path()).await.unwrap();
        self.start();
    }

    async fn put(&self, changes: Vec<Upsert>) {
        let (stored, told) = oneshot::channel();
        self.journal.store().put(changes, vec![stored]).unwrap();
        in_time(told).await.unwrap();
    }

    /// A session is over, or something of it has changed.
    async fn ends(&self, record: SessionRecord) {
        let row = ended(&record);
        self.shelf.put(record);
        self.put(vec![row]).await;
    }

    /// How it goes with the first system, once that is as wished.
    async fn until(&self, is_it: impl Fn(&OutboundDestination) -> bool) -> OutboundDestination {
        let now = Millis(START_MS + 60_000);
        in_time(async {
            loop {
                // A change that is not there any more is in the queue.
                let has_changes = self.has_changes().await;
                let shown = status(&self.journal.store(), &self.destinations, now).await.unwrap();
                let first = shown.outbound.into_iter().next().unwrap();
                if is_it(&first) && !has_changes {
                    return first;
                }
                tokio::time::sleep(PACE.look).await;
            }
        })
        .await
    }

    async fn has_changes(&self) -> bool {
        !self.journal.store().outbound_changes(1).await.unwrap().is_empty()
    }

    /// Everything that was queued has come to its end.
    async fn settled(&self) -> OutboundDestination {
        self.until(|to| to.waiting == 0).await
    }
}

/// A field of a segment of a message, by HL7's number.
fn field<'a>(message: &'a str, segment: &str, number: usize) -> &'a str {
    let line = message.split('\r').find(|line| line.starts_with(segment)).unwrap_or_default();
    let place = number - usize::from(segment == "MSH");
    line.split('|').nth(place).unwrap_or_default()
}

/// What the message says of the second pressure's systolic value, and its status.
fn second_systolic(message: &str) -> Option<(&str, &str)> {
    let of_second = format!("p{}", START_MS + 310_000);
    let mut rows = message.split('\r').filter(|line| line.starts_with("OBX|"));
    let row = rows.find(|row| row.contains("8480-6^") && row.contains(&of_second))?;
    let fields: Vec<&str> = row.split('|').collect();
    Some((fields[5], fields[11]))
}
