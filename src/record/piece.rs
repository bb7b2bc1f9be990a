//! A piece: a run of entries of one chain, packed as compressed columns. What is personal is packed
//! apart, so that it can be removed and the piece's hash still holds. Pieces of layouts before 20 are
//! compressed NDJSON, and are read as such.

mod columns;
mod pattern;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Chain, ChainHash, Entry, FrameKey, HashVersion, NO_PRIVATE, StoredEntry};
use crate::vitals::{DeviceId, Millis, SessionId};

/// The most entries of one piece.
pub const MAX_PIECE_ENTRIES: usize = 500;
/// The most bytes of entries that one piece is filled up with; a single entry may be larger.
pub const MAX_PIECE_BYTES: usize = 4 * 1024 * 1024;
/// The most bytes that a piece may unpack to: far more than any that was packed.
const MAX_UNPACKED_BYTES: usize = 64 * 1024 * 1024;
/// As the command line compresses recordings.
const LEVEL: i32 = 3;
/// A piece in columns begins with this, one of before with the first byte of zstd's own mark.
const COLUMNS: u8 = 1;

/// An entry with its number in the order of commit over all chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// That number.
    pub id: i64,
    /// The entry.
    pub stored: StoredEntry,
}

/// Entries, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Everything but what is personal.
    pub entries: Vec<u8>,
    /// Personal fields and their salts; `None` if there are none.
    pub private: Option<Vec<u8>>,
}

/// What cannot be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a piece is not as it was packed: {0}")]
pub struct BadPiece(String);

impl BadPiece {
    fn new(what: impl ToString) -> Self {
        Self(what.to_string())
    }
}

/// The hash by which an edit of packed entries is found: BLAKE3 of their bytes.
#[must_use]
pub fn piece_hash(entries: &[u8]) -> [u8; 32] {
    blake3::hash(entries).into()
}

/// A line of the entries of a piece of before.
#[derive(Deserialize)]
#[cfg_attr(test, derive(Serialize))]
#[serde(deny_unknown_fields)]
struct EntryLine<'a> {
    seq: u64,
    id: i64,
    at: Millis,
    /// As it stands, byte for byte.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
    /// In its place, where the body would not stand on a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    hash: String,
    /// Absent in pieces of layouts before 19, whose hashes are all of the first version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash_version: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private_digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<DeviceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frame_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<SessionId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_checkpoint: bool,
}

/// A line of what is personal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PrivateLine {
    seq: u64,
    private: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
}

/// How many of the entries, from the first on, go into one piece: at least one, if there is one.
#[must_use]
pub fn fitting(entries: &[Numbered]) -> usize {
    let mut bytes = 0;
    let fit = entries.iter().take(MAX_PIECE_ENTRIES).take_while(|numbered| {
        bytes += numbered.stored.entry.bytes();
        bytes <= MAX_PIECE_BYTES
    });
    fit.count().max(1).min(entries.len())
}

/// Packs entries of one chain.
///
/// # Errors
/// They do not fit into memory.
pub fn pack(entries: &[Numbered]) -> Result<Piece, BadPiece> {
    let mut public = vec![COLUMNS];
    public.extend(compressed(&columns::write(entries))?);
    let mut private = String::new();
    for Numbered { stored, .. } in entries {
        if let Some(text) = &stored.entry.private {
            let salt = stored.salt.as_ref().map(|salt| hex(salt));
            let line = PrivateLine { seq: stored.seq, private: text.clone(), salt };
            private += &serde_json::to_string(&line).map_err(BadPiece::new)?;
            private.push('\n');
        }
    }
    let private = if private.is_empty() { None } else { Some(compressed(private.as_bytes())?) };
    Ok(Piece { entries: public, private })
}

/// Unpacks entries of a chain. Where what was personal is gone, they have no private parts.
///
/// # Errors
/// What is there is not what was packed.
pub fn unpack(chain: &Chain, piece: &Piece) -> Result<Vec<Numbered>, BadPiece> {
    let mut all = match piece.entries.split_first() {
        Some((&COLUMNS, columns)) => columns::read(chain, &unpacked(columns)?)?,
        _ => {
            let text = unpacked_text(&piece.entries)?;
            text.lines().map(|line| entry(chain, line)).collect::<Result<Vec<_>, _>>()?
        }
    };
    let Some(private) = &piece.private else { return Ok(all) };
    let text = unpacked_text(private)?;
    for line in text.lines() {
        let line: PrivateLine = serde_json::from_str(line).map_err(BadPiece::new)?;
        let found = all.iter_mut().find(|numbered| numbered.stored.seq == line.seq);
        let found = found.ok_or_else(|| BadPiece::new("a private part belongs to no entry"))?;
        found.stored.salt = line.salt.as_deref().map(unhex).transpose()?;
        found.stored.entry.private = Some(line.private);
    }
    Ok(all)
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>, BadPiece> {
    zstd::bulk::compress(bytes, LEVEL).map_err(BadPiece::new)
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, BadPiece> {
    zstd::bulk::decompress(bytes, MAX_UNPACKED_BYTES).map_err(BadPiece::new)
}

fn unpacked_text(bytes: &[u8]) -> Result<String, BadPiece> {
    String::from_utf8(unpacked(bytes)?).map_err(BadPiece::new)
}

fn entry(chain: &Chain, line: &str) -> Result<Numbered, BadPiece> {
    let line: EntryLine<'_> = serde_json::from_str(line).map_err(BadPiece::new)?;
    let body = match (line.body, line.text) {
        (Some(raw), None) => raw.get().to_owned(),
        (None, Some(text)) => text,
        _ => return Err(BadPiece::new("an entry has one body")),
    };
    let digest = line.private_digest.as_deref().map(unhex).transpose()?;
    let stored = StoredEntry {
        chain: chain.clone(),
        seq: line.seq,
        entry: Entry {
            at: line.at,
            body,
            private: None,
            device: line.device,
            frame_key: line.frame_key.as_deref().map(unhex).transpose()?.map(FrameKey),
            session: line.session,
            is_checkpoint: line.is_checkpoint,
        },
        private_digest: digest.unwrap_or(NO_PRIVATE),
        salt: None,
        hash: ChainHash(unhex(&line.hash)?),
        hash_version: match line.hash_version {
            None => HashVersion::WithoutAddress,
            Some(number) => HashVersion::try_from(i64::from(number)).map_err(BadPiece::new)?,
        },
    };
    Ok(Numbered { id: line.id, stored })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Result<[u8; N], BadPiece> {
    let bad = || BadPiece::new("a hash is not hexadecimal");
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return Err(bad());
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| bad())?;
    }
    Ok(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;
    use crate::vitals::RoomId;

    fn chain() -> Chain {
        Chain::Room(RoomId::new("3").unwrap())
    }

    prop_compose! {
        pub(in crate::record) fn entry()(
            seq in any::<u64>(), id in any::<i64>(), at in any::<i64>(),
            body in prop_oneof![
                r#"\{"at":[0-9]{1,3}\.[0-9]0,"note":"[a-z€\\\\n]{0,9}"\}"#,
                any::<String>(),
                Just("{\"a\":\n1}".to_owned()),
                Just(r#" {"a":1} "#.to_owned()),
            ],
            private in option::of((any::<String>(), option::of(any::<[u8; 16]>()))),
            digest in any::<[u8; 32]>(), hash in any::<[u8; 32]>(),
            frame in option::of(("[A-Za-z0-9._:-]{1,20}", any::<[u8; 16]>())),
            session in option::of("[A-Za-z0-9._:-]{1,20}"),
            (is_checkpoint, is_old) in any::<(bool, bool)>(),
        ) -> Numbered {
            let (private, salt) = private.unzip();
            let (device, key) = frame.unzip();
            let entry = Entry {
                at: Millis(at), body, private, is_checkpoint,
                device: device.map(|id| DeviceId::new(&id).unwrap()),
                frame_key: key.map(FrameKey),
                session: session.map(|id| SessionId::new(&id).unwrap()),
            };
            let stored = StoredEntry {
                chain: chain(), seq, entry, private_digest: digest,
                salt: salt.flatten(), hash: ChainHash(hash),
                hash_version:
                    if is_old { HashVersion::WithoutAddress } else { HashVersion::Whole },
            };
            Numbered { id, stored }
        }
    }

    /// As versions before layout 20 packed entries.
    fn of_before(entries: &[Numbered]) -> Piece {
        let mut public = String::new();
        for Numbered { id, stored } in entries {
            let entry = &stored.entry;
            let raw =
                Some(&entry.body).filter(|body| body.starts_with('{') && !body.contains('\n'));
            let raw = raw.and_then(|body| serde_json::from_str::<&RawValue>(body).ok());
            let raw = raw.filter(|raw| raw.get() == entry.body);
            let digest = stored.private_digest;
            let line = EntryLine {
                seq: stored.seq,
                id: *id,
                at: entry.at,
                body: raw,
                text: raw.is_none().then(|| entry.body.clone()),
                hash: hex(&stored.hash.0),
                hash_version: Some(stored.hash_version)
                    .filter(|version| *version != HashVersion::WithoutAddress)
                    .map(HashVersion::number),
                private_digest: (digest != NO_PRIVATE).then(|| hex(&digest)),
                device: entry.device.clone(),
                frame_key: entry.frame_key.as_ref().map(|key| hex(&key.0)),
                session: entry.session.clone(),
                is_checkpoint: entry.is_checkpoint,
            };
            public += &serde_json::to_string(&line).unwrap();
            public.push('\n');
        }
        Piece { entries: compressed(public.as_bytes()).unwrap(), ..pack(entries).unwrap() }
    }

    /// A chain of frames as a monitor's, with what comes between.
    fn chained(count: u64) -> Vec<Numbered> {
        let mut before = ChainHash::root(&chain());
        let one = |seq: u64| {
            let jitter = i64::try_from(seq * 7_919 % 23).unwrap();
            let at = 1_796_059_725_266 + i64::try_from(seq).unwrap() * 1_000 + jitter;
            let (spo2, rate) = (96 + seq % 3, 70 + seq % 7);
            let body = format!(
                r#"{{"at":{at},"frame":{{"type":"readings","seq":{seq},"taken_at":{},"readings":[{{"vital":"spo2","value":{spo2}}},{{"vital":"pulse_rate","value":{rate}}}]}}}}"#,
                at - 12
            );
            let entry = Entry {
                at: Millis(at),
                body,
                device: DeviceId::new("mon-1").ok(),
                frame_key: Some(FrameKey::of(&[&seq.to_le_bytes()])),
                session: SessionId::new("s-1").ok(),
                ..Entry::default()
            };
            let hash =
                crate::record::entry_hash(HashVersion::Whole, before, seq, &entry, &NO_PRIVATE);
            before = hash;
            let id = i64::try_from(seq).unwrap() * 8;
            let stored = StoredEntry {
                chain: chain(),
                seq,
                entry,
                private_digest: NO_PRIVATE,
                salt: None,
                hash,
                hash_version: HashVersion::Whole,
            };
            Numbered { id, stored }
        };
        (1..=count).map(one).collect()
    }

    #[test]
    fn a_frame_of_a_second_takes_few_bytes_beside_the_key_by_which_it_is_known_again() {
        let entries = chained(MAX_PIECE_ENTRIES as u64);
        let piece = pack(&entries).unwrap();
        assert_eq!(unpack(&chain(), &piece).unwrap(), entries);
        let of_each = piece.entries.len() as f64 / entries.len() as f64;
        println!(
            "{of_each:.1} bytes a frame of two readings, {:.1} as before",
            of_before(&entries).entries.len() as f64 / entries.len() as f64
        );
        assert!(of_each - 16.0 < 6.0, "{of_each}: three bytes a reading");
    }

    #[test]
    fn an_entry_that_was_changed_behind_our_back_keeps_the_hash_that_tells() {
        let mut entries = chained(10);
        entries[4].stored.entry.body = entries[4].stored.entry.body.replace("spo2", "spo3");
        let piece = pack(&entries).unwrap();
        assert_eq!(unpack(&chain(), &piece).unwrap(), entries);
    }

    proptest! {
        #[test]
        fn pieces_of_before_are_read(mut entries in vec(entry(), 0..20)) {
            for (seq, numbered) in (1..).zip(&mut entries) {
                numbered.stored.seq = seq;
            }
            prop_assert_eq!(unpack(&chain(), &of_before(&entries)).unwrap(), entries);
        }

        #[test]
        fn what_is_packed_is_unpacked_byte_for_byte_and_without_what_is_personal(
            mut entries in vec(entry(), 0..40)
        ) {
            for (seq, numbered) in (1..).zip(&mut entries) {
                numbered.stored.seq = seq;
            }
            let piece = pack(&entries).unwrap();
            prop_assert_eq!(&unpack(&chain(), &piece).unwrap(), &entries);
            for numbered in &mut entries {
                (numbered.stored.entry.private, numbered.stored.salt) = (None, None);
            }
            let public = Piece { private: None, ..piece };
            prop_assert_eq!(unpack(&chain(), &public).unwrap(), entries);
        }

        #[test]
        fn no_bytes_at_all_unpack_to_a_panic(bytes in vec(any::<u8>(), 0..200)) {
            let columns = [&[COLUMNS], bytes.as_slice()].concat();
            let _ = unpack(&chain(), &Piece { entries: columns, private: Some(bytes.clone()) });
            let _ = unpack(&chain(), &Piece { entries: bytes.clone(), private: Some(bytes) });
        }
    }

    fn numbered(bytes: usize) -> Numbered {
        let entry = Entry { body: format!("\"{}\"", "x".repeat(bytes)), ..Entry::default() };
        let stored = StoredEntry {
            chain: chain(),
            seq: 1,
            entry,
            private_digest: NO_PRIVATE,
            salt: None,
            hash: ChainHash([0; 32]),
            hash_version: HashVersion::Whole,
        };
        Numbered { id: 1, stored }
    }

    #[test]
    fn a_piece_has_so_many_entries_and_bytes_and_one_entry_that_is_larger_alone() {
        assert_eq!(fitting(&vec![numbered(1); MAX_PIECE_ENTRIES + 1]), MAX_PIECE_ENTRIES);
        assert_eq!(fitting(&vec![numbered(MAX_PIECE_BYTES / 2); 3]), 1);
        assert_eq!(fitting(&[numbered(MAX_PIECE_BYTES), numbered(1)]), 1);
        assert_eq!(fitting(&[numbered(9), numbered(9)]), 2);
        assert_eq!(fitting(&[]), 0);
    }

    #[test]
    fn what_would_unpack_to_more_than_was_ever_packed_is_refused() {
        let bomb = zstd::bulk::compress(&vec![b'x'; MAX_UNPACKED_BYTES + 1], LEVEL).unwrap();
        assert!(unpack(&chain(), &Piece { entries: bomb, private: None }).is_err());
    }
}
