/// Identifies a monitor, and says how its clock is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nameplate {
    /// Its number; by custom that of its room, and the bed that it names.
    pub number: usize,
    /// Distinguishes this run from any other; the native dialect sends it.
    pub boot: String,
    /// Its clock shows local time, this far east of UTC. Most dialects do not say how far.
    pub utc_offset_min: i32,
    /// How often it exports, if that can be set: a gateway's can, and is five seconds by default.
    /// For a bedside monitor its maker decides.
    pub gateway_every_s: Option<u32>,
}
