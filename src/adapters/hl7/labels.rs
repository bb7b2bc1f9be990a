//! What a code's printed name says it is. A name is never enough to accept a value, but it is
//! enough to refuse one: a code and a name that disagree must not become the wrong vital.

use super::measure::{Cuff, Measure};
use crate::vitals::Vital;

/// The kind of value that a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    Saturation,
    Rate,
    Breaths,
    Temperature,
    Co2,
    Perfusion,
    /// A pressure that may be the cuff's, and which part of it, if the label says so.
    Pressure(Option<Cuff>),
    /// A pressure of a line in an artery, a vein or the lung: never the cuff's.
    Invasive,
    /// It says nothing that is known here.
    Nothing,
}

/// The kind of value that `label` names, judged by its words.
pub(super) fn hint(label: &str) -> Hint {
    let label = label.to_ascii_lowercase();
    let words: Vec<&str> =
        label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let any = |stems: &[&str]| words.iter().any(|w| stems.iter().any(|s| w.starts_with(s)));
    let word = |exact: &[&str]| words.iter().any(|w| exact.contains(w));

    // The order matters: "oxygen saturation in arterial blood by pulse oximetry".
    if any(&["spo2", "satur"]) || word(&["sat", "sao2"]) {
        return Hint::Saturation;
    }
    if any(&["etco2", "co2", "carbon"]) && !word(&["resp", "rate"]) {
        return Hint::Co2;
    }
    if any(&["perf"]) || word(&["pi"]) {
        return Hint::Perfusion;
    }
    if any(&["heart", "puls"]) || word(&["hr", "pr", "rate"]) && !any(&["resp", "breath"]) {
        return Hint::Rate;
    }
    if any(&["resp", "awrr", "breath"]) || word(&["rr"]) {
        return Hint::Breaths;
    }
    if any(&["temp", "tcore", "trect", "toral", "taxil", "tympan"]) || word(&["t1", "t2"]) {
        return Hint::Temperature;
    }
    let invasive = ["abp", "art", "pap", "pulm", "cvp", "icp", "ibp", "aort", "inv", "ven"];
    if any(&invasive) && !word(&["non"]) {
        return Hint::Invasive;
    }
    if any(&["nibp", "nbp", "noninv", "cuff", "press", "bp", "syst", "diast"])
        || word(&["sys", "dia", "map", "sbp", "dbp", "mbp"])
    {
        return Hint::Pressure(part(&words));
    }
    Hint::Nothing
}

fn part(words: &[&str]) -> Option<Cuff> {
    words.iter().find_map(|word| {
        let tail = word.split_once("bp").map_or("", |(_, tail)| tail);
        match *word {
            _ if tail == "s" || word.starts_with("sys") || *word == "sbp" => Some(Cuff::Systolic),
            _ if tail == "d" || word.starts_with("dia") || *word == "dbp" => Some(Cuff::Diastolic),
            _ if tail == "m" || *word == "mean" || *word == "map" || *word == "mbp" => {
                Some(Cuff::Mean)
            }
            _ => None,
        }
    })
}

impl Hint {
    /// Whether a label may go with a code that means `measure`.
    pub(super) fn agrees(self, measure: Measure) -> bool {
        match (self, measure) {
            (Self::Nothing, _) => true,
            (Self::Pressure(said), Measure::Pressure { part, .. }) => {
                said.is_none_or(|said| said == part)
            }
            (Self::Pressure(_), Measure::Pressures { .. }) => true,
            (Self::Rate, Measure::CuffPulse) => true,
            (hint, Measure::Number(vital)) => hint == Self::of(vital),
            _ => false,
        }
    }

    fn of(vital: Vital) -> Self {
        match vital {
            Vital::Spo2 => Self::Saturation,
            Vital::HeartRate | Vital::PulseRate => Self::Rate,
            Vital::RespRate => Self::Breaths,
            Vital::Temp => Self::Temperature,
            Vital::Etco2 => Self::Co2,
            Vital::PerfusionIndex => Self::Perfusion,
            Vital::Nibp => Self::Pressure(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_names_are_understood() {
        for (label, expected) in [
            ("SpO2", Hint::Saturation),
            ("MDC_PULS_OXIM_SAT_O2", Hint::Saturation),
            ("Oxygen saturation in Arterial blood by Pulse oximetry", Hint::Saturation),
            ("HR_Pulse", Hint::Rate),
            ("Heart rate", Hint::Rate),
            ("MDC_PULS_RATE_NON_INV", Hint::Rate),
            ("NIBP_PR", Hint::Rate),
            ("Respiratory rate", Hint::Breaths),
            ("awRR", Hint::Breaths),
            ("MDC_CO2_RESP_RATE", Hint::Breaths),
            ("etCO2", Hint::Co2),
            ("Perf", Hint::Perfusion),
            ("Tcore", Hint::Temperature),
            ("Body temperature", Hint::Temperature),
            ("NBPs", Hint::Pressure(Some(Cuff::Systolic))),
            ("MDC_PRESS_CUFF_DIA", Hint::Pressure(Some(Cuff::Diastolic))),
            ("Mean blood pressure", Hint::Pressure(Some(Cuff::Mean))),
            ("Blood pressure, non-invasive", Hint::Pressure(None)),
            ("ABPs", Hint::Invasive),
            ("MDC_PRESS_BLD_ART_SYS", Hint::Invasive),
            ("CVPm", Hint::Invasive),
            ("SML", Hint::Nothing),
            ("", Hint::Nothing),
        ] {
            assert_eq!(hint(label), expected, "{label}");
        }
    }

    #[test]
    fn a_label_agrees_with_its_own_kind_only() {
        let systolic = Measure::Pressure { part: Cuff::Systolic, by_cuff: true };
        assert!(hint("NBPs").agrees(systolic));
        assert!(hint("Blood pressure").agrees(systolic));
        assert!(!hint("NBPd").agrees(systolic));
        assert!(!hint("ABPs").agrees(systolic));
        assert!(!hint("Resp").agrees(Measure::Number(Vital::HeartRate)));
        assert!(hint("Puls").agrees(Measure::Number(Vital::HeartRate)));
    }
}
