//! What is measured, in LOINC and in ISO/IEEE 11073-10101, and its unit in UCUM.

use serde::{Deserialize, Serialize};

use crate::vitals::Vital;

/// What a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Body weight.
    Weight,
    /// Of a cuff pressure.
    Systolic,
    /// Of a cuff pressure.
    Diastolic,
    /// Of a cuff pressure.
    Mean,
    /// Heart rate or pulse rate, whichever there was.
    HeartRate,
    /// Oxygen saturation by the finger clip.
    Spo2,
    /// Breaths.
    RespRate,
    /// Body temperature.
    Temp,
    /// End-tidal carbon dioxide.
    Etco2,
}

impl Measure {
    /// What a vital is; `None` for a pressure, which has parts, and for what is no vital sign.
    pub(super) const fn of(vital: Vital) -> Option<Self> {
        Some(match vital {
            Vital::HeartRate | Vital::PulseRate => Self::HeartRate,
            Vital::Spo2 => Self::Spo2,
            Vital::RespRate => Self::RespRate,
            Vital::Temp => Self::Temp,
            Vital::Etco2 => Self::Etco2,
            Vital::Nibp | Vital::PerfusionIndex => return None,
        })
    }

    /// OBX-3: the code of LOINC, and beside it that of monitors where one is certain. A heart rate
    /// may be a pulse rate, and a person measures by neither of their ways.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Weight => "29463-7^Body weight^LN",
            Self::Systolic => {
                "8480-6^Systolic blood pressure^LN^150021^MDC_PRESS_BLD_NONINV_SYS^MDC"
            }
            Self::Diastolic => {
                "8462-4^Diastolic blood pressure^LN^150022^MDC_PRESS_BLD_NONINV_DIA^MDC"
            }
            Self::Mean => "8478-0^Mean blood pressure^LN^150023^MDC_PRESS_BLD_NONINV_MEAN^MDC",
            Self::HeartRate => "8867-4^Heart rate^LN",
            Self::Spo2 => {
                "59408-5^Oxygen saturation in Arterial blood by Pulse oximetry^LN^150456^MDC_PULS_OXIM_SAT_O2^MDC"
            }
            Self::RespRate => "9279-1^Respiratory rate^LN^151562^MDC_RESP_RATE^MDC",
            Self::Temp => "8310-5^Body temperature^LN^150344^MDC_TEMP^MDC",
            Self::Etco2 => {
                "19891-1^Carbon dioxide [Partial pressure] in Exhaled gas --at end expiration^LN^151708^MDC_AWAY_CO2_ET^MDC"
            }
        }
    }

    /// OBX-6.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::Weight => "kg^kilogram^UCUM",
            Self::Systolic | Self::Diastolic | Self::Mean | Self::Etco2 => {
                "mm[Hg]^millimeter of mercury^UCUM"
            }
            Self::HeartRate | Self::RespRate => "/min^per minute^UCUM",
            Self::Spo2 => "%^percent^UCUM",
            Self::Temp => "Cel^degree Celsius^UCUM",
        }
    }
}
