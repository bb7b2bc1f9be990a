//! When an alert of a continuous value is over.

use serde::{Deserialize, Serialize};

use super::found::Found;
use super::phrases::seconds;
use super::vital::ContinuousVital;

const CLEARING_S: (u32, u32) = (1, 120);
const STEADY_S: (u32, u32) = (120, 300);

/// Back inside the mildest limit by a margin, for a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearing {
    /// In the unit of the vital.
    pub margin: f64,
    /// Seconds.
    pub for_s: u32,
}

impl Clearing {
    pub(super) fn check(&self, vital: ContinuousVital, place: &str, found: &mut Found) {
        let margin = format!("{place}.clearing.margin");
        found.within(margin, self.margin, (0.0, vital.widest_margin()), "");
        found.within(format!("{place}.clearing.for_s"), self.for_s, CLEARING_S, " s");
    }

    pub(super) fn words(&self) -> String {
        let long = match self.for_s {
            0..=1 => "by one value".to_owned(),
            s => format!("for {}", seconds(s)),
        };
        format!("at least {} inside every caution limit, {long}", self.margin)
    }
}

/// A value that no longer moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steady {
    /// No value lies farther than this from the newest, in the unit of the vital.
    pub within: f64,
    /// For this long, seconds.
    pub for_s: u32,
}

impl Steady {
    /// What a profile has that says nothing of it (clinical.md#falls-are-events).
    #[must_use]
    pub const fn usual(vital: ContinuousVital) -> Self {
        Self { within: vital.steady_within(), for_s: 120 }
    }

    pub(super) fn check(&self, vital: ContinuousVital, place: &str, found: &mut Found) {
        // Wider or shorter, and a fall that goes on would be over.
        let within = (0.0, Self::usual(vital).within);
        found.within(format!("{place}.steady.within"), self.within, within, "");
        found.within(format!("{place}.steady.for_s"), self.for_s, STEADY_S, " s");
    }
}
