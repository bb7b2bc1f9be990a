//! Codes that others read: LOINC for what is measured, UCUM for units, HL7's own lists.

use serde_json::{Value, json};

use crate::vitals::Vital;

pub(super) const LOINC: &str = "http://loinc.org";
/// The system of an identifier that is a URN.
pub const URNS: &str = "urn:ietf:rfc:3986";
pub(super) const UCUM: &str = "http://unitsofmeasure.org";
const MDC: &str = "urn:iso:std:iso:11073:10101";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const ABSENT_EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A code and its name, of LOINC.
pub(super) type Loinc = (&'static str, &'static str);

pub(super) const PRESSURE: Loinc = ("85354-9", "Blood pressure panel with all children optional");
pub(super) const SYSTOLIC: Loinc = ("8480-6", "Systolic blood pressure");
pub(super) const DIASTOLIC: Loinc = ("8462-4", "Diastolic blood pressure");
pub(super) const MEAN: Loinc = ("8478-0", "Mean blood pressure");
pub(super) const WEIGHT: Loinc = ("29463-7", "Body weight");
pub(super) const AGE: Loinc = ("30525-0", "Age");
pub(super) const SYMPTOM: Loinc = ("75325-1", "Symptom");
pub(super) const OXYGEN_FLOW: Loinc = ("3151-8", "Inhaled oxygen flow rate");
pub(super) const PROCEDURE_NOTE: Loinc = ("28570-0", "Procedure note");

/// What a vital is in LOINC, the code of FHIR's own vital signs first, and its unit in UCUM.
pub(super) const fn vital(vital: Vital) -> (&'static [Loinc], &'static str) {
    match vital {
        // A pulse comes from the finger clip or the cuff; LOINC's code for one of them would say
        // more than is known.
        Vital::HeartRate | Vital::PulseRate => (&[("8867-4", "Heart rate")], "/min"),
        Vital::Spo2 => (
            &[
                ("2708-6", "Oxygen saturation in Arterial blood"),
                ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
            ],
            "%",
        ),
        Vital::Nibp => (&[PRESSURE], "mm[Hg]"),
        Vital::RespRate => (&[("9279-1", "Respiratory rate")], "/min"),
        Vital::Temp => (&[("8310-5", "Body temperature")], "Cel"),
        Vital::Etco2 => (
            &[("19891-1", "Carbon dioxide [Partial pressure] in Exhaled gas --at end expiration")],
            "mm[Hg]",
        ),
        Vital::PerfusionIndex => (&[("61006-3", "Perfusion index Tissue by Pulse oximetry")], "%"),
    }
}

/// What a curve of a vital is, in ISO/IEEE 11073-10101. A LOINC code of FHIR's vital signs would
/// ask for one value, not for a curve.
pub(super) fn curve(vital: Vital) -> Value {
    let (code, display) = match vital {
        Vital::HeartRate => ("147842", "MDC_ECG_HEART_RATE"),
        Vital::PulseRate => ("149514", "MDC_PULS_RATE"),
        Vital::Spo2 => ("150456", "MDC_PULS_OXIM_SAT_O2"),
        Vital::Nibp => ("150020", "MDC_PRESS_BLD_NONINV"),
        Vital::RespRate => ("151562", "MDC_RESP_RATE"),
        Vital::Temp => ("150344", "MDC_TEMP"),
        Vital::Etco2 => ("151708", "MDC_AWAY_CO2_ET"),
        Vital::PerfusionIndex => ("150488", "MDC_BLD_PERF_INDEX"),
    };
    json!({
        "coding": [{"system": MDC, "code": code, "display": display}],
        "text": format!("{}, curve", vital_text(vital)),
    })
}

/// As people read a vital.
pub(super) const fn vital_text(vital: Vital) -> &'static str {
    match vital {
        Vital::HeartRate => "Heart rate",
        Vital::PulseRate => "Pulse rate",
        Vital::Spo2 => "SpO2",
        Vital::Nibp => "Blood pressure",
        Vital::RespRate => "Respiratory rate",
        Vital::Temp => "Body temperature",
        Vital::Etco2 => "End-tidal CO2",
        Vital::PerfusionIndex => "Perfusion index",
    }
}

/// A concept of LOINC.
pub(super) fn loinc(codes: &[Loinc], text: &str) -> Value {
    let coding =
        |(code, display): &Loinc| json!({"system": LOINC, "code": code, "display": display});
    json!({"coding": codes.iter().map(coding).collect::<Vec<_>>(), "text": text})
}

/// A concept of one of HL7's lists.
pub(super) fn hl7(list: &str, code: &str) -> Value {
    let system = format!("http://terminology.hl7.org/CodeSystem/{list}");
    json!({"coding": [{"system": system, "code": code}]})
}

/// What kind of observation it is: `vital-signs`, `survey`, `exam`, `therapy`.
pub(super) fn category(code: &str) -> Value {
    json!([{"coding": [{"system": CATEGORY, "code": code}]}])
}

/// Why a value is not there, in words that the record has.
pub(super) fn absent(words: Option<&str>) -> Value {
    json!({"coding": [{"system": ABSENT, "code": "unknown"}], "text": words})
}

/// The same, where FHIR asks for an element that has no place for a reason: `unknown`, `masked`.
pub(super) fn absent_extension(code: &str) -> Value {
    json!({"extension": [{"url": ABSENT_EXTENSION, "valueCode": code}]})
}

/// A unit that staff wrote, in UCUM; `None` for one that it does not have.
pub(super) fn ucum_of(unit: &str) -> Option<&'static str> {
    Some(match unit.trim().to_ascii_lowercase().as_str() {
        "mg" => "mg",
        "g" => "g",
        "mcg" | "ug" | "µg" | "μg" => "ug",
        "ml" => "mL",
        "l" => "L",
        "mg/kg" => "mg/kg",
        "mcg/kg" | "ug/kg" | "µg/kg" => "ug/kg",
        "mmol" => "mmol",
        "meq" => "meq",
        "iu" => "[iU]",
        "%" => "%",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_staff_are_those_of_ucum_or_none() {
        assert_eq!(ucum_of("mg"), Some("mg"));
        assert_eq!(ucum_of(" MCG"), Some("ug"));
        assert_eq!(ucum_of("IU"), Some("[iU]"));
        assert_eq!(ucum_of("puffs"), None);
    }
}
