//! The codes of vitals, a table for each system (protocols.md#codes).

use super::measure::{Cuff, Measure};
use crate::vitals::Vital;

/// One code of a table.
#[derive(Clone, Copy)]
pub(super) struct Code {
    pub(super) code: &'static str,
    /// The reference name, without `MDC_`; empty where the system has none.
    pub(super) name: &'static str,
    pub(super) measure: Option<Measure>,
}

const fn is(code: &'static str, name: &'static str, vital: Vital) -> Code {
    let measure = Some(Measure::Number(vital));
    Code { code, name, measure }
}

const fn cuff(code: &'static str, name: &'static str, part: Cuff) -> Code {
    let measure = Some(Measure::Pressure { part, by_cuff: true });
    Code { code, name, measure }
}

const fn pressure(code: &'static str, name: &'static str, part: Cuff) -> Code {
    let measure = Some(Measure::Pressure { part, by_cuff: false });
    Code { code, name, measure }
}

const fn pressures(code: &'static str, name: &'static str, by_cuff: bool) -> Code {
    let measure = Some(Measure::Pressures { by_cuff });
    Code { code, name, measure }
}

const fn cuff_pulse(code: &'static str, name: &'static str) -> Code {
    let measure = Some(Measure::CuffPulse);
    Code { code, name, measure }
}

/// A code that must not be taken for a vital, whatever else the row says.
const fn not(code: &'static str, name: &'static str) -> Code {
    let measure = None;
    Code { code, name, measure }
}

/// protocols.md#mdc
pub(super) const MDC: &[Code] = &[
    is("150456", "PULS_OXIM_SAT_O2", Vital::Spo2),
    is("149530", "PULS_OXIM_PULS_RATE", Vital::PulseRate),
    is("149522", "PULS_RATE", Vital::PulseRate),
    is("149522", "BLD_PULS_RATE_INV", Vital::PulseRate),
    cuff_pulse("149546", "PULS_RATE_NON_INV"),
    is("147842", "ECG_HEART_RATE", Vital::HeartRate),
    cuff("150021", "PRESS_BLD_NONINV_SYS", Cuff::Systolic),
    cuff("150022", "PRESS_BLD_NONINV_DIA", Cuff::Diastolic),
    cuff("150023", "PRESS_BLD_NONINV_MEAN", Cuff::Mean),
    cuff("150301", "PRESS_CUFF_SYS", Cuff::Systolic),
    cuff("150302", "PRESS_CUFF_DIA", Cuff::Diastolic),
    cuff("150303", "PRESS_CUFF_MEAN", Cuff::Mean),
    pressures("150020", "PRESS_BLD_NONINV", true),
    pressures("150016", "PRESS_BLD", false),
    pressure("150017", "PRESS_BLD_SYS", Cuff::Systolic),
    pressure("150018", "PRESS_BLD_DIA", Cuff::Diastolic),
    pressure("150019", "PRESS_BLD_MEAN", Cuff::Mean),
    is("151562", "RESP_RATE", Vital::RespRate),
    is("151578", "TTHOR_RESP_RATE", Vital::RespRate),
    is("151594", "CO2_RESP_RATE", Vital::RespRate),
    is("151570", "AWAY_RESP_RATE", Vital::RespRate),
    is("150344", "TEMP", Vital::Temp),
    is("188496", "TEMP_AXIL", Vital::Temp),
    is("150364", "TEMP_BODY", Vital::Temp),
    is("188424", "TEMP_ORAL", Vital::Temp),
    is("151708", "AWAY_CO2_ET", Vital::Etco2),
    is("151708", "CO2_ET", Vital::Etco2),
    is("151928", "VENT_AWAY_CO2_ET", Vital::Etco2),
    is("150488", "BLD_PERF_INDEX", Vital::PerfusionIndex),
    not("150468", "PULS_OXIM_SAT_O2_DIFF"),
    not("160324", ""),
    not("150452", "PULS_OXIM_PLETH"),
    not("150033", "PRESS_BLD_ART_SYS"),
    not("150034", "PRESS_BLD_ART_DIA"),
    not("150035", "PRESS_BLD_ART_MEAN"),
    not("150037", "PRESS_BLD_ART_ABP_SYS"),
    not("150038", "PRESS_BLD_ART_ABP_DIA"),
    not("150039", "PRESS_BLD_ART_ABP_MEAN"),
    not("150045", "PRESS_BLD_ART_PULM_SYS"),
    not("150046", "PRESS_BLD_ART_PULM_DIA"),
    not("150047", "PRESS_BLD_ART_PULM_MEAN"),
    not("150087", "PRESS_BLD_VEN_CENT_MEAN"),
    not("188440", "TEMP_DIFF"),
    // The skin is cooler than the patient: shown as `temp` it would hide a fever.
    not("150352", "TEMP_SKIN"),
];

/// protocols.md#mdil. The names are labels, which must agree.
pub(super) const MDIL: &[Code] = &[
    is("0002-4bb8", "", Vital::Spo2),
    cuff("0002-4a05", "", Cuff::Systolic),
    cuff("0002-4a06", "", Cuff::Diastolic),
    cuff("0002-4a07", "", Cuff::Mean),
    is("0002-4182", "", Vital::HeartRate),
    is("0002-480a", "", Vital::PulseRate),
    is("0002-4822", "", Vital::PulseRate),
    is("0002-5000", "", Vital::RespRate),
    is("0002-50b0", "", Vital::Etco2),
    is("0002-4bb0", "", Vital::PerfusionIndex),
    is("0002-f0c7", "", Vital::Temp),
    is("0002-f0c8", "", Vital::Temp),
    is("0002-4b60", "", Vital::Temp),
    not("0002-4a15", ""),
    not("0002-4a16", ""),
    not("0002-4a17", ""),
    not("0002-4a1d", ""),
    not("0002-4a1e", ""),
    not("0002-4a1f", ""),
    not("0002-4a47", ""),
    not("0002-4261", ""),
    not("0002-f081", ""),
    not("0002-f125", ""),
];

/// protocols.md#loinc, with the positions and sites of the same measurement.
pub(super) const LOINC: &[Code] = &[
    is("8867-4", "", Vital::HeartRate),
    is("76282-3", "", Vital::HeartRate),
    is("8889-8", "", Vital::PulseRate),
    is("59408-5", "", Vital::Spo2),
    is("2708-6", "", Vital::Spo2),
    cuff("76534-7", "", Cuff::Systolic),
    cuff("76535-4", "", Cuff::Diastolic),
    cuff("76536-2", "", Cuff::Mean),
    pressures("85354-9", "", false),
    pressures("55284-4", "", false),
    pressures("35094-2", "", false),
    pressure("8480-6", "", Cuff::Systolic),
    pressure("8462-4", "", Cuff::Diastolic),
    pressure("8478-0", "", Cuff::Mean),
    // Sitting, standing, lying.
    pressure("8459-0", "", Cuff::Systolic),
    pressure("8460-8", "", Cuff::Systolic),
    pressure("8461-6", "", Cuff::Systolic),
    pressure("8453-3", "", Cuff::Diastolic),
    pressure("8454-1", "", Cuff::Diastolic),
    pressure("8455-8", "", Cuff::Diastolic),
    is("9279-1", "", Vital::RespRate),
    is("8310-5", "", Vital::Temp),
    // In the mouth, the rectum, the armpit, the core.
    is("8331-1", "", Vital::Temp),
    is("8332-9", "", Vital::Temp),
    is("8328-7", "", Vital::Temp),
    is("8329-5", "", Vital::Temp),
    is("19889-5", "", Vital::Etco2),
    is("19891-1", "", Vital::Etco2),
    is("61006-3", "", Vital::PerfusionIndex),
    // Pressures of a line in an artery.
    not("76213-8", ""),
    not("76214-6", ""),
    not("76215-3", ""),
];

/// protocols.md#mindray: parameters of a Mindray monitor or gateway, which names no system. Small
/// numbers like these mean other things elsewhere, so the printed name must say the same.
pub(super) const MINDRAY: &[Code] = &[
    is("101", "", Vital::HeartRate),
    is("151", "", Vital::RespRate),
    is("160", "", Vital::Spo2),
    is("161", "", Vital::PulseRate),
    is("162", "", Vital::PerfusionIndex),
    cuff("170", "", Cuff::Systolic),
    cuff("171", "", Cuff::Diastolic),
    cuff("172", "", Cuff::Mean),
    is("200", "", Vital::Temp),
    is("220", "", Vital::Etco2),
    is("222", "", Vital::RespRate),
];

/// protocols.md#edan
pub(super) const EHC: &[Code] = &[
    cuff("393216", "NIBP_SYS", Cuff::Systolic),
    cuff("393217", "NIBP_DIA", Cuff::Diastolic),
    cuff_pulse("393219", "NIBP_PR"),
    is("458752", "TEMP_T1", Vital::Temp),
    is("327680", "SPO2_SPO2", Vital::Spo2),
    is("131072", "ECG_HR", Vital::HeartRate),
];
