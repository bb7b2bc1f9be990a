use crate::instruments::Readout;

/// What a monitor shows at one moment, with the moment by its own clock. Each dialect sends of it
/// what such a monitor would.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonitorReadout {
    /// Finger clip and cuff.
    pub shown: Readout,
    /// The thermometer, °C.
    pub temp: Option<f64>,
    /// When the cuff began to inflate whose result is in `shown`, ms since 1970.
    pub inflated_at: i64,
    /// When the values were taken, ms since 1970.
    pub taken_at: i64,
    /// When they are sent, ms since 1970.
    pub sent_at: i64,
    /// Whether the native dialect gives these times; the others always do.
    pub is_timed: bool,
}
