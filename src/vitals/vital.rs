//! The vitals: one table of them. Wire names, units, the contract's schema, plausibility and how a
//! number reads follow from a row here.

use serde::{Deserialize, Serialize};

/// What is known of a vital.
struct Row {
    name: &'static str,
    unit: &'static str,
    range: (i32, i32),
}

/// Makes the vitals from their rows: the contract lists them in this order, so a new one comes
/// last.
macro_rules! vitals {
    ($($(#[$doc:meta])* $vital:ident: $name:literal, $unit:literal, $range:expr;)*) => {
        /// What is measured, in the unit that [`Vital::unit`] names.
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            Serialize,
            Deserialize,
            utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Vital {
            $($(#[$doc])* $vital,)*
        }

        impl Vital {
            /// All vitals, in the order of the contract.
            pub const ALL: [Self; TABLE.len()] = [$(Self::$vital),*];
        }

        const TABLE: [Row; [$($name),*].len()] =
            [$(Row { name: $name, unit: $unit, range: $range }),*];
    };
}

vitals! {
    /// From the ECG, 1/min.
    HeartRate: "heart_rate", "1/min", (10, 350);
    /// From the finger clip or the cuff, 1/min.
    PulseRate: "pulse_rate", "1/min", (10, 350);
    /// Oxygen saturation by the finger clip, %.
    Spo2: "spo2", "%", (1, 100);
    /// Cuff blood pressure, mmHg.
    Nibp: "nibp", "mmHg", (10, 300);
    /// Breaths, 1/min.
    RespRate: "resp_rate", "1/min", (0, 200);
    /// Body temperature, °C.
    Temp: "temp", "°C", (10, 50);
    /// End-tidal carbon dioxide, mmHg.
    Etco2: "etco2", "mmHg", (0, 200);
    /// Strength of the pulse at the finger clip, %.
    PerfusionIndex: "perfusion_index", "%", (0, 100);
}

impl Vital {
    const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The wire name, such as `spo2`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The unit of its values.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        self.row().unit
    }

    /// The range that a living patient may show, both ends included, in its unit; for a pressure,
    /// of any part.
    pub(super) const fn range(self) -> (i32, i32) {
        self.row().range
    }

    /// The vital with this wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.name() == name)
    }
}

impl std::fmt::Display for Vital {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_the_one_on_the_wire() {
        for vital in Vital::ALL {
            assert_eq!(serde_json::to_value(vital).unwrap(), vital.name());
            assert_eq!(Vital::from_name(vital.name()), Some(vital));
        }
    }
}
