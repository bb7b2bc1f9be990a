//! Entries as columns: what is alike is written once, and what changes beside what it was before.
//!
//! A body is a [pattern](super::pattern) with its numbers taken out, so that the frames of a monitor,
//! which say the same of other numbers each second, have a few patterns and a column for each number
//! of them: times by how their step changes, values by their steps. That a value is bad or missing is
//! part of the pattern.
//!
//! Hashes are left out where each follows from the entry and the hash before it, which is so unless
//! an entry was changed behind our back.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use serde::{Deserialize, Serialize};

use super::pattern::{put_together, slots, take_apart};
use super::{BadPiece, MAX_UNPACKED_BYTES, Numbered};
use crate::record::{
    Chain, ChainHash, Entry, FrameKey, HashVersion, NO_PRIVATE, StoredEntry, entry_hash,
};
use crate::vitals::{DeviceId, Millis, SessionId};

/// Whatever is true of several entries one after the other: what it is, and of how many.
type Runs<T> = Vec<(T, u64)>;

#[derive(Serialize, Deserialize)]
struct Columns<'a> {
    ids: Numbers,
    seqs: Numbers,
    at: Numbers,
    /// By number in `patterns`.
    pattern_of: Runs<u64>,
    #[serde(borrow)]
    patterns: Vec<&'a [u8]>,
    /// Of each pattern, the column of each of its numbers.
    numbers: Vec<Vec<Numbers>>,
    hashes: Hashes,
    /// Of entries that have, or had, something personal, by place.
    private_digests: Vec<(u64, [u8; 32])>,
    #[serde(borrow)]
    devices: Runs<Option<&'a str>>,
    #[serde(borrow)]
    sessions: Runs<Option<&'a str>>,
    is_frame: Runs<bool>,
    #[serde(with = "serde_bytes_of")]
    frame_keys: Vec<u8>,
    checkpoints: Vec<u64>,
}

/// Numbers, each beside the one before.
#[derive(Serialize, Deserialize)]
enum Numbers {
    /// By their steps.
    Steps(Vec<i64>),
    /// By how their steps change.
    Changes(Vec<i64>),
}

#[derive(Serialize, Deserialize)]
enum Hashes {
    /// Each follows from its entry and the one before; this is the one before the first.
    Follow([u8; 32]),
    /// As they stand, with their versions.
    Stand(Vec<([u8; 32], u8)>),
}

/// Bytes in one go, and not one by one.
mod serde_bytes_of {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        <&[u8]>::deserialize(from).map(<[u8]>::to_vec)
    }
}

impl Numbers {
    /// Whichever way is shorter.
    fn of(numbers: impl Iterator<Item = i64>) -> Self {
        let (mut steps, mut changes) = (Vec::new(), Vec::new());
        let (mut before, mut step_before) = (0_i64, 0_i64);
        let (mut of_steps, mut of_changes) = (0_u64, 0_u64);
        let bits = |number: i64| u64::from(64 - number.unsigned_abs().leading_zeros());
        for number in numbers {
            let step = number.wrapping_sub(before);
            let change = step.wrapping_sub(step_before);
            (before, step_before) = (number, step);
            of_steps += bits(step);
            of_changes += bits(change);
            steps.push(step);
            changes.push(change);
        }
        if of_changes < of_steps { Self::Changes(changes) } else { Self::Steps(steps) }
    }

    fn count(&self) -> usize {
        let (Self::Steps(all) | Self::Changes(all)) = self;
        all.len()
    }

    fn iter(&self) -> impl Iterator<Item = i64> {
        let (Self::Steps(all) | Self::Changes(all)) = self;
        let are_changes = matches!(self, Self::Changes(_));
        let (mut number, mut step) = (0_i64, 0_i64);
        all.iter().map(move |one| {
            step = if are_changes { step.wrapping_add(*one) } else { *one };
            number = number.wrapping_add(step);
            number
        })
    }
}

fn runs<T: PartialEq>(all: impl Iterator<Item = T>) -> Runs<T> {
    let mut runs: Runs<T> = Vec::new();
    for one in all {
        match runs.last_mut() {
            Some((same, count)) if *same == one => *count += 1,
            _ => runs.push((one, 1)),
        }
    }
    runs
}

/// Each of `count`; an error when the runs are of another number.
fn each<T: Copy>(runs: &Runs<T>, count: usize) -> Result<Vec<T>, BadPiece> {
    let mut all = Vec::with_capacity(count);
    for (one, times) in runs {
        let times = usize::try_from(*times).unwrap_or(usize::MAX);
        if times > count - all.len() {
            break;
        }
        all.extend(std::iter::repeat_n(*one, times));
    }
    if all.len() == count { Ok(all) } else { Err(BadPiece::new("a column has another length")) }
}

/// Entries of one chain as columns, without what is personal; not yet compressed.
pub(super) fn write(entries: &[Numbered]) -> Vec<u8> {
    let stored = || entries.iter().map(|numbered| &numbered.stored);
    let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut of_patterns: Vec<Vec<Vec<i64>>> = Vec::new();
    let mut pattern_of = Vec::with_capacity(entries.len());
    for one in stored() {
        let (pattern, numbers) = take_apart(one.entry.body.as_bytes());
        let next = known.len();
        let index = match known.entry(pattern) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => {
                of_patterns.push(vec![Vec::new(); numbers.len()]);
                *new.insert(next)
            }
        };
        for (column, number) in of_patterns[index].iter_mut().zip(numbers) {
            column.push(number);
        }
        pattern_of.push(index as u64);
    }
    let mut patterns: Vec<(&[u8], usize)> =
        known.iter().map(|(pattern, index)| (pattern.as_slice(), *index)).collect();
    patterns.sort_unstable_by_key(|(_, index)| *index);
    let numbers = |columns: Vec<Vec<i64>>| -> Vec<Numbers> {
        columns.into_iter().map(|column| Numbers::of(column.into_iter())).collect()
    };
    let columns = Columns {
        ids: Numbers::of(entries.iter().map(|numbered| numbered.id)),
        // Whatever the number: it comes back as it was.
        seqs: Numbers::of(stored().map(|one| one.seq.cast_signed())),
        at: Numbers::of(stored().map(|one| one.entry.at.0)),
        pattern_of: runs(pattern_of.into_iter()),
        patterns: patterns.into_iter().map(|(pattern, _)| pattern).collect(),
        numbers: of_patterns.into_iter().map(numbers).collect(),
        hashes: hashes(entries),
        private_digests: (0..)
            .zip(stored())
            .filter(|(_, one)| one.private_digest != NO_PRIVATE)
            .map(|(place, one)| (place, one.private_digest))
            .collect(),
        devices: runs(stored().map(|one| one.entry.device.as_ref().map(DeviceId::as_str))),
        sessions: runs(stored().map(|one| one.entry.session.as_ref().map(SessionId::as_str))),
        is_frame: runs(stored().map(|one| one.entry.frame_key.is_some())),
        frame_keys: stored().filter_map(|one| one.entry.frame_key).flat_map(|key| key.0).collect(),
        checkpoints: (0..)
            .zip(stored())
            .filter(|(_, one)| one.entry.is_checkpoint)
            .map(|(place, _)| place)
            .collect(),
    };
    postcard::to_extend(&columns, Vec::new()).expect("numbers and texts can be written into memory")
}

/// Which hash the first entry builds on is not known: it is looked for by nobody, since each hash
/// is the digest of all before it. So the first one stands in its place, and the others follow.
fn hashes(entries: &[Numbered]) -> Hashes {
    let follow = |pair: &[Numbered]| {
        let [before, one] = pair else { return false };
        follows(&before.stored, &one.stored)
    };
    let is_whole = |one: &Numbered| one.stored.hash_version == HashVersion::Whole;
    match entries.first() {
        Some(first) if entries.iter().all(is_whole) && entries.windows(2).all(follow) => {
            Hashes::Follow(first.stored.hash.0)
        }
        _ => Hashes::Stand(
            (entries.iter())
                .map(|one| (one.stored.hash.0, one.stored.hash_version.number()))
                .collect(),
        ),
    }
}

fn follows(before: &StoredEntry, one: &StoredEntry) -> bool {
    let StoredEntry { seq, entry, private_digest, hash, .. } = one;
    before.seq.checked_add(1) == Some(*seq)
        && entry_hash(HashVersion::Whole, before.hash, *seq, entry, private_digest) == *hash
}

/// The entries of a chain in columns.
pub(super) fn read(chain: &Chain, bytes: &[u8]) -> Result<Vec<Numbered>, BadPiece> {
    let columns: Columns<'_> = postcard::from_bytes(bytes).map_err(BadPiece::new)?;
    let count = columns.ids.count();
    let bad = || BadPiece::new("a column has another length");
    if columns.seqs.count() != count
        || columns.at.count() != count
        || columns.numbers.len() != columns.patterns.len()
    {
        return Err(bad());
    }
    let mut numbers = Vec::with_capacity(columns.patterns.len());
    for (pattern, of_pattern) in columns.patterns.iter().zip(&columns.numbers) {
        if slots(pattern) != of_pattern.len() {
            return Err(bad());
        }
        numbers.push(of_pattern.iter().map(Numbers::iter).collect::<Vec<_>>());
    }
    let devices = each(&columns.devices, count)?;
    let sessions = each(&columns.sessions, count)?;
    let is_frame = each(&columns.is_frame, count)?;
    let mut keys = columns.frame_keys.chunks_exact(16);
    let mut digests = columns.private_digests.iter().peekable();
    let mut checkpoints = columns.checkpoints.iter().peekable();
    let mut bytes_left = MAX_UNPACKED_BYTES;
    let mut all: Vec<Numbered> = Vec::with_capacity(count);
    let places = each(&columns.pattern_of, count)?.into_iter().enumerate();
    for (place, index) in places {
        let index = usize::try_from(index).map_err(BadPiece::new)?;
        let pattern = columns.patterns.get(index).ok_or_else(bad)?;
        let mut of_pattern = numbers[index].iter_mut();
        let body = put_together(pattern, || of_pattern.next()?.next())?;
        bytes_left = bytes_left
            .checked_sub(body.len())
            .ok_or_else(|| BadPiece::new("it unpacks to more than was ever packed"))?;
        let frame_key = match is_frame[place] {
            true => Some(keys.next().ok_or_else(bad)?),
            false => None,
        };
        let frame_key = frame_key.map(<[u8; 16]>::try_from).transpose().map_err(BadPiece::new)?;
        let at_place = |of: u64| of == place as u64;
        let digest = digests.next_if(|(of, _)| at_place(*of)).map(|(_, digest)| *digest);
        let device = devices[place].map(DeviceId::new).transpose().map_err(BadPiece::new)?;
        let session = sessions[place].map(SessionId::new).transpose().map_err(BadPiece::new)?;
        let entry = Entry {
            at: Millis(0),
            body,
            private: None,
            device,
            frame_key: frame_key.map(FrameKey),
            session,
            is_checkpoint: checkpoints.next_if(|of| at_place(**of)).is_some(),
        };
        let stored = StoredEntry {
            chain: chain.clone(),
            seq: 0,
            entry,
            private_digest: digest.unwrap_or(NO_PRIVATE),
            salt: None,
            hash: ChainHash([0; 32]),
            hash_version: HashVersion::Whole,
        };
        all.push(Numbered { id: 0, stored });
    }
    let is_rest = keys.next().is_some() || digests.next().is_some() || checkpoints.next().is_some();
    let has_numbers = numbers.iter_mut().flatten().any(|column| column.next().is_some());
    if is_rest || has_numbers {
        return Err(bad());
    }
    let times = columns.at.iter().zip(columns.seqs.iter());
    for (one, (id, (at, seq))) in all.iter_mut().zip(columns.ids.iter().zip(times)) {
        (one.id, one.stored.entry.at, one.stored.seq) = (id, Millis(at), seq.cast_unsigned());
    }
    hash(&mut all, columns.hashes)?;
    Ok(all)
}

fn hash(all: &mut [Numbered], hashes: Hashes) -> Result<(), BadPiece> {
    match hashes {
        Hashes::Follow(first) => {
            let mut before: Option<ChainHash> = None;
            for Numbered { stored, .. } in all {
                let StoredEntry { seq, entry, private_digest, .. } = &*stored;
                stored.hash = match before {
                    None => ChainHash(first),
                    Some(hash) => entry_hash(HashVersion::Whole, hash, *seq, entry, private_digest),
                };
                before = Some(stored.hash);
            }
        }
        Hashes::Stand(hashes) => {
            if hashes.len() != all.len() {
                return Err(BadPiece::new("a column has another length"));
            }
            for (one, (hash, version)) in all.iter_mut().zip(hashes) {
                one.stored.hash = ChainHash(hash);
                let version = HashVersion::try_from(i64::from(version));
                one.stored.hash_version = version.map_err(BadPiece::new)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_number_comes_back(numbers in proptest::collection::vec(any::<i64>(), 0..20)) {
            let column = Numbers::of(numbers.iter().copied());
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), numbers);
        }

        #[test]
        fn no_bytes_at_all_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&Chain::Clinic, &bytes);
        }
    }

    #[test]
    fn a_column_that_says_that_it_is_endless_is_refused() {
        assert!(each(&vec![(7_u8, u64::MAX)], 3).is_err());
        assert!(each(&vec![(7_u8, 2), (8, u64::MAX)], 3).is_err());
        assert_eq!(each(&vec![(7_u8, 2), (8, 1)], 3).unwrap(), [7, 7, 8]);
    }
}
