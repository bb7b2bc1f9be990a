use serde::{Deserialize, Serialize};

/// Motion that a monitor does not flag moves the pulse at once, and bodies do not: SpO2 beside a
/// jumping pulse is treated as bad signal for a while, and heart rate waits after a jump
/// (clinical.md#the-pulse-gate). A profile that does not name it has these defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PulseGate {
    /// Whether it is on.
    pub enabled: bool,
    /// The pulse differs by this much from its median, or jumps by it; 1/min.
    pub differs: f64,
    /// The median is that of the time from this long ago, seconds,
    pub from_s: u32,
    /// to this long ago, seconds.
    pub to_s: u32,
    /// With at least so many values in it at one a second; fewer of a slower monitor.
    pub samples: u32,
    /// SpO2 does not count for at most this long from the first such pulse, seconds.
    pub longest_s: u32,
    /// It can happen again after this long without one, seconds.
    pub calm_s: u32,
    /// Heart rate jumps when it changes by `differs` within this time, seconds.
    pub jump_within_s: u32,
    /// It does not count for this long after a jump up, seconds.
    pub up_s: u32,
    /// It does not count for this long after a jump down, seconds.
    pub down_s: u32,
}

impl Default for PulseGate {
    fn default() -> Self {
        Self {
            enabled: true,
            differs: 18.0,
            from_s: 55,
            to_s: 12,
            samples: 10,
            longest_s: 30,
            calm_s: 60,
            jump_within_s: 10,
            up_s: 20,
            down_s: 10,
        }
    }
}
