/// Which monitor speaks, and how its clock is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nameplate {
    /// Its number; by custom that of its room, and the bed that it names.
    pub number: usize,
    /// Tells this run from any other; the native dialect says it.
    pub boot: String,
    /// Its clock shows local time, so far east of UTC. Most dialects do not say which.
    pub utc_offset_min: i32,
    /// How often it exports, where that is a setting: a gateway's is, and five seconds without it.
    /// A bedside monitor's is its maker's.
    pub gateway_every_s: Option<u32>,
}
