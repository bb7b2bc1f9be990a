//! A database as versions before layout 20 left it: one row an entry. For tests that change what is
//! recorded behind the program's back, and for those of the way from there to here.

use std::path::Path;

use dripwatch::record::{Numbered, Piece, StoredEntry, read_batch, unpack};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

/// Opens the database of a data folder behind its server's back, with all that is in batches, and in
/// pieces that no entry speaks of, put into rows.
pub(crate) async fn rows_of(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("dripwatch.db"));
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    as_rows(&mut raw).await;
    raw
}

/// Puts all of that into rows.
pub(crate) async fn as_rows(raw: &mut SqliteConnection) {
    let mut raw = raw.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let mut all: Vec<Numbered> = Vec::new();
    let batches = sqlx::query("SELECT id, entries FROM batches");
    for row in batches.fetch_all(&mut *raw).await.unwrap() {
        let batch = read_batch(row.get(1), row.get(0)).unwrap();
        all.extend(batch.iter().map(|one| one.numbered().unwrap()));
    }
    let pieces =
        sqlx::query("SELECT chain, last_seq, entries, private FROM pieces WHERE noted_seq = 0");
    for row in pieces.fetch_all(&mut *raw).await.unwrap() {
        let (chain, last_seq) = (row.get::<String, _>(0), row.get::<i64, _>(1));
        let piece = Piece { entries: row.get(2), private: row.get(3) };
        all.extend(unpack(&chain.parse().unwrap(), &piece).unwrap());
        let devices = "DELETE FROM piece_devices WHERE chain = ?1 AND last_seq = ?2";
        sqlx::query(devices).bind(chain).bind(last_seq).execute(&mut *raw).await.unwrap();
    }
    for sql in ["DELETE FROM batches", "DELETE FROM pieces WHERE noted_seq = 0"] {
        sqlx::query(sql).execute(&mut *raw).await.unwrap();
    }
    for Numbered { id, stored } in all {
        let StoredEntry { chain, seq, entry, private_digest, salt, hash, hash_version } = stored;
        sqlx::query(
            "INSERT INTO entries (id, chain, seq, at, body, private, salt, private_digest, hash, \
             hash_version, device, frame_key, session, is_checkpoint) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id)
        .bind(chain.to_string())
        .bind(i64::try_from(seq).unwrap())
        .bind(entry.at.0)
        .bind(entry.body)
        .bind(entry.private)
        .bind(salt.map(|salt| salt.to_vec()))
        .bind(Some(private_digest.to_vec()).filter(|digest| *digest != [0; 32]))
        .bind(hash.0.to_vec())
        .bind(hash_version.number())
        .bind(entry.device.map(|id| id.as_str().to_owned()))
        .bind(entry.frame_key.map(|key| key.0.to_vec()))
        .bind(entry.session.map(|id| id.as_str().to_owned()))
        .bind(entry.is_checkpoint)
        .execute(&mut *raw)
        .await
        .unwrap();
    }
    raw.commit().await.unwrap();
}
