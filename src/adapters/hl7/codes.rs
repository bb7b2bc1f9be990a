//! The code tables (protocols.md#codes), and what to do when code and name disagree.

use super::labels::{Hint, hint};
use super::message::Part;
use crate::vitals::Vital;

/// A part of a cuff pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cuff {
    Systolic,
    Diastolic,
    Mean,
}

/// What a row's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Number(Vital),
    /// The pulse of an inflation: one value, not a running one.
    CuffPulse,
    /// `by_cuff` is false when the code leaves open how the pressure was measured.
    Pressure {
        part: Cuff,
        by_cuff: bool,
    },
    /// Several parts of one pressure in one row, such as `128/82`.
    Pressures {
        by_cuff: bool,
    },
}

impl Measure {
    /// The vital that it is or is a part of.
    pub(super) fn vital(self) -> Vital {
        match self {
            Self::Number(vital) => vital,
            Self::CuffPulse => Vital::PulseRate,
            Self::Pressure { .. } | Self::Pressures { .. } => Vital::Nibp,
        }
    }
}

/// What OBX-3 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Measures(Measure),
    /// The number and the name disagree about the part; the name is trusted.
    ByName(Measure),
    /// Known not to be one of our vitals.
    Other,
    /// Not in any table.
    Unknown,
    /// Code and name, or the two codes of the row, speak of different things.
    Contradiction,
}

/// One code of a table.
#[derive(Clone, Copy)]
struct Code {
    code: &'static str,
    /// The reference name, without `MDC_`; empty where the system has none.
    name: &'static str,
    measure: Option<Measure>,
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

/// A code that must not be taken for a vital, whatever stands beside it.
const fn not(code: &'static str, name: &'static str) -> Code {
    let measure = None;
    Code { code, name, measure }
}

/// protocols.md#mdc
const MDC: &[Code] = &[
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
const MDIL: &[Code] = &[
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
const LOINC: &[Code] = &[
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
    // Of a line in an artery.
    not("76213-8", ""),
    not("76214-6", ""),
    not("76215-3", ""),
];

/// protocols.md#mindray: parameters of a Mindray monitor or gateway, which names no system. Small
/// numbers like these mean other things elsewhere, so the printed name must say the same.
const MINDRAY: &[Code] = &[
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
const EHC: &[Code] = &[
    cuff("393216", "NIBP_SYS", Cuff::Systolic),
    cuff("393217", "NIBP_DIA", Cuff::Diastolic),
    cuff_pulse("393219", "NIBP_PR"),
    is("458752", "TEMP_T1", Vital::Temp),
    is("327680", "SPO2_SPO2", Vital::Spo2),
    is("131072", "ECG_HR", Vital::HeartRate),
];

/// What OBX-3 means: both of its triples are looked at, and must not speak of different vitals.
pub(super) fn meaning(obx3: &Part<'_>) -> Meaning {
    let text = |n| obx3.component(n).text();
    let first = triple(&text(1), &text(2), &text(3));
    let second = triple(&text(4), &text(5), &text(6));
    match (first, second) {
        (Some(Meaning::Contradiction), _) | (_, Some(Meaning::Contradiction)) => {
            Meaning::Contradiction
        }
        // One of them is known not to be a vital, such as the pressure of a line.
        (Some(Meaning::Other), _) | (_, Some(Meaning::Other)) => Meaning::Other,
        (
            Some(first @ (Meaning::Measures(a) | Meaning::ByName(a))),
            Some(Meaning::Measures(b) | Meaning::ByName(b)),
        ) => {
            if same_kind(a, b) {
                first
            } else {
                Meaning::Contradiction
            }
        }
        (first, second) => first.or(second).unwrap_or(Meaning::Unknown),
    }
}

/// Heart rate and pulse rate may stand beside each other in one row (LOINC has one code for
/// both); different parts of a pressure may not.
fn same_kind(a: Measure, b: Measure) -> bool {
    let rate = |m: Measure| matches!(m.vital(), Vital::HeartRate | Vital::PulseRate);
    match (a, b) {
        (Measure::Pressure { part: a, .. }, Measure::Pressure { part: b, .. }) => a == b,
        _ => a.vital() == b.vital() || rate(a) && rate(b),
    }
}

/// What one code says; `None` when we do not know it.
fn triple(code: &str, name: &str, system: &str) -> Option<Meaning> {
    let is_system = |names: &[&str]| names.iter().any(|name| system.eq_ignore_ascii_case(name));
    if is_system(&["MDC", "ISO11073", "IEEE11073", "11073"]) {
        by_reference_name(MDC, code, name)
    } else if is_system(&["EHC", "99EHC"]) {
        by_reference_name(EHC, code, name)
    } else if is_system(&["MDIL", "99MDIL"]) {
        by_mdil_label(code, name)
    } else if is_system(&["LN", "LOINC", "LNC", "http://loinc.org"]) {
        by_label(LOINC, code, name)
    } else {
        by_shape(code, name, system.is_empty())
    }
}

/// A code without a system, or in one of the sender's own, that can only be one of ours: by its
/// shape or its reference name, or because its printed name says the same.
fn by_shape(code: &str, name: &str, is_unnamed: bool) -> Option<Meaning> {
    if is_unnamed && name.starts_with("MDC_") {
        return by_reference_name(MDC, code, name);
    }
    let has = |table: &[Code]| table.iter().any(|c| c.code.eq_ignore_ascii_case(code));
    let says_the_same = |table: &[Code]| match by_label(table, code, name)? {
        // Of a small number nothing follows, neither for nor against.
        Meaning::Contradiction => None,
        meaning => (hint(name) != Hint::Nothing).then_some(meaning),
    };
    if has(MDIL) {
        return if is_unnamed { by_mdil_label(code, name) } else { says_the_same(MDIL) };
    }
    if has(LOINC) {
        return if is_unnamed { by_label(LOINC, code, name) } else { says_the_same(LOINC) };
    }
    if !is_unnamed {
        return None;
    }
    says_the_same(MDC).or_else(|| says_the_same(MINDRAY))
}

fn by_mdil_label(code: &str, label: &str) -> Option<Meaning> {
    by_label(MDIL, code, label).map(|meaning| match meaning {
        // Philips prints its own label beside the code; an unknown one is another value.
        Meaning::Measures(measure) if !mdil_label_fits(label, measure) => Meaning::Contradiction,
        meaning => meaning,
    })
}

/// Tables whose names are fixed words: the name is as good as the number, and better where they
/// disagree (150031 was seen with the name of a cuff pressure), but only within one vital.
fn by_reference_name(table: &[Code], code: &str, name: &str) -> Option<Meaning> {
    let name = name.to_ascii_uppercase();
    let name = name.strip_prefix("MDC_").unwrap_or(&name);
    let with_code = table.iter().find(|c| c.code == code);
    let with_name = table.iter().find(|c| !c.name.is_empty() && c.name == name);
    match (with_code, with_name) {
        (_, Some(named)) if named.code == code => Some(of(named)),
        (None, Some(named)) => Some(match named.measure {
            Some(measure) => Meaning::ByName(measure),
            None => Meaning::Other,
        }),
        (Some(coded), Some(named)) => Some(match (coded.measure, named.measure) {
            (Some(a), Some(b)) if a == b => Meaning::Measures(b),
            (Some(a), Some(b)) if a.vital() == b.vital() => Meaning::ByName(b),
            (None, None) => Meaning::Other,
            _ => Meaning::Contradiction,
        }),
        (Some(_), None) => by_label(table, code, name),
        (None, None) => None,
    }
}

/// Tables whose names are free text: the code counts, unless the text speaks of something else.
fn by_label(table: &[Code], code: &str, label: &str) -> Option<Meaning> {
    let found = table.iter().find(|c| c.code.eq_ignore_ascii_case(code))?;
    Some(match found.measure {
        Some(measure) if !hint(label).agrees(measure) => Meaning::Contradiction,
        _ => of(found),
    })
}

fn of(code: &Code) -> Meaning {
    code.measure.map_or(Meaning::Other, Meaning::Measures)
}

fn mdil_label_fits(label: &str, measure: Measure) -> bool {
    let lower = label.to_ascii_lowercase();
    let (heart, pulse) = (lower.contains("hr"), lower.contains("pulse"));
    let rate_fits = match measure {
        Measure::Number(Vital::HeartRate) => heart || !pulse,
        Measure::Number(Vital::PulseRate) => pulse || !heart,
        _ => true,
    };
    rate_fits && (label.is_empty() || hint(label) != Hint::Nothing)
}

#[cfg(test)]
#[path = "codes_test.rs"]
mod tests;
