//! The histories of one patient's continuous vitals.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::history::History;
use super::vital::ContinuousVital;
use crate::vitals::Moved;

/// One history a vital, written by its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Histories([History; ContinuousVital::ALL.len()]);

impl Histories {
    pub(crate) fn of(&self, vital: ContinuousVital) -> &History {
        &self.0[vital as usize]
    }

    pub(crate) fn of_mut(&mut self, vital: ContinuousVital) -> &mut History {
        &mut self.0[vital as usize]
    }
}

impl Moved for Histories {
    fn move_by(&mut self, ms: i64) {
        self.0.iter_mut().for_each(|history| history.move_by(ms));
    }
}

impl Serialize for Histories {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(ContinuousVital::ALL.iter().map(|vital| (vital, self.of(*vital))))
    }
}

/// A vital that the program did not know when it was written has no history yet.
impl<'de> Deserialize<'de> for Histories {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut known = BTreeMap::<ContinuousVital, History>::deserialize(deserializer)?;
        Ok(Self(ContinuousVital::ALL.map(|vital| known.remove(&vital).unwrap_or_default())))
    }
}
