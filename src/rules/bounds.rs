//! Floors and ceilings that no edit of a profile passes: `profiles/bounds.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::condition::{Condition, Priority};
use super::limit::{Compare, Limit};
use super::pressure_test::CuffPart;
use super::row::Span;
use super::vital::ContinuousVital;

/// What is allowed for one condition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bounds {
    /// Every profile has it.
    #[serde(default)]
    pub(crate) required: bool,
    /// It may alarm at least then.
    #[serde(default)]
    pub(super) during: Vec<Span>,
    /// Ranges of the stages with limits, by level.
    pub(super) caution: Option<StageBounds>,
    pub(super) urgent: Option<StageBounds>,
    pub(super) extreme: Option<StageBounds>,
    /// Ranges of the stages that only time tells apart, by priority, seconds.
    pub(super) low_s: Option<(u32, u32)>,
    pub(super) medium_s: Option<(u32, u32)>,
    pub(super) high_s: Option<(u32, u32)>,
    /// How far a value must fall, and to what with a usual baseline, in its unit.
    pub(super) fall_by: Option<(f64, f64)>,
    pub(super) fall_to: Option<(f64, f64)>,
    /// Symptoms that raise an alert of high priority, when staff may tick them.
    #[serde(default)]
    pub(super) grave: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StageBounds {
    /// Lowest and highest limit, in the vital's unit.
    pub(super) limit: (f64, f64),
    /// Shortest and longest delay, seconds.
    #[serde(default)]
    pub(super) for_s: Option<(u32, u32)>,
}

/// Pressures of a patient with nothing unusual: baseline-relative limits are looked at with these
/// values.
const USUAL_SYSTOLIC: f64 = 120.0;
const USUAL_DIASTOLIC: f64 = 75.0;
/// Low ones that staff may still accept: urgent limits do not follow a baseline beyond their floor.
const LOW_SYSTOLIC: f64 = 95.0;
const LOW_DIASTOLIC: f64 = 55.0;

/// What is allowed for a wait of the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaitBounds {
    /// Shortest and longest time, seconds; the room remembers no more of a vital.
    pub(crate) for_s: (u32, u32),
    /// Lowest and highest limit, mmHg.
    pub(crate) systolic: (f64, f64),
    /// The same, 1/min.
    pub(crate) heart_rate: (f64, f64),
}

/// What is allowed for calling people to an alert that nobody has taken: shortest and longest time,
/// seconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EscalationBounds {
    pub(crate) repeat_s: (u32, u32),
    pub(crate) second_nurse_s: (u32, u32),
    pub(crate) prescriber_s: (u32, u32),
    pub(crate) emphasised_s: (u32, u32),
}

/// The whole of `profiles/bounds.toml`.
#[derive(Clone, Debug, Deserialize)]
struct File {
    start_wait: WaitBounds,
    escalation: EscalationBounds,
    #[serde(flatten)]
    conditions: BTreeMap<Condition, Bounds>,
}

/// The bounds of each condition that has some.
pub(crate) fn all() -> &'static BTreeMap<Condition, Bounds> {
    &file().conditions
}

/// The bounds of a wait of the start.
pub(crate) fn start_wait() -> &'static WaitBounds {
    &file().start_wait
}

/// The bounds of an escalation.
pub(crate) fn escalation() -> &'static EscalationBounds {
    &file().escalation
}

fn file() -> &'static File {
    static BOUNDS: OnceLock<File> = OnceLock::new();
    BOUNDS.get_or_init(|| match toml::from_str(include_str!("../../profiles/bounds.toml")) {
        Ok(bounds) => bounds,
        // Our own file; every test reads it.
        Err(error) => panic!("profiles/bounds.toml: {error}"),
    })
}

/// A stage with a limit, whichever rule it is of.
pub(crate) struct LimitStage {
    pub(super) key: String,
    pub(super) level: u8,
    pub(super) compare: Compare,
    pub(super) limit: Limit,
    pub(super) usual: Usual,
    pub(super) for_s: Option<(String, u32)>,
    /// It needs nothing beside it: no other alert, no long look back, no reading that may come
    /// much later.
    pub(super) is_enough: bool,
}

/// A stage that only time tells apart.
pub(crate) struct Delay {
    pub(super) priority: Priority,
    pub(super) key: &'static str,
    pub(super) seconds: u32,
    /// Whether it counts whatever the phase and whatever the monitor says of its sensor.
    pub(super) is_enough: bool,
}

/// What patients have.
#[derive(Clone, Copy)]
pub(crate) struct Usual {
    /// One with nothing unusual.
    pub(crate) value: f64,
    /// The lowest baseline that limits are looked at with; none where no limit follows one.
    low: Option<f64>,
}

impl Usual {
    pub(crate) fn of(vital: ContinuousVital) -> Self {
        Self { value: vital.usual(), low: vital.low() }
    }

    pub(crate) fn of_part(part: CuffPart) -> Self {
        match part {
            CuffPart::Systolic => Self { value: USUAL_SYSTOLIC, low: Some(LOW_SYSTOLIC) },
            CuffPart::Diastolic => Self { value: USUAL_DIASTOLIC, low: Some(LOW_DIASTOLIC) },
        }
    }

    pub(super) const fn has_baseline(self) -> bool {
        self.low.is_some()
    }

    /// The baselines with which a stage's limit must be within its bounds.
    pub(super) fn baselines(self, level: u8) -> Vec<f64> {
        // The caution may follow a low baseline.
        let low = self.low.filter(|_| level > 1);
        [self.value].into_iter().chain(low).collect()
    }
}
