//! How long staff wait for lists when 10,000 sessions are stored.
//!
//! `cargo bench --bench days` stores three years of a clinic in a temporary folder, asks for a day,
//! a page of sessions, a patient's sessions, the drugs in use and a search by name, each twenty
//! times, and prints the median and the slowest. It passes or fails on no time.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::ensure;
use dripwatch::journal::Journal;
use dripwatch::people::{KnownPatient, NamedId, Patients, Person};
use dripwatch::room::AlertState;
use dripwatch::store::{AlertRow, SessionFilter, SessionRow, Store, Upsert};
use dripwatch::vitals::{Millis, PatientId, RoomId, SessionId};
use tokio::sync::oneshot;

/// 2026-11-21 00:00:00 UTC: the last of the days.
const LAST_DAY: Millis = Millis(1_795_219_200_000);
const DAY_MS: i64 = 86_400_000;
const SESSIONS: i64 = 10_000;
const OF_A_DAY: i64 = 10;
/// Treatments of one patient.
const OF_A_PATIENT: i64 = 8;
const TIMES: usize = 20;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let journal = Journal::open(folder.path()).await?;
    let store = journal.store();
    for first in (0..SESSIONS).step_by(200) {
        let rows = (first..first + 200).map(rows_of).collect::<anyhow::Result<Vec<_>>>()?;
        put(&store, rows.into_iter().flatten().collect()).await?;
    }
    let patients = patients()?;
    let filter = SessionFilter::default();
    let of_patient = PatientId::new("p-7")?;
    println!("{SESSIONS} sessions are stored; milliseconds, median and slowest of {TIMES}");
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..TIMES {
        let begun = Instant::now();
        let day = store.sessions_between(LAST_DAY, LAST_DAY.plus(DAY_MS)).await?;
        times[0].push(begun.elapsed());
        ensure!(day.len() == 10 && day[0].alerts == 2, "the day is whole");
        let begun = Instant::now();
        ensure!(store.sessions(&filter, 100).await?.rows.len() == 100, "the page is whole");
        times[1].push(begun.elapsed());
        let begun = Instant::now();
        let of_patient = store.sessions_of_patient(&of_patient).await?;
        times[2].push(begun.elapsed());
        ensure!(of_patient.len() == 8, "all of the patient's sessions");
        let begun = Instant::now();
        ensure!(!store.drugs_by_use(LAST_DAY.plus(DAY_MS)).await?.is_empty(), "drugs were given");
        times[3].push(begun.elapsed());
        let begun = Instant::now();
        ensure!(black_box(patients.search("family77 given")).len() > 1, "found");
        times[4].push(begun.elapsed());
    }
    let names = ["a day", "100 sessions", "a patient's sessions", "drugs by use", "search by name"];
    for (name, mut times) in names.into_iter().zip(times) {
        times.sort();
        let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!("{name:>22}: {:8.2} {:8.2}", ms(times.get(TIMES / 2)), ms(times.last()));
    }
    journal.close(Duration::from_secs(5)).await?;
    Ok(())
}

async fn put(store: &Store, rows: Vec<Upsert>) -> anyhow::Result<()> {
    let (stored, told) = oneshot::channel();
    store.put(rows, vec![stored])?;
    Ok(told.await?)
}

fn rows_of(n: i64) -> anyhow::Result<Vec<Upsert>> {
    let day = SESSIONS / OF_A_DAY - 1 - n / OF_A_DAY;
    let opened_at = LAST_DAY.plus(-day * DAY_MS + (n % OF_A_DAY) * 3_600_000);
    let (room, id) = (RoomId::new("3")?, SessionId::new(&format!("s{n}"))?);
    let note = r#"{"n":1,"at":1795262400000,"type":"note","by":"KM","text":"calm, breathes well"}"#;
    let events = vec![note; 80].join(",");
    let patient = n / OF_A_PATIENT;
    let json = format!(
        r#"{{"id":"s{n}","room":"3","initials":"J.T.","phase":"discharged","planned_s":2400,
        "approved":null,"waived":[],"events":[{events}],"medications":[{{"drug":"ondansetron"}}],
        "patient":{{"initials":"J.T.","id":"p-{patient}"}}}}"#
    );
    let alert = |number: i64| {
        Upsert::Alert(AlertRow {
            id: format!("s{n}-a{number}"),
            room: Some(room.clone()),
            session: Some(id.clone()),
            condition: "spo2_low".to_owned(),
            priority: "high".to_owned(),
            state: AlertState::Resolved,
            raised_at: opened_at.plus(number),
            ended_at: None,
            json: r#"{"outcome":null}"#.to_owned(),
        })
    };
    let session = SessionRow {
        id: id.clone(),
        room: room.clone(),
        profile: "ketamine-iv-adult".to_owned(),
        phase: "discharged".to_owned(),
        opened_at,
        started_at: Some(opened_at),
        ended_at: Some(opened_at.plus(7_200_000)),
        opened_seq: 1,
        ended_seq: Some(2),
        json,
    };
    Ok(vec![Upsert::Session(session), alert(1), alert(2)])
}

/// As many as are found again.
fn patients() -> anyhow::Result<Patients> {
    let mut patients = Patients::default();
    for n in 0..20_000 {
        let person = Person {
            ids: vec![NamedId { number: n.to_string(), authority: "W".to_owned() }],
            family: Some(format!("Family{}", n % 500)),
            given: Some(format!("Given{n}")),
            birth_date: "1980-02-29".parse().ok(),
            sex: None,
        };
        let id = PatientId::new(&format!("p-{n}"))?;
        patients.put(KnownPatient::new(id, person, Millis(n)));
    }
    Ok(patients)
}
