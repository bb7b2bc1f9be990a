//! The clinic's chain notes how far the others reach.

use super::*;
use crate::record::HeadsNote;
use crate::ward::core::NOTE_HEADS_EVERY_MS;

async fn notes(clinic: &Clinic) -> Vec<(Millis, Vec<String>)> {
    flush(&clinic.core.journal).await;
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 10_000).await.unwrap();
    let told = |entry: &Entry| {
        let chains = HeadsNote::read(&entry.body).heads.into_keys();
        let is_note = entry.body.contains("\"heads\"");
        is_note.then(|| (entry.at, chains.map(|chain| chain.to_string()).collect()))
    };
    entries.iter().filter_map(|stored| told(&stored.entry)).collect()
}

#[tokio::test]
async fn they_are_noted_every_quarter_of_an_hour_while_anything_is_recorded_and_at_the_end() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 5);
    let due = START.plus(NOTE_HEADS_EVERY_MS);
    clinic.core.each_second(due.plus(-1), 0);
    assert_eq!(notes(&clinic).await, []);
    clinic.core.each_second(due, 0);
    clinic.core.each_second(due.plus(1_000), 0);
    let name = Chain::Room(room()).to_string();
    let first = notes(&clinic).await;
    assert_eq!(first.len(), 1);
    assert!(first[0].0 == due && first[0].1.contains(&name), "{first:?}");
    // The seal of a session.
    clinic.each_second(97, 1);
    let sealed = NoteKept { session: SessionId::new("s1").unwrap(), kept: Kept::Sealed };
    clinic.core.ask(sealed, due.plus(1_500));
    assert_eq!(notes(&clinic).await.last().unwrap().0, due.plus(1_500));
    // The end of the run, with the states of the rooms that it leaves.
    let end = due.plus(2_000);
    clinic.core.stop(end);
    let last = notes(&clinic).await.pop().unwrap();
    assert!(last.0 == end && last.1.contains(&name), "{last:?}");
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 10_000).await.unwrap();
    let noted = HeadsNote::read(&entries.last().unwrap().entry.body).heads;
    let reached = clinic.core.journal.last(&Chain::Room(room())).await.unwrap().unwrap();
    assert_eq!(noted[&Chain::Room(room())].hash, reached.hash);
}
