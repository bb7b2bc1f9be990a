//! What is given in the simulated clinic.

pub(super) const INFUSION_S: i64 = 2400;

/// clinical.md#infliximab
pub(super) const INFLIXIMAB_S: i64 = 7200;

/// What is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// 0.5 mg/kg over 40 min.
    Ketamine,
    /// 56 mg in two devices.
    Esketamine,
    /// 5 mg/kg over two hours.
    Infliximab,
}

impl Treatment {
    /// The profile that watches over it.
    pub(super) fn profile(self) -> &'static str {
        match self {
            Self::Ketamine => "ketamine-iv-adult",
            Self::Esketamine => "esketamine-nasal-adult",
            Self::Infliximab => "infliximab",
        }
    }

    /// As the session is opened with.
    pub(super) fn planned_s(self) -> i64 {
        match self {
            Self::Ketamine => INFUSION_S,
            Self::Esketamine => 7200,
            Self::Infliximab => INFLIXIMAB_S,
        }
    }
}
