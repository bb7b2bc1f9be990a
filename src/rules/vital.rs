//! The continuous vitals that limits are held against: one table of them.

use serde::{Deserialize, Serialize};

use crate::vitals::Vital;

/// What the rules know of one.
struct Row {
    /// The vitals that give it, the preferred one first.
    sources: &'static [Vital],
    /// In the midst of a sentence.
    words: &'static str,
    /// What staff read where it is named alone.
    title: &'static str,
    /// With the space before it, where one is due.
    unit: &'static str,
    /// Monitors give it in steps of this.
    step: f64,
    /// How far inside its limits it may have to be; farther, and an alert would never be over.
    widest_margin: f64,
    /// It no longer falls while no value is farther than this from the newest.
    steady_within: f64,
    /// Of a patient with nothing unusual: baseline-relative limits are looked at with it.
    usual: f64,
    /// The lowest baseline that limits are looked at with; none where no limit follows one.
    low: Option<f64>,
}

macro_rules! continuous {
    ($($(#[$doc:meta])* $vital:ident { $($row:tt)* })*) => {
        /// A continuous vital that limits are held against.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum ContinuousVital {
            $($(#[$doc])* $vital,)*
        }

        impl ContinuousVital {
            /// All of them.
            pub const ALL: [Self; TABLE.len()] = [$(Self::$vital),*];
        }

        const TABLE: [Row; [$(stringify!($vital)),*].len()] = [$(Row { $($row)* }),*];
    };
}

// Urgent limits do not follow a baseline beyond their floor (SpO2 85 holds down to a baseline of
// 90: clinical.md#spo2-low).
continuous! {
    /// Saturation.
    Spo2 {
        sources: &[Vital::Spo2],
        words: "SpO2",
        title: "SpO2",
        unit: " %",
        step: 1.0,
        widest_margin: 3.0,
        steady_within: 2.0,
        usual: 97.0,
        low: Some(90.0),
    }
    /// Heart rate by ECG, else pulse rate.
    HeartRate {
        sources: &[Vital::HeartRate, Vital::PulseRate],
        words: "heart rate",
        title: "Heart rate",
        unit: "/min",
        step: 1.0,
        widest_margin: 15.0,
        steady_within: 6.0,
        usual: 72.0,
        low: Some(45.0),
    }
    /// Breaths.
    RespRate {
        sources: &[Vital::RespRate],
        words: "respiratory rate",
        title: "Breathing",
        unit: "/min",
        step: 1.0,
        widest_margin: 4.0,
        steady_within: 6.0,
        usual: 16.0,
        low: None,
    }
    /// Body temperature.
    Temp {
        sources: &[Vital::Temp],
        words: "temperature",
        title: "Temperature",
        unit: " °C",
        step: 0.1,
        widest_margin: 0.7,
        steady_within: 6.0,
        usual: 36.8,
        low: Some(36.8),
    }
}

impl ContinuousVital {
    const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The vitals that give it, the preferred one first.
    #[must_use]
    pub const fn sources(self) -> &'static [Vital] {
        self.row().sources
    }

    /// What the readings of a vital count for.
    #[must_use]
    pub fn of(vital: Vital) -> Option<Self> {
        Self::ALL.into_iter().find(|continuous| continuous.sources().contains(&vital))
    }

    pub(crate) const fn words(self) -> &'static str {
        self.row().words
    }

    pub(crate) const fn title(self) -> &'static str {
        self.row().title
    }

    pub(super) const fn unit(self) -> &'static str {
        self.row().unit
    }

    pub(crate) const fn step(self) -> f64 {
        self.row().step
    }

    pub(super) const fn widest_margin(self) -> f64 {
        self.row().widest_margin
    }

    pub(super) const fn steady_within(self) -> f64 {
        self.row().steady_within
    }

    pub(crate) const fn usual(self) -> f64 {
        self.row().usual
    }

    pub(super) const fn low(self) -> Option<f64> {
        self.row().low
    }
}
