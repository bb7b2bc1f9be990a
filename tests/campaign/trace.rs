//! What everybody heard, in its order, as one number: two plays of a seed must agree in it.

use std::hash::{DefaultHasher, Hash, Hasher};

/// All that was heard so far.
pub(crate) struct Trace(DefaultHasher);

impl Trace {
    pub(crate) fn new() -> Self {
        // Without a key of its own: the same in every process.
        Self(DefaultHasher::new())
    }

    /// Somebody heard this.
    pub(crate) fn heard(&mut self, what: impl Hash) {
        what.hash(&mut self.0);
    }

    pub(crate) fn number(&self) -> u64 {
        self.0.finish()
    }
}
