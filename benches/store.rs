//! What it costs to keep a reading: time, bytes on disk and memory, beside the engine alone.
//!
//! `cargo bench --bench store` records readings of 200 rooms, first one that waits for the disk at a
//! time and then 4,096, and prints how many a second are durable, also as a ratio to the engine alone
//! in the same run: a table of one column, and as many rows in one transaction. Then it records an
//! hour at one reading a second and prints the bytes of each on disk once they are packed, beside the
//! same as rows; and it opens a database of 2,000,000 entries in 1,000 rooms, as rows of a layout
//! before 20 and as pieces, and prints how long that takes and what the process holds in memory.
//! `-- --entries N` takes another number. It passes or fails on no time.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[path = "../tests/as_rows.rs"]
mod as_rows;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use as_rows::rows_of;
use dripwatch::journal::{Journal, Verdict};
use dripwatch::record::{Chain, Entry, FrameKey, write_input};
use dripwatch::room::Input;
use dripwatch::vitals::{DeviceId, Millis, RoomId, SessionId, Source, wire::Parsed};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::oneshot;

/// 2026-11-21 12:00:00 UTC.
const BEGIN_MS: i64 = 1_795_262_400_000;
const ROOMS: usize = 200;
const FOR: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_secs(600);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    for outstanding in [1, 4_096] {
        let (engine, ours) = (engine(outstanding).await?, durable(outstanding).await?);
        println!(
            "{outstanding:>6} outstanding: {ours:>9.0} readings a second are durable, the engine \
             alone {engine:>9.0}: {:.2} ×",
            ours / engine
        );
    }
    bytes_on_disk().await?;
    let mut args = std::env::args().skip_while(|arg| arg != "--entries");
    let entries = args.nth(1).map_or(Ok(2_000_000), |count| count.parse())?;
    start(entries, 1_000).await
}

fn room(index: usize) -> Chain {
    Chain::Room(RoomId::new(&index.to_string()).unwrap())
}

/// A monitor's frame as it is recorded: oxygen and pulse of a second.
fn reading(room: usize, n: u64, at: i64) -> Entry {
    let device = DeviceId::new(&format!("mon-{room}")).unwrap();
    // Times as they come over a network, values as they are at rest.
    let at = at + i64::try_from(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 17).unwrap();
    let (spo2, pulse) = (96 + n / 7 % 3, 68 + n / 3 % 9);
    let line = format!(
        r#"{{"type":"readings","seq":{n},"taken_at":{},"readings":[{{"vital":"spo2","value":{spo2}}},{{"vital":"pulse_rate","value":{pulse}}}]}}"#,
        at - 40
    );
    let frame = Parsed::read(&line, &device, Source::Monitor).unwrap().frame;
    Entry {
        at: Millis(at),
        body: write_input(Millis(at), &Input::Frame(frame)),
        device: Some(device),
        frame_key: Some(FrameKey::of(&[&room.to_le_bytes(), &n.to_le_bytes()])),
        session: SessionId::new(&format!("s-{room}")).ok(),
        ..Entry::default()
    }
}

/// What the engine does with as many rows a transaction, each of the size of a reading.
async fn engine(outstanding: usize) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("plain.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut raw = SqliteConnection::connect_with(&options).await?;
    sqlx::query("CREATE TABLE readings (body TEXT NOT NULL)").execute(&mut raw).await?;
    let body = reading(1, 1, BEGIN_MS).body;
    let mut done = 0_usize;
    let begun = Instant::now();
    while begun.elapsed() < FOR {
        let mut transaction = raw.begin_with("BEGIN IMMEDIATE").await?;
        for _ in 0..outstanding.div_ceil(128) {
            let rows = outstanding.min(128);
            let mut insert = sqlx::QueryBuilder::<sqlx::Sqlite>::new("INSERT INTO readings ");
            insert.push_values(0..rows, |mut row, _| {
                row.push_bind(body.as_str());
            });
            insert.build().execute(&mut *transaction).await?;
            done += rows;
        }
        transaction.commit().await?;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

async fn durable(outstanding: usize) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let journal = Journal::open(folder.path()).await?;
    let readings: Vec<Entry> = (0..ROOMS).map(|room| reading(room, 1, BEGIN_MS)).collect();
    let mut done = 0;
    let begun = Instant::now();
    while begun.elapsed() < FOR {
        let mut told = Vec::with_capacity(outstanding);
        for n in 0..outstanding {
            let index = (done + n) % ROOMS;
            let chain = room(index);
            let (stored, when) = oneshot::channel();
            let seq = journal.next_seq(&chain);
            journal.append(&chain, seq, vec![readings[index].clone()], vec![], vec![stored])?;
            told.push(when);
        }
        for when in told {
            when.await?;
        }
        done += outstanding;
    }
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    journal.close(LONG).await?;
    Ok(rate)
}

/// Appends as fast as the disk takes it.
async fn append(journal: &Journal, chain: &Chain, entries: Vec<Entry>) -> anyhow::Result<()> {
    let (stored, told) = oneshot::channel();
    journal.append(chain, journal.next_seq(chain), entries, vec![], vec![stored])?;
    Ok(told.await?)
}

async fn count(folder: &Path, sql: &'static str) -> anyhow::Result<i64> {
    let options = SqliteConnectOptions::new().filename(folder.join("dripwatch.db"));
    let mut raw = SqliteConnection::connect_with(&options).await?;
    Ok(sqlx::query_scalar(sql).fetch_one(&mut raw).await?)
}

/// Bytes of the tables and indexes that hold entries, without what is free.
const HELD: &str = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN ('entries', 'batches', \
    'pieces', 'piece_devices', 'pieces_by_chain', 'pieces_by_session', 'entries_by_chain', \
    'frames_by_device', 'frames_by_session', 'checkpoints', 'private_parts', \
    'sqlite_autoindex_piece_devices_1')";

async fn bytes_on_disk() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let journal = Journal::open(folder.path()).await?;
    let (rooms, seconds) = (8, 3_600);
    for second in 0..seconds {
        for index in 0..rooms {
            let at = BEGIN_MS + i64::try_from(second)? * 1_000;
            append(&journal, &room(index), vec![reading(index, second, at)]).await?;
        }
    }
    journal.close(LONG).await?;
    let waiting = count(folder.path(), "SELECT count(*) FROM batches").await?;
    let all = f64::from(u32::try_from(u64::try_from(rooms)? * seconds)?);
    let packed = count(folder.path(), HELD).await? as f64 / all;
    drop(rows_of(folder.path()).await);
    let rows = count(folder.path(), HELD).await? as f64 / all;
    println!(
        "an hour of {rooms} rooms at 1 Hz, two values each time: {packed:.1} bytes on disk a time, \
         {waiting} batches not packed yet; {rows:.1} as rows"
    );
    Ok(())
}

async fn start(entries: u64, rooms: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let journal = Journal::open(folder.path()).await?;
    let each = entries / u64::try_from(rooms)?;
    let begun = Instant::now();
    for from in (0..each).step_by(60) {
        for index in 0..rooms {
            let one = |n: u64| reading(index, n, BEGIN_MS + i64::try_from(n).unwrap() * 1_000);
            let some = (from..each.min(from + 60)).map(one).collect();
            append(&journal, &room(index), some).await?;
        }
    }
    journal.close(LONG).await?;
    println!("{entries} entries of {rooms} rooms were recorded in {:.1?}", begun.elapsed());
    opened(folder.path(), "in pieces").await?.close(LONG).await?;
    drop(rows_of(folder.path()).await);
    let journal = opened(folder.path(), "as rows of before").await?;
    let begun = Instant::now();
    let mut minute = i64::try_from(each)? * 1_000;
    while count(folder.path(), "SELECT count(*) FROM entries WHERE chain > 'clinic'").await? > 0 {
        minute += 61_000;
        append(&journal, &room(0), vec![reading(0, 1, BEGIN_MS + minute)]).await?;
    }
    println!("from rows to pieces, beside what else is recorded: {:.1?}", begun.elapsed());
    let verdict = journal.verify(&room(1)).await?;
    ensure!(matches!(verdict, Verdict::Whole { last_seq, .. } if last_seq == each), "{verdict:?}");
    journal.close(LONG).await?;
    opened(folder.path(), "in pieces again").await?.close(LONG).await?;
    Ok(())
}

async fn opened(folder: &Path, how: &str) -> anyhow::Result<Journal> {
    let begun = Instant::now();
    let journal = Journal::open(folder).await?;
    let took = begun.elapsed();
    println!("{how}: opened in {took:.1?}, {:.1} MiB held", held_mib()?);
    Ok(journal)
}

fn held_mib() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
    Ok(kib.parse::<f64>()? / 1_024.0)
}
