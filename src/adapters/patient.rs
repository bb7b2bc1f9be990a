//! Whether two messages are about the same patient, without knowing who it is: only by digests of
//! their ids.

/// The most ids of one patient that are kept; a hospital gives two or three.
pub const MAX_IDS: usize = 16;

/// A short digest: enough to see that two texts are equal, useless to read.
pub type Digest = [u8; 16];

/// The digest of a text.
#[must_use]
pub fn digest(text: &str) -> Digest {
    let mut digest = [0; 16];
    let mut hasher = blake3::Hasher::new();
    hasher.update(text.as_bytes()).finalize_xof().fill(&mut digest);
    digest
}

/// The authority that issued a number, by its name, by its universal id (an OID), or by both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Authority {
    /// Digest of its name, ignoring case.
    pub name: Option<Digest>,
    /// Digest of its universal id, which is more reliable than the name.
    pub universal: Option<Digest>,
}

impl Authority {
    /// The authority of `name&universal id`; empty texts are none.
    #[must_use]
    pub fn of(name: &str, universal: &str) -> Self {
        let some = |text: &str| {
            let text = text.trim().to_lowercase();
            (!text.is_empty()).then(|| digest(&text))
        };
        Self { name: some(name), universal: some(universal) }
    }

    fn is_named(self) -> bool {
        self.name.is_some() || self.universal.is_some()
    }

    /// Whether both may be the same. One that is not named may be any.
    fn may_be(self, other: Self) -> bool {
        match (self, other) {
            (Self { universal: Some(a), .. }, Self { universal: Some(b), .. }) => a == b,
            (Self { name: Some(a), .. }, Self { name: Some(b), .. }) => a == b,
            (a, b) => !a.is_named() || !b.is_named(),
        }
    }
}

/// A patient's number, and the authority that issued it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatientId {
    /// Digest of the number.
    pub number: Digest,
    /// The authority that issued it.
    pub authority: Authority,
}

impl PatientId {
    fn is_same(&self, other: &Self) -> bool {
        self.number == other.number && self.authority.may_be(other.authority)
    }
}

/// The ids by which a message names its patient, in any order. Sets that share one are the same
/// patient; the same number from another authority is another (protocols.md#whose-data-it-is).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatientIds(Vec<PatientId>);

impl PatientIds {
    /// Whether no patient is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are the same patient.
    #[must_use]
    pub fn share_one(&self, other: &Self) -> bool {
        self.0.iter().any(|id| other.0.iter().any(|known| known.is_same(id)))
    }

    /// Adds an id of the same patient. Of one number with and without its authority the fuller one
    /// stays, because otherwise the number of another authority would seem the same; beyond
    /// [`MAX_IDS`] the oldest gives way.
    pub fn add(&mut self, id: PatientId) {
        match self.0.iter_mut().find(|known| known.is_same(&id)) {
            Some(known) => {
                let Authority { name, universal } = id.authority;
                known.authority.name = known.authority.name.or(name);
                known.authority.universal = known.authority.universal.or(universal);
            }
            None => {
                if self.0.len() == MAX_IDS {
                    self.0.remove(0);
                }
                self.0.push(id);
            }
        }
    }

    /// Adds all ids of the same patient.
    pub fn add_all(&mut self, others: &Self) {
        others.0.iter().for_each(|id| self.add(*id));
    }
}

impl FromIterator<PatientId> for PatientIds {
    fn from_iter<I: IntoIterator<Item = PatientId>>(ids: I) -> Self {
        let mut all = Self::default();
        ids.into_iter().for_each(|id| all.add(id));
        all
    }
}

#[cfg(test)]
mod tests;
