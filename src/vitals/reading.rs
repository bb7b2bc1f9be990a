use serde::{Deserialize, Serialize};

use super::{Decimal, Millis, Vital};

/// How far the monitor trusts a value. Only `good` may raise or clear a physiological alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Trusted.
    #[default]
    Good,
    /// Shown, but raises and clears nothing.
    Questionable,
    /// Not to be shown as a value.
    Invalid,
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Absent {
    SensorOff,
    NoSensor,
    NoPulse,
    Searching,
    LowPerfusion,
    Noisy,
    Erratic,
    Invalid,
    Malfunction,
    ExtendedUpdate,
    /// A cuff is inflating (NIBP only).
    Measuring,
    /// A cuff reading failed (NIBP only).
    Failed,
    /// Ours: the last value is too old.
    Stale,
    /// Ours: the monitor's link is down.
    Disconnected,
    /// Ours: no value was ever heard.
    Never,
}

impl Absent {
    /// The statuses that a monitor may send.
    pub const STATUSES: [Self; 12] = [
        Self::SensorOff,
        Self::NoSensor,
        Self::NoPulse,
        Self::Searching,
        Self::LowPerfusion,
        Self::Noisy,
        Self::Erratic,
        Self::Invalid,
        Self::Malfunction,
        Self::ExtendedUpdate,
        Self::Measuring,
        Self::Failed,
    ];

    /// The wire name, such as `sensor_off`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SensorOff => "sensor_off",
            Self::NoSensor => "no_sensor",
            Self::NoPulse => "no_pulse",
            Self::Searching => "searching",
            Self::LowPerfusion => "low_perfusion",
            Self::Noisy => "noisy",
            Self::Erratic => "erratic",
            Self::Invalid => "invalid",
            Self::Malfunction => "malfunction",
            Self::ExtendedUpdate => "extended_update",
            Self::Measuring => "measuring",
            Self::Failed => "failed",
            Self::Stale => "stale",
            Self::Disconnected => "disconnected",
            Self::Never => "never",
        }
    }

    /// The status with this wire name, for a given vital: only the cuff has `measuring` and
    /// `failed`.
    #[must_use]
    pub fn status_from_name(name: &str, vital: Vital) -> Option<Self> {
        Self::STATUSES
            .into_iter()
            .filter(|s| vital == Vital::Nibp || !matches!(s, Self::Measuring | Self::Failed))
            .find(|s| s.name() == name)
    }
}

/// Where a reading comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A bedside monitor.
    #[default]
    Monitor,
    /// Entered by staff.
    Manual,
    /// The simulated clinic; raises alarms like a monitor.
    Simulator,
    /// The monitor reports that it shows demo or training data; never raises alarms.
    Demo,
    /// A recording that is being played.
    Replay,
}

impl Source {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monitor => "monitor",
            Self::Manual => "manual",
            Self::Simulator => "simulator",
            Self::Demo => "demo",
            Self::Replay => "replay",
        }
    }
}

/// A cuff pressure, mmHg: the parts that the monitor gave, at least one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressure {
    /// 30 to 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<Decimal>,
    /// 10 to 250, below systolic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<Decimal>,
    /// 10 to 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Decimal>,
}

/// As staff write it: `128/82`; a part that was not given is a dash.
impl std::fmt::Display for Pressure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (part, before) in [(self.systolic, ""), (self.diastolic, "/")] {
            match part {
                Some(value) => write!(f, "{before}{value}")?,
                None => write!(f, "{before}–")?,
            }
        }
        Ok(())
    }
}

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Every vital but NIBP.
    Number(Decimal),
    /// NIBP.
    Pressure(Pressure),
}

/// What the monitor said: a value, or that there is none and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A value, with how far the monitor trusts it.
    Measured(Value, Quality),
    /// No value.
    Absent(Absent),
}

/// What a value at the end of the monitor's range is: not measured, but known to be beyond the
/// number that is shown with it (protocols.md#values, `<70`). It is judged as that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The value is below the number.
    Below,
    /// The value is above the number.
    Above,
}

impl Bound {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Above => "above",
        }
    }
}

/// How a reading relates to an earlier one from the same device, of the same vital and time
/// (design.md#the-same-reading).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revision {
    /// It does not relate to one: it is a value of its own.
    #[default]
    New,
    /// It replaces the earlier value, which is kept (HL7 OBX-11 `C`).
    Corrects,
    /// The earlier value is taken back (HL7 OBX-11 `W`, `D`). Its own value, if it has one, does
    /// not count.
    Withdraws,
}

/// One vital of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What was measured.
    pub vital: Vital,
    /// The value or why there is none.
    pub observation: Observation,
    /// The device's time of this reading alone (an NIBP's inflation), if it gave one.
    pub taken_at: Option<Millis>,
    /// The device's channel, if it has several for one vital.
    pub channel: Option<Box<str>>,
    /// Where it comes from.
    pub source: Source,
    /// A value at the end of the monitor's range, such as `<70`.
    pub bound: Option<Bound>,
    /// Whether it corrects or withdraws an earlier one.
    pub revision: Revision,
    /// It is known to be old: its sender says so, or it was found to be old when it came. Such a
    /// reading is charted, never judged as live.
    pub is_late: bool,
}

impl Reading {
    /// A good value of a vital other than NIBP, as a monitor sends it.
    #[must_use]
    pub fn number(vital: Vital, value: Decimal) -> Self {
        Self::new(vital, Observation::Measured(Value::Number(value), Quality::Good))
    }

    /// No value of a vital.
    #[must_use]
    pub fn absent(vital: Vital, reason: Absent) -> Self {
        Self::new(vital, Observation::Absent(reason))
    }

    /// A reading without a time, channel or special source of its own.
    #[must_use]
    pub fn new(vital: Vital, observation: Observation) -> Self {
        Self {
            vital,
            observation,
            taken_at: None,
            channel: None,
            source: Source::Monitor,
            bound: None,
            revision: Revision::New,
            is_late: false,
        }
    }
}
